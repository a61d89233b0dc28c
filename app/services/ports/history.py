"""The local history: one file, one door, of which each part has a room of its own."""

from __future__ import annotations

from typing import Protocol

from app.domain.matter import Matter
from app.domain.model import ModelRef
from app.services.ports.calibrations import CalibrationHistory
from app.services.ports.learning import LearningHistory
from app.services.ports.turns import TurnHistory


class History(TurnHistory, LearningHistory, CalibrationHistory, Protocol):
    """The local history, with what the user set up. Blocking, and called from one thread only.

    Each method is one transaction; StorageError in words otherwise.
    """

    def models(self) -> list[ModelRef]:
        """Return the models in use, in the order they were added; never the practice ones."""
        ...

    def add_model(self, model: ModelRef) -> ModelRef:
        """Store a model and return it with its id; InputError when the name is in use."""
        ...

    def replace_model(self, model_id: int, new: ModelRef) -> ModelRef:
        """Store a new version of a model in the place of one in use; return it with its id.

        InputError when another model has its name; the one there was is then still in use.
        """
        ...

    def remove_model(self, model_id: int) -> None:
        """Take a model out of use; its answers stay readable."""
        ...

    def matters(self) -> list[Matter]:
        """Return all matters by name, `Untagged` first; it always exists."""
        ...

    def save_matter(self, matter: Matter) -> Matter:
        """Store a matter, new or known by its name, with its policy."""
        ...

    def matter(self, name: str) -> Matter | None:
        """Return the matter of that name (case-insensitive), or None."""
        ...

    def tags(self) -> list[str]:
        """Return the tags in use, the most used first."""
        ...

    def setting(self, name: str) -> str | None:
        """Return a stored setting."""
        ...

    def set_setting(self, name: str, value: str) -> None:
        """Store a setting."""
        ...

    def close(self) -> None:
        """Close the file, writing the log back."""
        ...
