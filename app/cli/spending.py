"""prices, budget, and a model's own price."""

from __future__ import annotations

import argparse

from app.cli.asking import Printed
from app.cli.cost_shape import budget_json, pair_json, price_json, state_json
from app.domain.budget import Budget, Month
from app.domain.errors import InputError
from app.domain.words import price_text
from app.services.container import Services
from app.services.pricing import PricePair, PriceState


async def prices(services: Services, options: argparse.Namespace) -> Printed:
    """Show how old the prices are, or fetch newer ones."""
    if options.action == "show":
        state = await services.pricing.state()
        return state_json(state), state_words(state), 0
    came = await services.pricing.refresh(options.source)
    changed = [
        {
            "name": new.model.name,
            "before": price_json(old.listed),
            "after": price_json(new.listed),
        }
        for old, new in came.changed
    ]
    said = [f"{new.model.name}: now {price_text(new.listed)}." for _, new in came.changed]
    said = said or ["No price of your models has changed."]
    return (
        {**state_json(came.state), "changed": changed},
        "\n".join((age_words(came.state), *said)),
        0,
    )


def state_words(state: PriceState) -> str:
    """Return the age of the prices and each model's, for people."""
    return "\n".join((age_words(state), *(pair_words(pair) for pair in state.models)))


def age_words(state: PriceState) -> str:
    """Return how old the prices are, and why a refreshed file is not used."""
    said = f"List prices: {state.age_in_words()}."
    return f"{said} {state.data.problem}" if state.data.problem else said


def pair_words(pair: PricePair) -> str:
    """Return a model's own price beside its list price."""
    beside = "" if pair.own is None or pair.free else f"; the list: {price_text(pair.listed)}"
    return f"{pair.model.name}: {pair.in_words()}{beside}."


async def model_price(services: Services, options: argparse.Namespace) -> Printed:
    """Show a model's prices, set its own, or go back to the list's."""
    model = await services.models.named(options.name)
    given = (options.price_in, options.price_out)
    if options.list:
        model = await services.models.use_list_price(model)
    elif any(item is not None for item in (*given, options.cached, options.currency)):
        if None in given:
            raise InputError("One price is missing.", "Give both --in and --out.")
        model = await services.models.set_price(
            model, *given, options.cached or "", options.currency or ""
        )
    pair = await services.pricing.pair(model)
    return pair_json(pair), pair_words(pair), 0


async def budget(services: Services, options: argparse.Namespace) -> Printed:
    """Show or set what may be spent."""
    if options.action == "set":
        month = "" if options.no_month else options.month
        prompt = "" if options.no_prompt else options.prompt
        if month is None and prompt is None:
            raise InputError(
                "Nothing was given to set.", "Give --month AMOUNT, --prompt AMOUNT or both."
            )
        limits = await services.budgets.set(options.currency, month, prompt)
    else:
        limits = await services.budgets.load()
    spent = await services.budgets.month()
    return budget_json(limits, spent), budget_words(limits, spent), 0


def budget_words(limits: Budget, month: Month) -> str:
    """Return limits and spending, a line a currency."""
    currencies = {item.currency for item in limits.limits} | {item.currency for item in month.spent}
    lines = []
    for currency in sorted(currencies) or ["USD"]:
        spent = month.in_currency(currency).in_words()
        lines.append(f"{month.month}: {spent}; {limits.limit(currency).in_words()}.")
    return "\n".join((*lines, *filter(None, (month.unseen_in_words(),))))
