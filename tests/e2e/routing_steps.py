"""The second half of the audit: auto-route on, 30 prompts, spot checks, and whether all agrees."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.domain.answer import AnswerState
from app.domain.model import Role
from app.domain.money import Certainty, Cost, totals
from app.domain.routing.decision import Basis, Decision
from app.domain.routing.lesson import Asked, Lesson
from app.domain.routing.overview import RuleOverview
from app.domain.savings.rounding import CENT, rounded
from app.domain.savings.values import Figures, Savings, SavingsRow
from app.domain.turn import Turn, TurnMode, TurnRow
from app.domain.vote import Choice, VoteKind
from app.domain.words import costs_text, counted
from app.ui.main_window import MainWindow
from app.ui.views.compare.page import AUTO_ROUTE
from app.ui.views.history.view import HistoryView
from app.ui.views.rule.known import Known
from app.ui.views.rule.limit import LIMITS
from app.ui.views.rule.view import RuleView
from app.ui.views.savings.view import SavingsView
from tests.e2e.calibration_steps import MATTER, Audit, better, prompt
from tests.e2e.test_window import WAIT_MS, ask, do, settled
from tests.fakes.calibrating import CHEAP, FRONTIER
from tests.fakes.windows import press

SENT = 30
LIMIT = 0.25
CHANCE = 0.25
_ASKED = {Role.CHEAP: CHEAP, Role.FRONTIER: FRONTIER}
# Why a vote was asked for, with what chance, and what was voted.
Weighed = tuple[Asked, float | None, Choice | None]
_NAMES = {"cheap": "Small", "frontier": "Big"}


def rule_view(audit: Audit, window: MainWindow) -> RuleView:
    """Enter My rule and wait until it has read everything anew."""
    window.show_view("rule")
    view = window.view("rule")
    assert isinstance(view, RuleView)
    view._known = None
    view.entered()
    audit.qtbot.waitUntil(lambda: view._known is not None and window.bridge.idle, timeout=WAIT_MS)
    return view


def tell_the_rule(audit: Audit, window: MainWindow) -> None:
    """Say, before any vote, from how many votes it may decide, the limit, and how many checks."""
    view = rule_view(audit, window)
    page = view.page

    def told(is_so: Callable[[Known], bool]) -> None:
        audit.qtbot.waitUntil(
            lambda: view._known is not None and is_so(view._known), timeout=WAIT_MS
        )

    page.progress.needed.setValue(24)
    told(lambda known: known.overview.votes_needed == 24)
    while LIMITS[page.limit.slider.value()] < LIMIT:
        QTest.keyClick(page.limit.slider, Qt.Key.Key_Right)
    told(lambda known: known.overview.promise.limit == LIMIT)
    page.checks.one_in.setValue(4)
    told(lambda known: known.check_chance == CHANCE)


def read_the_promise(audit: Audit, window: MainWindow, checks: int = 0) -> RuleOverview:
    """Read in My rule what is promised: it speaks of the run's 24 votes, and of no other.

    `checks` spot checks were voted on since; they count for the next look alone.
    """
    view = rule_view(audit, window)
    assert view._known is not None
    overview = view._known.overview
    promise = overview.promise
    assert overview.learned
    assert promise.holds
    assert (promise.votes, promise.frontier_better, promise.unvoted) == (24, 12, 0)
    assert promise.limit == LIMIT
    assert promise.errors <= promise.allowed == 1  # the run's lot decides whether one is used
    assert overview.calibrating == overview.votes_used == 24 + checks
    assert overview.kinds == ((VoteKind.BLIND, 24 + checks),)
    assert promise.next_look == 48
    share = f"sends {round(promise.share * 100)}% of all prompts to cheap"
    said = view.page.limit.promise.text()
    assert f"On your 24 calibrating votes this rule {share}" in said
    assert "within 1 in 4 of your next 1,000 prompts" in said
    assert f"{24 + checks:,} asked for at random" in view.page.votes.measure.text()
    today = view.page.limit.today.accessibleName()
    assert f"made anew at 48 votes, {24 - checks} to come" in today
    return overview


def flip_auto_route_on(audit: Audit, window: MainWindow) -> None:
    """Choose auto-route in Compare, and the matter of the audit."""
    with audit.qtbot.waitSignal(window.compare.drafting.loaded, timeout=WAIT_MS):
        window.show_view("compare")
    mode = window.compare.page.mode
    (button,) = (each for each in mode.findChildren(QPushButton) if each.text() == "Auto-route")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert mode.choice() == AUTO_ROUTE
    assert window.compare.auto_route
    window.compare.page.matters.set_matter(MATTER)


def send(audit: Audit, window: MainWindow) -> tuple[Turn, ...]:
    """Send 30 prompts of the same two kinds, and see each go where its decision says."""
    audit.vendor.server.requests.clear()
    last, sent = 0, []
    for number in range(24, 24 + SENT):
        ask(audit.qtbot, window, prompt(number))
        last = settled(audit.qtbot, window, last).id
        turn = stored(audit, window, last)
        assert turn.prompt.text == prompt(number)
        assert turn.prompt.matter == MATTER
        went_where_decided(audit, turn)
        sent.append(turn)
    asked = sum(len(turn.answers) for turn in sent)
    assert len(audit.vendor.server.requests) == asked
    roles = Counter(
        (turn.decision.role, turn.prompt.text.split()[0]) for turn in sent if turn.decision
    )
    # What was learned from 24 votes holds for prompts of the same two kinds.
    assert roles == {(Role.CHEAP, "Extract"): 15, (Role.FRONTIER, "Analyse"): 15}
    return tuple(sent)


def stored(audit: Audit, window: MainWindow, turn_id: int) -> Turn:
    """Return a turn as the history kept it."""
    turn = do(audit.qtbot, window, lambda services: services.archive.show(turn_id))
    assert isinstance(turn, Turn)
    return turn


def went_where_decided(audit: Audit, turn: Turn) -> None:
    """Compare the stored decision with the stored answers and with what the server was asked."""
    decision = turn.decision
    assert decision is not None
    assert decision.basis is Basis.LEARNED
    assert decision.role is not None
    assert (decision.votes_used, decision.votes_needed) == (24, 24)
    assert any("your 24 calibrating votes" in sentence for sentence in decision.because)
    checked = decision.spot_check
    assert decision.draw is not None
    assert checked == (decision.draw < CHANCE)
    assert decision.propensity == (CHANCE if checked else 1 - CHANCE)
    expected = list(Role) if checked else [decision.role]
    assert turn.mode is (TurnMode.BLIND if checked else TurnMode.ROUTED)
    assert [answer.role for answer in turn.answers] == expected
    assert all(answer.state is AnswerState.COMPLETE for answer in turn.answers)
    for role, model in _ASKED.items():
        assert audit.vendor.asked(model)[turn.prompt.text] == int(role in expected)


def answer_the_checks(audit: Audit, window: MainWindow, sent: tuple[Turn, ...]) -> int:
    """Vote on every spot check at the desk of My rule; return how many there were."""
    drawn = [turn for turn in sent if turn.decision is not None and turn.decision.spot_check]
    view = rule_view(audit, window)
    assert view._known is not None
    assert list(view._known.waiting) == [turn.id for turn in drawn]
    assert audit.told("rule")["spot_checks"] == {
        "chance": CHANCE, "waiting": [turn.id for turn in drawn],
    }  # fmt: skip
    waiting = counted(len(drawn), "spot check") if drawn else "None"
    assert view.page.checks.waiting.text().startswith(waiting)
    if drawn:  # once in 5,600 times no lot of 30 falls below 1 in 4
        view.page.checks.vote.click()
    desk = view.desk
    for turn in drawn:

        def shown(turn: Turn = turn) -> bool:
            return desk.turn is not None and desk.turn.id == turn.id and not desk.turn.revealed

        audit.qtbot.waitUntil(shown, timeout=WAIT_MS)
        assert desk.turn is not None
        press(desk.votes, better(*(pane.text() for pane in desk.panes)))
        audit.qtbot.waitUntil(lambda: desk.turn is not None and desk.turn.revealed, timeout=WAIT_MS)
        desk.go_on.click()
    audit.qtbot.waitUntil(lambda: view.stack.currentIndex() == 0, timeout=WAIT_MS)
    audit.qtbot.waitUntil(
        lambda: window.bridge.idle and view._known is not None and not view._known.waiting,
        timeout=WAIT_MS,
    )
    assert not view.page.checks.vote.isVisible()
    assert audit.told("rule", "checks")["waiting"] == []
    return len(drawn)


def lessons(audit: Audit, window: MainWindow) -> Counter[Weighed]:
    """Return which votes of the pair can speak for the promise, by why each was asked for."""
    pair = do(audit.qtbot, window, lambda services: services.models.pair())
    found: list[Lesson] = do(
        audit.qtbot,
        window,
        lambda services: services.store(lambda history: history.lessons(pair.key)),
    )
    assert all(lesson.calibrates for lesson in found)
    return Counter((lesson.asked, lesson.propensity, lesson.choice) for lesson in found)


def honest(sent: tuple[Turn, ...]) -> Counter[Weighed]:
    """Return the lessons that the run and the spot checks of these prompts leave behind."""
    found: Counter[Weighed] = Counter()
    for choice in (Choice.EQUAL, Choice.FRONTIER):
        found[Asked.RUN, 1.0, choice] = 12
    for turn in sent:
        if turn.decision is not None and turn.decision.spot_check:
            easy = turn.prompt.text.startswith("Extract")
            found[Asked.CHECK, CHANCE, Choice.EQUAL if easy else Choice.FRONTIER] += 1
    return found


def history_rows(audit: Audit, window: MainWindow) -> tuple[TurnRow, ...]:
    """Return the lines that History shows; each tells the cost that it adds up to."""
    window.show_view("history")
    view = window.view("history")
    assert isinstance(view, HistoryView)
    audit.qtbot.waitUntil(lambda: view.model.rowCount() == 24 + SENT and window.bridge.idle,
                          timeout=WAIT_MS)  # fmt: skip
    found = []
    for place in range(view.model.rowCount()):
        row = view.model.row_at(place)
        assert row is not None
        assert row.revealed
        shown = view.model.data(view.model.index(place, 5))
        assert shown == costs_text(row.costs)
        assert ("≈" in str(shown)) == any(
            cost.certainty is Certainty.ESTIMATED for cost in row.costs
        )
        found.append(row)
    return tuple(found)


def total(costs: list[Cost], certainty: Certainty) -> Decimal:
    """Return the exact sum of what is known in one way."""
    amounts = [cost.money.amount for cost in costs if cost.certainty is certainty and cost.money]
    return sum(amounts, Decimal(0))


def read_the_savings(
    audit: Audit, window: MainWindow, rows: tuple[TurnRow, ...], sent: tuple[Turn, ...]
) -> None:
    """Compare Savings with History to the last digit, and the shown cents with both."""
    window.show_view("savings")
    view = window.view("savings")
    assert isinstance(view, SavingsView)
    audit.qtbot.waitUntil(lambda: view._page is not None and window.bridge.idle, timeout=WAIT_MS)
    assert view._page is not None
    report = view._page.report
    rows_add_up(report, rows, left_out(report, sent))
    # One rounding, of the whole; the parts are shared out so that they add up to it.
    shown, exact = report.main.shown, report.main.exact
    assert report.main.quantum == CENT
    assert shown.paid == rounded(exact.paid, CENT)
    assert shown.paid_estimated >= CENT  # else nothing was told apart
    (whole,) = view.table.total.rows()
    assert whole.shown == shown
    for part in (report.main.models, report.main.matters, report.main.months):
        assert summed(part) == shown
    decisions_are_counted(report, view, sent)
    terminal_savings(audit, report)


def left_out(report: Savings, sent: tuple[Turn, ...]) -> set[int]:
    """Return the turns that Savings leaves out: the frontier's price for them cannot be told.

    Their answers came without a count of tokens; what they cost is told beside the total.
    """
    alone = [turn for turn in sent if turn.mode is TurnMode.ROUTED
             and turn.answers[0].role is Role.CHEAP
             and turn.answers[0].usage.input_tokens is None]  # fmt: skip
    paid = [turn.answers[0].cost for turn in alone]
    assert {cost.certainty for cost in paid} <= {Certainty.ESTIMATED}
    assert [item.turns for item in report.left_out] == ([len(alone)] if alone else [])
    assert [cost for item in report.left_out for cost in item.paid] == list(totals(paid))
    return {turn.id for turn in alone}


def rows_add_up(report: Savings, rows: tuple[TurnRow, ...], apart: set[int]) -> None:
    """Add up History's lines, model by model: they are Savings' exact sums, `apart` beside."""
    counted_rows = [row for row in rows if row.id not in apart]
    paid: dict[str, list[Cost]] = defaultdict(list)
    for row in counted_rows:
        for payee, cost in zip(row.payees, row.costs, strict=True):
            paid[_NAMES[payee]].append(cost)
    assert (report.turns, report.main.turns) == (len(rows), len(counted_rows))
    assert {model.name for model in report.main.models} == set(paid)
    for model in report.main.models:
        assert model.turns == len(paid[model.name])
        assert model.exact.paid_measured == total(paid[model.name], Certainty.MEASURED)
        assert model.exact.paid_estimated == total(paid[model.name], Certainty.ESTIMATED)
    every = [cost for costs in paid.values() for cost in costs]
    assert report.main.exact.paid_measured == total(every, Certainty.MEASURED)
    assert report.main.exact.paid_estimated == total(every, Certainty.ESTIMATED)


def decisions_are_counted(report: Savings, view: SavingsView, sent: tuple[Turn, ...]) -> None:
    """Compare what Savings says of the rule with the stored decisions: each is counted once."""
    decided = [turn.decision for turn in sent if turn.decision is not None]
    to_cheap = sum(decision.role is Role.CHEAP for decision in decided)
    assert (report.decided, report.to_cheap) == (SENT, to_cheap)
    assert view.cards.to_cheap.basis() == f"{to_cheap} of {SENT} auto-routed prompts"
    alone = [answer.cost for turn in sent if turn.mode is TurnMode.ROUTED
             for answer in turn.answers if answer.role is Role.CHEAP]  # fmt: skip
    assert report.main.exact.routed_measured == total(alone, Certainty.MEASURED)


def summed(rows: tuple[SavingsRow, ...]) -> Figures:
    """Return the rows' shown parts, added up."""
    return Figures(*(sum(parts, Decimal(0)) for parts in
                     zip(*(row.shown.parts() for row in rows), strict=True)))  # fmt: skip


