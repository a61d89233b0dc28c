"""What is checked of a model before it is stored: address, key and its place in a pair."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from app.domain.errors import InputError, NotFoundError
from app.domain.model import LOOPBACK_HOSTS, ModelRef, Pair, Role
from app.domain.money import Price
from app.domain.vendor import blanks_in

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def named_in(models: list[ModelRef], name: str) -> ModelRef:
    """Return the model of that name, in any case; NotFoundError tells which there are."""
    for model in models:
        if model.name.casefold() == name.strip().casefold():
            return model
    known = ", ".join(model.name for model in models) or "none yet"
    raise NotFoundError(f"There is no model called “{name}”.", f"Models you added: {known}.")


def same_price(one: Price | None, other: Price | None) -> bool:
    """Return whether both ask the same of tokens in and out; whatever else they hold."""
    if one is None or other is None:
        return one is other
    return (one.input_per_million, one.output_per_million) == (
        other.input_per_million, other.output_per_million
    )  # fmt: skip


def refuse_unfit(pair: Pair) -> None:
    """Raise InputError where a model sits in the wrong place of a pair, or twice."""
    if pair.cheap.id == pair.frontier.id:
        raise InputError("A comparison needs two different models.", "Choose another one.")
    for model, role in ((pair.cheap, Role.CHEAP), (pair.frontier, Role.FRONTIER)):
        if model.role is not role:
            raise InputError(
                f"{model.name} was added as a {model.role} model.",
                f"Choose a {role} model for that place.",
            )


E = TypeVar("E", bound=StrEnum)


def one_of(kind: type[E], word: str, what: str) -> E:
    """Return the value a word stands for; InputError tells which there are."""
    try:
        return kind(word)
    except ValueError:
        known = " or ".join(item.value for item in kind)
        raise InputError(f"“{word}” is not a {what}.", f"Use {known}.") from None


def checked_url(text: str) -> str:
    """Return an http(s) address without a trailing slash; InputError otherwise."""
    url = text.strip().rstrip("/")
    wrong = InputError(
        f"“{text.strip()}” is not an address.", "It starts with https:// and names a server."
    )
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (raises where it is no number, or too large)
    except ValueError:
        raise wrong from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise wrong
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InputError(
            "The address holds more than a server and a path.",
            "Leave out user names, keys and everything after “?” or “#”.",
        )
    if missing := blanks_in(url):
        raise InputError(
            f"The address still has parts to fill in: {', '.join(missing)}.",
            "Put your own in place of each part in braces.",
        )
    return url


def checked_variable(name: str) -> str:
    """Return the name of an environment variable; InputError if it looks like anything else."""
    if not _VARIABLE.fullmatch(name.strip()):
        raise InputError(
            "That is not the name of an environment variable.",
            "Give the variable's name, never the key itself.",
        )
    return name.strip()


def refuse_insecure(model: ModelRef) -> None:
    """Raise InputError when a key would travel in the clear to another machine."""
    if urlsplit(model.base_url).scheme == "http" and model.host not in LOOPBACK_HOSTS:
        raise InputError(
            f"A key would travel unprotected to {model.host}.",
            "Use an address that starts with https://.",
            "insecure_address",
        )


def refuse_to_call_local(model: ModelRef) -> None:
    """Raise InputError where a model called local does not run on this computer."""
    if not model.local:
        return
    if model.host not in LOOPBACK_HOSTS:
        raise InputError(
            f"{model.host} is not this computer, so the model cannot be called local.",
            "Leave “local” off, or give the address of this computer (127.0.0.1).",
        )
    if model.handed_on_to:
        raise InputError(
            f"“{model.model}” is run by {model.handed_on_to}, not by this computer, so it cannot "
            "be called local.",
            "Leave “local” off, or choose a model that runs here.",
            "not_local",
        )
