"""Fetching prices over a real socket: one plain request, a cap, a deadline, no redirect."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from app.adapters.prices import download
from app.adapters.prices.download import PublishedPrices
from app.adapters.prices.price_file import PriceDataError
from app.domain.errors import InputError
from tests.fakes.fault_server import CUT, RESET, STALL, FaultServer, Reply


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


def fetch(address: str, whole_s: float = 5.0) -> bytes:
    return asyncio.run(PublishedPrices(whole_s=whole_s).fetch(address))


def address(server: FaultServer) -> str:
    return f"{server.anthropic_url}/prices/data.json"


def test_the_request_says_nothing_of_the_user(server: FaultServer) -> None:
    server.enqueue(Reply(200, {"Content-Type": "text/plain"}, (b"[1,", b"2]"), "chunked"))
    assert fetch(address(server)) == b"[1,2]"
    (request,) = server.requests
    assert (request.method, request.path, request.body) == ("GET", "/prices/data.json", b"")
    assert set(request.headers) == {"host", "user-agent", "accept", "accept-encoding"}
    assert request.headers["user-agent"] == "Counterpart"


def test_the_address_is_the_one_that_the_package_itself_names() -> None:
    from genai_prices.update_prices import DEFAULT_UPDATE_URL

    assert download.PUBLISHED == DEFAULT_UPDATE_URL
    assert download.PUBLISHED.startswith("https://")


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply(404, {}, (b"no",), "length"), "answered 404"),
        (Reply(302, {"Location": "http://elsewhere.test/"}, (), "length"), "answered 302"),
        (Reply(200, {}, (b"[1", RESET), "chunked"), "could not be reached"),
        (Reply(200, {}, (b"[1", CUT), "chunked"), "could not be reached"),
        (Reply(raw=b"garbage\r\n\r\n"), "could not be reached"),
    ],
)
def test_whatever_goes_wrong_is_one_sentence_and_the_prices_stay(
    server: FaultServer, reply: Reply, why: str
) -> None:
    server.enqueue(reply)
    with pytest.raises(PriceDataError, match=why) as refused:
        fetch(address(server))
    assert refused.value.problem.kind == "prices_not_fetched"
    assert refused.value.__cause__ is None
    assert len(server.requests) <= 1


def test_a_server_that_stalls_does_not_hold_the_user(server: FaultServer) -> None:
    server.enqueue(Reply(200, {}, (b"[1", STALL), "chunked"))
    with pytest.raises(PriceDataError, match="did not send them within"):
        fetch(address(server), whole_s=0.3)


def test_a_file_without_an_end_is_cut_off_at_its_cap(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "MOST_BYTES", 100_000)
    server.enqueue(Reply(200, {}, (b"x" * 60_000, b"x" * 60_000, STALL), "chunked"))
    with pytest.raises(PriceDataError, match="larger than"):
        fetch(address(server))


def test_nobody_listening_is_told_in_words() -> None:
    with pytest.raises(PriceDataError, match="no connection"):
        fetch("http://127.0.0.1:9/data.json")


@pytest.mark.parametrize(
    "unsafe", ["http://mirror.firm.example/x", "ftp://x/y", "file:///etc/hosts"]
)
def test_prices_are_fetched_over_https_only(unsafe: str) -> None:
    with pytest.raises(InputError, match="https only"):
        fetch(unsafe)


def test_a_file_that_is_not_there_is_told_in_words() -> None:
    with pytest.raises(PriceDataError, match=r"missing\.json cannot be read"):
        fetch("missing.json")
