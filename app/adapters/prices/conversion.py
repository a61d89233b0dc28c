"""From the prices of genai-prices to a `Price` of ours: tiers, hours, and what cannot be said."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from app.domain.money import Price, Rates, Tier

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice, Provider

# What a million tokens of each kind cost, in the order of Rates.
_KINDS = (
    "input_mtok",
    "output_mtok",
    "cache_read_mtok",
    "cache_write_mtok",
    "output_reasoning_mtok",
)
# Charged for without being asked for, and told by no count that a chat's usage has.
_UNCOUNTED = {"output_citation_mtok": "citations and searches"}
_BEIJING = timedelta(hours=8)
_SATURDAY = 5
_WEEKENDS_SINCE = date(2026, 8, 23)


def price_of(
    provider: Provider, info: ModelInfo, at: datetime, source: str, as_of: date | None
) -> Price | None:
    """Return what a model costs at that moment (aware), all tiers; None without both rates."""
    prices = info.get_prices(at)
    base = _rates(prices, 0)
    if base is None:
        return None
    return Price(
        base.input,
        base.output,
        cached_per_million=base.cached,
        cache_write_per_million=base.cache_write,
        reasoning_per_million=base.reasoning,
        source=source,
        as_of=as_of,
        per_thousand_requests=_at(getattr(prices, "requests_kcount", None), 0),
        tiers=_tiers(prices),
        words=_hours(info, prices),
        doubt=_doubt(provider, info, prices, at),
    )


def _rates(prices: ModelPrice, tokens: int) -> Rates | None:
    """Return the rates of a prompt with just more than `tokens` input tokens."""
    found = [_at(getattr(prices, kind, None), tokens) for kind in _KINDS]
    given, written, *others = found
    if given is None or written is None:
        return None
    return Rates(given, written, *others)


def _tiers(prices: ModelPrice) -> tuple[Tier, ...]:
    starts = sorted(
        {
            tier.start
            for kind in _KINDS
            for tier in getattr(getattr(prices, kind, None), "tiers", ())
        }
    )
    tiers = []
    for start in starts:
        rates = _rates(prices, start + 1)
        if rates is not None:
            tiers.append(Tier(start, rates))
    return tuple(tiers)


def _at(price: object, tokens: int) -> Decimal | None:
    """Return a rate for that many input tokens: a tier holds for more tokens than its start."""
    value = getattr(price, "base", price)
    for tier in getattr(price, "tiers", ()):
        if tokens > tier.start:
            value = tier.price
    return value if isinstance(value, Decimal) else None


def _hours(info: ModelInfo, chosen: ModelPrice) -> str:
    """Return the hours at which a price holds, where it depends on them, in words."""
    if not isinstance(info.prices, list):
        return ""
    windows = [(_window(item.constraint), item.prices is chosen) for item in info.prices]
    inside = [words for words, is_chosen in windows if words and is_chosen]
    if inside:
        return f"from {inside[-1]}"
    others = [words for words, _ in windows if words]
    return f"outside {' and '.join(others)}" if others else ""


def _window(constraint: object) -> str:
    start, end = getattr(constraint, "start_time", None), getattr(constraint, "end_time", None)
    if not isinstance(start, time) or not isinstance(end, time):
        return ""
    return f"{_utc(start):%H:%M} to {_utc(end):%H:%M} UTC"


def _utc(at: time) -> time:
    if at.tzinfo is None:
        return at
    return datetime.combine(date(1970, 1, 2), at).astimezone(UTC).timetz()


def _doubt(provider: Provider, info: ModelInfo, prices: ModelPrice, at: datetime) -> str:
    """Return why a cost by this price would be a guess, or an empty string."""
    for kind, words in _UNCOUNTED.items():
        if getattr(prices, kind, None) is not None:
            return f"{provider.name} also charges for {words}, which its answers do not count"
    beijing = at.astimezone(UTC) + _BEIJING
    if (
        provider.id == "deepseek"
        and _in_a_window(info, prices)
        and beijing.weekday() >= _SATURDAY
        and beijing.date() >= _WEEKENDS_SINCE
    ):
        # The data has hours but no days of the week (its own comment on the price says so).
        return "DeepSeek charges less at weekends (Beijing time), which this price cannot say"
    return ""


def _in_a_window(info: ModelInfo, chosen: ModelPrice) -> bool:
    if not isinstance(info.prices, list):
        return False
    return any(_window(item.constraint) and item.prices is chosen for item in info.prices)


def changes(providers: list[Provider]) -> tuple[date, ...]:
    """Return the days on which the data says that a price changed, in order."""
    days = {
        start
        for provider in providers
        for model in provider.models
        for item in (model.prices if isinstance(model.prices, list) else ())
        if isinstance(start := getattr(item.constraint, "start_date", None), date)
    }
    return tuple(sorted(days))
