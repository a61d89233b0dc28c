"""Which model, in which seat: proposed, typed, or picked from the vendor's list."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from app.domain.model import OLLAMA_CLOUD_HOST, Role, named_as_cloud
from app.domain.vendor import ListedModel, VendorFacts
from app.ui.widgets.field_rows import FieldRows, keep_narrow
from app.ui.widgets.labels import Label
from app.ui.widgets.model_picker import ModelPicker


class ModelChoice(QObject):
    """Rows of a form: the seat, the model's id, the vendor's list, and whether it stays here.

    Signals:
        named(str): another id stands there.
        picked(ListedModel): a model of the list was chosen.
    """

    named = Signal(str)
    picked = Signal(object)

    def __init__(self, vendors: tuple[VendorFacts, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._form: FieldRows | None = None
        self._vendor: VendorFacts | None = None
        self._here = False
        self._listed: dict[str, ListedModel] = {}
        # What the program proposed was not typed by the user, and goes when the vendor does.
        self._proposed = {model for facts in vendors for model in facts.offered}
        self.role = QComboBox(parent)
        self.role.addItem("Cheap: asked first where it is good enough", Role.CHEAP)
        self.role.addItem("Frontier: the expensive one", Role.FRONTIER)
        self.model = QComboBox(parent)
        self.model.setEditable(True)
        self.model.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for combo in (self.role, self.model):
            keep_narrow(combo)
        self.picker = ModelPicker(parent)
        self.handed_on = Label("", "warning", parent, wrap=True)
        self.role.currentIndexChanged.connect(self._suggest)
        self.model.currentTextChanged.connect(self._tell)
        self.picker.chosen.connect(self._pick)

    def lay_into(self, form: FieldRows) -> None:
        """Add the rows to a form."""
        self._form = form
        form.add_field("Role", self.role)
        form.add_field("Model id", self.model)
        form.addRow("", self.picker)
        form.addRow("", self.handed_on)

    def show_vendor(self, vendor: VendorFacts) -> None:
        """Propose another vendor's models."""
        self._vendor = vendor
        self._suggest()

    def show_place(self, *, here: bool, no_list: str = "") -> None:
        """Let the list of another address go; `here` says that this one is on this computer."""
        self._here = here
        self._listed = {}
        self.picker.forget(no_list)
        self._tell()

    def show_list(self, models: tuple[ListedModel, ...]) -> None:
        """Show the list that came."""
        self._listed = {model.id: model for model in models}
        self._proposed.update(self._listed)
        self.picker.show_models(models, here=self._here)
        self._tell()

    def show_model(self, role: Role, model_id: str) -> None:
        """Show a model that is already known."""
        self.role.setCurrentIndex(self.role.findData(role))
        self.model.setEditText(model_id)

    def seat(self) -> Role:
        """Return the chosen seat."""
        return Role(self.role.currentData())

    def id(self) -> str:
        """Return the model's id as it stands there."""
        return self.model.currentText().strip()

    def run_by(self) -> str:
        """Return the host that a server on this computer hands this model on to, or nothing."""
        if not self._here:
            return ""
        listed = self._listed.get(self.id())
        told = listed.forwards_to if listed is not None else ""
        return told or (OLLAMA_CLOUD_HOST if named_as_cloud(self.id()) else "")

    @Slot()
    def _suggest(self) -> None:
        """Offer the vendor's models of the chosen role; what was typed otherwise stays."""
        facts = self._vendor
        if facts is None:
            return
        typed = self.model.currentText()
        own = bool(typed) and typed not in self._proposed
        self.model.clear()
        cheap = self.seat() is Role.CHEAP
        self.model.addItems(facts.cheap_models if cheap else facts.frontier_models)
        if own:
            self.model.setEditText(typed)
        self._tell()

    @Slot()
    def _tell(self) -> None:
        """Say it where a model at an address of this computer is not run by it."""
        elsewhere = self.run_by()
        self.handed_on.setText(
            f"Not local: this model is run by {elsewhere}. What is sent to it leaves this computer."
            if elsewhere
            else ""
        )
        if self._form is not None:
            self._form.setRowVisible(self.handed_on, bool(elsewhere))
        self.named.emit(self.id())

    @Slot(object)
    def _pick(self, model: ListedModel) -> None:
        self.model.setEditText(model.id)
        self.picked.emit(model)
