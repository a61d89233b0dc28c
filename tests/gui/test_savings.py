from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.domain.answer import Answer
from app.domain.model import Pair, Role
from app.domain.routing.decision import Basis, Decision
from app.domain.savings.sentences import headline
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Choice, Vote, VoteKind
from app.services.ports.history import History
from app.ui.models.savings_table import Grouping
from app.ui.views.savings.view import PRACTICE_LABEL, SavingsView
from app.ui.widgets.charts.cumulative import CumulativeChart
from app.ui.widgets.charts.shares import ShareBars
from tests.fakes.history_samples import ended, turn
from tests.fakes.rooms import room, told_by
from tests.fakes.scripted import PracticeModels, Stage
from tests.fakes.windows import WAIT_MS, wait_until


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


@pytest.fixture
def history(stage: Stage) -> History:
    return stage._history()


def spend(
    history: History,
    cheap: str,
    frontier: str | None,
    *,
    matter: str = "Larch",
    practice: bool = False,
    text: str = "Extract the dates.",
) -> Turn:
    """Store a prompt with what its answers cost, USD; without a frontier one it was routed."""
    models = {model.role: model for model in history.models()}
    if practice:
        models = dict(zip(Role, PracticeModels().settings(), strict=True))
    pair = Pair(models[Role.CHEAP], models[Role.FRONTIER])
    asked = [Role.CHEAP] if frontier is None else list(Role)
    begun = history.begin_turn(
        turn(
            text,
            matter=matter,
            mode=TurnMode.ROUTED if frontier is None else TurnMode.BLIND,
            pair_key=pair.key,
            practice=practice,
            answers=tuple(Answer(role, models[role]) for role in asked),
        )
    )
    if frontier is None:
        history.add_decision(begun.id, Decision(Role.CHEAP, Basis.LEARNED))
    for answer, cost in zip(begun.answers, (cheap, frontier), strict=False):
        assert cost is not None
        history.finish_answer(ended(answer, cents=cost, output_tokens=4_000), ())
    return begun


def page_of(qtbot: QtBot, view: SavingsView) -> None:
    wait_until(qtbot, lambda: view._page is not None and view.bridge._running == 0)


def amount(text: str) -> Decimal:
    return Decimal(text.replace("≈", "").replace("$", "").replace("−", "-").replace(",", ""))


