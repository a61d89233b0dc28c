"""What the user prefers, and the draft in the composer; all survive a restart."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from app.domain.conversation import clean
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
        values = await self._read("preferences")
        known = asdict(Preferences())
        kept = {
            name: value
            for name, value in values.items()
            if name in known and type(value) is type(known[name])
        }
        return Preferences(**{**known, **kept})

    async def save(self, preferences: Preferences) -> None:
        """Store the preferences."""
        await self._write("preferences", asdict(preferences))

    async def draft(self) -> Draft:
        """Return what stood in the composer when the app was last used."""
        values = await self._read("draft")
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
        await self._write("draft", asdict(draft))

    async def _read(self, name: str) -> dict[str, object]:
        text = await self._store(lambda history: history.setting(name))
        try:
            values = json.loads(text) if text else {}
        except ValueError:
            return {}
        return values if isinstance(values, dict) else {}

    async def _write(self, name: str, values: dict[str, object]) -> None:
        text = clean(json.dumps(values, ensure_ascii=False))
        await self._store(lambda history: history.set_setting(name, text))
