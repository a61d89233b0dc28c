"""The way to a first promise: what is counted there, and what no vote was."""

from dataclasses import replace

from pytestqt.qtbot import QtBot

from app.domain.routing.learned import overview_of
from app.domain.routing.rule import train
from app.ui.views.rule.progress import ProgressCard
from tests.fakes.lessons import ASKED, habit


def test_a_run_whose_voting_ended_without_a_vote_is_not_told_as_nothing_asked(qtbot: QtBot) -> None:
    given_up = [replace(item, choice=None, settled_at=ASKED) for item in habit(24)]
    card = ProgressCard()
    qtbot.addWidget(card)
    card.show_overview(overview_of(train(given_up), {}, ASKED))
    assert card.title.text() == "Not enough votes yet: 24 of 50"
    assert "24 of them without your vote count as losses" in card.text.text()