def terminal_savings(audit: Audit, report: Savings) -> None:
    """Read the savings in a terminal: the same figures as in the window."""
    told = audit.told("savings")
    for said, figures in ((told, report.main.shown), (told["exact"], report.main.exact)):
        for name in ("paid", "paid_measured", "paid_estimated", "saved", "comparing"):
            assert Decimal(said[name]) == getattr(figures, name), name
        assert Decimal(said["always_frontier"]) == figures.frontier
    assert (told["decided"], told["sent_to_cheap"]) == (report.decided, report.to_cheap)
    assert (told["prompts"], told["counted"]) == (report.turns, report.main.turns)
    apart = [(item["prompts"], Decimal(item["paid"][0]["amount"])) for item in told["left_out"]]
    assert apart == [(item.turns, item.paid[0].money.amount)
                     for item in report.left_out if item.paid[0].money]  # fmt: skip


def terminal_history(audit: Audit, rows: tuple[TurnRow, ...], sent: tuple[Turn, ...]) -> None:
    """Read the history in a terminal: every cost and every decision is the window's."""
    told = audit.told("history", "search", "--limit", "100")
    assert told["matching"] == len(rows)
    costs = {
        item["comparison"]: [(Decimal(cost["amount"]), cost["certainty"]) for cost in item["costs"]]
        for item in told["rows"]
    }
    assert costs == {
        row.id: [(cost.money.amount, cost.certainty.value) for cost in row.costs if cost.money]
        for row in rows
    }
    for turn in (sent[0], sent[1]):
        shown = audit.told("history", "show", str(turn.id))["decision"]
        decision: Decision | None = turn.decision
        assert decision is not None
        assert decision.role is not None
        assert shown["role"] == decision.role.value
        assert shown["because"] == list(decision.because)
        assert shown["spot_check"]["drawn"] == decision.spot_check


def terminal_rule(audit: Audit, overview: RuleOverview) -> None:
    """Read the rule in a terminal: the same promise, version and counts as in My rule."""
    told = audit.told("rule")
    assert told["rule_version"] == overview.rule_version
    assert told["sentences"] == list(overview.sentences)
    assert (told["calibrating"], told["votes_used"]) == (overview.calibrating, overview.votes_used)
    promise = overview.promise
    assert told["promise"]["share_to_cheap"] == promise.share
    assert (told["promise"]["low"], told["promise"]["high"]) == (promise.low, promise.high)
    assert told["promise"]["share_by_luck"] == promise.luck_share
    counts = {(row["kind"], row["name"]): (row["good"], row["total"]) for row in told["groups"]}
    assert counts == {
        (item.group.kind.value, item.group.name): (item.group.good, item.group.total)
        for item in overview.groups
    }
