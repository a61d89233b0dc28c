"""One model over HTTP: the `Provider` port, its retries and what it refuses to do."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlsplit

import httpx

from app.adapters.providers.answer_body import AnswerBody
from app.adapters.providers.catalog import vendor_of
from app.adapters.providers.dialect import NONE, Amendments, Dialect
from app.adapters.providers.faults import LINE_FAULTS, SEND_FAULTS, Fault, fault_of
from app.adapters.providers.guard import Guard, OverdueError
from app.adapters.providers.limits import Limits
from app.adapters.providers.problems import Problems
from app.adapters.providers.retry import Advice, RetryPolicy, advice_in, worth_retrying
from app.adapters.providers.transport import RoutedTransport, post
from app.adapters.providers.wire_error import error_from_body
from app.domain.errors import Problem
from app.domain.events import ANSWERED, Attempted, Failed, StreamEvent, Waiting
from app.domain.model import LOOPBACK_HOSTS, ModelRef
from app.domain.secret import ApiKey
from app.services.ports.clock import Clock
from app.services.ports.providers import ChatRequest

_KEY = re.compile(r"[!-~]+")
_REQUEST_ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}")
_NO_ADVICE = Advice()
# Beside a dialect's own types: a stream without its label, an answer (or an error) in one piece.
_READABLE = frozenset({"", "text/plain", "application/octet-stream", "application/json"})


@dataclass(frozen=True, slots=True)
class Wires:
    """What every provider shares: the transport, the limits, and time and chance handed in.

    `amendments` remembers, by address and model, what was found to be wanted otherwise.
    """

    transport: RoutedTransport
    clock: Clock
    limits: Limits = field(default_factory=Limits)
    retries: RetryPolicy = field(default_factory=RetryPolicy)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    dice: Callable[[], float] = random.random
    amendments: dict[tuple[str, str], Amendments] = field(default_factory=dict)


@dataclass(slots=True)
class _Asking:
    """The state of one `stream` call while it tries to get an answer to begin."""

    guard: Guard
    problems: Problems
    secrets: tuple[str, ...]
    started: float
    amendments: Amendments
    sent: float = 0.0
    attempt: int = 0
    retry: int = 0
    billable: bool = False


@dataclass(frozen=True, slots=True)
class _Setback:
    """One attempt that brought no answer."""

    fault: Fault
    attempted: Attempted
    advice: Advice = _NO_ADVICE
    amendment: str = ""


class HttpProvider:
    """Asks one model with one key."""

    def __init__(self, wires: Wires, dialect: Dialect, model: ModelRef, key: ApiKey | None) -> None:
        self._wires = wires
        self._dialect = dialect
        self._model = model
        self._key = key
        self._place = (model.base_url, model.model)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Yield the answer as it arrives; exactly one Finished or Failed is the last event."""
        problems = Problems.about(self._model)
        guard = Guard()
        earlier = (said for item in request.earlier for said in (item.asked, item.answered))
        secrets = (self._key.reveal() if self._key else "", request.text, *earlier)
        known = self._wires.amendments.get(self._place, NONE)
        asking = _Asking(guard, problems, secrets, guard.now(), known)
        response: httpx.Response | None = None
        body: AnswerBody | None = None
        try:
            unsent = self._refused(problems)
            if unsent is not None:
                yield Failed(unsent, may_be_billed=False)
                return
            while response is None:
                outcome = await self._attempt(request, asking)
                if isinstance(outcome, httpx.Response):
                    response = outcome
                    yield _attempted(asking, response, ANSWERED, billable=True)
                    break
                yield outcome.attempted
                waiting = self._next(asking, outcome)
                if isinstance(waiting, Failed):
                    yield waiting
                    return
                if waiting is not None:
                    yield waiting
                    if waiting.delay_s:
                        await self._wires.sleep(waiting.delay_s)
                        yield replace(waiting, delay_s=0.0)
            decoder = self._dialect.decoder(self._model, secrets)
            body = AnswerBody(
                response,
                decoder,
                problems,
                guard,
                self._wires.limits,
                sent=asking.sent,
                started=asking.started,
            )
            while not decoder.ended:
                for event in await body.read():
                    yield event
        finally:
            await _let_go(body, response)
            guard.close()

    def _refused(self, problems: Problems) -> Problem | None:
        """Return why nothing may be sent to this address at all, or None."""
        try:
            parts = urlsplit(self._model.base_url)
            parts.port  # noqa: B018  (raises where it is no number)
        except ValueError:
            return problems.bad_address()
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return problems.bad_address()
        if self._key is None:
            return None
        if parts.scheme == "http" and self._model.host not in LOOPBACK_HOSTS:
            return problems.insecure_address()
        if _KEY.fullmatch(self._key.reveal()) is None:
            return problems.unusable_key()
        return None

    async def _attempt(self, request: ChatRequest, asking: _Asking) -> httpx.Response | _Setback:
        """Send once; return a response whose body may be read as an answer, or a setback."""
        asking.attempt += 1
        limits, guard = self._wires.limits, asking.guard
        wire = self._dialect.request(self._model, request, self._key, asking.amendments)
        try:
            sent = post(wire.url, wire.headers, wire.body, limits)
            asking.sent = guard.now()
            guard.allow_until(
                min(asking.sent + limits.first_token_s, asking.started + limits.whole_answer_s)
            )
            response = await guard.run(self._wires.transport.handle_async_request(sent))
        except OverdueError:
            problem = asking.problems.no_first_token(limits.first_token_s, heard=False)
            return _unanswered(asking, Fault(problem, billable=True))
        except SEND_FAULTS as error:
            fault = fault_of(error, asking.problems, self._model.base_url, limits)
            return _unanswered(asking, fault)
        handed_on = False
        try:
            setback = await self._turned_down(response, asking, wire.body)
            handed_on = setback is None
        finally:
            if not handed_on:
                await response.aclose()
        return response if setback is None else setback

    async def _turned_down(
        self, response: httpx.Response, asking: _Asking, sent: bytes
    ) -> _Setback | None:
        status, problems = response.status_code, asking.problems
        if status >= 400:
            return await self._refusal(response, asking, sent)
        if status >= 300:
            return _setback(asking, response, Fault(self._redirected(response, problems)))
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            return _setback(asking, response, Fault(problems.garbled(), billable=True))
        if "html" in kind:
            return _setback(asking, response, Fault(problems.web_page(), billable=True))
        if status == 200 and kind in self._dialect.streams | _READABLE:
            return None
        return _setback(asking, response, Fault(problems.not_an_api(), billable=True))

    async def _refusal(self, response: httpx.Response, asking: _Asking, sent: bytes) -> _Setback:
        """Return what a status from 400 up means, and whether to ask again."""
        status = response.status_code
        error = error_from_body(await self._error_body(response, asking))
        problem = asking.problems.status(status, error, error.label(asking.secrets))
        advice = advice_in(response.headers, self._wires.clock.now())
        if advice.wait_s is None:
            advice = Advice(error.wait_s, advice.again)
        forwards = (vendor_of(self._model.base_url) or self._model.vendor) == "OpenRouter"
        again = worth_retrying(status, problem.kind, advice, forwards_402=forwards)
        if again and advice.wait_s:
            problem = asking.problems.come_back(status, advice.wait_s, self._local_time())
            again = not self._wires.retries.too_patient(advice)
        fault = Fault(problem, again, billable=status >= 500)
        amendment = ""
        if status in (400, 422):
            amendment = self._dialect.amendment(error, sent, asking.amendments)
        return _setback(asking, response, fault, advice, amendment)

    def _redirected(self, response: httpx.Response, problems: Problems) -> Problem:
        place = response.headers.get("location", "").strip().lower()
        downgrade = self._model.base_url.startswith("https:") and place.startswith("http:")
        return problems.redirected(unprotected=downgrade)

    def _local_time(self) -> datetime:
        """Return the hour on the user's own clock."""
        now = self._wires.clock.now()
        return now + timedelta(minutes=self._wires.clock.utc_offset_min(now))

    async def _error_body(self, response: httpx.Response, asking: _Asking) -> bytes:
        """Return the start of a short body; whatever goes wrong with it changes nothing."""
        limits, guard = self._wires.limits, asking.guard
        guard.allow_until(guard.now() + limits.error_body_s)
        data = bytearray()
        with contextlib.suppress(StopAsyncIteration, OverdueError, *LINE_FAULTS):
            chunks = cast("AsyncGenerator[bytes, None]", response.aiter_raw())
            async with contextlib.aclosing(chunks):
                while len(data) < limits.error_body_bytes:
                    data += await guard.run(anext(chunks))
        return bytes(data[: limits.error_body_bytes])

    def _next(self, asking: _Asking, setback: _Setback) -> Waiting | Failed | None:
        """Return what follows a setback: an end, a wait, or None for at once."""
        fault, policy = setback.fault, self._wires.retries
        asking.billable = asking.billable or fault.billable
        if setback.amendment:
            asking.amendments |= {setback.amendment}
            self._wires.amendments[self._place] = asking.amendments
            return None
        waited = asking.guard.now() - asking.started
        if not fault.again or asking.retry >= policy.most:
            return Failed(fault.problem, cut=fault.cut, may_be_billed=asking.billable)
        asking.retry += 1
        delay_s = policy.wait_s(asking.retry, setback.advice, self._wires.dice())
        if waited + delay_s > self._wires.limits.whole_answer_s:
            return Failed(fault.problem, cut=fault.cut, may_be_billed=asking.billable)
        return Waiting(fault.problem.message, delay_s, asking.attempt + 1)


async def _let_go(body: AnswerBody | None, response: httpx.Response | None) -> None:
    if body is not None:
        await body.close()
    elif response is not None:
        await response.aclose()


def _attempted(
    asking: _Asking, response: httpx.Response, outcome: str, *, billable: bool
) -> Attempted:
    headers = response.headers
    told = headers.get("x-request-id") or headers.get("request-id") or ""
    shown = _REQUEST_ID.fullmatch(told) is not None and not any(
        secret and (secret in told or told in secret) for secret in asking.secrets
    )
    shown_id = told if shown else ""
    return Attempted(asking.attempt, response.status_code, outcome, shown_id, billable)


def _unanswered(asking: _Asking, fault: Fault) -> _Setback:
    attempted = Attempted(asking.attempt, None, fault.problem.kind, may_be_billed=fault.billable)
    return _Setback(fault, attempted)


def _setback(
    asking: _Asking,
    response: httpx.Response,
    fault: Fault,
    advice: Advice = _NO_ADVICE,
    amendment: str = "",
) -> _Setback:
    attempted = _attempted(asking, response, fault.problem.kind, billable=fault.billable)
    return _Setback(fault, attempted, advice, amendment)
