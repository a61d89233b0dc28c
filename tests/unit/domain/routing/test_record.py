import json
from datetime import UTC, datetime
from decimal import Decimal

from app.domain.model import Role
from app.domain.money import Certainty, Cost, Money
from app.domain.routing.counts import tally
from app.domain.routing.decision import Basis, Decision
from app.domain.routing.record import body_of, decision_of

FULL = Decision(
    Role.CHEAP, Basis.LEARNED, ("Because.",), 0.07, 0.02, 0.2, tally("tagged x", 18, 23),
    votes_used=100, votes_needed=50, propensity=0.0625, rule_version="ab", nearest=(3, 1),
    contributions=(("the tag x", -0.4), ("its length", 0.1)), threshold=0.12, spot_check=True,
    draw=0.031, pair_version="p", cheap_cost=Cost(Money(Decimal("0.0041")), Certainty.ESTIMATED),
    frontier_cost=Cost.unknown(), decided_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
    met=("Your pin.",),
)  # fmt: skip


def test_a_stored_decision_is_shown_as_it_was_to_the_last_digit() -> None:
    assert decision_of(json.loads(json.dumps(body_of(FULL)))) == FULL


def test_a_decision_stored_by_an_earlier_version_can_still_be_shown() -> None:
    old = {
        "role": "frontier", "basis": "learned", "because": ["A.", "B."], "probability": 0.4,
        "low": 0.1, "high": 0.7, "tally": None, "votes_used": 60, "votes_needed": 50,
        "propensity": 1.0, "rule_version": "ab", "nearest": [4, 5, 6],
    }  # fmt: skip
    shown = decision_of(old)
    assert shown.because == ("A.", "B.")
    assert (shown.role, shown.nearest, shown.contributions) == (Role.FRONTIER, (4, 5, 6), ())
    assert (shown.spot_check, shown.cheap_cost) == (False, None)
