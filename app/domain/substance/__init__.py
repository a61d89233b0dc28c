"""What an answer says, as values; whether two answers agree in it; whether that can be asked."""

from app.domain.substance.agreement import agreement
from app.domain.substance.checkable import checkable
from app.domain.substance.kind import Check, Kind
from app.domain.substance.outcome import Agreement, Obstacle, Outcome
from app.domain.substance.reading import Substance, read

__all__ = [
    "Agreement",
    "Check",
    "Kind",
    "Obstacle",
    "Outcome",
    "Substance",
    "agreement",
    "checkable",
    "read",
]
