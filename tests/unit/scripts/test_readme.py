"""The README as a newcomer sees it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_every_picture_and_file_that_the_readme_shows_is_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", readme)
    assert any(target.endswith(".png") for target in targets)
    assert [target for target in targets if not (ROOT / target).is_file()] == []
