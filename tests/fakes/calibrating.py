"""Calibration over real services: a loopback vendor that counts, and a folder with its pair.

with counting_vendor() as vendor:
    async with calibrating(folder, vendor) as services: ...
    vendor.asked("small-1")     {prompt: how often that model was asked it}
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.bootstrap import open_services
from app.domain.calibration.prompts import Entry
from app.domain.calibration.run import Run
from app.domain.model import price_per_million
from app.domain.money import Money
from app.services.container import Services
from app.services.models import NewModel
from tests.fakes.calibrations import entries
from tests.fakes.fault_server import FaultServer, Received, Reply
from tests.fakes.streams import anthropic_stream, openai_stream

CHEAP, FRONTIER = "small-1", "big-1"
RUN = "March audit"


def prompt_of(request: Received) -> str:
    """Return the user's message of a request in either dialect."""
    content = request.json()["messages"][-1]["content"]
    return content if isinstance(content, str) else str(content[-1]["text"])


@dataclass
class Vendor:
    """A server for both models. `reply` decides first; None lets it answer well."""

    server: FaultServer
    reply: Callable[[str, str], Reply | None] = field(default=lambda _model, _prompt: None)

    def answer(self, request: Received) -> Reply:
        model, prompt = str(request.json()["model"]), prompt_of(request)
        said = self.reply(model, prompt)
        if said is not None:
            return said
        if request.path.endswith("/messages"):
            return Reply.stream(anthropic_stream([f"Frontier on: {prompt}"]))
        return Reply.stream(openai_stream([f"Cheap on: {prompt}"]))

    def asked(self, model: str) -> Counter[str]:
        """Return how often that model was asked each prompt."""
        found = [r for r in self.server.requests if r.json()["model"] == model]
        return Counter(prompt_of(request) for request in found)


@contextmanager
def counting_vendor() -> Iterator[Vendor]:
    """Run the vendor."""
    with FaultServer() as server:
        vendor = Vendor(server)
        server.route = vendor.answer
        yield vendor


@asynccontextmanager
async def calibrating(folder: Path, vendor: Vendor | None = None) -> AsyncIterator[Services]:
    """Open the services on a folder; a vendor's two models are added and used as the pair."""
    services = open_services(folder)
    try:
        if vendor is not None:
            await add_pair(services, vendor.server)
        yield services
    finally:
        await services.close()


async def add_pair(services: Services, server: FaultServer) -> None:
    """Add the vendor's two models and use them."""
    await services.models.add(
        NewModel("Small", "openai-chat", server.openai_url, CHEAP, "cheap", vendor="Pebble AI",
                 price=price_per_million("1", "2"))
    )  # fmt: skip
    await services.models.add(
        NewModel("Big", "anthropic", server.anthropic_url, FRONTIER, "frontier",
                 vendor="Summit Labs", price=price_per_million("10", "50"))
    )  # fmt: skip
    await services.models.use_pair("Small", "Big")


async def fixed(
    services: Services,
    listed: tuple[Entry, ...] | None = None,
    *,
    limit: Money | None = None,
    name: str = RUN,
) -> Run:
    """Fix a list of 24 prompts, or of those given."""
    review = await services.calibrations.review(listed or entries(24))
    return await services.calibrations.fix(name, review, limit or review.limit)


def unheard(_run: Run) -> None:
    """Hear nothing of a run."""
