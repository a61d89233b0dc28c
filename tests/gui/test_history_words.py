from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.domain.model import Role
from app.domain.money import Certainty, Cost, Money
from app.domain.turn import SECOND, TurnMode, TurnRow
from app.domain.words import costs_text
from app.ui.models.moments import month_text, when_text
from app.ui.models.turn_words import cost_tip

NOW = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "offset_min", "said"),
    [
        (NOW - timedelta(minutes=10), 0, "Today 00:20"),
        (NOW - timedelta(minutes=40), 0, "Yesterday 23:50"),
        # Asked in New York, where it was still the evening before.
        (NOW - timedelta(minutes=10), -300, "Yesterday 19:20"),
        (datetime(2026, 11, 12, 9, tzinfo=UTC), 60, "12 Nov"),
        (datetime(2025, 12, 31, 23, 30, tzinfo=UTC), 60, "1 Jan"),
        (datetime(2024, 2, 29, 9, tzinfo=UTC), 0, "29 Feb 2024"),
    ],
)
def test_a_moment_is_told_in_the_local_time_it_was_asked_at(
    at: datetime, offset_min: int, said: str
) -> None:
    assert when_text(at, offset_min, NOW) == said


def test_months_are_named_and_what_is_none_stays_as_it_is() -> None:
    assert month_text("2026-03") == "Mar 2026"
    assert month_text("2026-13") == "2026-13"


def usd(amount: str, certainty: Certainty = Certainty.MEASURED, currency: str = "USD") -> Cost:
    return Cost(Money(Decimal(amount), currency), certainty)


@pytest.mark.parametrize(
    ("costs", "said"),
    [
        ((usd("0.0041"), usd("0.3104")), "$0.31"),
        ((usd("0.0041"), usd("0.3104", Certainty.ESTIMATED)), "≈ $0.31"),
        ((usd("0.0041"), Cost.unknown()), "$0.0041 + price not known"),
        ((Cost.unknown(), Cost.unknown()), "price not known"),
        ((Cost.free(), Cost.free()), "free"),
        ((Cost.free(), usd("0.31", currency="EUR")), "€0.31"),
        ((usd("0"), usd("0.31", currency="EUR")), "€0.31"),
        ((usd("0.31"), usd("0.31", currency="EUR")), "€0.31 + $0.31"),
        ((usd("0"),), "$0.00"),
        ((), "—"),
    ],
)
def test_a_total_is_never_surer_than_its_least_sure_part(
    costs: tuple[Cost, ...], said: str
) -> None:
    assert costs_text(costs) == said


def test_the_parts_of_a_cost_are_named_for_every_attempt_and_every_model() -> None:
    row = TurnRow(
        id=1, asked_at=NOW, utc_offset_min=0, prompt_start="When?", matter="Larch",
        mode=TurnMode.ROUTED, practice=False, roles=(Role.CHEAP, Role.FRONTIER),
        states=("complete", "complete"),
        costs=(Cost.unknown(), usd("0.01"), usd("0.30"), usd("0.02", Certainty.ESTIMATED)),
        payees=("cheap", "cheap", "frontier", SECOND),
        wait_ms=900, choice=None, revealed=True, second_look=True,
    )  # fmt: skip
    assert cost_tip(row).splitlines() == [
        "cheap: price not known",
        "cheap: $0.010 measured",
        "frontier: $0.30 measured",
        "another cheap: ≈ $0.020 estimated",
    ]
