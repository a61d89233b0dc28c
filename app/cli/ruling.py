"""rule: what it learned, and what the user tells it."""

from __future__ import annotations

import argparse
from fractions import Fraction

from app.cli.asking import Printed
from app.cli.rule_shape import overview_json, pins_json, replay_json
from app.cli.shape import Json, decision_json
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
        case "replay":
            return await _replay(services, options.id)
        case "confidence":
            await services.rules.set_confidence(_share(options.share))
        case "votes":
            await services.rules.set_votes_needed(options.votes)
        case _:
            pass
    return await _shown(services, await services.models.pair())


async def _shown(services: Services, pair: Pair) -> Printed:
    overview = await services.rules.overview(pair)
    pins = await services.pins.all()
    numbers = await services.rules.defaults()
    chance = numbers.spot_check_chance
    waiting = await services.archive.spot_checks_waiting(pair)
    said = [f"Cheap: {pair.cheap.name}. Frontier: {pair.frontier.name}."]
    if pair.practice:
        said.append("This is the practice pair: its rule is for learning the program.")
    said += [*overview.sentences, *filter(None, [overview.second_look])]
    said += [f"Always: {pin.sentence()}" for pin in pins]
    said.append(_checks_sentence(chance, len(waiting)))
    shaped = {
        **overview_json(pair, overview, numbers.looks),
        "pins": pins_json(pins),
        "spot_checks": {"chance": chance, "waiting": list(waiting)},
    }
    return shaped, "\n".join(said), 0


def _checks_sentence(chance: float, waiting: int) -> str:
    said = f"{limit_text(chance)} of the routed prompts is also asked of the other model, blind"
    return f"{said}; {counted(waiting, 'spot check')} to vote on."


async def _replay(services: Services, turn_id: int | None) -> Printed:
    if turn_id is not None:
        made = await services.replays.again(turn_id, await services.models.pair())
        shaped = {
            "comparison": turn_id,
            "same": made.same,
            "sentence": made.sentence,
            "decision": decision_json(made.decision),
        }
        return shaped, made.sentence, 0
    found = await services.replays.replay(await services.models.pair())
    return replay_json(found), "\n".join(found.sentences), 0


async def _checks(services: Services, options: argparse.Namespace) -> Printed:
    if options.chance is not None:
        await services.rules.set_spot_check_chance(_share(options.chance))
    chance = await services.rules.spot_check_chance()
    waiting = await services.archive.spot_checks_waiting(await services.models.pair())
    shaped: Json = {"chance": chance, "waiting": list(waiting)}
    said = [_checks_sentence(chance, len(waiting))]
    said += [f"counterpart history show {turn_id}" for turn_id in waiting]
    return shaped, "\n".join(said), 0


def _pins(pins: tuple[Pin, ...]) -> Printed:
    words = "\n".join(pin.sentence() for pin in pins) or "No pins: the rule decides alone."
    return {"pins": pins_json(pins)}, words, 0


def _share(words: str) -> float:
    """Return a share that was typed as 1/10, 0.1 or 10%."""
    text = words.strip()
    try:
        if text.endswith("%"):
            return float(text[:-1]) / 100
        return float(Fraction(text))
    except (ValueError, ZeroDivisionError, OverflowError):
        raise InputError(f"“{words}” is not a share.", "Write it as 1/10, 0.1 or 10%.") from None
