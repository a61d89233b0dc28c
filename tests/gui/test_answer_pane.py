"""The card around an answer: what it tells, what it keeps back, and how it says what went wrong."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.widgets.answer_pane import AnswerPane
from app.ui.widgets.badge import Badge
from app.ui.widgets.markdown_view import MarkdownView

METRICS = [("first word", "0.31 s"), ("speed", "142 tok/s"), ("cost", "$0.0041")]


@pytest.fixture
def pane(qtbot: QtBot, qapp: QApplication) -> AnswerPane:
    theme.apply(qapp, "light")
    made = AnswerPane()
    qtbot.addWidget(made)
    made.resize(640, 600)
    made.show()
    return made


def dressed(pane: AnswerPane) -> None:
    pane.show_title("A · glm-4.7-flash")
    pane.show_badges([("cheap", "cheap"), ("your choice", "neutral")])
    pane.show_metrics(METRICS)
    pane.show_footer("Fireworks AI, US · 18,612 in, 388 out · measured")


def words_on_screen(pane: AnswerPane) -> str:
    labels = [label.text() for label in pane.findChildren(QLabel) if label.isVisible()]
    return " ".join(labels).replace("&nbsp;", " ")


def buttons_on_screen(pane: AnswerPane) -> list[str]:
    return [b.objectName() for b in pane.findChildren(QToolButton) if b.isVisible()]


def top_of_text(pane: AnswerPane) -> int:
    return pane.view.mapTo(pane, QPoint(0, 0)).y()


def test_an_open_answer_tells_who_when_how_fast_and_how_much(pane: AnswerPane) -> None:
    pane.grow("Yes.")
    dressed(pane)
    shown = words_on_screen(pane)
    for word in ("glm-4.7-flash", "cheap", "your choice", "0.31 s", "$0.0041", "Fireworks AI"):
        assert word in shown
    assert buttons_on_screen(pane) == ["copy", "again"]


def test_a_blind_answer_tells_nothing_but_its_letter_and_its_words(pane: AnswerPane) -> None:
    pane.blind()
    pane.show_title("Answer A")
    pane.grow("Yes.")
    pane.grow_reasoning("I am a cheap model.")
    pane.show_metrics(METRICS)
    pane.show_footer("Fireworks AI")
    pane.settle()
    shown = words_on_screen(pane)
    assert shown == "Answer A Name, price, time and length appear after you vote"
    assert buttons_on_screen(pane) == []
    assert not [b for b in pane.findChildren(QPushButton) if b.isVisible()]
    assert pane.is_blind


def left_of_words(pane: AnswerPane, label: QLabel) -> int:
    return label.mapTo(pane, QPoint(label.contentsMargins().left(), 0)).x()


def test_title_figures_and_footer_begin_at_one_edge_also_after_the_vote(
    pane: AnswerPane, qapp: QApplication
) -> None:
    pane.blind()
    pane.grow("Yes.")
    theme.apply(qapp, "dark")
    dressed(pane)
    pane.show_problem("Cut off", "The end is missing.", [("again", "Ask again")])
    qapp.processEvents()
    labels = {label.text(): label for label in pane.findChildren(QLabel) if label.isVisible()}
    figures = next(label for text, label in labels.items() if "0.31" in text)
    footer = next(label for text, label in labels.items() if "measured" in text)
    # Not the label's own margin: the style drops that when it polishes the label anew.
    assert figures.contentsMargins().left() == 0
    assert left_of_words(pane, figures) == left_of_words(pane, footer)
    link = next(b for b in pane.findChildren(QPushButton) if b.objectName() == "again")
    ring = left_of_words(pane, figures) - link.mapTo(pane, QPoint(0, 0)).x()
    assert ring == 4  # the link's words, not its ring, stand under the sentence


def test_after_the_vote_everything_kept_back_is_shown(pane: AnswerPane) -> None:
    pane.blind()
    pane.grow("Yes.")
    pane.grow_reasoning("Because.")
    pane.settle()
    dressed(pane)
    assert not pane.is_blind
    assert "0.31 s" in words_on_screen(pane)
    assert "Fireworks AI" in words_on_screen(pane)
    assert buttons_on_screen(pane) == ["copy", "again"]
    assert [b.accessibleName() for b in pane.findChildren(QPushButton) if b.isVisible()] == [
        "Reasoning"
    ]


def test_the_next_question_leaves_nothing_of_the_last_answer(pane: AnswerPane) -> None:
    pane.grow("Old words.")
    dressed(pane)
    pane.show_problem("Cut off.", "The connection was lost.")
    pane.grow_reasoning("Old thoughts.")
    pane.reset()
    pane.blind()
    pane.show_title("Answer A")
    pane.reveal()
    assert pane.text() == ""
    shown = words_on_screen(pane)
    for word in ("Old", "cheap", "0.31", "Cut off", "Fireworks"):
        assert word not in shown


def test_both_answers_begin_at_the_same_height_whatever_is_known_of_them(
    qtbot: QtBot, pane: AnswerPane
) -> None:
    other = AnswerPane()
    qtbot.addWidget(other)
    other.resize(640, 600)
    other.show()
    dressed(pane)
    other.show_title("B")
    assert top_of_text(pane) == top_of_text(other)
    for each in (pane, other):
        each.reset()
        each.blind()
    pane.show_title("Answer A")
    other.show_title("Answer B")
    assert top_of_text(pane) == top_of_text(other)


def test_a_long_model_name_does_not_push_the_badges_out(pane: AnswerPane) -> None:
    pane.resize(420, 500)
    pane.grow("Yes.")
    pane.show_badges([("frontier", "frontier")])
    pane.show_title("accounts/fireworks/models/a-very-long-model-name-with-a-date-2026-01-01")
    QApplication.processEvents()
    badge = pane.findChild(Badge)
    assert badge is not None
    assert badge.geometry().right() <= pane.width()
    assert pane.minimumSizeHint().width() < 420


def test_a_problem_says_what_happened_and_its_way_out_works_by_keyboard(
    qtbot: QtBot, pane: AnswerPane
) -> None:
    pane.show_problem(
        "Not sent.",
        "This matter allows providers in the US only <b>& no others</b>.",
        [("use", "Use Fireworks AI for this matter"), ("policy", "Change the policy")],
    )
    shown = words_on_screen(pane)
    assert "Not sent." in shown
    assert "&lt;b&gt;&amp; no others" in shown
    links = [b for b in pane.findChildren(QPushButton) if b.isVisible()]
    assert [b.text() for b in links] == ["Use Fireworks AI for this matter", "Change the policy"]
    with qtbot.waitSignal(pane.action_requested) as heard:
        qtbot.keyClick(links[1], Qt.Key.Key_Space)
    assert heard.args == ["policy"]


def test_what_arrived_before_a_problem_stays_on_the_screen(pane: AnswerPane) -> None:
    pane.grow("Half an answer")
    pane.settle()
    pane.show_problem("Cut off.", "The connection was lost after 3 words.")
    assert pane.view.isVisible()
    assert "Half an answer" in pane.view.plain_text()


def test_copy_and_again_say_which_button_was_pressed(qtbot: QtBot, pane: AnswerPane) -> None:
    pane.grow("Yes.")
    for name in ("copy", "again"):
        button = pane.findChild(QToolButton, name)
        assert button is not None
        with qtbot.waitSignal(pane.action_requested) as heard:
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert heard.args == [name]


def test_an_answer_without_words_offers_nothing_to_copy(pane: AnswerPane) -> None:
    pane.show_badges([("cheap", "cheap")])
    assert "copy" not in buttons_on_screen(pane)
    pane.set_markdown("Now there are words.")
    assert "copy" in buttons_on_screen(pane)


def test_reasoning_stays_folded_until_asked_for_and_never_takes_most_of_the_pane(
    qtbot: QtBot, pane: AnswerPane
) -> None:
    pane.grow("Yes.")
    pane.grow_reasoning("Step by step. " * 400)
    fold = next(b for b in pane.findChildren(QPushButton) if b.isVisible())
    assert "Step by step" not in " ".join(view.plain_text() for view in visible_views(pane))
    qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)
    reasoning = next(v for v in visible_views(pane) if v is not pane.view)
    assert "Step by step" in reasoning.plain_text()
    assert reasoning.height() <= pane.height() * 0.4
    pane.grow_reasoning("One more.")
    assert "One more." in reasoning.plain_text()


def visible_views(pane: AnswerPane) -> list[MarkdownView]:
    return [v for v in pane.findChildren(type(pane.view)) if v.isVisible()]


def test_text_at_twice_the_size_is_not_cut(qapp: QApplication, pane: AnswerPane) -> None:
    pane.grow("Yes, but only if notice was served. " * 10)
    pane.settle()
    dressed(pane)
    theme.apply(qapp, "light", 2.0)
    QApplication.processEvents()
    for label in pane.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap():
            assert label.height() >= label.fontMetrics().height()
    assert pane.view.horizontalScrollBar().maximum() == 0
    theme.apply(qapp, "light", 1.0)


def test_a_long_badge_in_a_narrow_card_breaks_its_words_and_loses_none(
    qapp: QApplication, pane: AnswerPane
) -> None:
    theme.apply(qapp, "light", 2.0)
    try:
        pane.resize(390, 700)
        pane.show_badges([("cheap", "cheap"), ("blocked by an earlier matter's policy", "warning")])
        QApplication.processEvents()
        badges = pane.findChildren(Badge)
        assert len(badges) == 2
        for badge in badges:
            assert badge.geometry().right() < pane.width()
            assert badge.height() >= badge.heightForWidth(badge.width())
    finally:
        theme.apply(qapp, "light", 1.0)


def test_a_badge_of_no_known_meaning_is_an_error() -> None:
    with pytest.raises(ValueError, match="purple"):
        Badge("cheap", "purple")


def test_a_screen_reader_finds_the_words_in_the_tree_of_the_pane(pane: AnswerPane) -> None:
    pane.show_title("Answer A")
    pane.grow("Yes, **if** served.")
    pane.settle()
    root = QAccessible.queryAccessibleInterface(pane)
    children = [root.child(number) for number in range(root.childCount())]
    told = [(c.text(QAccessible.Text.Name), c.text(QAccessible.Text.Value)) for c in children]
    assert ("Answer A", "Yes, if served.") in told
    field = pane.findChild(QPlainTextEdit)
    assert field is not None
    assert field.geometry() == pane.view.geometry()
