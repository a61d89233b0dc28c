"""model, pair and matter."""

from __future__ import annotations

import argparse

from app.cli.asking import Printed
from app.cli.choosing import found, key_from_stdin
from app.cli.shape import answer_json, model_json, problem_json
from app.cli.spending import model_price
from app.cli.words import answer_words
from app.domain.errors import InputError, VaultError
from app.domain.matter import Matter, PolicyKind, SendingPolicy
from app.domain.model import KeySource, ModelRef, Pair, price_per_million
from app.domain.money import Price
from app.domain.turn import BESIDE
from app.services.container import Services
from app.services.models import NewModel, Removed


async def model(services: Services, options: argparse.Namespace) -> Printed:
    """Add, list, find, test, price or remove."""
    match options.action:
        case "add":
            return await _add(services, options)
        case "found":
            return await found(services)
        case "list":
            await services.models.look_again()
            models = await services.models.all()
            lines = [_model_words(item) for item in models]
            words = "\n".join(lines) or "No models yet: the practice pair is in use."
            return {"models": [model_json(item) for item in models]}, words, 0
        case "test":
            answer = await services.models.test(await services.models.named(options.name))
            return answer_json(answer), answer_words(answer), 0 if answer.problem is None else 1
        case "price":
            return await model_price(services, options)
        case _:
            return _removed(await services.models.remove(options.name))


def _removed(removed: Removed) -> Printed:
    name, left = removed.model.name, removed.key_left
    shaped = {"removed": name, "key_left": None if left is None else problem_json(left)}
    if left is not None:
        return shaped, left.sentence(), 0
    kept = removed.model.key_source in (KeySource.KEYCHAIN, KeySource.SESSION)
    return shaped, f"{name} and its key are removed." if kept else f"{name} is removed.", 0


def _model_words(item: ModelRef) -> str:
    handed_on = f", which hands it on to {item.handed_on_to}" if item.handed_on_to else ""
    return f"{item.name} · {item.role} · {item.model} at {item.host}{handed_on}"


async def _add(services: Services, options: argparse.Namespace) -> Printed:
    new = NewModel(
        name=options.name,
        dialect=options.dialect,
        base_url=options.base_url,
        model=options.model,
        role=options.role,
        vendor=options.vendor,
        system_prompt=options.system_prompt,
        max_output_tokens=options.max_tokens,
        local=options.local,
        price=_price(options.price_in, options.price_out),
    )
    services.models.check(new)
    key = key_from_stdin() if options.key_stdin else None
    try:
        added = await services.models.add(new, key=key, key_variable=options.key_env)
    except VaultError as error:
        raise VaultError(
            error.problem.message,
            "Nothing was kept. Put the key into an environment variable and use --key-env VAR "
            "instead of --key-stdin.",
            error.problem.kind,
        ) from None
    return model_json(added), f"{added.name} is added as a {added.role} model.", 0


def _price(price_in: str | None, price_out: str | None) -> Price | None:
    if price_in is None and price_out is None:
        return None
    if price_in is None or price_out is None:
        raise InputError("One price is missing.", "Give both --price-in and --price-out.")
    try:
        return price_per_million(price_in, price_out)
    except ValueError as error:
        raise InputError(f"That price cannot be used: {error}.", "Try --price-in 0.15.") from None


async def pair(services: Services, options: argparse.Namespace) -> Printed:
    """Use, show or go back to practice."""
    match options.action:
        case "use":
            chosen = await services.models.use_pair(options.cheap, options.frontier)
        case "practice":
            chosen = await services.models.use_practice_pair()
        case "second" | "third":
            await _choose_another(services, options)
            chosen = await services.models.pair()
        case _:
            chosen = await services.models.pair()
    return _pair_printed(chosen, await services.second_look.others(chosen))


async def _choose_another(services: Services, options: argparse.Namespace) -> None:
    looks = services.second_look
    if options.action == "third":
        await (looks.choose_no_third() if options.none else looks.choose_third(options.name))
    else:
        await (looks.choose_none() if options.none else looks.choose(options.name))


def _pair_printed(chosen: Pair, others: tuple[ModelRef, ...]) -> Printed:
    named = dict(zip(BESIDE, others, strict=False))
    shaped = {
        "cheap": model_json(chosen.cheap),
        "frontier": model_json(chosen.frontier),
        **{word: model_json(named[word]) if word in named else None for word in BESIDE},
        "practice": chosen.practice,
    }
    also = "".join(f" {word.capitalize()} cheap: {named[word].name}." for word in named)
    return shaped, f"Cheap: {chosen.cheap.name}. Frontier: {chosen.frontier.name}.{also}", 0


async def matter(services: Services, options: argparse.Namespace) -> Printed:
    """List matters or set a policy."""
    if options.action == "list":
        matters = await services.matters.all()
    else:
        kind = PolicyKind(options.policy.replace("-", "_"))
        policy = SendingPolicy(kind, frozenset(options.vendor))
        matters = [await services.matters.save(options.name, policy)]
    lines = [f"{item.name}: {item.policy.in_words()}" for item in matters]
    return {"matters": [_matter_json(item) for item in matters]}, "\n".join(lines), 0


def _matter_json(item: Matter) -> dict[str, object]:
    return {
        "name": item.name,
        "policy": item.policy.kind.value,
        "vendors": sorted(item.policy.vendors),
    }
