"""One key at a time where there is a keyboard, else one word a line."""

from __future__ import annotations

import sys


def next_word(hint: str = "") -> str | None:
    """Return the key that was pressed, or the next line that says something; None at the end.

    `hint` is shown once a key is really waited for: what was typed before does not count.

    Ctrl+C and Ctrl+D end too. It waits in the thread that asks: nothing else goes on meanwhile.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        return _line()
    key = _key(hint)
    return None if key in ("\x03", "\x04", "") else key


def _line() -> str | None:
    for line in sys.stdin or ():
        if line.strip():
            return line.strip()
    return None


if sys.platform == "win32":

    def _key(hint: str) -> str:
        """Wait for one key."""
        import msvcrt

        while msvcrt.kbhit():
            msvcrt.getwch()
        print(hint, end="", flush=True, file=sys.stderr)
        return msvcrt.getwch()

else:

    def _key(hint: str) -> str:
        """Wait for one key, Ctrl+C among them; the terminal is given back as it was."""
        import termios
        import tty

        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
        try:
            tty.setraw(descriptor)
            print(hint, end="", flush=True, file=sys.stderr)
            return sys.stdin.read(1)
        finally:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
