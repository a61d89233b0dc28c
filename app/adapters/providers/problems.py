"""Every fault of a network or a server as a sentence that a lawyer can act on.

Nothing here ever holds a key, a header, a prompt or a server's own words: only the vendor's or
host's name, the model's name as the user typed it, a status and times.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.adapters.providers.wire_error import Meaning, WireError
from app.domain.errors import Problem
from app.domain.matter import provider_name
from app.domain.model import ModelRef

_AGAIN = "Ask again."
_LATER = "Wait a moment and ask again, or use another model."
_KEPT = "What arrived is kept; ask again for the whole answer."
_NETWORK = "Check this computer's connection and the address in Settings, then ask again."
_TRUST = "Nothing was sent. Ask your IT department before you go on."

_PAYMENT = (
    "payment",
    "Your account at {who} has no credit left, or its quota is spent.",
    "Add credit or raise the limit on the provider's page, then ask again.",
)
_FORBIDDEN = (
    "forbidden",
    "{who} does not allow this key to use “{model}”{named}.",
    "Check the key's permissions on the provider's page, or choose another model.",
)
_OTHER_REFUSAL = (
    "bad_request",
    "{who} could not work with the request ({status}){named}.",
    "Check the model's id and settings, or choose another model.",
)
_TURNED_DOWN = {
    401: (
        "key_refused",
        "{who} did not accept the API key.",
        "Replace the key of this model in Settings.",
    ),
    402: _PAYMENT,
    403: _FORBIDDEN,
    404: (
        "model_not_found",
        "{who} knows no model “{model}” at this address.",
        "Check the model's id and address in Settings.",
    ),
    407: (
        "proxy",
        "Your network's proxy did not let the connection to {who} through.",
        "Ask your IT department to allow this address or for the proxy's sign-in.",
    ),
    408: ("stalled", "{who} gave up waiting for the prompt (408).", _LATER),
    409: ("overloaded", "{who} was busy with a conflicting request (409).", _LATER),
    412: _PAYMENT,  # Fireworks AI: the account is suspended
    413: (
        "too_large",
        "{who} does not take a prompt of this size.",
        "Shorten it or attach only the pages it is about.",
    ),
    451: _FORBIDDEN,
}


@dataclass(frozen=True, slots=True)
class Problems:
    """The sentences about one model; `who` is the vendor or host that is asked."""

    who: str
    model: str

    @staticmethod
    def about(model: ModelRef) -> Problems:
        """Return the sentences about this model."""
        who = "The on-device model" if model.practice else provider_name(model)
        return Problems(who or "The server", model.model)

    # Before anything is sent

    def insecure_address(self) -> Problem:
        """Say that a key would travel in the clear."""
        return Problem(
            "insecure_address",
            f"Not sent: the API key would travel unprotected to {self.who}.",
            "Use an address that starts with https://.",
        )

    def bad_address(self) -> Problem:
        """Say that the address cannot be called at all."""
        return Problem(
            "bad_request",
            f"Not sent: the address of {self.who} is not one that can be called.",
            "Correct the model's address in Settings.",
        )

    def unusable_key(self) -> Problem:
        """Say that the key holds characters that no HTTP header can carry."""
        return Problem(
            "key_refused",
            f"Not sent: the API key for {self.who} holds spaces, line breaks or special characters "
            "that no key has.",
            "Copy the key again from the provider's page and replace it in Settings.",
        )

    def not_local(self, host: str) -> Problem:
        """Say that a model which is called local hands the prompt on to another computer."""
        return Problem(
            "not_local",
            f"“{self.model}” does not run on this computer: {self.who} hands prompts on to {host}.",
            "Choose a model that runs here, or take the “local” mark off it in Settings.",
        )

    # Reaching the server

    def refused_connection(self) -> Problem:
        """Say that nobody listens there."""
        return Problem(
            "refused_connection",
            f"{self.who} refused the connection: nothing answers at that address.",
            "Check that the server is running and that the address in Settings is right.",
        )

    def unknown_host(self) -> Problem:
        """Say that the name does not resolve."""
        return Problem(
            "unknown_host", f"The name {self.who} could not be found on the network.", _NETWORK
        )

    def connect_timeout(self, seconds: float) -> Problem:
        """Say that the connection was not made in time."""
        return Problem(
            "connect_timeout",
            f"{self.who} could not be reached within {_span(seconds)}.",
            _NETWORK,
        )

    def bad_certificate(self) -> Problem:
        """Say that TLS could not be verified; it is never bypassed."""
        return Problem(
            "bad_certificate",
            f"{self.who} could not prove its identity: its security certificate is not trusted "
            "by this computer.",
            _TRUST,
        )

    def no_tls(self) -> Problem:
        """Say that the TLS handshake failed for another reason."""
        return Problem(
            "bad_certificate", f"No secure connection could be made to {self.who}.", _TRUST
        )

    def proxy(self) -> Problem:
        """Say that the network's proxy stands in the way."""
        return self._told(407)

    def connection_broke(self) -> Problem:
        """Say that the connection ended before an answer began."""
        return Problem(
            "cut_off", f"The connection to {self.who} broke before an answer came.", _AGAIN
        )

    # Being turned down

    def status(self, status: int, error: WireError, label: str) -> Problem:
        """Return what a status from 400 up means, read together with the error's body."""
        named = f" ({label})" if label else ""
        if (by_meaning := self._by_meaning(status, error.meaning)) is not None:
            return by_meaning
        if status == 429:
            return self.rate_limited(None)
        if status >= 500:
            return self._server_fault(status)
        kind, message, next_step = _TURNED_DOWN.get(status, _OTHER_REFUSAL)
        told = message.format(who=self.who, model=self.model, status=status, named=named)
        return Problem(kind, told, next_step)

    def _by_meaning(self, status: int, meaning: Meaning) -> Problem | None:
        match meaning:
            case Meaning.TOO_LONG if status in (400, 413, 422, 500):
                return self.too_long()
            case Meaning.FILTERED if status in (400, 403, 422, 451):
                return self.filtered()
            case Meaning.SPENT if status in (400, 402, 403, 412, 429):
                return self._told(402)
            case Meaning.BAD_KEY if status in (400, 401, 403):
                return self._told(401)
            case Meaning.NO_MODEL if status in (400, 404, 422):
                return self._told(404)
            case _:
                return None

    def _told(self, status: int) -> Problem:
        return self.status(status, WireError(), "")

    def rate_limited(self, wait_s: float | None) -> Problem:
        """Say that there were too many requests, and when to come back where that was told."""
        if wait_s is None:
            return Problem(
                "rate_limited", f"{self.who} is limiting how fast you may ask (429).", _LATER
            )
        return Problem(
            "rate_limited",
            f"{self.who} is limiting how fast you may ask.",
            f"It asks you to wait {_span(wait_s)}; ask again then, or use another model.",
        )

    def _server_fault(self, status: int) -> Problem:
        match status:
            case 502 | 504 | 522 | 524:
                what = "did not get an answer from its own servers"
            case 503 | 529:
                what = "is overloaded"
            case _:
                what = "had an internal fault"
        return Problem("overloaded", f"{self.who} {what} ({status}).", _LATER)

    def come_back(self, status: int, wait_s: float) -> Problem:
        """Say when the server wants to be asked again."""
        if status == 429:
            return self.rate_limited(wait_s)
        return Problem(
            "overloaded",
            f"{self.who} cannot answer now ({status}).",
            f"It asks you to wait {_span(wait_s)}; ask again then, or use another model.",
        )

    # Answering with something else

    def redirected(self) -> Problem:
        """Say that a redirect was refused: the prompt is never sent on."""
        return Problem(
            "redirected",
            f"{self.who} pointed to another address; the prompt was not sent there.",
            "Check the model's address in Settings. On a guest network, sign in to it first.",
        )

    def web_page(self) -> Problem:
        """Say that a web page came, as from a captive portal."""
        return Problem(
            "not_an_api",
            f"A web page came back instead of an answer from {self.who}.",
            "If this network asks you to sign in, do that in a browser first; otherwise check the "
            "model's address in Settings.",
        )

    def not_an_api(self) -> Problem:
        """Say that what came is no stream of an answer."""
        return Problem(
            "not_an_api",
            f"What answers as {self.who} does not speak the chosen format.",
            "Check the model's address and format in Settings.",
        )

    # While answering

    def too_long(self) -> Problem:
        """Say that the prompt does not fit the model's context."""
        return Problem(
            "too_long",
            f"The prompt is longer than “{self.model}” can read.",
            "Attach only the pages it is about, or choose a model with a longer context.",
        )

    def filtered(self) -> Problem:
        """Say that the provider's content filter stands in the way."""
        return Problem(
            "content_filter",
            f"{self.who}'s content filter withheld the answer.",
            "Rephrase the prompt or ask another provider.",
        )

    def no_first_token(self, seconds: float, *, heard: bool) -> Problem:
        """Say that nothing, or only signs of life, came before the first word."""
        what = "kept the line open but began no answer" if heard else "did not begin to answer"
        return Problem("stalled", f"{self.who} {what} within {_span(seconds)}.", _LATER)

    def stalled(self, seconds: float, *, heard: bool) -> Problem:
        """Say that nothing, or only signs of life, came after some words."""
        what = "kept the line open but wrote nothing more" if heard else "stopped in the middle"
        return Problem("stalled", f"{self.who} {what} for {_span(seconds)}.", _KEPT)

    def too_slow(self, seconds: float) -> Problem:
        """Say that the whole answer took too long."""
        return Problem("too_slow", f"The answer was not finished after {_span(seconds)}.", _KEPT)

    def cut_off(self) -> Problem:
        """Say that the stream ended without its terminal event."""
        return Problem("cut_off", f"{self.who} broke the answer off before its end.", _KEPT)

    def unknown_end(self) -> Problem:
        """Say that the stream ended for a reason that does not make it whole."""
        return Problem(
            "cut_off", f"{self.who} ended the answer without saying that it is whole.", _KEPT
        )

    def provider_error(self, meaning: Meaning, label: str) -> Problem:
        """Say that an error came inside a stream that had begun well."""
        match meaning:
            case Meaning.OVERLOADED:
                what = "reported that it is overloaded"
            case Meaning.RATE_LIMITED:
                what = "reported that you ask too fast"
            case Meaning.SPENT:
                return self._told(402)
            case Meaning.BAD_KEY:
                return self._told(401)
            case Meaning.NO_MODEL:
                return self._told(404)
            case _:
                what = "reported an error while answering"
        named = f" ({label})" if label else ""
        return Problem("provider_error", f"{self.who} {what}{named}.", _LATER)

    def garbled(self) -> Problem:
        """Say that a part of the answer is unreadable."""
        return Problem("garbled", f"{self.who} sent something that could not be read.", _KEPT)

    def too_much(self) -> Problem:
        """Say that more came than an answer can be."""
        return Problem(
            "too_much",
            f"{self.who} sent far more than an answer can be; the rest was not read.",
            "What arrived is kept. Check the model's address in Settings.",
        )


def _span(seconds: float) -> str:
    """Return a duration in words, rounded up to what a person would wait."""
    if seconds < 1:
        return f"{seconds:.1f} seconds"
    if seconds < 120:
        count = math.ceil(seconds)
        return "1 second" if count == 1 else f"{count} seconds"
    minutes = math.ceil(seconds / 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{math.ceil(minutes / 60)} hours"
