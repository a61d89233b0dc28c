"""What every test needs: a window system, even where there is no screen."""

import os
import sys

from hypothesis import settings

if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The same examples everywhere, and none against the clock: a slow machine is no fault.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