def test_headline_chart_and_every_table_agree_to_the_cent(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    # Thirds and sevenths of a cent: what rounding each row by itself would get wrong.
    for number in range(7):
        spend(history, f"0.0033{number}", f"0.7714{number}", matter=f"Matter {number % 3}")
    for number in range(9):
        spend(history, f"0.0081{number}", None, matter=f"Matter {number % 4}")
    history.close()
    with room(qtbot, SavingsView, stage) as view:
        page_of(qtbot, view)
        assert view._page is not None
        report = view._page.report
        shown = amount(view.cards.saved.figure())
        for grouping in Grouping:
            view.grouping.choose(grouping.value)
            view._group(grouping.value)
            model = view.table.rows
            for column, total in ((1, shown), (2, report.frontier.amount)):
                rows = [
                    amount(str(model.index(row, column).data())) for row in range(model.rowCount())
                ]
                assert sum(rows) == total
                assert amount(str(view.table.total.index(0, column).data())) == total
        last = report.main.series[-1]
        assert last.frontier - last.paid == shown
        assert view.sentence.text() == headline(report)
        assert isinstance(view._chart, CumulativeChart)
        assert view._chart._shown.points[-1] == last


def test_an_estimated_saving_is_never_shown_without_its_mark(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    spend(history, "0.0042", "0.31")
    spend(history, "0.0042", None)
    history.close()
    with room(qtbot, SavingsView, stage) as view:
        page_of(qtbot, view)
        assert view.cards.saved.figure().startswith("≈ ")
        assert "about" in view.sentence.text()
        assert str(view.table.total.index(0, 1).data()).startswith("≈ ")
        assert "comparison" in view.notes.text()
        assert view.cards.to_cheap.figure() == "100%"


def test_one_comparison_reads_well_and_says_that_comparing_costs(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    spend(history, "0.0042", "0.31")
    history.close()
    with room(qtbot, SavingsView, stage) as view:
        page_of(qtbot, view)
        assert view.cards.saved.figure() == "−$0.0042"
        assert "Comparing cost $0.0042" in view.notes.text()
        assert view.cards.to_cheap.figure() == "—"
        assert "No comparison was voted on yet" in view.no_bars.text()
        assert view.no_bars.isVisible()


def test_practice_is_labelled_and_never_mixed_with_real_money(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    spend(history, "0.0042", "0.31")
    for _ in range(3):
        spend(history, "0", "0", practice=True)
    history.close()
    with room(qtbot, SavingsView, stage) as view:
        page_of(qtbot, view)
        assert view.world.isVisible()
        assert not view.practice_label.isVisible()
        view._choose_world("practice")
        wait_until(qtbot, view.practice_label.isVisible)
        assert view.practice_label.text() == PRACTICE_LABEL
        assert view.cards.saved.figure() == "$0.00"
        assert "3 prompts" in view.cards.saved.basis()
        assert view._chart is None or not view._chart.isVisible()
        assert "0.31" not in told_by(view)


def test_votes_become_bars_with_their_counts_and_intervals(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    for choice in (Choice.CHEAP, Choice.EQUAL, Choice.FRONTIER):
        voted = spend(history, "0.0042", "0.31")
        history.add_vote(voted.id, Vote(choice, VoteKind.BLIND))
    history.close()
    with room(qtbot, SavingsView, stage) as view:
        page_of(qtbot, view)
        assert isinstance(view._bars, ShareBars)
        (bar,) = view._bars._shares
        assert (bar.name, bar.good, bar.total) == ("Extraction", 2, 3)
        assert 0 < bar.low < bar.value < bar.high < 1
        assert "2 of 3" in view._bars.accessibleDescription()


def test_an_empty_report_says_what_will_appear_and_leads_to_compare(
    qtbot: QtBot, stage: Stage
) -> None:
    with room(qtbot, SavingsView, stage) as view:
        wait_until(qtbot, view._empty.isVisible)
        assert view._empty.title() == "Nothing to add up yet"
        with qtbot.waitSignal(view.go_to, timeout=WAIT_MS) as went:
            view._empty.chosen.emit()
        assert went.args == ["compare"]


def test_a_matter_without_prompts_is_not_taken_for_an_empty_history(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    spend(history, "0.0042", "0.31")
    history.close()
    with room(qtbot, SavingsView, stage) as view:
        page_of(qtbot, view)
        view.matter.setCurrentIndex(view.matter.findData("Untagged"))
        view._choose_scope()
        wait_until(qtbot, view._empty.isVisible)
        view._empty.chosen.emit()
        wait_until(qtbot, view.cards.isVisible)
        assert view.matter.currentData() is None


def test_a_chart_follows_the_theme_and_leaves_the_wheel_to_the_page(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    from app.ui import theme

    spend(history, "0.0042", "0.31")
    history.close()
    with room(qtbot, SavingsView, stage) as view:
        page_of(qtbot, view)
        chart = view._chart
        assert chart is not None
        assert chart.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        light = chart.grab().toImage().pixelColor(2, 2)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, "dark")
        wait_until(qtbot, lambda: chart.grab().toImage().pixelColor(2, 2) != light)


def test_at_twice_the_text_size_every_figure_is_whole(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    spend(history, "0.0042", "0.31")
    history.close()
    with room(qtbot, SavingsView, stage, scale=2.0) as view:
        page_of(qtbot, view)
        for card in (view.cards.saved, view.cards.wait):
            for label in card.findChildren(QLabel):
                if label.property("role") == "figure":
                    assert label.width() >= label.sizeHint().width()
