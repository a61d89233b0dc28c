"""What must hold for any two answers, however odd: order, dress and length change nothing."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.substance import Kind, Outcome, agreement, checkable, read

PIECES = (
    "18 March 2026", "8 March", "03/04/2026", "$1,234.50", "€1.234,56", "(1,234)", "12.5%", "1/2",
    "10 Business Days", "clause 14.2", "§ 433 BGB", "Rowan v. Hart", "Acorn, Inc.", "Ada Holm",
    "U.S. Tax Court",
    "yes", "No", "No.", "not", "none", "The answer is", "Answer:", "Therefore,", "it depends",
    "because", "is", "and", ",", ".", ";", ":", "\n", "\n\n", "- ", "1. ", "**", "`", "```", "| ",
    "(B)", "C", "A", "\\boxed{", "}", "$", "=", "+", "é", "e\u0301", "\u00a0", "“",
    "\ud800", "\x00", "sorry", "{", "[", "]", "(", ")", "https://x.y/z", "#", ">", "…",
)  # fmt: skip
answers = st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join)
kinds = st.sampled_from(list(Kind))
labels = st.sampled_from([(), ("yes", "no"), ("Ada Holm", "none", "C")])


@settings(max_examples=400, deadline=None)
@given(answers, answers, kinds, labels)
def test_agreement_is_symmetric(one: str, other: str, kind: Kind, known: tuple[str, ...]) -> None:
    there, back = agreement(one, other, kind, known), agreement(other, one, kind, known)
    assert there.outcome is back.outcome
    assert (there.ours, there.theirs) == (back.theirs, back.ours)
    assert there.obstacles == tuple(reversed(back.obstacles))


@settings(max_examples=300, deadline=None)
@given(answers, kinds, labels)
def test_an_answer_never_differs_from_itself(text: str, kind: Kind, known: tuple[str, ...]) -> None:
    found = agreement(text, text, kind, known)
    assert found.outcome is not Outcome.DIFFER
    assert found.agrees or found.obstacles[0] is found.obstacles[1]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200), kinds)
def test_no_text_whatsoever_breaks_it(one: str, other: str, kind: Kind) -> None:
    agreement(one, other, kind)
    checkable(one)
    found = read(one)
    places = [figure.place for figure in found.figures]
    places += [date.place for date in found.dates]
    places += [citation.place for citation in found.citations]
    places += [name.place for name in found.names]
    assert all(0 <= place.start <= place.end <= len(one) for place in places)


SAID = (
    "18 March 2026", "$1,234.50", "12.5%", "10 Business Days", "clause 14.2", "Ada Holm", "Yes.",
    "The deadline is 18 March 2026, under clause 14.2.", "No, because it was late.",
    "Acorn, Inc. pays €1.234,56 on 4 March", "None", "- 4 March\n- 9 June", "It is not valid.",
    "Café Élan S.A.", "B", "The total is (1,234).",
)  # fmt: skip


def bold(text: str) -> str:
    """Set each line in bold that is no item of a list."""
    return "\n".join(
        f"**{line}**" if not line.startswith("-") else line for line in text.split("\n")
    )


DRESSES: dict[str, Callable[[str], str]] = {
    "bold": bold,
    "italic": lambda text: f"*{text}*" if "\n" not in text else text,
    "quoted": lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
    "a heading": lambda text: f"## {text}" if "\n" not in text else text,
    "blanks around": lambda text: f"\n\n   {text}  \n\n",
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "two blanks": lambda text: text.replace(" ", "  "),
    "Windows lines": lambda text: text.replace("\n", "\r\n"),
    "Word's quotes": lambda text: text.replace("'", "’"),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "soft hyphens": lambda text: text.replace("a", "a\u00ad"),
    "a mark of order": lambda text: f"\ufeff{text}",
}


@pytest.mark.parametrize("dress", DRESSES)
def test_dress_makes_no_difference(dress: str) -> None:
    for text in SAID:
        for kind in set(Kind) - {Kind.OUTPUT}:  # which is compared to the sign
            plain, dressed = (
                agreement(text, other, kind) for other in (text, DRESSES[dress](text))
            )
            assert (dressed.outcome, dressed.obstacles) == (plain.outcome, plain.obstacles), text


LONG = {
    "prose": "On 18 March 2026 Acorn, Inc. paid $1,234.50 (clause 14.2), as in Rowan v. Hart. ",
    "figures": "$1 ",
    "digits": "1",
    "commas": "1,",
    "brackets": "(",
    "stars": "*",
    "boxes": "\\boxed{",
    "fences": "```\n",
    "links": "[a](",
    "blanks": " ",
    "lines": "\n",
    "capitals": "Smith ",
    "versus": " v. ",
    "sections": "section 1, ",
    "accents": "e\u0301",
    "marks": "Answer:\n",
    "denials": "not ",
    "numbers": "hundred and ",
    "refusals": "I cannot ",
    "verdicts": "no, ",
    "json": '{"a":',
}


def spent_s(text: str) -> float:
    """Return the processor's seconds for one comparison."""
    start = time.process_time()
    agreement(text, f"{text}x", Kind.EXTRACTION)
    return time.process_time() - start


@pytest.mark.parametrize("name", LONG)
def test_a_long_answer_takes_time_in_proportion_to_its_length(name: str) -> None:
    short, long = (LONG[name] * (size // len(LONG[name])) for size in (5_000, 40_000))
    # Eight times the length: quadratic time would be 64 times as long.
    assert spent_s(long) < 24 * spent_s(short) + 0.1
    checkable(long)


def test_a_megabyte_is_read() -> None:
    text = LONG["prose"] * (1_000_000 // len(LONG["prose"]))
    assert len(read(text).citations) > 10_000
