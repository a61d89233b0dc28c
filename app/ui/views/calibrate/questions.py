"""What Calibrate asks before it acts: where a report goes, and what cannot be taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.calibration.run import Run
from app.domain.words import counted
from app.ui.widgets.confirmation import Confirmation

_PAPERS = (("PDF, A4 (*.pdf)", "a4"), ("PDF, US Letter (*.pdf)", "letter"))


def ask_where_to_export(parent: QWidget, run: str, chosen: Callable[[Path, str], object]) -> None:
    """Ask where to put a run's report, and on which paper: `a4` or `letter`."""
    dialog = QFileDialog(parent, "Export the calibration report")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([name for name, _ in _PAPERS])
    dialog.setDefaultSuffix("pdf")
    dialog.selectFile(f"Calibration {run}.pdf".replace("/", "-"))

    def choose(name: str) -> None:
        if name:
            chosen(Path(name), dict(_PAPERS).get(dialog.selectedNameFilter(), "a4"))

    dialog.fileSelected.connect(choose)
    dialog.open()


def ask_to_end(parent: QWidget, run: Run, end: Callable[[], object]) -> None:
    """Ask whether the voting is to end, though prompts are left without a vote."""
    left = len(run.items) - run.voted
    Confirmation(
        parent,
        "End the voting?",
        f"{counted(left, 'prompt')} without a vote will count against the cheap model, and the "
        "models will be named. No vote can be cast on this run afterwards.",
        "End the voting",
        end,
    ).open()


def ask_to_delete(parent: QWidget, run: str, delete: Callable[[], object]) -> None:
    """Ask whether a run is to go for good."""
    Confirmation(
        parent,
        f"Delete the run “{run}”?",
        "Its list and its report go for good. What was asked, with its answers and votes, "
        "stays in History.",
        "Delete",
        delete,
    ).open()
