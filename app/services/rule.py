"""My rule: trained from the pair's votes when they change, off the event loop."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from app.domain.conversation import Prompt
from app.domain.errors import InputError
from app.domain.model import Pair
from app.domain.routing.decision import Decision
from app.domain.routing.defaults import RuleDefaults
from app.domain.routing.deleting import About, deleting_sentence
from app.domain.routing.lesson import Lesson
from app.domain.routing.overview import RuleOverview
from app.domain.routing.question import question_of
from app.domain.turn import Turn
from app.services.ports.clock import Clock
from app.services.ports.history import History
from app.services.store import Store

if TYPE_CHECKING:
    # The rule brings numpy, which first paint must not wait for; it is imported when it trains.
    from app.domain.routing.rule import Rule

LIMIT_SETTING = "rule_limit"
CONFIDENCE_SETTING = "rule_confidence"
OFFERED_SETTING = "rule_votes_needed"
SPOT_CHECK_SETTING = "rule_spot_check_chance"
_A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class _Trained:
    """A rule with what it was trained from, to see when it is out of date."""

    pair_key: str
    lessons: tuple[Lesson, ...]
    defaults: RuleDefaults
    rule: Rule


class Rules:
    """Trains, keeps and asks the personal rule of a pair."""

    def __init__(self, store: Store, clock: Clock, defaults: RuleDefaults | None = None) -> None:
        self._store = store
        self._clock = clock
        self._defaults = defaults or RuleDefaults()
        self._training = asyncio.Lock()
        self._trained: _Trained | None = None

    async def overview(self, pair: Pair) -> RuleOverview:
        """Return what the rule of this pair learned, what it promises, and what it left out."""
        rule = await self.trained(pair)

        def read(history: History) -> dict[str, int]:
            return history.votes_left_out(pair.key, history.earlier_versions(pair))

        left_out = await self._store(read)
        return await asyncio.to_thread(_overview, rule, left_out, self._clock.now())

    async def decide(self, pair: Pair, prompt: Prompt) -> Decision:
        """Return where the prompt would go, how sure that is, and why; nothing is sent."""
        rule = await self.trained(pair)
        return await asyncio.to_thread(rule.decide, question_of(prompt))

    async def set_limit(self, limit: float) -> None:
        """Store how large a share of all prompts may be lost; InputError outside 0.01 to 0.5."""
        if not 0.01 <= limit <= 0.5:
            raise InputError("The limit is a share between 1 in 100 and 1 in 2.", "Choose another.")
        await self._keep(LIMIT_SETTING, repr(limit))

    async def set_confidence(self, confidence: float) -> None:
        """Store how sure the limit is to hold (0..1); InputError outside 0.8 to 0.99."""
        if not 0.8 <= confidence <= 0.99:
            raise InputError("The confidence is between 80% and 99%.", "Choose another.")
        await self._keep(CONFIDENCE_SETTING, repr(confidence))

    async def set_votes_needed(self, votes: int) -> None:
        """Store from how many votes auto-route is offered; InputError outside 20 to 500."""
        if not 20 <= votes <= 500:
            raise InputError(
                "Auto-route is offered from 20 to 500 votes.",
                "With fewer the rule could not know enough; choose another number.",
            )
        await self._keep(OFFERED_SETTING, str(votes))

    async def defaults(self) -> RuleDefaults:
        """Return the numbers in force: the user's own where they chose any."""

        def read(history: History) -> tuple[str | None, ...]:
            names = (LIMIT_SETTING, CONFIDENCE_SETTING, SPOT_CHECK_SETTING, OFFERED_SETTING)
            return tuple(history.setting(name) for name in names)

        limit, confidence, chance, votes = await self._store(read)
        own = self._defaults
        return replace(
            own,
            limit=_share(limit, own.limit),
            confidence=_share(confidence, own.confidence),
            spot_check_chance=_share(chance, own.spot_check_chance),
            votes_needed=int(votes) if votes and votes.isdecimal() else own.votes_needed,
        )

    async def _keep(self, name: str, value: str) -> None:
        await self._store(lambda history: history.set_setting(name, value))

    async def spot_check_chance(self) -> float:
        """Return the chance (0..1) with which an auto-routed prompt is asked of both models."""
        return (await self.defaults()).spot_check_chance

    async def set_spot_check_chance(self, chance: float) -> None:
        """Store that chance; InputError outside 1 in 100 to 1 in 4."""
        if not 0.01 <= chance <= 0.25:
            raise InputError(
                "Spot checks are between 1 in 100 and 1 in 4 of the routed prompts.",
                "Choose another number.",
            )
        await self._keep(SPOT_CHECK_SETTING, repr(chance))

    async def learning_numbers(self) -> RuleDefaults:
        """Return the numbers that a rule is trained with now, and that its fingerprint covers.

        How often it is checked changes nothing of what was learned, so that number is no part.
        """
        numbers = await self.defaults()
        return replace(numbers, spot_check_chance=self._defaults.spot_check_chance)

    async def lessons(self, pair: Pair) -> tuple[tuple[Lesson, ...], datetime | None]:
        """Return what a pair's rule is trained from, and when earlier versions ended."""
        return await self._store(partial(_lessons, pair))

    async def deleting(self, pair: Pair, turn: Turn) -> str:
        """Return what a turn's deletion does to what this pair's rule has learned, in a sentence.

        Empty where it does nothing.
        """
        rule = await self.trained(pair)
        for known, old in zip(rule.lessons, rule.course.old, strict=True):
            if known.turn_id == turn.id:
                return deleting_sentence(known, About.EARLIER if old else About.THESE)
        lessons = await self._store(lambda history: history.lessons(turn.pair_key))
        lesson = next((lesson for lesson in lessons if lesson.turn_id == turn.id), None)
        about = About.THESE if turn.pair_key == pair.key else About.OTHERS
        return deleting_sentence(lesson, about)

    async def trained(self, pair: Pair) -> Rule:
        """Return the pair's rule, trained anew only when its votes or the limit have changed."""
        lessons, changed_at = await self.lessons(pair)
        defaults = await self.learning_numbers()
        # One training at a time; whoever waited finds it done.
        async with self._training:
            kept = self._trained
            if kept is None or (kept.pair_key, kept.lessons, kept.defaults) != (
                pair.key,
                lessons,
                defaults,
            ):
                before = kept.rule if kept is not None and kept.pair_key == pair.key else None
                rule = await asyncio.to_thread(_train, lessons, defaults, before, changed_at)
                kept = _Trained(pair.key, lessons, defaults, rule)
                self._trained = kept
            return kept.rule


