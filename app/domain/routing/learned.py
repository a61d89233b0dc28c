"""What a trained rule learned, group by group. Imported lazily (numpy, through the rule)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from app.domain.model import Role
from app.domain.routing.explain import changed_sentence, missing_sentence
from app.domain.routing.groups import GroupKey, GroupKind, is_comparison, keys_of
from app.domain.routing.lesson import Lesson
from app.domain.routing.overview import Learned, RuleOverview
from app.domain.routing.promise import calibration, trade_off
from app.domain.routing.question import question_of
from app.domain.routing.rule import Rule
from app.domain.routing.spot_check import second_look_checks, second_look_sentence
from app.domain.vote import VoteKind
from app.domain.words import counted


def overview_of(rule: Rule, left_out: Mapping[str, int], as_of: datetime) -> RuleOverview:
    """Return all that a person may want to know about a rule."""
    voted = [lesson for lesson in rule.lessons if lesson.choice is not None and lesson.of_pair]
    kinds = Counter(lesson.kind for lesson in voted)
    ranks, chances, labels = _judged(rule)
    confidence = rule.defaults.confidence
    return RuleOverview(
        as_of=as_of,
        learned=rule.certificate is not None,
        votes_used=len(voted),
        calibrating=rule.calibrating,
        votes_needed=rule.defaults.votes_needed,
        kinds=tuple((kind, kinds[kind]) for kind in VoteKind if kinds[kind]),
        left_out=tuple(sorted((reason, count) for reason, count in left_out.items() if count)),
        promise=rule.promise,
        groups=_learned(rule),
        curve=trade_off(ranks, labels, confidence),
        calibration=calibration(chances, labels, confidence),
        sentences=_sentences(rule),
        rule_version=rule.version,
        drift=rule.course.drift,
        outdated=rule.outdated,
        waiting=sum(lesson.settled is None for lesson in rule.course.line),
        second_looks=len(second_look_checks(rule.lessons)),
        second_look=second_look_sentence(rule.lessons, confidence),
    )


def _judged(rule: Rule) -> tuple[Sequence[float], Sequence[float], list[bool]]:
    """Return the cross-fitted ranks and chances of the votes that the promise rests on."""
    if rule.certificate is None:
        return (), (), []
    scores = rule.certificate.scores
    labels = [lesson.counts_as_loss for lesson in rule.certificate.cohort]
    return scores.ranks, scores.chances, labels


def _learned(rule: Rule) -> tuple[Learned, ...]:
    """Return the groups: kinds of work, tags, matters, then all; the largest first in each."""
    compared = [
        lesson
        for lesson, old in zip(rule.lessons, rule.course.old, strict=True)
        if is_comparison(lesson) and not old
    ]
    to_cheap: Counter[GroupKey] = Counter()
    for lesson, goes in zip(compared, _routes(rule, compared), strict=True):
        if goes:
            to_cheap.update(keys_of(question_of(lesson)))
    order = [GroupKind.TASK, GroupKind.TAG, GroupKind.MATTER, GroupKind.ALL]
    groups = sorted(
        rule.groups.items(),
        key=lambda item: (order.index(item[1].kind), -item[1].total, item[1].name),
    )
    learned = []
    for key, group in groups:
        goes_to = None
        if rule.certificate is not None:
            goes_to = Role.CHEAP if 2 * to_cheap[key] > group.total else Role.FRONTIER
        enough = group.total >= rule.defaults.group_votes
        learned.append(Learned(group, goes_to, to_cheap[key], group.total, enough))
    return tuple(learned)


def _routes(rule: Rule, lessons: Sequence[Lesson]) -> list[bool]:
    """Return which of these would go to cheap; where a fold has scored one unseen, by that."""
    certificate = rule.certificate
    if certificate is None or not certificate.promise.holds:
        return [False] * len(lessons)
    cohort = zip(certificate.cohort, certificate.scores.ranks, strict=True)
    unseen = {id(lesson): rank <= certificate.promise.rank for lesson, rank in cohort}
    sent = certificate.sends([question_of(lesson) for lesson in lessons])
    return [unseen.get(id(lesson), goes) for lesson, goes in zip(lessons, sent, strict=True)]


def _sentences(rule: Rule) -> tuple[str, ...]:
    """Return what the promise says, or why there is none, and what the checks say."""
    drift = rule.course.drift
    if rule.certificate is not None:
        said = [rule.promise.sentence()]
        if drift is not None and drift.checks:
            said.append(drift.sentence(rule.defaults.limit))
        return tuple(said)
    missing = missing_sentence(rule.calibrating, rule.defaults.votes_needed, rule.promise.unvoted)
    if drift is not None:
        return (drift.sentence(rule.defaults.limit), missing)
    if rule.outdated:
        return (changed_sentence(rule.outdated), missing)
    if not rule.lessons:
        return (
            "No votes yet. Make a calibration run over prompts of your own; "
            f"from {counted(rule.defaults.votes_needed, 'vote')} on the rule can decide.",
        )
    return (missing,)
