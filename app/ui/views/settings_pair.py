"""Settings: the pair that is compared."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from app.domain.errors import Problem
from app.domain.model import ModelRef, Pair, Role
from app.services.container import Services
from app.ui.bridge import Bridge
from app.ui.views.settings_card import SettingsCard, words
from app.ui.widgets.field_rows import FieldRows


@dataclass(frozen=True, slots=True)
class _Known:
    pair: Pair
    models: tuple[ModelRef, ...]


async def _read(services: Services) -> _Known:
    return _Known(await services.models.pair(), tuple(await services.models.all()))


class PairSection(SettingsCard):
    """Chooses a cheap and a frontier model, or the practice pair."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("Pair in use", bridge, parent)
        self.now = self.hint("")
        self.cheap = self._combo("Cheap model")
        self.frontier = self._combo("Frontier model")
        form = FieldRows()
        form.add_field("Cheap", self.cheap)
        form.add_field("Frontier", self.frontier)
        self.box.addLayout(form)
        self.practice = QPushButton("Use the practice pair", self)
        self.practice.clicked.connect(self._use_practice)
        self.box.addWidget(self.practice)
        self.box.addWidget(
            words("Votes and your rule belong to a pair: each pair has its own.", "faint")
        )

    def _combo(self, name: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setAccessibleName(name)
        combo.setMinimumContentsLength(12)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.activated.connect(self._use)
        return combo

    def refresh(self) -> None:
        """Read the pair and the models anew."""
        self.bridge.run(_read, self._show, self.went_wrong.emit)

    def _show(self, known: _Known) -> None:
        for combo, role in ((self.cheap, Role.CHEAP), (self.frontier, Role.FRONTIER)):
            combo.clear()
            fit = [model.name for model in known.models if model.role is role]
            combo.addItem("Choose a model" if fit else f"Add a {role.value} model first", None)
            for name in fit:
                combo.addItem(name, name)
            combo.setEnabled(bool(fit))
            if not known.pair.practice:
                combo.setCurrentIndex(max(0, combo.findData(known.pair.side(role).name)))
        self.practice.setEnabled(not known.pair.practice)
        if known.pair.practice:
            self.now.setText(
                "The practice pair: two settings of a small model on this computer, often wrong, "
                "for learning the program. It costs nothing and has its own rule and savings."
            )
        else:
            self.now.setText(f"{known.pair.cheap.name} and {known.pair.frontier.name}.")

    @Slot()
    def _use(self) -> None:
        cheap, frontier = self.cheap.currentData(), self.frontier.currentData()
        if cheap is None or frontier is None:
            return

        def failed(problem: Problem) -> None:
            self.went_wrong.emit(problem)
            self.refresh()

        self.bridge.run(
            lambda services: services.models.use_pair(cheap, frontier), self._used, failed
        )

    @Slot()
    def _use_practice(self) -> None:
        self.bridge.run(
            lambda services: services.models.use_practice_pair(), self._used, self.went_wrong.emit
        )

    def _used(self, _pair: Pair) -> None:
        self.refresh()
        self.changed.emit()
