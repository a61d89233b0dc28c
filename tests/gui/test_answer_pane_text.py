"""The growing text of an answer: shown as it arrives, safely, and without jumping."""

import random
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QTextDocument
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.theme.tokens import DARK
from app.ui.widgets.markdown_view import MarkdownView
from tests.fakes.windows import wait_until

PARAGRAPH = "The buyer shall give written notice of any claim within ten business days. " * 6


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> Iterator[MarkdownView]:
    theme.apply(qapp, "light")
    made = MarkdownView()
    qtbot.addWidget(made)
    made.resize(600, 500)
    made.show()
    yield made
    theme.apply(qapp, "light")


def documents(view: MarkdownView) -> list[QTextDocument]:
    return [view._column.document(i).document for i in range(len(view._column.segments))]


def measured(view: MarkdownView, qtbot: QtBot) -> None:
    wait_until(qtbot, lambda: not view.is_measuring())


def links_in(view: MarkdownView) -> set[str]:
    return {
        part.format.anchorHref()
        for document in documents(view)
        for number in range(document.blockCount())
        for part in document.findBlockByNumber(number).textFormats()
        if part.format.isAnchor()
    }


def test_an_answer_reads_as_it_was_written(view: MarkdownView) -> None:
    view.set_markdown(
        "# Advice\n\nYes, **if** served.\n\n3. Event\n4. Notice\n   - by hand\n\n- [x] done\n\n"
        "| Issue | Risk |\n|---|---|\n| Form | High |\n\n> quoted\n\n```\na\n\nb\n```\n"
    )
    assert view.plain_text() == (
        "Advice\n\nYes, if served.\n\n3. Event\n4. Notice\n  • by hand\n[x] done\n\n"
        "Issue\tRisk\nForm\tHigh\n\nquoted\n\na\n\nb"
    )


@pytest.mark.parametrize("size", [1, 7, 100])
def test_text_that_streams_ends_as_text_that_came_at_once(view: MarkdownView, size: int) -> None:
    text = (
        f"## One\n\n{PARAGRAPH}\n\n- a\n- b\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n"
        * 4
    )
    for start in range(0, len(text), size):
        view.append(text[start : start + size])
    view.settle()
    streamed = view.plain_text()
    view.set_markdown(text)
    assert streamed == view.plain_text()
    assert view.text() == text


def test_markup_of_web_pages_is_shown_as_text_and_never_interpreted(view: MarkdownView) -> None:
    view.set_markdown(
        "<script>alert(1)</script>\n\n<img src='http://x.example/y.png'>\n\na <b>bold</b> word"
    )
    assert view.plain_text() == (
        "<script>alert(1)</script>\n\n<img src='http://x.example/y.png'>\n\na <b>bold</b> word"
    )


def test_no_picture_is_fetched_and_its_place_says_so(
    view: MarkdownView, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        "app.ui.widgets.markdown_document._TextOnly.loadResource",
        lambda self, kind, name: asked.append(str(name)),
    )
    view.set_markdown(
        "![logo](http://x.example/logo.png) and ![](file:///etc/passwd) and ![key](file:///key)\n\n"
        "![r][r]\n\n[r]: http://x.example/r.png"
    )
    view.grab()
    assert asked == []
    words = view.plain_text()
    assert words.startswith("[picture, not loaded: logo] and ")
    assert "[picture, not loaded: key]" in words
    assert "[picture, not loaded: r]" in words
    assert "\ufffc" not in words


def test_a_document_answers_a_request_for_a_file_with_nothing(view: MarkdownView) -> None:
    view.set_markdown("text")
    assert documents(view)[0].loadResource(2, QUrl("file:///etc/passwd")) is None


def test_only_web_and_mail_addresses_become_links(view: MarkdownView) -> None:
    view.set_markdown(
        "[a](https://example.org) [b](javascript:alert(1)) [c](file:///etc/passwd) "
        "[d](mailto:a@example.org) [e](data:text/html,x) https://plain.example"
    )
    assert links_in(view) == {
        "https://example.org",
        "mailto:a@example.org",
        "https://plain.example",
    }


