"""Pins: the user's own rules, in words, that no learning overrides.

"matter is Larch → frontier", "prompt mentions 'privilege' → frontier", "has an attachment → this
computer", "longer than 4,000 tokens → frontier".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import InputError
from app.domain.routing.question import Question

_CHARS_A_TOKEN = 4  # where nobody counted; English prose has about that many


class PinWhen(StrEnum):
    """What a pin looks at."""

    MATTER = "matter"
    TAG = "tag"
    MENTIONS = "mentions"  # words that begin with these, in the prompt or in what is attached
    ATTACHMENT = "attachment"
    LONGER = "longer"  # more tokens than this, attachments included


class PinTo(StrEnum):
    """Where such a prompt goes."""

    FRONTIER = "frontier"
    CHEAP = "cheap"
    THIS_COMPUTER = "this_computer"

    def in_words(self) -> str:
        """Return where it goes, as a sentence ends."""
        match self:
            case PinTo.FRONTIER:
                return "goes to the frontier model"
            case PinTo.CHEAP:
                return "goes to the cheap model"
            case PinTo.THIS_COMPUTER:
                return "stays on this computer"


@dataclass(frozen=True, slots=True)
class Pin:
    """One rule of the user's. `value` is a name, a word or a number, empty for attachments."""

    when: PinWhen
    value: str
    to: PinTo

    def matches(self, question: Question) -> bool:
        """Return whether it speaks about this prompt."""
        match self.when:
            case PinWhen.MATTER:
                return question.matter.casefold() == self.value.casefold()
            case PinWhen.TAG:
                return self.value.casefold() in (tag.casefold() for tag in question.tags)
            case PinWhen.MENTIONS:
                return _mentions(self.value, (question.text, question.attached))
            case PinWhen.ATTACHMENT:
                return question.attachment_chars > 0 or bool(question.attached)
            case PinWhen.LONGER:
                return tokens_of(question) > int(self.value)

    def sentence(self) -> str:
        """Return the pin in words; `pin_of` reads them again."""
        return f"{self._condition()} {self.to.in_words()}."

    def _condition(self) -> str:
        match self.when:
            case PinWhen.MATTER:
                return f"A prompt whose matter is “{self.value}”"
            case PinWhen.TAG:
                return f"A prompt whose tag is “{self.value}”"
            case PinWhen.MENTIONS:
                return f"A prompt that mentions “{self.value}”"
            case PinWhen.ATTACHMENT:
                return "A prompt that has an attachment"
            case PinWhen.LONGER:
                return f"A prompt that is longer than {int(self.value):,} tokens"


def tokens_of(question: Question) -> int:
    """Return how long a prompt is with what is attached: as counted, else about (from letters)."""
    if question.tokens is not None:
        return question.tokens
    return (len(question.text) + question.attachment_chars) // _CHARS_A_TOKEN


def _mentions(value: str, texts: Iterable[str]) -> bool:
    """Return whether a word begins with `value`: a pin on “privilege” must catch “privileged”."""
    words = r"\s+".join(re.escape(word) for word in value.casefold().split())
    pattern = re.compile(rf"(?<!\w){words}")
    return any(pattern.search(text.casefold()) for text in texts if text)


_QUOTES = "\"'“”‘’«» "
_SAID = r"[\"'“”‘’«»]?(?P<value>.+?)[\"'“”‘’«»]?"
_CONDITIONS = (
    (PinWhen.MATTER, re.compile(rf"(?:the |whose )?matter (?:is|=) {_SAID}", re.IGNORECASE)),
    (PinWhen.TAG, re.compile(rf"(?:(?:the |whose )?tag (?:is|=)|(?:is )?tagged) {_SAID}", re.I)),
    (PinWhen.MENTIONS, re.compile(rf"(?:that )?(?:mentions|contains|says) {_SAID}", re.I)),
    (PinWhen.ATTACHMENT, re.compile(r"(?:that |it )?(?:has|with) an attachment", re.I)),
    (
        PinWhen.LONGER,
        re.compile(
            r"(?:that |it )?(?:is )?(?:longer|more) than (?P<value>\d[\d,. ]*?)(?: ?tokens?)?", re.I
        ),
    ),
)
_OPENING = re.compile(r"^(?:if )?(?:an? |the )?prompts? ", re.IGNORECASE)
_SPLIT = re.compile(r"\s*(?:→|->|=>|,? goes to |,? stays on )\s*", re.IGNORECASE)
_TARGETS = (
    (PinTo.THIS_COMPUTER, ("this computer", "this_computer", "this machine", "here")),
    (PinTo.FRONTIER, ("frontier",)),
    (PinTo.CHEAP, ("cheap",)),
)
_HOW = (
    "Write for example: prompt mentions “privilege” → frontier; matter is Larch → this computer; "
    "has an attachment → frontier; longer than 4,000 tokens → cheap."
)


def pin_of(words: str) -> Pin:
    """Return the pin that these words say; InputError, with examples, where they say none."""
    condition, _, target = _parted(words)
    for when, pattern in _CONDITIONS:
        if hit := pattern.fullmatch(_OPENING.sub("", condition)):
            value = (hit.groupdict().get("value") or "").strip()
            if when is PinWhen.LONGER:
                value = re.sub(r"\D", "", value)
            if when is not PinWhen.ATTACHMENT and not value.strip(_QUOTES):
                break  # quotes with nothing between them
            return Pin(when, value, _target(target))
    raise InputError(f"The pin “{words.strip()}” does not say about which prompts.", _HOW)


def _parted(words: str) -> tuple[str, str, str]:
    """Return what stands before and after the last arrow."""
    cuts = list(_SPLIT.finditer(words))
    if not cuts:
        raise InputError(f"The pin “{words.strip()}” does not say where to.", _HOW)
    cut = cuts[-1]
    return words[: cut.start()].strip(), cut.group(), words[cut.end() :].strip()


def _target(words: str) -> PinTo:
    said = re.sub(r"^(?:the )|(?: model)?\.?$", "", words.casefold().strip())
    for target, names in _TARGETS:
        if said in names:
            return target
    raise InputError(f"“{words}” is no place a prompt can go to.", _HOW)
