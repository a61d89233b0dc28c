"""Model rows: each is one version of a model, never changed, so that answers keep their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select, update

from app.adapters.storage import tables as t
from app.adapters.storage.columns import Fields, Values, inserted, price_of, price_values
from app.domain.errors import InputError
from app.domain.model import Dialect, KeySource, ModelRef, Role, Sampling


def in_use(connection: Connection) -> list[ModelRef]:
    """Return the models in use, in the order they were added; never the practice ones."""
    rows = connection.execute(
        select(t.model)
        .where(t.model.c.removed_at.is_(None), t.model.c.practice.is_(False))
        .order_by(t.model.c.id)
    )
    return [model_of(row) for row in rows.mappings()]


def add(connection: Connection, model: ModelRef, now: datetime) -> ModelRef:
    """Store a model for use; InputError when another one in use has its name."""
    wanted = model.name.casefold()
    if any(known.name.casefold() == wanted for known in in_use(connection)):
        raise InputError(
            f"There is already a model called “{model.name}”.",
            "Choose another name, or remove that model first.",
            "name_in_use",
        )
    return replace(model, id=_insert(connection, model, now, removed_at=None))


def remove(connection: Connection, model_id: int, now: datetime) -> None:
    """Take a model out of use; its row stays for the answers that point to it."""
    connection.execute(
        update(t.model)
        .where(t.model.c.id == model_id, t.model.c.removed_at.is_(None))
        .values(removed_at=now)
    )


def snapshot(connection: Connection, model: ModelRef, now: datetime) -> int:
    """Return the id of a row that equals the model in every point, inserting one if need be.

    The model's own row is preferred. An inserted one counts as removed from the start: being
    asked once does not put a model on the user's list.
    """
    rows = connection.execute(
        select(t.model)
        .where(
            t.model.c.name == model.name,
            t.model.c.model == model.model,
            t.model.c.base_url == model.base_url,
        )
        .order_by((t.model.c.id == model.id).desc(), t.model.c.id.desc())
    )
    for row in rows.mappings():
        if replace(model_of(row), id=model.id) == model:
            return int(row["id"])
    return _insert(connection, model, now, removed_at=now)


def by_id(connection: Connection, ids: set[int]) -> dict[int, ModelRef]:
    """Return the versions with these ids."""
    rows = connection.execute(select(t.model).where(t.model.c.id.in_(ids)))
    return {row["id"]: model_of(row) for row in rows.mappings()}


def model_of(row: Fields) -> ModelRef:
    """Return the model that a row holds."""
    return ModelRef(
        name=row["name"],
        dialect=Dialect(row["dialect"]),
        base_url=row["base_url"],
        model=row["model"],
        role=Role(row["role"]),
        vendor=row["vendor"],
        system_prompt=row["system_prompt"],
        max_output_tokens=row["max_output_tokens"],
        key_source=KeySource(row["key_source"]),
        key_name=row["key_name"],
        local=row["local"],
        practice=row["practice"],
        price=price_of(row),
        sampling=Sampling(row["temperature"], row["repeat_penalty"], row["seed"]),
        id=row["id"],
        forwards_to=row["forwards_to"],
    )


def _insert(
    connection: Connection, model: ModelRef, now: datetime, *, removed_at: datetime | None
) -> int:
    values: Values = {
        "name": model.name,
        "dialect": model.dialect.value,
        "base_url": model.base_url,
        "model": model.model,
        "role": model.role.value,
        "vendor": model.vendor,
        "system_prompt": model.system_prompt,
        "max_output_tokens": model.max_output_tokens,
        "key_source": model.key_source.value,
        "key_name": model.key_name,
        "local": model.local,
        "practice": model.practice,
        **price_values(model.price),
        "temperature": model.sampling.temperature,
        "repeat_penalty": model.sampling.repeat_penalty,
        "seed": model.sampling.seed,
        "forwards_to": model.forwards_to,
        "added_at": now,
        "removed_at": removed_at,
    }
    return inserted(connection, t.model, values)
