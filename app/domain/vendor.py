"""Vendors, what each says about the prompts it is sent, and the models it lists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from app.domain.errors import InputError
from app.domain.model import LOOPBACK_HOSTS, Dialect
from app.domain.money import Price

_BLANK = re.compile(r"\{([a-z_]+)\}")
_PART = r"[a-z0-9-]+"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class DatedFact:
    """One thing that is said of a vendor, where it was read, and when.

    `read_on` is None where it could not be verified: the text says so then. `second_hand` marks
    what was read not on the vendor's own page but with somebody who quotes it. `by_place` marks
    what nobody had to read: it follows from the model's running on this computer.
    """

    text: str
    source: str = ""
    read_on: date | None = None
    second_hand: bool = False
    by_place: bool = False

    @property
    def known(self) -> bool:
        """Return whether anybody read this anywhere, or it follows from where the model runs."""
        return self.by_place or self.read_on is not None

    def as_of(self) -> str:
        """Return when it was read, or why nobody had to, for showing beside the text."""
        if self.by_place:
            return "because it runs here"
        if self.read_on is None:
            return "not verified"
        how = "second hand, " if self.second_hand else "read "
        return f"{how}{self.read_on.day} {_MONTHS[self.read_on.month - 1]} {self.read_on.year}"


NOT_KNOWN = DatedFact("Not known: nobody has read this vendor's terms for you.")


@dataclass(frozen=True, slots=True)
class Wire:
    """One way in which a vendor can be asked: a dialect and the address that speaks it."""

    dialect: Dialect
    base_url: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A part of an address that only the user knows: `{name}` in the template."""

    name: str
    label: str
    example: str


@dataclass(frozen=True, slots=True)
class VendorFacts:
    """A vendor the user can choose from a list. Data, no behaviour of its own.

    `receiver` says in words who is sent the prompt, and whether they hand it on.
    `base_url` may hold blanks in braces, each told of in `blanks`. `also` are further dialects.
    `hosts` are further host names of the same vendor, in which `*` stands for one name part.
    `unpriced` are those of the offered models whose price the price book does not know.
    `key_header` is set where the key does not travel as its dialect usually sends it.
    `no_list` says why the vendor's own model list cannot be read, and is empty where it can.
    """

    name: str
    dialect: Dialect
    base_url: str
    key_page: str = ""
    cheap_models: tuple[str, ...] = ()
    frontier_models: tuple[str, ...] = ()
    receiver: str = "Whoever runs the address."
    jurisdiction: DatedFact = NOT_KNOWN
    retention: DatedFact = NOT_KNOWN
    training: DatedFact = NOT_KNOWN
    also: tuple[Wire, ...] = ()
    blanks: tuple[Blank, ...] = ()
    hosts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    unpriced: tuple[str, ...] = ()
    needs_key: bool = True
    key_header: str = ""
    key_note: str = ""
    no_list: str = ""

    @property
    def here(self) -> bool:
        """Return whether it is a server on this computer."""
        return urlsplit(self.base_url).hostname in LOOPBACK_HOSTS

    @property
    def auth(self) -> str:
        """Return the header in which the key travels."""
        if self.key_header:
            return self.key_header
        match self.dialect:
            case Dialect.ANTHROPIC:
                return "x-api-key"
            case Dialect.GEMINI:
                return "x-goog-api-key"
            case Dialect.OPENAI_CHAT | Dialect.OPENAI_RESPONSES | Dialect.OLLAMA:
                return "Authorization"

    @property
    def wires(self) -> tuple[Wire, ...]:
        """Return every way to ask it, the usual one first."""
        return (Wire(self.dialect, self.base_url), *self.also)

    @property
    def offered(self) -> tuple[str, ...]:
        """Return the model ids that are proposed, cheap ones first."""
        return self.cheap_models + self.frontier_models

    def wire(self, dialect: Dialect) -> Wire | None:
        """Return the way to ask it in that dialect, or None."""
        return next((wire for wire in self.wires if wire.dialect is dialect), None)

    def facts(self) -> tuple[tuple[str, DatedFact], ...]:
        """Return what to read before anything is sent, each under its heading."""
        return (
            ("Where", self.jurisdiction),
            ("Kept", self.retention),
            ("Training", self.training),
        )


def vendor_at(vendors: Iterable[VendorFacts], base_url: str) -> str:
    """Return who of these answers at an address: by host, and on this computer by host and port.

    Empty where none does: a policy goes by this, so a name within another name is not enough.
    """
    try:
        parts = urlsplit(base_url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return ""
    here = host in LOOPBACK_HOSTS
    for vendor in vendors:
        if here and vendor.here and port == urlsplit(vendor.base_url).port:
            return vendor.name
        if not here and not vendor.here and _hosts(vendor).fullmatch(host):
            return vendor.name
    return ""


@lru_cache(maxsize=64)
def _hosts(vendor: VendorFacts) -> re.Pattern[str]:
    """Return a pattern for every host name of a vendor; a blank or a `*` is one name part."""
    home = _BLANK.sub("*", vendor.base_url.partition("://")[2].partition("/")[0])
    names = [re.escape(name).replace(r"\*", _PART) for name in (home, *vendor.hosts) if name]
    return re.compile("|".join(names) or r"(?!)")


def blanks_in(address: str) -> tuple[str, ...]:
    """Return the names of the parts of an address that are still to be filled in."""
    return tuple(dict.fromkeys(_BLANK.findall(address)))


def filled(address: str, parts: dict[str, str]) -> str:
    """Return the address with its blanks filled in; a blank without a value stays."""
    return _BLANK.sub(lambda found: parts.get(found[1], "").strip() or found[0], address)


def whole_address(vendor: VendorFacts, base_url: str) -> str:
    """Return the address of a vendor as it is; InputError where a part of it is the user's own."""
    if not base_url:
        raise InputError(
            f"“{vendor.name}” has no address of its own.", "Give it, such as https://host/v1."
        )
    missing = blanks_in(base_url)
    if missing:
        raise InputError(
            f"The address of {vendor.name} has parts that only you know: {', '.join(missing)}.",
            f"Give it whole; it looks like {base_url}.",
        )
    return base_url


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list is asked for: an address, the dialect it speaks, and who answers there."""

    dialect: Dialect
    base_url: str
    vendor: str = ""

    @property
    def host(self) -> str:
        """Return the host name in lower case."""
        return (urlsplit(self.base_url).hostname or "").lower()

    @property
    def who(self) -> str:
        """Return the name by which a sentence calls it."""
        return self.vendor or self.host or "The server"


@dataclass(frozen=True, slots=True)
class ListedModel:
    """One model as a vendor lists it.

    `forwards_to` is the host that a server on this computer hands the prompt on to: such a model
    is not local. `priced` says that the price book knows its price, so that none need be typed.
    """

    id: str
    name: str = ""
    context_tokens: int | None = None
    price: Price | None = None
    forwards_to: str = ""
    priced: bool = False

    @property
    def remote(self) -> bool:
        """Return whether a server on this computer only hands its prompts on."""
        return bool(self.forwards_to)


def matching(models: tuple[ListedModel, ...], words: str) -> tuple[ListedModel, ...]:
    """Return the models whose id or name holds every word, in their order; case does not count."""
    wanted = words.casefold().split()
    if not wanted:
        return models
    return tuple(
        model
        for model in models
        if all(word in f"{model.id}\n{model.name}".casefold() for word in wanted)
    )


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A model server that was found running on this computer.

    `locked` says that it runs but asks for a key before it lists its models.
    """

    name: str
    place: Place
    models: tuple[ListedModel, ...] = ()
    locked: bool = False
