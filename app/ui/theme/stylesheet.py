"""The stylesheet, built from the tokens: hairlines, no shadows, and a focus ring on every control.

Widgets say what they are by a dynamic property: ``card``, ``kind`` (of a button), ``role`` (of a
label), ``badge``. The file ``app.qss`` beside this one holds the rules; colours and sizes are
put in here.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from app.ui.theme.resources import resource
from app.ui.theme.tokens import Tokens

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)px\*")
_NAME = re.compile(r"@([a-z][a-z-]*)")


@lru_cache(maxsize=1)
def _rules() -> str:
    return _COMMENT.sub("", (Path(__file__).parent / "app.qss").read_text(encoding="utf-8"))


def build_stylesheet(tokens: Tokens, scale: float) -> str:
    """Fill ``app.qss``: ``@name`` is a token or a picture, ``12px*`` grows with ``scale``.

    Raise ``KeyError`` where the rules name something that does not exist.
    """
    values = {name.replace("_", "-"): value for name, value in asdict(tokens).items()}
    for picture in ("chevron-down", "chevron-up", "mark-check"):
        # A stylesheet wants forward slashes on every system.
        values[picture] = f'url("{resource("icons", f"{picture}.svg").as_posix()}")'
    scaled = _LENGTH.sub(lambda m: f"{max(1, round(float(m[1]) * scale))}px", _rules())
    return _NAME.sub(lambda m: values[m[1]], scaled)
