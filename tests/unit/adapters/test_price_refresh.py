"""Newer prices are checked before they are used, dated, and never lose the shipped ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.adapters.prices import GenaiPriceBook
from app.adapters.prices.price_file import PriceDataError
from app.domain.model import Dialect, ModelRef, Role
from tests.fakes import published

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
GPT = ModelRef("G", Dialect.OPENAI_CHAT, "https://api.openai.com/v1", "gpt-4o", Role.FRONTIER)


def rate(book: GenaiPriceBook) -> Decimal | None:
    price = book.price(GPT, NOW)
    return None if price is None else price.input_per_million


def test_refreshed_prices_are_used_at_once_and_after_a_restart_with_their_date(
    tmp_path: Path,
) -> None:
    book = GenaiPriceBook(lambda: tmp_path)
    assert rate(book) == Decimal("2.5")
    told = book.replace(published.file(published.model("gpt-4o", 7, 9)), NOW, "the published file")
    assert (told.refreshed_at, told.origin) == (NOW, "the published file")
    for opened in (book, GenaiPriceBook(lambda: tmp_path)):
        assert rate(opened) == Decimal(7)
        price = opened.price(GPT, NOW)
        assert price is not None
        assert price.as_of == NOW.date()
        assert "refreshed" in price.source
        assert opened.data(NOW.date()).newest_change == date(2026, 11, 22)


def test_a_file_of_prices_stays_in_the_data_folder_and_leaves_nothing_half_written(
    tmp_path: Path,
) -> None:
    GenaiPriceBook(lambda: tmp_path).replace(published.file(), NOW, "x")
    assert [path.name for path in tmp_path.iterdir()] == ["prices.json"]


def spoilt(change: Callable[[list[dict[str, Any]]], object]) -> bytes:
    raw = published.providers()
    change(raw)
    return json.dumps(raw).encode()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<html>captive portal</html>", "not JSON"),
        (b'{"providers": []}', "not a list"),
        (b"[1, 2]", "not a list"),
        (b"[" * 100_000, "not JSON"),
        (spoilt(lambda raw: raw.pop()), "everyone knows"),
        (spoilt(lambda raw: raw[0].update(models=raw[0]["models"][:9])), "too few"),
        (spoilt(lambda raw: raw[0].update(api_pattern="(")), "not a price"),
        (spoilt(lambda raw: raw[0].update(api_pattern="a" * 2_000)), "too long"),
        (spoilt(lambda raw: raw[0]["models"].append(published.model("x", -1, 2))), "below zero"),
        (spoilt(lambda raw: raw[0]["models"].append({"id": "x"})), "not a price"),
        (
            spoilt(lambda raw: raw[0]["models"].append(
                {**published.model("x", 1, 2), "prices": {"input_mtok": "free", "output_mtok": 1}}
            )),
            "not a price",
        ),
        (published.file(newest="2020-01-01"), "older than the prices in use"),
        (b" " * 16_000_001, "larger than"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_it_should_be_is_refused_whole_and_the_prices_stay(
    tmp_path: Path, data: bytes, why: str
) -> None:
    book = GenaiPriceBook(lambda: tmp_path)
    with pytest.raises(PriceDataError, match=why) as refused:
        book.replace(data, NOW, "x")
    assert "stay as they are" in refused.value.problem.next_step
    assert rate(book) == Decimal("2.5")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b'{"format": 1, "refreshed_at": "2026-11-24", "origin": "", "providers": []}',
     b"\xff\xfe", b'{"format": 2}', b"[]"],
)  # fmt: skip
def test_a_kept_file_that_was_spoilt_falls_back_to_the_shipped_prices_and_says_so(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "prices.json").write_bytes(content)
    book = GenaiPriceBook(lambda: tmp_path)
    assert rate(book) == Decimal("2.5")
    assert book.data(NOW.date()).problem
    assert book.data(NOW.date()).refreshed_at is None


def test_a_newer_program_brings_newer_prices_than_were_once_refreshed(tmp_path: Path) -> None:
    book = GenaiPriceBook(lambda: tmp_path)
    book.replace(published.file(published.model("gpt-4o", 7, 9)), NOW, "x")
    kept = tmp_path / "prices.json"
    kept.write_bytes(kept.read_bytes().replace(b"2026-11-22", b"2020-01-01"))
    later = GenaiPriceBook(lambda: tmp_path)
    assert rate(later) == Decimal("2.5")
    assert not later.data(NOW.date()).problem


def test_a_folder_that_cannot_be_written_refuses_in_words_and_keeps_the_prices(
    tmp_path: Path,
) -> None:
    taken = tmp_path / "file"
    taken.touch()
    book = GenaiPriceBook(lambda: taken / "folder")
    with pytest.raises(PriceDataError, match="could not be kept") as refused:
        book.replace(published.file(published.model("gpt-4o", 7, 9)), NOW, "x")
    assert refused.value.problem.kind == "prices_not_kept"
    assert rate(book) == Decimal("2.5")
