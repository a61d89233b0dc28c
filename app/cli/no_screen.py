"""What happens where the window was asked for and there is no screen."""

from __future__ import annotations

import sys


def instead_of_window(typed: list[str], *, sample: bool) -> list[str] | None:
    """Say that there is no screen; return the command to run instead, or None where none helps."""
    if sample:
        print(
            "There is no screen here to show the sample history on. Start it in a desktop session, "
            "or use `counterpart tour --html FILE` for a page with pictures.",
            file=sys.stderr,
        )
        return None
    print(
        "There is no screen here, so Counterpart makes a tour instead: one page with pictures.",
        file=sys.stderr,
    )
    return ["tour", *typed]
