"""Every fault of a network or a server as a sentence that a lawyer can act on.

Nothing here ever holds a key, a header, a prompt or a server's own words: only the vendor's or
host's name, the model's name as the user typed it, a status and times.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.adapters.providers.wire_error import Meaning, WireError
from app.domain.errors import KEPT, Problem
from app.domain.model import ModelRef

_AGAIN = "Ask again."
_LATER = "Wait a moment and ask again, or use another model."
_KEPT = f"{KEPT}; ask again for the whole answer."
_NETWORK = "Check this computer's connection and the address in Settings, then ask again."
_TRUST = "Nothing was sent. Ask your IT department before you go on."
_OWN_TRUST = (
    "Nothing was sent. If your firm has certificates of its own, add its file in Settings under "
    "Connection; otherwise ask your IT department before you go on."
)

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
        "Your network's proxy wants a sign-in before it lets the connection to {who} through.",
        "Nothing was sent. Ask your IT department for the proxy's address with its sign-in "
        "(HTTPS_PROXY), or to allow this address.",
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
        who = "The on-device model" if model.practice else model.provider
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
            _OWN_TRUST,
        )

    def expired_certificate(self) -> Problem:
        """Say that the certificate is not valid today."""
        return Problem(
            "bad_certificate",
            f"{self.who} could not prove its identity: its security certificate is not valid "
            "today.",
            "Nothing was sent. Check this computer's date and time, then ask again; if they are "
            "right, ask your IT department.",
        )

    def other_names_certificate(self) -> Problem:
        """Say that the certificate was made for another address."""
        return Problem(
            "bad_certificate",
            f"{self.who} could not prove its identity: its security certificate belongs to "
            "another address.",
            "Nothing was sent. Check the model's address in Settings; if it is right, ask your IT "
            "department before you go on.",
        )

    def trust_file(self, *, chosen: bool) -> Problem:
        """Say that a file of added certificates is gone or broken."""
        where = "chosen in Settings" if chosen else "named by SSL_CERT_FILE"
        step = (
            "Choose it again or take it away in Settings under Connection."
            if chosen
            else "Correct or remove that environment variable and start Counterpart again."
        )
        return Problem(
            "trust_file",
            f"Not sent to {self.who}: the file of certificates {where} cannot be read.",
            step,
        )

    def no_tls(self) -> Problem:
        """Say that the TLS handshake failed for another reason."""
        return Problem(
            "bad_certificate", f"No secure connection could be made to {self.who}.", _TRUST
        )

    def proxy_sign_in(self) -> Problem:
        """Say that the network's proxy wants a name and a password."""
        return self._told(407)

    def proxy(self) -> Problem:
        """Say that the network's proxy stands in the way."""
        return Problem(
            "proxy",
            f"Your network's proxy did not let the connection to {self.who} through.",
            "Nothing was sent. Ask your IT department to allow this address.",
        )

    def unreachable_proxy(self) -> Problem:
        """Say that nothing answers where the system says that its proxy is."""
        return Problem(
            "proxy",
            f"Your network's proxy, by which {self.who} is reached, does not answer.",
            "Nothing was sent. Check the proxy in this computer's network settings, then ask "
            "again.",
        )

    def unusable_proxy(self) -> Problem:
        """Say that the system names a proxy of a kind that this program does not speak."""
        return Problem(
            "proxy",
            f"{self.who} is reached by a proxy of a kind that Counterpart does not speak.",
            "Nothing was sent. Ask your IT department for an HTTP proxy.",
        )

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
            return self.rate_limited()
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

    def rate_limited(self) -> Problem:
        """Say that there were too many requests, without being told when to come back."""
        return Problem(
            "rate_limited", f"{self.who} is limiting how fast you may ask (429).", _LATER
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

    def come_back(self, status: int, wait_s: float, now: datetime) -> Problem:
        """Say when the server wants to be asked again; `now` is the user's local time."""
        step = f"It asks you to wait {_span(wait_s)}{_until(now, wait_s)}; ask again then, or use "
        if status == 429:
            kind, message = "rate_limited", f"{self.who} is limiting how fast you may ask (429)."
        else:
            kind, message = "overloaded", f"{self.who} cannot answer now ({status})."
        return Problem(kind, message, f"{step}another model.")

    # Answering with something else

    def redirected(self, *, unprotected: bool) -> Problem:
        """Say that a redirect was refused: the prompt is never sent on."""
        where = "an unprotected address" if unprotected else "another address"
        return Problem(
            "redirected",
            f"{self.who} pointed to {where}; the prompt was not sent there.",
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
            f"{KEPT}. Check the model's address in Settings.",
        )


_WITHOUT_THE_HOUR_S = 120.0
_DAY_S = 86_400.0


def _until(now: datetime, wait_s: float) -> str:
    """Return the hour at which a longer wait is over, with its day where that is another one."""
    if wait_s < _WITHOUT_THE_HOUR_S:
        return ""
    then = now + timedelta(seconds=wait_s + 59)  # a minute that has begun is waited for
    day = "" if then.date() == now.date() else f" on {then:%Y-%m-%d}"
    return f", until {then:%H:%M}{day}"


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
    if seconds < 2 * _DAY_S:
        return f"{math.ceil(minutes / 60)} hours"
    return f"{math.ceil(seconds / _DAY_S)} days"
