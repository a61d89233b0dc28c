"""The whole audit of one's own work, from the list of prompts to the savings, in one go.

24 prompts are fixed, run, killed half-way, resumed and voted on; auto-route sends 30 more; spot
checks are answered; and then promise, history and savings have to agree to the cent.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.model import Role
from tests.e2e.calibration_steps import (
    Audit,
    fix_the_list,
    read_the_report,
    resume,
    run_until_killed,
    vote_by_keyboard,
)
from tests.e2e.routing_steps import (
    answer_the_checks,
    flip_auto_route_on,
    history_rows,
    honest,
    lessons,
    read_the_promise,
    read_the_savings,
    send,
    tell_the_rule,
    terminal_history,
    terminal_rule,
)
from tests.e2e.test_window import opened
from tests.fakes.calibrating import counting_vendor

pytestmark = pytest.mark.e2e


@pytest.fixture
def audit(qtbot: QtBot, tmp_path: Path) -> Iterator[Audit]:
    with counting_vendor() as vendor:
        yield Audit(qtbot, tmp_path, vendor)


def test_an_audit_of_ones_own_work_ends_in_figures_that_agree_to_the_cent(audit: Audit) -> None:
    fix_the_list(audit)
    run_until_killed(audit)
    with opened(audit.qtbot, audit.folder) as window:
        resume(audit, window)
        tell_the_rule(audit, window)
        vote_by_keyboard(audit, window)
        shaped = read_the_report(audit, window)
        easy = next(row for row in shaped["groups"] if row["name"] == "extraction")
        assert (easy["good"], easy["total"], easy["verdict"]) == (12, 12, "probably enough")
        hard = next(row for row in shaped["groups"] if row["name"] == "analysis")
        assert (hard["good"], hard["total"], hard["verdict"]) == (0, 12, "leans to the frontier")
        assert shaped["next_hundred"]["to_cheap"] == ["extraction"]
        assert shaped["next_hundred"]["sent_to_cheap"] == 50
        assert lessons(audit, window) == honest(())

        before = read_the_promise(audit, window)
        flip_auto_route_on(audit, window)
        sent = send(audit, window)
        checks = answer_the_checks(audit, window, sent)
        assert lessons(audit, window) == honest(sent)
        after = read_the_promise(audit, window, checks)
        assert after.promise == before.promise  # made anew at 48 votes, not before
        # Each spot check is weighed: the honest votes found no loss among those for cheap.
        assert after.drift is not None
        assert (after.drift.checks, after.drift.losses) == (checks, 0)
        assert {row.goes_to for row in after.groups} >= {Role.CHEAP, Role.FRONTIER}

        rows = history_rows(audit, window)
        read_the_savings(audit, window, rows, sent)
    terminal_rule(audit, after)
    terminal_history(audit, rows, sent)
