"""What a trained rule learned, group by group. Imported lazily (numpy, through the rule)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from app.domain.model import Role
from app.domain.routing.explain import missing_sentence
from app.domain.routing.groups import GroupKey, GroupKind, is_comparison, keys_of
from app.domain.routing.overview import Learned, RuleOverview
from app.domain.routing.promise import calibrates, calibration, trade_off
from app.domain.routing.question import question_of
from app.domain.routing.rule import Rule
from app.domain.vote import VoteKind
from app.domain.words import counted


def overview_of(rule: Rule, left_out: Mapping[str, int], as_of: datetime) -> RuleOverview:
    """Return all that a person may want to know about a rule."""
    kinds = Counter(lesson.kind for lesson in rule.lessons)
    scores, labels = _judged(rule)
    confidence = rule.defaults.confidence
    return RuleOverview(
        as_of=as_of,
        learned=rule.learning is not None,
        votes_used=len(rule.lessons),
        calibrating=rule.calibrating,
        votes_needed=rule.defaults.votes_needed,
        kinds=tuple((kind, kinds[kind]) for kind in VoteKind if kinds[kind]),
        left_out=tuple(sorted((reason, count) for reason, count in left_out.items() if count)),
        promise=rule.promise,
        groups=_learned(rule),
        curve=trade_off(scores, labels, confidence),
        calibration=calibration(scores, labels, confidence),
        sentences=_sentences(rule),
        rule_version=rule.version,
    )


def _judged(rule: Rule) -> tuple[list[float], list[bool]]:
    """Return the cross-fitted scores and labels of the votes that may speak for the promise."""
    if rule.learning is None:
        return [], []
    pairs = [
        (score, lesson.frontier_better)
        for score, lesson in zip(rule.learning.scores, rule.lessons, strict=True)
        if calibrates(lesson)
    ]
    return [score for score, _ in pairs], [label for _, label in pairs]


def _learned(rule: Rule) -> tuple[Learned, ...]:
    """Return the groups: kinds of work, tags, matters, then all; the largest first in each."""
    to_cheap: Counter[GroupKey] = Counter()
    if rule.learning is not None and rule.promise.holds:
        for score, lesson in zip(rule.learning.scores, rule.lessons, strict=True):
            if is_comparison(lesson) and score < rule.promise.threshold:
                to_cheap.update(keys_of(question_of(lesson)))
    order = [GroupKind.TASK, GroupKind.TAG, GroupKind.MATTER, GroupKind.ALL]
    groups = sorted(
        rule.groups.items(),
        key=lambda item: (order.index(item[1].kind), -item[1].total, item[1].name),
    )
    learned = []
    for key, group in groups:
        goes_to = None
        if rule.learning is not None:
            goes_to = Role.CHEAP if 2 * to_cheap[key] > group.total else Role.FRONTIER
        enough = group.total >= rule.defaults.group_votes
        learned.append(Learned(group, goes_to, to_cheap[key], group.total, enough))
    return tuple(learned)


def _sentences(rule: Rule) -> tuple[str, ...]:
    if rule.learning is None:
        if not rule.lessons:
            return (
                "No votes yet. Compare a few prompts of your own; "
                f"from about {counted(rule.defaults.votes_needed, 'vote')} the rule can decide.",
            )
        return (missing_sentence(rule.calibrating, rule.defaults.votes_needed),)
    return (rule.promise.sentence(),)
