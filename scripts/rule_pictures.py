"""My rule in each of its states, over invented pasts that the real services tell of."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget

    from app.ui.pictures import Photographer
    from app.ui.views.rule.view import RuleView
    from tests.fakes.rule_histories import Past

SIZES = (((1440, 900), ""), ((1024, 700), "-1024"))
PINS = (
    "matter is Hartwell v. Oceanic → frontier",
    "prompt mentions “privilege” → frontier",
    "has an attachment → this computer",
)


class Album(Protocol):
    """Keeps pictures under their names."""

    def take(self, photographer: Photographer, name: str) -> None:
        """Take the window, light and dark."""
        ...

    def take_part(self, photographer: Photographer, part: QWidget, name: str) -> None:
        """Take a dialog beside the window, light and dark."""
        ...


def pasts() -> dict[str, Past]:
    """Return the states to show, by name."""
    from tests.fakes.rule_histories import Past

    return {
        "0": Past(),
        "12": Past(learning=12),
        "143": Past(compared=60, learning=75, checks=8, waiting=2),
        "900": Past(compared=700, learning=60, checks=140, waiting=3),
        "drift": Past(learning=110, checks=24, souring=16),
        "changed": Past(learning=110, checks=4, changed=9),
    }


def picture_rule(album: Album, folder: Path) -> None:
    """Take My rule in each state, then its desk, its pins and its reasons."""
    for name, past in pasts().items():
        remember_past(folder / name, past)
        for size, suffix in SIZES:
            with opened(folder / name, size) as photographer:
                photographer.go("rule")
                album.take(photographer, f"rule-{name}{suffix}")
                if name == "900":
                    _rule(photographer).replay.click()
                    photographer.settle()
                    album.take(photographer, f"rule-replay{suffix}")
    for size, suffix in SIZES:
        with opened(folder / "143", size) as photographer:
            picture_desk(album, photographer, suffix)


def remember_past(folder: Path, past: Past) -> None:
    """Write one past into a data folder of its own."""
    from app.adapters.clock import SystemClock
    from app.adapters.sample import CHEAP, FRONTIER
    from app.adapters.storage.opening import open_history
    from app.bootstrap import DATABASE
    from app.domain.model import Pair
    from tests.fakes.rule_histories import remember

    folder.mkdir(parents=True)
    history = open_history(folder / DATABASE, SystemClock())
    cheap = history.add_model(replace(CHEAP, vendor="Fireworks AI"))
    frontier = history.add_model(replace(FRONTIER, vendor="Anthropic"))
    history.set_setting("pair", f"{cheap.id},{frontier.id}")
    history.set_setting("preferences", '{"welcomed": true}')
    remember(history, Pair(cheap, frontier), past, datetime.now(UTC))
    history.close()


@contextmanager
def opened(folder: Path, size: tuple[int, int]) -> Iterator[Photographer]:
    """Open the window over a data folder."""
    from app.bootstrap import open_services
    from app.ui.pictures import photographed

    with photographed(partial(open_services, folder), sample=False, size=size) as photographer:
        yield photographer


def picture_desk(album: Album, photographer: Photographer, suffix: str) -> None:
    """Take the pins with their form, the voting desk before and after a vote, and Why."""
    from app.ui.views.turns.why import WhyDialog

    photographer.go("rule")
    view = _rule(photographer)
    pins = view.page.pins
    for words in PINS:
        if pins.form.isHidden():
            pins.open_form()
        pins.form.words.setText(words)
        pins.form.save.click()
        photographer.settle()
        if not pins.form.isHidden():  # it was there already: the other size added it
            pins.shut_form()
    pins.open_form()
    pins.form.words.setText("privilege to the frontier")
    pins.form.save.click()
    photographer.settle()
    view.page.ensureWidgetVisible(pins)
    album.take(photographer, f"rule-pins{suffix}")
    pins.shut_form()
    view.page.checks.vote.click()
    photographer.settle()
    album.take(photographer, f"rule-desk-blind{suffix}")
    view.desk.votes.press(2)
    photographer.settle()
    album.take(photographer, f"rule-desk-reveal{suffix}")
    view.desk.notice.acted.emit("why")
    photographer.settle()
    dialog = view.desk.findChild(WhyDialog)
    assert dialog is not None
    album.take_part(photographer, dialog, f"rule-why{suffix}")
    dialog.reject()


def _rule(photographer: Photographer) -> RuleView:
    from app.ui.views.rule.view import RuleView

    view = photographer.window.view("rule")
    assert isinstance(view, RuleView)
    return view
