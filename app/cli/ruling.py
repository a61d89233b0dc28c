"""rule: what it learned, and what the user tells it."""

from __future__ import annotations

import argparse
from fractions import Fraction

from app.cli.asking import Printed
from app.cli.shape import Json, overview_json
from app.domain.errors import InputError
from app.domain.model import Pair
from app.domain.routing.pins import Pin, pin_of
from app.domain.words import counted, limit_text
from app.services.container import Services


async def rule(services: Services, options: argparse.Namespace) -> Printed:
    """Show the rule of the pair in use, or change what it is told."""
    match options.action:
        case "limit":
            await services.rules.set_limit(_share(options.share))
        case "pins":
            return _pins(await services.pins.all())
        case "pin":
            await services.pins.add(options.words)
            return _pins(await services.pins.all())
        case "unpin":
            await services.pins.remove(pin_of(options.words))
            return _pins(await services.pins.all())
        case "checks":
            return await _checks(services, options)
        case _:
            pass
    return await _shown(services, await services.models.pair())


async def _shown(services: Services, pair: Pair) -> Printed:
    overview = await services.rules.overview(pair)
    names = f"Cheap: {pair.cheap.name}. Frontier: {pair.frontier.name}."
    practice = ("This is the practice pair: its rule is for learning the program.",)
    said = (names, *(practice if pair.practice else ()), *overview.sentences)
    return overview_json(pair, overview), "\n".join(said), 0


async def _checks(services: Services, options: argparse.Namespace) -> Printed:
    if options.chance is not None:
        await services.rules.set_spot_check_chance(_share(options.chance))
    chance = await services.rules.spot_check_chance()
    waiting = await services.archive.spot_checks_waiting(await services.models.pair())
    shaped: Json = {"chance": chance, "waiting": list(waiting)}
    said = [f"{limit_text(chance)} of the routed prompts is also asked of the other model, blind."]
    said.append(f"{counted(len(waiting), 'spot check')} to vote on.")
    said += [f"counterpart history show {turn_id}" for turn_id in waiting]
    return shaped, "\n".join(said), 0


def _pins(pins: tuple[Pin, ...]) -> Printed:
    rows = [
        {"when": pin.when.value, "value": pin.value, "to": pin.to.value, "words": pin.sentence()}
        for pin in pins
    ]
    words = "\n".join(pin.sentence() for pin in pins) or "No pins: the rule decides alone."
    return {"pins": rows}, words, 0


def _share(words: str) -> float:
    """Return a share that was typed as 1/10, 0.1 or 10%."""
    text = words.strip()
    try:
        if text.endswith("%"):
            return float(text[:-1]) / 100
        return float(Fraction(text))
    except (ValueError, ZeroDivisionError):
        raise InputError(f"“{words}” is not a share.", "Write it as 1/10, 0.1 or 10%.") from None