def test_a_link_is_reported_and_not_opened(qtbot: QtBot, view: MarkdownView) -> None:
    view.set_markdown("[the Act](https://example.org/act)")
    point = view.viewport().rect().topLeft()
    point.setX(15)
    point.setY(12)
    with qtbot.waitSignal(view.link_activated) as heard:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert heard.args == ["https://example.org/act"]


def test_a_link_shows_where_it_really_leads(qtbot: QtBot, view: MarkdownView) -> None:
    view.set_markdown("[https://bank.example](https://evil.example)")
    point = view.viewport().rect().topLeft()
    point.setX(15)
    point.setY(12)
    qtbot.mouseMove(view.viewport(), point)
    wait_until(qtbot, lambda: view.viewport().toolTip() == "https://evil.example")


def test_a_link_whose_address_comes_last_works_once_the_answer_is_whole(view: MarkdownView) -> None:
    view.append(f"See [the Act][act].\n\n{PARAGRAPH}\n\n{PARAGRAPH}\n\n{PARAGRAPH}\n\n")
    view.append("[act]: https://example.org/act")
    view.settle()
    assert "https://example.org/act" in links_in(view)


def test_words_that_would_run_backwards_are_marked(view: MarkdownView) -> None:
    view.set_markdown("pay \u202e000,1")
    assert view.plain_text() == "pay ⟨RLO⟩000,1"


def test_who_reads_above_is_not_moved_while_the_answer_grows(
    qtbot: QtBot, view: MarkdownView
) -> None:
    view.append((PARAGRAPH + "\n\n") * 40)
    measured(view, qtbot)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    before = view.viewport().grab().toImage()
    place = bar.value()
    for _ in range(30):
        view.append(PARAGRAPH + "\n\n")
        QApplication.processEvents()
    assert bar.value() == place
    assert view.viewport().grab().toImage() == before


def test_who_is_at_the_end_sees_the_newest_words(qtbot: QtBot, view: MarkdownView) -> None:
    for _ in range(60):
        view.append(PARAGRAPH + "\n\n")
        QApplication.processEvents()
    bar = view.verticalScrollBar()
    assert bar.maximum() > 0
    assert bar.value() == bar.maximum()
    measured(view, qtbot)
    assert bar.value() == bar.maximum()


def test_the_end_of_an_answer_moves_nobody_who_has_scrolled(
    qtbot: QtBot, view: MarkdownView
) -> None:
    bar = view.verticalScrollBar()
    view.append("A line.\n\n" * 200)
    bar.setValue(300)
    view.append("One more.\n\n")
    view.settle()
    assert bar.value() == 300
    view.clear()
    view.append("A line.\n\n" * 200)
    bar.setValue(300)
    bar.setValue(bar.maximum())
    view.append("One more.\n\n")
    view.settle()
    assert bar.value() == bar.maximum()


def test_who_returns_to_the_end_follows_again(qtbot: QtBot, view: MarkdownView) -> None:
    view.append((PARAGRAPH + "\n\n") * 20)
    bar = view.verticalScrollBar()
    bar.setValue(0)
    view.append((PARAGRAPH + "\n\n") * 5)
    assert bar.value() == 0
    qtbot.keyClick(view, Qt.Key.Key_End)
    view.append((PARAGRAPH + "\n\n") * 5)
    measured(view, qtbot)
    assert bar.value() == bar.maximum()


def test_what_scrolls_into_view_is_the_same_as_if_it_was_painted_at_once(
    qtbot: QtBot, view: MarkdownView
) -> None:
    view.append((PARAGRAPH + "\n\n- a\n- b\n\n") * 20)
    view.settle()
    measured(view, qtbot)
    bar = view.verticalScrollBar()
    for value in (bar.maximum(), bar.maximum() - 37, 300, 120, 121, 0, 500):
        bar.setValue(value)
        QApplication.processEvents()
    moved = view.viewport().grab().toImage()
    view.viewport().repaint()
    assert view.viewport().grab().toImage() == moved


def test_a_narrower_window_keeps_the_place(qtbot: QtBot, view: MarkdownView) -> None:
    view.set_markdown("\n\n".join(f"Paragraph {n}. {PARAGRAPH}" for n in range(60)))
    measured(view, qtbot)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    on_top = view._anchor().segment
    view.resize(380, 500)
    QApplication.processEvents()
    measured(view, qtbot)
    assert view._anchor().segment == on_top


