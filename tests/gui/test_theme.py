"""The theme on real widgets: light, dark, larger, and where the focus is."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontDatabase, QImage
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSlider,
    QSpinBox,
    QTableWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.theme import fonts, icons
from app.ui.theme.resources import resource
from app.ui.theme.tokens import DARK, LIGHT
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.markdown_view import MarkdownView
from app.ui.widgets.segmented_control import SegmentedControl


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    theme.apply(qapp, theme.Choice.LIGHT)
    yield qapp
    theme.apply(qapp, theme.Choice.LIGHT)


def colours(image: QImage) -> set[str]:
    return {
        QColor(image.pixel(x, y)).name().upper()
        for x in range(image.width())
        for y in range(image.height())
    }


def test_the_choice_of_dark_reaches_every_widget(app: QApplication, qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    theme.apply(app, "dark")
    page.show()
    assert colours(page.grab().toImage()) == {DARK.window}
    assert theme.current().is_dark


def test_the_window_follows_when_the_system_turns_dark_in_the_evening(app: QApplication) -> None:
    theme.apply(app, theme.Choice.SYSTEM)
    app.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.current().tokens is DARK
    app.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme.current().tokens is LIGHT


def test_who_chose_light_keeps_it_when_the_system_turns_dark(app: QApplication) -> None:
    theme.apply(app, theme.Choice.LIGHT)
    app.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.current().tokens is LIGHT


def test_an_unknown_choice_is_refused(app: QApplication) -> None:
    with pytest.raises(ValueError, match="sepia"):
        theme.apply(app, "sepia")


def test_text_grows_to_twice_its_size_and_no_further(app: QApplication) -> None:
    assert app.font().pixelSize() == 13
    theme.apply(app, "light", 2.0)
    assert app.font().pixelSize() == 26
    assert theme.current().answer_font().pixelSize() == 30
    assert theme.apply(app, "light", 9.0).scale == 2.0


def test_figures_have_one_width_so_that_sums_line_up(app: QApplication) -> None:
    tags = [tag.toString().data() for tag in app.font().featureTags()]
    assert b"tnum" in tags


def test_inter_is_used_on_a_bare_linux_that_has_it(
    app: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    wanted = "Inter" if QFontDatabase.hasFamily("Inter") else app.font().families()[0]
    assert fonts.interface_font(1.0).families()[0] == wanted


def _table() -> QTableWidget:
    return QTableWidget(2, 2)


CONTROLS: dict[str, Callable[[], QWidget]] = {
    "button": lambda: QPushButton("Ask"),
    "primary": lambda: Button("Ask", "primary"),
    "strong": lambda: Button("A", "strong"),
    "ghost": lambda: Button("Why?", "ghost"),
    "link": lambda: Button("Change the policy", "link"),
    "tool": QToolButton,
    "icon": lambda: IconButton("copy", "Copy"),
    "field": QLineEdit,
    "text": QPlainTextEdit,
    "combo": QComboBox,
    "number": QSpinBox,
    "check": lambda: QCheckBox("Blind"),
    "radio": lambda: QRadioButton("Any"),
    "slider": lambda: QSlider(Qt.Orientation.Horizontal),
    "table": _table,
    "answer": MarkdownView,
}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", CONTROLS)
def test_who_uses_the_keyboard_sees_where_the_focus_is(
    app: QApplication, qtbot: QtBot, name: str, dark: bool
) -> None:
    theme.apply(app, "dark" if dark else "light")
    page = QWidget()
    column = QVBoxLayout(page)
    control, other = CONTROLS[name](), QLineEdit()
    column.addWidget(control)
    column.addWidget(other)
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    other.setFocus()
    calm = control.grab().toImage()
    control.setFocus(Qt.FocusReason.TabFocusReason)
    assert control.hasFocus()
    marked = control.grab().toImage()
    tokens = theme.current().tokens
    # The filled button is blue itself, so its ring has the colour of text.
    ring = tokens.text if name == "primary" else tokens.accent
    edge = {QColor(marked.pixel(x, 0)).name().upper() for x in range(marked.width())}
    edge |= {QColor(marked.pixel(x, 1)).name().upper() for x in range(marked.width())}
    assert ring in edge
    assert calm != marked


def test_every_icon_is_drawn_in_the_colour_of_its_meaning(app: QApplication) -> None:
    for name in icons.NAMES:
        image = icons.pixmap(name, "cheap", 24, 1.0).toImage()
        inked = [
            image.pixelColor(x, y)
            for x in range(24)
            for y in range(24)
            if image.pixelColor(x, y).alpha() == 255
        ]
        assert inked, name
        assert {c.name().upper() for c in inked} == {LIGHT.cheap}, name


def test_icons_are_sharp_on_a_screen_with_twice_the_pixels(app: QApplication) -> None:
    picture = icons.pixmap("shield", "muted", 20, 2.0)
    assert picture.width() == 40
    assert picture.devicePixelRatio() == 2.0


def test_every_file_in_the_icon_folder_has_a_use(app: QApplication) -> None:
    files = {path.stem for path in resource("icons").glob("*.svg")}
    assert files - icons.NAMES == {"chevron-down", "chevron-up", "mark-check"}
    assert files >= icons.NAMES


def test_an_unknown_icon_is_an_error_at_once(app: QApplication) -> None:
    with pytest.raises(KeyError, match="unicorn"):
        icons.icon("unicorn")


def test_icons_on_buttons_change_with_the_theme(app: QApplication, qtbot: QtBot) -> None:
    page = QWidget()
    QVBoxLayout(page).addWidget(IconButton("stop", "Stop"))
    qtbot.addWidget(page)
    page.show()
    assert LIGHT.muted in colours(page.grab().toImage())
    theme.apply(app, "dark")
    assert DARK.muted in colours(page.grab().toImage())


def test_a_segment_tells_its_name_and_can_be_set_without_a_signal(
    app: QApplication, qtbot: QtBot
) -> None:
    control = SegmentedControl([("compare", "Compare"), ("route", "Auto-route")])
    qtbot.addWidget(control)
    heard: list[str] = []
    control.chosen.connect(heard.append)
    control.choose("route")
    assert (control.choice(), heard) == ("route", [])
    with qtbot.waitActive(control):
        control.show()
        control.activateWindow()
    first, second = control.findChildren(QPushButton)
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert (control.choice(), heard) == ("compare", ["compare"])
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert control.choice() == "route"
    assert second.isChecked()
    with pytest.raises(KeyError):
        control.choose("other")


def test_a_name_with_an_ampersand_is_shown_whole(app: QApplication, qtbot: QtBot) -> None:
    button = Button("Smith & Sons")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Smith & Sons"
    assert button.text() == "Smith && Sons"
