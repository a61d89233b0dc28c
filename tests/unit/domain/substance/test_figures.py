"""A figure misread is a wrong sum in a letter: what is written one way means one thing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.domain.substance import read
from app.domain.substance.values import Figure


def figures(text: str) -> list[Figure]:
    return list(read(text).figures)


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("The cap is $1,234.50.", "1234.50", "USD"),
        ("The cap is US$ 1.2 million.", "1200000", "USD"),
        ("a fee of £3bn", "3000000000", "GBP"),
        ("€5m", "5000000", "EUR"),
        ("EUR 1.234,56", "1234.56", "EUR"),
        ("1.234 €", "1234", "EUR"),
        ("1.234 million", "1234000", ""),
        ("CHF 1'234.50", "1234.50", "CHF"),
        ("1 234 567,89", "1234567.89", ""),
        ("1\u202f234\u00a0567,89 EUR", "1234567.89", "EUR"),
        ("Rs. 12,34,567", "1234567", "INR"),
        ("The loss was (1,234).", "-1234", ""),
        ("$(5.2) million", "-5200000", "USD"),
        ("−168", "-168", ""),
        ("-$5", "-5", "USD"),
        ("12.5%", "12.5", "%"),
        ("12,5 %", "12.5", "%"),
        ("2½ per cent", "2.5", "%"),
        ("50 basis points", "0.50", "pp"),
        ("0.6 percentage points", "0.6", "pp"),
        ("445.0p", "4.450", "GBP"),
        ("thirty (30) days", "30", "day"),
        ("10 Business Days", "10", "business day"),
        ("ten business days", "10", "business day"),
        ("two weeks", "14", "day"),
        ("an 18-month period", "18", "month"),
        ("2 years", "24", "month"),
        ("one hundred and fifty thousand dollars", "150000", "USD"),
        ("by 5 pm", "1020", "minute"),
        ("at 17:30", "1050", "minute"),
        ("3.5x", "3.5", "times"),
        ("**$1,000**", "1000", "USD"),
        (r"\boxed{27{,}181}", "27181", ""),
        (r"costs $73$ in all", "73", ""),
        (r"\$1,234", "1234", "USD"),
        ("１２３ shares", "123", ""),
        ("\u0661\u0662\u0663", "123", ""),
        ("nil interest on 0", "0", ""),
    ],
)
def test_a_figure_is_read_as_it_is_meant(text: str, amount: str, unit: str) -> None:
    (found,) = figures(text)
    assert (found.amount, found.unit) == (Decimal(amount), unit)


@pytest.mark.parametrize(
    "text",
    [
        "see Note 15",
        "on page 3",
        "Form 10-K",
        "FY2019",
        "clause 14.2",
        "Article 5(3)",
        "version 1.2.3",
        "the 3rd party",
        "S2NA",
        "Table 4 and Exhibit 7",
        "18 March 2026",
        "No. 21-cv-01234",
        "one of the parties",
        "18 U.S.C. § 1201(a)",
    ],
)
def test_a_reference_is_no_figure(text: str) -> None:
    assert figures(text) == []


def test_several_figures_come_in_their_order_each_with_its_place() -> None:
    text = "From **$519** in 2018 to $592\u00a0thousand, a rise of 14.07 %."
    found = figures(text)
    assert [text[each.place.start : each.place.end] for each in found] == [
        "$519",
        "$592\u00a0thousand",
        "14.07 %",
    ]
    assert [str(each.amount) for each in found] == ["519", "592000", "14.07"]


def test_a_place_is_right_where_accents_are_written_in_two_characters() -> None:
    text = "Cafe\u0301 de Gene\u0300ve paid **€1.234,56**."
    (found,) = figures(text)
    assert text[found.place.start : found.place.end] == "€1.234,56"


@pytest.mark.parametrize(
    ("text", "falls"),
    [
        ("Revenue decreased by $12.6 million.", True),
        ("a net loss of $5", True),
        ("a $5 million reduction", True),
        ("Revenue rose by $12.6 million.", False),
        ("Costs fell, but revenue rose by $3.", False),
        ("The loss narrowed. Revenue was $3.", False),
    ],
)
def test_a_decrease_in_words_is_told_from_an_increase(text: str, falls: bool) -> None:
    assert [each.falls for each in figures(text)] == [falls]


def test_brackets_that_number_a_point_make_nothing_negative() -> None:
    assert [str(each.amount) for each in figures("(2) the tenant owes $5")] == ["2", "5"]
    assert [str(each.amount) for each in figures("65, (114), (71)")] == ["65", "-114", "-71"]


def test_what_is_only_denied_is_marked_so() -> None:
    assert [each.negated for each in figures("not 5 days but 6 days")] == [True, False]


def test_both_ends_of_a_range_have_its_unit() -> None:
    assert [(str(each.amount), each.unit) for each in figures("10–12 days")] == [
        ("10", "day"),
        ("12", "day"),
    ]
