"""The JSON of prices, likely costs and budgets."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.domain.budget import Budget, Month
from app.domain.events import Attempted
from app.domain.likely import Likely
from app.domain.money import Cost, Money, Price
from app.services.estimate import Estimate
from app.services.pricing import PricePair, PriceState

Json = dict[str, Any]


def decimal_text(value: Decimal) -> str:
    """Return an exact decimal without an exponent or needless zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money_json(money: Money | None) -> Json | None:
    """Return an amount as decimal text with its currency, or null."""
    if money is None:
        return None
    return {"amount": decimal_text(money.amount), "currency": money.currency}


def cost_json(cost: Cost) -> Json:
    """Return amount (decimal text or null), currency and certainty."""
    return {
        "amount": None if cost.money is None else decimal_text(cost.money.amount),
        "currency": "USD" if cost.money is None else cost.money.currency,
        "certainty": cost.certainty.value,
    }


def price_json(price: Price | None) -> Json | None:
    """Return rates per million tokens, where and when they were read, and what they hold for."""
    if price is None:
        return None
    return {
        "in": decimal_text(price.input_per_million),
        "out": decimal_text(price.output_per_million),
        "cached": _rate(price.cached_per_million),
        "cache_write": _rate(price.cache_write_per_million),
        "reasoning": _rate(price.reasoning_per_million),
        "per_thousand_requests": _rate(price.per_thousand_requests),
        "currency": price.currency,
        "source": price.source or None,
        "as_of": None if price.as_of is None else price.as_of.isoformat(),
        "holds": price.words or None,
        "doubt": price.doubt or None,
        "tiers": [
            {
                "above_tokens": tier.above_tokens,
                "in": decimal_text(tier.rates.input),
                "out": decimal_text(tier.rates.output),
                "cached": _rate(tier.rates.cached),
                "cache_write": _rate(tier.rates.cache_write),
            }
            for tier in price.tiers
        ],
    }


def _rate(rate: Decimal | None) -> str | None:
    return None if rate is None else decimal_text(rate)


def attempt_json(attempt: Attempted) -> Json:
    """Return one request that was made for an answer, and what it may have cost besides."""
    return {
        "attempt": attempt.attempt,
        "status": attempt.status,
        "outcome": attempt.outcome,
        "request_id": attempt.request_id or None,
        "may_be_billed": attempt.may_be_billed,
        "besides": None if attempt.besides is None else cost_json(attempt.besides),
    }


def likely_json(likely: Likely) -> Json:
    """Return what one model is likely to cost: the middle, the range, and what it goes by."""
    lengths = likely.lengths
    return {
        "name": likely.model.name,
        "input_tokens": likely.input_tokens,
        "cost": cost_json(likely.cost),
        "low": _amount(likely.low),
        "high": _amount(likely.high),
        "output_tokens": {"low": lengths.low, "middle": lengths.middle, "high": lengths.high},
        "answers": lengths.answers,
        "task": lengths.task or None,
        "price": price_json(likely.price),
    }


def _amount(money: Money | None) -> str | None:
    return None if money is None else decimal_text(money.amount)


def estimate_json(estimate: Estimate) -> Json:
    """Return what both sides are likely to cost."""
    return {
        "input_tokens": estimate.input_tokens,
        "cheap": likely_json(estimate.likely_cheap),
        "frontier": likely_json(estimate.likely_frontier),
    }


def pair_json(pair: PricePair) -> Json:
    """Return a model's own price and its list price; `used` says which one counts."""
    used = "free" if pair.free else "own" if pair.own else "list" if pair.listed else "unknown"
    return {
        "name": pair.model.name,
        "model": pair.model.model,
        "used": used,
        "own": price_json(pair.own),
        "list": price_json(pair.listed),
    }


def state_json(state: PriceState) -> Json:
    """Return how old the list prices are, and every model's."""
    data = state.data
    return {
        "source": data.source,
        "newest_change": None if data.newest_change is None else data.newest_change.isoformat(),
        "refreshed_at": None if data.refreshed_at is None else data.refreshed_at.isoformat(),
        "origin": data.origin or None,
        "age_days": state.age_days,
        "priced_models": data.models,
        "problem": data.problem or None,
        "models": [pair_json(pair) for pair in state.models],
    }


def budget_json(budget: Budget, month: Month) -> Json:
    """Return the limits, and what this month has cost, by currency."""
    currencies = {item.currency for item in budget.limits} | {item.currency for item in month.spent}
    return {
        "month": month.month,
        "currencies": [
            {
                "currency": currency,
                "month_limit": _rate(budget.limit(currency).month),
                "prompt_limit": _rate(budget.limit(currency).prompt),
                "spent_measured": decimal_text(month.in_currency(currency).measured),
                "spent_estimated": decimal_text(month.in_currency(currency).estimated),
                "held": decimal_text(month.in_currency(currency).held),
            }
            for currency in sorted(currencies)
        ],
        "answers_of_unknown_cost": month.unseen,
    }
