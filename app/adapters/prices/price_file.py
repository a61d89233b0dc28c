"""A file of prices as genai-prices publishes it: checked before use, kept in the data folder."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.errors import CounterpartError, Problem

if TYPE_CHECKING:
    from genai_prices.types import Provider

MOST_BYTES = 16_000_000
_FEWEST_MODELS = 100
_MUST_KNOW = frozenset({"anthropic", "openai"})
_LONGEST_PATTERN = 1_000
_FORMAT = 1


class PriceDataError(CounterpartError):
    """A file of prices cannot be used; the ones in use stay."""

    def __init__(self, why: str, kind: str = "price_data") -> None:
        step = "The prices in use stay as they are. Try again later, or set your own price."
        super().__init__(Problem(kind, f"These prices cannot be used: {why}.", step))


@dataclass(frozen=True, slots=True)
class Refreshed:
    """Prices that were fetched, when, and from where."""

    providers: list[Provider]
    at: datetime
    origin: str


def checked(data: bytes) -> list[Provider]:
    """Return the providers in a published file; PriceDataError where it is not what it should be.

    Nothing in it is run; a pattern that does not compile, or a price below zero, refuses it whole.
    """
    if len(data) > MOST_BYTES:
        raise PriceDataError(f"the file is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        raw = json.loads(data)
    except (ValueError, RecursionError):
        raise PriceDataError("the file is not JSON") from None
    if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
        raise PriceDataError("the file is not a list of providers")
    return _providers(raw)


def _providers(raw: list[dict[str, Any]]) -> list[Provider]:
    import pydantic

    # The package's own reader; it has no public one, and its version is pinned by our lock.
    from genai_prices.types import _providers_from_raw

    try:
        # How answers are read is our own business: only prices are taken from the file.
        providers = _providers_from_raw(
            [{key: item[key] for key in item if key != "extractors"} for item in raw]
        )
        for pattern in _patterns(raw):
            if len(pattern) > _LONGEST_PATTERN:
                raise PriceDataError("it holds a pattern that is too long")
            re.compile(pattern)
    except (pydantic.ValidationError, re.error, TypeError, ValueError, AssertionError):
        raise PriceDataError("something in it is not a price") from None
    if not {provider.id for provider in providers} >= _MUST_KNOW:
        raise PriceDataError("vendors that everyone knows are missing in it")
    if sum(len(provider.models) for provider in providers) < _FEWEST_MODELS:
        raise PriceDataError("it names too few models")
    if any(price < 0 for price in _amounts(providers)):
        raise PriceDataError("it holds a price below zero")
    return providers


def _patterns(value: object) -> Iterator[str]:
    """Yield every regular expression in the file."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key in ("regex", "api_pattern") and isinstance(part, str):
                yield part
            else:
                yield from _patterns(part)
    elif isinstance(value, list):
        for part in value:
            yield from _patterns(part)


def _amounts(providers: list[Provider]) -> Iterator[Decimal]:
    for provider in providers:
        for model in provider.models:
            conditional = model.prices if isinstance(model.prices, list) else ()
            for prices in (item.prices for item in conditional) if conditional else (model.prices,):
                for price in vars(prices).values():
                    yield from _tiered(price)


def _tiered(price: object) -> Iterator[Decimal]:
    for value in (getattr(price, "base", price), *(t.price for t in getattr(price, "tiers", ()))):
        if isinstance(value, Decimal):
            yield value


def keep(path: Path, data: bytes, at: datetime, origin: str) -> None:
    """Write a checked file with its date and origin, whole or not at all; OSError otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = {
        "format": _FORMAT,
        "refreshed_at": at.astimezone(UTC).isoformat(),
        "origin": origin,
        "providers": json.loads(data),
    }
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(json.dumps(kept, ensure_ascii=False).encode())
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def kept(path: Path) -> Refreshed | None:
    """Return what was kept, checked anew, or None if nothing was; PriceDataError if spoilt."""
    try:
        if path.stat().st_size > 2 * MOST_BYTES:
            raise PriceDataError("the file is too large")
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PriceDataError(f"the file cannot be read ({error.strerror})") from None
    read = _read(content)
    if read is None:
        raise PriceDataError("the file is damaged")
    at, origin, raw = read
    return Refreshed(_providers(raw), at, origin)


def _read(content: bytes) -> tuple[datetime, str, list[dict[str, Any]]] | None:
    try:
        body = json.loads(content)
        at, raw = datetime.fromisoformat(body["refreshed_at"]), body["providers"]
        sound = body["format"] == _FORMAT and at.tzinfo is not None and isinstance(raw, list)
        return (at, str(body["origin"]), raw) if sound else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
