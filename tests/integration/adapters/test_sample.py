"""The sample must look like work, be told apart from it, and obey the same arithmetic."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.adapters.sample import FILLED, SAMPLE_SETTING, fill_sample
from app.adapters.storage.history import SqlHistory
from app.adapters.storage.opening import open_history
from app.domain.calibration.report import report_of
from app.domain.calibration.run import RunState
from app.domain.model import Role
from app.domain.money import Certainty
from app.domain.routing.decision import Basis
from app.domain.savings import savings
from app.domain.turn import HistoryQuery, TurnMode
from tests.fakes.history_samples import SetClock


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlHistory]:
    folder: Path = tmp_path_factory.mktemp("sample")
    history = open_history(folder / "sample.db", SetClock())
    fill_sample(history, SetClock(), 7)
    yield history
    history.close()


def test_the_sample_is_labelled_and_written_once(sample: SqlHistory) -> None:
    assert sample.setting(SAMPLE_SETTING) == FILLED
    before = sample.count(HistoryQuery())
    fill_sample(sample, SetClock(), 7)
    assert sample.count(HistoryQuery()) == before > 300


def test_no_sample_model_can_be_reached_by_accident(sample: SqlHistory) -> None:
    models = sample.models()
    assert {model.role for model in models} == set(Role)
    assert all(model.host == "sample.invalid" for model in models)
    assert all("(sample)" in model.vendor for model in models)


def test_every_sample_cost_is_its_tokens_times_its_price(sample: SqlHistory) -> None:
    for row in sample.page(HistoryQuery(limit=40)):
        turn = sample.turn(row.id)
        assert turn is not None
        for answer in turn.answers:
            assert answer.price is not None
            assert answer.cost.certainty is Certainty.MEASURED
            assert answer.cost.money == answer.price.cost(answer.usage)
            assert answer.text.startswith("**Sample answer.**")


def test_sample_decisions_are_those_of_the_real_rule(sample: SqlHistory) -> None:
    routed = 0
    for row in sample.page(HistoryQuery(limit=60)):
        turn = sample.turn(row.id)
        assert turn is not None
        if turn.mode is TurnMode.ROUTED:
            routed += 1
            assert turn.decision is not None
            assert turn.decision.basis is Basis.LEARNED
            assert turn.decision.role is turn.answers[0].role
            assert turn.decision.because
            assert len(turn.decision.nearest) == 3
    assert routed > 30


def test_the_sample_shows_a_saving_over_more_than_a_year(sample: SqlHistory) -> None:
    report = savings(sample.ledger(practice=False))
    assert len(report.main.months) >= 14
    assert report.main.shown.saved > 10
    assert report.left_out == ()
    assert report.to_cheap > 100
    assert report.check.median_error is not None
    assert report.check.median_error < 0.2


def test_the_sample_holds_a_calibration_run_with_its_report(sample: SqlHistory) -> None:
    (run,) = sample.calibrations()
    assert run.state is RunState.DONE
    assert (run.answered, run.voted, run.unchanged) == (40, 40, True)
    report = report_of(run, SetClock().now())
    assert report.overall.good > 20
    assert report.hundred is not None


def test_an_interrupted_sample_is_written_anew(tmp_path: Path) -> None:
    history = open_history(tmp_path / "sample.db", SetClock())

    class CutOffError(Exception):
        pass

    class Cut:
        """The history until, after five turns, the program is killed."""

        def __init__(self) -> None:
            self.left = 5

        def __getattr__(self, name: str) -> object:
            if name == "begin_turn":
                self.left -= 1
                if self.left < 0:
                    raise CutOffError
            return getattr(history, name)

    with pytest.raises(CutOffError):
        fill_sample(Cut(), SetClock(), 7, 20)  # type: ignore[arg-type]
    assert history.setting(SAMPLE_SETTING) != FILLED
    assert history.count(HistoryQuery()) == 5
    fill_sample(history, SetClock(), 7, 20)
    rows = history.page(HistoryQuery(limit=2000))
    assert history.setting(SAMPLE_SETTING) == FILLED
    assert len({row.asked_at for row in rows}) == len(rows)
    history.close()
