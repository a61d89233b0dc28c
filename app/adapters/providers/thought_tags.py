"""Thoughts that a server left inside the text, between tags, told from the answer.

Some servers hand on what the model wrote as it is: an answer that begins with `<think>`. Only
the very beginning of an answer is looked at; a tag further on is part of what it says.
"""

from __future__ import annotations

from typing import NamedTuple

_TAGS = ("think", "thinking", "thought", "reasoning")
_OPENINGS = {f"<{tag}>": f"</{tag}>" for tag in _TAGS}
_SPACE = " \t\r\n"


class Said(NamedTuple):
    """A piece of text, and whether it is a thought."""

    text: str
    thought: bool


class ThoughtTags:
    """Reads the pieces of one answer in order, until `done`: from then on all is answer."""

    def __init__(self) -> None:
        self.done = False
        self._held = ""  # what may yet turn out to be a tag
        self._closing = ""
        self._begun = False  # a thought has said something
        self._closed = False

    def read(self, text: str) -> list[Said]:
        """Return what this piece adds; the start of a possible tag is held back."""
        if self.done:
            return [Said(text, thought=False)]
        text, self._held = self._held + text, ""
        if self._closed:
            return self._answer(text.lstrip(_SPACE))
        if self._closing:
            return self._inside(text)
        start = text.lstrip(_SPACE)
        for opening, closing in _OPENINGS.items():
            if start.startswith(opening):
                self._closing = closing
                return self._inside(start[len(opening) :])
        if any(opening.startswith(start) for opening in _OPENINGS):
            self._held = text
            return []
        return self._answer(text)

    def rest(self) -> list[Said]:
        """Return what was held back when the answer ended."""
        held, self._held = self._held, ""
        return [Said(held, bool(self._closing) and not self._closed)] if held else []

    def _answer(self, text: str) -> list[Said]:
        if not text:
            return []
        self.done = True
        return [Said(text, thought=False)]

    def _inside(self, text: str) -> list[Said]:
        if not self._begun:
            text = text.lstrip(_SPACE)
            self._begun = text != ""
        thought, closing, after = text.partition(self._closing)
        if not closing:
            keep = _overlap(text, self._closing)
            self._held = text[len(text) - keep :]
            thought = text[: len(text) - keep]
        said = [Said(thought, thought=True)] if thought else []
        if closing:
            self._closed = True
            said += self._answer(after.lstrip(_SPACE))
        return said


def _overlap(text: str, tag: str) -> int:
    """Return how many characters at the text's end may begin the tag."""
    sizes = range(min(len(text), len(tag) - 1), 0, -1)
    return next((size for size in sizes if tag.startswith(text[len(text) - size :])), 0)
