"""Take a picture of every view, light and dark, into a folder: `scripts/screenshots.py DIR`.

The window is the real one over the real services; the models behind Compare are a server of ours
on this computer that answers in both dialects. History, Savings and My rule show the sample.
Run it with the project's own Python: `.venv/bin/python scripts/screenshots.py DIR`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.rule_pictures import picture_rule  # noqa: E402 - needs the path set above

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.domain.model import Pair
    from app.services.container import Services
    from app.ui.pictures import Photographer
    from tests.fakes.fault_server import FaultServer

PARTS = ("compare", "second-look", "calibrate", "rule", "sample")
QUESTION = "Can the supplier rely on the force majeure clause for the March port closure?"
ROUTED = "Extract all dates and deadlines from Schedule 2, with the clause each comes from."
CHEAP = """**Short answer.** Yes, but only if clause 14.2 notice was served within 10 Business Days.

## 1. What the clause requires

- An event outside the party's *reasonable control* (cl. 14.1).
- Written notice, with evidence, within 10 Business Days (cl. 14.2).
- Reasonable steps to mitigate (cl. 14.4).

## 2. Application

The port closure is listed in Schedule 3. The e-mail of 4 March names no clause and went to the \
project team, not to the address in clause 22.

| Issue | Risk |
|---|---|
| Form of notice | High |
| Mitigation evidence | Medium |
"""
FRONTIER = """**Conclusion.** Relief is probably unavailable. The closure qualifies, but the \
e-mail of 4 March fails clause 22 on two grounds and the window closed on 18 March.

## Analysis

1. **Event.** Schedule 3(c) expressly lists “closure of a port of loading”.
2. **Notice as a condition.** Clause 14.2 grants relief “*provided that*” notice is given.
3. **Service.** Clause 22 excludes e-mail except to the Notices Address.
4. **Waiver.** Clause 27 requires waivers in writing; the reply of 6 March reserves rights.

**What to do next.** Ask whether a hard copy followed; if served by 18 March the position reverses.
"""
SCHEDULE = """Schedule 2 sets four deadlines. Three are dates; one runs from Completion.

| Deadline | Date | Clause |
|---|---|---|
| Conditions precedent satisfied | 14 December 2026 | Sch. 2, 1(a) |
| Accounts delivered | 31 January 2027 | Sch. 2, 3 |
| Long-stop date | 30 April 2027 | cl. 4.6 |
| Warranty claims | 18 months after Completion | cl. 11.2 |
"""


class Album:
    """Writes pictures under their names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, photographer: Photographer, name: str, *, still: bool = True) -> None:
        """Take the window as it is, light and dark; not `still` where something goes on in it."""
        for dark in (False, True):
            photographer.dress(dark=dark)
            path = self._folder / f"{name}-{'dark' if dark else 'light'}.png"
            path.write_bytes(photographer.png(still=still))
            print(path)
        photographer.dress(dark=False)

    def take_part(self, photographer: Photographer, part: QWidget, name: str) -> None:
        """Take a dialog beside the window, light and dark."""
        for dark in (False, True):
            photographer.dress(dark=dark)
            photographer.settle()
            path = self._folder / f"{name}-{'dark' if dark else 'light'}.png"
            part.grab().save(str(path))
            print(path)
        photographer.dress(dark=False)


@contextmanager
def vendors(pace: float = 1.0) -> Iterator[FaultServer]:
    """Run a server that answers as a cheap and a frontier vendor, in both dialects.

    `pace` is how long they take, 1 as a real model.
    """
    from tests.fakes.fault_server import CUT, FaultServer, Received, Reply
    from tests.fakes.streams import anthropic_stream, openai_stream

    def pieces(text: str) -> list[str]:
        return [text[at : at + 12] for at in range(0, len(text), 12)]

    def paced(chunks: tuple[bytes, ...], first_s: float, whole_s: float) -> Iterator[bytes | float]:
        # So that the figures under the answers are those of a model, not of a loopback address.
        yield chunks[0]
        yield first_s * pace
        for chunk in chunks[1:]:
            yield chunk
            yield (whole_s - first_s) * pace / len(chunks)

    def answer(request: Received) -> Reply:
        asked = str(request.json()["messages"][-1]["content"])
        if request.path.endswith("/messages"):
            if "cut" in asked:
                half = anthropic_stream(pieces(FRONTIER[:420]), stop=None, done=False)
                return Reply.stream((*paced(half, 0.6, 1.0), CUT))
            whole = anthropic_stream(pieces(FRONTIER), output_tokens=412)
            return Reply.stream(paced(whole, 0.6, 2.6))
        told = SCHEDULE if "Schedule" in asked else CHEAP
        return Reply.stream(paced(openai_stream(pieces(told), usage=_usage()), 0.2, 1.3))

    with FaultServer() as server:
        server.route = answer
        yield server


