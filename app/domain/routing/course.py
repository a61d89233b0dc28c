"""The course of a rule: which votes still count, which promise is in force, and what ended others.

Everything is worked out anew from the lessons alone, so that the same lessons always give the same
rule. Imported lazily (numpy).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.routing.certificate import Certificate, certify, pending
from app.domain.routing.defaults import RuleDefaults
from app.domain.routing.drift import Drift, watch
from app.domain.routing.lesson import Asked, Lesson
from app.domain.routing.question import question_of


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Where a rule stands. `old` marks the lessons about an earlier version of the pair.

    `line` are the calibrating lessons that count, in the order in which they were asked for;
    `certificate` is the one in force, None before the first and after an alarm. `made` are all
    that were made on the way. `drift` is what the checks since the promise say, or the alarm that
    ended it.
    """

    old: tuple[bool, ...]
    line: tuple[Lesson, ...]
    certificate: Certificate | None
    made: tuple[Certificate, ...]
    drift: Drift | None


def follow(
    lessons: Sequence[Lesson],
    defaults: RuleDefaults,
    kept: Sequence[Certificate] = (),
    changed_at: datetime | None = None,
) -> Course:
    """Return the course of these lessons, which are in canonical order.

    Those asked before `changed_at`, or before a server named another model, are about an earlier
    version of the pair.
    """
    seen = _version_since(lessons)
    since = max((moment for moment in (seen, changed_at) if moment is not None), default=None)
    old = tuple(since is not None and lesson.asked_at < since for lesson in lessons)
    current = [lesson for lesson, was_old in zip(lessons, old, strict=True) if not was_old]
    made: list[Certificate] = []
    after: datetime | None = None
    ended: Drift | None = None
    while True:
        line = tuple(
            lesson
            for lesson in current
            if lesson.calibrates and (after is None or lesson.asked_at > after)
        )
        in_force, drift = None, None
        ends: datetime | None = None
        checks: list[tuple[Lesson, bool]] = []  # each with whether it was a loss
        steps = list(pending(line, defaults))
        for place, taken in enumerate(steps):
            certificate = certify(taken, lessons, old, defaults, (*kept, *made))
            if certificate is None:
                break
            made.append(certificate)
            until = steps[place + 1].since if place + 1 < len(steps) else None
            checks += _checked(current, certificate, until)
            drift = watch([lost for _, lost in checks], defaults.limit, defaults.alarm)
            in_force = certificate
            if drift.at is not None:
                ended, ends = drift, checks[drift.at][0].settled
                break
        if ends is None:
            return Course(old, line, in_force, tuple(made), drift if in_force else ended)
        after = ends


def _version_since(lessons: Sequence[Lesson]) -> datetime | None:
    """Return when the newest version of the pair was first seen, None where there was only one.

    A server that goes back and forth between two names starts nothing anew each time: from the
    first sight of the second both count.
    """
    seen: dict[str, datetime] = {}
    for lesson in lessons:
        # One routed answer names one model alone: it cannot tell the pair.
        if lesson.pair_version and lesson.compared:
            seen.setdefault(lesson.pair_version, lesson.asked_at)
    return max(seen.values()) if len(seen) > 1 else None


def _checked(
    lessons: Sequence[Lesson], certificate: Certificate, until: datetime | None
) -> list[tuple[Lesson, bool]]:
    """Return the settled spot checks that were asked under a certificate, as they were settled.

    Each with whether it went to cheap, or would have, and that was a loss.
    """
    checks = [
        lesson
        for lesson in lessons
        if lesson.asked is Asked.CHECK
        and lesson.calibrates
        and lesson.settled is not None
        and lesson.asked_at > certificate.since
        and (until is None or lesson.asked_at <= until)
    ]
    checks.sort(key=lambda lesson: (str(lesson.settled), lesson.turn_id))
    sent = certificate.sends([question_of(lesson) for lesson in checks])
    return [
        (lesson, goes and lesson.counts_as_loss) for lesson, goes in zip(checks, sent, strict=True)
    ]
