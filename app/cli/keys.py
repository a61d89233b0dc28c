"""One key at a time where there is a keyboard, else one word a line."""

from __future__ import annotations

import sys


def next_word() -> str | None:
    """Return the key that was pressed, or the next line that says something; None at the end.

    Ctrl+C and Ctrl+D end too.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        return _line()
    key = _key()
    return None if key in ("\x03", "\x04", "") else key


def _line() -> str | None:
    for line in sys.stdin or ():
        if line.strip():
            return line.strip()
    return None


if sys.platform == "win32":

    def _key() -> str:
        """Wait for one key."""
        import msvcrt

        return msvcrt.getwch()

else:

    def _key() -> str:
        """Wait for one key; the terminal is given back as it was."""
        import termios
        import tty

        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
        try:
            tty.setcbreak(descriptor)
            return sys.stdin.read(1)
        finally:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
