"""The sentences about asking for a list: those of an answer, but where they would not fit."""

from __future__ import annotations

from dataclasses import dataclass

from app.adapters.providers.problems import Problems
from app.adapters.providers.wire_error import Meaning, WireError
from app.domain.errors import Problem

_TYPE_IT = "Type the model's id instead, as the provider's page names it."
_NO_LIST = (404, 405, 410, 501)


@dataclass(frozen=True, slots=True)
class ListProblems(Problems):
    """What went wrong while a vendor was asked which models it offers."""

    def status(self, status: int, error: WireError, label: str) -> Problem:
        """Return what a status from 400 up means for a list."""
        if status in _NO_LIST and error.meaning is not Meaning.BAD_KEY:
            return Problem(
                "no_list", f"{self.who} offers no list of models at this address.", _TYPE_IT
            )
        problem = super(ListProblems, self).status(status, error, label)
        if problem.kind == "key_refused":
            return Problem(
                problem.kind,
                problem.message,
                "Check the key, or copy it again from the provider's page.",
            )
        if problem.kind == "forbidden":
            return Problem(
                problem.kind, f"{self.who} does not let this key read its list.", _TYPE_IT
            )
        if problem.kind in ("bad_request", "model_not_found", "too_large", "too_long"):
            named = f" ({label})" if label else ""
            return Problem(
                "bad_request",
                f"{self.who} could not work with the request for its list ({status}){named}.",
                _TYPE_IT,
            )
        return problem

    def key_missing(self) -> Problem:
        """Say that the vendor shows its list only to those who hold a key."""
        return Problem(
            "key_missing",
            f"{self.who} shows its list only with an API key.",
            "Give the key, or type the model's id.",
        )

    def redirected(self, *, unprotected: bool) -> Problem:
        """Say that a redirect was refused: the key is never sent on."""
        where = "an unprotected address" if unprotected else "another address"
        return Problem(
            "redirected",
            f"{self.who} pointed to {where}; nothing was sent there.",
            "Check the address. On a guest network, sign in to it first.",
        )

    def web_page(self) -> Problem:
        """Say that a web page came, as from a captive portal."""
        return Problem(
            "not_an_api",
            f"A web page came back instead of the list of {self.who}.",
            "If this network asks you to sign in, do that in a browser first; otherwise check the "
            "address.",
        )

    def not_an_api(self) -> Problem:
        """Say that what came is no list."""
        return Problem(
            "not_an_api",
            f"What answers as {self.who} sent no list of models in the chosen format.",
            f"Check the address and the format. {_TYPE_IT}",
        )

    def cut_off(self) -> Problem:
        """Say that the list ended in the middle."""
        return Problem(
            "cut_off", f"{self.who} broke the list off before its end.", "Load it again."
        )

    def connection_broke(self) -> Problem:
        """Say that the connection ended before a list began."""
        return Problem(
            "cut_off", f"The connection to {self.who} broke before a list came.", "Load it again."
        )

    def too_slow(self, seconds: float) -> Problem:
        """Say that the list did not come in time."""
        return Problem(
            "stalled", f"{self.who} did not send its list within {seconds:g} seconds.", _TYPE_IT
        )

    def too_much(self) -> Problem:
        """Say that more came than a list can be."""
        return Problem(
            "too_much",
            f"{self.who} sent far more than a list of models can be; it was not read.",
            f"Check the address. {_TYPE_IT}",
        )
