"""What an exception of the HTTP library means. It is never shown, chained or logged."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpcore
import httpx

from app.adapters.providers.limits import Limits
from app.adapters.providers.problems import Problems
from app.adapters.providers.transport import UnusableProxyError, proxy_for
from app.adapters.providers.trust import TrustFileError
from app.domain.errors import Problem

LINE_FAULTS: tuple[type[Exception], ...] = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpcore.ConnectionNotAvailable,
    httpx.HTTPError,
    httpx.StreamError,
    httpx.InvalidURL,
    UnusableProxyError,
    TrustFileError,
    OSError,
)
"""All that sending and reading may raise; the rest is a bug of ours."""

SEND_FAULTS: tuple[type[Exception], ...] = (*LINE_FAULTS, ValueError)
"""The same while a request is still being built from what the user typed."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong: `again` whether to retry, `billable` whether it may have cost."""

    problem: Problem
    again: bool = False
    billable: bool = False
    cut: bool = False


def fault_of(error: Exception, problems: Problems, base_url: str, limits: Limits) -> Fault:
    """Return what an exception meant that came before the answer's headers."""
    match error:
        case httpcore.ConnectTimeout() | httpcore.PoolTimeout():
            return Fault(problems.connect_timeout(limits.connect_s), again=True)
        case TrustFileError():
            return Fault(problems.trust_file(chosen=error.chosen))
        case UnusableProxyError():
            return Fault(problems.unusable_proxy())
        case httpcore.ProxyError():
            return Fault(_proxy_fault(error, problems))
        case httpcore.ConnectError():
            return _connect_fault(error, problems, base_url, limits)
        case httpcore.UnsupportedProtocol() | httpcore.LocalProtocolError() | httpx.InvalidURL():
            return Fault(problems.bad_address())
        case httpx.UnsupportedProtocol() | ValueError():
            return Fault(problems.bad_address())
        case httpcore.RemoteProtocolError() if not broke(error):
            return Fault(problems.not_an_api(), billable=True)
        case _:
            return Fault(problems.connection_broke(), again=True, billable=True, cut=True)


def broke(error: Exception) -> bool:
    """Return whether the other side hung up, rather than wrote something that is no HTTP."""
    words = str(error)
    return "disconnected" in words or "peer closed" in words


def _connect_fault(error: Exception, problems: Problems, base_url: str, limits: Limits) -> Fault:
    causes = list(_causes(error))
    refusals = [cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)]
    if refusals:
        return Fault(_certificate_problem(refusals[0], problems))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Fault(problems.no_tls())
    parts = urlsplit(base_url)
    if proxy_for(parts.scheme, parts.hostname or ""):
        return Fault(problems.unreachable_proxy())
    if any(isinstance(cause, socket.gaierror | UnicodeError) for cause in causes):
        return Fault(problems.unknown_host(), again=True)
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return Fault(problems.connect_timeout(limits.connect_s), again=True)
    return Fault(problems.refused_connection(), again=True)


# OpenSSL's own numbers, which the systems' stores do not give: then the general sentence is said.
_EXPIRED, _NOT_YET = 10, 9
_OTHER_NAME, _OTHER_ADDRESS = 62, 64


def _certificate_problem(error: ssl.SSLCertVerificationError, problems: Problems) -> Problem:
    code = getattr(error, "verify_code", 0)
    if code in (_EXPIRED, _NOT_YET):
        return problems.expired_certificate()
    if code in (_OTHER_NAME, _OTHER_ADDRESS):
        return problems.other_names_certificate()
    return problems.bad_certificate()


def _proxy_fault(error: httpcore.ProxyError, problems: Problems) -> Problem:
    """Return what the proxy's refusal means: the library's words begin with the status."""
    return problems.proxy_sign_in() if str(error).startswith("407") else problems.proxy()


def _causes(error: BaseException | None, depth: int = 0) -> Iterator[BaseException]:
    if error is None or depth > 12:  # a circle would be endless
        return
    yield error
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _causes(inner, depth + 1)
    yield from _causes(error.__cause__ or error.__context__, depth + 1)
