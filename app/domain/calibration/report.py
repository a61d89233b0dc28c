"""The report of a run: one value from which the view, the PDF and the terminal all tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.domain.answer import AnswerState
from app.domain.calibration.counting import Row, counted_items, overall, rows
from app.domain.calibration.hundred import Hundred, next_hundred
from app.domain.calibration.item import Item, ItemState
from app.domain.calibration.run import Run, RunState
from app.domain.model import ModelRef, Role
from app.domain.money import Certainty, Cost, Money


@dataclass(frozen=True, slots=True)
class Spent:
    """What answers have cost: the sum of what is known, and how many costs are not."""

    total: Cost
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Answerer:
    """One of the two models: as the user named it, where it is reached, what it said it was."""

    name: str
    provider: str
    model: str
    served: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CalibrationReport:
    """Everything that a run says. Counts are prompts.

    `counted` of `size` are in `overall`; `unvoted` of those have no vote and count against the
    cheap model. `waiting` still want one. `late_votes` were cast after the count had been seen.
    `unchanged` is None once a prompt was deleted, since the list can no longer be checked.
    """

    name: str
    state: RunState
    cheap: Answerer
    frontier: Answerer
    practice: bool
    created_at: datetime
    as_of: datetime
    utc_offset_min: int
    digest: str
    unchanged: bool | None
    size: int
    answered: int
    incomplete: int
    deleted: int
    voted: int
    waiting: int
    skipped: int
    minutes_left: int
    counted: int
    unvoted: int
    overall: Row
    rows: tuple[Row, ...]
    hundred: Hundred | None
    spent: Spent
    spent_cheap: Spent
    spent_frontier: Spent
    limit: Money | None
    seen_at: datetime | None
    closed_at: datetime | None
    late_votes: int


def report_of(run: Run, as_of: datetime) -> CalibrationReport:
    """Return the report as the run stands."""
    items = counted_items(run)
    everything = overall(items)
    return CalibrationReport(
        name=run.name,
        state=run.state,
        cheap=_answerer(run, Role.CHEAP),
        frontier=_answerer(run, Role.FRONTIER),
        practice=run.pair.practice,
        created_at=run.created_at,
        as_of=as_of,
        utc_offset_min=run.utc_offset_min,
        digest=run.digest,
        unchanged=run.unchanged,
        size=len(run.items),
        answered=run.answered,
        incomplete=_how_many(run, ItemState.INCOMPLETE),
        deleted=_how_many(run, ItemState.DELETED),
        voted=run.voted,
        waiting=len(run.to_vote),
        skipped=sum(item.skipped for item in run.to_vote),
        minutes_left=run.minutes_left(),
        counted=len(items),
        unvoted=everything.unvoted,
        overall=everything,
        rows=rows(items),
        hundred=next_hundred(items),
        spent=spent(run.items),
        spent_cheap=spent(run.items, Role.CHEAP),
        spent_frontier=spent(run.items, Role.FRONTIER),
        limit=run.limit,
        seen_at=run.seen_at,
        closed_at=run.closed_at,
        late_votes=_late(run),
    )


def spent(items: Iterable[Item], role: Role | None = None) -> Spent:
    """Return what the items have cost so far, first attempts included; of one role, or of both.

    An answer that is still arriving has no cost yet.
    """
    costs: list[Cost] = []
    for side in (side for item in items for side in item.sides if role in (None, side.role)):
        arriving = side.state is AnswerState.STREAMING
        costs += side.earlier if arriving else side.costs
    return total(costs)


def total(costs: Sequence[Cost]) -> Spent:
    """Return the sum of costs, as certain as its least certain part.

    Amounts in another currency than the first are counted as unknown: they cannot be added.
    """
    charged = [cost.money for cost in costs if cost.money is not None and cost.money.amount]
    currency = charged[0].currency if charged else "USD"
    known = [money for money in charged if money.currency == currency]
    unknown = sum(cost.money is None for cost in costs) + len(charged) - len(known)
    amount = sum((money.amount for money in known), Decimal(0))
    kinds = {cost.certainty for cost in costs if cost.money is not None}
    certainty = Certainty.MEASURED
    if Certainty.ESTIMATED in kinds:
        certainty = Certainty.ESTIMATED
    elif kinds == {Certainty.FREE}:
        certainty = Certainty.FREE
    return Spent(Cost(Money(amount, currency), certainty), unknown)


def _how_many(run: Run, state: ItemState) -> int:
    return sum(item.state is state for item in run.items)


def _answerer(run: Run, role: Role) -> Answerer:
    model: ModelRef = run.pair.side(role)
    sides = [side for item in run.by_lot if (side := item.side(role)) is not None]
    served = dict.fromkeys(side.served_model for side in sides if side.served_model)
    return Answerer(model.name, model.provider, model.model, tuple(served))


def _late(run: Run) -> int:
    if run.seen_at is None:
        return 0
    moments = [item.vote.cast_at for item in run.items if item.vote is not None]
    return sum(at is not None and at > run.seen_at for at in moments)
