"""The question when a limit would be passed: the figures, and three ways on. Nothing was sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from app.domain.budget import BudgetQuestion, BudgetReachedError, OverBudget
from app.domain.model import Role
from app.domain.words import range_text
from app.ui.widgets.question_box import QuestionBox

if TYPE_CHECKING:
    from app.services.container import Services

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """How a prompt is asked: of one model only where `role` says so, and what the budget may do."""

    role: Role | None = None
    over: OverBudget = OverBudget.ASK


def or_question(
    work: Callable[[Services], Awaitable[T]],
) -> Callable[[Services], Awaitable[T | BudgetQuestion]]:
    """Return the same work, giving back the budget's question instead of failing with it."""

    async def asked(services: Services) -> T | BudgetQuestion:
        try:
            return await work(services)
        except BudgetReachedError as reached:
            return reached.question

    return asked


class BudgetDialog(QuestionBox):
    """Asks before a limit is passed. It opens and never blocks; Esc and Enter cancel."""

    def __init__(
        self,
        parent: QWidget,
        question: BudgetQuestion,
        send: Callable[[], object],
        only_cheap: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(
            parent,
            "Your budget would be passed. Send it all the same?",
            "\n\n".join((*question.sentences(), "Nothing has been sent; your prompt stays here.")),
        )
        self._send = send
        self._only_cheap = only_cheap
        self.send: QPushButton = self.addButton("Send anyway", QMessageBox.ButtonRole.ActionRole)
        self.send.clicked.connect(self._sent)
        self.cheap: QPushButton | None = None
        if only_cheap is not None:
            self.cheap = self.addButton(_cheap_words(question), QMessageBox.ButtonRole.ActionRole)
            self.cheap.clicked.connect(self._cheap_chosen)
        for button in (self.send, self.cheap):
            if button is not None:
                button.setAutoDefault(False)  # Enter always means the default: it must not spend

    def _sent(self) -> None:
        self._send()

    def _cheap_chosen(self) -> None:
        if self._only_cheap is not None:
            self._only_cheap()


def _cheap_words(question: BudgetQuestion) -> str:
    alone = question.cheap_alone
    if alone is None or alone.low is None or alone.high is None:
        return "Ask the cheap one only"
    return f"Ask the cheap one only ({range_text(alone.low, alone.high)})"
