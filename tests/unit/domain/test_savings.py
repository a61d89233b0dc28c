"""A saving that does not add up, or that hides what is unknown, misleads a client."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.model import Role
from app.domain.money import Certainty, Cost, Money, Price
from app.domain.savings import Figures, Scope, savings
from app.domain.savings.estimate import FrontierPrice
from app.domain.savings.rounding import apportion, quantum_for, rounded
from app.domain.savings.sentences import headline, notes
from app.domain.turn import LedgerAnswer, LedgerTurn
from app.domain.vote import Choice
from tests.fakes.ledgers import answer, compared, money, turn

CENT = Decimal("0.01")
YUAN = Price(Decimal(1), Decimal(4), currency="CNY")
CHEAP_COST, FRONTIER_COST = Decimal("0.00036"), Decimal("0.0375")


def test_an_empty_history_reads_well() -> None:
    report = savings([])
    assert report.saved == money("0.0000")
    assert (report.main.currency, report.main.series, report.main.months) == ("USD", (), ())
    assert report.share_to_cheap is None
    assert report.waits.typical_ms is None
    assert headline(report).startswith("Nothing has been counted yet.")
    assert notes(report) == ()


def test_one_comparison_costs_more_than_the_frontier_alone_and_says_so() -> None:
    report = savings([compared(1)])
    figures = report.main.exact
    assert figures.paid == CHEAP_COST + FRONTIER_COST
    assert figures.frontier == FRONTIER_COST
    assert figures.saved == figures.saved_measured == -CHEAP_COST
    assert figures.comparing == CHEAP_COST
    assert not figures.approximate
    assert report.main.low == report.main.high == report.main.shown.frontier
    assert headline(report) == (
        "You paid $0.0379; asking the frontier model every time would have cost $0.0375. "
        "While comparing you pay both; auto-route is what saves."
    )
    assert notes(report) == ("Comparing cost $0.0004, already taken off.",)


def test_a_frontier_answer_that_was_cut_makes_its_cost_an_estimate() -> None:
    cut = answer(Role.FRONTIER, certainty=Certainty.ESTIMATED)
    report = savings([turn(1, answer(Role.CHEAP), cut)])
    assert report.main.exact.frontier_estimated
    assert "would have cost ≈ $0.0300" in headline(report)


def test_a_prompt_sent_to_cheap_saves_the_frontiers_estimated_cost() -> None:
    ledger = [compared(n) for n in range(1, 11)]
    ledger.append(turn(11, answer(Role.CHEAP), decided=True))
    report = savings(ledger)
    # Ten turns at 1.5 times the output, beside three imagined ones at 1.
    assert report.main.exact.instead == pytest.approx(
        (1000 * Decimal(15) + 200 * Decimal(18) / 13 * 75) / 1_000_000, abs=Decimal("1e-9")
    )
    assert report.main.exact.approximate
    assert report.main.low < report.main.shown.frontier < report.main.high
    assert (report.decided, report.to_cheap, report.share_to_cheap) == (1, 1, 1.0)
    assert "about $" in headline(report)


def test_measured_and_estimated_are_kept_apart_and_add_up() -> None:
    ledger = [compared(1), turn(2, answer(Role.CHEAP))]
    ledger.append(turn(3, answer(Role.CHEAP, certainty=Certainty.ESTIMATED)))
    exact = savings(ledger).main.exact
    assert exact.paid_measured == 2 * CHEAP_COST + FRONTIER_COST
    assert exact.paid_estimated == CHEAP_COST
    assert exact.saved_measured == -CHEAP_COST
    assert exact.saved_measured + exact.saved_estimated == exact.saved


def test_an_unknown_cost_is_left_out_with_a_sentence_and_never_counted_as_zero() -> None:
    unknown = turn(2, answer(Role.CHEAP, certainty=Certainty.UNKNOWN), answer(Role.FRONTIER))
    report = savings([compared(1), unknown])
    assert report.main.turns == 1
    assert report.main.exact.frontier == FRONTIER_COST
    left = report.left_out[0]
    assert left.turns == 1
    assert left.paid == (Cost(money("0.03"), Certainty.MEASURED),)
    assert (
        "1 prompt is left out: the price of a model they were sent to is not known "
        "(known to be paid for them: $0.030)." in notes(report)
    )


def test_without_any_price_of_the_frontier_nothing_is_claimed_as_saved() -> None:
    lone = [turn(1, answer(Role.CHEAP))]
    assert savings(lone).main.turns == 0
    assert "what the frontier model would have cost" in savings(lone).left_out[0].reason
    prices = {"frontprint": FrontierPrice(Decimal(15), Decimal(75))}
    report = savings(lone, prices=prices)
    assert report.main.exact.instead == Decimal("0.03")
    assert any("no comparison of yours has tested" in note for note in notes(report))


def test_currencies_are_never_added_up() -> None:
    yuan = [
        turn(n, answer(Role.CHEAP, price=YUAN), answer(Role.FRONTIER, price=YUAN), pair_key="c-y")
        for n in (3, 4)
    ]
    mixed = turn(5, answer(Role.CHEAP, price=YUAN), answer(Role.FRONTIER))
    report = savings([compared(1), *yuan, mixed])
    assert (report.main.currency, report.main.turns) == ("CNY", 2)
    assert [(part.currency, part.turns) for part in report.others] == [("USD", 1)]
    assert report.left_out[0].reason == "their two models charge in different currencies"
    assert {item.money.currency for item in report.left_out[0].paid if item.money} == {"CNY", "USD"}
    assert any(note.startswith("In USD, apart: paid") for note in notes(report))


def test_a_local_cheap_model_saves_the_whole_frontier_price() -> None:
    free = answer(Role.CHEAP, certainty=Certainty.FREE)
    ledger = [compared(1), turn(2, free, pair_key="local-frontprint")]
    report = savings(ledger)
    assert report.main.turns == 2
    assert report.main.exact.saved_estimated == report.main.exact.instead == Decimal("0.03")


def test_the_practice_world_is_free_and_apart() -> None:
    free = [answer(role, certainty=Certainty.FREE) for role in Role]
    ledger = [turn(1, *free, practice=True), turn(2, free[0], practice=True), compared(3)]
    report = savings(ledger, practice=True)
    assert report.turns == report.main.turns == 2
    assert report.main.shown == Figures(*(Decimal("0.0000"),) * 7)
    assert "nothing is saved" in headline(report)
    assert savings(ledger).turns == 1


def test_requests_that_were_never_charged_count_as_not_asked() -> None:
    failed = answer(Role.FRONTIER, None, certainty=Certainty.UNKNOWN, state="failed")
    blocked = answer(Role.FRONTIER, None, certainty=Certainty.UNKNOWN, state="blocked")
    report = savings([compared(1), turn(2, answer(Role.CHEAP), failed), turn(3, blocked)])
    assert report.main.turns == 2
    assert report.left_out == ()
    assert report.main.exact.routed_measured == CHEAP_COST


def test_a_cut_answer_whose_cost_is_unknown_is_not_free() -> None:
    cut = answer(Role.CHEAP, None, certainty=Certainty.UNKNOWN, state="incomplete")
    assert savings([turn(1, cut)]).left_out[0].turns == 1


def test_asking_the_frontier_afterwards_still_counts_as_sent_to_cheap() -> None:
    report = savings([compared(1, decided=True, sent_to=Role.CHEAP)])
    assert (report.decided, report.to_cheap) == (1, 1)


def test_asking_cheap_as_well_never_counts_as_sent_to_cheap() -> None:
    # A spot check, or the user afterwards, asked both; the rule had chosen the frontier.
    report = savings([compared(1, decided=True, sent_to=Role.FRONTIER)])
    assert (report.decided, report.to_cheap) == (1, 0)


def test_the_estimate_is_tested_where_the_truth_is_known() -> None:
    even = [compared(n) for n in range(1, 21)]
    check = savings(even).check
    assert check.turns == 20
    assert check.median_error is not None
    assert check.bias is not None
    # All alike, so only the shrinking to 1 errs: too low, by what it takes away.
    assert check.bias == pytest.approx(-check.median_error)
    assert 0 < check.median_error < 0.06
    more = savings([compared(n) for n in range(1, 201)]).check
    assert more.median_error is not None
    assert more.median_error < check.median_error


def test_each_turn_is_left_out_of_the_estimate_that_it_tests() -> None:
    odd = turn(2, answer(Role.CHEAP, (1000, 100)), answer(Role.FRONTIER, (1000, 5000)))
    check = savings([compared(1), odd]).check
    # Each is guessed from the other alone: ratios 1.125 and 13.25 after shrinking.
    assert check.bias == pytest.approx((0.0234375 + 0.21375) / (0.39 + 0.0375) - 1)
    assert check.median_error == pytest.approx((0.3665625 / 0.39 + 0.17625 / 0.0375) / 2)


def test_the_interval_holds_the_truth_about_nine_times_in_ten() -> None:
    import random

    chance, held = random.Random(9), 0
    for _ in range(100):
        ledger, true = [], Decimal(0)
        for n in range(1, 61):
            out = chance.randint(100, 900)
            told = round(out * chance.lognormvariate(0.2, 0.4))
            both = answer(Role.CHEAP, (1000, out)), answer(Role.FRONTIER, (1000, told))
            if n <= 30:
                ledger.append(turn(n, *both))
            else:
                ledger.append(turn(n, both[0]))
                assert both[1].cost.money is not None
                true += both[1].cost.money.amount
        part = savings(ledger).main
        hidden = true + part.exact.own_measured
        held += part.low - CENT <= hidden <= part.high + CENT
    assert held >= 84


def test_prices_of_the_time_are_used() -> None:
    dear = Price(Decimal(150), Decimal(750))
    ledger = [
        compared(1),
        turn(2, answer(Role.CHEAP)),
        turn(3, answer(Role.CHEAP), answer(Role.FRONTIER, price=dear)),
        turn(4, answer(Role.CHEAP)),
    ]
    first = savings(ledger[:3], Scope()).main.exact.instead
    both = savings(ledger).main.exact.instead
    assert both - first == pytest.approx(first * 10, rel=Decimal("0.05"))


def test_months_and_matters_narrow_the_report_but_all_turns_teach_the_estimate() -> None:
    ledger = [compared(n, day="2025-01-05", matter="Oceanic") for n in range(1, 9)]
    ledger.append(turn(9, answer(Role.CHEAP), day="2026-03-01"))
    late = savings(ledger, Scope(since="2026-01-01"))
    assert late.turns == 1
    assert [row.name for row in late.main.months] == ["2026-03"]
    assert late.main.exact.instead > Decimal("0.031")  # longer than the cheap answer: learned
    assert savings(ledger, Scope(matter="oceanic")).turns == 8


def test_waits_tell_routed_from_compared() -> None:
    ledger = [compared(1), turn(2, answer(Role.CHEAP, total_ms=800))]
    waits = savings(ledger).waits
    assert (waits.routed_ms, waits.compared_ms, waits.frontier_ms) == (800, 4000, 4000)
    assert waits.typical_ms == 800
    assert savings(ledger[:1]).waits.typical_ms == 4000


def test_judged_routed_answers_are_counted() -> None:
    ledger = [
        turn(1, answer(Role.CHEAP), choice=Choice.GOOD_ENOUGH),
        turn(2, answer(Role.CHEAP), choice=Choice.NOT_GOOD_ENOUGH),
        turn(3, answer(Role.CHEAP)),
    ]
    report = savings(ledger)
    assert (report.judged, report.not_good_enough) == (2, 1)


def test_two_years_have_a_row_for_each_month_and_a_point_for_each_day() -> None:
    ledger = [
        compared(y * 400 + m * 30 + d, day=f"{2024 + y}-{m:02d}-{d:02d}")
        for y in (0, 1)
        for m in range(1, 13)
        for d in (1, 15)
    ]
    part = savings(ledger).main
    assert len(part.months) == 24
    assert len(part.series) == 48
    assert [point.day for point in part.series] == sorted(point.day for point in part.series)


amounts = st.decimals(0, 50, places=6)
answers = st.builds(
    lambda role, tokens, certainty: answer(role, tokens, certainty=certainty),
    st.sampled_from(Role),
    st.tuples(st.integers(0, 200_000), st.integers(0, 9_000)),
    st.sampled_from([Certainty.MEASURED, Certainty.ESTIMATED, Certainty.UNKNOWN, Certainty.FREE]),
)
turns = st.builds(
    lambda number, items, day, matter: turn(
        number, *{item.role: item for item in items}.values(), day=day, matter=matter
    ),
    st.integers(1, 10_000),
    st.lists(answers, min_size=1, max_size=2),
    st.dates().map(lambda day: day.isoformat()),
    st.sampled_from(["Larch", "Oceanic", "Untagged"]),
)


@given(st.lists(turns, max_size=20))
@settings(max_examples=80, deadline=None)
def test_headline_chart_and_every_table_agree_to_the_cent(ledger: list[LedgerTurn]) -> None:
    part = savings(ledger).main
    headline_parts = part.shown.parts()
    for rows in (part.months, part.matters, part.models):
        if part.turns:
            sums = tuple(
                sum(column) for column in zip(*(r.shown.parts() for r in rows), strict=True)
            )
            assert sums == headline_parts
            assert sum((row.shown.saved for row in rows), Decimal(0)) == part.shown.saved
            assert sum((row.shown.paid for row in rows), Decimal(0)) == part.shown.paid
        for row in rows:
            for shown, exact in zip(row.shown.parts(), row.exact.parts(), strict=True):
                assert abs(shown - exact) < 2 * part.quantum
                assert shown % part.quantum == 0
    if part.series:
        assert part.series[-1].paid == part.shown.paid
        assert part.series[-1].frontier == part.shown.frontier
        assert (part.series[-1].low, part.series[-1].high) == (part.low, part.high)
    assert abs(part.shown.paid - part.exact.paid) <= part.quantum / 2
    assert part.shown.frontier - part.shown.paid == part.shown.saved


@given(st.lists(amounts, min_size=1, max_size=30))
@settings(max_examples=150, deadline=None)
def test_rounded_parts_always_sum_to_the_rounded_whole(parts: list[Decimal]) -> None:
    quantum = quantum_for(sum(parts, Decimal(0)))
    whole = rounded(sum(parts, Decimal(0)), quantum)
    shares = apportion(parts, whole, quantum)
    assert sum(shares, Decimal(0)) == whole
    assert all(abs(share - part) < quantum for share, part in zip(shares, parts, strict=True))
    assert all(share == 0 for share, part in zip(shares, parts, strict=True) if part == 0)


def test_a_total_out_of_reach_is_an_error_and_not_a_wrong_table() -> None:
    with pytest.raises(ValueError, match="not the rounded sum"):
        apportion([Decimal("0.001")], Decimal("0.05"), CENT)


# What a cost rests on


def tiered(above: int, rate_in: str, rate_out: str, tokens: tuple[int, int]) -> LedgerAnswer:
    price = Price(Decimal(rate_in), Decimal(rate_out))
    return replace(answer(Role.FRONTIER, tokens, price=price), above_tokens=above)


def test_a_long_prompt_does_not_make_every_later_estimate_dear() -> None:
    # The frontier charges ten times as much above 100,000 tokens, and was once asked so.
    long = turn(2, tiered(100_000, "150", "750", (200_000, 300)))
    short = turn(3, answer(Role.CHEAP, (1000, 200)))
    again_long = turn(4, answer(Role.CHEAP, (200_000, 200)))
    report = savings([turn(1, answer(Role.FRONTIER)), long, short, again_long])
    expected = (1000 * 15 + 200 * 75 + 200_000 * 150 + 200 * 750) / Decimal(1_000_000)
    assert report.main.exact.instead == expected


def test_a_changed_base_price_forgets_the_tiers_of_the_old_one() -> None:
    known = FrontierPrice(Decimal(15), Decimal(75)).with_seen(
        FrontierPrice(Decimal(150), Decimal(750)), 100_000
    )
    assert known.rates(Decimal(100_001)) == (Decimal(150), Decimal(750))
    assert known.rates(Decimal(100_000)) == (Decimal(15), Decimal(75))
    cheaper = known.with_seen(FrontierPrice(Decimal(5), Decimal(25)), 0)
    assert cheaper.rates(Decimal(100_001)) == (Decimal(5), Decimal(25))


def test_attempts_that_broke_are_told_beside_the_figures_and_in_none_of_them() -> None:
    again = Cost(Money(Decimal("0.5")), Certainty.ESTIMATED)
    broken = replace(answer(Role.FRONTIER), besides=(again, again, Cost.unknown()))
    report = savings([turn(1, broken)])
    assert report.main.exact.paid == savings([turn(1, answer(Role.FRONTIER))]).main.exact.paid
    assert (report.besides.attempts, report.besides.unknown) == (3, 1)
    assert (
        "3 attempts that broke may have been billed besides: ≈ $1.00, in none of these figures, "
        "1 of them at a price that is not known."
    ) in notes(report)


def test_an_estimate_in_what_was_paid_is_marked_in_the_headline() -> None:
    cut = answer(Role.FRONTIER, certainty=Certainty.ESTIMATED)
    assert headline(savings([turn(1, cut)])).startswith("You paid ≈ $0.03")


def test_a_side_that_cost_nothing_has_no_currency_to_keep_a_turn_out() -> None:
    turned_down = replace(answer(Role.FRONTIER), cost=Cost(money("0"), Certainty.MEASURED))
    yuan = turn(1, answer(Role.CHEAP, price=YUAN), turned_down)
    report = savings([yuan])
    assert (report.main.currency, report.left_out) == ("CNY", ())


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Larch", "Oceanic", "Untagged"]),
            st.integers(0, 500_000),
            st.integers(0, 20_000),
            st.sampled_from([Certainty.MEASURED, Certainty.ESTIMATED]),
            st.booleans(),
        ),
        max_size=25,
    )
)
@settings(max_examples=120, deadline=None)
def test_the_cost_of_each_matter_is_the_sum_of_its_rows_to_the_cent(
    rows: list[tuple[str, int, int, Certainty, bool]],
) -> None:
    ledger = [
        turn(
            number,
            answer(Role.CHEAP, (tokens_in, tokens_out), certainty=certainty),
            *((answer(Role.FRONTIER, (tokens_in, tokens_out)),) if both else ()),
            matter=matter,
        )
        for number, (matter, tokens_in, tokens_out, certainty, both) in enumerate(rows, 1)
    ]
    report = savings(ledger, prices={"frontprint": FrontierPrice(Decimal(15), Decimal(75))})
    for row in report.main.matters:
        costs = [item.cost for one in ledger if one.matter == row.name for item in one.answers]
        assert row.exact.paid == sum((c.money.amount for c in costs if c.money), Decimal(0))
        assert abs(row.shown.paid - row.exact.paid) < 6 * report.main.quantum
    paid = sum((row.shown.paid for row in report.main.matters), Decimal(0))
    assert paid == report.main.shown.paid
