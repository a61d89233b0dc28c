"""The body of a good response: timed, capped, opened, framed and decoded."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from typing import cast

import httpcore
import httpx

from app.adapters.providers.decoder import Decoder
from app.adapters.providers.faults import LINE_FAULTS, broke
from app.adapters.providers.guard import Guard, OverdueError
from app.adapters.providers.inflate import Inflater
from app.adapters.providers.limits import Limits
from app.adapters.providers.problems import Problems
from app.adapters.providers.sse import FrameTooLongError
from app.domain.errors import Problem
from app.domain.events import StreamEvent

_WEB_PAGE = (b"<!doctype", b"<html")


class AnswerBody:
    """Reads one response to its end.

    `sent` is when this attempt was, `started` when the first one was; loop time, seconds.
    """

    def __init__(
        self,
        response: httpx.Response,
        decoder: Decoder,
        problems: Problems,
        guard: Guard,
        limits: Limits,
        *,
        sent: float,
        started: float,
    ) -> None:
        self._response = response
        self._chunks = cast("AsyncGenerator[bytes, None]", response.aiter_raw())
        self._decoder = decoder
        self._problems = problems
        self._guard = guard
        self._limits = limits
        self._ceiling = started + limits.whole_answer_s
        self._progress = sent
        self._heard = sent
        self._left = guard.now()
        self._reader = decoder.reader(limits.line_bytes)
        self._bytes = 0
        declared = response.headers.get("content-type", "")
        self._sniff = "event-stream" not in declared
        # Not where each line is an object: half a line there is an answer that was cut.
        self._in_one_piece = declared.partition(";")[0].strip().lower() == "application/json"
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        self._inflater = None if encoding in ("", "identity") else Inflater()

    async def read(self) -> list[StreamEvent]:
        """Wait for more and return what it means; the last event ends the answer."""
        # Only waiting for the server counts as silence, not what the reader did in between.
        self._progress += self._guard.now() - self._left
        self._guard.allow_until(self._deadline())
        try:
            return await self._wait()
        finally:
            self._left = self._guard.now()

    async def _wait(self) -> list[StreamEvent]:
        try:
            chunk = await self._guard.run(anext(self._chunks))
        except StopAsyncIteration:
            return self._at_end()
        except OverdueError:
            return [self._decoder.fail(self._overdue())]
        except LINE_FAULTS as error:
            # Either the line broke, or what came never was well-formed HTTP.
            garbled = isinstance(error, httpcore.RemoteProtocolError) and not broke(error)
            problem = self._problems.garbled() if garbled else self._problems.cut_off()
            return [self._decoder.fail(problem, cut=True)]
        now = self._guard.now()
        self._heard = now
        if now > self._ceiling:
            return [self._decoder.fail(self._problems.too_slow(self._limits.whole_answer_s))]
        return self._take(chunk, now)

    async def close(self) -> None:
        """Close the response; after a whole answer its last bytes are read, to keep the line."""
        if self._decoder.reason is not None and not self._response.is_closed:
            self._guard.allow_until(self._guard.now() + self._limits.drain_s)
            with contextlib.suppress(StopAsyncIteration, OverdueError, *LINE_FAULTS):
                await self._guard.run(anext(self._chunks))
        with contextlib.suppress(*LINE_FAULTS):
            await self._chunks.aclose()
            await self._response.aclose()

    def _take(self, chunk: bytes, now: float) -> list[StreamEvent]:
        if self._is_web_page(chunk):
            return [self._decoder.fail(self._problems.web_page())]
        events: list[StreamEvent] = []
        try:
            for piece in (chunk,) if self._inflater is None else self._inflater.pieces(chunk):
                self._feed(piece, now, events)
                if self._decoder.ended:
                    return events
        except FrameTooLongError:
            events.append(self._decoder.fail(self._problems.too_much()))
        except ValueError:
            events.append(self._decoder.fail(self._problems.garbled()))
        return events

    def _feed(self, piece: bytes, now: float, events: list[StreamEvent]) -> None:
        """Add what one piece means; FrameTooLongError past a cap."""
        self._bytes += len(piece)
        if self._bytes > self._limits.body_bytes:
            raise FrameTooLongError
        decoder, had_finished = self._decoder, self._decoder.reason is not None
        fresh = decoder.feed(self._reader.feed(piece))
        events += fresh
        just_finished = decoder.reason is not None and not had_finished
        if fresh or self._reader.advanced or just_finished:
            self._progress = now
        if decoder.size_bytes > self._limits.answer_bytes and not decoder.ended:
            raise FrameTooLongError

    def _is_web_page(self, chunk: bytes) -> bool:
        if not self._sniff or not chunk:
            return False
        self._sniff = False
        return chunk.lstrip()[:9].lower().startswith(_WEB_PAGE)

    def _at_end(self) -> list[StreamEvent]:
        # What came in one piece and is no JSON was never an answer; the rest was one, once.
        never = self._in_one_piece and not self._decoder.begun
        read = self._decoder.feed if never else self._decoder.feed_rest
        try:
            events = read(self._reader.finish())
        except FrameTooLongError:
            return [self._decoder.fail(self._problems.too_much())]
        if not self._decoder.ended and self._in_one_piece and not self._decoder.begun:
            events.append(self._decoder.fail(self._problems.not_an_api()))
        if not self._decoder.ended:
            events.append(self._decoder.close())
        return events

    def _deadline(self) -> float:
        return min(self._progress + self._patience(), self._ceiling)

    def _patience(self) -> float:
        if self._decoder.reason is not None:
            return self._limits.after_finish_s
        if self._decoder.begun:
            return self._limits.between_tokens_s
        return self._limits.first_token_s

    def _overdue(self) -> Problem:
        if self._guard.now() >= self._ceiling:
            return self._problems.too_slow(self._limits.whole_answer_s)
        heard = self._heard > self._progress
        if self._decoder.begun:
            return self._problems.stalled(self._limits.between_tokens_s, heard=heard)
        return self._problems.no_first_token(self._limits.first_token_s, heard=heard)
