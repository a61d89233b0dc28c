"""Replay on my history: what the rule would have done, saved and lost, had it been on all along."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from app.domain.errors import InputError, NotFoundError
from app.domain.model import Pair
from app.domain.money import Money
from app.domain.routing.decision import Basis, Decision
from app.domain.routing.defaults import RuleDefaults
from app.domain.routing.lesson import Lesson
from app.domain.routing.question import Question, question_of
from app.domain.savings.either import Either, either_costs
from app.domain.savings.values import SeriesPoint
from app.domain.turn import LedgerTurn
from app.domain.words import limit_text, money_text
from app.services.ports.clock import Clock
from app.services.rule import Rules
from app.services.store import Store

if TYPE_CHECKING:
    from app.domain.routing.rule import Rule

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip
_SHORT_DAYS = 60  # a shorter history is told by its day, not by its month


@dataclass(frozen=True, slots=True)
class Replayed:
    """The rule of today run over the history of its pair.

    `to_cheap` of `prompts` would have gone to cheap, for `saved` less than the frontier alone over
    those of known price (`priced`). By `judged` votes asked for by lot a share `lost` (0..1) of all
    would have been better on the frontier, likely `low`..`high`; None without such votes. `checks`
    is about what spot checks would have cost. `points` add up day by day, in `currency`: what the
    frontier alone and what the rule would have cost, over the `priced_prompts` whose two prices are
    known.
    """

    prompts: int
    to_cheap: int
    saved: Money | None
    priced: int
    judged: int
    lost: float | None
    low: float
    high: float
    since: str
    sentences: tuple[str, ...]
    limit: float
    checks: Money | None
    currency: str
    points: tuple[SeriesPoint, ...]
    priced_prompts: int


@dataclass(frozen=True, slots=True)
class Remade:
    """A past decision made again from the votes of its time; `same` is None where that failed."""

    decision: Decision | None
    same: bool | None
    sentence: str


class Replays:
    """Runs the rule over what was asked; nothing is sent and nothing is stored."""

    def __init__(self, store: Store, rules: Rules, clock: Clock) -> None:
        self._store = store
        self._rules = rules
        self._clock = clock

    async def replay(self, pair: Pair) -> Replayed:
        """Return what would have been; InputError while the rule has no promise to replay."""
        rule = await self._rules.trained(pair)
        if rule.certificate is None:
            raise InputError(
                "There is no promise to replay yet.",
                "A calibration run, or the votes that auto-route asks for, make one.",
                "no_promise",
            )
        ledger = await self._store(lambda history: history.ledger(practice=pair.practice))
        asked = await self._store(lambda history: history.questions(pair.key))
        lessons = await self._store(lambda history: history.lessons(pair.key))
        chance = await self._rules.spot_check_chance()
        own = [turn for turn in ledger if turn.pair_key == pair.key]
        now = self._clock.now()
        today = now + timedelta(minutes=self._clock.utc_offset_min(now))
        return await asyncio.to_thread(_replayed, rule, own, asked, lessons, (chance, today))

    async def again(self, turn_id: int, pair: Pair) -> Remade:
        """Make the decision of a turn again, as it was then; NotFoundError if there is no turn.

        `pair` is the one in use: of it the votes on earlier versions are known, too.
        """
        turn = await self._store(lambda history: history.turn(turn_id))
        if turn is None:
            raise NotFoundError(f"There is no comparison {turn_id}.", "It may have been deleted.")
        decision = turn.decision
        if decision is None or decision.basis is not Basis.LEARNED:
            return Remade(None, None, "What decided here was no vote: there is none to replay.")
        taught: tuple[Sequence[Lesson], datetime | None]
        if pair.key == turn.pair_key:
            taught = await self._rules.lessons(pair)
        else:
            taught = await self._store(lambda history: history.lessons(turn.pair_key)), None
        numbers = await self._rules.learning_numbers()
        return await asyncio.to_thread(_again, decision, taught, numbers, question_of(turn.prompt))


def _again(
    decision: Decision,
    taught: tuple[Sequence[Lesson], datetime | None],
    numbers: RuleDefaults,
    question: Question,
) -> Remade:
    from app.domain.routing.replay import replayed

    lessons, changed_at = taught
    made = replayed(decision, lessons, numbers, question, changed_at)
    if made is None:
        return Remade(
            None,
            None,
            "It cannot be replayed: the votes of its time, or the numbers you had chosen, are not "
            "all there any more. It is shown as it was stored.",
        )
    if made == decision:
        return Remade(made, True, "Replayed from the votes of its time, it decides the same.")
    return Remade(
        made,
        False,
        "Replayed from the votes of its time, this version of the program decides otherwise. What "
        "is shown is what happened.",
    )


def _replayed(
    rule: Rule,
    ledger: Sequence[LedgerTurn],
    asked: Sequence[tuple[int, Question]],
    lessons: Sequence[Lesson],
    terms: tuple[float, datetime],
) -> Replayed:
    from app.domain.routing.replay import Past, replay, routes

    chance, today = terms
    questions = dict(asked)
    costs = [item for item in either_costs(ledger) if item.turn.id in questions]
    history = [
        Past(questions[item.turn.id], item.turn.id, item.cheap, item.frontier) for item in costs
    ]
    found = replay(rule, history, lessons)
    sent = routes(rule, [item.question for item in history], [item.turn_id for item in history])
    currency = found.saved.currency if found.saved else _currency(costs)
    counted = [(item, goes) for item, goes in zip(costs, sent, strict=True)
               if _both_in(item, currency)]  # fmt: skip
    since = _since(costs[0].turn.local_day, today) if costs else ""
    checks = _checks(counted, chance, currency) if found.priced else None
    said = [found.sentence(since)]
    if checks is not None:
        said.append(
            f"Spot checks, {limit_text(chance)}, would have taken about {money_text(checks)} of it."
        )
    return Replayed(
        found.prompts, found.to_cheap, found.saved, found.priced, found.judged, found.lost,
        found.low, found.high, since, tuple(said), rule.defaults.limit, checks, currency,
        _points(counted), len(counted),
    )  # fmt: skip


def _currency(costs: Sequence[Either]) -> str:
    return next((item.frontier.currency for item in costs if item.frontier), "USD")


def _both_in(item: Either, currency: str) -> bool:
    return all(
        money is not None and money.currency == currency for money in (item.cheap, item.frontier)
    )


def _checks(counted: Sequence[tuple[Either, bool]], chance: float, currency: str) -> Money:
    """Return about what asking the other model too would have cost, at that chance (0..1)."""
    others = (item.frontier if goes else item.cheap for item, goes in counted)
    total = sum((money.amount for money in others if money is not None), Decimal(0))
    return Money(total * Decimal(repr(chance)), currency)


def _points(counted: Sequence[tuple[Either, bool]]) -> tuple[SeriesPoint, ...]:
    """Return both lines day by day; only prompts whose two prices are known are in either."""
    points: dict[str, SeriesPoint] = {}
    alone = routed = Decimal(0)
    for item, goes in counted:
        assert item.cheap is not None
        assert item.frontier is not None
        alone += item.frontier.amount
        routed += item.cheap.amount if goes else item.frontier.amount
        points[item.turn.local_day] = SeriesPoint(item.turn.local_day, routed, alone, alone, alone)
    return tuple(points[day] for day in sorted(points))


def _since(day: str, today: datetime) -> str:
    """Return the first day as a person says it: '3 March', 'March', 'March 2025'."""
    first = datetime.fromisoformat(day)
    month = _MONTHS[first.month - 1]
    year = "" if first.year == today.year else f" {first.year}"
    short = (today.date() - first.date()).days < _SHORT_DAYS
    return f"{first.day} {month}{year}" if short else f"{month}{year}"
