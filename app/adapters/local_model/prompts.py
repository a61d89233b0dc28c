"""The practice prompts, read from our own file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from app.domain.practice import PracticeItem, PracticeKind


def practice_items(path: Path | None = None) -> tuple[PracticeItem, ...]:
    """Return the prompts in their fixed order, from our own file unless another is given."""
    entries = json.loads((path or _own_file()).read_text("utf-8"))
    return tuple(
        PracticeItem(
            entry["id"],
            entry["prompt"],
            PracticeKind(entry["kind"]),
            tuple(entry["tags"]),
            tuple(entry["accepted"]),
            tuple(entry["rejected"]),
        )
        for entry in entries
    )


def _own_file() -> Path:
    """Return the file in a checkout, or where a frozen build unpacks it."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(__file__).resolve().parents[3]
    return root / "resources" / "prompts" / "practice.json"
