"""Settings: the models, their keys, and the form that adds one."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.domain.answer import Answer
from app.domain.errors import Problem
from app.domain.model import KeySource, ModelRef
from app.domain.money import Certainty, Price
from app.domain.secret import ApiKey
from app.domain.vendor import ListedModel, VendorFacts
from app.domain.words import money_text, seconds_text
from app.services.container import Services
from app.services.models import NewModel, Removed
from app.ui.bridge import Bridge
from app.ui.views.settings.card import SettingsCard, hairline, words
from app.ui.widgets.confirmation import Confirmation
from app.ui.widgets.emptying import empty
from app.ui.widgets.model_form import FormFaultError, ModelForm
from app.ui.widgets.model_row import ModelRow

_NONE_YET = (
    "No model yet. The practice pair works without one: a small model on this computer, often "
    "wrong, for learning the program. Add a cheap and a frontier model to compare for real."
)
_TICK = (
    "No keychain can keep the key. Tick “Keep the key for this run only”, or empty the field and "
    "add the model without a key."
)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the section shows."""

    models: tuple[tuple[ModelRef, Price | None], ...]
    vendors: tuple[VendorFacts, ...]


async def _read(services: Services) -> _Known:
    models = [(model, await services.models.price(model)) for model in await services.models.all()]
    return _Known(tuple(models), services.vendors.all())


async def _keychain(services: Services) -> Problem | None:
    return await services.keys.keychain_problem()


