"""What a server says when it refuses, read for its meaning and never repeated word for word.

An error message can quote the key or the prompt. Only short identifiers from it are ever shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from app.adapters.providers.json_text import loads

_SECONDS = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)s")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_.\[\]-]{0,59}")


class Meaning(Enum):
    """What kind of refusal an error is, beyond its status."""

    TOO_LONG = "too_long"
    FILTERED = "filtered"
    SPENT = "spent"
    BAD_KEY = "bad_key"
    NO_MODEL = "no_model"
    OVERLOADED = "overloaded"
    RATE_LIMITED = "rate_limited"
    OTHER = "other"


# Read in this order: the first that fits wins. Codes and types are compared whole.
_CODES: tuple[tuple[Meaning, frozenset[str]], ...] = (
    (
        Meaning.TOO_LONG,
        frozenset({"context_length_exceeded", "exceed_context_size_error", "1261",
                   "string_above_max_length", "context_window_exceeded", "prompt_too_long"}),
    ),
    (
        Meaning.FILTERED,
        frozenset({"content_filter", "content_policy_violation", "responsibleaipolicyviolation",
                   # OpenAI's policies on dangerous topics; GLM: sensitive content
                   "bio_policy", "cyber_policy", "misalignment_policy_violation", "1301"}),
    ),
    (
        Meaning.SPENT,
        frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active",
                   "billing_error", "insufficient_balance", "exceeded_current_quota_error",
                   "account_deactivated", "access_terminated", "organization_on_hold",
                   "enforced_spend_limit_reached", "contract_spend_limit_reached",
                   "linked_organization_spend_limit_reached",
                   # GLM: inactive, locked or violating account, no balance, plan expired
                   "1110", "1112", "1113", "1121", "1309"}),
    ),
    (
        Meaning.BAD_KEY,
        frozenset({"invalid_api_key", "authentication_error", "api_key_invalid", "invalid_key",
                   "1000", "1001", "1002", "1003", "1004"}),
    ),
    (
        Meaning.NO_MODEL,
        frozenset({"model_not_found", "invalid_model", "model_not_exist", "1211"}),
    ),
    (
        Meaning.OVERLOADED,
        frozenset({"overloaded_error", "server_overloaded", "engine_overloaded", "1312",
                   "server_is_overloaded", "unavailable"}),
    ),
    (
        Meaning.RATE_LIMITED,
        frozenset({"rate_limit_error", "rate_limit_exceeded", "rate_limit_reached_error",
                   "1302", "1303", "1304", "1305", "1308", "1310"}),
    ),
)  # fmt: skip
_WORDS: tuple[tuple[Meaning, re.Pattern[str]], ...] = (
    (
        Meaning.TOO_LONG,
        re.compile(
            r"context (?:length|window|size|limit)|exceed\w* (?:the )?(?:model'?s? )?context"
            r"|prompt is too long|input is too long|too many (?:input |prompt )?tokens"
            r"|maximum (?:context|input|prompt) |tokens? to keep|when context the overflows|n_ctx"
            r"|reduce the length|requested token count exceeds|exceeded model token limit"
            r"|input token count .{0,40}exceeds|input tokens exceeds? maximum"
            r"|tokens in request more than max|(?:prompt|input) length .{0,40}exceeds"
        ),
    ),
    (
        Meaning.FILTERED,
        re.compile(r"content management policy|flagged for .{0,60}polic|content policy violation"),
    ),
    (
        Meaning.SPENT,
        re.compile(
            r"exceeded your current quota|insufficient (?:account )?(?:balance|funds|credit)"
            r"|credit balance is too low|out of credits|account (?:is |has been )?suspended"
            r"|spending limit|used all available credits"
        ),
    ),
    (
        Meaning.BAD_KEY,
        re.compile(
            r"(?:incorrect|invalid) api key|api key (?:is )?(?:not valid|invalid|not found)"
            r"|api_key_invalid"
        ),
    ),
    (
        Meaning.NO_MODEL,
        re.compile(
            r"model not exist|not a valid model|no such model|unknown model|invalid model"
            r"|model .{0,200}(?:does not exist|not found)"
        ),
    ),
)

# A status repeated as a code says least, so it is read last.
_STATUSES = {
    "401": Meaning.BAD_KEY,
    "402": Meaning.SPENT,
    "429": Meaning.RATE_LIMITED,
    "502": Meaning.OVERLOADED,
    "503": Meaning.OVERLOADED,
    "529": Meaning.OVERLOADED,
}


@dataclass(frozen=True, slots=True, repr=False)
class WireError:
    """An error body. `words` is for reading its meaning, never for showing."""

    codes: tuple[str, ...] = ()
    param: str = ""
    words: str = ""
    wait_s: float | None = None  # when to ask again, where the body says it

    @property
    def meaning(self) -> Meaning:
        """Return what kind of refusal this is."""
        known = {code.casefold() for code in self.codes}
        for meaning, codes in _CODES:
            if known & codes:
                return meaning
        for meaning, pattern in _WORDS:
            if pattern.search(self.words):
                return meaning
        told = (_STATUSES[code] for code in self.codes if code in _STATUSES)
        return next(told, Meaning.OTHER)

    def names(self, field: str) -> bool:
        """Return whether the error speaks of that request field, by its whole name."""
        name = field.casefold()
        param = self.param.casefold()
        if param == name or param.startswith((f"{name}.", f"{name}[")):
            return True
        return re.search(rf"(?<![a-z0-9_]){re.escape(name)}(?![a-z0-9_])", self.words) is not None

    def label(self, secrets: tuple[str, ...]) -> str:
        """Return an identifier that may be shown, or an empty string; never part of a secret."""
        for code in (*self.codes, self.param):
            if not _IDENTIFIER.fullmatch(code):
                continue
            if not any(code in secret or secret in code for secret in secrets if secret):
                return code
        return ""


def error_in(body: object) -> WireError | None:
    """Return the error that a JSON object reports, or None if it reports none."""
    if not isinstance(body, Mapping):
        return None
    inner = body.get("error")
    if inner is None and (
        body.get("object") == "error" or body.get("type") == "error" or body.get("success") is False
    ):
        inner = body
    if inner is None or inner is False:
        return None
    if isinstance(inner, Mapping):
        metadata = inner.get("metadata")
        extra = metadata.get("raw", "") if isinstance(metadata, Mapping) else ""
        wait_s = _wait_s(inner)
        codes = (*_codes(inner), *(("rate_limit_exceeded",) if wait_s is not None else ()))
        return WireError(codes, _word(inner.get("param")), _words(inner, extra), wait_s)
    return WireError((), "", _words({"message": inner}, body.get("message", "")))


def error_from_body(data: bytes) -> WireError:
    """Return what an error response says, whatever shape it has."""
    try:
        body = loads(data)
    except ValueError:
        return WireError(words=_lower(data.decode("utf-8", "replace")))
    if isinstance(body, list) and body:
        body = body[0]  # one vendor wraps its error in a list
    found = error_in(body)
    if found is not None:
        return found
    codes = _codes(body) if isinstance(body, Mapping) else ()
    return WireError(codes, words=_lower(data.decode("utf-8", "replace")))


def _codes(error: Mapping[str, object]) -> tuple[str, ...]:
    found = [_word(error.get(name)) for name in ("code", "type", "status")]
    for detail in _details(error):
        found += [_word(detail.get("error_code")), _word(detail.get("reason"))]
    return tuple(code for code in found if code and code != "error")


def _details(error: Mapping[str, object]) -> list[Mapping[str, object]]:
    """Return one vendor's finer code, or another's list of reasons."""
    details = error.get("details")
    listed = details if isinstance(details, list) else [details]
    return [detail for detail in listed if isinstance(detail, Mapping)]


def _wait_s(error: Mapping[str, object]) -> float | None:
    """Return how long one vendor's error asks to wait: `retryDelay`, "34.1s"."""
    for detail in _details(error):
        told = detail.get("retryDelay")
        if isinstance(told, str) and (found := _SECONDS.fullmatch(told)):
            return float(found.group(1))
    return None


def _word(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)[:200]


def _words(error: Mapping[str, object], extra: object) -> str:
    said = error.get("message") or error.get("msg") or ""
    return _lower(f"{said} {extra}")


def _lower(text: str) -> str:
    return text[:20_000].casefold()
