"""The form in which a model is added or changed. The key leaves it once, and leaves nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.model import LOOPBACK_HOSTS, ModelRef
from app.domain.money import Price
from app.domain.secret import ApiKey
from app.domain.vendor import (
    ListedModel,
    LocalServer,
    Place,
    VendorFacts,
    blanks_in,
    vendor_at,
)
from app.services.models import NewModel
from app.ui.theme import current
from app.ui.widgets.address_fields import AddressFields
from app.ui.widgets.buttons import flush_row
from app.ui.widgets.field_rows import FieldRows, keep_narrow
from app.ui.widgets.flow_row import FlowRow
from app.ui.widgets.folding_row import FoldingRow
from app.ui.widgets.found_servers import FoundServers
from app.ui.widgets.key_field import KeyField
from app.ui.widgets.labels import Label
from app.ui.widgets.model_choice import ModelChoice
from app.ui.widgets.price_fields import PriceFields
from app.ui.widgets.searchable_combo import SearchableCombo
from app.ui.widgets.vendor_panel import VendorPanel

_FAULT_PX = 220
_BESIDE_PX = 440
_LOCAL = "Runs on this computer and costs nothing"


class FormFaultError(Exception):
    """What cannot be used as it was typed, in words."""


class ModelForm(QFrame):
    """Asks for a model; nothing is checked here but what the widget alone can know.

    Signals:
        submitted: the user wants to save; ask `new_model` and then `take_key`.
        cancelled: the user left the form.
        page_wanted(str): a vendor's page: where it hands out keys, or where a fact was read.
        list_wanted: the user wants the vendor's list; ask `place` and `key.copy`.
    """

    submitted = Signal()
    cancelled = Signal()
    page_wanted = Signal(str)
    list_wanted = Signal()

    def __init__(self, vendors: tuple[VendorFacts, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("strip", "sunken")
        self._named_by_user = False
        self._vendors = vendors
        self.changing: ModelRef | None = None
        self._came_with: VendorFacts | None = None  # the row a model to be changed was found in
        self._title = QLabel("Add a model", self)
        self._title.setProperty("role", "title")
        self._make_choices(vendors)
        self._make_fields()
        self._make_buttons()
        self._lay_out()
        self._connect()
        self._choose_vendor()

    def _make_choices(self, vendors: tuple[VendorFacts, ...]) -> None:
        self.found = FoundServers(self)
        self.vendor = SearchableCombo(self)
        keep_narrow(self.vendor)
        for facts in vendors:
            self.vendor.addItem(facts.name, facts)
        self.panel = VendorPanel(self)
        self.where = AddressFields(self)
        self.address = self.where.address
        self.whose = Label("", "warning", self, wrap=True)
        self.choice = ModelChoice(vendors, self)
        self.role, self.model = self.choice.role, self.choice.model
        self.picker, self.handed_on = self.choice.picker, self.choice.handed_on

    def _make_fields(self) -> None:
        self.name = QLineEdit(self)
        self.name.setPlaceholderText("As you want to see it in Counterpart")
        self.key = KeyField(self)
        self.prices = PriceFields(self)
        self.price_in, self.price_out = self.prices.given, self.prices.written
        self.length = QLineEdit(self)
        self.length.setPlaceholderText("no limit of ours")
        self.system_prompt = QPlainTextEdit(self)
        self.system_prompt.setPlaceholderText("Sent before every prompt; may stay empty")
        self.system_prompt.setTabChangesFocus(True)
        self.local = QCheckBox(_LOCAL, self)
        self.fault = QLabel(self)
        self.fault.setProperty("role", "bad")
        self.fault.setWordWrap(True)
        self.fault.hide()
        # It keeps its room beside the buttons, so that they do not move when something is told.
        self._said = QWidget(self)
        said = QVBoxLayout(self._said)
        said.setContentsMargins(0, 0, 0, 0)
        said.addWidget(self.fault)

    def _make_buttons(self) -> None:
        self.where_key = QPushButton("Where do I get a key?", self)
        self.where_key.setProperty("kind", "link")
        self.save = QPushButton("Save model", self)
        self.save.setProperty("kind", "primary")
        self.cancel = QPushButton("Cancel", self)

    def _connect(self) -> None:
        self.vendor.currentIndexChanged.connect(self._choose_vendor)
        self.choice.named.connect(self._model_named)
        self.choice.picked.connect(self._model_picked)
        self.where.changed.connect(self._place_changed)
        self.name.textEdited.connect(self._name_edited)
        self.picker.list_wanted.connect(self.list_wanted)
        self.found.chosen.connect(self._choose_server)
        self.panel.source_wanted.connect(self.page_wanted)
        self.where_key.clicked.connect(self._ask_key_page)
        self.save.clicked.connect(self.submitted)
        self.cancel.clicked.connect(self.cancelled)

    def _lay_out(self) -> None:
        form = self._form = FieldRows()
        form.add_field("Vendor", self.vendor)
        form.addRow(self.panel)
        self.where.lay_into(form)
        form.addRow("", self.whose)
        form.add_field("Key", self.key, one_line=False)
        self._key_page_row = flush_row(self.where_key)
        form.addRow("", self._key_page_row)
        self.choice.lay_into(form)
        form.add_field("Name", self.name)
        form.add_field("USD per million tokens", self.prices)
        form.addRow("", Label("Leave both empty where the list price is known.", "muted", self))
        form.add_field("Maximum length, tokens", self.length)
        form.add_field("System prompt", self.system_prompt, one_line=False)
        form.addRow("", self.local)
        acts = FlowRow(at_end=True)
        acts.addWidget(self.cancel)
        acts.addWidget(self.save)
        foot = FoldingRow()
        foot.add(self._said, share=1, least_px=_FAULT_PX)
        foot.add(acts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(self._title)
        layout.addWidget(self.found)
        layout.addLayout(form)
        layout.addLayout(foot)
        self.system_prompt.setFixedHeight(current().px(64))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put every label above its field where both beside each other would be too narrow."""
        super().resizeEvent(event)
        self._form.stack(self.width() < current().px(_BESIDE_PX))

    # Filling it in

    def start_over(self) -> None:
        """Empty the form for a new model."""
        self.changing = self._came_with = None
        self._named_by_user = False
        self._title.setText("Add a model")
        self.key.forget()
        for field in (self.name, self.price_in, self.price_out, self.length):
            field.clear()
        self.system_prompt.clear()
        self.local.setChecked(False)
        self.address.clear()
        self.vendor.setCurrentIndex(0)
        self.role.setCurrentIndex(0)
        self._show_key_rows(shown=True)
        self._choose_vendor()
        self.show_fault("")

    def edit(self, model: ModelRef) -> None:
        """Fill the form with a model that is to be changed; its key stays where it is."""
        self.start_over()
        self.found.hide()
        self.changing = model
        self._title.setText(f"Change {model.name}")
        place = self.vendor.findText(model.vendor)
        facts = self.vendor.itemData(place) if place >= 0 else None
        if not isinstance(facts, VendorFacts) or facts.wire(model.dialect) is None:
            place = self._any_address()
        self.vendor.setCurrentIndex(place)
        self._came_with = self._facts()
        self.where.show(model.dialect, model.base_url)
        self.choice.show_model(model.role, model.model)
        self.name.setText(model.name)
        self._named_by_user = True
        self.prices.show_price(model.price)
        if model.max_output_tokens is not None:
            self.length.setText(str(model.max_output_tokens))
        self.system_prompt.setPlainText(model.system_prompt)
        self.local.setChecked(model.local)
        self._show_key_rows(shown=False)

    def _any_address(self) -> int:
        """Return the place of the row for any address: the last."""
        return self.vendor.count() - 1

    def _show_key_rows(self, *, shown: bool) -> None:
        self._form.setRowVisible(self.key, shown)
        self._form.setRowVisible(self._key_page_row, shown and bool(self._facts().key_page))

    def show_servers(self, servers: tuple[LocalServer, ...]) -> None:
        """Show the model servers that run on this computer; not while a model is changed."""
        self.found.show_servers(() if self.changing is not None else servers)

    # The vendor's list

    def place(self) -> Place:
        """Return where the list is asked for; FormFaultError where the address is not whole."""
        address = self.address.text().strip().rstrip("/")
        if not address:
            raise FormFaultError("Give the address first.")
        if missing := blanks_in(address):
            raise FormFaultError(f"Fill in the address first: {', '.join(missing)} is missing.")
        vendor = self._facts().name if self._at_home(self._facts()) else ""
        return Place(self.where.spoken(), address, vendor)

    def show_list(self, place: Place, models: tuple[ListedModel, ...]) -> None:
        """Show a list, unless another address stands in the form by now."""
        if self._still(place):
            self.choice.show_list(models)

    def show_list_fault(self, place: Place, sentence: str) -> None:
        """Say why a list did not come, unless another address stands in the form by now."""
        if self._still(place):
            self.picker.show_fault(sentence)

    def _still(self, place: Place) -> bool:
        try:
            return self.place() == place
        except FormFaultError:
            return False

    @Slot(object)
    def _model_picked(self, model: ListedModel) -> None:
        if self._here():
            self.local.setChecked(not model.remote)
        self.prices.show_price(None if model.priced else model.price)

    @Slot(object)
    def _choose_server(self, server: LocalServer) -> None:
        place = self.vendor.findText(server.place.vendor) if server.place.vendor else -1
        self.vendor.setCurrentIndex(place if place >= 0 else self._any_address())
        self.where.show(server.place.dialect, server.place.base_url)
        self.show_list(self.place(), server.models)
        (self.key.line if server.locked else self.picker.words).setFocus()

    # Reading it out

    def new_model(self) -> NewModel:
        """Return what was typed, without the key; FormFaultError says what to mend."""
        return NewModel(
            name=self.name.text(),
            dialect=self.where.spoken().value,
            base_url=self.place().base_url,
            model=self.choice.id(),
            role=self.choice.seat().value,
            vendor=self._vendor_name(),
            system_prompt=self.system_prompt.toPlainText(),
            max_output_tokens=self._tokens(),
            local=self.local.isChecked() and self._here(),
            price=self._price(),
        )

    def take_key(self) -> ApiKey | None:
        """Return the key that was typed, and forget it."""
        return self.key.take()

    def show_fault(self, sentence: str) -> None:
        """Say what to mend; an empty sentence takes it away."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    def _facts(self) -> VendorFacts:
        facts = self.vendor.itemData(self.vendor.currentIndex())
        assert isinstance(facts, VendorFacts)
        return facts

    def _at_home(self, facts: VendorFacts) -> bool:
        """Return whether the address is one of the vendor's own."""
        typed = self.address.text().strip().rstrip("/")
        wire = facts.wire(self.where.spoken())
        if wire is None or not wire.base_url:
            return False
        template = wire.base_url.rstrip("/")
        if not blanks_in(template):
            return _same(typed, template)
        if not typed.startswith("https://") or vendor_at((facts,), typed) != facts.name:
            return False
        return typed.endswith(template.rpartition("}")[2])

    def _vendor_name(self) -> str:
        """Return whose the model is, empty where only the address tells.

        A known vendor's name holds only at its own address, and a name that the user gave only at
        the address it was given for: matters allow providers by name.
        """
        facts, model = self._facts(), self.changing
        if self._at_home(facts):
            return facts.name
        typed = self.address.text().strip().rstrip("/")
        if model is not None and typed == model.base_url and facts == self._came_with:
            listed = any(vendor.name == model.vendor for vendor in self._vendors)
            return model.vendor if self._here() or not listed else ""
        return ""

    def _say_whose(self) -> None:
        """Say beside the address under which name the model will stand, where that may surprise."""
        facts, model = self._facts(), self.changing
        typed = self.address.text().strip().rstrip("/")
        host = _host_of(typed)
        shown = self._vendor_name() or vendor_at(self._vendors, typed) or host
        expected = (model.vendor or model.host) if model is not None else facts.name
        known = model is not None or bool(facts.base_url)
        told = ""
        if host and known and shown != expected and not blanks_in(typed):
            told = (
                f"This is not an address of {expected}: the model will stand under the name "
                f"{shown}. A matter that allows only {expected} will not allow it."
            )
        self.whose.setText(told)
        self._form.setRowVisible(self.whose, bool(told))

    def _here(self) -> bool:
        return _host_of(self.address.text().strip()) in LOOPBACK_HOSTS

    def _tokens(self) -> int | None:
        text = self.length.text().strip().replace(",", "").replace(" ", "")
        if not text:
            return None
        if not (text.isascii() and text.isdigit()):
            raise FormFaultError("The maximum length is a number of tokens, for example 4000.")
        return int(text)

    def _price(self) -> Price | None:
        try:
            return self.prices.price()
        except ValueError:
            raise FormFaultError(
                "The price needs two numbers, USD per million tokens in and out, such as 0.15 and "
                "0.60. Leave both empty where the list price is known."
            ) from None

    # What follows from what was chosen

    @Slot()
    def _choose_vendor(self) -> None:
        if self.vendor.currentIndex() < 0:
            return
        facts = self._facts()
        self.panel.show_vendor(facts)
        self.address.clear()
        self.where.show_vendor(facts)
        self._form.setRowVisible(self._key_page_row, bool(facts.key_page) and self.changing is None)
        self.choice.show_vendor(facts)

    @Slot()
    def _place_changed(self) -> None:
        """Let the list of another address go, and ask of loopback addresses whether they stay."""
        facts, here = self._facts(), self._here()
        self._form.setRowVisible(self.local, here)
        if not here:
            self.local.setChecked(False)
        self.choice.show_place(here=here, no_list=facts.no_list if self._at_home(facts) else "")
        self._say_whose()

    @Slot(str)
    def _model_named(self, model_id: str) -> None:
        """Propose a name; what is not run here cannot be called local."""
        if not self._named_by_user:
            self.name.setText(model_id.rpartition("/")[2])
        elsewhere = bool(self.choice.run_by())
        self.local.setEnabled(not elsewhere)
        if elsewhere:
            self.local.setChecked(False)

    @Slot(str)
    def _name_edited(self, text: str) -> None:
        self._named_by_user = bool(text.strip())

    @Slot()
    def _ask_key_page(self) -> None:
        self.page_wanted.emit(self._facts().key_page)


def _host_of(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _same(address: str, other: str) -> bool:
    """Return whether two addresses are one; this computer's names for itself are alike."""
    return address.replace("//127.0.0.1", "//localhost") == other