def _usage() -> dict[str, object]:
    return {
        "prompt_tokens": 18612,
        "completion_tokens": 388,
        "prompt_tokens_details": {"cached_tokens": 14080},
    }


def add_models(photographer: Photographer, server: FaultServer) -> Pair:
    """Add the two vendors and use them as the pair."""
    from app.domain.matter import PolicyKind, SendingPolicy
    from app.domain.model import price_per_million
    from app.services.models import NewModel

    cheap = NewModel(
        "glm-4.7-flash", "openai-chat", server.openai_url, "glm-4.7-flash", "cheap",
        vendor="Fireworks AI", price=price_per_million("0.20", "1.10"),
    )  # fmt: skip
    frontier = NewModel(
        "claude-opus-5", "anthropic", server.anthropic_url, "claude-opus-5", "frontier",
        vendor="Anthropic", price=price_per_million("15", "75"),
    )  # fmt: skip
    found: list[Pair] = []

    async def add(services: Services) -> Pair:
        await services.models.add(cheap)
        await services.models.add(frontier)
        only = SendingPolicy(PolicyKind.NAMED, frozenset({"Anthropic"}))
        await services.matters.save("Hartwell v. Oceanic (2026-114)", only)
        anyone = SendingPolicy(PolicyKind.NAMED, frozenset({"Anthropic", "Fireworks AI"}))
        await services.matters.save("Project Larch (2026-131)", anyone)
        preferences = await services.preferences.load()
        await services.preferences.save(replace(preferences, welcomed=True))
        return await services.models.use_pair("glm-4.7-flash", "claude-opus-5")

    photographer.window.bridge.run(add, found.append)
    photographer.until(lambda: bool(found))
    return found[0]


def remember_votes(folder: Path, pair: Pair, count: int, *, calibrating: bool = False) -> None:
    """Put earlier comparisons into the history, through its own door.

    `calibrating` ones were asked for by auto-route while it learned; others the user chose.
    """
    from app.adapters.clock import SystemClock
    from app.adapters.storage.opening import open_history
    from app.bootstrap import DATABASE
    from app.domain.answer import Answer, AnswerState
    from app.domain.conversation import prompt_of
    from app.domain.model import Role
    from app.domain.routing.decision import Basis, Decision
    from app.domain.routing.spot_check import with_lot
    from app.domain.turn import Turn, TurnMode
    from app.domain.vote import Choice, Seating, Vote, VoteKind

    asked = with_lot(Decision(None, Basis.NOT_ENOUGH_VOTES, ()), 0.0, 1.0)
    history = open_history(folder / DATABASE, SystemClock())
    for number in range(count):
        at = datetime.now(UTC) - timedelta(days=count - number)
        advice = number % 3 == 0
        text = (
            f"Advise whether the client may terminate under clause {number} after late payment."
            if advice
            else f"Extract the dates of schedule {number}, with the clause each comes from."
        )
        turn = history.begin_turn(
            Turn(
                prompt_of(text, "Project Larch (2026-131)", ("advice" if advice else "schedule",)),
                TurnMode.BLIND, pair.key, practice=False, asked_at=at, seating=Seating(Role.CHEAP),
                answers=(Answer(Role.CHEAP, pair.cheap), Answer(Role.FRONTIER, pair.frontier)),
                decision=asked if calibrating else None,
            )
        )  # fmt: skip
        for answer in turn.answers:
            history.finish_answer(replace(answer, state=AnswerState.COMPLETE, text="4 March"), ())
        choice = Choice.FRONTIER if advice or number == 40 else Choice.EQUAL
        history.add_vote(turn.id, Vote(choice, VoteKind.BLIND, (), at))
    history.close()


