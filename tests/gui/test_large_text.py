"""At twice the text in the smallest window that is promised, nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.matter import Matter, PolicyKind, SendingPolicy
from app.domain.vote import Reason
from app.ui import theme
from app.ui.views.compare.view import CompareView
from app.ui.views.settings.view import SettingsView
from app.ui.widgets.answer_fold import BesideFolds
from app.ui.widgets.buttons import Button
from app.ui.widgets.matter_picker import MatterPicker
from app.ui.widgets.notice_bar import NoticeBar
from app.ui.widgets.vote_bar import VoteBar
from tests.fakes.cutting import cut_in
from tests.fakes.rooms import room
from tests.fakes.scripted import Stage
from tests.fakes.windows import wait_until

SMALL = (858, 680)  # a view in a window of 1024 by 700, beside the rail at that size
CARD_PX = 798
VOTES = (("a", "A is better"), ("even", "About equal"), ("b", "B is better"), ("none", "Neither"))


@pytest.fixture(autouse=True)
def large(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, "dark", 2.0)
    yield
    theme.apply(qapp, "light")


def shown(
    qtbot: QtBot, widget: VoteBar | NoticeBar | MatterPicker | BesideFolds, width: int
) -> None:
    qtbot.addWidget(widget)
    widget.resize(width, max(60, widget.heightForWidth(width)))
    with qtbot.waitExposed(widget):
        widget.show()
    wait_until(qtbot, lambda: widget.width() == width)


def test_the_vote_stands_below_its_question_where_it_would_be_squeezed(qtbot: QtBot) -> None:
    votes = VoteBar()
    votes.offer("Which would you have used?", VOTES)
    shown(qtbot, votes, CARD_PX)
    assert cut_in(votes) == []
    first = votes.choices()[0]
    assert first.mapTo(votes, first.rect().topLeft()).x() < CARD_PX // 4
    # Three of the four beside each other, not all under each other.
    tops = [button.mapTo(votes, button.rect().topLeft()).y() for button in votes.choices()]
    assert len(set(tops)) == 2


def test_the_note_beside_a_vote_lies_on_no_button(qtbot: QtBot) -> None:
    votes = VoteBar()
    note = "No answer needed; 1 in 16 is checked blind against the other model"
    votes.offer("Good enough?", (("yes", "Good enough"), ("no", "Not good enough")), note)
    shown(qtbot, votes, CARD_PX)
    assert cut_in(votes) == []
    (words,) = (label for label in votes.findChildren(QLabel) if label.text() == note)
    for button in votes.choices():
        corner = button.mapTo(votes, button.rect().topLeft())
        assert not words.geometry().intersects(QRect(corner, button.size()))
    votes.show_vote("You found them about equal", (Reason.STYLE,), ask_why=True)
    votes.resize(CARD_PX, votes.heightForWidth(CARD_PX))
    wait_until(qtbot, lambda: cut_in(votes) == [])


def test_a_sentence_above_the_answers_keeps_a_readable_width(qtbot: QtBot) -> None:
    notice = NoticeBar()
    notice.show_notice(
        "Sent to the cheap model.",
        "For extraction the cheap answer was good enough in 79 of your 80 comparisons.",
        icon="rule",
        actions=(("why", "Why?"), ("other", "Ask the frontier model too")),
    )
    shown(qtbot, notice, CARD_PX)
    assert cut_in(notice) == []
    (words,) = (label for label in notice.findChildren(QLabel) if label.text())
    assert words.width() > CARD_PX * 0.8


def test_a_matters_name_is_shortened_by_an_ellipsis_and_told_whole(qtbot: QtBot) -> None:
    picker = MatterPicker()
    name = "Hartwell Shipping Holdings v. Oceanic (2026-114)"
    only = SendingPolicy(PolicyKind.NAMED, frozenset({"Anthropic", "Fireworks AI"}))
    picker.show_matters([Matter(name, only)])
    picker.set_matter(name)
    shown(qtbot, picker, CARD_PX)
    edit = picker.findChild(QLineEdit)
    assert edit is not None
    assert edit.toolTip() == name
    short = "Lee"
    picker.set_matter(short)
    assert edit.toolTip() == ""


def test_what_another_model_said_is_named_as_far_as_there_is_room(qtbot: QtBot) -> None:
    folds = BesideFolds()
    folds.show_said((("What granite-5-nano & co. said · $0.000003", "18 March"),))
    shown(qtbot, folds, 330)
    (button,) = folds.findChildren(Button)
    wait_until(qtbot, lambda: button.text().endswith("…"))
    assert cut_in(folds) == []
    assert button.toolTip() == button.accessibleName()
    folds.resize(900, folds.height())
    wait_until(qtbot, lambda: button.text().endswith("said · $0.000003"))
    assert "&&" in button.text()


def test_the_first_prompt_can_be_typed_without_scrolling_to_its_field(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with room(qtbot, CompareView, Stage(tmp_path), size=SMALL, scale=2.0) as view:
        wait_until(qtbot, lambda: view.drafting.outlook is not None)
        edit = view.page.composer.edit
        wait_until(qtbot, lambda: edit.mapTo(view, edit.rect().bottomLeft()).y() <= view.height())
        assert cut_in(view) == []


def test_no_section_of_settings_scrolls_sideways(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    kept = stage.history()
    names = frozenset({"Anthropic", "Fireworks AI", "Groq", "Together"})
    kept.save_matter(Matter("Project Larch (2026-131)", SendingPolicy(PolicyKind.NAMED, names)))
    kept.close()
    with room(qtbot, SettingsView, stage, size=SMALL, scale=2.0) as view:
        wait_until(qtbot, lambda: "Together" in " ".join(_labels(view)))
        wait_until(qtbot, lambda: cut_in(view) == [])


def _labels(view: SettingsView) -> list[str]:
    from app.ui.widgets.elided_label import ElidedLabel

    return [label.text() for label in view.matters.findChildren(ElidedLabel)]
