"""Compare from asking to the vote: what is sent, what is shown of it, what can be done about it."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.budget import BudgetQuestion, OverBudget
from app.domain.errors import CounterpartError, Problem
from app.domain.model import Role
from app.domain.money import Cost
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Letter
from app.services.ask import Report
from app.ui.bridge import Bridge
from app.ui.views.compare.budget_dialog import Asked, BudgetDialog, or_question
from app.ui.views.compare.continuing import Continuing
from app.ui.views.compare.drafting import Drafting
from app.ui.views.compare.page import ComparePage
from app.ui.views.compare.turn import LiveTurn
from app.ui.views.compare.voting import Voting
from app.ui.views.turns import notices, second_look
from app.ui.views.turns.dress import cover, place_of
from app.ui.views.turns.votes import ask_for_vote
from app.ui.views.turns.why import open_why
from app.ui.widgets.answer_pane import AnswerPane
from app.ui.widgets.link_question import ask_to_open

if TYPE_CHECKING:
    from app.services.container import Services

STOP_AGAIN_MS = 250


class CompareDesk(QObject):
    """Asks what the composer holds and shows one or two answers.

    Signals:
        went_wrong(Problem): something to tell the user.
        go_to(str): a view that helps.
        turn_wanted(int): a turn to open in History.
        busy_changed(bool): something is being asked now, or no longer.
    """

    went_wrong = Signal(object)
    go_to = Signal(str)
    turn_wanted = Signal(int)
    busy_changed = Signal(bool)

    def __init__(
        self,
        bridge: Bridge,
        page: ComparePage,
        drafting: Drafting,
        continuing: Continuing,
        view: QWidget,
    ) -> None:
        super().__init__(view)
        self._bridge = bridge
        self._page = page
        self._drafting = drafting
        self._continuing = continuing
        self._view = view
        page.add_answers()
        self.live = LiveTurn((page.a, page.b), self)
        self.voting = Voting(bridge, page.votes, page.notice, self.live, drafting)
        self._asking: Future[Turn | BudgetQuestion] | None = None
        self._stop_again = QTimer(self)
        self._stop_again.setInterval(STOP_AGAIN_MS)
        self._stop_again.timeout.connect(self._send_stop)
        self.live.began.connect(self._began)
        self.live.decided.connect(self._decided)
        self.live.opened.connect(self._hide_votes)
        self.live.ended.connect(self._ended)
        self.live.not_saved.connect(self.went_wrong)
        self.voting.went_wrong.connect(self.went_wrong)
        page.notice.acted.connect(self._act)
        for pane in (page.a, page.b):
            pane.action_requested.connect(self._act)
            pane.link_activated.connect(self._offer_link)
            pane.beside_wait_stopped.connect(self._stop_beside_wait)

    # What is shown before asking

    def change_mode(self) -> None:
        """Show the other way of asking, unless a comparison still waits for its vote."""
        if not self.busy and not self.voting.awaited:
            self.live.abort()
        self.show_mode()

    def show_mode(self) -> None:
        """Show what will appear here, where nothing is asked or answered yet."""
        if self._resting:
            self._page.show_empty(
                self._drafting.pair, auto_route=self._routes, others=self._drafting.others
            )
        self.show_outlook()

    def show_outlook(self) -> None:
        """Show the estimate, and with auto-route on where the prompt would go."""
        outlook, pair = self._drafting.outlook, self._drafting.pair
        practice = pair is not None and pair.practice
        decision = outlook.decision if self._routes else None
        role = decision.role if decision is not None else None
        composer = self._page.composer
        if outlook.estimate is not None and outlook.others:
            figures = second_look.estimate_figures(outlook.estimate, outlook.others)
            composer.show_figures(figures, notices.basis_of_all(outlook.estimate, outlook.others))
        elif outlook.estimate is not None:
            composer.show_figures(
                notices.estimate_figures(outlook.estimate, role, practice=practice),
                "" if practice else notices.basis_of(outlook.estimate, role),
            )
        else:
            composer.show_figures((("0 tokens in", "", "muted"),))
        one = self._routes and role is not None
        composer.show_ask("Ask" if one else "Ask both", blind_matters=not self._routes)
        if decision is not None and self._resting:
            self._show_notice(
                notices.decided(decision, sent=False, estimate=outlook.estimate, practice=practice)
            )

    @property
    def _routes(self) -> bool:
        return self._drafting.preferences.auto_route

    @property
    def _resting(self) -> bool:
        return self.live.turn is None and not self.busy

    def _show_notice(self, notice: notices.Notice) -> None:
        self._page.notice.show_notice(
            notice.headline, notice.text, icon=notice.icon, actions=notice.actions
        )

    # Asking

    @property
    def busy(self) -> bool:
        """Return whether something is being asked."""
        return self._asking is not None

    def ask(self) -> None:
        """Ask what stands in the composer; while something is being asked this does nothing."""
        self._ask(Asked())

    def _ask(self, how: Asked) -> None:
        if self.busy:
            return
        try:
            prompt = self._drafting.prompt()
        except CounterpartError as error:
            self.went_wrong.emit(error.problem)
            self._page.composer.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.live.abort()
        report: Report = self._bridge.reporter(self.live.listener())
        blind, routed = self._page.composer.blind(), self._routes

        async def work(services: Services) -> Turn:
            if how.role is not None:
                return await services.comparisons.ask_one(prompt, how.role, report, how.over)
            if routed:
                return await services.router.ask(prompt, report, how.over)
            return await services.comparisons.compare(prompt, report, blind=blind, over=how.over)

        self._page.notice.hide()
        if not routed and how.role is None:
            self._prepare_panes(blind=blind)
        again = partial(self._budget_reached, how)
        self._start(self._bridge.run(or_question(work), again, self._not_asked))

    def _budget_reached(self, how: Asked, came: Turn | BudgetQuestion) -> None:
        """Ask what to do when a limit would be passed; the prompt stands where it stood."""
        if not isinstance(came, BudgetQuestion):
            return
        self._finish()
        self.live.abort()
        self.show_mode()

        dear = any(item.model.role is Role.FRONTIER for item in came.planned)
        BudgetDialog(
            self._view,
            came,
            partial(self._ask, Asked(how.role, OverBudget.SEND)),
            partial(self._ask, Asked(Role.CHEAP)) if dear else None,
        ).open()

    def _prepare_panes(self, *, blind: bool) -> None:
        """Show two empty places at once, before the prompt is stored and sent."""
        for pane, letter in ((self._page.a, Letter.A), (self._page.b, Letter.B)):
            cover(pane, letter)
        self._page.show_answers(2)
        ask_for_vote(self._page.votes, TurnMode.BLIND if blind else TurnMode.OPEN, None)

    def _start(self, asking: Future[Turn | BudgetQuestion]) -> None:
        self._asking = asking
        self._page.composer.set_asking(True)
        self._page.votes.set_ready(False)
        self._page.votes.show()
        self._page.votes.setFocus(Qt.FocusReason.OtherFocusReason)
        self.busy_changed.emit(True)

    def stop(self) -> None:
        """End the answers that still arrive, keeping what came."""
        if self.busy:
            self._send_stop()
            # What is asked first may not listen yet: say it again until it has ended.
            self._stop_again.start()

    @Slot()
    def _send_stop(self) -> None:
        async def stop(services: Services) -> None:
            services.asking.stop()

        self._bridge.run(stop)

    def _not_asked(self, problem: Problem) -> None:
        self._finish()
        self._continuing.refused(problem)
        self.live.abort()
        self.show_mode()
        self.went_wrong.emit(problem)

    def _finish(self) -> None:
        self._asking = None
        self._stop_again.stop()
        self._page.composer.set_asking(False)
        self.busy_changed.emit(False)

    # The answers

    @Slot(object)
    def _began(self, turn: Turn) -> None:
        page = self._page
        page.show_answers(1 if turn.mode is TurnMode.ROUTED else len(turn.answers))
        checked = notices.check_note(turn.decision)
        ask_for_vote(page.votes, turn.mode, turn.seating, checked=checked)
        page.votes.show()
        if turn.decision is None or turn.mode is TurnMode.OPEN:
            page.notice.hide()
            return
        self._decided(turn)

    @Slot(object)
    def _decided(self, turn: Turn) -> None:
        """Say where the prompt went, or where it goes now that a second look has been taken."""
        if turn.decision is None:
            return
        estimate = self._drafting.outlook.estimate
        self._show_notice(
            notices.decided(turn.decision, sent=True, estimate=estimate, practice=turn.practice)
        )

    @Slot(object)
    def _ended(self, turn: Turn) -> None:
        self._finish()
        self._continuing.answered(turn)
        single = turn.standing
        if turn.votable or (single is not None and single.complete):
            self._page.votes.set_ready(True)
        else:
            self._hide_votes()
        if single is not None and single.role is Role.CHEAP and single.complete:
            self._tell_frontier_cost(turn)

    @Slot()
    def _hide_votes(self) -> None:
        """Take the vote away: without two whole answers there is nothing to choose between."""
        votes, focused = self._page.votes, QApplication.focusWidget()
        if focused is votes or (focused is not None and votes.isAncestorOf(focused)):
            self._page.composer.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        votes.hide()

    def _tell_frontier_cost(self, turn: Turn) -> None:
        pair = self._drafting.pair
        if pair is None or pair.practice or pair.key != turn.pair_key:
            return

        async def estimate(services: Services) -> tuple[int, Cost]:
            found = await services.estimates.estimate(turn.prompt, pair)
            return turn.id, found.frontier

        self._bridge.run(estimate, self.live.tell_frontier_cost)

    # What can be done about an answer

    @Slot(str)
    def _act(self, name: str) -> None:
        match name:
            case "copy" | "continue":
                self._use_answer(name)
            case "again" | "alone":
                self._ask_again(alone=name == "alone")
            case "policy":
                self._page.matters.open_policy()
            case "calibrate":
                self.go_to.emit(name)
            case "settings" | "connection" | "budget" | "mend_key":
                self.go_to.emit(place_of(name, self.live.answer_in(self.sender())))
            case "stop_waiting":
                self._stop_waiting()
            case "why":
                self._explain()
            case "other":
                self._ask_other()
            case "frontier" | "both":
                self._drafting.prefer(until_enough=name)
            case _:
                pass

    def _stop_waiting(self) -> None:
        """End the sides that wait; what the other one says is left alone."""
        pane = self.sender()
        if isinstance(pane, AnswerPane):
            self._end_waits(self.live.waiting_in(pane))

    @Slot(int)
    def _stop_beside_wait(self, answer_id: int) -> None:
        self._end_waits([answer_id])

    def _end_waits(self, ended: list[int]) -> None:
        async def stop(services: Services) -> None:
            for answer_id in ended:
                services.asking.stop_waiting(answer_id)

        self._bridge.run(stop)

    def _ask_again(self, *, alone: bool) -> None:
        if alone:
            self._continuing.drop()
        self.ask()

    def _use_answer(self, name: str) -> None:
        """Copy the answer of the pane that was pressed, or continue it."""
        pane, turn = self.sender(), self.live.turn
        if not isinstance(pane, AnswerPane):
            return
        if name == "copy":
            QGuiApplication.clipboard().setText(pane.text())
        elif turn is not None and (answer := self.live.answer_in(pane)) is not None:
            self._continuing.start(turn.id, answer.id)

    def _explain(self) -> None:
        turn = self.live.turn
        decision = turn.decision if turn is not None else self._drafting.outlook.decision
        if decision is None or (turn is not None and not turn.revealed):
            return
        headline = notices.headline(decision, turn.mode if turn is not None else None)
        open_why(self._bridge, headline, decision, self._view, self.turn_wanted.emit)

    def _ask_other(self, over: OverBudget = OverBudget.ASK) -> None:
        turn = self.live.turn
        if turn is None or self.busy:
            return
        report: Report = self._bridge.reporter(self.live.listener())

        async def work(services: Services) -> Turn:
            return await services.router.ask_other(turn.id, report, over)

        self._start(
            self._bridge.run(or_question(work), self._other_over_budget, self._other_not_asked)
        )

    def _other_over_budget(self, came: Turn | BudgetQuestion) -> None:
        if isinstance(came, BudgetQuestion):
            self._finish()
            self._page.votes.set_ready(True)
            BudgetDialog(self._view, came, partial(self._ask_other, OverBudget.SEND)).open()

    def _other_not_asked(self, problem: Problem) -> None:
        self._finish()
        self._page.votes.set_ready(True)
        self.went_wrong.emit(problem)

    @Slot(str)
    def _offer_link(self, url: str) -> None:
        ask_to_open(self._view, url)
