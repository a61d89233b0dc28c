"""A loopback server that stands in for a vendor: what is done by the vendor's name is tried on it.

Nobody can add such a model: a vendor's name holds at the vendor's own addresses alone.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.adapters.clock import SystemClock
from app.adapters.storage import open_history


def stand_in(folder: Path, vendor: str, *names: str) -> None:
    """Let the models of these names count as that vendor's; choose the pair afterwards."""
    history = open_history(folder / "counterpart.db", SystemClock())
    for model in history.models():
        if model.name in names:
            history.replace_model(model.id, replace(model, vendor=vendor, id=0))
    history.close()
