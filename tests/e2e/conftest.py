"""Steps that several tests share fail with the values they compared, as tests do."""

import pytest

pytest.register_assert_rewrite("tests.e2e.calibration_steps", "tests.e2e.routing_steps")
