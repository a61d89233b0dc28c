"""Joining HTTP chunks must never change what the parser reads."""

from __future__ import annotations

import h11
import pytest

from app.adapters.providers.coarse_stream import Coarsener

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: Chunked\r\n\r\n"


def chunked(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def read(pieces: list[bytes], *, coarse: bool) -> tuple[bytes, int, str]:
    """Return the body, the number of data events and how it ended, as h11 sees them."""
    coarsener = Coarsener()
    parser = h11.Connection(h11.CLIENT)
    parser.send(h11.Request(method="POST", target="/", headers=[("host", "x")]))
    parser.send(h11.EndOfMessage())
    body, events = b"", 0
    for piece in [*pieces, b""]:
        data = coarsener.pass_on(piece) if coarse and piece else piece
        if piece and not data:
            continue
        try:
            parser.receive_data(data)
            while True:
                event = parser.next_event()
                if event is h11.NEED_DATA:
                    break
                if isinstance(event, h11.Data):
                    body += bytes(event.data)
                    events += 1
                if isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
                    return body, events, "whole"
                if event is h11.PAUSED:
                    return body, events, "paused"
        except h11.RemoteProtocolError:
            return body, events, "broken"
    return body, events, "open"


MESSAGES = {
    "chunks": HEAD + chunked(b"data: 1\n\n", b"data: 2\n\n", b"x" * 300),
    "payload that looks like framing": HEAD + chunked(b"5\r\nabc\r\n0\r\n\r\n", b"\r\n\r\n"),
    "trailers": HEAD + b"3\r\nabc\r\n0\r\nDigest: x\r\n\r\n",
    "chunk extensions": HEAD + b"3;name=v\r\nabc\r\n0\r\n\r\n",
    "early hints first": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + HEAD + chunked(b"ab"),
    "a length": b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n3\r\nabc",
    "until it closes": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n3\r\nabc\r\n",
    "bad size": HEAD + b"3\r\nabc\r\nzz\r\nabc\r\n0\r\n\r\n",
    "signed size": HEAD + b"+3\r\nabc\r\n0\r\n\r\n",
    "no end of chunk": HEAD + b"3\r\nabcdef\r\n0\r\n\r\n",
    "broken off in a chunk": HEAD + b"a\r\nabc",
    "broken off in a size": HEAD + b"3\r\nabc\r\n1",
    "endless size": HEAD + b"1" * 60,
    "bare line feeds": HEAD.replace(b"\r\n", b"\n") + chunked(b"abc"),
}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES.keys())
def test_an_answer_reads_the_same_with_and_without_joining(message: bytes) -> None:
    plain, _, plain_end = read([message], coarse=False)
    for cut in range(len(message) + 1):
        pieces = [piece for piece in (message[:cut], message[cut:]) if piece]
        body, _, end = read(pieces, coarse=True)
        assert (body, end) == (plain, plain_end), cut


def test_chunks_that_arrived_together_are_parsed_once() -> None:
    many = HEAD + chunked(*[b"data: x\n\n"] * 500)
    assert read([many], coarse=False)[1] == 500
    assert read([many], coarse=True)[1] == 1
