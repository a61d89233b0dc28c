"""The prompt before it is asked: its matter, document, tags, estimate, draft and preferences."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.conversation import Attachment, Prompt, clean, prompt_of
from app.domain.errors import Problem
from app.domain.matter import UNTAGGED, Matter, SendingPolicy
from app.ui.bridge import Bridge
from app.ui.widgets.composer import Composer
from app.ui.widgets.matter_picker import MatterPicker

if TYPE_CHECKING:
    from app.domain.likely import Likely
    from app.domain.model import ModelRef, Pair
    from app.domain.practice import PracticeItem
    from app.domain.routing.decision import Decision
    from app.domain.thread import Exchange, Thread
    from app.services.container import Services
    from app.services.estimate import Estimate
    from app.services.preferences import Draft, Preferences

ESTIMATE_AFTER_MS = 250
SAVE_AFTER_MS = 1000
_PROMPT_TITLE_CHARS = 60


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the composer needs to know of the rest of the app."""

    pair: Pair
    matters: list[Matter]
    tags: tuple[str, ...]
    vendors: tuple[str, ...]
    preferences: Preferences
    draft: Draft
    others: tuple[ModelRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlook:
    """What asking the present prompt would cost, and where auto-route would send it.

    `others` are what other cheap models would cost, where a second look is to ask them.
    """

    estimate: Estimate | None
    decision: Decision | None
    others: tuple[Likely, ...] = ()


class Drafting(QObject):
    """Keeps the composer and the matter picker true, without ever waiting in the window's thread.

    Signals:
        loaded(Surroundings): the pair, matters and preferences are known, or known anew.
        outlook_changed(): the estimate or the preview of the route is different now.
        continued_before(int, int): the draft that was found continues this turn's answer.
        went_wrong(Problem): something to tell the user.
    """

    continued_before = Signal(int, int)
    loaded = Signal(object)
    outlook_changed = Signal()
    went_wrong = Signal(object)

    def __init__(
        self, bridge: Bridge, composer: Composer, matters: MatterPicker, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._composer = composer
        self._matters = matters
        self.pair: Pair | None = None
        self.others: tuple[ModelRef, ...] = ()
        self._preferences: Preferences | None = None
        self.outlook = Outlook(None, None)
        self.attachment: Attachment | None = None
        self.continued: Thread | None = None
        self._attachment_tokens = ""
        self._restored = False
        self._chosen: dict[str, bool | str] = {}  # since what is stored was last asked for
        self._asked_for = 0
        self._estimate_soon = self._timer(ESTIMATE_AFTER_MS, self._look_ahead)
        self._save_soon = self._timer(SAVE_AFTER_MS, self._save)
        composer.text_changed.connect(self._changed)
        composer.file_chosen.connect(self._read_file)
        composer.file_removed.connect(self._drop_file)
        composer.blind_toggled.connect(self._blind_toggled)
        matters.matter_chosen.connect(self._changed)
        matters.policy_wanted.connect(self._save_policy)

    def _timer(self, after_ms: int, then: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(after_ms)
        timer.timeout.connect(then)
        return timer

    @property
    def preferences(self) -> Preferences:
        """Return what the user prefers, as far as it is known."""
        if self._preferences is None:
            from app.services.preferences import Preferences

            self._preferences = Preferences()
        return self._preferences

    # The surroundings

    def load(self) -> None:
        """Fetch the pair, matters, tags and preferences; the draft the first time only."""
        self._chosen.clear()
        self._bridge.run(_surroundings, self._loaded, self.went_wrong.emit)

    def _loaded(self, found: Surroundings) -> None:
        # What was read may be older than what was chosen while it was read.
        preferences = replace(found.preferences, **self._chosen)  # type: ignore[arg-type]
        found = replace(found, preferences=preferences)
        self.pair = found.pair
        self.others = found.others
        self._preferences = found.preferences
        self._matters.show_matters(found.matters)
        self._matters.show_vendors(found.vendors)
        self._composer.show_known_tags(found.tags)
        if not self._restored:
            self._restored = True
            self._composer.set_blind(found.preferences.blind)
            self._restore(found.draft)
        self._offer_prompts(found.pair)
        self.loaded.emit(found)
        self._look_ahead()

    def _restore(self, draft: Draft) -> None:
        # Whoever typed before the history was open keeps what they typed.
        if not self._composer.text() and draft.text:
            self._composer.set_text(draft.text)
            self._composer.set_tags(draft.tags)
            if draft.matter:
                self._matters.set_matter(draft.matter)
            if draft.continued is not None:
                self.continued_before.emit(*draft.continued)

    def _offer_prompts(self, pair: Pair) -> None:
        if not pair.practice:
            self._composer.show_prompts(())
            return
        self._bridge.run(lambda services: services.models.practice_prompts(), self._show_prompts)

    def _show_prompts(self, items: tuple[PracticeItem, ...]) -> None:
        self._composer.show_prompts(tuple((_title(item.prompt), item.prompt) for item in items))

    # The prompt

    def prompt(self) -> Prompt:
        """Return what stands in the composer; InputError says why it cannot be asked."""
        attached = (self.attachment,) if self.attachment else ()
        return prompt_of(
            self._composer.text(),
            self._matters.matter(),
            self._composer.tags(),
            attached,
            self._earlier,
        )

    @property
    def _earlier(self) -> tuple[Exchange, ...]:
        return self.continued.exchanges if self.continued is not None else ()

    def continue_with(self, thread: Thread | None) -> None:
        """Let the next prompt continue a thread, or stand by itself."""
        self.continued = thread
        self._changed()

    def drop_asked(self, thread: Thread) -> bool:
        """Take away the document that the thread sends along; return whether its text stands there.

        It would be sent, and paid for, twice.
        """
        attached = (self.attachment,) if self.attachment else ()
        same = Prompt(clean(self._composer.text()).strip(), attachments=attached).full_text()
        if same != thread.last.asked:
            return False
        if attached:
            self._drop_file()
        return True

    @Slot()
    def _changed(self) -> None:
        self._estimate_soon.start()
        self._save_soon.start()

    @Slot()
    def _look_ahead(self) -> None:
        """Ask what the prompt would cost and where it would go; only the latest answer counts."""
        self._asked_for += 1
        pair = self.pair
        if pair is None:
            return
        attached = (self.attachment,) if self.attachment else ()
        text = clean(self._composer.text())
        prompt = Prompt(
            text, self._matters.matter(), self._composer.tags(), attached, self._earlier
        )
        routes = self.preferences.auto_route

        async def look(services: Services) -> Outlook:
            estimate = None
            if prompt.sent_text().strip():
                estimate = await services.estimates.estimate(prompt, pair)
            decision = await services.router.decide(prompt) if routes else None
            others = [
                await services.estimates.likely(prompt, model)
                for model in await services.second_look.asked(decision, pair)
            ]
            return Outlook(estimate, decision, tuple(others))

        self._bridge.run(look, partial(self._looked, self._asked_for), self.went_wrong.emit)

    def _looked(self, number: int, outlook: Outlook) -> None:
        if number == self._asked_for:
            self.outlook = outlook
            self.outlook_changed.emit()

    # The document

    @Slot(object)
    def _read_file(self, path: Path) -> None:
        self._composer.show_file(path.name, "reading…")
        pair = self.pair

        async def read(services: Services) -> tuple[Attachment, int | None]:
            attachment = await services.attachments.read(path)
            if pair is None:
                return attachment, None
            return attachment, (
                await services.estimates.estimate(attachment.text, pair)
            ).input_tokens

        self._bridge.run(read, self._file_read, self._file_refused)

    def _file_read(self, found: tuple[Attachment, int | None]) -> None:
        from app.domain.words import tokens_text

        self.attachment, tokens = found
        self._attachment_tokens = f"≈ {tokens_text(tokens)} tokens" if tokens is not None else ""
        self._show_file()
        self._changed()

    def _file_refused(self, problem: Problem) -> None:
        self._show_file()
        self.went_wrong.emit(problem)

    def _show_file(self) -> None:
        name = self.attachment.name if self.attachment else ""
        self._composer.show_file(name, self._attachment_tokens if name else "")

    @Slot()
    def _drop_file(self) -> None:
        self.attachment = None
        self._show_file()
        self._changed()

    # What is kept

    @Slot()
    def _save(self) -> None:
        self.save()

    def save(self) -> Future[None] | None:
        """Keep the draft; None when there is nothing to keep yet."""
        self._save_soon.stop()
        if not self._restored:
            return None
        from app.services.preferences import Draft

        matter = self._matters.matter()
        last = self.continued.last if self.continued is not None else None
        draft = Draft(
            self._composer.text(),
            "" if matter == UNTAGGED else matter,
            self._composer.tags(),
            (last.turn_id, last.answer_id) if last is not None else None,
        )

        async def keep(services: Services) -> None:
            await services.preferences.save_draft(draft)

        return self._bridge.save(keep, None, self.went_wrong.emit)

    @Slot(bool)
    def _blind_toggled(self, blind: bool) -> None:
        if self._restored and blind != self.preferences.blind:
            self.prefer(blind=blind)

    def prefer(self, **changes: bool | str) -> None:
        """Change a preference and keep it; the outlook follows."""
        self._preferences = replace(self.preferences, **changes)  # type: ignore[arg-type]
        if not self._restored:
            return
        self._chosen.update(changes)

        async def keep(services: Services) -> None:
            await services.preferences.change(
                lambda stored: replace(stored, **changes)  # type: ignore[arg-type]
            )

        self._bridge.save(keep, self._preferred, self.went_wrong.emit)

    def _preferred(self, _nothing: None) -> None:
        self._look_ahead()

    @Slot(object)
    def _save_policy(self, policy: SendingPolicy) -> None:
        name = self._matters.matter()

        async def keep(services: Services) -> list[Matter]:
            await services.matters.save(name, policy)
            return await services.matters.all()

        self._bridge.save(keep, self._policy_saved, self.went_wrong.emit)

    def _policy_saved(self, matters: list[Matter]) -> None:
        self._matters.show_matters(matters)
        self._look_ahead()


async def _surroundings(services: Services) -> Surroundings:
    pair = await services.models.pair()
    models = await services.models.all()
    matters = await services.matters.all()
    named = [model.provider for model in models if not model.practice]
    named += [vendor for matter in matters for vendor in matter.policy.vendors]
    named += [vendor.name for vendor in services.catalog.vendors()]
    return Surroundings(
        pair=pair,
        matters=matters,
        tags=tuple(await services.matters.tags()),
        vendors=tuple(dict.fromkeys(named)),
        preferences=await services.preferences.load(),
        draft=await services.preferences.draft(),
        others=await services.second_look.others(pair),
    )


def _title(prompt: str) -> str:
    """Return the question of a practice prompt: its last paragraph's first sentence."""
    question = prompt.strip().split("\n")[-1]
    short = question.split("? ")[0] + "?" if "? " in question else question
    return short if len(short) <= _PROMPT_TITLE_CHARS else f"{short[:_PROMPT_TITLE_CHARS]}…"
