"""Turns, answers and models for tests of the history, and a clock that is set by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.domain.answer import Answer, AnswerState
from app.domain.conversation import prompt_of
from app.domain.model import Dialect, ModelRef, Role
from app.domain.money import Certainty, Cost, Money, Price, Usage
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Seating
from app.services.ports.history import History

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


class SetClock:
    """A clock that moves only when it is told to."""

    def __init__(self, now: datetime = NOON, offset_min: int = 0) -> None:
        self.at = now
        self.offset_min = offset_min

    def now(self) -> datetime:
        return self.at

    def utc_offset_min(self, at: datetime) -> int:
        return self.offset_min

    def monotonic(self) -> float:
        return self.at.timestamp()

    def advance(self, delta: timedelta) -> None:
        self.at += delta


def model(role: Role, name: str = "", *, practice: bool = False, version: str = "1") -> ModelRef:
    return ModelRef(
        name=name or f"My {role.value}",
        dialect=Dialect.OPENAI_CHAT,
        base_url="https://api.example.com/v1",
        model=f"{role.value}-{version}",
        role=role,
        vendor="Example",
        practice=practice,
    )


CHEAP = model(Role.CHEAP)
FRONTIER = model(Role.FRONTIER)


def waiting(*models: ModelRef) -> tuple[Answer, ...]:
    return tuple(Answer(item.role, item) for item in models or (CHEAP, FRONTIER))


def turn(
    text: str = "Summarise the clause.",
    *,
    matter: str = "Acme v. Smith",
    tags: tuple[str, ...] = (),
    mode: TurnMode = TurnMode.BLIND,
    pair_key: str = "pair-1",
    practice: bool = False,
    asked_at: datetime = NOON,
    offset_min: int = 0,
    answers: tuple[Answer, ...] | None = None,
) -> Turn:
    return Turn(
        prompt=prompt_of(text, matter, tags),
        mode=mode,
        pair_key=pair_key,
        practice=practice,
        asked_at=asked_at,
        utc_offset_min=offset_min,
        seating=Seating(Role.FRONTIER) if mode is TurnMode.BLIND else None,
        answers=waiting() if answers is None else answers,
    )


def ended(
    answer: Answer,
    text: str = "An answer.",
    state: AnswerState = AnswerState.COMPLETE,
    *,
    cents: str = "0.0042",
    output_tokens: int = 20,
) -> Answer:
    return replace(
        answer,
        state=state,
        text=text,
        first_token_ms=210,
        total_ms=1_900,
        usage=Usage(100, output_tokens, 10, None, None),
        cost=Cost(Money(Decimal(cents)), Certainty.MEASURED),
        price=Price(Decimal("0.15"), Decimal("0.60"), source="list"),
        served_model=answer.model.model,
        sent_at=NOON,
    )


def asked(
    history: History,
    text: str = "Summarise the clause.",
    *,
    answers: tuple[str, ...] = ("A cheap answer.", "A frontier answer."),
    state: AnswerState = AnswerState.COMPLETE,
    matter: str = "Acme v. Smith",
    tags: tuple[str, ...] = (),
    pair_key: str = "pair-1",
    practice: bool = False,
    mode: TurnMode = TurnMode.BLIND,
) -> Turn:
    """Store a turn whose answers have all ended; return it as it is read back."""
    begun = history.begin_turn(
        turn(text, matter=matter, tags=tags, pair_key=pair_key, practice=practice, mode=mode)
    )
    for answer, words in zip(begun.answers, answers, strict=True):
        history.finish_answer(ended(answer, words, state), ())
    stored = history.turn(begun.id)
    assert stored is not None
    return stored
