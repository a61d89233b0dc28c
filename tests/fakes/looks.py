"""What a second look says: its sentence, who was asked, and what Compare shows of it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.turn import Turn
from app.ui.main_window import MainWindow
from app.ui.widgets.answer_fold import Fold
from app.ui.widgets.answer_pane import AnswerPane
from tests.fakes.fault_server import FaultServer
from tests.fakes.windows import words_of


def models_asked(server: FaultServer) -> list[str]:
    """Return the ids of the models that a server was asked for, sorted."""
    return sorted(request.json()["model"] for request in server.requests)


def sentence(turn: Turn) -> str:
    """Return the one sentence in which a turn's decision says what was found."""
    assert turn.decision is not None
    return turn.decision.because[0]


def said(widget: QWidget) -> str:
    """Return every word that a widget tells, a line each."""
    return "\n".join(words_of(widget))


def notice(window: MainWindow) -> str:
    """Return what stands above the answers in Compare, without its markup."""
    return said(window.compare.page.notice).replace("<b>", "").replace("</b>&nbsp;", "")


def fold_titles(pane: AnswerPane) -> list[str]:
    """Return what stands on the folds that can be seen, reasoning aside."""
    return [
        fold.title
        for fold in pane.findChildren(Fold)
        if fold.isVisible() and fold.title != "Reasoning"
    ]


def folds(pane: AnswerPane) -> list[str]:
    """Return whose answers are folded below a pane's, with their cost left off."""
    return [title.split(" · ")[0] for title in fold_titles(pane)]
