"""What text from outside may do on the screen: nothing but be read."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# Characters that reorder their neighbours: an amount or a name could be read backwards.
_BIDI = {0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO"} | {
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
}
_REPLACEMENT = "\ufffd"
# Controls, lone surrogates, and the marks by which Qt's documents delimit tables and pictures.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffc]"
)
_SCHEMES = frozenset({"http", "https", "mailto"})


def _shown(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code in _BIDI:
        return f"⟨{_BIDI[code]}⟩"
    return "\n" if code in (0x0D, 0x2028, 0x2029) else _REPLACEMENT


def neutralise(text: str) -> str:
    """Give ``text`` with characters that could hide or reorder others made visible."""
    # Most text has none, and a search is much cheaper than a substitution.
    if _UNSAFE.search(text) is None:
        return text
    return _UNSAFE.sub(_shown, text.replace("\r\n", "\n"))


def is_link(url: str) -> bool:
    """Whether ``url`` may be offered as a link: an absolute http, https or mailto address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme.lower() not in _SCHEMES:
        return False
    return bool(parts.path if parts.scheme.lower() == "mailto" else parts.hostname)


def utf16_length(text: str) -> int:
    """Length of ``text`` in the units in which Qt counts positions."""
    if text.isascii():
        return len(text)
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)
