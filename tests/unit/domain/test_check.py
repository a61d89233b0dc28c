"""What a vote on a spot check says about the rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.check import verdict
from app.domain.model import Role
from app.domain.routing.decision import Basis, Decision
from app.domain.routing.spot_check import with_lot
from app.domain.routing.why import (
    check_chance,
    decided_by,
    figures,
    lot_sentence,
    reasons,
    strength,
)
from app.domain.vote import Choice
from tests.fakes.lessons import habit

TO_CHEAP = Decision(Role.CHEAP, Basis.LEARNED, probability=0.05)
CHECKED = with_lot(TO_CHEAP, 0.01, 1 / 16)


@pytest.mark.parametrize(
    ("sent", "choice", "right"),
    [
        (Role.CHEAP, Choice.CHEAP, True),
        (Role.CHEAP, Choice.EQUAL, True),
        (Role.CHEAP, Choice.NEITHER, True),  # paying more would not have helped
        (Role.CHEAP, Choice.FRONTIER, False),
        (Role.FRONTIER, Choice.FRONTIER, True),
        (Role.FRONTIER, Choice.EQUAL, False),
        (Role.FRONTIER, Choice.CHEAP, False),
        (Role.FRONTIER, Choice.NEITHER, False),
    ],
)
def test_the_rule_was_right_only_where_it_chose_the_model_that_was_needed(
    sent: Role, choice: Choice, right: bool
) -> None:
    found = verdict(replace(CHECKED, role=sent), choice)
    assert found is not None
    assert found.right is right
    assert f"would have sent this to the {sent.value} model" in found.sentence


def test_a_check_while_the_rule_learns_is_neither_right_nor_wrong() -> None:
    learning = with_lot(Decision(None, Basis.NOT_ENOUGH_VOTES), 0.5, 1 / 16)
    found = verdict(learning, Choice.EQUAL)
    assert found is not None
    assert (found.role, found.right) == (None, None)


def test_what_was_no_check_has_no_verdict() -> None:
    assert verdict(None, Choice.EQUAL) is None
    assert verdict(with_lot(TO_CHEAP, 0.9, 1 / 16), Choice.GOOD_ENOUGH) is None


def test_a_check_of_a_second_look_is_told_as_one() -> None:
    looked = with_lot(Decision(Role.CHEAP, Basis.SECOND_LOOK, looked=True), 0.01, 1 / 16)
    found = verdict(looked, Choice.FRONTIER)
    assert found is not None
    assert (found.role, found.right) == (Role.CHEAP, False)
    assert found.sentence.startswith("The second look would have sent this to the cheap model")
    # Stopped before the two were compared, nobody knows where it would have gone.
    assert verdict(replace(looked, looked=False), Choice.FRONTIER) is None


def test_the_lot_is_told_with_the_chance_it_was_held_against() -> None:
    assert lot_sentence(CHECKED) == (
        "The lot drawn was 0.0100, below 0.0625 (1 in 16): both models were asked, blind."
    )
    missed = with_lot(TO_CHEAP, 0.4, 1 / 16)
    assert check_chance(missed) == pytest.approx(1 / 16)
    assert "The lot drawn was 0.4000; below 0.0625 (1 in 16)" in lot_sentence(missed)
    # An old decision, of which no lot was noted, claims none.
    assert lot_sentence(TO_CHEAP) == ""
    assert "No lot" in lot_sentence(Decision(Role.FRONTIER, Basis.PIN))


def test_every_basis_is_told_in_words() -> None:
    assert all(decided_by(Decision(None, basis)) for basis in Basis)


def test_reasons_are_not_told_twice_where_parts_tell_them_better() -> None:
    from app.domain.routing.question import Question
    from app.domain.routing.rule import train

    decision = train(habit(120)).decide(Question("Extract all dates of the lease.", "Larch"))
    assert decision.nearest
    told = reasons(decision)
    assert told
    assert not any("most alike" in sentence for sentence in told)
    # Without its parts, an old decision tells all of it as it was.
    assert reasons(replace(decision, nearest=(), contributions=())) == decision.because


def test_figures_name_what_the_reasons_do_not() -> None:
    assert figures(replace(TO_CHEAP, low=0.01, high=0.2, threshold=0.12)) == (
        "Chance that the frontier would be better: 5.0% (likely 1%–20%); "
        "prompts below 12% go to cheap.",
    )


def test_how_much_a_contribution_speaks_is_said_in_words() -> None:
    assert strength(-1.2) == "strongly for cheap"
    assert strength(0.4) == "clearly for the frontier"
    assert strength(0.06) == "slightly for the frontier"
