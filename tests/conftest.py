"""What every test needs: a window system, even where there is no screen, and tidy garbage."""

import gc
import os
import sys

import pytest
from hypothesis import HealthCheck, settings

from app.ui.garbage import collect_due

if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The same examples everywhere, and none against the clock: a slow machine is no fault.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")

# As in the window: what is left of one test's Qt objects is not freed by another one's engine.
gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Free here, in the thread that runs the tests, what Python would have freed anywhere."""
    collect_due()
