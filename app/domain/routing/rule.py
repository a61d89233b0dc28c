"""The personal rule: trained from votes, it decides and says why. Imported lazily (numpy)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.model import Role
from app.domain.routing.certificate import Certificate, schedule
from app.domain.routing.course import Course, follow
from app.domain.routing.decision import Basis, Decision
from app.domain.routing.defaults import RuleDefaults, canonical, rule_version
from app.domain.routing.explain import (
    chance_sentence,
    changed_sentence,
    missing_sentence,
    nearest_sentence,
    objection_sentence,
    reasons_sentence,
)
from app.domain.routing.groups import Group, GroupKey, group_up, keys_of, most_specific
from app.domain.routing.learner import Chance
from app.domain.routing.learning import Learning, learn, material_of, weight_of
from app.domain.routing.lesson import Lesson
from app.domain.routing.promise import Promise
from app.domain.routing.question import Question

_DIGITS = 9  # what two machines may round differently is not stored


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A trained rule. `lessons` are those that count, in canonical order.

    `learning` is what all of them teach today, None before the first promise; `course.certificate`
    is what decides.
    """

    lessons: tuple[Lesson, ...]
    defaults: RuleDefaults
    version: str
    groups: dict[GroupKey, Group]
    course: Course
    promise: Promise
    learning: Learning | None

    @property
    def certificate(self) -> Certificate | None:
        """Return the certificate in force, or None."""
        return self.course.certificate

    @property
    def calibrating(self) -> int:
        """Return how many calibrating votes are settled and may speak for the promise."""
        return sum(lesson.settled is not None for lesson in self.course.line)

    @property
    def outdated(self) -> int:
        """Return how many votes are about an earlier version of the pair.

        A comparison that was never voted on says nothing about either version.
        """
        pairs = zip(self.lessons, self.course.old, strict=True)
        return sum(old and lesson.choice is not None for lesson, old in pairs)

    def decide(self, question: Question) -> Decision:
        """Return where a prompt goes, how sure that is, and why; the same question, the same."""
        group = most_specific(self.groups, keys_of(question), self.defaults.group_votes)
        certificate = self.certificate
        if certificate is None:
            return self._without_promise(group)
        chance = certificate.learning.chance(question)
        (open_to_cheap,) = certificate.sends([question])
        objection = self._objection(question, certificate) if open_to_cheap else ""
        cheap = open_to_cheap and not objection
        near = certificate.learning.nearest(question, self.defaults.neighbours)
        parts = certificate.learning.contributions(question)
        counts = group.sentence() if group else ""
        promise = certificate.promise
        odds, promised = chance_sentence(chance, promise), promise.sentence()
        rest = (reasons_sentence(parts), nearest_sentence(near))
        # What the prompt's destination rests on comes first: counts that speak for cheap would
        # puzzle whoever reads them above an answer from the frontier.
        because: tuple[str, ...]
        if cheap:
            because = (counts, odds, *rest, promised)
        elif promise.holds:
            because = (objection, odds, counts, *rest, promised)
        else:
            because = (promised, counts, odds, *rest)
        return Decision(
            Role.CHEAP if cheap else Role.FRONTIER,
            Basis.LEARNED,
            tuple(sentence for sentence in because if sentence),
            round(chance.probability, _DIGITS),
            round(chance.low, _DIGITS),
            round(chance.high, _DIGITS),
            group.tally if group else None,
            votes_used=len(certificate.learning.lessons),
            votes_needed=self.defaults.votes_needed,
            rule_version=self.version,
            nearest=tuple(lesson.turn_id for lesson in near),
            contributions=parts,
            threshold=round(promise.threshold, _DIGITS) if promise.holds else None,
            limit=promise.limit,
            confidence=promise.confidence,
        )

    def chance(self, question: Question) -> Chance | None:
        """Return today's chance that the frontier is strictly better; None before any promise."""
        return None if self.learning is None else self.learning.chance(question)

    def _objection(self, question: Question, certificate: Certificate) -> str:
        """Return why later votes hold a prompt back from cheap, or an empty string."""
        assert self.learning is not None
        assert certificate.line is not None
        (logit,) = self.learning.logits([question])
        if logit <= certificate.line + self.defaults.objection:
            return ""
        return objection_sentence(self.learning.chance(question).probability)

    def _without_promise(self, group: Group | None) -> Decision:
        """Return the decision before the first promise, after an alarm or a change of the pair."""
        counts = (group.sentence(),) if group else ()
        said = missing_sentence(self.calibrating, self.defaults.votes_needed, self.promise.unvoted)
        role: Role | None = None
        basis, because = Basis.NOT_ENOUGH_VOTES, (said, *counts)
        if self.course.drift is not None:
            role, basis = Role.FRONTIER, Basis.DRIFT
            because = (self.course.drift.sentence(self.defaults.limit), said, *counts)
        elif self.outdated:
            basis = Basis.PAIR_CHANGED
            because = (changed_sentence(self.outdated), said, *counts)
        return Decision(
            role,
            basis,
            because,
            tally=group.tally if group else None,
            votes_used=self.calibrating,
            votes_needed=self.defaults.votes_needed,
            rule_version=self.version,
        )


def train(
    lessons: Sequence[Lesson],
    defaults: RuleDefaults | None = None,
    before: Rule | None = None,
    changed_at: datetime | None = None,
) -> Rule:
    """Return the rule that these votes teach; their order does not matter.

    `before` is an earlier rule: what it has already worked out for the same votes is taken over.
    Lessons asked before `changed_at` are about an earlier version of the pair.
    """
    defaults = defaults or RuleDefaults()
    used = tuple(
        item
        for item in canonical(lessons)
        if item.calibrates or item.agreed is not None or weight_of(item, defaults) > 0
    )
    course = follow(used, defaults, before.course.made if before else (), changed_at)
    groups = group_up(
        [item for item, old in zip(used, course.old, strict=True) if not old], defaults.confidence
    )
    certificate, learning = course.certificate, None
    if certificate is not None:
        learning = certificate.learning
        settled = [
            (item, old)
            for item, old in zip(used, course.old, strict=True)
            if item.settled is not None
        ]
        if any(item.settled > certificate.since for item, _ in settled if item.settled):
            known = [item for item, _ in settled]
            learning = learn(known, material_of(known, [old for _, old in settled], defaults))
    promise = certificate.promise if certificate else _no_promise(course, defaults)
    return Rule(
        used, defaults, rule_version(used, defaults, changed_at), groups, course, promise, learning
    )


def _no_promise(course: Course, defaults: RuleDefaults) -> Promise:
    """Return the counts alone: before a look, the rule allows nothing."""
    settled = [lesson for lesson in course.line if lesson.settled is not None]
    return Promise(
        votes=len(settled), frontier_better=sum(lesson.counts_as_loss for lesson in settled),
        limit=defaults.limit, confidence=defaults.confidence, threshold=0.0, share=0.0, low=0.0,
        high=1.0, errors=0, luck_share=0.0,
        unvoted=sum(lesson.choice is None for lesson in settled),
        next_look=schedule(defaults)[0].votes,
        needed=max(0, defaults.votes_needed - len(settled)), horizon=defaults.horizon,
    )  # fmt: skip
