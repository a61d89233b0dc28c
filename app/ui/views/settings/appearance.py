"""Settings: light or dark, and how large the text is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from app.services.container import Services
from app.services.preferences import Preferences
from app.ui import theme
from app.ui.bridge import Bridge
from app.ui.views.settings.card import SettingsCard
from app.ui.widgets.field_rows import FieldRows
from app.ui.widgets.segmented_control import SegmentedControl

_SCHEMES = [("system", "As the system"), ("light", "Light"), ("dark", "Dark")]
_SIZES = (1.0, 1.1, 1.25, 1.5, 1.75, 2.0)


class AppearanceSection(SettingsCard):
    """Applies a choice at once, and keeps it."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("Appearance", bridge, parent)
        self.scheme = SegmentedControl(_SCHEMES, self)
        self.scheme.setAccessibleName("Light or dark")
        self.scheme.chosen.connect(self._choose_scheme)
        self.text_size = QComboBox(self)
        self.text_size.setAccessibleName("Text size")
        for scale in _SIZES:
            self.text_size.addItem(f"{scale:.0%}", scale)
        self.text_size.activated.connect(self._choose_size)
        form = FieldRows()
        form.add_field("Colours", self.scheme)
        form.add_field("Text size", self.text_size)
        self.box.addLayout(form)

    def refresh(self) -> None:
        """Read the preferences anew."""
        self.read(lambda services: services.preferences.load(), self._show)

    def _show(self, preferences: Preferences) -> None:
        self.scheme.choose(preferences.scheme)
        place = min(range(len(_SIZES)), key=lambda at: abs(_SIZES[at] - preferences.text_scale))
        self.text_size.setCurrentIndex(place)

    @Slot(str)
    def _choose_scheme(self, scheme: str) -> None:
        self._keep(lambda now: replace(now, scheme=scheme))

    @Slot()
    def _choose_size(self) -> None:
        scale = float(self.text_size.currentData())
        self._keep(lambda now: replace(now, text_scale=scale))

    def _keep(self, change: Callable[[Preferences], Preferences]) -> None:
        async def keep(services: Services) -> Preferences:
            return await services.preferences.change(change)

        self.bridge.save(keep, self._apply, self.went_wrong.emit)

    def _apply(self, preferences: Preferences) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, preferences.scheme, preferences.text_scale)
