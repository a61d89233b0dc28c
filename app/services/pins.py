"""Pins: the user's own words on where such prompts go; kept in the history's settings."""

from __future__ import annotations

import json
from collections.abc import Callable

from app.domain.errors import InputError, NotFoundError
from app.domain.routing.pins import Pin, PinTo, PinWhen, pin_of
from app.services.ports.history import History
from app.services.store import Store

PINS_SETTING = "pins"


class Pins:
    """Reads, adds and removes pins."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def all(self) -> tuple[Pin, ...]:
        """Return the pins in the order they were added; what cannot be read is left out."""
        return await self._store(_kept)

    async def add(self, words: str) -> Pin:
        """Keep the pin that these words say, after those there are; InputError says what is off."""
        pin = pin_of(words)

        def added(pins: tuple[Pin, ...]) -> tuple[Pin, ...]:
            if pin in pins:
                raise InputError(
                    f"There is already this pin: {pin.sentence()}",
                    "Nothing was changed.",
                    "pin_known",
                )
            return (*pins, pin)

        await self._change(added)
        return pin

    async def remove(self, pin: Pin) -> None:
        """Take a pin away; NotFoundError where it is not there."""

        def left(pins: tuple[Pin, ...]) -> tuple[Pin, ...]:
            if pin not in pins:
                raise NotFoundError(
                    f"There is no such pin: {pin.sentence()}", "`rule pins` lists what there is."
                )
            return tuple(kept for kept in pins if kept != pin)

        await self._change(left)

    async def _change(self, change: Callable[[tuple[Pin, ...]], tuple[Pin, ...]]) -> None:
        """Read and write in one step: of two changes at once neither undoes the other."""

        def changed(history: History) -> None:
            pins = change(_kept(history))
            rows = [{"when": each.when, "value": each.value, "to": each.to} for each in pins]
            history.set_setting(PINS_SETTING, json.dumps(rows, ensure_ascii=False))

        await self._store(changed)


def _kept(history: History) -> tuple[Pin, ...]:
    text = history.setting(PINS_SETTING)
    try:
        rows = json.loads(text) if text else []
    except ValueError:
        return ()
    found = (_pin(row) for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()
    return tuple(pin for pin in found if pin is not None)


def _pin(row: dict[str, object]) -> Pin | None:
    try:
        return Pin(PinWhen(str(row["when"])), str(row.get("value", "")), PinTo(str(row["to"])))
    except (KeyError, ValueError):
        return None
