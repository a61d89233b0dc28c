"""Matters with their policies, tags and settings."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from sqlalchemy import Connection, delete, func, select, update

from app.adapters.storage import tables as t
from app.adapters.storage.columns import Fields, inserted
from app.domain.conversation import clean
from app.domain.matter import UNTAGGED, Matter, PolicyKind, SendingPolicy


def name_key(name: str) -> str:
    """Return a matter's name as names are compared: composed, without case or outer space."""
    return unicodedata.normalize("NFC", clean(name).strip()).casefold()


def all_by_name(connection: Connection) -> list[Matter]:
    """Return all matters by name, `Untagged` first."""
    rows = connection.execute(select(t.matter).order_by(t.matter.c.name_key))
    found = [_matter_of(row) for row in rows.mappings()]
    first = name_key(UNTAGGED)
    return sorted(found, key=lambda matter: name_key(matter.name) != first)


def find(connection: Connection, name: str) -> Matter | None:
    """Return the matter of that name, in any case, or None."""
    rows = connection.execute(select(t.matter).where(t.matter.c.name_key == name_key(name)))
    row = rows.mappings().one_or_none()
    return None if row is None else _matter_of(row)


def save(connection: Connection, matter: Matter) -> Matter:
    """Store a matter, new or known by its name; a known one keeps the spelling it has."""
    policy = {
        "policy_kind": matter.policy.kind.value,
        "policy_vendors": sorted(matter.policy.vendors),
    }
    known = find(connection, matter.name)
    if known is not None:
        connection.execute(update(t.matter).where(t.matter.c.id == known.id).values(policy))
        return replace(known, policy=matter.policy)
    name = clean(matter.name).strip()
    values = {"name": name, "name_key": name_key(name), **policy}
    return replace(matter, name=name, id=inserted(connection, t.matter, values))


def ensure(connection: Connection, name: str) -> int:
    """Return the id of the matter of that name, storing it with an open policy if it is new."""
    known = find(connection, name)
    return known.id if known else save(connection, Matter(name)).id


def tags_by_use(connection: Connection) -> list[str]:
    """Return the tags in use, the most used first."""
    uses = func.count(t.turn_tag.c.turn_id)
    return list(
        connection.scalars(
            select(t.tag.c.name)
            .join(t.turn_tag)
            .group_by(t.tag.c.id, t.tag.c.name)
            .order_by(uses.desc(), t.tag.c.name)
        )
    )


def tag_id(connection: Connection, name: str) -> int:
    """Return a tag's id, storing it if it is new."""
    known = connection.scalar(select(t.tag.c.id).where(t.tag.c.name == name))
    if known is not None:
        return int(known)
    return inserted(connection, t.tag, {"name": name})


def drop_unused_tags(connection: Connection) -> None:
    """Delete tags that no turn carries any more: a tag is the user's words too."""
    connection.execute(delete(t.tag).where(t.tag.c.id.not_in(select(t.turn_tag.c.tag_id))))


def setting(connection: Connection, name: str) -> str | None:
    """Return a stored setting, or None."""
    value: str | None = connection.scalar(select(t.setting.c.value).where(t.setting.c.name == name))
    return value


def set_setting(connection: Connection, name: str, value: str) -> None:
    """Store a setting, new or known."""
    changed = connection.execute(
        update(t.setting).where(t.setting.c.name == name).values(value=value)
    )
    if not changed.rowcount:
        connection.execute(t.setting.insert().values(name=name, value=value))


def _matter_of(row: Fields) -> Matter:
    policy = SendingPolicy(PolicyKind(row["policy_kind"]), frozenset(row["policy_vendors"]))
    return Matter(row["name"], policy, row["id"])
