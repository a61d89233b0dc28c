"""The form in which a model is added or changed. The key leaves it once, and leaves nothing."""

from __future__ import annotations

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

from app.domain.model import Dialect, ModelRef, Role, price_per_million
from app.domain.money import Price
from app.domain.secret import ApiKey
from app.services.models import NewModel
from app.services.ports import VendorFacts
from app.ui.theme import current
from app.ui.widgets.field_rows import FieldRows
from app.ui.widgets.key_field import KeyField

_OTHER_OPENAI = VendorFacts("Other OpenAI-compatible address", Dialect.OPENAI_CHAT.value, "", "")
_OTHER_ANTHROPIC = VendorFacts("Other Anthropic address", Dialect.ANTHROPIC.value, "", "")
_OTHERS = (_OTHER_OPENAI, _OTHER_ANTHROPIC)


class FormFaultError(Exception):
    """What cannot be used as it was typed, in words."""


class ModelForm(QFrame):
    """Asks for a model; nothing is checked here but what the widget alone can know.

    Signals:
        submitted: the user wants to save; ask `new_model` and then `take_key`.
        cancelled: the user left the form.
        key_page_wanted(str): the address at which the vendor hands out keys.
    """

    submitted = Signal()
    cancelled = Signal()
    key_page_wanted = Signal(str)

    def __init__(self, vendors: tuple[VendorFacts, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("strip", "sunken")
        self._named_by_user = False
        self.changing: ModelRef | None = None
        self._title = QLabel("Add a model", self)
        self._title.setProperty("role", "title")
        self._make_fields(vendors)
        self._make_buttons()
        self._lay_out()
        self._choose_vendor()

    def _make_fields(self, vendors: tuple[VendorFacts, ...]) -> None:
        self.vendor = QComboBox(self)
        for facts in (*vendors, *_OTHERS):
            self.vendor.addItem(facts.name, facts)
        self.vendor.currentIndexChanged.connect(self._choose_vendor)
        self.role = QComboBox(self)
        self.role.addItem("Cheap: asked first where it is good enough", Role.CHEAP)
        self.role.addItem("Frontier: the expensive one", Role.FRONTIER)
        self.role.currentIndexChanged.connect(self._suggest)
        self.address = QLineEdit(self)
        self.address.setPlaceholderText("https://")
        self.model = QComboBox(self)
        self.model.setEditable(True)
        self.model.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.model.currentTextChanged.connect(self._propose_name)
        self.name = QLineEdit(self)
        self.name.setPlaceholderText("As you want to see it in Counterpart")
        self.name.textEdited.connect(self._name_edited)
        self.key = KeyField(self)
        self.price_in = self._short("in, for example 0.15")
        self.price_out = self._short("out, for example 0.60")
        self.price_in.setAccessibleName("Price of a million tokens in, USD")
        self.price_out.setAccessibleName("Price of a million tokens out, USD")
        self.length = self._short("no limit of ours")
        self.system_prompt = QPlainTextEdit(self)
        self.system_prompt.setPlaceholderText("Sent before every prompt; may stay empty")
        self.system_prompt.setTabChangesFocus(True)
        self.local = QCheckBox("Runs on this computer and costs nothing", self)
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
        self.where_key.clicked.connect(self._ask_key_page)
        self.save = QPushButton("Save model", self)
        self.save.setProperty("kind", "primary")
        self.save.clicked.connect(self.submitted)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.clicked.connect(self.cancelled)

    def _lay_out(self) -> None:
        prices = QWidget(self)
        row = QHBoxLayout(prices)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.price_in)
        row.addWidget(self.price_out)
        form = FieldRows()
        fields: tuple[tuple[str, QWidget], ...] = (
            ("Vendor", self.vendor),
            ("Role", self.role),
            ("Address", self.address),
            ("Model id", self.model),
            ("Name", self.name),
            ("Key", self.key),
            ("USD per million tokens", prices),
            ("Maximum length, tokens", self.length),
            ("System prompt", self.system_prompt),
        )
        for text, field in fields:
            one_line = field not in (self.key, self.system_prompt)
            form.add_field(text, field, one_line=one_line)
            if field is self.key:
                form.addRow("", self.where_key)
            if field is prices:
                hint = QLabel("Leave both empty where the list price is known.", self)
                hint.setProperty("role", "faint")
                form.addRow("", hint)
        form.addRow("", self.local)
        self._form = form
        buttons = QHBoxLayout()
        buttons.addWidget(self.fault, 1)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(self._title)
        layout.addLayout(form)
        layout.addLayout(buttons)
        self.system_prompt.setFixedHeight(current().px(64))

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
        self.vendor.setCurrentIndex(0)
        self.role.setCurrentIndex(0)
        self._show_key_rows(shown=True)
        self._choose_vendor()
        self.show_fault("")

    def edit(self, model: ModelRef) -> None:
        """Fill the form with a model that is to be changed; its key stays where it is."""
        self.start_over()
        self.changing = model
        self._title.setText(f"Change {model.name}")
        place = self.vendor.findText(model.vendor)
        if place < 0:
            other = _OTHERS[model.dialect is Dialect.ANTHROPIC]
            place = self.vendor.findText(other.name)
        self.vendor.setCurrentIndex(place)
        self.role.setCurrentIndex(self.role.findData(model.role))
        self.address.setText(model.base_url)
        self.model.setEditText(model.model)
        self.name.setText(model.name)
        self._named_by_user = True
        if model.price is not None:
            self.price_in.setText(f"{model.price.input_per_million:f}")
            self.price_out.setText(f"{model.price.output_per_million:f}")
        if model.max_output_tokens is not None:
            self.length.setText(str(model.max_output_tokens))
        self.system_prompt.setPlainText(model.system_prompt)
        self.local.setChecked(model.local)
        self._show_key_rows(shown=False)

    def _show_key_rows(self, *, shown: bool) -> None:
        for widget in (self.key, self.where_key):
            self._form.setRowVisible(widget, shown)

    def new_model(self) -> NewModel:
        """Return what was typed, without the key; FormFaultError says what to mend."""
        facts = self._facts()
        return NewModel(
            name=self.name.text(),
            dialect=facts.dialect,
            base_url=self.address.text(),
            model=self.model.currentText(),
            role=Role(self.role.currentData()).value,
            # A known vendor's name holds only at its own address.
            vendor=facts.name if self._at_home(facts) else "",
            system_prompt=self.system_prompt.toPlainText(),
            max_output_tokens=self._tokens(),
            local=self.local.isChecked(),
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
        facts = self.vendor.currentData()
        assert isinstance(facts, VendorFacts)
        return facts

    def _at_home(self, facts: VendorFacts) -> bool:
        typed = self.address.text().strip().rstrip("/")
        return facts not in _OTHERS and typed == facts.base_url.rstrip("/")

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

    @Slot()
    def _choose_vendor(self) -> None:
        facts = self._facts()
        self.address.setText(facts.base_url)
        self.where_key.setVisible(bool(facts.key_page))
        self._suggest()

    @Slot()
    def _suggest(self) -> None:
        """Offer the vendor's models of the chosen role; what was typed otherwise stays."""
        facts = self._facts()
        cheap = self.role.currentData() == Role.CHEAP
        typed = self.model.currentText()
        own = bool(typed) and typed not in self._offered_anywhere()
        self.model.clear()
        self.model.addItems(facts.cheap_models if cheap else facts.frontier_models)
        if own:
            self.model.setEditText(typed)
        self._propose_name()

    def _offered_anywhere(self) -> set[str]:
        """Return every id that a list proposes: one of these was not typed by the user."""
        every = (self.vendor.itemData(at) for at in range(self.vendor.count()))
        return {name for facts in every for name in (*facts.cheap_models, *facts.frontier_models)}

    @Slot()
    def _propose_name(self) -> None:
        if not self._named_by_user:
            self.name.setText(self.model.currentText().rpartition("/")[2])

    @Slot(str)
    def _name_edited(self, text: str) -> None:
        self._named_by_user = bool(text.strip())

    @Slot()
    def _ask_key_page(self) -> None:
        self.key_page_wanted.emit(self._facts().key_page)
