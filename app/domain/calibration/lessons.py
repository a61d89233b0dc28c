"""What a run teaches the rule: every prompt of its list, voted on or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.domain.calibration.item import Item, ItemState
from app.domain.calibration.run import Run
from app.domain.routing.lesson import Asked, Lesson
from app.domain.vote import VoteKind

CERTAIN = 1.0  # a vote is asked for on every prompt of the list


def lessons_of(run: Run, most_chars: int) -> Iterator[Lesson]:
    """Yield one lesson a prompt, in the order of the lot; texts cut at `most_chars`.

    A vote that was given up (skipped for now, without two whole answers, deleted, or not cast when
    the voting ended) has no choice and is settled: the promise counts it as a loss. One that is
    still waited for is not settled.
    """
    for item in run.by_lot:
        cast = item.vote or item.late_vote
        yield Lesson(
            turn_id=item.turn_id or 0,
            text=item.prompt.text[:most_chars],
            matter=item.prompt.matter,
            tags=item.prompt.tags,
            attachment_chars=sum(len(document.text) for document in item.prompt.attachments),
            choice=cast.choice if cast is not None else None,
            kind=VoteKind.BLIND,
            severity=cast.severity if cast is not None else 1.0,
            asked_at=run.created_at,
            propensity=CERTAIN,
            asked=Asked.RUN,
            settled_at=_settled_at(run, item),
            late=item.vote is None and item.late_vote is not None,
            place=item.order,
        )


def _settled_at(run: Run, item: Item) -> datetime | None:
    if item.vote is not None:
        return item.vote.cast_at or run.created_at
    if run.closed_at is not None:
        return run.closed_at
    if item.skipped_at is not None:
        return item.skipped_at
    lost = item.state is ItemState.DELETED or (
        item.state is ItemState.INCOMPLETE and not any(s.may_ask_again for s in item.sides)
    )
    return run.created_at if lost else None
