from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.domain.vote import Reason
from app.ui.widgets.vote_bar import VoteBar
from tests.fakes.windows import words_of

OPTIONS = (
    ("a", "A is better"),
    ("equal", "About equal"),
    ("b", "B is better"),
    ("neither", "Neither"),
)


def bar(qtbot: QtBot) -> VoteBar:
    made = VoteBar()
    qtbot.addWidget(made)
    made.resize(1200, 50)
    made.show()
    return made


def test_a_key_before_the_answers_are_whole_casts_nothing(qtbot: QtBot) -> None:
    votes = bar(qtbot)
    votes.offer("Which would you have used?", OPTIONS)
    with qtbot.assertNotEmitted(votes.voted):
        assert not votes.press(1)


def test_each_key_casts_the_vote_that_its_button_shows(qtbot: QtBot) -> None:
    votes = bar(qtbot)
    votes.offer("Which would you have used?", OPTIONS)
    votes.set_ready(True)
    for place, (word, label) in enumerate(OPTIONS, start=1):
        assert f"{label}  {place}" in words_of(votes)
        with qtbot.waitSignal(votes.voted) as heard:
            assert votes.press(place)
        assert heard.args == [word]
    assert not votes.press(5)


def test_reasons_add_up_and_can_be_taken_back(qtbot: QtBot) -> None:
    votes = bar(qtbot)
    votes.show_vote("You chose B", (), ask_why=True)
    buttons = {button.text(): button for button in votes.choices()}
    with qtbot.waitSignal(votes.reasons_given) as heard:
        buttons["wrong citation"].click()
    assert heard.args == [(Reason.WRONG_CITATION,)]
    with qtbot.waitSignal(votes.reasons_given) as heard:
        buttons["unclear"].click()
    assert heard.args == [(Reason.WRONG_CITATION, Reason.UNCLEAR)]
    with qtbot.waitSignal(votes.reasons_given) as heard:
        buttons["wrong citation"].click()
    assert heard.args == [(Reason.UNCLEAR,)]


def test_a_digit_after_the_vote_does_not_give_a_reason(qtbot: QtBot) -> None:
    votes = bar(qtbot)
    votes.show_vote("You chose B", (), ask_why=True)
    with qtbot.assertNotEmitted(votes.reasons_given):
        assert not votes.press(1)


def test_the_weights_of_reasons_can_be_read(qtbot: QtBot) -> None:
    votes = bar(qtbot)
    votes.show_vote("You chose B", (Reason.STYLE,), ask_why=True)
    style = next(button for button in votes.choices() if button.text() == "style only")
    assert style.isChecked()
    assert "weighs 0.5 times" in style.toolTip()


def test_nothing_is_cut_when_the_bar_is_narrow(qtbot: QtBot) -> None:
    votes = bar(qtbot)
    votes.show_vote("You chose B", (), ask_why=True)
    votes.resize(520, votes.heightForWidth(520))
    layout = votes.layout()
    assert layout is not None
    layout.activate()
    for button in votes.choices():
        corner = button.mapTo(votes, button.rect().bottomRight())
        assert corner.x() <= votes.width()
        assert button.width() >= button.sizeHint().width()