def picture_compare(album: Album, folder: Path, size: tuple[int, int], suffix: str) -> None:
    """Take Compare in each of its states."""
    from app.bootstrap import open_services
    from app.ui.pictures import photographed

    with vendors() as server:
        opener = partial(open_services, folder)
        with photographed(opener, sample=False, size=size) as photographer:
            album.take(photographer, f"welcome{suffix}")
            pair = add_models(photographer, server)
            photographer.go("compare")
            album.take(photographer, f"compare-empty{suffix}")
            matters = photographer.window.compare.page.matters
            matters.set_matter("Project Larch (2026-131)")
            photographer.ask(QUESTION)
            album.take(photographer, f"compare-blind{suffix}")
            photographer.vote(3)
            album.take(photographer, f"compare-reveal{suffix}")
            photographer.window.compare.page.b.press("continue")
            photographer.settle()
            album.take(photographer, f"compare-continuing{suffix}")
            photographer.ask("And if a hard copy followed by courier on 17 March?")
            photographer.vote(3)
            photographer.go("history")
            album.take(photographer, f"history-continued{suffix}")
            photographer.go("compare")
            matters.set_matter("Hartwell v. Oceanic (2026-114)")
            photographer.ask(QUESTION + " Please cut it short.")
            album.take(photographer, f"compare-states{suffix}")
            matters.set_matter("Project Larch (2026-131)")
            photographer.ask(QUESTION, auto_route=True)
            album.take(photographer, f"auto-not-yet{suffix}")
            photographer.go("settings")
            album.take(photographer, f"settings{suffix}")
            open_add_form(photographer)
            album.take(photographer, f"settings-add{suffix}")
        remember_votes(folder, pair, 120, calibrating=True)
        with photographed(opener, sample=False, size=size) as photographer:
            photographer.go("compare")
            photographer.window.compare.page.matters.set_matter("Project Larch (2026-131)")
            photographer.ask(ROUTED, auto_route=True)
            album.take(photographer, f"auto-route{suffix}")


def open_add_form(photographer: Photographer) -> None:
    """Open the form that adds a model, at its beginning."""
    from app.ui.views.settings.view import SettingsView

    view = photographer.window.view("settings")
    assert isinstance(view, SettingsView)
    view.open_add_form()
    photographer.settle()


def open_a_comparison(photographer: Photographer, words: str) -> None:
    """Search History, and open the newest comparison of both models that is found."""
    from app.domain.turn import TurnMode
    from app.ui.views.history.view import HistoryView

    view = photographer.window.view("history")
    assert isinstance(view, HistoryView)
    view.search.setText(words)
    view.search.returnPressed.emit()
    photographer.settle()
    for place in range(view.model.rowCount()):
        row = view.model.row_at(place)
        if row is not None and row.mode is TurnMode.BLIND:
            view.table.choose(place)
            view.table.scrollToTop()
            photographer.settle()
            return


CALIBRATED = (
    ("Extract all dates and deadlines from schedule {n}, with the clause each comes from.", 12),
    ("Summarise clause {n} of the facility agreement in three sentences.", 10),
    ("Rewrite clause {n} in plain English for the client.", 8),
    ("Draft a short reply on point {n} of the other side's letter.", 5),
    ("Analyse whether the limitation in clause {n} covers loss of profit.", 5),
)
# How each kind is voted on, in the order of the lot: g good enough, f frontier better, n neither.
JUDGED = {
    "Extract": "ggggggggg",
    "Summ": "ggggggfg",
    "Rewrite": "gggfgg",
    "Draft": "gfng",
    "Anal": "fffg",
}


def calibration_prompts() -> str:
    """Return the prompts of a run as JSON lines, two of them of a matter that one may not see."""
    import json

    lines = []
    for text, count in CALIBRATED:
        for number in range(1, count + 1):
            shut = text.startswith("Draft") and number == 5
            matter = "Hartwell v. Oceanic (2026-114)" if shut else "Project Larch (2026-131)"
            tags = ["schedule"] if text.startswith("Extract") else []
            told = {"prompt": text.format(n=number), "matter": matter, "tags": tags}
            lines.append(json.dumps(told))
    return "\n".join(lines)


