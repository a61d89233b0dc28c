from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from pytestqt.qtbot import QtBot

from app.services.preferences import Draft
from app.ui.widgets.composer import Composer
from app.ui.widgets.prompt_edit import MOST_LINES, PromptEdit
from tests.fakes.scripted import Stage
from tests.fakes.windows import main_window, press, wait_until, words_of


def test_pasted_formatting_and_pictures_never_reach_the_prompt(qtbot: QtBot) -> None:
    edit = PromptEdit()
    qtbot.addWidget(edit)
    pasted = QMimeData()
    pasted.setHtml('<b style="font-size:40pt">Clause 14</b><img src="x.png">')
    pasted.setText("Clause 14")
    edit.insertFromMimeData(pasted)
    assert edit.toPlainText() == "Clause 14"


def test_the_field_grows_with_its_lines_and_then_scrolls(qtbot: QtBot) -> None:
    edit = PromptEdit()
    qtbot.addWidget(edit)
    edit.resize(600, 30)
    edit.show()
    heights = []
    for lines in (1, 3, MOST_LINES, MOST_LINES + 20):
        edit.setPlainText("\n".join("line" for _ in range(lines)))
        heights.append(edit.height())
    assert heights[0] < heights[1] < heights[2] == heights[3]


def test_a_dropped_file_is_attached_and_not_pasted_as_its_address(
    qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "lease.txt"
    file.write_text("the lease")
    edit = PromptEdit()
    qtbot.addWidget(edit)
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(file))])
    assert edit.canInsertFromMimeData(dropped)
    with qtbot.waitSignal(edit.file_dropped) as heard:
        edit.insertFromMimeData(dropped)
    assert heard.args == [file]
    assert edit.toPlainText() == ""


def test_one_button_asks_and_the_same_one_stops(qtbot: QtBot) -> None:
    composer = Composer()
    qtbot.addWidget(composer)
    composer.show()
    assert composer.button_words() == "Ask both"
    with qtbot.waitSignal(composer.ask_wanted):
        composer.press()
    composer.set_asking(True)
    assert composer.button_words() == "Stop"
    with qtbot.waitSignal(composer.stop_wanted):
        composer.press()


def test_a_document_shows_its_name_and_size_and_can_be_removed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    file = tmp_path / "lease & side letter.txt"
    file.write_text("word " * 1204)
    with main_window(qtbot, stage) as window:
        composer = window.compare.page.composer
        composer.file_chosen.emit(file)
        wait_until(qtbot, lambda: "≈ 1,204 tokens" in "\n".join(words_of(composer)))
        composer.set_text("What does it say?")
        press(composer.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        wait_until(qtbot, lambda: bool(stage.cheap.requests))
        assert "word word" in stage.cheap.requests[0].text
        assert 'name="lease & side letter.txt"' in stage.cheap.requests[0].text
        composer.file_removed.emit()
        assert window.compare.drafting.attachment is None
        assert "1,204" not in "\n".join(words_of(composer))


def test_a_document_that_cannot_be_read_says_so_and_the_prompt_stays(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with main_window(qtbot, Stage(tmp_path)) as window:
        composer = window.compare.page.composer
        composer.set_text("What does it say?")
        composer.file_chosen.emit(tmp_path / "scan.tiff")
        wait_until(qtbot, window.banner.isVisible)
        assert "scan.tiff cannot be read." in "\n".join(words_of(window.banner))
        assert composer.text() == "What does it say?"


def test_the_estimate_names_both_sides_and_marks_itself_as_one(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with main_window(qtbot, Stage(tmp_path)) as window:
        composer = window.compare.page.composer
        composer.set_text("Summarise the lease in three sentences.")
        wait_until(qtbot, lambda: "≈ 6 tokens in" in "\n".join(words_of(composer)))
        shown = "\n".join(words_of(composer))
        assert "≈ $" in shown
        assert "cheap" in shown
        assert "frontier" in shown


def test_what_was_typed_survives_closing_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        composer = window.compare.page.composer
        composer.set_text("Half a question about the")
        composer.set_tags(("notice",))
        window.compare.page.matters.set_matter("Project Larch")
    with main_window(qtbot, Stage(tmp_path)) as window:
        composer = window.compare.page.composer
        assert composer.text() == "Half a question about the"
        assert composer.tags() == ("notice",)
        assert window.compare.page.matters.matter() == "Project Larch"


def test_a_draft_never_overwrites_what_is_being_typed(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        drafting = window.compare.drafting
        window.compare.page.composer.set_text("new words")
        drafting._restore(Draft("old words", "", ()))
        assert window.compare.page.composer.text() == "new words"


def test_practice_prompts_are_offered_with_the_practice_pair_only(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with main_window(qtbot, Stage(tmp_path, pair=None)) as window:
        composer = window.compare.page.composer
        wait_until(qtbot, lambda: "Practice prompts" in "\n".join(words_of(composer)))
    other = tmp_path / "other"
    other.mkdir()
    with main_window(qtbot, Stage(other)) as window:
        assert "Practice prompts" not in "\n".join(words_of(window.compare.page.composer))
