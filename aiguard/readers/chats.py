"""Read a chat to be recorded: text as it is, or a conversation of the file that ChatGPT exports (`conversations.json`).

The export is a list of conversations. Each has a `title` and a `mapping` of nodes: `id`, `parent`, `children` and a
`message` (`author.role`, `content.content_type`, `content.parts`); `current_node` is the last message of the branch
that is shown. A message that was edited, or an answer made anew, begins another branch.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from aiguard.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_ROLES: Final = {"user": "利用者", "assistant": "生成AI", "system": "システム", "tool": "ツール"}
_OTHERS: Final = "## 書き直す前のやり取り"
_SINGLE: Final = ("text", "result", "content", "title", "url", "user_profile", "user_instructions")
_PICK: Final = "--conversation に、会話の題名か、1から始まる番号を書いてください。"


def read_chat(data: bytes, conversation: str | None = None) -> str:
    """Return the text of a chat, of an export as Markdown; `conversation` picks one by its title or number (from 1).

    UsageError when it is not clear which is meant, ReadError when the bytes are no text.
    """
    from aiguard.readers.decode import decode

    text = decode(data)
    found = _conversations(text)
    if found:
        return _markdown(_picked(found, conversation))
    if conversation is not None:
        problem = "--conversation は、ChatGPTから書き出した conversations.json にだけ使えます。"
        raise UsageError(problem, "--conversation を外すか、ファイルを確かめてください。")
    return text


def _conversations(text: str) -> list[dict[str, Any]]:
    """Return the conversations of an export; none where the text is something else."""
    if text.lstrip()[:1] not in {"[", "{"}:
        return []
    try:
        held = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return []
    several = held if isinstance(held, list) else [held]
    return [each for each in several if isinstance(each, dict) and isinstance(each.get("mapping"), dict)]


def _picked(found: Sequence[dict[str, Any]], conversation: str | None) -> dict[str, Any]:
    if conversation is None:
        if len(found) > 1:
            raise UsageError(f"会話が{len(found)}件あり、どれを記録するか分かりません。", _PICK)
        return found[0]
    named = [each for each in found if _folded(each.get("title")) == _folded(conversation)]
    if len(named) > 1:
        raise UsageError(f"同じ題名の会話が{len(named)}件あります。", "--conversation に番号を書いてください。")
    if named:
        return named[0]
    number = int(conversation) if conversation.isdecimal() and len(conversation) < len("1000000") else 0
    if not 1 <= number <= len(found):
        raise UsageError(f"指定の会話がありません（会話は{len(found)}件あります）。", _PICK)
    return found[number - 1]


def _folded(title: object) -> str | None:
    from unicodedata import normalize

    return normalize("NFKC", title).strip().casefold() if isinstance(title, str) else None


def _markdown(conversation: Mapping[str, Any]) -> str:
    """Return the branch that was shown, then whatever else was said in the conversation."""
    nodes = {str(key): node for key, node in conversation["mapping"].items() if isinstance(node, dict)}
    shown = _branch(nodes, conversation.get("current_node"))
    title = conversation.get("title")
    blocks = [f"# {title}"] if isinstance(title, str) and title.strip() else []
    blocks += _messages(nodes[key] for key in shown)
    others = list(_messages(node for key, node in nodes.items() if key not in {*shown}))
    return "\n\n".join((*blocks, *((_OTHERS, *others) if others else ()))) + "\n"


def _branch(nodes: Mapping[str, dict[str, Any]], last: object) -> tuple[str, ...]:
    """Return the keys from the first message to the last; all of them in their order where the last is not known."""
    if not isinstance(last, str) or last not in nodes:
        return tuple(nodes)
    keys: dict[str, None] = {}
    while isinstance(last, str) and last in nodes and last not in keys:
        keys[last] = None
        last = nodes[last].get("parent")
    return tuple(reversed(keys))


def _messages(nodes: Iterable[dict[str, Any]]) -> Iterator[str]:
    for node in nodes:
        message = node.get("message")
        if not isinstance(message, dict):
            continue
        words = "\n\n".join((*_words(message.get("content")), *_attached(message.get("metadata"))))
        author = message.get("author")
        role = author.get("role") if isinstance(author, dict) else None
        if words.strip():
            yield f"## {_ROLES.get(role, role) if isinstance(role, str) else '不明'}\n\n{words.strip()}"


def _words(content: object) -> Iterator[str]:
    """Yield what a content says; of pictures, sounds and unknown kinds that they were there."""
    if isinstance(content, str):
        yield content
    if not isinstance(content, dict):
        return
    words = [*_parts(content.get("parts")), *_parts(content.get("thoughts"))]
    words += (content[key] for key in _SINGLE if isinstance(content.get(key), str))
    kind = content.get("content_type")
    if not words and isinstance(kind, str) and kind not in {"text", "multimodal_text"}:
        words.append(f"（取り出せない種類の内容: {kind[:40]}）")
    yield from filter(str.strip, words)


def _parts(parts: object) -> Iterator[str]:
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            told = [part[key] for key in ("text", "summary", "content") if isinstance(part.get(key), str)]
            kind = str(part.get("content_type"))
            yield "\n".join(told) or ("（画像）" if "image" in kind else "（音声など）")


def _attached(metadata: object) -> Iterator[str]:
    attachments = metadata.get("attachments") if isinstance(metadata, dict) else None
    for each in attachments if isinstance(attachments, list) else ():
        if isinstance(each, dict) and isinstance(each.get("name"), str):
            yield f"（添付: {each['name']}）"
