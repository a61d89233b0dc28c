"""What a month has cost, asked inside the transaction that adds to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, select

from app.adapters.storage import tables as t
from app.domain.budget import Month, Spent
from app.domain.money import Certainty
from app.services.ports.spending import SpendingCheck


def require(connection: Connection, spending: SpendingCheck | None) -> None:
    """Ask whether the month has room; raises what the check raises."""
    if spending is not None:
        spending.decide(month(connection, spending.month, spending.start, spending.end))


def month(connection: Connection, name: str, start: datetime, end: datetime) -> Month:
    """Return what was sent from `start` to before `end` has cost, practice left out.

    What an answer holds counts while it arrives, and also where the program died before its end:
    it was sent, and nobody knows its cost any better.
    """
    sums = _Sums()
    a, turn = t.answer.c, t.turn.c
    within = (a.sent_at >= start, a.sent_at < end)
    for amount, currency, certainty, owner, held, held_currency in connection.execute(
        select(
            a.cost_amount, a.cost_currency, a.cost_certainty, a.owner, a.held_amount,
            a.held_currency,
        )
        .join(t.turn, turn.id == a.turn_id)
        .where(*within, turn.practice.is_(False))
    ):  # fmt: skip
        if amount is not None:
            sums.add(currency, certainty, amount)
        elif held is not None:
            sums.add(held_currency, _HELD if owner is not None else _ESTIMATED, held)
        elif owner is None:
            sums.unseen += 1
    attempt = t.attempt.c
    for amount, currency in connection.execute(
        select(attempt.besides_amount, attempt.besides_currency)
        .join(t.answer, a.id == attempt.answer_id)
        .where(*within, attempt.besides_amount.is_not(None))
    ):
        sums.add(currency, _ESTIMATED, amount)
    return Month(name, tuple(sums.spent()), sums.unseen)


_ESTIMATED, _HELD = Certainty.ESTIMATED.value, "held"


class _Sums:
    """Amounts being added up, by currency and by how sure they are."""

    def __init__(self) -> None:
        self.unseen = 0
        self._sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))

    def add(self, currency: str | None, kind: str, amount: Decimal) -> None:
        if amount:
            self._sums[currency or "USD"][kind] += amount

    def spent(self) -> Iterable[Spent]:
        for currency, by_kind in sorted(self._sums.items()):
            measured = by_kind[Certainty.MEASURED.value]
            yield Spent(currency, measured, by_kind[_ESTIMATED], by_kind[_HELD])
