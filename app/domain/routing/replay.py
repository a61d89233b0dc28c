"""Replay: a past decision made again, and the rule run over one's own history.

What routing would have lost is known only where both models were compared by lot. Each such vote
stands for as many prompts as its chance says (inverse propensity: a vote that 1 prompt in 16 was
asked for stands for 16). A prompt that helped to make the rule is judged by a rule that never saw
it. Imported lazily (numpy).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.money import Money
from app.domain.routing.counts import beta_quantile
from app.domain.routing.decision import Decision
from app.domain.routing.defaults import RuleDefaults
from app.domain.routing.lesson import Lesson
from app.domain.routing.question import Question, question_of
from app.domain.routing.rule import Rule, train
from app.domain.words import counted, interval_text, money_text, share_text


def known_at(lessons: Sequence[Lesson], moment: datetime) -> list[Lesson]:
    """Return the lessons as they stood then: later ones away, votes not yet cast still awaited."""
    known = []
    for lesson in lessons:
        if lesson.asked_at > moment:
            continue
        settled = lesson.settled
        cast = settled is not None and settled <= moment
        awaited = replace(lesson, choice=None, settled_at=None, severity=1.0, late=False)
        known.append(lesson if cast else awaited)
    return known


def replayed(
    decision: Decision,
    lessons: Sequence[Lesson],
    defaults: RuleDefaults,
    question: Question,
    changed_at: datetime | None = None,
) -> Decision | None:
    """Return a learned decision made again from the votes of its time, or None.

    The limit, the confidence and the votes needed are those it was made with. `changed_at` is as in
    `train`. None where the votes or the numbers are not all there any more: its stored words then
    stand alone. What the rule does not decide (lot, prices, moment, pins) is taken over.
    """
    if decision.decided_at is None:
        return None
    defaults = replace(
        defaults,
        limit=decision.limit or defaults.limit,
        confidence=decision.confidence or defaults.confidence,
        votes_needed=decision.votes_needed or defaults.votes_needed,
    )
    rule = train(known_at(lessons, decision.decided_at), defaults, changed_at=changed_at)
    if rule.version != decision.rule_version:
        return None
    return replace(
        rule.decide(question),
        propensity=decision.propensity,
        draw=decision.draw,
        spot_check=decision.spot_check,
        pair_version=decision.pair_version,
        cheap_cost=decision.cheap_cost,
        frontier_cost=decision.frontier_cost,
        decided_at=decision.decided_at,
        met=decision.met,
    )


@dataclass(frozen=True, slots=True)
class Past:
    """One prompt of the history, with what each model costs for it (as billed or estimated)."""

    question: Question
    turn_id: int
    cheap: Money | None
    frontier: Money | None


@dataclass(frozen=True, slots=True)
class Replay:
    """The rule run over the history. Shares are 0..1, of all `prompts`.

    `to_cheap` would have gone to cheap. `saved` is what that would have cost less than the
    frontier alone, over the `priced` of them whose prices are known; None where none is. `judged`
    votes tell that a share `lost` of all prompts would have been better on the frontier, likely
    `low`..`high`.
    """

    prompts: int
    to_cheap: int
    saved: Money | None
    priced: int
    judged: int
    lost: float | None
    low: float
    high: float

    def sentence(self, since: str) -> str:
        """Return what would have been, `since` as a person says it ("March")."""
        said = (
            f"Had the rule been on since {since}, {self.to_cheap:,} of "
            f"{counted(self.prompts, 'prompt')} would have gone to the cheap model"
        )
        if self.saved is not None:
            said += f", for {money_text(self.saved, approximate=True)} less"
            if self.priced < self.to_cheap:
                said += f" (price known for {self.priced:,} of them)"
        if self.lost is None:
            return f"{said}. What that would have lost is not known: no vote was asked for by lot."
        return (
            f"{said}. By {counted(self.judged, 'vote')} asked for by lot, {share_text(self.lost)} "
            f"of all would have been better on the frontier ({interval_text(self.low, self.high)})."
        )


def replay(rule: Rule, history: Sequence[Past], lessons: Sequence[Lesson]) -> Replay:
    """Return what the rule would have done; `lessons` are those of the same prompts."""
    sent = routes(rule, [item.question for item in history], [item.turn_id for item in history])
    saved: Money | None = None
    priced = 0
    for item, goes in zip(history, sent, strict=True):
        if goes and item.cheap and item.frontier and item.cheap.currency == item.frontier.currency:
            gain = item.frontier - item.cheap
            if saved is not None and saved.currency != gain.currency:
                continue
            saved = gain if saved is None else saved + gain
            priced += 1
    judged = [
        lesson for lesson in lessons
        if lesson.calibrates and lesson.propensity and lesson.settled is not None
    ]  # fmt: skip
    went = routes(rule, [question_of(item) for item in judged], [item.turn_id for item in judged])
    weighted = [
        (1.0 / (item.propensity or 1.0), goes and item.counts_as_loss)
        for item, goes in zip(judged, went, strict=True)
    ]
    lost, low, high = _share(weighted, rule.defaults.confidence)
    return Replay(len(history), sum(sent), saved, priced, len(judged), lost, low, high)


def routes(rule: Rule, questions: Sequence[Question], turns: Sequence[int]) -> list[bool]:
    """Return which prompts go to cheap; those that made the rule by a rule that never saw them."""
    certificate = rule.certificate
    if certificate is None:
        return [False] * len(questions)
    cohort = zip(certificate.cohort, certificate.scores.ranks, strict=True)
    unseen = {
        lesson.turn_id: certificate.promise.holds and rank <= certificate.promise.rank
        for lesson, rank in cohort
        if lesson.turn_id
    }
    sent = certificate.sends(questions)
    return [unseen.get(turn, goes) for turn, goes in zip(turns, sent, strict=True)]


def _share(
    weighted: Sequence[tuple[float, bool]], confidence: float
) -> tuple[float | None, float, float]:
    """Return a weighted share with its interval: that of as many equal votes as these are worth."""
    total = sum(weight for weight, _ in weighted)
    if not total:
        return None, 0.0, 1.0
    share = sum(weight for weight, hit in weighted if hit) / total
    worth = total**2 / sum(weight**2 for weight, _ in weighted)  # Kish's effective size
    tail, hits = (1.0 - confidence) / 2.0, share * worth
    low = 0.0 if hits <= 0 else beta_quantile(tail, hits, worth - hits + 1.0)
    high = 1.0 if hits >= worth else beta_quantile(1.0 - tail, hits + 1.0, worth - hits)
    return share, low, high