class ModelsSection(SettingsCard):
    """Lists the models and adds, tests, changes and removes them.

    Signals:
        key_opened(QWidget): the row whose key is to be mended; it may have to be scrolled to.
    """

    key_opened = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("Models", bridge, parent)
        self.add = QPushButton("Add a model", self)
        self.add.setProperty("kind", "primary")
        self.add.clicked.connect(self.open_form)
        self.head.addWidget(self.add)
        self.form: ModelForm | None = None
        self.rows: list[ModelRow] = []
        self._keychain: Problem | None = None
        self._form_wanted = False
        self._key_wanted = 0
        self._notice = words("", "warning")
        self._notice.hide()
        self.box.addWidget(self._notice)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self.box.addLayout(self._list)

    def refresh(self) -> None:
        """Read the models anew; a form that is being filled in stays."""
        self.read(_read, self._show)
        # Apart from the models: a keychain that hangs must not keep them from being shown.
        self.bridge.run(_keychain, self._show_keychain, self.went_wrong.emit)
        # What was added as local may be run elsewhere by now: its server is asked, off this thread.
        self.bridge.run(lambda services: services.models.look_again(), self._looked)

    def _looked(self, news: bool) -> None:
        if news:
            self.read(_read, self._show)
            self.changed.emit()

    def _show_keychain(self, keychain: Problem | None) -> None:
        if keychain != self._keychain:
            self._keychain = keychain
            fields = [row.key for row in self.rows]
            for field in (*fields, *((self.form.key,) if self.form is not None else ())):
                field.show_keychain(keychain)
        self._notice.setVisible(keychain is not None)
        if keychain is not None:
            # The problem itself says that a key can be kept for this run.
            self._notice.setText(
                f"{keychain.sentence()} History and everything else work as usual."
            )

    def _show(self, known: _Known) -> None:
        if self.form is None:
            self._make_form(known.vendors)
        empty(self._list)
        self.rows = [self._row(model, price) for model, price in known.models]
        for place, row in enumerate(self.rows):
            if place:
                self._list.addWidget(hairline())
            self._list.addWidget(row)
        if not self.rows:
            self._list.addWidget(words(_NONE_YET, "muted"))
        self._open_wanted_key()
        if self._form_wanted:
            self._form_wanted = False
            self.open_form()

    def _make_form(self, vendors: tuple[VendorFacts, ...]) -> None:
        self.form = ModelForm(vendors, self)
        self.form.submitted.connect(self._submit)
        self.form.cancelled.connect(self._shut_form)
        self.form.page_wanted.connect(self._ask_to_open)
        self.form.list_wanted.connect(self._load_list)
        self.form.hide()
        self.form.key.show_keychain(self._keychain)
        self.box.addWidget(self.form)

    def _row(self, model: ModelRef, price: Price | None) -> ModelRow:
        row = ModelRow(model, price, self)
        row.key.show_keychain(self._keychain)
        row.acted.connect(self._act)
        row.key_given.connect(self._replace_key)
        return row

    @Slot()
    def open_form(self) -> None:
        """Open the form for a new model, at once or as soon as the vendors are known."""
        if self.form is None:
            self._form_wanted = True
            return
        self.form.start_over()
        self._open(self.form.vendor)
        self.bridge.run(lambda services: services.vendors.found(), self.form.show_servers)

    def _open(self, first: QWidget) -> None:
        assert self.form is not None
        self.form.show()
        self.add.setEnabled(False)
        first.setFocus()

    @Slot()
    def _shut_form(self) -> None:
        if self.form is not None:
            self.form.start_over()
            self.form.hide()
        self.add.setEnabled(True)

    # Adding and changing

    @Slot()
    def _submit(self) -> None:
        form = self.form
        if form is None:
            return
        try:
            new = form.new_model()
        except FormFaultError as fault:
            form.show_fault(str(fault))
            return
        if form.changing is None and self._nowhere_to_keep(form):
            form.show_fault(_TICK)
            return
        form.show_fault("")
        form.save.setEnabled(False)
        changing = form.changing
        if changing is not None:
            self.bridge.save(lambda s: s.models.change(changing, new), self._saved, self._not_saved)
            return

        async def check(services: Services) -> ModelRef:
            return services.models.check(new)

        # What was typed is checked before the key leaves its field, so that it need not be typed
        # again because of a missing name.
        self.bridge.run(check, lambda _model: self._add(new), self._not_saved)

    def _nowhere_to_keep(self, form: ModelForm) -> bool:
        """Return whether saving would lose the key; a keychain may have been unlocked meanwhile."""
        opens = ("keychain_locked", "keychain_slow")
        known = self._keychain is not None and self._keychain.kind not in opens
        return known and form.key.would_be_lost

    def _add(self, new: NewModel) -> None:
        assert self.form is not None
        this_run, key = self.form.key.this_run_only, self.form.take_key()
        self.bridge.save(
            lambda services: services.models.add(new, key=key, this_run_only=this_run),
            self._saved,
            self._not_saved,
        )

    def _saved(self, _model: ModelRef) -> None:
        assert self.form is not None
        self.form.save.setEnabled(True)
        self._shut_form()
        self.refresh()
        self.changed.emit()

    def _not_saved(self, problem: Problem) -> None:
        assert self.form is not None
        self.form.save.setEnabled(True)
        self.form.show_fault(problem.sentence())
        if problem.kind.startswith("keychain") and self._keychain is None:
            self._keychain = problem
            self.form.key.show_keychain(problem)

    # The vendor's list

    @Slot()
    def _load_list(self) -> None:
        form = self.form
        if form is None:
            return
        try:
            place = form.place()
        except FormFaultError as fault:
            form.picker.show_fault(str(fault))
            return
        form.picker.show_loading()
        key = form.key.copy()

        def came(models: tuple[ListedModel, ...]) -> None:
            form.show_list(place, models)

        def failed(problem: Problem) -> None:
            form.show_list_fault(place, problem.sentence())

        self.bridge.run(lambda services: services.vendors.models_at(place, key), came, failed)

    # What can be done with one model

    @Slot(str, object)
    def _act(self, action: str, model: ModelRef) -> None:
        row = self._row_of(model)
        match action:
            case "test":
                self._test(row, model)
            case "edit" if self.form is not None:
                self.form.edit(model)
                self._open(self.form.model)
            case "key":
                row.ask_for_key()
            case "remove":
                self._ask_to_remove(model)
            case _:
                pass

    def mend_key(self, model_id: int) -> None:
        """Open the field for a new key of that model, once the models have been read anew."""
        self._key_wanted = model_id

    def _open_wanted_key(self) -> None:
        wanted, self._key_wanted = self._key_wanted, 0
        for row in self.rows:
            if row.model.id == wanted:
                row.ask_for_key()
                self.key_opened.emit(row)

    def _row_of(self, model: ModelRef) -> ModelRow:
        return next(row for row in self.rows if row.model.id == model.id)

    def _test(self, row: ModelRow, model: ModelRef) -> None:
        row.set_busy(True)
        row.say("Asking it for one word …")

        def told(answer: Answer) -> None:
            self._say(model, *test_sentence(answer))

        def failed(problem: Problem) -> None:
            self._say(model, problem.sentence(), "bad")

        self.bridge.run(lambda services: services.models.test(model), told, failed)

    def _say(self, model: ModelRef, sentence: str, role: str) -> None:
        # The list may have been read anew, or the model removed, while it was being asked.
        for row in self.rows:
            if row.model.id == model.id:
                row.set_busy(False)
                row.say(sentence, role)

    @Slot(object)
    def _replace_key(self, model: ModelRef) -> None:
        row = self._row_of(model)
        this_run, key = row.key.this_run_only, row.key.take()
        if key is None:
            row.say("Type the new key first.", "bad")
            return
        row.shut_key()
        self._hand_over(model, key, this_run=this_run)

    def _hand_over(self, model: ModelRef, key: ApiKey, *, this_run: bool) -> None:
        def replaced(_model: ModelRef) -> None:
            self.refresh()
            self.changed.emit()

        def failed(problem: Problem) -> None:
            self._say(model, problem.sentence(), "bad")

        self.bridge.save(
            lambda services: services.models.replace_key(model, key, this_run_only=this_run),
            replaced,
            failed,
        )

    def _ask_to_remove(self, model: ModelRef) -> None:
        Confirmation(
            self,
            f"Remove {model.name}?",
            f"{_KEY_GOES.get(model.key_source, '')}Its answers, costs and votes stay in History.",
            "Remove",
            lambda: self._remove(model),
        ).open()

    def _remove(self, model: ModelRef) -> None:
        def removed(found: Removed) -> None:
            self.refresh()
            self.changed.emit()
            if found.key_left is not None:
                self.went_wrong.emit(found.key_left)

        self.bridge.save(
            lambda services: services.models.remove(model.name), removed, self.went_wrong.emit
        )

    @Slot(str)
    def _ask_to_open(self, address: str) -> None:
        Confirmation(
            self,
            "Open this page in your browser?",
            address,
            "Open",
            lambda: QDesktopServices.openUrl(QUrl(address)),
        ).open()


def test_sentence(answer: Answer) -> tuple[str, str]:
    """Return what came of a test, with its cost, and the role of the label that says it."""
    if not answer.complete:
        said = answer.problem.sentence() if answer.problem else answer.state.in_words()
        return said, "bad"
    words_of_it = " ".join(answer.text.split())
    if len(words_of_it) > _MOST_CHARS:
        words_of_it = f"{words_of_it[:_MOST_CHARS]}…"
    time = seconds_text(answer.total_ms)
    return f"It works: “{words_of_it}” after {time}. {_cost_sentence(answer)}", "cheap"


_MOST_CHARS = 60
_KEY_GOES = {
    KeySource.KEYCHAIN: "Its key is deleted from the keychain. ",
    KeySource.SESSION: "Its key is forgotten. ",
}


def _cost_sentence(answer: Answer) -> str:
    match answer.cost.certainty:
        case Certainty.FREE:
            return "It cost nothing."
        case Certainty.UNKNOWN:
            return "What it cost is not known: add its price to see costs and savings."
        case Certainty.MEASURED:
            return f"This call cost {money_text(answer.cost)}, measured."
        case Certainty.ESTIMATED:
            return f"This call cost {money_text(answer.cost)}, estimated."
