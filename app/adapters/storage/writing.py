"""What a turn writes, from the prompt before it is sent to its deletion."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from app.adapters.storage import budget, decisions, matters, models, search
from app.adapters.storage import tables as t
from app.adapters.storage.columns import (
    Values,
    besides_values,
    cost_values,
    inserted,
    price_values,
    usage_values,
)
from app.domain.answer import Answer, AnswerState
from app.domain.conversation import Prompt
from app.domain.errors import NotFoundError
from app.domain.events import Attempted
from app.domain.routing.decision import Decision
from app.domain.turn import BESIDE, Turn, TurnMode
from app.domain.vote import Vote
from app.services.ports.spending import SpendingCheck


def begin_turn(
    connection: Connection,
    turn: Turn,
    owner: str,
    now: datetime,
    spending: SpendingCheck | None = None,
) -> Turn:
    """Store a turn with all that it carries; return it with ids on it and on its answers.

    What `spending` raises leaves nothing stored.
    """
    budget.require(connection, spending)
    text = turn.prompt.text
    values: Values = {
        "parent_id": _if_there(connection, turn.parent_id),
        "continued_answer_id": turn.continued_answer_id,
        "matter_id": matters.ensure(connection, turn.prompt.matter),
        "mode": turn.mode.value,
        "pair_key": turn.pair_key,
        "practice": turn.practice,
        "asked_at": turn.asked_at,
        "utc_offset_min": turn.utc_offset_min,
        "seat_a": turn.seating.a.value if turn.seating else None,
        "prompt_start": " ".join(text[: 4 * t.PROMPT_START_CHARS].split())[: t.PROMPT_START_CHARS],
    }
    turn_id = inserted(connection, t.turn, values)
    connection.execute(t.prompt.insert(), {"turn_id": turn_id, "text": text})
    _attach(connection, turn_id, turn.prompt)
    answers = tuple(
        _insert_answer(connection, turn_id, answer, owner, now) for answer in turn.answers
    )
    beside = tuple(
        _insert_answer(connection, turn_id, answer, owner, now, word)
        for word, answer in zip(BESIDE, turn.beside, strict=False)
    )
    for vote in turn.votes:
        add_vote(connection, turn_id, vote, now)
    if turn.decision:
        decisions.add(connection, turn_id, turn.decision)
    search.index_turn(connection, turn_id)
    return replace(turn, id=turn_id, answers=answers, beside=beside)


def add_answer(
    connection: Connection,
    turn_id: int,
    answer: Answer,
    owner: str,
    now: datetime,
    spending: SpendingCheck | None = None,
) -> Answer:
    """Add one more answer to a turn; NotFoundError if the turn is gone."""
    _require(connection, turn_id)
    budget.require(connection, spending)
    stored = _insert_answer(connection, turn_id, answer, owner, now)
    if answer.state is not AnswerState.STREAMING:
        search.index_turn(connection, turn_id)
    return stored


def save_partial(connection: Connection, answer_id: int, text: str, reasoning: str) -> None:
    """Store what has arrived; silent when the turn was deleted meanwhile."""
    connection.execute(
        update(t.answer_text)
        .where(t.answer_text.c.answer_id == answer_id)
        .values(text=text, reasoning=reasoning)
    )


def finish_answer(connection: Connection, answer: Answer, attempts: tuple[Attempted, ...]) -> None:
    """Store how an answer ended; silent when the turn was deleted meanwhile."""
    turn_id = connection.scalar(
        update(t.answer)
        .where(t.answer.c.id == bindparam("answer_id"))
        .returning(t.answer.c.turn_id),
        {"answer_id": answer.id, "owner": None, **_ending(answer)},
    )
    if turn_id is None:
        return
    save_partial(connection, answer.id, answer.text, answer.reasoning)
    for attempt in attempts:
        connection.execute(
            t.attempt.insert(),
            {
                "answer_id": answer.id,
                "attempt": attempt.attempt,
                "status": attempt.status,
                "outcome": attempt.outcome,
                "request_id": attempt.request_id,
                "may_be_billed": attempt.may_be_billed,
                **besides_values(attempt.besides),
            },
        )
    search.index_turn(connection, turn_id)


def set_mode(connection: Connection, turn_id: int, mode: TurnMode) -> None:
    """Change how a turn counts; NotFoundError if it is gone."""
    _require(connection, turn_id, mode=mode.value)


def add_vote(connection: Connection, turn_id: int, vote: Vote, now: datetime) -> None:
    """Append a vote and make it the one that counts; NotFoundError if the turn is gone."""
    _require(connection, turn_id, last_choice=vote.choice.value)
    connection.execute(
        t.vote.insert(),
        {
            "turn_id": turn_id,
            "choice": vote.choice.value,
            "kind": vote.kind.value,
            "reasons": [reason.value for reason in vote.reasons],
            "cast_at": vote.cast_at or now,
        },
    )


def add_decision(connection: Connection, turn_id: int, decision: Decision) -> None:
    """Store the decision that sent a turn; NotFoundError if the turn is gone."""
    _require(connection, turn_id)
    decisions.add(connection, turn_id, decision)


def delete_turn(connection: Connection, turn_id: int) -> None:
    """Delete a turn with its texts, answers, votes, decision and words in the index.

    A calibration run keeps the place of a prompt that it asked, to count it, but no word of it.
    """
    search.forget_turn(connection, turn_id)
    item = t.calibration_item
    emptied: Values = {"text": "", "tags": [], "attachments": [], "source": ""}
    connection.execute(update(item).where(item.c.turn_id == turn_id).values(emptied))
    connection.execute(delete(t.turn).where(t.turn.c.id == turn_id))
    matters.drop_unused_tags(connection)


def _require(connection: Connection, turn_id: int, **values: str) -> None:
    """Change columns of a turn that must exist."""
    statement = update(t.turn).where(t.turn.c.id == turn_id)
    # Without a change the id is set to itself: one statement finds and locks the row.
    if not connection.execute(statement.values(values or {"id": turn_id})).rowcount:
        raise NotFoundError(
            f"There is no comparison {turn_id} in the history.",
            "It may have been deleted; look in History for the one you mean.",
        )


def _if_there(connection: Connection, turn_id: int | None) -> int | None:
    """Return the id, or None where another window deleted that turn a moment ago."""
    if turn_id is None:
        return None
    return connection.scalar(select(t.turn.c.id).where(t.turn.c.id == turn_id))


def _attach(connection: Connection, turn_id: int, prompt: Prompt) -> None:
    for item in prompt.attachments:
        connection.execute(
            t.attachment.insert(),
            {
                "turn_id": turn_id,
                "name": item.name,
                "media_type": item.media_type,
                "sha256": item.sha256,
                "size_bytes": item.size_bytes,
                "chars": len(item.text),
                "text": item.text,
            },
        )
    for position, name in enumerate(dict.fromkeys(prompt.tags)):
        tag_id = matters.tag_id(connection, name)
        connection.execute(
            t.turn_tag.insert(),
            {"turn_id": turn_id, "position": position, "tag_id": tag_id},
        )


def _insert_answer(
    connection: Connection,
    turn_id: int,
    answer: Answer,
    owner: str,
    now: datetime,
    seat: str = "",
) -> Answer:
    """Insert one answer; `seat` is the word of one that is no side, else its role is."""
    model_id = models.snapshot(connection, answer.model, now)
    values: Values = {
        "turn_id": turn_id,
        "model_id": model_id,
        "role": seat or answer.role.value,
        "owner": owner if answer.state is AnswerState.STREAMING else None,
        **_ending(answer),
    }
    answer_id = inserted(connection, t.answer, values)
    connection.execute(
        t.answer_text.insert(),
        {"answer_id": answer_id, "text": answer.text, "reasoning": answer.reasoning},
    )
    return replace(answer, id=answer_id, model=replace(answer.model, id=model_id))


def _ending(answer: Answer) -> Values:
    problem = answer.problem
    return {
        "state": answer.state.value,
        "sent_at": answer.sent_at,
        "first_token_ms": answer.first_token_ms,
        "total_ms": answer.total_ms,
        **usage_values(answer.usage),
        **cost_values(answer.cost),
        **price_values(answer.price),
        "held_amount": answer.held.amount if answer.held else None,
        "held_currency": answer.held.currency if answer.held else None,
        "problem_kind": problem.kind if problem else None,
        "problem_message": problem.message if problem else None,
        "problem_next_step": problem.next_step if problem else None,
        "served_model": answer.served_model,
    }
