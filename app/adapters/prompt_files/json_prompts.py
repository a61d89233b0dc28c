"""JSON: one object a line, a list of them, or the conversations that ChatGPT exports."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from app.domain.calibration.prompts import Found, Import
from app.domain.errors import InputError
from app.domain.words import counted

_PROMPT = ("prompt", "text", "question", "input", "instruction")
_EXPORTED = "mapping"  # what tells a conversation of the export


def is_lines(text: str) -> bool:
    """Return whether the first line that is not empty is a JSON object by itself."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    return first.lstrip().startswith("{") and _read(first) is not None


def line_prompts(text: str, name: str) -> Import:
    """Return the prompts of JSON lines; lines that are no JSON are left out and counted."""
    values: list[tuple[int, Any]] = []
    broken = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            value = _read(line)
            values.append((number, value))
            broken += value is None
    notes = [f"{counted(broken, 'line')} could not be read as JSON."] if broken else []
    return _listed(((n, v) for n, v in values if v is not None), f"{name}, line", notes)


def whole_prompts(text: str, name: str) -> Import:
    """Return the prompts of one JSON document: a list, or an export; InputError if neither."""
    value = _read(text)
    if isinstance(value, dict):
        value = next((v for v in value.values() if isinstance(v, list)), None)
    if not isinstance(value, list):
        raise InputError(
            f"“{name}” holds no list of prompts.",
            "Import a list of objects with “prompt”, or ChatGPT's conversations.json.",
            "import_bad_json",
        )
    if any(isinstance(item, dict) and _EXPORTED in item for item in value):
        return _exported(value)
    return _listed(enumerate(value, 1), f"{name}, no.", [])


def _read(text: str) -> Any:  # noqa: ANN401 - whatever the file holds
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _listed(values: Iterable[tuple[int, Any]], where: str, notes: list[str]) -> Import:
    found, without, later = [], 0, 0
    for number, value in values:
        text, follow_ups = _prompt_of(value)
        later += follow_ups
        if not text:
            without += 1
            continue
        matter = str(value.get("matter") or value.get("client") or "") if _is_map(value) else ""
        found.append(Found(text, matter, _tags(value), f"{where} {number}"))
    if without:
        notes.append(f"{counted(without, 'entry', 'entries')} without a prompt left out.")
    if later:
        notes.append(_follow_up_note(later))
    return Import(tuple(found), tuple(notes))


def _is_map(value: object) -> bool:
    return isinstance(value, dict)


def _prompt_of(value: Any) -> tuple[str, int]:  # noqa: ANN401
    """Return the prompt of an entry, and how many further turns of its user were left out."""
    if isinstance(value, str):
        return value.strip(), 0
    if not isinstance(value, dict):
        return "", 0
    for name in _PROMPT:
        if isinstance(value.get(name), str):
            return value[name].strip(), 0
    messages = value.get("messages")
    if isinstance(messages, list):
        said = [
            _words(message.get("content"))
            for message in messages
            if isinstance(message, dict) and message.get("role") == "user"
        ]
        said = [text for text in said if text]
        return (said[0], len(said) - 1) if said else ("", 0)
    return "", 0


def _words(content: Any) -> str:  # noqa: ANN401
    """Return a message's text: plain, or the text parts of a list."""
    if isinstance(content, str):
        return content.strip()
    parts = content if isinstance(content, list) else []
    texts = [part if isinstance(part, str) else _part_text(part) for part in parts]
    return "\n".join(text for text in texts if text).strip()


def _part_text(part: Any) -> str:  # noqa: ANN401
    text = part.get("text") if isinstance(part, dict) else None
    return text if isinstance(text, str) else ""


def _tags(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    if not isinstance(value, dict):
        return ()
    told = value.get("tags", value.get("tag"))
    words = told.replace(";", ",").split(",") if isinstance(told, str) else told
    if not isinstance(words, list):
        return ()
    return tuple(str(word).strip() for word in words if str(word).strip())


def _exported(conversations: list[Any]) -> Import:
    """Return how each conversation of an export was opened; what followed leans on what was said.

    A follow-up asked by itself would be another question, so those are counted and left out.
    """
    found, later = [], 0
    for number, conversation in enumerate(conversations, 1):
        said = list(_user_turns(conversation))
        if not said:
            continue
        later += len(said) - 1
        title = conversation.get("title")
        named = f" “{title}”" if isinstance(title, str) and title.strip() else ""
        found.append(Found(said[0], source=f"ChatGPT conversation {number}{named}"))
    return Import(tuple(found), (_follow_up_note(later),) if later else ())


def _user_turns(conversation: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield what the user said, from the root of the tree of messages down its first branch."""
    mapping = conversation.get(_EXPORTED) if isinstance(conversation, dict) else None
    if not isinstance(mapping, dict):
        return
    nodes = {key: node for key, node in mapping.items() if isinstance(node, dict)}
    here = next((key for key, node in nodes.items() if node.get("parent") not in nodes), None)
    seen: set[str] = set()
    while here is not None and here in nodes and here not in seen:
        seen.add(here)
        text = _said(nodes[here].get("message"))
        if text:
            yield text
        children = nodes[here].get("children")
        here = children[0] if isinstance(children, list) and children else None


def _said(message: Any) -> str:  # noqa: ANN401
    if not isinstance(message, dict):
        return ""
    author, content = message.get("author"), message.get("content")
    if not isinstance(author, dict) or author.get("role") != "user":
        return ""
    return _words(content.get("parts")) if isinstance(content, dict) else _words(content)


def _follow_up_note(later: int) -> str:
    return (
        f"{counted(later, 'follow-up')} left out: asked alone, without what came before, "
        "they would be other questions."
    )
