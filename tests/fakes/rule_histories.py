"""Invented pasts for My rule: turns with answers, votes, decisions and lots, through real doors.

    lived(stage, Past(learning=60, compared=75, checks=8))

Decisions are the real rule's, trained on the votes so far; lots are drawn with a known chance, so
that what a past shows is what the program would have made of it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from app.adapters import sample_texts as texts
from app.domain.answer import Answer, AnswerState
from app.domain.conversation import Prompt, prompt_of
from app.domain.model import Pair, Role
from app.domain.money import Certainty, Cost, Money, Usage
from app.domain.routing.decision import Basis, Decision
from app.domain.routing.defaults import RuleDefaults
from app.domain.routing.question import question_of
from app.domain.routing.rule import Rule, train
from app.domain.routing.spot_check import with_lot
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Choice, Reason, Seating, Vote, VoteKind
from app.services.ports.history import History
from tests.fakes.scripted import Stage

CHANCE = 1 / 16
_WEIGHTS = (26, 24, 18, 16, 11, 5)
_RETRAIN_VOTES = 25
_MATTER_WEIGHTS = (5, 4, 3, 3)


@dataclass(frozen=True, slots=True)
class Past:
    """What happened, oldest first: prompts compared by choice, then auto-route.

    `learning` prompts were asked of both while the rule learned; `checks` spot checks were drawn
    and voted on, with the routed prompts that belong to them; `waiting` wait for a vote.
    `souring` of the last checks found the frontier better, wherever the rule would have sent them.
    Then the cheap model's server names another version, and `changed` prompts are asked of both.
    """

    compared: int = 0
    learning: int = 0
    checks: int = 0
    waiting: int = 0
    souring: int = 0
    changed: int = 0


@dataclass(slots=True)
class _Author:
    history: History
    pair: Pair
    past: Past
    now: datetime
    chance: random.Random
    defaults: RuleDefaults
    step: timedelta
    at: datetime
    lots: tuple[float, ...]
    votes: int = 0
    trained_at: int = 0
    rule: Rule | None = None
    version: str = "-2026-08"
    written: int = 0
    made: list[int] = field(default_factory=list)

    def write(self) -> None:
        for _ in range(self.past.compared):
            self._compare(*self._prompt(), decision=None)
        for _ in range(self.past.learning):
            prompt, kind = self._prompt()
            decision = self._trained().decide(question_of(prompt))
            if decision.basis is not Basis.NOT_ENOUGH_VOTES:
                decision = replace(decision, role=None, basis=Basis.NOT_ENOUGH_VOTES)
            self._compare(prompt, kind, with_lot(decision, self.chance.random(), CHANCE))
        left = self.past.checks
        for lot in self.lots:
            prompt, kind = self._prompt()
            decision = self._routed(prompt, lot)
            if decision.spot_check:
                left -= 1
                sour = left < self.past.souring
                self._compare(prompt, kind, decision, choice=Choice.FRONTIER if sour else None)
            else:
                self._route(prompt, kind, decision)
        for _ in range(self.past.changed):
            self.version = "-2026-11"
            prompt, kind = self._prompt()
            decision = self._trained().decide(question_of(prompt))
            self._compare(prompt, kind, with_lot(decision, 0.01, CHANCE))
        for number in range(self.past.waiting):
            self.at = self.now - timedelta(hours=20 * (self.past.waiting - number))
            prompt, kind = self._prompt()
            self.rule = None  # decided on all votes so far, as the program does
            self._compare(prompt, kind, self._routed(prompt, 0.01), voted=False)

    def _routed(self, prompt: Prompt, lot: float) -> Decision:
        decision = self._trained().decide(question_of(prompt))
        priced = replace(
            decision,
            cheap_cost=self._cost(Decimal("0.0031")),
            frontier_cost=self._cost(Decimal("0.21")),
            decided_at=self.at - timedelta(seconds=1),
        )
        return with_lot(priced, lot, CHANCE)

    @staticmethod
    def _cost(amount: Decimal) -> Cost:
        return Cost(Money(amount), Certainty.ESTIMATED)

    def _trained(self) -> Rule:
        if self.rule is None or self.votes - self.trained_at >= _RETRAIN_VOTES:
            self.rule = train(self.history.lessons(self.pair.key), self.defaults, self.rule)
            self.trained_at = self.votes
        return self.rule

    def _prompt(self) -> tuple[Prompt, texts.Kind]:
        kind = self.chance.choices(texts.KINDS, weights=_WEIGHTS)[0]
        text = self.chance.choice(kind.prompts).format(
            clause=self.chance.choice(texts.CLAUSES),
            document=self.chance.choice(texts.DOCUMENTS),
            party=self.chance.choice(texts.PARTIES),
            day=self.chance.choice(texts.DAYS),
        )
        matter = self.chance.choices(texts.MATTERS, weights=_MATTER_WEIGHTS)[0]
        return prompt_of(text, matter, (kind.tag,)), kind

    def _compare(
        self,
        prompt: Prompt,
        kind: texts.Kind,
        decision: Decision | None,
        *,
        choice: Choice | None = None,
        voted: bool = True,
    ) -> None:
        votes: tuple[Vote, ...] = ()
        if voted:
            votes = (self._vote(choice or self._choice(kind), VoteKind.BLIND),)
        seating = Seating(self.chance.choice(tuple(Role)))
        answers = tuple(self._answer(role, kind) for role in Role)
        self._store(
            Turn(prompt, TurnMode.BLIND, self.pair.key, self.pair.practice, self.at,
                 seating=seating, answers=answers, votes=votes, decision=decision)
        )  # fmt: skip

    def _route(self, prompt: Prompt, kind: texts.Kind, decision: Decision) -> None:
        role = decision.role or Role.FRONTIER
        votes: tuple[Vote, ...] = ()
        if role is Role.CHEAP and self.chance.random() < 0.05:
            bad = self.chance.random() < kind.frontier_better
            choice = Choice.NOT_GOOD_ENOUGH if bad else Choice.GOOD_ENOUGH
            votes = (self._vote(choice, VoteKind.SINGLE),)
        self._store(
            Turn(prompt, TurnMode.ROUTED, self.pair.key, self.pair.practice, self.at,
                 answers=(self._answer(role, kind),), votes=votes, decision=decision)
        )  # fmt: skip

    def _store(self, turn: Turn) -> None:
        stored = self.history.begin_turn(turn)
        self.made.append(stored.id)
        self.written += 1
        self.at += self.step

    def _vote(self, choice: Choice, kind: VoteKind) -> Vote:
        self.votes += 1
        reasons: tuple[Reason, ...] = ()
        if choice is Choice.FRONTIER and self.chance.random() < 0.5:
            reasons = (self.chance.choice(tuple(Reason)),)
        return Vote(choice, kind, reasons, self.at + timedelta(minutes=5))

    def _choice(self, kind: texts.Kind) -> Choice:
        if self.chance.random() < kind.frontier_better:
            return Choice.FRONTIER
        return self.chance.choices(
            (Choice.EQUAL, Choice.CHEAP, Choice.NEITHER), weights=(71, 27, 2)
        )[0]

    def _answer(self, role: Role, kind: texts.Kind) -> Answer:
        model = self.pair.side(role)
        frontier = role is Role.FRONTIER
        usage = Usage(kind.input_tokens, round(kind.output_tokens * (1.15 if frontier else 1.0)))
        money = model.price.cost(usage) if model.price is not None else None
        cost = Cost(money, Certainty.MEASURED) if money is not None else Cost.free()
        return Answer(
            role, model, AnswerState.COMPLETE, self._said(role),
            first_token_ms=1_100 if frontier else 320,
            total_ms=9_400 if frontier else 2_200,
            usage=usage, cost=cost, price=model.price,
            served_model=self._served(role), sent_at=self.at,
        )  # fmt: skip

    def _said(self, role: Role) -> str:
        answer = texts.LONG_ANSWER if role is Role.FRONTIER else texts.SHORT_ANSWER
        fills = {"clause": "notice", "document": "lease", "party": "the tenant", "day": "4 March"}
        return answer.replace("**Sample answer.** ", "").format(**fills)

    def _served(self, role: Role) -> str:
        model = self.pair.side(role).model
        return model if role is Role.FRONTIER else f"{model}{self.version}"


def _drawn(checks: int, chance: random.Random) -> tuple[float, ...]:
    """Return lots until so many of them are spot checks."""
    lots: list[float] = []
    while sum(lot < CHANCE for lot in lots) < checks:
        lots.append(chance.random())
    return tuple(lots)


def remember(
    history: History,
    pair: Pair,
    past: Past,
    now: datetime,
    *,
    seed: int = 4,
    defaults: RuleDefaults | None = None,
    days: int = 240,
) -> tuple[int, ...]:
    """Write a past of `days` up to `now` into a history; return the ids of its turns."""
    # The last days are those of the checks that wait.
    lots = _drawn(past.checks, random.Random(seed + 1))
    prompts = past.compared + past.learning + len(lots) + past.changed
    step = timedelta(days=days - 5) / max(1, prompts)
    author = _Author(
        history, pair, past, now, random.Random(seed), defaults or RuleDefaults(), step,
        now - timedelta(days=days), lots,
    )  # fmt: skip
    author.write()
    return tuple(author.made)


def lived(stage: Stage, past: Past, *, seed: int = 4, days: int = 240) -> tuple[int, ...]:
    """Write a past of a stage's own pair, up to the stage's now; return the ids of its turns."""
    history = stage.prepared()
    try:
        models = {model.role: model for model in history.models()}
        pair = Pair(models[Role.CHEAP], models[Role.FRONTIER])
        defaults = RuleDefaults(votes_needed=stage.votes_needed)
        return remember(
            history, pair, past, stage.clock.now(), seed=seed, days=days, defaults=defaults
        )
    finally:
        history.close()
