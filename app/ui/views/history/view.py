"""History: find everything again, read it, vote on what waits, and delete one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.routing.decision import Decision
from app.domain.thread import Thread
from app.domain.turn import HistoryQuery, Turn
from app.domain.vote import Choice, Reason
from app.domain.words import counted
from app.services.archive import HistoryPage
from app.services.container import Services
from app.ui.bridge import Bridge
from app.ui.models.history_table import HistoryTableModel
from app.ui.models.turn_words import choice_text
from app.ui.views.history.detail import HistoryDetail
from app.ui.views.turns.votes import word_of
from app.ui.views.turns.why import open_why
from app.ui.views.view import View
from app.ui.widgets.confirmation import Confirmation
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.fitted_area import FittedArea
from app.ui.widgets.folding_head import FoldingHead
from app.ui.widgets.turn_table import TurnTable

DEBOUNCE_MS = 180
_DELETED = "Its answers, votes and costs go with it, out of the search and out of Savings."
_FOR_GOOD = "A prompt that continued it stays. This cannot be undone."
_TABLE_SHARE, _DETAIL_SHARE = 310, 500
_LIST, _EMPTY = 0, 1
_SEARCH_PX = 180  # some words at least, at any size of the text


@dataclass(frozen=True, slots=True)
class _Found:
    """A first page with what the filters offer."""

    page: HistoryPage
    total: int
    matters: tuple[str, ...]
    models: tuple[str, ...]


async def _find(services: Services, query: HistoryQuery, wanted: int | None) -> _Found:
    page = await services.archive.page(query)
    # A turn that is to be opened may lie far back: the list then begins with all down to it.
    while wanted is not None and page.rows and page.rows[-1].id > wanted:
        older = await services.archive.page(replace(query, before_id=page.rows[-1].id))
        if not older.rows:
            break
        page = replace(page, rows=(*page.rows, *older.rows))
    everything = await services.archive.page(HistoryQuery(limit=1))
    matters = tuple(matter.name for matter in await services.matters.all())
    pair = services.models.practice_pair()
    added = [model.name for model in await services.models.all()]
    names = dict.fromkeys((*added, pair.cheap.name, pair.frontier.name))
    return _Found(page, everything.matching, matters, tuple(names))


class HistoryView(View):
    """The list above, newest first; what was chosen in it below."""

    page_rows = 200

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._query = HistoryQuery(limit=self.page_rows)
        self._total = 0
        self._asked = 0
        self._wanted_turn: int | None = None
        self._continued: Thread | None = None  # what the turn that is open went on from
        self.model = HistoryTableModel(self)
        self.model.more_wanted.connect(self._fetch_more)
        self.table = TurnTable(self.model, self)
        self.table.turn_chosen.connect(self._open)
        self.table.delete_pressed.connect(self._ask_to_delete)
        self.detail = HistoryDetail(self)
        self.detail.voted.connect(self._vote)
        self.detail.reasons_given.connect(self._give_reasons)
        self.detail.again_wanted.connect(self._ask_again)
        self.detail.delete_wanted.connect(self._ask_to_delete)
        self.detail.room_wanted.connect(self.go_to)
        self.detail.continue_wanted.connect(self.continue_wanted)
        self.detail.turn_wanted.connect(self.show_turn)
        self.detail.why_wanted.connect(self._explain)
        self.empty = EmptyState("history")
        self.empty.chosen.connect(self._leave_empty)
        self._build_header()
        self._build()

    def _build_header(self) -> None:
        self.title = QLabel("History", self)
        self.title.setProperty("role", "page")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search prompts, answers, matters, tags and documents")
        self.search.setAccessibleName("Search the history")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(_SEARCH_PX)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(DEBOUNCE_MS)
        self._pause.timeout.connect(self._search)
        self.search.textChanged.connect(self._pause.start)
        self.search.returnPressed.connect(self._search)
        self.matter = self._combo("Matter", "Any matter")
        self.vote = self._combo("Vote", "Any vote")
        for choice in Choice:
            self.vote.addItem(choice_text(choice).capitalize(), choice.value)
        self.named = self._combo("Model", "Any model")
        self.count = ElidedLabel("", self)
        self.count.setProperty("role", "muted")

    def _combo(self, name: str, everything: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setAccessibleName(name)
        combo.addItem(everything, None)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(9)
        combo.activated.connect(self._search)
        return combo

    def _build(self) -> None:
        header = FoldingHead(self)
        header.lead.addWidget(self.title)
        header.lead.addWidget(self.search, 1)
        for widget in (self.matter, self.vote, self.named, self.count):
            header.tail.addWidget(widget)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(12)
        split.addWidget(self.table)
        split.addWidget(FittedArea(self.detail))
        split.setSizes([_TABLE_SHARE, _DETAIL_SHARE])
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 5)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(split)
        self.stack.addWidget(self.empty)
        self.stack.hide()  # until something is known, nothing is claimed
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 14, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(header)
        layout.addWidget(self.stack, 1)

    @Slot()
    def focus_search(self) -> None:
        """Put the cursor into the search, with what stands in it selected; Ctrl+F comes here."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def entered(self) -> None:
        """Read the list anew, keeping the search and the turn that is open."""
        self._load()

    def show_turn(self, turn_id: int) -> None:
        """Open one turn, found by its id, whatever was searched for before."""
        self._wanted_turn = turn_id
        self._clear_filters()
        self._load()

    @Slot()
    def _search(self) -> None:
        self._pause.stop()
        choice = self.vote.currentData()
        query = HistoryQuery(
            words=self.search.text().strip(),
            matter=self.matter.currentData(),
            # Qt hands an enumeration back as its plain text.
            choice=Choice(choice) if choice else None,
            model=self.named.currentData(),
            limit=self.page_rows,
        )
        if query != self._query:
            self._query = query
            self._load()

    def _load(self) -> None:
        self._asked += 1
        asked, query, wanted = self._asked, self._query, self._wanted_turn

        def found(result: _Found) -> None:
            # An answer to what was typed before must not replace a newer one.
            if asked == self._asked:
                self._show(result)

        self.bridge.run(
            lambda services: _find(services, query, wanted), found, self.went_wrong.emit
        )

    def _show(self, found: _Found) -> None:
        kept = self._wanted_turn or self.table.chosen_id()
        self._wanted_turn = None
        self._total = found.total
        self._offer(self.matter, found.matters)
        self._offer(self.named, found.models)
        self.model.restart(found.page.rows, found.page.matching)
        self._tell_count()
        self.stack.show()
        if not found.page.rows:
            self._show_empty()
            return
        self.stack.setCurrentIndex(_LIST)
        place = self.model.place_of(kept) if kept is not None else None
        self.table.choose(place or 0)

    def _show_empty(self) -> None:
        self.stack.setCurrentIndex(_EMPTY)
        if self._total:
            self.empty.say(
                "No prompt matches",
                "Each word must occur in the prompt, the answers, the matter, the tags or the "
                "attached document. Try fewer words, or any matter, vote and model.",
                "Show everything",
            )
            return
        self.empty.say(
            "Nothing here yet",
            "Every prompt you ask is kept here with its answers, what it cost, how long it took "
            "and what you voted, on this computer and nowhere else. You can search all of it, and "
            "delete any of it for good.",
            "Ask a first prompt",
        )

    @staticmethod
    def _offer(combo: QComboBox, names: tuple[str, ...]) -> None:
        kept = combo.currentData()
        while combo.count() > 1:
            combo.removeItem(1)
        for name in names:
            combo.addItem(name, name)
        combo.setCurrentIndex(max(0, combo.findData(kept)))

    def _tell_count(self) -> None:
        all_of_them = counted(self._total, "prompt")
        narrowed = self.model.matching != self._total
        self.count.setText(f"{self.model.matching:,} of {all_of_them}" if narrowed else all_of_them)

    @Slot()
    def _leave_empty(self) -> None:
        if self._total:
            self._clear_filters()
            self._load()
        else:
            self.go_to.emit("compare")

    def _clear_filters(self) -> None:
        self._query = HistoryQuery(limit=self.page_rows)
        self.search.clear()
        self._pause.stop()
        for combo in (self.matter, self.vote, self.named):
            combo.setCurrentIndex(0)

    @Slot(int)
    def _fetch_more(self, before_id: int) -> None:
        asked, query = self._asked, replace(self._query, before_id=before_id)

        def arrived(page: HistoryPage) -> None:
            if asked == self._asked:
                self.model.append(page.rows)

        def failed(problem: object) -> None:
            self.model.page_failed()
            self.went_wrong.emit(problem)

        self.bridge.run(lambda services: services.archive.page(query), arrived, failed)

    @Slot(int)
    def _open(self, turn_id: int) -> None:
        async def read(services: Services) -> tuple[Turn, Thread | None]:
            turn = await services.archive.show(turn_id)
            return turn, await services.archive.continued_by(turn)

        def arrived(found: tuple[Turn, Thread | None]) -> None:
            # Another line may have been chosen meanwhile.
            if self.table.chosen_id() == found[0].id:
                self._continued = found[1]
                self.detail.show_turn(*found)

        self.bridge.run(read, arrived, self.went_wrong.emit)

    @Slot(str)
    def _vote(self, word: str, reasons: tuple[Reason, ...] = ()) -> None:
        turn = self.detail.turn
        if turn is None:
            return
        turn_id = turn.id
        self.bridge.save(
            lambda services: services.votes.cast(turn_id, word, reasons),
            self._voted,
            self.went_wrong.emit,
        )

    @Slot(object)
    def _give_reasons(self, reasons: tuple[Reason, ...]) -> None:
        """Reasons are a vote for the same choice, cast again with them."""
        turn = self.detail.turn
        if turn is not None and turn.vote is not None:
            self._vote(word_of(turn), reasons)

    def _voted(self, turn: Turn) -> None:
        if self.table.chosen_id() == turn.id:
            self.detail.show_turn(turn, self._continued)
        line = HistoryQuery(before_id=turn.id + 1, limit=1)

        def arrived(page: HistoryPage) -> None:
            for row in page.rows:
                self.model.put(row)

        self.bridge.run(lambda services: services.archive.page(line), arrived)

    @Slot(str, object)
    def _explain(self, headline: str, decision: Decision) -> None:
        turn = self.detail.turn
        turn_id = turn.id if turn is not None else None
        open_why(self.bridge, headline, decision, self, self.show_turn, turn_id)

    @Slot(str)
    def _ask_again(self, prompt: str) -> None:
        self.prefilled.emit(prompt)

    @Slot()
    def _ask_to_delete(self) -> None:
        turn_id = self.table.chosen_id()
        if turn_id is None:
            return

        def ask(follows: str) -> None:
            Confirmation(
                self,
                "Delete this prompt for good?",
                " ".join(filter(None, (_DELETED, follows, _FOR_GOOD))),
                "Delete",
                lambda: self._delete(turn_id),
            ).open()

        async def follows(services: Services) -> str:
            turn = await services.archive.show(turn_id)
            return await services.rules.deleting(await services.models.pair(), turn)

        self.bridge.run(follows, ask, self.went_wrong.emit)

    def _delete(self, turn_id: int) -> None:
        def deleted(_nothing: None) -> None:
            place = self.model.place_of(turn_id)
            self.model.drop(turn_id)
            self._total -= 1
            self._tell_count()
            if not self.model.rowCount():
                self._load()
            elif place is not None:
                self.table.choose(min(place, self.model.rowCount() - 1))

        self.bridge.save(
            lambda services: services.archive.delete(turn_id), deleted, self.went_wrong.emit
        )
