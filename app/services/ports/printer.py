"""A calibration report on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from app.domain.calibration.report import CalibrationReport


class ReportPrinter(Protocol):
    """Puts a calibration report on paper. Blocking, a fraction of a second."""

    def print_report(self, report: CalibrationReport, path: Path, paper: str) -> None:
        """Write a PDF on `a4` or `letter`; InputError when the file cannot be written."""
        ...
