"""The `LocalServers` port: which model servers run on this computer, and which only hand on.

Only loopback addresses are asked, never through a proxy, never with a key, and each only briefly.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.adapters.providers import list_shapes as shapes
from app.adapters.providers.catalog import vendor_of
from app.adapters.providers.model_lists import root_of
from app.domain.model import LOOPBACK_HOSTS, Dialect, ModelRef
from app.domain.vendor import LocalServer, Place

if TYPE_CHECKING:
    from app.adapters.providers.factory import HttpProviders
    from app.adapters.providers.json_fetch import Ask

_HOST = "127.0.0.1"
_MAKERS = {"llamacpp": "llama.cpp server", "vllm": "vLLM", "library": "Ollama"}


@dataclass(frozen=True, slots=True)
class Probe:
    """One usual port: what tends to listen there, and where its list is.

    `certain` says that the list has a shape that only this server has, so that it needs no name.
    """

    name: str
    port: int
    path: str
    read: shapes.Reader
    dialect: Dialect = Dialect.OPENAI_CHAT
    base: str = "/v1"
    certain: bool = False

    def place(self, vendor: str) -> Place:
        """Return where its models are asked."""
        return Place(self.dialect, f"http://{_HOST}:{self.port}{self.base}", vendor)


PROBES = (
    Probe("Ollama", 11434, "/api/tags", shapes.ollama, Dialect.OLLAMA, "", certain=True),
    Probe("LM Studio", 1234, "/api/v0/models", shapes.lm_studio, certain=True),
    Probe("llama.cpp server", 8080, "/v1/models", shapes.openai),
    Probe("vLLM", 8000, "/v1/models", shapes.openai),
)


class LoopbackServers:
    """Asks over the providers' shared transport. Used on their event loop."""

    def __init__(
        self,
        providers: HttpProviders,
        probes: tuple[Probe, ...] = PROBES,
        look_s: float = 1.5,
        ask_s: float = 3.0,
    ) -> None:
        self._providers = providers
        self._probes = probes
        self._look_s = look_s
        self._ask_s = ask_s

    async def found(self) -> tuple[LocalServer, ...]:
        """Return the servers that run now; those that do not answer in time are left out."""
        seen = await asyncio.gather(*(self._look(probe) for probe in self._probes))
        return tuple(server for server in seen if server is not None)

    async def _look(self, probe: Probe) -> LocalServer | None:
        from app.adapters.providers.json_fetch import FetchError

        try:
            body = await self._get(probe, probe.path)
        except FetchError as error:
            if error.status in (401, 403) and probe.certain:
                return LocalServer(probe.name, probe.place(probe.name), locked=True)
            if error.status in (404, 405) and probe.path == "/api/v0/models":
                # Older ones have only the list that every OpenAI-shaped server has.
                return await self._look(replace(probe, path="/v1/models", read=shapes.openai))
            return None
        try:
            models = probe.read(body).models
            name = probe.name
            if not probe.certain:
                # Many kinds of servers sit at these ports: it must say what it is.
                if not shapes.is_of_models(body):
                    return None
                name = _name(shapes.maker(body), probe.port)
        except ValueError:
            return None
        place = probe.place(vendor_of(f"http://{_HOST}:{probe.port}") if name == probe.name else "")
        return LocalServer(name, place, models)

    async def hands_on_to(self, model: ModelRef) -> str | None:
        """Return the host that the model's server hands prompts on to; None if it cannot say."""
        from app.adapters.providers.json_fetch import FetchError

        if model.practice or model.host not in LOOPBACK_HOSTS:
            return ""
        if model.handed_on_to:
            return model.handed_on_to
        if model.dialect is not Dialect.OLLAMA and "Ollama" not in (
            vendor_of(model.base_url), model.vendor,
        ):  # fmt: skip
            return ""
        try:
            told = await self._show(model)
        except FetchError as error:
            # Nobody there, or nobody who knows the model: then the prompt will not get far either.
            gone = error.problem.kind in ("refused_connection", "unknown_host")
            return "" if gone or error.status in (400, 404, 405) else None
        return shapes.remote_host(told) if isinstance(told, Mapping) else None

    async def _get(self, probe: Probe, path: str) -> object:
        from app.adapters.providers.json_fetch import Ask

        return await self._fetch(Ask(f"http://{_HOST}:{probe.port}{path}"), self._look_s)

    async def _show(self, model: ModelRef) -> object:
        import orjson

        from app.adapters.providers.json_fetch import Ask

        body = orjson.dumps({"model": model.model})
        return await self._fetch(Ask(root_of(model.base_url) + "/api/show", body=body), self._ask_s)

    async def _fetch(self, ask: Ask, seconds: float) -> object:
        from app.adapters.providers.json_fetch import FetchLimits, fetch_json
        from app.adapters.providers.list_problems import ListProblems

        limits = FetchLimits(seconds, seconds, body_bytes=8_000_000)
        problems = ListProblems("The server on this computer", "")
        return await fetch_json(self._providers.wires().transport, ask, problems, limits)


def _name(maker: str, port: int) -> str:
    return _MAKERS.get(maker.casefold(), f"A server at port {port}")
