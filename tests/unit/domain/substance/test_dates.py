"""A date misread is a deadline missed: each written form means one day, or says it does not."""

from __future__ import annotations

import pytest

from app.domain.substance import read


def isos(text: str) -> list[str]:
    return [date.iso for date in read(text).dates]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("18 March 2026", "2026-03-18"),
        ("18th of March, 2026", "2026-03-18"),
        ("the 18th day of March 2026", "2026-03-18"),
        ("March 18, 2026", "2026-03-18"),
        ("MARCH 18TH, 2026", "2026-03-18"),
        ("Mar. 18", "--03-18"),
        ("18-Mar-2026", "2026-03-18"),
        ("18.03.2026", "2026-03-18"),
        ("18.3.26", "2026-03-18"),
        ("03/18/2026", "2026-03-18"),
        ("18/03/2026", "2026-03-18"),
        ("2026-03-18", "2026-03-18"),
        ("2026-03-18T10:00:00Z", "2026-03-18"),
        ("Monday, 18\u00a0March 2026 at 5 pm", "2026-03-18"),
        ("18. März 2026", "2026-03-18"),
        ("le 1er août 2026", "2026-08-01"),
        ("18 de marzo de 2026", "2026-03-18"),
        ("18 marzo 2026", "2026-03-18"),
        ("18 maart 2026", "2026-03-18"),
        ("March 2026", "2026-03"),
        ("in 2026", "2026"),
        ("Q3 2026", "2026-Q3"),
        ("the third quarter of 2026", "2026-Q3"),
        ("FY19", "2019"),
        ("fiscal year 2019", "2019"),
        ("1–15 March 2026", "2026-03-01/2026-03-15"),
        ("March 1-15, 2026", "2026-03-01/2026-03-15"),
        ("1 and 15 March 2026", "2026-03-01&2026-03-15"),
        ("from 1 March to 15 April 2026", "2026-03-01/2026-04-15"),
        ("2017–2019", "2017/2019"),
        ("18\nMarch 2026", "2026-03-18"),
        ("**18 March** 2026", "2026-03-18"),
    ],
)
def test_a_date_is_read_in_whatever_form_it_is_written(text: str, iso: str) -> None:
    assert isos(text) == [iso]


@pytest.mark.parametrize(
    "text",
    [
        "31 February",
        "29 February 2025",
        "The party may 30 days after notice",
        "$2019",
        "2019 shares",
        "2,019",
        "1/2 of it",
        "No. 2019-55",
        "14.2.1",
    ],
)
def test_what_no_calendar_has_is_no_date(text: str) -> None:
    assert isos(text) == []


def test_a_date_with_two_readings_keeps_both() -> None:
    (date,) = read("03/04/2026").dates
    assert (date.iso, date.other) == ("2026-03-04", "2026-04-03")


def test_a_date_named_only_to_be_denied_is_marked_so() -> None:
    found = read("not on 8 March but on 18 March").dates
    assert [(date.iso, date.negated) for date in found] == [("--03-08", True), ("--03-18", False)]


def test_each_date_is_shown_and_found_where_it_stands() -> None:
    text = "Serve by **18 March 2026**, at the latest on 20.03.2026."
    assert [text[d.place.start : d.place.end] for d in read(text).dates] == [
        "18 March 2026",
        "20.03.2026",
    ]
