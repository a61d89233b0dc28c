"""Settings: matters, and who may see the prompts of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.domain.errors import Problem
from app.domain.matter import UNTAGGED, Matter, PolicyKind, SendingPolicy
from app.services.container import Services
from app.ui.bridge import Bridge
from app.ui.views.settings.card import SettingsCard, hairline
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.emptying import empty
from app.ui.widgets.folding_row import FoldingRow
from app.ui.widgets.policy_form import PolicyForm

_NAME_PX = 190


@dataclass(frozen=True, slots=True)
class _Known:
    matters: tuple[Matter, ...]
    providers: tuple[str, ...]


async def _read(services: Services) -> _Known:
    models = await services.models.all()
    providers = dict.fromkeys(model.provider for model in models)
    return _Known(tuple(await services.matters.all()), tuple(providers))


class MattersSection(SettingsCard):
    """Lists the matters with their policies; the policy binds each sending."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("Matters and where their prompts may go", bridge, parent)
        self.add = QPushButton("Add a matter", self)
        self.add.clicked.connect(self._add)
        self.head.addWidget(self.add)
        self.hint("Checked at the moment of sending, for comparing, auto-route and asking again.")
        self._providers: tuple[str, ...] = ()
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self.box.addLayout(self._list)
        self.form = PolicyForm(self)
        self.form.submitted.connect(self._save)
        self.form.cancelled.connect(self.form.hide)
        self.form.hide()
        self.box.addWidget(self.form)

    def refresh(self) -> None:
        """Read the matters anew."""
        self.read(_read, self._show)

    def _show(self, known: _Known) -> None:
        self._providers = known.providers
        empty(self._list)
        for place, matter in enumerate(known.matters):
            if place:
                self._list.addWidget(hairline())
            self._list.addWidget(self._row(matter))

    def _row(self, matter: Matter) -> QWidget:
        row = QWidget(self)
        name = ElidedLabel(matter.name, row)
        policy = ElidedLabel(matter.policy.in_words(), row)
        policy.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        free = matter.policy.kind is PolicyKind.ANY
        policy.setProperty("badge", "neutral" if free else "warning")
        change = QPushButton("Change", row)
        change.setProperty("kind", "ghost")
        change.setAccessibleName(f"Change the policy of {matter.name}")
        change.clicked.connect(partial(self._change, matter))
        # Who may see them is not cut while there is a line for it.
        line = FoldingRow(row)
        line.add(name, share=1, least_px=_NAME_PX)
        if matter.name == UNTAGGED:
            name.setAccessibleDescription("prompts without a matter")
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(policy)
        acts.addWidget(change)
        line.add(acts)
        return row

    @Slot()
    def _add(self) -> None:
        self.form.fill(None, self._providers)
        self.form.show()
        self.form.name.setFocus()

    def _change(self, matter: Matter, _checked: bool = False) -> None:
        self.form.fill(matter, self._providers)
        self.form.show()
        self.form.kind.setFocus()

    @Slot(str, object)
    def _save(self, name: str, policy: SendingPolicy) -> None:
        def saved(_matter: Matter) -> None:
            self.form.hide()
            self.refresh()
            self.changed.emit()

        def failed(problem: Problem) -> None:
            self.form.fault.setText(problem.sentence())

        self.bridge.save(lambda services: services.matters.save(name, policy), saved, failed)
