"""What the user prefers, and the draft in the composer; all survive a restart."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from app.domain.conversation import clean
from app.services.ports.history import History
from app.services.store import Store


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the composer and has not been asked.

    `continued` is the turn and the answer that it continues.
    """

    text: str = ""
    matter: str = ""
    tags: tuple[str, ...] = ()
    continued: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Preferences:
    """Choices that hold until changed.

    `scheme` is system, light or dark; `text_scale` 1.0 to 2.0. `until_enough` says what auto-route
    does before it has learned: ask `both` (and pay both) or the `frontier` only.
    """

    scheme: str = "system"
    text_scale: float = 1.0
    blind: bool = True
    auto_route: bool = False
    until_enough: str = "both"
    welcomed: bool = False


class PreferenceStore:
    """Reads and writes preferences and the draft in the history's settings."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def load(self) -> Preferences:
        """Return the stored preferences; anything unreadable falls back to its default."""
        return await self._store(_preferences)

    async def change(self, change: Callable[[Preferences], Preferences]) -> Preferences:
        """Store what `change` makes of the preferences; return them.

        It is read and written in one step: of two changes at once neither undoes the other.
        """

        def changed(history: History) -> Preferences:
            preferences = change(_preferences(history))
            _write(history, "preferences", asdict(preferences))
            return preferences

        return await self._store(changed)

    async def save(self, preferences: Preferences) -> None:
        """Store the preferences, whatever they were."""
        await self.change(lambda _before: preferences)

    async def draft(self) -> Draft:
        """Return what stood in the composer when the app was last used."""
        values = await self._store(lambda history: _read(history, "draft"))
        tags = values.get("tags", [])
        ids = values.get("continued")
        whole = isinstance(ids, list) and len(ids) == 2 and all(type(each) is int for each in ids)
        return Draft(
            str(values.get("text", "")),
            str(values.get("matter", "")),
            tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
            (ids[0], ids[1]) if isinstance(ids, list) and whole else None,
        )

    async def save_draft(self, draft: Draft) -> None:
        """Store what stands in the composer."""
        await self._store(lambda history: _write(history, "draft", asdict(draft)))


def _preferences(history: History) -> Preferences:
    values = _read(history, "preferences")
    known = asdict(Preferences())
    kept = {
        name: value
        for name, value in values.items()
        if name in known and type(value) is type(known[name])
    }
    return Preferences(**{**known, **kept})


def _read(history: History, name: str) -> dict[str, object]:
    text = history.setting(name)
    try:
        values = json.loads(text) if text else {}
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def _write(history: History, name: str, values: dict[str, object]) -> None:
    history.set_setting(name, clean(json.dumps(values, ensure_ascii=False)))
