"""Pictures of the second look with two and with three cheap models, and of its setting.

Offered, agreed, differing with the folds open; of three also the others' answer that stands, and a
spot check before and after all have ended.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.services.container import Services
    from app.ui.pictures import Photographer
    from tests.fakes.fault_server import FaultServer

MATTER = "Project Larch (2026-131)"
DATES = "Extract all dates and deadlines from Schedule 2, with the clause each comes from."
NOTICE = "By what date must notice under clause 14.2 be served?"
RENT = "By what date must the rent be paid under clause 3.1?"
TERM = "On what date does the term end under clause 2?"
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
# What each model says to what is asked about: the schedule, the rent, the term, the notice.
ANSWERS = {
    "glm-4.7-flash": (
        SCHEDULE,
        "Rent is due by **30 March 2026**.",
        "The term ends on **1 May 2031**.",
        "Notice must be served by **18 March 2026**.",
    ),
    "qwen-4-mini": (
        ALSO,
        "By **25 March 2026**, the usual quarter day (clause 3.1).",
        "It ends on **30 April 2031** (clause 2).",
        "The deadline is **8 March 2026**.",
    ),
    "granite-5-nano": (
        ALSO,
        "25 March 2026, in advance.",
        "30 April 2031",
        "Notice must be served by 20 March 2026.",
    ),
    "claude-opus-5": (
        SCHEDULE,
        "By **25 March 2026** (clause 3.1).",
        "**30 April 2031**: five years from 1 May 2026, less a day (clause 2).",
        FRONTIER,
    ),
}


class Album(Protocol):
    """Takes the window as it is, light and dark."""

    def take(self, photographer: Photographer, name: str, *, still: bool = True) -> None:
        """Write the pictures under that name; not `still` while something goes on."""
        ...


@contextmanager
def _vendors(hold: Event) -> Iterator[FaultServer]:
    """Answer as four vendors do; the third cheap one waits for the gate while `hold` is set."""
    from tests.fakes.fault_server import GATE, FaultServer, Received, Reply
    from tests.fakes.streams import anthropic_stream, openai_stream

    def answer(request: Received) -> Reply:
        asked = request.json()
        said = str(asked["messages"][-1]["content"])
        places = [place for place, word in enumerate(("Schedule", "rent", "term")) if word in said]
        text = ANSWERS[asked["model"]][places[0] if places else -1]
        if hold.is_set() and asked["model"] == "granite-5-nano":
            return Reply.stream((GATE, *openai_stream([text])))
        if request.path.endswith("/messages"):
            return Reply.stream((0.4, *anthropic_stream([text], output_tokens=88)))
        usage = {"prompt_tokens": 12_940, "completion_tokens": 212}
        return Reply.stream((0.3, *openai_stream([text], usage=usage)))

    with FaultServer() as server:
        server.route = answer
        yield server


def _set_up(photographer: Photographer, server: FaultServer) -> None:
    """Add the models, use two as the pair and another for the second look."""
    from app.domain.matter import PolicyKind, SendingPolicy
    from app.domain.model import price_per_million
    from app.services.models import NewModel

    new = (
        NewModel("glm-4.7-flash", "openai-chat", server.openai_url, "glm-4.7-flash", "cheap",
                 vendor="Fireworks AI", price=price_per_million("0.20", "1.10")),
        NewModel("qwen-4-mini", "openai-chat", server.openai_url, "qwen-4-mini", "cheap",
                 vendor="Together", price=price_per_million("0.15", "0.60")),
        NewModel("granite-5-nano", "openai-chat", server.openai_url, "granite-5-nano", "cheap",
                 vendor="Groq", price=price_per_million("0.05", "0.20")),
        NewModel("claude-opus-5", "anthropic", server.anthropic_url, "claude-opus-5", "frontier",
                 vendor="Anthropic", price=price_per_million("15", "75")),
    )  # fmt: skip

    async def add(services: Services) -> None:
        for model in new:
            await services.models.add(model)
        await services.models.use_pair("glm-4.7-flash", "claude-opus-5")
        await services.second_look.choose("qwen-4-mini")
        vendors = frozenset({"Anthropic", "Fireworks AI", "Together", "Groq"})
        await services.matters.save(MATTER, SendingPolicy(PolicyKind.NAMED, vendors))
        services.router._lot = lambda: 0.9  # noqa: SLF001 - by lot, one of these would be blind
        preferences = await services.preferences.load()
        chosen = replace(preferences, welcomed=True, auto_route=True)
        await services.preferences.save(chosen)

    _run(photographer, add)


def _run(photographer: Photographer, work: Callable[[Services], Awaitable[None]]) -> None:
    done: list[None] = []
    photographer.window.bridge.run(work, done.append)
    photographer.until(lambda: bool(done))


def picture_second_look(album: Album, folder: Path, size: tuple[int, int], suffix: str) -> None:
    """Take each state of the second look."""
    from app.bootstrap import open_services
    from app.ui.pictures import photographed

    opener, hold = partial(open_services, folder), Event()
    with _vendors(hold) as server, photographed(opener, sample=False, size=size) as photographer:
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
        _picture_three(album, photographer, server, hold, suffix)


def _unfold(photographer: Photographer) -> None:
    """Open what the two cheap models said."""
    from app.ui.widgets.answer_fold import Fold

    for fold in photographer.window.compare.page.a.findChildren(Fold):
        if fold.isVisible():
            fold.unfold()
    photographer.settle()


def _picture_three(
    album: Album, photographer: Photographer, server: FaultServer, hold: Event, suffix: str
) -> None:
    """Take what a third cheap model changes."""

    async def choose(services: Services) -> None:
        await services.second_look.choose_third("granite-5-nano")

    async def draw(services: Services) -> None:
        services.router._lot = lambda: 0.0  # noqa: SLF001 - the lot falls

    compare = photographer.window.compare
    _run(photographer, choose)
    photographer.go("savings")
    photographer.go("settings")
    album.take(photographer, f"look-of-three-settings{suffix}")
    photographer.go("compare")
    compare.desk.live.abort()
    compare.desk.show_mode()
    compare.fill("")
    photographer.settle()
    album.take(photographer, f"look-of-three-empty{suffix}")
    compare.fill(NOTICE)
    photographer.settle()
    album.take(photographer, f"look-of-three-offered{suffix}")
    for prompt, name in ((DATES, "agrees"), (RENT, "others"), (NOTICE, "differs")):
        photographer.ask(prompt, auto_route=True)
        album.take(photographer, f"look-of-three-{name}{suffix}")
    _unfold(photographer)
    album.take(photographer, f"look-of-three-unfolded{suffix}")
    photographer.go("history")
    album.take(photographer, f"look-of-three-history{suffix}")
    photographer.go("compare")
    hold.set()
    _run(photographer, draw)
    before = len(server.requests)
    compare.fill(TERM)
    compare.ask()
    photographer.until(lambda: len(server.requests) == before + len(ANSWERS))
    album.take(photographer, f"look-of-three-check-waits{suffix}", still=False)
    server.open_gate()
    photographer.until(lambda: not compare.desk.busy)
    photographer.settle()
    album.take(photographer, f"look-of-three-check{suffix}")
    compare.page.votes.press(2)
    photographer.settle()
    album.take(photographer, f"look-of-three-check-voted{suffix}")
