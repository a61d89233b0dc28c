"""The `ModelLists` port: a vendor's own list, page by page, in whatever shape it has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from app.adapters.providers import list_shapes as shapes
from app.adapters.providers.catalog import vendor_of
from app.domain.errors import ModelListError
from app.domain.model import LOOPBACK_HOSTS, Dialect
from app.domain.secret import ApiKey
from app.domain.vendor import ListedModel, Place
from app.services.ports.clock import Clock

if TYPE_CHECKING:
    from app.adapters.providers.factory import HttpProviders
    from app.adapters.providers.json_fetch import FetchLimits
    from app.adapters.providers.list_problems import ListProblems

_ANTHROPIC_VERSION = "2023-06-01"
_MOST_PAGES = 20
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where one kind of list is, how it is turned over, and how it is read."""

    url: str
    read: shapes.Reader
    turn: Callable[[str], str] = lambda _cursor: ""
    """Return the query of the page after a cursor; the first page has the empty cursor."""


class HttpModelLists:
    """Asks over the providers' shared transport. Used on their event loop.

    Importing this module loads no HTTP library: that waits for the first list.
    """

    def __init__(
        self, providers: HttpProviders, clock: Clock, limits: FetchLimits | None = None
    ) -> None:
        self._providers = providers
        self._clock = clock
        self._limits = limits

    async def models_at(self, place: Place, key: ApiKey | None) -> tuple[ListedModel, ...]:
        """Return what a vendor lists, in its order; ModelListError says why not."""
        from app.adapters.providers.json_fetch import FetchError
        from app.adapters.providers.list_problems import ListProblems

        problems = ListProblems(place.who, "")
        _refuse(place, key, problems)
        shape = _shape_of(place, self._clock.now().date())
        try:
            return await self._all(place, shape, key, problems)
        except FetchError as error:
            if error.status == 401 and key is None:
                raise ModelListError(problems.key_missing()) from None
            if error.status in (404, 405) and vendor_of(place.base_url) == "LM Studio":
                # Older ones have only the list that every OpenAI-shaped server has.
                plain = _Shape(_join(place.base_url, "/models"), shapes.openai)
                return await self._all(place, plain, key, problems)
            raise

    async def _all(
        self, place: Place, shape: _Shape, key: ApiKey | None, problems: ListProblems
    ) -> tuple[ListedModel, ...]:
        from app.adapters.providers.json_fetch import Ask, FetchLimits, fetch_json

        wires = self._providers.wires()
        transport = wires.transport
        limits = self._limits or FetchLimits(connect_s=wires.limits.connect_s)
        headers = auth_headers(place.dialect, key)
        found: dict[str, ListedModel] = {}
        cursor, seen = "", set[str]()
        try:
            async with asyncio.timeout(limits.whole_s):
                for _ in range(_MOST_PAGES):
                    ask = Ask(shape.url + shape.turn(cursor), headers)
                    body = await fetch_json(transport, ask, problems, limits, key)
                    page = shape.read(body)
                    found.update({model.id: model for model in page.models})
                    seen.add(cursor)
                    cursor = page.cursor
                    if not cursor or cursor in seen:
                        break
        except TimeoutError:
            raise ModelListError(problems.too_slow(limits.whole_s)) from None
        except ValueError:
            raise ModelListError(problems.not_an_api()) from None
        return tuple(found.values())


def auth_headers(dialect: Dialect, key: ApiKey | None) -> dict[str, str]:
    """Return the headers with which a dialect shows its key, if there is one."""
    match dialect:
        case Dialect.ANTHROPIC:
            version = {"anthropic-version": _ANTHROPIC_VERSION}
            return version if key is None else {**version, "x-api-key": key.reveal()}
        case Dialect.GEMINI:
            return {} if key is None else {"x-goog-api-key": key.reveal()}
        case Dialect.OPENAI_CHAT | Dialect.OPENAI_RESPONSES | Dialect.OLLAMA:
            return {} if key is None else {"Authorization": f"Bearer {key.reveal()}"}


def root_of(base_url: str) -> str:
    """Return an address without the version and the parts that only one interface has."""
    base = base_url.rstrip("/")
    for part in ("/chat", "/api", "/v1"):
        base = base.removesuffix(part)
    return base


def _shape_of(place: Place, today: date) -> _Shape:
    base, vendor = place.base_url, vendor_of(place.base_url) or place.vendor
    if place.dialect is Dialect.OLLAMA or vendor == "Ollama":
        # The list in OpenAI's shape would not tell which of its models are run in the cloud.
        return _Shape(root_of(base) + "/api/tags", shapes.ollama)
    match place.dialect:
        case Dialect.ANTHROPIC:
            return _Shape(
                base.rstrip("/").removesuffix("/v1") + "/v1/models", shapes.anthropic, _anthropic
            )
        case Dialect.GEMINI:
            versioned = any(part[:2] in ("v1", "v2") for part in urlsplit(base).path.split("/"))
            path = "/models" if versioned else "/v1beta/models"
            return _Shape(_join(base, path), shapes.gemini, _gemini)
        case Dialect.OPENAI_CHAT | Dialect.OPENAI_RESPONSES:
            if vendor == "LM Studio":
                return _Shape(root_of(base) + "/api/v0/models", shapes.lm_studio)
            if vendor == "OpenRouter":
                return _Shape(_join(base, "/models"), lambda body: shapes.openrouter(body, today))
            return _Shape(_join(base, "/models"), shapes.openai)


def _join(base: str, path: str) -> str:
    return base.rstrip("/").removesuffix("/models") + path


def _anthropic(cursor: str) -> str:
    return f"?limit={_PAGE}" + (f"&after_id={quote(cursor, safe='')}" if cursor else "")


def _gemini(cursor: str) -> str:
    return f"?pageSize={_PAGE}" + (f"&pageToken={quote(cursor, safe='')}" if cursor else "")


def _refuse(place: Place, key: ApiKey | None, problems: ListProblems) -> None:
    """Raise where nothing may be sent to this address at all."""
    from app.adapters.providers.json_fetch import KEY_LETTERS

    try:
        parts = urlsplit(place.base_url)
        parts.port  # noqa: B018  (raises where it is no number)
    except ValueError:
        raise ModelListError(problems.bad_address()) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ModelListError(problems.bad_address())
    if key is None:
        return
    if parts.scheme == "http" and place.host not in LOOPBACK_HOSTS:
        raise ModelListError(problems.insecure_address())
    if KEY_LETTERS.fullmatch(key.reveal()) is None:
        raise ModelListError(problems.unusable_key())
