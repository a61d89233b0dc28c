#!/usr/bin/env python3
"""Start Counterpart; on the first start, set it up.

    python3 scripts/run.py                  the window (without a screen: a tour, as a page)
    python3 scripts/run.py -- compare "…"   anything after -- goes to Counterpart itself

This one file is also read by Pythons that are too old to run the rest. So it keeps to what
Python 3.6 can read, and asks for the version before it imports anything of ours.
"""

import os
import sys

OLDEST = (3, 11)
TOO_NEW = (3, 15)


def version_complaint(version: "tuple[int, ...]") -> str:
    """Return what is wrong with this Python and what to do, or an empty string."""
    has = "%d.%d" % (version[0], version[1])  # noqa: UP031 - Python 3.6 reads this line too
    if version[:2] < OLDEST:
        return (
            "Counterpart needs Python 3.11 or newer, and this is Python "
            + has
            + ": install a newer one and start again with it, for example "
            + '"python3.11 scripts/run.py".'
        )
    if version[:2] >= TOO_NEW:
        return (
            "Counterpart runs on Python 3.11 to 3.14, and this is Python "
            + has
            + ", for which Qt has no build yet: start again with an older one, for example "
            + '"python3.14 scripts/run.py".'
        )
    return ""


def main(arguments: "list[str]") -> int:
    """Check the version, then hand over to the rest. Returns the exit code."""
    complaint = version_complaint(sys.version_info[:3])
    if complaint:
        sys.stderr.write(complaint + "\n")
        return 1
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
    from scripts.install.start import start

    return start(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
