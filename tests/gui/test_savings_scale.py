from __future__ import annotations

import pytest

from app.ui.widgets.charts.scale import (
    day_number,
    day_ticks,
    money_tick,
    round_step,
    steps_up_to,
)


@pytest.mark.parametrize(
    ("top", "labels"),
    [
        (519.0, ["$0", "$150", "$300", "$450"]),
        (0.36, ["$0.00", "$0.10", "$0.20", "$0.30"]),
        (0.0049, ["$0.0000", "$0.0015", "$0.0030", "$0.0045"]),
        (12.0, ["$0", "$3", "$6", "$9", "$12"]),
        (2_400_000.0, ["$0", "$1,000,000", "$2,000,000"]),
        (9.9, ["$0.00", "$2.50", "$5.00", "$7.50"]),
    ],
)
def test_an_axis_has_few_round_labels_with_no_more_digits_than_they_need(
    top: float, labels: list[str]
) -> None:
    step = round_step(top)
    assert [money_tick(value, step, "USD") for value in steps_up_to(top)] == labels


def test_an_axis_of_nothing_does_not_divide_by_it() -> None:
    assert steps_up_to(0.0) == (0.0, 1.0)


@pytest.mark.parametrize("years", [0, 1, 2, 10])
def test_a_calendar_never_has_more_labels_than_fit(years: int) -> None:
    days = ["2024-11-15", f"{2024 + years}-12-03"]
    for most in (2, 6, 12):
        ticks = day_ticks(days, most)
        assert 1 <= len(ticks) <= most
        for place, _ in ticks:
            assert day_number(days[0]) <= place <= day_number(days[1])


def test_a_long_calendar_names_its_years() -> None:
    assert all(name[-4:].isdigit() for _, name in day_ticks(["2024-01-15", "2026-03-01"], 9))


def test_one_day_is_labelled_by_its_date() -> None:
    assert day_ticks(["2026-03-01", "2026-03-01"], 9) == [(day_number("2026-03-01"), "1 Mar")]
