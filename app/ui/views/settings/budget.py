"""Settings: what may be spent in a month and for one prompt, and what this month has cost."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QWidget,
)

from app.domain.budget import Budget, Limit, Month
from app.domain.errors import Problem
from app.domain.money import Money
from app.domain.words import money_text, rate_text
from app.services.container import Services
from app.ui.bridge import Bridge
from app.ui.theme import current
from app.ui.views.settings.card import SettingsCard, words
from app.ui.widgets.field_rows import FieldRows

_HINT = (
    "Reaching a limit asks you; nothing is dropped, and nothing is sent unasked. A prompt is "
    "reckoned at the high end of what it is likely to cost, both models together. Test calls from "
    "this page are a few tokens and are not counted."
)
_WHOLE = 1000
_BAR_PX = 6


@dataclass(frozen=True, slots=True)
class _Known:
    budget: Budget
    month: Month
    currencies: tuple[str, ...]


async def _read(services: Services) -> _Known:
    budget, month = await services.budgets.load(), await services.budgets.month()
    state = await services.pricing.state()
    found = {"USD"} | {item.currency for item in budget.limits}
    found |= {item.currency for item in month.spent}
    for pair in state.models:
        found |= {price.currency for price in (pair.own, pair.listed) if price is not None}
    return _Known(budget, month, tuple(sorted(found, key=lambda code: (code != "USD", code))))


class BudgetSection(SettingsCard):
    """Sets limits in one currency at a time; they are never added across two."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("Budget", bridge, parent)
        self._known: _Known | None = None
        self.spent = self.hint("")
        self.bar = QProgressBar(self)
        self.bar.setRange(0, _WHOLE)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Part of this month's budget that is spent")
        self.bar.setFixedHeight(current().px(_BAR_PX))
        self.bar.hide()
        self.box.addWidget(self.bar)
        self.unseen = words("", "warning")
        self.unseen.hide()
        self.box.addWidget(self.unseen)
        self.currency = QComboBox(self)
        self.currency.activated.connect(self._fill)
        self.month = self._field()
        self.prompt = self._field()
        form = FieldRows()
        form.add_field("A month", self.month)
        form.add_field("A prompt", self.prompt)
        form.add_field("Currency", self.currency)
        self.box.addLayout(form)
        self.fault = words("", "bad")
        self.fault.hide()
        self.box.addWidget(self.fault)
        self.save = QPushButton("Save budget", self)
        self.save.clicked.connect(self._save)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.save)
        self.box.addLayout(line)
        self.box.addWidget(words(_HINT, "faint"))

    def _field(self) -> QLineEdit:
        field = QLineEdit(self)
        field.setPlaceholderText("no limit")
        field.returnPressed.connect(self._save)
        return field

    def refresh(self) -> None:
        """Read limits and spending anew; what is being typed stays."""
        self.read(_read, self._show)

    def _show(self, known: _Known) -> None:
        first, chosen = self._known is None, self.currency.currentData()
        self._known = known
        self.currency.clear()
        for code in known.currencies:
            self.currency.addItem(code, code)
        self.currency.setCurrentIndex(max(0, self.currency.findData(chosen)))
        typing = self.month.isModified() or self.prompt.isModified()
        if first or not typing:
            self._fill()
        else:
            self._tell()

    @Slot()
    def _fill(self) -> None:
        limit = self._limit()
        for field, amount in ((self.month, limit.month), (self.prompt, limit.prompt)):
            field.setText("" if amount is None else f"{amount:f}")
            field.setModified(False)
        self.fault.hide()
        self._tell()

    def _limit(self) -> Limit:
        code = str(self.currency.currentData() or "USD")
        return self._known.budget.limit(code) if self._known else Limit(code)

    def _tell(self) -> None:
        if self._known is None:
            return
        limit, month = self._limit(), self._known.month
        spent = month.in_currency(limit.currency)
        said = f"This month: {spent.in_words()}."
        if limit.month is not None:
            left = Money(max(limit.month - spent.total, limit.month * 0), limit.currency)
            most = rate_text(limit.month, limit.currency)
            said = f"{said[:-1]}; {money_text(left)} of {most} is left."
        self.spent.setText(said)
        self.bar.setVisible(bool(limit.month))
        if limit.month:
            self.bar.setValue(min(_WHOLE, int(spent.total / limit.month * _WHOLE)))
        self.unseen.setText(month.unseen_in_words())
        self.unseen.setVisible(bool(month.unseen))

    @Slot()
    def _save(self) -> None:
        typed = str(self.currency.currentData() or "USD"), self.month.text(), self.prompt.text()
        self.bridge.save(
            lambda services: services.budgets.set(*typed), self._saved, self._not_saved
        )

    def _saved(self, _budget: Budget) -> None:
        self.fault.hide()
        for field in (self.month, self.prompt):
            field.setModified(False)
        self.refresh()
        self.changed.emit()

    def _not_saved(self, problem: Problem) -> None:
        self.fault.setText(problem.sentence())
        self.fault.show()
