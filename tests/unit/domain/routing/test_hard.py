from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.domain.model import Role
from app.domain.money import Certainty, Cost, Money
from app.domain.routing.decision import Basis
from app.domain.routing.hard import Circumstances, hard_rule, met
from app.domain.routing.pins import Pin, PinTo, PinWhen, pin_of
from app.domain.routing.question import Question

QUESTION = Question("Is this privileged?", "Larch", ("notice",), 10)
OPEN = Circumstances({})
PRIVILEGE = pin_of("mentions privilege → frontier")


def usd(cents: int) -> Cost:
    return Cost(Money(Decimal(cents) / 100), Certainty.ESTIMATED)


def test_without_a_hard_rule_the_learner_may_decide() -> None:
    assert hard_rule(QUESTION, [pin_of("matter is Oceanic → frontier")], OPEN) is None


def test_a_pin_decides_and_says_so() -> None:
    decision = hard_rule(QUESTION, [PRIVILEGE], OPEN)
    assert decision is not None
    assert (decision.role, decision.basis) == (Role.FRONTIER, Basis.PIN)
    assert decision.because == (
        "Your pin: A prompt that mentions “privilege” goes to the frontier model.",
    )


def test_the_careful_one_of_two_pins_decides() -> None:
    pins = [pin_of("matter is Larch → cheap"), PRIVILEGE]
    decision = hard_rule(QUESTION, pins, OPEN)
    assert decision is not None
    assert decision.role is Role.FRONTIER


def test_where_pin_and_policy_contradict_nothing_is_sent_and_both_are_named() -> None:
    around = Circumstances({Role.FRONTIER: "Larch allows only models on this computer."})
    decision = hard_rule(QUESTION, [PRIVILEGE], around)
    assert decision is not None
    assert (decision.role, decision.basis) == (None, Basis.BLOCKED)
    assert not decision.asks_both
    assert "Larch allows only" in " ".join(decision.because)
    assert "privilege" in " ".join(decision.because)


def test_a_pin_to_this_computer_never_leaves_it() -> None:
    pins = [pin_of("has an attachment → this computer")]
    here = hard_rule(QUESTION, pins, Circumstances({}, frozenset({Role.CHEAP})))
    assert here is not None
    assert (here.role, here.basis) == (Role.CHEAP, Basis.PIN)
    nowhere = hard_rule(QUESTION, pins, OPEN)
    assert nowhere is not None
    assert nowhere.basis is Basis.BLOCKED


def test_a_pin_to_this_computer_that_both_models_meet_is_named_and_takes_none_away() -> None:
    pins = [pin_of("has an attachment → this computer"), PRIVILEGE]
    around = Circumstances({}, frozenset(Role))
    assert hard_rule(QUESTION, pins[:1], around) is None
    assert met(QUESTION, pins, around) == (
        "Your pin: A prompt that has an attachment stays on this computer. Both models of the pair "
        "run here, so it takes neither away.",
    )
    assert met(QUESTION, pins, Circumstances({}, frozenset({Role.CHEAP}))) == ()
    assert met(Question("Short.", "Larch", (), 0), pins, around) == ()
    both = hard_rule(QUESTION, pins, around)
    assert both is not None
    assert "attachment" in " ".join(both.because)
    assert met(QUESTION, pins, around, both.because) == ()


def test_a_budget_that_pays_for_cheap_alone_decides_and_never_against_a_pin() -> None:
    around = Circumstances(
        {}, costs={Role.CHEAP: usd(1), Role.FRONTIER: usd(90)}, budget_left=Money(Decimal("0.5"))
    )
    decision = hard_rule(QUESTION, [], around)
    assert decision is not None
    assert (decision.role, decision.basis) == (Role.CHEAP, Basis.BUDGET)
    assert decision.because == (
        "What is left of your budget ($0.50) does not pay for the frontier model.",
    )
    pinned = hard_rule(QUESTION, [PRIVILEGE], around)
    assert pinned is not None
    assert pinned.basis is Basis.BLOCKED


def test_a_price_nobody_knows_does_not_stop_work_and_both_together_must_be_paid_for() -> None:
    around = Circumstances(
        {}, costs={Role.CHEAP: Cost.unknown(), Role.FRONTIER: usd(40)},
        budget_left=Money(Decimal("0.5")),
    )  # fmt: skip
    assert hard_rule(QUESTION, [], around) is None
    dear = Circumstances(
        {}, costs={Role.CHEAP: usd(20), Role.FRONTIER: usd(40)}, budget_left=Money(Decimal("0.5"))
    )
    assert hard_rule(QUESTION, [], dear) is None
    assert not dear.pays_for(*Role)


pins_of = st.lists(
    st.builds(
        Pin,
        st.sampled_from([PinWhen.MATTER, PinWhen.MENTIONS]),
        st.sampled_from(["Larch", "privilege", "Oceanic"]),
        st.sampled_from(PinTo),
    ),
    max_size=4,
)


@given(
    pins_of,
    st.sets(st.sampled_from(Role)),
    st.sets(st.sampled_from(Role)),
    st.integers(0, 3),
)
def test_no_hard_rule_is_ever_overridden_by_another(
    pins: list[Pin], refused: set[Role], here: set[Role], left: int
) -> None:
    around = Circumstances(
        dict.fromkeys(refused, "No."),
        frozenset(here),
        {Role.CHEAP: usd(100), Role.FRONTIER: usd(200)},
        Money(Decimal(left)),
    )
    decision = hard_rule(QUESTION, pins, around)
    matching = {pin.to for pin in pins if pin.matches(QUESTION)}
    if decision is None:
        assert not refused
        assert not matching & {PinTo.FRONTIER, PinTo.CHEAP}
        assert left >= 2
        return
    assert decision.role not in refused
    assert decision.because
    if decision.role is None:
        assert decision.basis is Basis.BLOCKED
        return
    if PinTo.FRONTIER in matching:
        assert decision.role is Role.FRONTIER
    if PinTo.THIS_COMPUTER in matching:
        assert decision.role in here
    assert around.pays_for(decision.role)
