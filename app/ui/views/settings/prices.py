"""Settings: what each model costs, the list's price beside the user's own, and the list's age."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.errors import Problem
from app.domain.model import ModelRef
from app.domain.words import price_text
from app.services.pricing import PricePair, PriceState, Refresh
from app.ui.bridge import Bridge
from app.ui.views.settings.card import SettingsCard, hairline, words
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.emptying import empty
from app.ui.widgets.price_form import PriceForm

_NONE_YET = "Add a model, and its price stands here: the list's, and your own where you give one."
_HINT = (
    "Refreshing fetches one public file from GitHub, where genai-prices publishes it. Nothing of "
    "yours is sent, and it never happens by itself. Answers keep the price they were reckoned with."
)


class PricesSection(SettingsCard):
    """Shows and changes prices; an answer of the past never changes with them.

    Signals:
        opened(QWidget): the form for an own price; it may have to be scrolled to.
    """

    opened = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("Prices", bridge, parent)
        self.fetch = QPushButton("Refresh prices", self)
        self.fetch.clicked.connect(self._fetch)
        self.head.addWidget(self.fetch)
        self.age = self.hint("")
        self.said = words("", "muted")
        self.said.hide()
        self.box.addWidget(self.said)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self.box.addLayout(self._list)
        self.form = PriceForm(self)
        self.form.submitted.connect(self._save)
        self.form.hide()
        self.box.addWidget(self.form)
        self.box.addWidget(words(_HINT, "faint"))

    def refresh(self) -> None:
        """Read the prices anew."""
        self.read(lambda services: services.pricing.state(), self._show)

    def _show(self, state: PriceState) -> None:
        self.age.setText(f"List prices: {state.age_in_words()}.")
        if state.data.problem:
            self._say(state.data.problem, "warning")
        empty(self._list)
        for place, pair in enumerate(state.models):
            if place:
                self._list.addWidget(hairline())
            self._list.addWidget(self._row(pair))
        if not state.models:
            self._list.addWidget(words(_NONE_YET, "muted"))

    def _row(self, pair: PricePair) -> QWidget:
        row = QWidget(self)
        name = ElidedLabel(pair.model.name, row)
        name.setProperty("role", "strong")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(name, 1)
        if not pair.free:
            head.addWidget(self._button("Own price", pair, self._edit))
            if pair.own is not None:
                head.addWidget(self._button("Use the list price", pair, self._use_list))
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(2)
        column.addLayout(head)
        unknown = pair.own is None and pair.listed is None and not pair.free
        text = pair.in_words()
        if unknown:
            text = "Price not known: what it costs is shown so, and no budget sees it."
        column.addWidget(words(text, "warning" if unknown else "muted"))
        if pair.own is not None and not pair.free:
            column.addWidget(words(f"The list says: {price_text(pair.listed)}", "faint"))
        if pair.own is None and pair.listed is not None:
            for tier in pair.listed.tiers:
                long = pair.listed.resolved(tier.above_tokens + 1)
                column.addWidget(words(f"Then: {price_text(long)}", "faint"))
        return row

    def _button(self, text: str, pair: PricePair, act: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", "ghost")
        button.setAccessibleName(f"{text} of {pair.model.name}")
        assert callable(act)
        button.clicked.connect(partial(act, pair))
        return button

    def _edit(self, pair: PricePair, _checked: bool = False) -> None:
        self.form.fill(pair.model, pair.own or pair.listed)
        self.form.show()
        self.form.price_in.setFocus()
        self.opened.emit(self.form)

    def _use_list(self, pair: PricePair, _checked: bool = False) -> None:
        self.bridge.save(
            lambda services: services.models.use_list_price(pair.model),
            self._saved,
            self.went_wrong.emit,
        )

    @Slot(object, tuple)
    def _save(self, model: ModelRef, typed: tuple[str, str, str, str]) -> None:
        def failed(problem: Problem) -> None:
            self.form.say(problem.sentence())

        self.bridge.save(
            lambda services: services.models.set_price(model, *typed), self._saved, failed
        )

    def _saved(self, _model: ModelRef) -> None:
        self.form.hide()
        self.refresh()
        self.changed.emit()

    @Slot()
    def _fetch(self) -> None:
        self.fetch.setEnabled(False)
        self._say("Fetching the published prices …")
        self.bridge.run(
            lambda services: services.pricing.refresh(), self._fetched, self._not_fetched
        )

    def _fetched(self, came: Refresh) -> None:
        self.fetch.setEnabled(True)
        self.overtake()
        self._show(came.state)
        changed = [f"{new.model.name} is now {price_text(new.listed)}" for _, new in came.changed]
        self._say(". ".join((*changed, "")).strip() or "No price of your models has changed.")
        if came.changed:
            self.changed.emit()

    def _not_fetched(self, problem: Problem) -> None:
        self.fetch.setEnabled(True)
        self._say(problem.sentence(), "bad")

    def _say(self, sentence: str, role: str = "muted") -> None:
        self.said.setText(sentence)
        self.said.setProperty("role", role)
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)
        self.said.show()
