"""Pictures of the second look: offered, agreed, differing with the folds open, and its setting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.services.container import Services
    from app.ui.pictures import Photographer
    from tests.fakes.fault_server import FaultServer

MATTER = "Project Larch (2026-131)"
DATES = "Extract all dates and deadlines from Schedule 2, with the clause each comes from."
NOTICE = "By what date must notice under clause 14.2 be served?"
SCHEDULE = """Schedule 2 sets three deadlines.

| Deadline | Date | Clause |
|---|---|---|
| Conditions precedent satisfied | 14 December 2026 | cl. 4.1 |
| Accounts delivered | 31 January 2027 | cl. 4.3 |
| Long-stop date | 30 April 2027 | cl. 4.6 |
"""
ALSO = """- Conditions precedent: 14.12.2026 (clause 4.1)
- Accounts: 31.01.2027 (clause 4.3)
- Long-stop date: 30.04.2027 (clause 4.6)
"""
FRONTIER = """**18 March 2026.** The ten Business Days of clause 14.2 run from 4 March 2026, on \
which the port closed; the day itself does not count (clause 1.3)."""
ANSWERS = {
    ("glm-4.7-flash", True): SCHEDULE,
    ("qwen-4-mini", True): ALSO,
    ("glm-4.7-flash", False): "Notice must be served by **18 March 2026**.",
    ("qwen-4-mini", False): "The deadline is **8 March 2026**.",
    ("claude-opus-5", False): FRONTIER,
}


class Album(Protocol):
    """Takes the window as it is, light and dark."""

    def take(self, photographer: Photographer, name: str) -> None:
        """Write the pictures under that name."""
        ...


@contextmanager
def _vendors() -> Iterator[FaultServer]:
    from tests.fakes.fault_server import FaultServer, Received, Reply
    from tests.fakes.streams import anthropic_stream, openai_stream

    def answer(request: Received) -> Reply:
        asked = request.json()
        schedule = "Schedule" in str(asked["messages"][-1]["content"])
        text = ANSWERS[asked["model"], schedule]
        if request.path.endswith("/messages"):
            return Reply.stream((0.4, *anthropic_stream([text], output_tokens=88)))
        usage = {"prompt_tokens": 12_940, "completion_tokens": 212}
        return Reply.stream((0.3, *openai_stream([text], usage=usage)))

    with FaultServer() as server:
        server.route = answer
        yield server


def _set_up(photographer: Photographer, server: FaultServer) -> None:
    """Add three models, use two as the pair and the third for the second look."""
    from app.domain.matter import PolicyKind, SendingPolicy
    from app.domain.model import price_per_million
    from app.services.models import NewModel

    new = (
        NewModel("glm-4.7-flash", "openai-chat", server.openai_url, "glm-4.7-flash", "cheap",
                 vendor="Fireworks AI", price=price_per_million("0.20", "1.10")),
        NewModel("qwen-4-mini", "openai-chat", server.openai_url, "qwen-4-mini", "cheap",
                 vendor="Together", price=price_per_million("0.15", "0.60")),
        NewModel("claude-opus-5", "anthropic", server.anthropic_url, "claude-opus-5", "frontier",
                 vendor="Anthropic", price=price_per_million("15", "75")),
    )  # fmt: skip
    done: list[None] = []

    async def add(services: Services) -> None:
        for model in new:
            await services.models.add(model)
        await services.models.use_pair("glm-4.7-flash", "claude-opus-5")
        await services.second_look.choose("qwen-4-mini")
        vendors = frozenset({"Anthropic", "Fireworks AI", "Together"})
        await services.matters.save(MATTER, SendingPolicy(PolicyKind.NAMED, vendors))
        await services.rules.set_spot_check_chance(0.01)  # one of these by lot would be blind
        preferences = await services.preferences.load()
        chosen = replace(preferences, welcomed=True, auto_route=True)
        await services.preferences.save(chosen)

    photographer.window.bridge.run(add, done.append)
    photographer.until(lambda: bool(done))


def picture_second_look(album: Album, folder: Path, size: tuple[int, int], suffix: str) -> None:
    """Take each state of the second look."""
    from app.bootstrap import open_services
    from app.ui.pictures import photographed

    opener = partial(open_services, folder)
    with _vendors() as server, photographed(opener, sample=False, size=size) as photographer:
        _set_up(photographer, server)
        photographer.go("compare")
        compare = photographer.window.compare
        compare.page.matters.set_matter(MATTER)
        compare.fill(NOTICE)
        photographer.settle()
        album.take(photographer, f"second-look-offered{suffix}")
        photographer.ask(DATES, auto_route=True)
        album.take(photographer, f"second-look-agrees{suffix}")
        photographer.ask(NOTICE, auto_route=True)
        album.take(photographer, f"second-look-differs{suffix}")
        _unfold(photographer)
        album.take(photographer, f"second-look-unfolded{suffix}")
        photographer.go("history")
        album.take(photographer, f"second-look-history{suffix}")
        photographer.go("settings")
        album.take(photographer, f"second-look-settings{suffix}")


def _unfold(photographer: Photographer) -> None:
    """Open what the two cheap models said."""
    from app.ui.widgets.answer_fold import Fold

    for fold in photographer.window.compare.page.a.findChildren(Fold):
        if fold.isVisible():
            fold.unfold()
    photographer.settle()
