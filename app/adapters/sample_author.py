"""Writes the sample's work.

Costs are tokens times price, votes are drawn from invented habits, and decisions are made by the
real rule, trained on the sample's own votes as they accumulate.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.adapters import sample_texts as texts
from app.domain.answer import Answer, AnswerState
from app.domain.calibration.prompts import Found, choose
from app.domain.calibration.run import RunState, fixed_run
from app.domain.conversation import Prompt, prompt_of
from app.domain.model import ModelRef, Pair, Role
from app.domain.money import Certainty, Cost, Money, Usage
from app.domain.routing.decision import Decision
from app.domain.routing.defaults import RuleDefaults
from app.domain.routing.question import question_of
from app.domain.routing.rule import Rule, train
from app.domain.routing.spot_check import with_lot
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Choice, Reason, Seating, Vote, VoteKind
from app.services.ports.clock import Clock
from app.services.ports.history import History

_COMPARING_DAYS = 110  # the first quarter and more is spent comparing
_CHECKS_VOTED = 0.98
_CHEAP_SPEED, _FRONTIER_SPEED = 140, 62  # tokens a second
_RETRAIN_VOTES = 25
_RUN_PROMPTS = 40


@dataclass(slots=True)
class Author:
    """Writes one turn after another, as a person would have worked."""

    history: History
    clock: Clock
    pair: Pair
    chance: random.Random
    days: int
    rule: Rule | None = None
    votes: int = 0
    trained_at: int = 0
    calibrated: bool = False
    kinds: dict[str, float] = field(
        default_factory=lambda: {kind.tag: kind.frontier_better for kind in texts.KINDS}
    )

    def write(self) -> None:
        """Write every turn, oldest first."""
        for asked_at, in_routing in self._moments():
            if in_routing and not self.calibrated:
                self._calibrate(asked_at.replace(hour=5, minute=0))
            kind = self.chance.choices(texts.KINDS, weights=(26, 24, 18, 16, 11, 5))[0]
            prompt, fills = self._prompt(kind)
            if in_routing:
                self._route(prompt, kind, fills, asked_at)
            else:
                self._compare(prompt, kind, fills, asked_at)

    def _moments(self) -> Iterator[tuple[datetime, bool]]:
        """Yield when something is asked, on working days, and whether auto-route is on by then."""
        today = self.clock.now().date()
        for back in range(self.days, 0, -1):
            day = today - timedelta(days=back)
            if day.weekday() >= 5:
                continue
            routing = back <= self.days - _COMPARING_DAYS
            minutes = sorted(self.chance.sample(range(540), self.chance.choice((1, 1, 2))))
            for minute in minutes:
                start = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
                yield start + timedelta(minutes=minute), routing

    def _prompt(self, kind: texts.Kind) -> tuple[Prompt, dict[str, str]]:
        fills = {
            "clause": self.chance.choice(texts.CLAUSES),
            "document": self.chance.choice(texts.DOCUMENTS),
            "party": self.chance.choice(texts.PARTIES),
            "day": self.chance.choice(texts.DAYS),
        }
        text = self.chance.choice(kind.prompts).format(**fills)
        matter = self.chance.choices(texts.MATTERS, weights=(5, 4, 3, 3))[0]
        return prompt_of(text, matter, (kind.tag,)), fills

    def _calibrate(self, at: datetime) -> None:
        """Make a calibration run before auto-route is switched on, all of it voted on."""
        self.calibrated = True
        kinds: dict[str, tuple[texts.Kind, dict[str, str]]] = {}
        found: list[Found] = []
        while len(kinds) < _RUN_PROMPTS:
            kind = self.chance.choices(texts.KINDS, weights=(26, 24, 18, 16, 11, 5))[0]
            prompt, fills = self._prompt(kind)
            if prompt.text not in kinds:
                kinds[prompt.text] = kind, fills
                found.append(Found(prompt.text, prompt.matter, prompt.tags, "sample"))
        fixed = fixed_run(
            "Sample audit", choose(found).entries, self.pair, Money(Decimal(30)),
            seed="sample", created_at=at, utc_offset_min=self.clock.utc_offset_min(at),
        )  # fmt: skip
        run = self.history.add_calibration(fixed)
        self.history.claim_calibration(run.id)
        for item in run.by_lot:
            kind, fills = kinds[item.prompt.text]
            asked_at = at + timedelta(minutes=item.order)
            seat = self.chance.choice((Role.CHEAP, Role.FRONTIER))
            answers = self._answers(kind, fills, asked_at, (Role.CHEAP, Role.FRONTIER))
            turn = self._turn(item.prompt, TurnMode.BLIND, asked_at, answers)
            vote = self._vote(at + timedelta(hours=1), self._choice(kind), VoteKind.BLIND)
            whole = replace(turn, seating=Seating(seat), votes=(vote,))
            self.history.begin_item(run.id, item.id, whole)
        self.history.release_calibration(run.id, RunState.ANSWERED, None)
        self.history.close_calibration(run.id)

    def _compare(
        self,
        prompt: Prompt,
        kind: texts.Kind,
        fills: dict[str, str],
        asked_at: datetime,
        check: Decision | None = None,
    ) -> None:
        """Ask both, blind, and vote in four of five; a spot check is voted on nearly always."""
        seat = self.chance.choice((Role.CHEAP, Role.FRONTIER))
        answers = self._answers(kind, fills, asked_at, (Role.CHEAP, Role.FRONTIER))
        turn = self._turn(prompt, TurnMode.BLIND, asked_at, answers)
        votes: tuple[Vote, ...] = ()
        if self.chance.random() < (_CHECKS_VOTED if check else 0.8):
            votes = (self._vote(asked_at, self._choice(kind), VoteKind.BLIND),)
        whole = replace(turn, seating=Seating(seat), votes=votes, decision=check)
        self.history.begin_turn(whole)

    def _route(
        self, prompt: Prompt, kind: texts.Kind, fills: dict[str, str], asked_at: datetime
    ) -> None:
        """Let the real rule decide; 1 in 16 is compared blind instead, to keep it honest."""
        decision = self._trained().decide(question_of(prompt))
        decision = with_lot(decision, self.chance.random(), RuleDefaults().spot_check_chance)
        if decision.asks_both:
            self._compare(prompt, kind, fills, asked_at, decision)
            return
        assert decision.role is not None
        answers = self._answers(kind, fills, asked_at, (decision.role,))
        votes: tuple[Vote, ...] = ()
        if decision.role is Role.CHEAP and self.chance.random() < 0.25:
            bad = self.chance.random() < self.kinds[kind.tag]
            choice = Choice.NOT_GOOD_ENOUGH if bad else Choice.GOOD_ENOUGH
            votes = (self._vote(asked_at, choice, VoteKind.SINGLE),)
        turn = self._turn(prompt, TurnMode.ROUTED, asked_at, answers)
        self.history.begin_turn(replace(turn, decision=decision, votes=votes))

    def _trained(self) -> Rule:
        """Return the rule, trained anew after every so many votes."""
        if self.rule is None or self.votes - self.trained_at >= _RETRAIN_VOTES:
            self.rule = train(self.history.lessons(self.pair.key), RuleDefaults())
            self.trained_at = self.votes
        return self.rule

    def _turn(
        self, prompt: Prompt, mode: TurnMode, asked_at: datetime, answers: tuple[Answer, ...]
    ) -> Turn:
        """Return the turn whole: stored in one transaction, as nothing is still to come."""
        offset = self.clock.utc_offset_min(asked_at)
        return Turn(prompt, mode, self.pair.key, False, asked_at, offset, answers=answers)

    def _answers(
        self, kind: texts.Kind, fills: dict[str, str], asked_at: datetime, roles: tuple[Role, ...]
    ) -> tuple[Answer, ...]:
        """Return what the models answer; both read the same prompt, each writes its own length."""
        inputs = round(kind.input_tokens * self.chance.lognormvariate(0, 0.5))
        length = kind.output_tokens * self.chance.lognormvariate(0, 0.35)
        return tuple(
            self._answer(self.pair.side(role), inputs, length, fills, asked_at) for role in roles
        )

    def _answer(
        self, model: ModelRef, inputs: int, length: float, fills: dict[str, str], asked_at: datetime
    ) -> Answer:
        frontier = model.role is Role.FRONTIER
        own = length * (1.15 if frontier else 1.0) * self.chance.lognormvariate(0, 0.18)
        usage = Usage(round(inputs * (1.02 if frontier else 1.0)), max(20, round(own)))
        assert model.price is not None
        assert usage.output_tokens is not None
        first_ms = round((1_100 if frontier else 320) * self.chance.lognormvariate(0, 0.3))
        speed = _FRONTIER_SPEED if frontier else _CHEAP_SPEED
        text = (texts.LONG_ANSWER if frontier else texts.SHORT_ANSWER).format(**fills)
        money = model.price.cost(usage)
        assert money is not None
        return Answer(
            model.role,
            model,
            AnswerState.COMPLETE,
            text[0].upper() + text[1:],
            first_token_ms=first_ms,
            total_ms=first_ms + round(1000 * usage.output_tokens / speed),
            usage=usage,
            cost=Cost(money, Certainty.MEASURED),
            price=model.price,
            served_model=model.model,
            sent_at=asked_at,
        )

    def _choice(self, kind: texts.Kind) -> Choice:
        if self.chance.random() < self.kinds[kind.tag]:
            return Choice.FRONTIER
        return self.chance.choices(
            (Choice.EQUAL, Choice.CHEAP, Choice.NEITHER), weights=(71, 27, 2)
        )[0]

    def _vote(self, asked_at: datetime, choice: Choice, kind: VoteKind) -> Vote:
        reasons: tuple[Reason, ...] = ()
        if choice in (Choice.FRONTIER, Choice.NOT_GOOD_ENOUGH) and self.chance.random() < 0.6:
            reasons = (self.chance.choice(tuple(Reason)),)
        self.votes += 1
        return Vote(choice, kind, reasons, asked_at + timedelta(minutes=self.chance.randint(1, 20)))
