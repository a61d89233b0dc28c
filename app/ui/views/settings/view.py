"""Settings: models, prices, the pair, budget, matters, appearance, the data, and what this is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.ui.bridge import Bridge
from app.ui.theme import current
from app.ui.views.settings.about import AboutSection, DataSection, ReportSection
from app.ui.views.settings.appearance import AppearanceSection
from app.ui.views.settings.budget import BudgetSection
from app.ui.views.settings.connection import ConnectionSection
from app.ui.views.settings.matters import MattersSection
from app.ui.views.settings.models import ModelsSection
from app.ui.views.settings.pair import PairSection
from app.ui.views.settings.prices import PricesSection
from app.ui.views.view import View

_GAP = 12
_TWO_COLUMNS_PX = 980  # narrower, the sections stand under each other


class SettingsView(View):
    """Sections in two columns: what is asked on the left, the rest on the right."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.models = ModelsSection(bridge, self)
        self.pair = PairSection(bridge, self)
        self.matters = MattersSection(bridge, self)
        self.appearance = AppearanceSection(bridge, self)
        self.connection = ConnectionSection(bridge, self)
        self.data = DataSection(bridge, self)
        self.about = AboutSection(bridge, self)
        self.report = ReportSection(bridge, self)
        self.prices = PricesSection(bridge, self)
        self.budget = BudgetSection(bridge, self)
        self._left = (self.models, self.prices, self.matters, self.connection)
        self._right = (
            self.pair, self.budget, self.appearance, self.data, self.report, self.about,
        )  # fmt: skip
        # One under the other, what belongs together stays together and the rarest comes last.
        self._all = (
            self.models, self.pair, self.prices, self.budget, self.matters, self.connection,
            self.appearance, self.data, self.report, self.about,
        )  # fmt: skip
        self._wide: bool | None = None
        for section in self._all:
            section.went_wrong.connect(self.went_wrong)
        for section in (self.models, self.prices, self.budget, self.pair, self.matters):
            section.changed.connect(self._refresh_others)
        self.models.key_opened.connect(self._scroll_to)
        self.prices.opened.connect(self._scroll_to)
        self._build()

    def _build(self) -> None:
        title = QLabel("Settings", self)
        title.setProperty("role", "page")
        page = QWidget()
        page.setProperty("page", "true")
        columns = QHBoxLayout(page)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(_GAP)
        self._columns = columns
        self._first, self._second = QVBoxLayout(), QVBoxLayout()
        for column in (self._first, self._second):
            column.setSpacing(_GAP)
            column.addStretch(1)
            columns.addLayout(column)
        self._arrange(wide=True)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 14, 20, 16)
        layout.setSpacing(_GAP)
        layout.addWidget(title)
        layout.addWidget(self.area, 1)

    def entered(self) -> None:
        """Read every section anew."""
        for section in self._all:
            section.refresh()

    def open_add_form(self) -> None:
        """Open the form that adds a model, with the cursor in it."""
        self.models.open_form()
        QTimer.singleShot(0, self, self._show_form)

    def add_model(self) -> None:
        """Open the form that adds a model; the window calls it by this name."""
        self.open_add_form()

    def show_place(self, place: str) -> None:
        """Show a part: `connection`, `budget`, or `key:7` to mend that model's key."""
        name, _, number = place.partition(":")
        if name == "key" and number.isdigit():
            self.models.mend_key(int(number))
        elif name == "connection":
            QTimer.singleShot(0, self, self._show_connection)
        elif name == "budget":
            QTimer.singleShot(0, self, self._show_budget)

    @Slot(object)
    def _scroll_to(self, row: QWidget) -> None:
        # Its place is known once the layout has been done.
        QTimer.singleShot(0, row, partial(self.area.ensureWidgetVisible, row))

    @Slot()
    def _show_connection(self) -> None:
        self.area.ensureWidgetVisible(self.connection)
        self.connection.fields["first_token_s"].setFocus()

    @Slot()
    def _show_budget(self) -> None:
        self.area.ensureWidgetVisible(self.budget)
        self.budget.month.setFocus()

    @Slot()
    def _show_form(self) -> None:
        form, page = self.models.form, self.area.widget()
        if form is not None and page is not None:
            # The form is often higher than the window: what matters is where it begins.
            top = form.mapTo(page, QPoint(0, 0)).y()
            self.area.verticalScrollBar().setValue(top - current().px(_GAP))

    @Slot()
    def _refresh_others(self) -> None:
        changed = self.sender()
        shown = (self.models, self.prices, self.budget, self.pair, self.matters, self.report)
        for section in shown:
            if section is not changed:
                section.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the columns under each other where both would be too narrow."""
        super().resizeEvent(event)
        self._arrange(wide=self.width() >= current().px(_TWO_COLUMNS_PX))

    def _arrange(self, *, wide: bool) -> None:
        if wide == self._wide:
            return
        self._wide = wide
        columns = (self._first, self._second)
        placed = (self._left, self._right) if wide else (self._all, ())
        for column, sections in zip(columns, placed, strict=True):
            for place, section in enumerate(sections):
                column.insertWidget(place, section)  # and so it leaves where it was
        for column, share in zip(columns, (3, 2) if wide else (1, 0), strict=True):
            self._columns.setStretchFactor(column, share)
        self._columns.setSpacing(_GAP if wide else 0)