def _share(stored: str | None, fallback: float) -> float:
    """Return the stored share, or the default where it is absent or unreadable."""
    try:
        limit = float(stored) if stored else fallback
    except ValueError:
        return fallback
    return limit if 0.0 < limit < 1.0 else fallback


def _lessons(pair: Pair, history: History) -> tuple[tuple[Lesson, ...], datetime | None]:
    """Return what was learned on a pair, and on its earlier versions with when these ended."""
    current = history.lessons(pair.key)
    first = min((item.asked_at for item in current), default=None)
    # Of a version in between, while this one had been left and was come back to, nothing counts.
    earlier = [
        item
        for key in history.earlier_versions(pair)
        for item in history.lessons(key)
        if first is None or item.asked_at < first
    ]
    if not earlier:
        return tuple(current), None
    changed_at = max(item.asked_at for item in earlier) + _A_MOMENT
    return (*earlier, *current), changed_at


def _train(
    lessons: tuple[Lesson, ...],
    defaults: RuleDefaults,
    before: Rule | None,
    changed_at: datetime | None,
) -> Rule:
    from app.domain.routing.rule import train

    return train(lessons, defaults, before, changed_at)


def _overview(rule: Rule, left_out: dict[str, int], as_of: datetime) -> RuleOverview:
    from app.domain.routing.learned import overview_of

    return overview_of(rule, left_out, as_of)
