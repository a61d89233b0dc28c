"""How an answer looks: fonts, colours and distances, taken from the theme once."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QFontMetricsF

from app.ui.theme import Theme
from app.ui.theme.fonts import ANSWER_LINE_PERCENT

_CODE_LINE_PERCENT = 145


@dataclass(frozen=True, slots=True)
class Look:
    """Fonts, colours and distances (pixels) of an answer, taken from the theme once."""

    text: QFont
    code: QFont
    ink: QColor
    muted: QColor
    line: QColor
    sunken: QColor
    link: QColor
    gap: int
    """Between two blocks."""
    tight: int
    """Between two list items, and inside table cells."""
    indent: int
    pad: int
    """Inside a box of code."""
    quote: int
    """Indentation of a quotation."""
    text_line: float
    """Line height of text, in percent of what its font asks for; ``code_line`` that of code."""
    code_line: float

    @classmethod
    def of(cls, theme: Theme, *, quiet: bool = False) -> Look:
        """Take the look from ``theme``; ``quiet`` is smaller and muted, as for reasoning."""
        text = theme.interface_font() if quiet else theme.answer_font()
        code = theme.code_font()
        return cls(
            text=text,
            code=code,
            ink=theme.colour("muted" if quiet else "text"),
            muted=theme.colour("muted"),
            line=theme.colour("line"),
            sunken=theme.colour("sunken"),
            link=theme.colour("accent"),
            gap=theme.px(12),
            tight=theme.px(4),
            indent=theme.px(30),
            pad=theme.px(10),
            quote=theme.px(15),
            text_line=_line_percent(text, ANSWER_LINE_PERCENT),
            code_line=_line_percent(code, _CODE_LINE_PERCENT),
        )


def _line_percent(font: QFont, percent_of_size: float) -> float:
    """Turn a line height relative to the font's size into one relative to what the font asks for.

    The line is brought to whole pixels: otherwise numbers of lists dance about their lines.
    """
    line = round(font.pixelSize() * percent_of_size / 100)
    return 100 * line / QFontMetricsF(font).height()
