"""What the user asks: a prompt with its matter, tags and attached document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.errors import InputError
from app.domain.matter import UNTAGGED

if TYPE_CHECKING:
    from app.domain.thread import Exchange

MAX_PROMPT_CHARS = 1_000_000
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document as text, with what identifies the file it was read from."""

    name: str
    media_type: str
    text: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked, under which matter; `clean` must have been applied to its texts.

    `earlier` is what it continues, oldest first: sent before it, and no part of its own message.
    """

    text: str
    matter: str = UNTAGGED
    tags: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    earlier: tuple[Exchange, ...] = ()

    def sent_text(self) -> str:
        """Return all that a model reads of the user's, for counting: what it continues, and it."""
        before = (text for item in self.earlier for text in (item.asked, item.answered))
        return "\n".join((*before, self.full_text()))

    def full_text(self) -> str:
        """Return exactly what is sent as the user's message."""
        if not self.attachments:
            return self.text
        documents = "\n\n".join(
            f"<document name={json_quote(item.name)}>\n{item.text}\n</document>"
            for item in self.attachments
        )
        return f"{documents}\n\n{self.text}"


def json_quote(text: str) -> str:
    """Return the text in double quotes, with quotes and newlines inside made harmless."""
    return '"' + re.sub(r"[\"\r\n<>]", "_", text) + '"'


def clean(text: str) -> str:
    """Return text that every database and wire accepts: no NUL, no lone surrogate."""
    return _SURROGATES.sub("�", text).replace("\x00", "")


def prompt_of(
    text: str,
    matter: str = UNTAGGED,
    tags: tuple[str, ...] = (),
    attachments: tuple[Attachment, ...] = (),
    earlier: tuple[Exchange, ...] = (),
) -> Prompt:
    """Build a prompt from raw input; InputError when it is empty or too long."""
    text = clean(text).strip()
    if not text:
        raise InputError("There is nothing to ask yet.", "Type a prompt first.", "empty_prompt")
    size = len(text) + sum(len(item.text) for item in attachments)
    size += sum(item.chars for item in earlier)
    if size > MAX_PROMPT_CHARS:
        what = (
            "The prompt, its document and what it continues"
            if earlier
            else ("The prompt and its document")
        )
        raise InputError(
            f"{what} have {size:,} characters; the most that can be sent is {MAX_PROMPT_CHARS:,}.",
            "Shorten the prompt, or ask it without the earlier answers."
            if earlier
            else "Shorten the prompt or attach only the pages it is about.",
            "prompt_too_long",
        )
    kept = tuple(dict.fromkeys(clean(tag).strip() for tag in tags if tag.strip()))
    return Prompt(text, clean(matter).strip() or UNTAGGED, kept, attachments, earlier)
