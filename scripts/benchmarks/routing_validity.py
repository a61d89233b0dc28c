"""Whether the promise holds where a simulation is usually kind to it.

Each study tells which users' promise was broken on prompts that nobody had voted on, and which of
those the product had withdrawn by then. What somebody would get who did without the product's
precautions stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from app.domain.routing.certificate import Certificate
from app.domain.routing.course import Course, follow
from app.domain.routing.defaults import RuleDefaults
from app.domain.routing.drift import watch
from app.domain.routing.lesson import Asked, Lesson
from app.domain.routing.question import question_of
from app.domain.routing.rule import Rule, train
from scripts.benchmarks.routing_data import Outcomes, Pool, User, Vector, users_of
from scripts.benchmarks.routing_scores import learned, one_look

CHANGE_AT = 250
_CALIBRATED = 100  # votes of a run before the work of another mix begins
_CHOSEN = 200
_NAIVE_EVERY = 50  # days between two looks of somebody who looks whenever they like
_LEAST_SHARED = 0.8

Study = dict[str, Any]


def studies(
    found: Outcomes, pools: Sequence[Pool], seeds: Sequence[int], settings: dict[str, Any]
) -> dict[str, Study]:
    """Return the four studies at the default limit."""
    votes, held = settings["stream_votes"], settings["held_out"]
    people = [user for pool in pools for (user,) in users_of(pool, seeds, votes, held)]
    mixed = [pair for pool in pools for pair in users_of(pool, seeds, votes, held, mixes=2)]
    return {
        "looking every day": _summed(_every_day(user) for user in people),
        "voting only on surprises": _summed(_surprises(user) for user in people),
        f"a model that changes at vote {CHANGE_AT}": _summed(
            _changed(user, worse) for user in people if (worse := _worse(found, user)) is not None
        ),
        "nothing changes": _summed(_changed(user, None) for user in people),
        "two mixes of tasks": _summed(_two_mixes(*pair) for pair in mixed),
    }


def _summed(outcomes: Iterator[dict[str, float]]) -> Study:
    """Return the mean of each figure; where there is none for a user, of the others."""
    rows = list(outcomes)
    names = list(dict.fromkeys(name for row in rows for name in row))
    means = {
        name: round(float(np.mean([row[name] for row in rows if name in row])), 4) for name in names
    }
    return {"users": len(rows), **means}


def _lessons(user: User, places: Sequence[int], first: int, asked: Asked,
             better: np.ndarray | None = None) -> list[Lesson]:  # fmt: skip
    """Return the votes on these prompts, one a day from day `first` on."""
    truth = user.pool.better if better is None else better
    return [
        user.pool.lesson(place, first + day, tagged=True, better=bool(truth[place]), asked=asked)
        for day, place in enumerate(places)
    ]


def _loss(certificate: Certificate | None, user: User, better: np.ndarray | None = None) -> float:
    """Return the share of the held-out prompts that go to cheap and should not."""
    if certificate is None:
        return 0.0
    truth = user.pool.better if better is None else better
    questions = [user.pool.question(place, tagged=True) for place in user.held_out.tolist()]
    sent = np.array(certificate.sends(questions), dtype=bool)
    return float((sent & truth[user.held_out]).mean())


def _every_day(user: User) -> dict[str, float]:
    """Look after each vote: no promise that was ever in force may be broken."""
    defaults = RuleDefaults()
    lessons = _lessons(user, user.stream.tolist(), 0, Asked.RUN)
    course = follow(lessons, defaults)
    ours = max((_loss(item, user) for item in course.made), default=0.0)
    naive = 0.0
    truth = user.pool.better[user.held_out]
    for count in range(defaults.votes_needed, len(lessons) + 1, _NAIVE_EVERY):
        scored = learned(lessons[:count], user, tagged=True)
        sent = scored.sent(one_look(count, defaults), defaults)
        naive = max(naive, float((sent & truth).mean()))
    return {
        "broken": float(ours > defaults.limit),
        "broken without fixed looks": float(naive > defaults.limit),
    }


def _surprises(user: User) -> dict[str, float]:
    """Compare of one's own accord, and vote only where the rule was wrong."""
    defaults = RuleDefaults()
    run = _lessons(user, user.stream[:_CALIBRATED].tolist(), 0, Asked.RUN)
    first = train(run, defaults)
    tried = user.stream[_CALIBRATED : _CALIBRATED + _CHOSEN].tolist()
    chosen = [
        lesson
        for lesson in _lessons(user, tried, _CALIBRATED, Asked.CHOSEN)
        if _surprised(first, user, lesson)
    ]
    later = user.stream[_CALIBRATED + _CHOSEN :].tolist()
    more = _lessons(user, later, _CALIBRATED + _CHOSEN, Asked.RUN)
    course = follow([*run, *chosen, *more], defaults)
    ours = max((_loss(item, user) for item in course.made), default=0.0)
    counting = [*run, *(replace(item, asked=Asked.RUN, propensity=1.0) for item in chosen), *more]
    by_all = follow(counting, defaults)
    naive = max((_loss(item, user) for item in by_all.made), default=0.0)
    return {
        "broken": float(ours > defaults.limit),
        "broken if they calibrated": float(naive > defaults.limit),
        "share at the last look": _last_share(course),
        "the same, if they calibrated": _last_share(by_all),
    }


