"""Settings: the pair that is compared, and the other cheap models that may look as well."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from app.domain.errors import Problem
from app.domain.model import ModelRef, Pair, Role
from app.services.container import Services
from app.ui.bridge import Bridge
from app.ui.views.settings.card import SettingsCard, words
from app.ui.widgets.field_rows import FieldRows

_ABOUT_SECOND = (
    "Where an answer can be checked (a date, a figure, a yes or no, a citation, an extraction), "
    "auto-route asks both cheap models at once. If they agree the answer stands; if not, the "
    "frontier model is asked. It needs no votes. Agreement is not verification, and how often it "
    "is right was measured on mathematics, word problems and code, not on work like yours."
)


_ABOUT_THIRD = (
    "With a third cheap model an answer stands where any two of the three agree. About three "
    "quarters of the prompts that can be checked are then answered without the frontier, instead "
    "of three fifths; of the answers kept about 1 in 16 rather than 1 in 28 would have been better "
    "on the frontier. It takes one more cheap call each time. That too was measured on "
    "mathematics, word problems and code, not on legal work."
)
_NO_SECOND = "Choose a second cheap model first"


@dataclass(frozen=True, slots=True)
class _Known:
    pair: Pair
    models: tuple[ModelRef, ...]
    others: tuple[ModelRef, ...]


async def _read(services: Services) -> _Known:
    pair = await services.models.pair()
    models = tuple(await services.models.all())
    return _Known(pair, models, await services.second_look.others(pair))


class PairSection(SettingsCard):
    """Chooses a cheap and a frontier model, or the practice pair; perhaps more cheap ones."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("Pair in use", bridge, parent)
        self._unsaved = 0
        self.now = self.hint("")
        self.cheap = self._combo("Cheap model")
        self.frontier = self._combo("Frontier model")
        self.second = self._combo("Second cheap model")
        self.third = self._combo("Third cheap model")
        self.cheap.activated.connect(self._use)
        self.frontier.activated.connect(self._use)
        self.second.activated.connect(self._use_second)
        self.third.activated.connect(self._use_third)
        form = FieldRows()
        form.add_field("Cheap", self.cheap)
        form.add_field("Frontier", self.frontier)
        form.add_field("Second cheap", self.second)
        form.add_field("Third cheap", self.third)
        self.box.addLayout(form)
        self.about_second = words(_ABOUT_SECOND, "faint")
        self.about_third = words(_ABOUT_THIRD, "faint")
        self.box.addWidget(self.about_second)
        self.box.addWidget(self.about_third)
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
        return combo

    def refresh(self) -> None:
        """Read the pair and the models anew."""
        self.read(_read, self._show)

    def _show(self, known: _Known) -> None:
        if self._unsaved:
            return  # what was chosen since stays in its place; it is read again once it is saved
        for combo, role in ((self.cheap, Role.CHEAP), (self.frontier, Role.FRONTIER)):
            combo.clear()
            fit = [model.name for model in known.models if model.role is role]
            combo.addItem("Choose a model" if fit else f"Add a {role.value} model first", None)
            for name in fit:
                combo.addItem(name, name)
            combo.setEnabled(bool(fit))
            if not known.pair.practice:
                combo.setCurrentIndex(max(0, combo.findData(known.pair.side(role).name)))
        self._show_others(known)
        self.practice.setEnabled(not known.pair.practice)
        if known.pair.practice:
            self.now.setText(
                "The practice pair: two settings of a small model on this computer, often wrong, "
                "for learning the program. It costs nothing and has its own rule and savings."
            )
        else:
            self.now.setText(f"{known.pair.cheap.name} and {known.pair.frontier.name}.")

    def _show_others(self, known: _Known) -> None:
        """Offer every other cheap model; none is the choice until one is made."""
        pair = known.pair
        fit = [
            model.name
            for model in known.models
            if model.role is Role.CHEAP and not pair.practice and model.name != pair.cheap.name
        ]
        chosen = [model.name for model in known.others]
        second, third = (*chosen, None, None)[:2]
        add = "Add another cheap model first"
        _offer(self.second, fit, second, add)
        if second is None:
            _offer(self.third, [], None, _NO_SECOND if fit else add)
        else:
            _offer(self.third, [name for name in fit if name != second], third, add)

    @Slot()
    def _use(self) -> None:
        cheap, frontier = self.cheap.currentData(), self.frontier.currentData()
        if cheap is None or frontier is None:
            return
        self._save(lambda services: services.models.use_pair(cheap, frontier))

    @Slot()
    def _use_second(self) -> None:
        name = self.second.currentData()

        async def use(services: Services) -> None:
            if name is None:
                await services.second_look.choose_none()
            else:
                await services.second_look.choose(name)

        self._save(use)

    @Slot()
    def _use_third(self) -> None:
        name = self.third.currentData()

        async def use(services: Services) -> None:
            if name is None:
                await services.second_look.choose_no_third()
            else:
                await services.second_look.choose_third(name)

        self._save(use)

    def _save(self, use: Callable[[Services], Awaitable[Pair | None]]) -> None:
        self._unsaved += 1
        self.bridge.save(use, self._used, self._refused)

    def _refused(self, problem: Problem) -> None:
        self._unsaved -= 1
        self.went_wrong.emit(problem)
        self.refresh()

    @Slot()
    def _use_practice(self) -> None:
        self._save(lambda services: services.models.use_practice_pair())

    def _used(self, _done: Pair | None) -> None:
        self._unsaved -= 1
        self.refresh()
        self.changed.emit()


def _offer(combo: QComboBox, names: list[str], chosen: str | None, nothing: str) -> None:
    """Offer models, or none; without any it says what to do first."""
    combo.clear()
    combo.addItem("None" if names else nothing, None)
    for name in names:
        combo.addItem(name, name)
    combo.setEnabled(bool(names))
    if chosen is not None:
        combo.setCurrentIndex(max(0, combo.findData(chosen)))
