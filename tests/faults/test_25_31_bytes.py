"""Rows 25–31: odd bytes. The right text, or a clear error; never the wrong text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from app.adapters.providers.limits import Limits
from app.domain.money import Certainty
from tests.fakes.fault_server import Reply, Step
from tests.fakes.speech import SPEECH, Speech
from tests.faults.table import ALL, COMPLETE, FAILED, INCOMPLETE, Row, desk, echoing, rows

OPENAI = SPEECH["openai-chat"]
SSE = [each for each in ALL if each.sse]
MEASURED, ESTIMATED = Certainty.MEASURED, Certainty.ESTIMATED
# A pause after each byte lets most of them reach the reader one at a time.
A_MOMENT = 0.002


def spelled(chunks: Iterable[bytes]) -> list[Step]:
    return [step for byte in b"".join(chunks) for step in (bytes([byte]), A_MOMENT)]


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_25_malformed_json(tmp_path: Path, speech: Speech) -> None:
    with desk(tmp_path, speech) as tried:
        steps = (*speech.opening("Hello"), speech.rubbish, *speech.whole("no"))
        tried.server.default = echoing(speech.reply(steps))
        tried.ask()
        tried.holds(Row(25, "rubbish", INCOMPLETE, "garbled", ESTIMATED, "Hello"))


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_26_half_a_json(tmp_path: Path, speech: Speech) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = echoing(speech.reply((*speech.opening("Hello"), speech.half)))
        tried.ask()
        tried.holds(Row(26, "half", INCOMPLETE, "cut_off", ESTIMATED, "Hello"))


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_27_utf8_cut_at_every_byte(tmp_path: Path, speech: Speech) -> None:
    text = "§ 535 “größer” 😀"
    with desk(tmp_path, speech) as tried:
        tried.server.default = echoing(speech.reply(spelled(speech.whole(text))))
        tried.ask()
        tried.holds(Row(27, "utf-8", COMPLETE, "", MEASURED, text))


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_28_line_separators_in_the_text(tmp_path: Path, speech: Speech) -> None:
    text = "a\u2028b\u2029c\u0085d\x0be\x0cf\x1cg"
    with desk(tmp_path, speech) as tried:
        # As themselves, not escaped: a general line splitter would break the JSON here.
        tried.server.default = echoing(speech.reply(speech.whole(text)))
        tried.ask()
        tried.holds(Row(28, "separators", COMPLETE, "", MEASURED, text))


@pytest.mark.parametrize(
    ("speech", "ending"),
    # A lone CR ends a line of Server-Sent Events, and none of JSON lines.
    [(each, ending) for each in ALL for ending in (b"\r\n", b"\r") if each.sse or ending[1:]],
    ids=lambda value: value.dialect if isinstance(value, Speech) else value.hex(),
)
def test_29_crlf_across_chunks(tmp_path: Path, speech: Speech, ending: bytes) -> None:
    whole = b"".join(speech.whole("Hel", "lo")).replace(b"\n", ending)
    steps: list[Step] = []
    for part in whole.split(b"\r"):
        steps += [part + b"\r", A_MOMENT]  # each CR comes alone, its LF with the next chunk
    with desk(tmp_path, speech) as tried:
        tried.server.default = echoing(speech.reply(steps[:-2]))
        tried.ask()
        tried.holds(Row(29, "crlf", COMPLETE, "", MEASURED, "Hello"))


@pytest.mark.parametrize("speech", SSE, ids=str)
def test_30_bom_and_comments(tmp_path: Path, speech: Speech) -> None:
    first, *rest = speech.whole("Hel", "lo")
    steps: list[Step] = [b"\xef", A_MOMENT, b"\xbb\xbf", b": hello\n\n", first]
    steps += [step for piece in rest for step in (b": still here\n\n:\n", piece)]
    with desk(tmp_path, speech) as tried:
        tried.server.default = echoing(speech.reply(steps))
        tried.ask()
        tried.holds(Row(30, "bom", COMPLETE, "", MEASURED, "Hello"))


def many_lines(chunk: bytes) -> bytes:
    """Write an event's JSON over many lines, each with its own `data:`."""
    head, _, data = chunk.decode().strip().rpartition("data: ")
    try:
        told = json.dumps(json.loads(data), indent=1, ensure_ascii=False)
    except ValueError:
        return chunk
    return (head + "".join(f"data: {line}\n" for line in told.splitlines()) + "\n").encode()


@pytest.mark.parametrize("speech", SSE, ids=str)
def test_31_multi_line_data(tmp_path: Path, speech: Speech) -> None:
    with desk(tmp_path, speech) as tried:
        chunks = [many_lines(chunk) for chunk in speech.whole("Hel", "lo")]
        tried.server.default = echoing(speech.reply(chunks))
        tried.ask()
        tried.holds(Row(31, "lines", COMPLETE, "", MEASURED, "Hello"))


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize(
    ("row", "raw"),
    rows(
        (Row(25, "ssh", FAILED, "not_an_api", ESTIMATED), b"SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        (Row(25, "nul", FAILED, "not_an_api", ESTIMATED), b"\x00\x01\x02\x03\r\n\r\n"),
        (
            Row(25, "header", FAILED, "not_an_api", ESTIMATED),
            b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
        ),
    ),
)
def test_what_is_no_http(tmp_path: Path, speech: Speech, row: Row, raw: bytes) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = Reply(raw=raw)
        tried.ask()
        tried.holds(row)


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_25_broken_http_inside_the_answer(tmp_path: Path, speech: Speech) -> None:
    kind = b"text/event-stream" if speech.sse else b"application/x-ndjson"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nTransfer-Encoding: chunked\r\n\r\n" % kind
    first = b"".join(speech.opening("Hello"))
    with desk(tmp_path, speech) as tried:
        tried.server.default = Reply(
            raw=head + b"%x\r\n%b\r\n" % (len(first), first) + b"zz\r\nrubbish\r\n"
        )
        tried.ask()
        tried.holds(Row(25, "chunks", INCOMPLETE, "garbled", ESTIMATED, "Hello"))


def test_27_a_byte_at_a_time_is_no_silence(tmp_path: Path) -> None:
    """Bytes that add to an event count as progress: the time-out is shorter than one event."""
    limits = Limits(first_token_s=0.6, between_tokens_s=0.6)
    with desk(tmp_path, OPENAI, limits=limits) as tried:
        tried.server.default = Reply.stream(spelled(OPENAI.whole("Hi")))
        tried.ask()
        tried.holds(Row(27, "slow", COMPLETE, "", MEASURED, "Hi"))
