"""Which font, and how large: three sizes for the interface, one for answers, all from one scale."""

from __future__ import annotations

import re
import sys
from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase

BASE_PX = 13
ANSWER_PX = 15
CODE_PX = 13.5
# Relative line height of an answer, in percent.
ANSWER_LINE_PERCENT = 150
_FALLBACK = "Inter"
_KANA, _HANGUL = re.compile("[\u3040-\u30ff]"), re.compile("[\u1100-\u11ff\uac00-\ud7af]")
_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_SANS = re.compile(r"sans|gothic|hei", re.IGNORECASE)


def _families() -> list[str]:
    """Interface families, best first: the system's own, or Inter where it has none to speak of."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    # A bare Linux answers with an alias such as "Sans Serif", which is whatever font comes first.
    if sys.platform.startswith("linux") and QFontDatabase.hasFamily(_FALLBACK):
        return [_FALLBACK, system]
    return [system, _FALLBACK]


def _tabular(font: QFont) -> QFont:
    """Give figures one width: columns of money line up, and a running clock does not jitter."""
    if hasattr(font, "setFeature"):
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def interface_font(scale: float, px: float = BASE_PX, *, strong: bool = False) -> QFont:
    """Font of labels and controls; ``px`` is its size in pixels at a scale of 1."""
    font = QFont()
    font.setFamilies(_families())
    font.setPixelSize(max(1, round(px * scale)))
    font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    return _tabular(font)


def code_font(scale: float) -> QFont:
    """Font of code in answers: the system's fixed-pitch one."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(max(1, round(CODE_PX * scale)))
    return font


def covering(font: QFont, text: str) -> QFont:
    """Give ``font`` with a family for the East Asian script in ``text``, if there is any.

    Left to itself, Qt on Linux asks each font of the system for each such character, which makes a
    paragraph some fifty times slower to lay out.
    """
    if text.isascii() or not sys.platform.startswith("linux"):
        return font
    if _KANA.search(text):
        family = _sans_family(QFontDatabase.WritingSystem.Japanese)
    elif _HANGUL.search(text):
        family = _sans_family(QFontDatabase.WritingSystem.Korean)
    elif _HAN.search(text):
        family = _sans_family(QFontDatabase.WritingSystem.SimplifiedChinese)
    else:
        return font
    if not family:
        return font
    # With fewer than three families Qt goes the slow way all the same (6.11).
    wider = QFont(font)
    wider.setFamilies([*font.families(), family, family])
    return wider


@lru_cache(maxsize=8)
def _sans_family(script: QFontDatabase.WritingSystem) -> str:
    return next((f for f in QFontDatabase.families(script) if _SANS.search(f)), "")