def test_a_line_of_200_kb_does_not_freeze_the_window(view: MarkdownView) -> None:
    ordinary = elapsed(view, (PARAGRAPH + "\n\n") * 450)
    unbroken = elapsed(view, "A" * 200_000)
    # A single document takes some hundred times as long.
    assert unbroken < ordinary * 8


def elapsed(view: MarkdownView, text: str) -> float:
    view.clear()
    QApplication.processEvents()
    start = time.thread_time()
    view.append(text)
    view.viewport().repaint()
    return time.thread_time() - start


def test_the_cost_of_new_words_does_not_grow_with_the_answer(
    view: MarkdownView, qtbot: QtBot
) -> None:
    def cost() -> float:
        start = time.thread_time()
        for _ in range(40):
            view.append("More words of the answer arrive. ")
            view._show_tail()
        return time.thread_time() - start

    early = cost()
    view.append("\n\n" + (PARAGRAPH + "\n\n") * 400)
    measured(view, qtbot)
    late = cost()
    assert late < early * 3


def test_a_very_long_answer_keeps_few_documents_in_memory(view: MarkdownView, qtbot: QtBot) -> None:
    view.set_markdown((PARAGRAPH + "\n\n") * 900)
    measured(view, qtbot)
    laid = sum(1 for segment in view._column.segments if segment.laid)
    assert len(view._column.segments) > 300
    assert laid <= 200


def test_a_dark_theme_repaints_what_is_shown_already(
    qapp: QApplication, view: MarkdownView
) -> None:
    view.set_markdown("Words.\n\n```\ncode\n```\n")
    theme.apply(qapp, "dark")
    image = view.viewport().grab().toImage()
    seen = {QColor(image.pixel(x, y)).name().upper() for x in range(300) for y in range(120)}
    assert {DARK.surface, DARK.sunken, DARK.text} <= seen


def test_a_reading_width_keeps_lines_to_75_characters(view: MarkdownView) -> None:
    view.resize(1600, 500)
    view.set_reading_width(True)
    view.set_markdown(PARAGRAPH * 4)
    block = documents(view)[0].firstBlock()
    layout = block.layout()
    lengths = [layout.lineAt(n).textLength() for n in range(layout.lineCount())]
    assert max(lengths) <= 78
    assert sum(lengths[:-1]) / (len(lengths) - 1) <= 75


def test_a_table_too_wide_for_the_pane_can_be_scrolled_to(view: MarkdownView) -> None:
    columns = 40
    row = "| " + " | ".join(["word"] * columns) + " |\n"
    view.set_markdown(row + "|---" * columns + "|\n" + row)
    assert view.horizontalScrollBar().maximum() > 0


def test_the_parts_of_a_huge_table_have_the_same_columns(view: MarkdownView, qtbot: QtBot) -> None:
    rows = "".join(f"| cl. {n} | {'long ' * (n % 5)}words |\n" for n in range(60))
    view.set_markdown("| Clause | Text |\n|---|---|\n" + rows)
    measured(view, qtbot)
    lefts = set()
    for index in range(len(view._column.segments)):
        dressed = view._column.document(index)
        layout = dressed.document.documentLayout()
        cell = dressed.tables[0].cellAt(0, 1).firstCursorPosition().block()
        lefts.add(round(layout.blockBoundingRect(cell).left()))
    assert len(view._column.segments) > 3
    assert len(lefts) == 1
    assert view.plain_text().count("Clause\tText") == 1


def test_any_text_at_all_is_shown_without_a_fault(view: MarkdownView) -> None:
    dice = random.Random(7)
    marks = [*"#*`>|[]()<! \n", "**", "```", "~~~", "- ", "1. ", "---", "\n\n", "    ", "](", "![",
             "&amp;", "😀", "é", "本", "ש", "\u202e", "\x00", "\ufffc", "\ufdd0", "word ",
             "http://a.b "]  # fmt: skip
    for _ in range(40):
        view.clear()
        for _ in range(30):
            view.append("".join(dice.choice(marks) for _ in range(20)))
        view.settle()
        view.viewport().repaint()
        view.plain_text()
