"""Pins: the user's own words on where such prompts go; kept in the history's settings."""

from __future__ import annotations

import json

from app.domain.errors import InputError, NotFoundError
from app.domain.routing.pins import Pin, PinTo, PinWhen, pin_of
from app.services.store import Store

PINS_SETTING = "pins"


class Pins:
    """Reads, adds and removes pins."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def all(self) -> tuple[Pin, ...]:
        """Return the pins in the order they were added; what cannot be read is left out."""
        text = await self._store(lambda history: history.setting(PINS_SETTING))
        try:
            rows = json.loads(text) if text else []
        except ValueError:
            return ()
        found = (_pin(row) for row in rows if isinstance(row, dict))
        return tuple(pin for pin in found if pin is not None)

    async def add(self, words: str) -> Pin:
        """Keep the pin that these words say, after those there are; InputError says what is off."""
        pin = pin_of(words)
        pins = await self.all()
        if pin in pins:
            raise InputError(
                f"There is already this pin: {pin.sentence()}", "Nothing was changed.", "pin_known"
            )
        await self._keep((*pins, pin))
        return pin

    async def remove(self, pin: Pin) -> None:
        """Take a pin away; NotFoundError where it is not there."""
        pins = await self.all()
        if pin not in pins:
            raise NotFoundError(
                f"There is no such pin: {pin.sentence()}", "`rule pins` lists what there is."
            )
        await self._keep(tuple(kept for kept in pins if kept != pin))

    async def _keep(self, pins: tuple[Pin, ...]) -> None:
        rows = [{"when": pin.when.value, "value": pin.value, "to": pin.to.value} for pin in pins]
        text = json.dumps(rows, ensure_ascii=False)
        await self._store(lambda history: history.set_setting(PINS_SETTING, text))


def _pin(row: dict[str, object]) -> Pin | None:
    try:
        return Pin(PinWhen(str(row["when"])), str(row.get("value", "")), PinTo(str(row["to"])))
    except (KeyError, ValueError):
        return None