def _last_share(course: Course) -> float:
    return course.made[-1].promise.share if course.made else 0.0


def _surprised(rule: Rule, user: User, lesson: Lesson) -> bool:
    place = user.pool.texts.index(lesson.text)
    chance = rule.chance(user.pool.question(place, tagged=True))
    assert chance is not None
    base = sum(item.frontier_better for item in rule.lessons) / len(rule.lessons)
    return lesson.frontier_better == (chance.probability < base)


def _worse(found: Outcomes, user: User) -> Vector | None:
    """Return the scores of the weakest model that answered most of the same prompts, if any."""
    pool = user.pool
    rivals = []
    for (data, _), scores in found.scores.items():
        shared = [key for key in pool.ids if key in scores]
        if data == pool.data and len(shared) >= _LEAST_SHARED * len(pool.ids):
            rivals.append((float(np.mean([scores[key] for key in shared])), scores))
    own = float(pool.cheap.mean())
    weaker = [item for item in rivals if item[0] < own - 0.1]
    if not weaker:
        return None
    # The one in the middle of the weaker ones: a change for the worse, and not the end of all.
    chosen = sorted(weaker, key=lambda item: item[0])[len(weaker) // 2][1]
    return np.array([chosen.get(key, 0.0) for key in pool.ids])


def _changed(user: User, worse: Vector | None) -> dict[str, float]:
    """Let the cheap model silently become another after some votes; checks go on as before."""
    defaults = RuleDefaults()
    before = _lessons(user, user.stream[:CHANGE_AT].tolist(), 0, Asked.RUN)
    cheap = user.pool.cheap if worse is None else worse
    pool = replace(user.pool, cheap=cheap)
    checks = _lessons(user, user.stream[CHANGE_AT:].tolist(), CHANGE_AT, Asked.CHECK, pool.better)
    return _after(user, before, checks, pool.better, defaults)


def _two_mixes(one: User, other: User) -> dict[str, float]:
    """Let a run speak for one mix of tasks while the work is of another."""
    defaults = RuleDefaults()
    run = _lessons(one, one.stream[:_CALIBRATED].tolist(), 0, Asked.RUN)
    places = [*other.stream.tolist(), *one.stream[:0].tolist()]
    checks = _lessons(other, places, _CALIBRATED, Asked.CHECK)
    return _after(other, run, checks, other.pool.better, defaults)


def _after(
    user: User, before: list[Lesson], checks: list[Lesson], truth: np.ndarray,
    defaults: RuleDefaults,
) -> dict[str, float]:  # fmt: skip
    """Return what becomes of the promise, by spot checks of the new state of things."""
    unwatched = follow(before, defaults).certificate
    course = follow([*before, *checks], defaults)
    broken = _loss(unwatched, user, truth) > defaults.limit
    alarmed = course.certificate is None or course.certificate.cohort[0].asked is Asked.CHECK
    figures = {
        "broken if nobody had checked": float(broken),
        "withdrawn": float(alarmed),
        "broken and in force at the end": float(
            _loss(course.certificate, user, truth) > defaults.limit
        ),
    }
    if broken and unwatched is not None:
        sent = unwatched.sends([question_of(lesson) for lesson in checks])
        losses = [goes and item.counts_as_loss for goes, item in zip(sent, checks, strict=True)]
        seen = watch(losses, defaults.limit, defaults.alarm)
        if seen.at is not None:
            figures["checks until the alarm"] = float(seen.at + 1)
    return figures
