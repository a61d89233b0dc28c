"""All that an answer says, read once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Generic, TypeVar

from app.domain.substance.choices import choice
from app.domain.substance.citations import citations
from app.domain.substance.code import Code, code_blocks
from app.domain.substance.dates import dates
from app.domain.substance.figures import figures, merged
from app.domain.substance.names import names
from app.domain.substance.passages import Passages, passages, sentence_at
from app.domain.substance.plain import Place, Plain, plain
from app.domain.substance.principal import principal
from app.domain.substance.values import Citation, Figure, Label, Name, Ruling, WrittenDate
from app.domain.substance.verdicts import refuses, ruling, says_none, unsure

V = TypeVar("V", bound=Figure | WrittenDate | Citation | Name)
_PURE_YEAR = re.compile(r"[0-9]{4}")
_REMEMBERED = 3  # texts: the two that are being compared, and what was asked


@dataclass(frozen=True, slots=True)
class Found(Generic[V]):
    """Values in the text's order, with the places in the plain text that they stand at."""

    values: tuple[V, ...]
    spans: tuple[Place, ...]

    def without(self, named: Found[V]) -> Found[V]:
        """Return the values that are not among those named, or all where that leaves none."""
        known = {value.identity for value in named.values}
        pairs = zip(self.values, self.spans, strict=True)
        kept = [(value, span) for value, span in pairs if value.identity not in known]
        if not known or not kept or len(kept) == len(self.values):
            return self
        values, spans = zip(*kept, strict=True)
        return Found(values, spans)

    def inside(self, span: Place) -> tuple[V, ...]:
        """Return the values that stand in a span of the plain text."""
        pairs = zip(self.values, self.spans, strict=True)
        return tuple(value for value, at in pairs if span.start <= at.start < span.end)


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer in its plain form, with every value and where its answer proper stands."""

    plain: Plain
    where: Passages
    figures: Found[Figure]
    dates: Found[WrittenDate]
    citations: Found[Citation]
    names: Found[Name]
    code: tuple[Code, ...]
    code_open: bool

    def without(self, named: Reading) -> Reading:
        """Return the reading without the values that the question names, where others are left."""
        return replace(
            self,
            figures=self.figures.without(named.figures),
            dates=self.dates.without(named.dates),
            citations=self.citations.without(named.citations),
            names=self.names.without(named.names),
        )

    def point(self, found: Found[V]) -> tuple[V, ...]:
        """Return those of the values that are the answer and do not only lead to it."""
        return principal(self.plain, self.where, found.values, found.spans)

    def figure(self) -> tuple[Figure, ...]:
        """Return the figures that are the answer; a bare year is one only where nothing else is."""
        plainly = [
            (value, span)
            for value, span in zip(self.figures.values, self.figures.spans, strict=True)
            if not value.year_like
        ]
        if plainly:
            values, spans = zip(*plainly, strict=True)
            chosen = self.point(Found(values, spans))
            if chosen:
                return chosen
        return self.point(self.figures)

    @property
    def conclusion(self) -> Place:
        """Return where the answer proper stands in the plain text: marked, or its beginning."""
        marked = self.where.marked or self.where.cued
        if marked is not None or not self.where.lines:
            return marked or Place(0, 0)
        if self.where.one_line:
            return self.where.lines[0]
        return sentence_at(self.plain.text, self.where.lines[0].start)


@lru_cache(maxsize=_REMEMBERED)
def reading(text: str) -> Reading:
    """Return an answer as read; the time it takes grows with its length and no faster."""
    plainly = plain(text)
    cited, cited_at = citations(plainly)
    dated, dated_at = dates(plainly, cited_at)
    # A bare year may be a figure too: whoever asks for one decides.
    certain = [
        span
        for date, span in zip(dated, dated_at, strict=True)
        if not _PURE_YEAR.fullmatch(date.shown)
    ]
    counted, counted_at = figures(plainly, merged(cited_at, certain))
    named, named_at = names(plainly, merged(cited_at, dated_at))
    blocks, left_open = code_blocks(text)
    return Reading(
        plainly,
        passages(plainly),
        Found(tuple(counted), tuple(counted_at)),
        Found(tuple(dated), tuple(dated_at)),
        Found(tuple(cited), tuple(cited_at)),
        Found(tuple(named), tuple(named_at)),
        tuple(blocks),
        left_open,
    )


@dataclass(frozen=True, slots=True)
class Substance:
    """What an answer says, each part with its place in the original text.

    `figures`, `dates`, `citations` and `names` are all there are, in the text's order (a bare year
    counts among the dates). `ruling` is the yes or no it comes to, `choice` the lettered options
    it takes, `conclusion` where its answer proper stands. `none` tells that it says there is none,
    `refused` that it declines, `unsure` that it says there is no telling.
    """

    figures: tuple[Figure, ...]
    dates: tuple[WrittenDate, ...]
    citations: tuple[Citation, ...]
    names: tuple[Name, ...]
    ruling: Ruling | None
    choice: tuple[Label, ...]
    code: tuple[Code, ...]
    conclusion: Place
    none: bool
    refused: bool
    unsure: bool


def read(text: str) -> Substance:
    """Return what an answer says."""
    known = reading(text)
    start, end = known.conclusion.start, known.conclusion.end
    return Substance(
        figures=tuple(figure for figure in known.figures.values if not figure.year_like),
        dates=known.dates.values,
        citations=known.citations.values,
        names=known.names.values,
        ruling=ruling(known.plain, known.where),
        choice=choice(known.plain, known.where),
        code=known.code,
        conclusion=known.plain.place(start, end) if end else Place(0, 0),
        none=says_none(known.plain, known.where),
        refused=refuses(known.plain),
        unsure=unsure(known.plain, known.where),
    )