async def judge(services: Services, name: str) -> None:
    """Vote as JUDGED says, knowing who sits where; leave the rest."""
    run = await services.calibrations.named(name)
    left = {start: list(marks) for start, marks in JUDGED.items()}
    for item in run.by_lot:
        marks = next((m for s, m in left.items() if item.prompt.text.startswith(s)), [])
        if not marks or item.turn_id is None:
            continue
        turn = await services.archive.show(item.turn_id)
        assert turn.seating is not None
        frontier = "b" if turn.seating.a == "cheap" else "a"
        word = {"g": "equal", "f": frontier, "n": "neither"}[marks.pop(0)]
        await services.calibrations.vote(name, item.place, word)


def picture_calibrate(album: Album, folder: Path, size: tuple[int, int], suffix: str) -> None:
    """Take Calibrate in each of its states."""
    from app.bootstrap import open_services
    from app.ui.pictures import photographed
    from app.ui.views.calibrate.view import CalibrateView

    folder.mkdir(parents=True, exist_ok=True)
    listed = folder / "prompts.jsonl"
    listed.write_text(calibration_prompts(), encoding="utf-8")
    with (
        vendors(pace=0.1) as server,
        photographed(partial(open_services, folder), sample=False, size=size) as photographer,
    ):
        pair = add_models(photographer, server)
        remember_votes(folder, pair, 24)
        photographer.go("calibrate")
        album.take(photographer, f"calibrate-empty{suffix}")
        view = photographer.window.view("calibrate")
        assert isinstance(view, CalibrateView)
        view.choose()
        photographer.settle()
        for place in range(8):
            view.choosing.history.model.toggle(place)
        album.take(photographer, f"calibrate-choose{suffix}")
        for place, name in ((1, "paste"), (2, "import")):
            view.choosing.source.choose(name)
            view.choosing.pages.setCurrentIndex(place)
            album.take(photographer, f"calibrate-{name}{suffix}")
        view.choosing.model.show(())
        view.choosing.read(listed)
        view.choosing.name.setText("March audit")
        photographer.settle()
        view.listing.review()
        album.take(photographer, f"calibrate-review{suffix}")
        view.listing.fix()
        photographer.until(lambda: view.running.bar.value() >= 9)
        album.take(photographer, f"calibrate-running{suffix}", still=False)
        photographer.until(lambda: view.stack.currentWidget() is view.reporting)
        album.take(photographer, f"calibrate-ready{suffix}")
        view.vote("March audit")
        album.take(photographer, f"calibrate-vote{suffix}")
        view.desk.left.emit()
        photographer.window.bridge.run(lambda services: judge(services, "March audit"))
        photographer.settle()
        photographer.go("calibrate")
        album.take(photographer, f"calibrate-kept-back{suffix}")
        view.look()
        album.take(photographer, f"calibrate-report{suffix}")


def picture_sample(album: Album, folder: Path) -> None:
    """Take the views that live on a long history."""
    from app.bootstrap import open_services
    from app.ui.pictures import photographed

    with photographed(partial(open_services, folder, sample=True), sample=True) as photographer:
        for name in ("history", "savings", "rule", "calibrate"):
            photographer.go(name)
            if name == "history":
                open_a_comparison(photographer, "notice")
            album.take(photographer, f"{name}-sample" if name == "calibrate" else name)
    with photographed(partial(open_services, folder / "empty"), sample=False) as photographer:
        for name in ("history", "savings", "rule"):
            photographer.go(name)
            album.take(photographer, f"{name}-empty")


def main() -> int:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR", help="where to write the pictures")
    parser.add_argument(
        "--only", choices=PARTS, action="append", help="take only these; may be repeated"
    )
    options = parser.parse_args()
    wanted = options.only or PARTS
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from scripts.second_look_pictures import picture_second_look

    album = Album(options.folder)
    with tempfile.TemporaryDirectory(prefix="counterpart-pictures-") as scratch:
        for name, size, suffix in (("wide", (1440, 900), ""), ("small", (1024, 700), "-1024")):
            if "compare" in wanted:
                picture_compare(album, Path(scratch) / name, size, suffix)
            if "second-look" in wanted:
                picture_second_look(album, Path(scratch) / f"{name}-second", size, suffix)
            if "calibrate" in wanted:
                picture_calibrate(album, Path(scratch) / f"{name}-calibrate", size, suffix)
        if "rule" in wanted:
            picture_rule(album, Path(scratch) / "rule")
        if "sample" in wanted:
            picture_sample(album, Path(scratch) / "sample")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
