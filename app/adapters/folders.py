"""Where Counterpart keeps its files on this computer."""

from __future__ import annotations

from pathlib import Path

from app.domain.errors import StorageError

APP = "Counterpart"


class Folders:
    """The data folder and the cache folder: the platform's own, or below a folder handed in.

    They are made when first asked for, readable by this user alone (on Windows the user's own
    folder is so already). StorageError when that cannot be.
    """

    def __init__(self, data_dir: Path | None = None) -> None:
        self._override = None if data_dir is None else data_dir.expanduser().absolute()

    @property
    def data(self) -> Path:
        """Return the folder of the history and everything else that must not be lost."""
        if self._override is not None:
            return _made(self._override)
        import platformdirs

        return _made(platformdirs.user_data_path(APP, appauthor=False, roaming=False))

    @property
    def cache(self) -> Path:
        """Return the folder of what can be made again at any time."""
        if self._override is not None:
            return _made(self._override / "cache")
        import platformdirs

        return _made(platformdirs.user_cache_path(APP, appauthor=False))


def _made(folder: Path) -> Path:
    """Make the folder with mode 0700 where it is missing; one that exists keeps its mode."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder {folder} cannot be made: {error.strerror or type(error).__name__}.",
            "Free some space or mend the folder's permissions, or name another one "
            "with --data-dir.",
            "folder",
        ) from error
    return folder
