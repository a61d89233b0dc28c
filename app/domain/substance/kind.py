"""What a checkable answer is: the kind of substance that two answers can be compared in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What the substance of an answer consists of."""

    FIGURE = "figure"  # an amount, a percentage, a number, a length of time
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"  # one of lettered or numbered options
    LABEL = "label"  # a class out of several
    CITATION = "citation"  # a case, a statute, a clause number
    NAME = "name"  # parties, people, companies
    EXTRACTION = "extraction"  # what a supplied text says, in whatever form
    CODE = "code"
    OUTPUT = "output"  # what a piece of code puts out, to the sign

    def in_words(self) -> str:
        """Return what such a prompt asks for, with its article."""
        return _WORDS[self]

    def missing_words(self) -> str:
        """Return what an answer does that holds none: "names no date"."""
        return _MISSING[self]


_MISSING = {
    Kind.FIGURE: "names no figure",
    Kind.DATE: "names no date",
    Kind.YES_NO: "says neither yes nor no",
    Kind.CHOICE: "chooses none of the options",
    Kind.LABEL: "names no class",
    Kind.CITATION: "cites nothing",
    Kind.NAME: "names nobody",
    Kind.EXTRACTION: "says nothing that could be compared",
    Kind.CODE: "holds no code",
    Kind.OUTPUT: "gives no output",
}
_WORDS = {
    Kind.FIGURE: "a figure",
    Kind.DATE: "a date",
    Kind.YES_NO: "a yes or no",
    Kind.CHOICE: "one of several options",
    Kind.LABEL: "a classification",
    Kind.CITATION: "a citation",
    Kind.NAME: "names",
    Kind.EXTRACTION: "an extraction",
    Kind.CODE: "code",
    Kind.OUTPUT: "the output of code",
}


@dataclass(frozen=True, slots=True)
class Check:
    """How an answer can be checked, known before it is asked.

    `labels` are the answers that the prompt itself offers, as it writes them: the classes of a
    LABEL, or the texts of a CHOICE in the order of its letters. Empty where it offers none.
    `asks` is what the prompt asks, without the text it is about: what is named there ("in 2019",
    "from Schedule 2") is no answer.
    """

    kind: Kind
    labels: tuple[str, ...] = ()
    asks: str = ""
