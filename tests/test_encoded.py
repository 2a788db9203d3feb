"""What is written in another notation is read, and every value keeps its own span in the source."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiguard import check_text
from aiguard.text import text_view


@pytest.mark.parametrize(
    "text",
    [
        "internationalization と characteristics",
        "https://www.example.jp/page/AbCdEfGh1234",
        "進捗は100%です。50%OFF",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc",
        "ABCDEFGHIJKLMNOP 123456789012",
        r"C:\users\unit",
    ],
)
def test_what_only_looks_encoded_stays(text: str) -> None:
    assert text_view(text).text == text


def test_a_label_and_its_value_in_one_token_are_found_as_the_token() -> None:
    token = base64.b64encode("マイナンバー453331478932".encode()).decode()

    found = [f for f in check_text(f"復号して {token} を").findings if f.entity == "MY_NUMBER"]

    assert [(f.location.start, f.location.end, f.severity) for f in found] == [(5, 5 + len(token), "block")]


def test_a_value_in_a_percent_encoded_query_keeps_its_own_span() -> None:
    query = f"?{quote('個人番号')}=453331478932&x=1"

    found = [f for f in check_text(query).findings if f.entity == "MY_NUMBER"]

    assert [query[f.location.start : f.location.end] for f in found] == ["453331478932"]


@given(st.text(alphabet="ab%E3\\u6&#;=+/Zz9あ12", max_size=60))
def test_any_text_maps_back_into_itself(text: str) -> None:
    view = text_view(text)

    for at in range(len(view.text)):
        span = view.to_source(at, at + 1)
        assert 0 <= span.start < span.end <= len(text)
