"""Calibration runs: fixed lists, who asks them now, and what has become of each prompt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, exists, select, update

from app.adapters.storage import matters, models, writing
from app.adapters.storage import tables as t
from app.adapters.storage.columns import Fields, Values, inserted
from app.adapters.storage.owners import Owner
from app.adapters.storage.reading import slim_cost, vote_of
from app.domain.answer import Answer, AnswerState
from app.domain.calibration.item import Item, Side, counting_vote, late_vote
from app.domain.calibration.run import Pause, PauseReason, Run, RunState
from app.domain.conversation import Attachment, Prompt
from app.domain.errors import InputError, NotFoundError
from app.domain.model import ModelRef, Pair, Role
from app.domain.money import Money
from app.domain.turn import Turn
from app.domain.vote import Vote
from app.services.ports.spending import SpendingCheck

_run, _item = t.calibration_run, t.calibration_item


def add(connection: Connection, run: Run, now: datetime) -> Run:
    """Store a fixed list and return it with ids; InputError when the name is in use."""
    if find(connection, run.name) is not None:
        raise InputError(
            f"There is already a calibration run called “{run.name}”.",
            "Choose another name.",
            "name_in_use",
        )
    values: Values = {
        "name": run.name,
        "name_key": matters.name_key(run.name),
        "cheap_model_id": models.snapshot(connection, run.pair.cheap, now),
        "frontier_model_id": models.snapshot(connection, run.pair.frontier, now),
        "limit_amount": run.limit.amount if run.limit else None,
        "limit_currency": run.limit.currency if run.limit else None,
        "seed": run.seed,
        "digest": run.digest,
        "created_at": run.created_at,
        "utc_offset_min": run.utc_offset_min,
        "state": run.stored_state.value,
        "pause_detail": "",
    }
    run_id = inserted(connection, _run, values)
    items = tuple(_add_item(connection, run_id, item) for item in run.items)
    return replace(run, id=run_id, items=items)


def _add_item(connection: Connection, run_id: int, item: Item) -> Item:
    prompt = item.prompt
    values: Values = {
        "run_id": run_id,
        "place": item.place,
        "lot": item.order,
        "text": prompt.text,
        "matter": prompt.matter,
        "tags": list(prompt.tags),
        "attachments": [asdict(attachment) for attachment in prompt.attachments],
        "source": item.source,
        "asked": False,
    }
    return replace(item, id=inserted(connection, _item, values))


def all_newest_first(connection: Connection) -> list[Run]:
    """Return every run with its items, the newest first."""
    return [_whole(connection, row) for row in _rows(connection, _chosen())]


def of_pair(connection: Connection, pair_key: str) -> list[Run]:
    """Return the runs of a pair, the oldest first."""
    rows = _rows(connection, select(_run).order_by(_run.c.id))
    ids = {row[side] for row in rows for side in ("cheap_model_id", "frontier_model_id")}
    versions = models.by_id(connection, ids)
    return [_whole(connection, row) for row in rows if _pair(versions, row).key == pair_key]


def turn_ids(connection: Connection) -> set[int]:
    """Return the turns that were asked for a run."""
    return set(connection.scalars(select(_item.c.turn_id).where(_item.c.turn_id.is_not(None))))


def find(connection: Connection, name: str) -> Run | None:
    """Return the run of that name, in any case, or None."""
    wanted = _chosen().where(_run.c.name_key == matters.name_key(name))
    return next((_whole(connection, row) for row in _rows(connection, wanted)), None)


def _chosen() -> Select[Any]:
    return select(_run).order_by(_run.c.id.desc())


def _rows(connection: Connection, wanted: Select[Any]) -> Sequence[Fields]:
    return connection.execute(wanted).mappings().all()


def claim(connection: Connection, run_id: int, owner: Owner) -> None:
    """Take a run for this program, to ask its prompts; InputError when it cannot be taken."""
    row = connection.execute(select(_run).where(_run.c.id == run_id)).mappings().one_or_none()
    if row is None:
        raise _gone()
    if row["closed_at"] is not None:
        raise InputError(
            f"The voting on “{row['name']}” has ended, so nothing more is asked for it.",
            "Start a new run.",
            "calibration_closed",
        )
    if row["owner"] is not None and owner.alive(row["owner"]):
        raise InputError(
            f"The run “{row['name']}” is being answered just now.",
            "Wait for it, or pause it first.",
            "calibration_running",
        )
    connection.execute(
        update(_run)
        .where(_run.c.id == run_id)
        .values(state=RunState.RUNNING.value, owner=owner.token, pause_reason=None, pause_detail="")
    )


def begin_item(
    connection: Connection,
    run_id: int,
    item_id: int,
    turn: Turn,
    token: str,
    now: datetime,
    spending: SpendingCheck | None = None,
) -> Turn | None:
    """Store an item's turn and tie it to the item; None where it may not be asked (any more).

    Both happen or neither does: a prompt that was asked is never asked anew after a crash.
    """
    taken = connection.execute(
        update(_item)
        .where(_item.c.id == item_id, _item.c.asked.is_(False), _held(run_id, token))
        .values(asked=True)
    )
    if not taken.rowcount:
        return None
    begun = writing.begin_turn(connection, turn, token, now, spending)
    connection.execute(update(_item).where(_item.c.id == item_id).values(turn_id=begun.id))
    return begun


def begin_side(
    connection: Connection,
    run_id: int,
    item_id: int,
    answer: Answer,
    token: str,
    now: datetime,
    spending: SpendingCheck | None = None,
) -> Answer | None:
    """Store one more attempt of a side that did not end well; None where it may not be asked."""
    turn_id = connection.scalar(
        select(_item.c.turn_id).where(_item.c.id == item_id, _held(run_id, token))
    )
    if turn_id is None:
        return None
    latest = connection.scalar(
        select(t.answer.c.state)
        .where(t.answer.c.turn_id == turn_id, t.answer.c.role == answer.role.value)
        .order_by(t.answer.c.id.desc())
        .limit(1)
    )
    if latest in (AnswerState.STREAMING.value, AnswerState.COMPLETE.value):
        return None
    return writing.add_answer(connection, turn_id, answer, token, now, spending)


def _held(run_id: int, token: str) -> ColumnElement[bool]:
    """Return the condition that this program may still ask for the run."""
    return exists().where(
        _run.c.id == run_id, _run.c.state == RunState.RUNNING.value, _run.c.owner == token
    )


def pause(connection: Connection, run_id: int, why: Pause) -> None:
    """Let a running run begin nothing more; who asks for it lets go once the last one has ended."""
    connection.execute(
        update(_run)
        .where(_run.c.id == run_id, _run.c.state == RunState.RUNNING.value)
        .values(_paused(why))
    )


def release(
    connection: Connection, run_id: int, state: RunState, why: Pause | None, token: str
) -> None:
    """Let go of a run; its state is taken unless it was paused meanwhile."""
    mine = update(_run).where(_run.c.id == run_id, _run.c.owner == token)
    ended: Values = {"state": state.value} if why is None else _paused(why)
    connection.execute(mine.where(_run.c.state == RunState.RUNNING.value).values(ended))
    connection.execute(mine.values(owner=None))


def recover(connection: Connection, owner: Owner) -> None:
    """Pause the runs of programs that died."""
    held = connection.execute(
        select(_run.c.id, _run.c.owner).where(_run.c.owner.is_not(None))
    ).all()
    for run_id, token in held:
        if owner.alive(token):
            continue
        why = Pause(PauseReason.APP_ENDED, "The app ended while this run was being answered.")
        pause(connection, run_id, why)
        connection.execute(update(_run).where(_run.c.id == run_id).values(owner=None))


def _paused(why: Pause) -> Values:
    return {
        "state": RunState.PAUSED.value,
        "pause_reason": why.reason.value,
        "pause_detail": why.detail,
    }


def limit(connection: Connection, run_id: int, limit: Money | None) -> None:
    """Change what a run may spend; NotFoundError if it is gone."""
    values = {
        "limit_amount": limit.amount if limit else None,
        "limit_currency": limit.currency if limit else None,
    }
    if not connection.execute(update(_run).where(_run.c.id == run_id).values(values)).rowcount:
        raise _gone()


def see(connection: Connection, run_id: int, at: datetime) -> None:
    """Note when the count by model was first looked at."""
    first = update(_run).where(_run.c.id == run_id, _run.c.seen_at.is_(None))
    connection.execute(first.values(seen_at=at))


def close(connection: Connection, run_id: int, at: datetime) -> None:
    """Note when the voting was ended; it ends once."""
    first = update(_run).where(_run.c.id == run_id, _run.c.closed_at.is_(None))
    connection.execute(first.values(closed_at=at))
    see(connection, run_id, at)


def skip(connection: Connection, item_id: int, at: datetime) -> None:
    """Note that an item was put off."""
    connection.execute(update(_item).where(_item.c.id == item_id).values(skipped_at=at))


def delete_run(connection: Connection, run_id: int) -> None:
    """Delete a run and its list; the turns that were asked stay in the history."""
    connection.execute(delete(_run).where(_run.c.id == run_id))


def _whole(connection: Connection, row: Fields) -> Run:
    versions = models.by_id(connection, {row["cheap_model_id"], row["frontier_model_id"]})
    limit = None
    if row["limit_amount"] is not None:
        limit = Money(row["limit_amount"], row["limit_currency"])
    why = None
    if row["pause_reason"] is not None:
        why = Pause(PauseReason(row["pause_reason"]), row["pause_detail"])
    return Run(
        name=row["name"],
        pair=_pair(versions, row),
        limit=limit,
        seed=row["seed"],
        digest=row["digest"],
        created_at=row["created_at"],
        utc_offset_min=row["utc_offset_min"],
        items=_items(connection, row["id"], row["closed_at"]),
        stored_state=RunState(row["state"]),
        pause=why,
        seen_at=row["seen_at"],
        closed_at=row["closed_at"],
        id=row["id"],
    )


def _pair(versions: dict[int, ModelRef], row: Fields) -> Pair:
    return Pair(versions[row["cheap_model_id"]], versions[row["frontier_model_id"]])


def _items(connection: Connection, run_id: int, closed_at: datetime | None) -> tuple[Item, ...]:
    sides, votes = _sides(connection, run_id), _votes(connection, run_id)
    rows = connection.execute(
        select(_item).where(_item.c.run_id == run_id).order_by(_item.c.place)
    ).mappings()
    return tuple(
        Item(
            place=row["place"],
            order=row["lot"],
            prompt=Prompt(
                row["text"],
                row["matter"],
                tuple(row["tags"]),
                tuple(Attachment(**values) for values in row["attachments"]),
            ),
            source=row["source"],
            asked=row["asked"],
            skipped_at=row["skipped_at"],
            turn_id=row["turn_id"],
            sides=tuple(sides.get(row["turn_id"], ())),
            vote=counting_vote(votes.get(row["turn_id"], ()), closed_at),
            late_vote=late_vote(votes.get(row["turn_id"], ()), closed_at),
            id=row["id"],
        )
        for row in rows
    )


def _sides(connection: Connection, run_id: int) -> dict[int, list[Side]]:
    """Return the sides of each turn, cheap first; of several attempts the latest, with the rest."""
    a = t.answer.c
    rows = connection.execute(
        select(
            a.id, a.turn_id, a.role, a.state, a.cost_amount, a.cost_currency, a.cost_certainty,
            a.served_model, a.problem_kind,
        )
        .where(a.turn_id.in_(_turns(run_id)))
        .order_by(a.turn_id, a.role, a.id)
    ).mappings()  # fmt: skip
    attempts: dict[tuple[int, str], list[Fields]] = defaultdict(list)
    for row in rows:
        attempts[row["turn_id"], row["role"]].append(row)
    found: dict[int, list[Side]] = defaultdict(list)
    for (turn_id, role), tried in attempts.items():
        *first, last = tried
        found[turn_id].append(
            Side(
                Role(role),
                AnswerState(last["state"]),
                slim_cost(last),
                last["served_model"],
                last["problem_kind"] or "",
                tuple(slim_cost(row) for row in first),
                last["id"],
            )
        )
    return found


def _votes(connection: Connection, run_id: int) -> dict[int, list[Vote]]:
    rows = connection.execute(
        select(t.vote).where(t.vote.c.turn_id.in_(_turns(run_id))).order_by(t.vote.c.id)
    ).mappings()
    found: dict[int, list[Vote]] = defaultdict(list)
    for row in rows:
        found[row["turn_id"]].append(vote_of(row))
    return found


def _turns(run_id: int) -> Select[Any]:
    return select(_item.c.turn_id).where(_item.c.run_id == run_id, _item.c.turn_id.is_not(None))


def _gone() -> NotFoundError:
    return NotFoundError(
        "This calibration run is no longer there.", "`calibrate list` tells which there are."
    )
