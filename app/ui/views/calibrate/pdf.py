"""A calibration report on paper: laid out by us, drawn as vectors, A4 or Letter.

Lengths are points (1/72 inch), from the top left corner of the page.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QPen,
    QTextDocument,
)

from app.domain.calibration.counting import Row, Verdict
from app.domain.calibration.report import CalibrationReport
from app.domain.calibration.sentences import (
    answered_words,
    caveats,
    done_words,
    hundred_sentences,
    likely_words,
    model_words,
    spent_text,
    spent_words,
)
from app.domain.errors import InputError
from app.domain.routing.groups import GroupKind
from app.ui.theme.fonts import interface_font
from app.ui.theme.tokens import LIGHT

_DPI = 1200
_MARGIN = 50.0
_FOOT = 22.0
_ROW = 18.5
_SIZES = {"a4": QPageSize.PageSizeId.A4, "letter": QPageSize.PageSizeId.Letter}
_VERDICT_COLOURS = {
    Verdict.ENOUGH: (LIGHT.cheap, LIGHT.cheap_soft),
    Verdict.CANNOT_TELL: (LIGHT.muted, LIGHT.sunken),
    Verdict.FRONTIER: (LIGHT.frontier, LIGHT.frontier_soft),
}


def print_report(report: CalibrationReport, path: Path, paper: str = "a4") -> None:
    """Write the report as a PDF; InputError when the file cannot be written.

    Without a window (in a terminal) it brings up what painting needs, and takes it down again.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab"):
            pass
    except OSError as error:
        raise InputError(
            f"The report could not be written to {path}: {error.strerror}.",
            "Choose another place.",
            "report_not_written",
        ) from None
    if QGuiApplication.instance() is not None:
        _print(report, path, paper)
        return
    app = _painting_only()
    try:
        _print(report, path, paper)
    finally:
        app.shutdown()


def _print(report: CalibrationReport, path: Path, paper: str) -> None:
    writer = QPdfWriter(str(path))
    writer.setResolution(_DPI)
    writer.setPageSize(QPageSize(_SIZES[paper]))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Point)
    writer.setTitle(f"Calibration: {report.name}")
    writer.setCreator("Counterpart")
    sheet = _Sheet(writer, report)
    try:
        sheet.draw()
    finally:
        sheet.painter.end()


