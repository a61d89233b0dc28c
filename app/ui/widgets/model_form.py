"""The form in which a model is added or changed. The key leaves it once, and leaves nothing."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlsplit

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.model import (
    LOOPBACK_HOSTS,
    OLLAMA_CLOUD_HOST,
    ModelRef,
    Role,
    named_as_cloud,
    price_per_million,
)
from app.domain.money import Price
from app.domain.secret import ApiKey
from app.domain.vendor import ListedModel, LocalServer, Place, VendorFacts, blanks_in
from app.services.models import NewModel
from app.ui.theme import current
from app.ui.widgets.address_fields import AddressFields
from app.ui.widgets.field_rows import FieldRows
from app.ui.widgets.found_servers import FoundServers
from app.ui.widgets.key_field import KeyField
from app.ui.widgets.labels import Label
from app.ui.widgets.model_picker import ModelPicker
from app.ui.widgets.searchable_combo import SearchableCombo
from app.ui.widgets.vendor_panel import VendorPanel

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
        self._listed: dict[str, ListedModel] = {}
        self._proposed = {model for facts in vendors for model in facts.offered}
        self.changing: ModelRef | None = None
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
        for facts in vendors:
            self.vendor.addItem(facts.name, facts)
        self.panel = VendorPanel(self)
        self.where = AddressFields(self)
        self.address = self.where.address
        self.role = QComboBox(self)
        self.role.addItem("Cheap: asked first where it is good enough", Role.CHEAP)
        self.role.addItem("Frontier: the expensive one", Role.FRONTIER)
        self.model = QComboBox(self)
        self.model.setEditable(True)
        self.model.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.picker = ModelPicker(self)
        self.handed_on = Label("", "warning", self, wrap=True)

    def _make_fields(self) -> None:
        self.name = QLineEdit(self)
        self.name.setPlaceholderText("As you want to see it in Counterpart")
        self.key = KeyField(self)
        self.price_in = self._short("in, for example 0.15")
        self.price_out = self._short("out, for example 0.60")
        self.price_in.setAccessibleName("Price of a million tokens in, USD")
        self.price_out.setAccessibleName("Price of a million tokens out, USD")
        self.length = self._short("no limit of ours")
        self.system_prompt = QPlainTextEdit(self)
        self.system_prompt.setPlaceholderText("Sent before every prompt; may stay empty")
        self.system_prompt.setTabChangesFocus(True)
        self.local = QCheckBox(_LOCAL, self)
        self.fault = QLabel(self)
        self.fault.setProperty("role", "bad")
        self.fault.setWordWrap(True)
        self.fault.hide()

    def _short(self, hint: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setPlaceholderText(hint)
        return field

    def _make_buttons(self) -> None:
        self.where_key = QPushButton("Where do I get a key?", self)
        self.where_key.setProperty("kind", "link")
        self.save = QPushButton("Save model", self)
        self.save.setProperty("kind", "primary")
        self.cancel = QPushButton("Cancel", self)

    def _connect(self) -> None:
        self.vendor.currentIndexChanged.connect(self._choose_vendor)
        self.role.currentIndexChanged.connect(self._suggest)
        self.model.currentTextChanged.connect(self._model_named)
        self.where.changed.connect(self._place_changed)
        self.name.textEdited.connect(self._name_edited)
        self.picker.list_wanted.connect(self.list_wanted)
        self.picker.chosen.connect(self._pick)
        self.found.chosen.connect(self._choose_server)
        self.panel.source_wanted.connect(self.page_wanted)
        self.where_key.clicked.connect(self._ask_key_page)
        self.save.clicked.connect(self.submitted)
        self.cancel.clicked.connect(self.cancelled)

    def _lay_out(self) -> None:
        prices = QWidget(self)
        row = QHBoxLayout(prices)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.price_in)
        row.addWidget(self.price_out)
        form = self._form = FieldRows()
        form.add_field("Vendor", self.vendor)
        form.addRow(self.panel)
        self.where.lay_into(form)
        form.add_field("Key", self.key, one_line=False)
        form.addRow("", self.where_key)
        form.add_field("Role", self.role)
        form.add_field("Model id", self.model)
        form.addRow("", self.picker)
        form.addRow("", self.handed_on)
        form.add_field("Name", self.name)
        form.add_field("USD per million tokens", prices)
        form.addRow("", Label("Leave both empty where the list price is known.", "muted", self))
        form.add_field("Maximum length, tokens", self.length)
        form.add_field("System prompt", self.system_prompt, one_line=False)
        form.addRow("", self.local)
        buttons = QHBoxLayout()
        buttons.addWidget(self.fault, 1)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(self._title)
        layout.addWidget(self.found)
        layout.addLayout(form)
        layout.addLayout(buttons)
        self.system_prompt.setFixedHeight(current().px(64))

    # Filling it in

    def start_over(self) -> None:
        """Empty the form for a new model."""
        self.changing = None
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
        self.where.show(model.dialect, model.base_url)
        self.role.setCurrentIndex(self.role.findData(model.role))
        self.model.setEditText(model.model)
        self.name.setText(model.name)
        self._named_by_user = True
        if model.price is not None:
            self._set_price(model.price)
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
        self._form.setRowVisible(self.where_key, shown and bool(self._facts().key_page))

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
            self._listed = {model.id: model for model in models}
            self._proposed.update(self._listed)
            self.picker.show_models(models, here=self._here())
            self._model_named()

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
    def _pick(self, model: ListedModel) -> None:
        self.model.setEditText(model.id)
        if self._here():
            self.local.setChecked(not model.remote)
        self.price_in.clear()
        self.price_out.clear()
        if model.price is not None and not model.priced:
            self._set_price(model.price)

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
        facts = self._facts()
        return NewModel(
            name=self.name.text(),
            dialect=self.where.spoken().value,
            base_url=self.place().base_url,
            model=self.model.currentText(),
            role=Role(self.role.currentData()).value,
            # A known vendor's name holds only at its own address.
            vendor=facts.name if self._at_home(facts) else "",
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
        return typed.startswith("https://") and typed.endswith(template.rpartition("}")[2])

    def _here(self) -> bool:
        try:
            host = urlsplit(self.address.text().strip()).hostname or ""
        except ValueError:
            return False
        return host.lower() in LOOPBACK_HOSTS

    def _tokens(self) -> int | None:
        text = self.length.text().strip().replace(",", "").replace(" ", "")
        if not text:
            return None
        if not (text.isascii() and text.isdigit()):
            raise FormFaultError("The maximum length is a number of tokens, for example 4000.")
        return int(text)

    def _price(self) -> Price | None:
        texts = [self.price_in.text().strip(), self.price_out.text().strip()]
        if not any(texts):
            return None
        try:
            return price_per_million(*(text.lstrip("$").replace(",", ".") for text in texts))
        except ValueError:
            raise FormFaultError(
                "The price needs two numbers, USD per million tokens in and out, such as 0.15 and "
                "0.60. Leave both empty where the list price is known."
            ) from None

    def _set_price(self, price: Price) -> None:
        self.price_in.setText(_digits(price.input_per_million))
        self.price_out.setText(_digits(price.output_per_million))

    # What follows from what was chosen

    @Slot()
    def _choose_vendor(self) -> None:
        if self.vendor.currentIndex() < 0:
            return
        facts = self._facts()
        self.panel.show_vendor(facts)
        self.address.clear()
        self.where.show_vendor(facts)
        self._form.setRowVisible(self.where_key, bool(facts.key_page) and self.changing is None)
        self._suggest()

    @Slot()
    def _place_changed(self) -> None:
        """Let the list of another address go, and ask of loopback addresses whether they stay."""
        self._listed = {}
        facts = self._facts()
        self.picker.forget(facts.no_list if self._at_home(facts) else "")
        here = self._here()
        self._form.setRowVisible(self.local, here)
        if not here:
            self.local.setChecked(False)
        self._model_named()

    @Slot()
    def _suggest(self) -> None:
        """Offer the vendor's models of the chosen role; what was typed otherwise stays."""
        facts = self._facts()
        cheap = self.role.currentData() == Role.CHEAP
        typed = self.model.currentText()
        own = bool(typed) and typed not in self._proposed
        self.model.clear()
        self.model.addItems(facts.cheap_models if cheap else facts.frontier_models)
        if own:
            self.model.setEditText(typed)
        self._model_named()

    @Slot()
    def _model_named(self) -> None:
        """Propose a name, and say it where a model of this computer is not run by it."""
        typed = self.model.currentText().strip()
        if not self._named_by_user:
            self.name.setText(typed.rpartition("/")[2])
        listed = self._listed.get(typed)
        where = listed.forwards_to if listed is not None else ""
        if not where and named_as_cloud(typed):
            where = OLLAMA_CLOUD_HOST
        forwards = bool(where) and self._here()
        self.handed_on.setText(
            f"Not local: this model is run by {where}. What is sent to it leaves this computer."
            if forwards
            else ""
        )
        self._form.setRowVisible(self.handed_on, forwards)
        self.local.setEnabled(not forwards)
        if forwards:
            self.local.setChecked(False)

    @Slot(str)
    def _name_edited(self, text: str) -> None:
        self._named_by_user = bool(text.strip())

    @Slot()
    def _ask_key_page(self) -> None:
        self.page_wanted.emit(self._facts().key_page)


def _same(address: str, other: str) -> bool:
    """Return whether two addresses are one; this computer's names for itself are alike."""
    return address.replace("//127.0.0.1", "//localhost") == other


def _digits(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
