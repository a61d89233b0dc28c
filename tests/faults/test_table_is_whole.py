"""The table beside faults.md: every row of ours is there, and none is forgotten."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
OURS = {*range(1, 50), *range(58, 63), 75}


def test_every_row_has_a_test() -> None:
    named: set[int] = set()
    for module in HERE.glob("test_*.py"):
        text = module.read_text(encoding="utf-8")
        named |= {int(number) for number in re.findall(r"\bRow\((\d+),", text)}
        for numbers in re.findall(r"def test_(\d\d(?:_\d\d)*)_", text):
            named |= {int(number) for number in numbers.split("_")}
    assert named >= OURS, sorted(OURS - named)
    assert named <= OURS, sorted(named - OURS)
