"""Lessons for tests of the rule: invented votes on invented prompts."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from app.domain.routing.lesson import Asked, Lesson
from app.domain.vote import Choice, VoteKind

ASKED = datetime(2026, 3, 1, 12, tzinfo=UTC)
_EASY = "Extract all dates and deadlines from schedule {n} of the {d}."
_HARD = "Analyse whether relief is available under clause {n} of the {d}, and argue both sides."
_DOCUMENTS = ("lease", "deed", "facility", "licence", "agreement")


def lesson(
    turn_id: int = 1,
    text: str = "Extract the dates.",
    choice: Choice = Choice.EQUAL,
    *,
    matter: str = "Larch",
    tags: tuple[str, ...] = (),
    kind: VoteKind = VoteKind.BLIND,
    severity: float = 1.0,
    asked: Asked = Asked.RUN,
) -> Lesson:
    """Return one vote; by default as a calibration run asks for it, so that it calibrates."""
    propensity = None if asked is Asked.CHOSEN else 1.0
    return Lesson(turn_id, text, matter, tags, 0, choice, kind, severity, ASKED, propensity, asked)


def habit(count: int, *, hard_share: float = 0.3, seed: int = 1) -> list[Lesson]:
    """Return votes of a user for whom hard prompts are mostly better on the frontier."""
    chance = random.Random(seed)
    made = []
    for turn_id in range(1, count + 1):
        hard = chance.random() < hard_share
        text = (_HARD if hard else _EASY).format(
            n=chance.randint(1, 99), d=chance.choice(_DOCUMENTS)
        )
        better = chance.random() < (0.8 if hard else 0.02)
        choice = Choice.FRONTIER if better else chance.choice((Choice.EQUAL, Choice.CHEAP))
        made.append(lesson(turn_id, text, choice, tags=("advice",) if hard else ("notice",)))
    return made
