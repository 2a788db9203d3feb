"""What was entered in a chat is told from what the AI said, and nothing falls between the two."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiguard.model import Document, Use
from aiguard.readers import read, read_held
from aiguard.readers.roles import parted

if TYPE_CHECKING:
    from pathlib import Path

_MESSAGES = [{"role": "user", "content": "ASKED"}, {"role": "assistant", "content": "SAID"}]
_EXPORT = [
    {
        "title": "t",
        "mapping": {
            str(at): {"message": {"author": {"role": each["role"]}, "content": {"parts": [each["content"]]}}}
            for at, each in enumerate(_MESSAGES)
        },
    }
]
_CHATS = {
    "conversations.json": json.dumps(_EXPORT),
    "messages.jsonl": json.dumps({"messages": _MESSAGES}) + "\n",
    "columns.csv": "prompt,response\nASKED,SAID\n",
    "columns.jsonl": json.dumps({"prompt": "ASKED", "response": "SAID"}) + "\n",
    "role.csv": "role,content\nuser,ASKED\nassistant,SAID\n",
    "speaker.csv": "発言者,内容\n職員,ASKED\n生成AI,SAID\n",
    "chat.txt": "あなた:\nASKED\nChatGPT:\nSAID\n",
}
_OTHERS = {
    "staff.json": json.dumps([{"user": "u1", "role": "課長"}]),
    "staff2.json": json.dumps([{"氏名": "甲", "役割": "職員"}]),
    "staff.csv": "氏名,役割\n甲,職員\n",
    "faq.csv": "質問,回答\n開庁時間は,8時半から\n",
    "faq.json": json.dumps([{"質問": "開庁時間は", "回答": "8時半から"}]),
    "plain.txt": "あなた:\nだけの文章\n",
}


def _sources(document: Document | None) -> str:
    return "".join(segment.source for segment in document.segments if not segment.aside) if document else ""


def _read(path: Path, text: str) -> Document:
    path.write_text(text, encoding="utf-8")
    return read(path, Use.DOCUMENT)


@pytest.mark.parametrize("name", _CHATS)
def test_what_was_entered_is_a_prompt_and_the_answer_a_document(name: str, tmp_path: Path) -> None:
    entered, rest = parted(_read(tmp_path / name, _CHATS[name]))
    assert entered is not None
    assert entered.use is Use.PROMPT
    assert rest is not None
    assert rest.use is Use.DOCUMENT
    assert "ASKED" in _sources(entered)
    assert "SAID" not in _sources(entered)
    assert "SAID" in _sources(rest)
    assert "ASKED" not in _sources(rest)


@pytest.mark.parametrize("name", _OTHERS)
def test_registers_and_faqs_are_no_chats(name: str, tmp_path: Path) -> None:
    document = _read(tmp_path / name, _OTHERS[name])
    assert parted(document) == (None, document)


_WORDS = st.lists(st.text("abあい#", min_size=1, max_size=6), min_size=1, max_size=5)


@given(st.lists(st.tuples(st.sampled_from(["あなた:", "ChatGPT:"]), _WORDS), min_size=1, max_size=6))
def test_every_line_of_a_chat_is_in_one_of_the_two_at_its_place(turns: list[tuple[str, list[str]]]) -> None:
    text = "".join(f"{who}\n" + "".join(f"{line}\n" for line in lines) for who, lines in turns)
    document = read_held(text.encode(), "chat.txt", Use.DOCUMENT)
    entered, rest = parted(document)
    halves = [_sources(each).split("\n") for each in (entered, rest) if each is not None]
    for number, line in enumerate(text.split("\n")):
        if line.strip():
            assert [half[number] for half in halves if number < len(half) and half[number].strip()] == [line]
