"""Compare: one prompt, two answers, one vote; or one answer from the model the rule chose."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QFocusEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.domain.conversation import Prompt
from app.domain.errors import CounterpartError, Problem
from app.domain.model import Role
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Letter
from app.services.ask import Report
from app.ui.bridge import Bridge
from app.ui.views import compare_notices as notices
from app.ui.views.compare_drafting import Drafting, Surroundings
from app.ui.views.compare_dress import cover
from app.ui.views.compare_page import AUTO_ROUTE, COMPARE, ComparePage
from app.ui.views.compare_turn import LiveTurn
from app.ui.views.compare_votes import ask_for_vote
from app.ui.views.compare_voting import Voting
from app.ui.views.compare_why import WhyDialog
from app.ui.views.view import View
from app.ui.widgets.confirmation import Confirmation

if TYPE_CHECKING:
    from app.services.container import Services

STOP_AGAIN_MS = 250


class CompareView(View):
    """Asks, shows the answers as they arrive, takes the vote and reveals."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.page = ComparePage(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        self.drafting = Drafting(bridge, self.page.composer, self.page.matters, self)
        self.live = LiveTurn((self.page.a, self.page.b), self)
        self.voting = Voting(bridge, self.page.votes, self.page.notice, self.live, self.drafting)
        self._asking: Future[Turn] | None = None
        self._asked: Prompt | None = None
        self._stop_again = QTimer(self)
        self._stop_again.setInterval(STOP_AGAIN_MS)
        self._stop_again.timeout.connect(self._send_stop)
        self._connect()
        self._make_keys()

    def _connect(self) -> None:
        page = self.page
        self.drafting.loaded.connect(self._loaded)
        self.drafting.outlook_changed.connect(self._show_outlook)
        self.drafting.went_wrong.connect(self.went_wrong)
        self.live.began.connect(self._began)
        self.live.opened.connect(self._opened)
        self.live.ended.connect(self._ended)
        self.live.not_saved.connect(self.went_wrong)
        page.mode.chosen.connect(self._mode_chosen)
        page.composer.ask_wanted.connect(self.ask)
        page.composer.stop_wanted.connect(self.stop)
        self.voting.went_wrong.connect(self.went_wrong)
        page.notice.acted.connect(self._act)
        for letter, pane in ((Letter.A, page.a), (Letter.B, page.b)):
            pane.action_requested.connect(self._act_on_a if letter is Letter.A else self._act_on_b)
            pane.link_activated.connect(self._offer_link)

    def _make_keys(self) -> None:
        here = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.ask, context=here)
        for place, slot in enumerate((self._one, self._two, self._three, self._four), start=1):
            QShortcut(QKeySequence(str(place)), self, slot, context=here)
        # Anywhere in the window: stopping must not depend on where the focus happens to be.
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.stop)
        self._escape.setEnabled(False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus to the prompt; a focus proxy would keep Tab from reaching the rest."""
        super().focusInEvent(event)
        self.page.composer.edit.setFocus(event.reason())

    # What surrounds the prompt

    def entered(self) -> None:
        """Learn which pair, matters and preferences hold now."""
        self.drafting.load()

    def fill(self, text: str) -> None:
        """Put a prompt into the composer, ready to be asked again."""
        self.page.composer.set_text(text)
        self.page.composer.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def save_draft(self) -> Future[None] | None:
        """Keep what stands in the composer; None when nothing was loaded yet."""
        return self.drafting.save()

    @property
    def auto_route(self) -> bool:
        """Return whether the rule chooses the model."""
        return self.drafting.preferences.auto_route

    @Slot(object)
    def _loaded(self, found: Surroundings) -> None:
        self.page.show_practice(found.pair.practice)
        self.page.mode.choose(AUTO_ROUTE if found.preferences.auto_route else COMPARE)
        self._show_mode()

    @Slot(str)
    def _mode_chosen(self, mode: str) -> None:
        if self.auto_route != (mode == AUTO_ROUTE):
            self.drafting.prefer(auto_route=mode == AUTO_ROUTE)
        # A comparison that waits for its vote stays: the next prompt goes the new way.
        if not self.busy and not self.voting.awaited:
            self.live.abort()
        self._show_mode()

    def _show_mode(self) -> None:
        if self.live.turn is None and not self.busy:
            self.page.show_empty(self.drafting.pair, auto_route=self.auto_route)
        self._show_outlook()

    @Slot()
    def _show_outlook(self) -> None:
        """Show the estimate, and with auto-route on where the prompt would go."""
        outlook, pair = self.drafting.outlook, self.drafting.pair
        practice = pair is not None and pair.practice
        decision = outlook.decision if self.auto_route else None
        role = decision.role if decision is not None else None
        if outlook.estimate is not None:
            figures = notices.estimate_figures(outlook.estimate, role, practice=practice)
            self.page.composer.show_figures(figures)
        else:
            self.page.composer.show_figures((("0 tokens in", "", "muted"),))
        one = self.auto_route and role is not None
        self.page.composer.show_ask("Ask" if one else "Ask both", blind_matters=not self.auto_route)
        if decision is not None and self.live.turn is None and not self.busy:
            notice = notices.decided(
                decision, sent=False, estimate=outlook.estimate, practice=practice
            )
            self._show_notice(notice)

    def _show_notice(self, notice: notices.Notice) -> None:
        self.page.notice.show_notice(
            notice.headline, notice.text, icon=notice.icon, actions=notice.actions
        )

    # Asking

    @property
    def busy(self) -> bool:
        """Return whether something is being asked."""
        return self._asking is not None

    @Slot()
    def ask(self) -> None:
        """Ask what stands in the composer; while something is being asked this does nothing."""
        if self.busy:
            return
        try:
            prompt = self.drafting.prompt()
        except CounterpartError as error:
            self.went_wrong.emit(error.problem)
            self.page.composer.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._asked = prompt
        report = self.bridge.reporter(self.live.hear)
        blind, routed = self.page.composer.blind(), self.auto_route

        async def work(services: Services) -> Turn:
            if routed:
                return await services.router.ask(prompt, report)
            return await services.comparisons.compare(prompt, report, blind=blind)

        self.live.abort()
        self.page.notice.hide()
        if not routed:
            self._prepare_panes(blind=blind)
        self._start(self.bridge.run(work, self._returned, self._not_asked))
        self.page.votes.setFocus(Qt.FocusReason.OtherFocusReason)

    def _prepare_panes(self, *, blind: bool) -> None:
        """Show two empty places at once, before the prompt is stored and sent."""
        for pane, letter in ((self.page.a, Letter.A), (self.page.b, Letter.B)):
            cover(pane, letter)
        self.page.show_answers(2)
        ask_for_vote(self.page.votes, TurnMode.BLIND if blind else TurnMode.OPEN, None)

    def _start(self, asking: Future[Turn]) -> None:
        self._asking = asking
        self._escape.setEnabled(True)
        self.page.composer.set_asking(True)
        self.page.votes.show()

    @Slot()
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

        self.bridge.run(stop)

    def _returned(self, _turn: Turn) -> None:
        """Do nothing: the engine is done, but the last text may still be on its way into a pane."""

    def _not_asked(self, problem: Problem) -> None:
        self._finish_asking()
        self.live.abort()
        self._show_mode()
        self.went_wrong.emit(problem)

    def _finish_asking(self) -> None:
        self._asking = None
        self._stop_again.stop()
        self._escape.setEnabled(False)
        self.page.composer.set_asking(False)

    # The answers

    @Slot(object)
    def _began(self, turn: Turn) -> None:
        self.page.show_answers(len(turn.answers))
        ask_for_vote(self.page.votes, turn.mode, turn.seating)
        self.page.votes.show()
        practice = turn.practice
        if turn.decision is not None and turn.mode is not TurnMode.OPEN:
            estimate = self.drafting.outlook.estimate
            self._show_notice(
                notices.decided(turn.decision, sent=True, estimate=estimate, practice=practice)
            )
        else:
            self.page.notice.hide()

    @Slot()
    def _opened(self) -> None:
        """Take the vote away: a side did not complete."""
        self._hide_votes()

    @Slot(object)
    def _ended(self, turn: Turn) -> None:
        self._finish_asking()
        routed = turn.mode is TurnMode.ROUTED
        if turn.votable or (routed and turn.answers[0].complete):
            self.page.votes.set_ready(True)
        else:
            self._hide_votes()
        if routed and turn.answers[0].role is Role.CHEAP and turn.answers[0].complete:
            self._tell_frontier_cost(turn)

    def _hide_votes(self) -> None:
        if self.page.votes.isAncestorOf(QApplication.focusWidget() or self):
            self.page.composer.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.page.votes.hide()

    def _tell_frontier_cost(self, turn: Turn) -> None:
        pair = self.drafting.pair
        if pair is None or pair.practice or pair.key != turn.pair_key:
            return

        async def estimate(services: Services) -> None:
            found = await services.estimates.estimate(turn.prompt.full_text(), pair)
            if found.frontier.money is not None:
                self.bridge.post(self.live.tell_frontier_cost, (turn.id, found.frontier))

        self.bridge.run(estimate)

    # The vote

    @Slot()
    def _one(self) -> None:
        self._vote_by_key(1)

    @Slot()
    def _two(self) -> None:
        self._vote_by_key(2)

    @Slot()
    def _three(self) -> None:
        self._vote_by_key(3)

    @Slot()
    def _four(self) -> None:
        self._vote_by_key(4)

    def _vote_by_key(self, place: int) -> None:
        if self.page.votes.isVisible():
            self.page.votes.press(place)

    # What can be done about an answer

    @Slot(str)
    def _act_on_a(self, name: str) -> None:
        self._act_on(Letter.A, name)

    @Slot(str)
    def _act_on_b(self, name: str) -> None:
        self._act_on(Letter.B, name)

    def _act_on(self, letter: Letter, name: str) -> None:
        if name != "copy":
            self._act(name)
            return
        turn = self.live.turn
        if turn is not None and not self.live.blind:
            answer = next((a for a in turn.answers if self.live.letter(a.role) is letter), None)
            if answer is not None:
                QGuiApplication.clipboard().setText(answer.text)

    @Slot(str)
    def _act(self, name: str) -> None:
        match name:
            case "again":
                self.ask()
            case "policy":
                self.page.matters.open_policy()
            case "settings":
                self.go_to.emit("settings")
            case "why":
                self._explain()
            case "other":
                self._ask_other()
            case "frontier" | "both":
                self.drafting.prefer(until_enough=name)
            case _:
                pass

    def _explain(self) -> None:
        turn = self.live.turn
        decision = turn.decision if turn is not None else self.drafting.outlook.decision
        if decision is not None and decision.role is not None:
            headline = f"To the {decision.role.value} model"
            WhyDialog(headline, decision, self).open()

    def _ask_other(self) -> None:
        turn = self.live.turn
        if turn is None or self.busy:
            return
        report: Report = self.bridge.reporter(self.live.hear)
        self._start(
            self.bridge.run(
                lambda services: services.router.ask_other(turn.id, report),
                self._returned,
                self._other_not_asked,
            )
        )
        self.page.votes.set_ready(False)
        self.page.votes.setFocus(Qt.FocusReason.OtherFocusReason)

    def _other_not_asked(self, problem: Problem) -> None:
        self._finish_asking()
        self.page.votes.set_ready(True)
        self.went_wrong.emit(problem)

    @Slot(str)
    def _offer_link(self, url: str) -> None:
        """Ask before a link that a model wrote is opened: it may not be what it says."""
        Confirmation(
            self,
            "Open this link in your browser?",
            f"{url}\n\nA model wrote it; it may lead elsewhere than it says.",
            "Open",
            partial(_open_link, url),
        ).open()


def _open_link(url: str) -> None:
    QDesktopServices.openUrl(QUrl(url))
