"""JSON as servers really write it: fast where it is right, forgiving where it is nearly so."""

from __future__ import annotations

import json
import re

import orjson

_SURROGATE = re.compile("[\ud800-\udfff]")


def loads(data: bytes) -> object:
    """Return the value; ValueError when it is not JSON.

    Lone surrogates (an emoji escaped in halves, one half a chunk) and bytes that are no UTF-8 are
    let through: `SurrogateMender` makes text of the first, U+FFFD stands for the second.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(data.decode("utf-8", "replace"))
    except RecursionError:
        raise ValueError("nested too deeply") from None


class SurrogateMender:
    """Joins the two halves of a character that came in two pieces of text."""

    def __init__(self) -> None:
        self._half = ""

    def mend(self, text: str) -> str:
        """Return text without surrogates; a half at its end waits for the next piece."""
        if not self._half and (text.isascii() or _SURROGATE.search(text) is None):
            return text
        text = self._half + text
        self._half = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def rest(self) -> str:
        """Return what stands for a half whose other half never came."""
        left, self._half = self._half, ""
        return "\ufffd" if left else ""
