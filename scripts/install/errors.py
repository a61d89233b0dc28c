"""What can go wrong while setting up, in words a person can act on."""

from __future__ import annotations

import sys


class SetupError(Exception):
    """Setting up cannot go on. The message is one sentence that names the next step."""


def say(sentence: str) -> None:
    """Tell the user something about the setting up.

    On standard error, because standard output belongs to the command that was asked for.
    """
    print(sentence, file=sys.stderr, flush=True)
