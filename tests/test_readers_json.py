"""JSON is checked as its receiver will read it, with the place of each value in the file."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiguard.model import Document, Part, Use
from aiguard.readers import read_text


def read(text: str, name: str = "a.json") -> Document:
    """Read text as a JSON file."""
    return read_text(text, name, Use.PROMPT)


def rendered(text: str, name: str = "a.json") -> str:
    """Return what the rules will see of a JSON text that is sound."""
    document = read(text, name)
    assert document.unchecked == ()
    return document.segments[0].source


def test_strings_numbers_and_keys_are_rendered_one_a_line() -> None:
    text = '{"name": "山田", "ages": [1, -2.5e3], "ok": true, "none": null, "山田": {}}'
    assert rendered(text) == "name: 山田\nages:\n1\n-2.5e3\nok:\nnone:\n山田:\n"


def test_escapes_are_decoded_and_half_pairs_made_harmless() -> None:
    source = rendered(r'["\u5c71\u7530", "\ud83d\ude00", "x\ud800y", "\udc00", "a\n\t\/\""]')
    assert source == '山田\n😀\nx\ufffdy\n\ufffd\na\n\t/"\n'
    source.encode()


def test_parts_name_pointer_and_line() -> None:
    text = '{\n "a/b~c": [\n  "x",\n  {"k": 1}\n ]\n}'
    assert read(text).segments[0].parts == (
        Part(0, "/a~1b~0c", 2),
        Part(7, "/a~1b~0c/0", 3),
        Part(9, "/a~1b~0c/1/k", 4),
    )


def test_duplicate_keys_are_all_kept() -> None:
    assert rendered('{"a": "1", "a": "2"}') == "a: 1\na: 2\n"


@pytest.mark.parametrize(("text", "source"), [('"x"', "x\n"), (" 12 ", "12\n"), ("[]", ""), ("{}", ""), ("null", "")])
def test_a_single_value_is_a_document(text: str, source: str) -> None:
    assert rendered(text) == source


@pytest.mark.parametrize(
    "text",
    ['{"a": 1', "[1,]", '{"a" 1}', "{'a': 1}", '["x]', "[1] x", '["\\x"]', "[01]", "[1}", "{1: 2}", "nul", "]", ","],
)
def test_damaged_json_is_read_raw_and_reported(text: str) -> None:
    document = read(text)
    assert document.segments[0].source == text
    assert document.segments[0].parts == ()
    assert document.unchecked[0].reason.startswith("JSONとして壊れているため")


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "[" * 100_000 + "]" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000]
)
def test_deep_nesting_is_read_without_recursion_or_endless_labels(text: str) -> None:
    document = read(text)
    assert all(part.label is None or len(part.label) < 1000 for part in document.segments[0].parts)
    assert bool(document.unchecked) == (text[-1] == "[")


def test_json_lines_are_labelled_by_line() -> None:
    document = read('{"content": "一"}\n\n{"content": "二"}\r\n', "a.jsonl")
    segment = document.segments[0]
    assert segment.source == "content: 一\ncontent: 二\n"
    assert segment.parts == (Part(0, "1行目 /content", 1), Part(11, "3行目 /content", 3))


def test_a_broken_line_stays_raw_and_is_reported() -> None:
    document = read('{"a": "一"}\n{"a": "二"\n"三"\n', "a.ndjson")
    assert document.segments[0].source == 'a: 一\n{"a": "二"\n三\n'
    assert [part.label for part in document.segments[0].parts] == ["1行目 /a", "2行目", "3行目"]
    assert [note.label for note in document.unchecked] == ["2行目"]


def test_many_broken_lines_are_summed_up() -> None:
    unchecked = read("x\n" * 100, "a.jsonl").unchecked
    assert len(unchecked) == 21
    assert "80行" in unchecked[-1].reason


def test_the_other_form_under_a_suffix_is_recognised() -> None:
    assert rendered('{"a": 1}\n{"a": 2}\n', "a.json") == "a: 1\na: 2\n"
    assert rendered('{\n"a": 1\n}\n', "a.jsonl") == "a: 1\n"


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_blank_files_are_sound(name: str) -> None:
    assert read(" \n", name).unchecked == ()


def leaves(value: object) -> list[str]:
    """Return the lines expected of a decoded JSON value."""
    if isinstance(value, dict):
        lines = []
        for key, item in value.items():
            head, *rest = (
                leaves(item) if isinstance(item, (str, int)) and not isinstance(item, bool) else ("", *leaves(item))
            )
            lines += [
                f"{key}: {head}" if isinstance(item, (str, int)) and not isinstance(item, bool) else f"{key}:",
                *rest,
            ]
        return lines
    if isinstance(value, list):
        return [line for item in value for line in leaves(item)]
    return [] if value is None or isinstance(value, bool) else [str(value)]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_whatever_json_writes_is_rendered_whole(value: object, ascii_only: bool, indent: int | None) -> None:  # noqa: FBT001
    source = rendered(json.dumps(value, ensure_ascii=ascii_only, indent=indent))
    assert source == "".join(line + "\n" for line in leaves(value))


@settings(max_examples=300, deadline=None)
@given(st.text('{}[],:"\\u0d18 \n1etrufalsn', max_size=30))
def test_no_text_crashes_the_readers(text: str) -> None:
    for name in ("a.json", "a.jsonl"):
        read(text, name)
        sound = True
        try:
            json.loads(text, strict=False)
        except ValueError:
            sound = False
        if sound:
            assert read(text, name).unchecked == ()