def _painting_only() -> QGuiApplication:
    if sys.platform.startswith("linux"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication(["counterpart"])


class _Sheet:
    """One report on its pages; `y` is how far down the present page is filled."""

    def __init__(self, writer: QPdfWriter, report: CalibrationReport) -> None:
        self._writer = writer
        self._report = report
        size = QPageSize(writer.pageLayout().pageSize()).size(QPageSize.Unit.Point)
        self._width, self._height = size.width(), size.height()
        self._inner = self._width - 2 * _MARGIN
        self.painter = QPainter(writer)
        self.painter.scale(_DPI / 72, _DPI / 72)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._page = 1
        self.y = _MARGIN

    def draw(self) -> None:
        """Draw everything, on as many pages as it takes."""
        report = self._report
        self._head()
        self._figures()
        for kind, title in (
            (GroupKind.TASK, "Where the cheap model is enough"),
            (GroupKind.TAG, "By tag"),
        ):
            found = [row for row in report.rows if row.kind is kind]
            if found:
                self._rows(title, found)
        self._title("What this means for your next hundred prompts")
        self._paragraph(" ".join(hundred_sentences(report)))
        self._title("What to know when reading this")
        for sentence in caveats(report):
            self._paragraph(sentence, LIGHT.muted, 8.5)
        self._title("What it rests on")
        for line in self._facts():
            self._paragraph(line, LIGHT.muted, 8.5)
        self._footer()

    def _facts(self) -> tuple[str, ...]:
        report = self._report
        return (
            f"Cheap: {model_words(report.cheap)}. Frontier: {model_words(report.frontier)}.",
            f"List fixed {self._day(report.created_at)}; fingerprint {report.digest[:16]}. "
            f"{report.voted:,} of {report.size:,} prompts voted on.",
        )

    def _day(self, moment: datetime) -> str:
        local = moment + timedelta(minutes=self._report.utc_offset_min)
        return f"{local.day} {local:%B %Y, %H:%M}"

    # Parts

    def _head(self) -> None:
        report = self._report
        self._line("Calibration", 21, strong=True, height=26)
        self._line(report.name, 12, strong=True, height=17)
        self._line(done_words(report), 10, LIGHT.muted, height=15)
        when = self._day(report.as_of)
        self._line(
            f"{when} · cheap: {report.cheap.name} · frontier: {report.frontier.name}",
            10,
            LIGHT.muted,
            height=24,
        )

    def _figures(self) -> None:
        report = self._report
        row = report.overall
        good = (
            (f"{row.good:,} of {row.total:,}", f"{likely_words(row)} of prompts like these")
            if row.total
            else ("–", "no vote yet")
        )
        shown = (
            ("Cheap was good enough", *good),
            ("Answered", f"{report.answered:,} of {report.size:,}", answered_words(report)),
            ("Spent", spent_text(report.spent), spent_words(report)),
        )
        gap, height = 10.0, 70.0
        width = (self._inner - gap * (len(shown) - 1)) / len(shown)
        for place, (name, figure, basis) in enumerate(shown):
            box = QRectF(_MARGIN + place * (width + gap), self.y, width, height)
            self.painter.setPen(QPen(QColor(LIGHT.line), 0.6))
            self.painter.setBrush(Qt.BrushStyle.NoBrush)
            self.painter.drawRoundedRect(box, 6, 6)
            inside = box.adjusted(10, 7, -8, -6)
            self._text(inside, name, 9, LIGHT.muted)
            self._text(inside.adjusted(0, 12, 0, 0), figure, 18, strong=True)
            self.painter.setFont(_font(8))
            self.painter.setPen(QColor(LIGHT.muted))
            wrapped = int(Qt.TextFlag.TextWordWrap)
            self.painter.drawText(inside.adjusted(0, 36, 0, 0), wrapped, basis)
        self.y += height + 20

    def _rows(self, title: str, rows: Sequence[Row]) -> None:
        self._title(title, room=_ROW)
        for row in rows:
            self._need(_ROW)
            self._row(row)
            self.y += _ROW
        self.y += 6

    def _row(self, row: Row) -> None:
        names, counts, likely, verdicts = 112.0, 48.0, 84.0, 124.0
        bar = self._inner - names - counts - likely - verdicts - 16
        x, height = _MARGIN, _ROW
        self._text(QRectF(x, self.y, names - 8, height), row.label, 10)
        x += names
        self._text(
            QRectF(x, self.y, counts - 8, height), f"{row.good:,} of {row.total:,}", 10, LIGHT.muted
        )
        x += counts
        self._bar(QRectF(x, self.y, bar, 13), row)
        x += bar + 10
        self._text(QRectF(x, self.y, likely, height), likely_words(row), 9, LIGHT.muted)
        self._badge(QRectF(x + likely, self.y - 1, verdicts + 6, 14), row)

    def _bar(self, box: QRectF, row: Row) -> None:
        """Draw the interval on a scale from never to always, with a dot at the count."""
        dot, track = 6.5, 4.0
        left, width = box.left() + dot / 2, box.width() - dot
        top = box.center().y() - track / 2
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(LIGHT.sunken))
        self.painter.drawRoundedRect(QRectF(left, top, width, track), 2, 2)
        colour = LIGHT.frontier if row.verdict is Verdict.FRONTIER else LIGHT.cheap
        span = QColor(colour)
        span.setAlphaF(0.42)
        self.painter.setBrush(span)
        length = max(track, width * (row.high - row.low))
        self.painter.drawRoundedRect(QRectF(left + width * row.low, top, length, track), 2, 2)
        self.painter.setBrush(QColor(colour))
        middle = left + width * (row.good / row.total if row.total else 0)
        self.painter.drawEllipse(QRectF(middle - dot / 2, box.center().y() - dot / 2, dot, dot))

    def _badge(self, box: QRectF, row: Row) -> None:
        text, ground = _VERDICT_COLOURS[row.verdict]
        font = _font(8, strong=row.verdict is not Verdict.CANNOT_TELL)
        self.painter.setFont(font)
        words = row.verdict_words()
        width = min(box.width(), self.painter.fontMetrics().horizontalAdvance(words) + 14)
        shape = QRectF(box.right() - width, box.top(), width, box.height())
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(ground))
        self.painter.drawRoundedRect(shape, 7, 7)
        self.painter.setPen(QColor(text))
        self.painter.drawText(shape, Qt.AlignmentFlag.AlignCenter, words)

    # Words

    def _title(self, text: str, room: float = 30.0) -> None:
        self.y += 8
        self._need(20 + room)
        self._line(text, 12, strong=True, height=19)

    def _line(
        self,
        text: str,
        size: float,
        colour: str = LIGHT.text,
        *,
        strong: bool = False,
        height: float = 14,
    ) -> None:
        self._need(height)
        self._text(QRectF(_MARGIN, self.y, self._inner, height), text, size, colour, strong=strong)
        self.y += height

    def _text(
        self, box: QRectF, text: str, size: float, colour: str = LIGHT.text, *, strong: bool = False
    ) -> None:
        """Draw one line at the top left of a box, shortened where it does not fit."""
        self.painter.setFont(_font(size, strong=strong))
        self.painter.setPen(QColor(colour))
        shown = self.painter.fontMetrics().elidedText(
            " ".join(text.split()), Qt.TextElideMode.ElideRight, int(box.width())
        )
        self.painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, shown)

    def _paragraph(self, text: str, colour: str = LIGHT.text, size: float = 10.0) -> None:
        """Draw a paragraph at the page's width, on the next page where it does not fit here."""
        document = QTextDocument()
        document.setDocumentMargin(0)
        document.setDefaultFont(_font(size))
        document.setHtml(f'<p style="margin:0; line-height:125%">{escape(text)}</p>')
        document.setTextWidth(self._inner)
        height = document.size().height()
        self._need(height)
        self.painter.save()
        self.painter.translate(_MARGIN, self.y)
        context = QAbstractTextDocumentLayout.PaintContext()
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Text, QColor(colour))
        context.palette = palette
        document.documentLayout().draw(self.painter, context)
        self.painter.restore()
        self.y += height + 4

    # Pages

    def _need(self, height: float) -> None:
        if self.y + height > self._height - _MARGIN - _FOOT:
            self._footer()
            self._writer.newPage()
            self._page += 1
            self.y = _MARGIN

    def _footer(self) -> None:
        top = self._height - _MARGIN - 8
        box = QRectF(_MARGIN, top, self._inner, 14)
        said = f"{self._report.name} · Counterpart · speaks only for prompts like these"
        self._text(box.adjusted(0, 0, -60, 0), said, 8, LIGHT.faint)
        self.painter.setFont(_font(8))
        self.painter.drawText(box, Qt.AlignmentFlag.AlignRight, f"page {self._page}")


def _font(size: float, *, strong: bool = False) -> QFont:
    font = interface_font(1.0, 13, strong=strong)
    if hasattr(font, "clearFeatures"):
        # Figures of one width are other glyphs, which nobody could copy or search in a PDF.
        font.clearFeatures()
    font.setPixelSize(max(1, round(size)))
    return font
