"""What is said of a second look: one sentence, true in each case, that never calls it verified."""

from __future__ import annotations

import pytest

from app.domain.answer import Answer, AnswerState
from app.domain.model import Role
from app.domain.routing.decision import Basis, Decision
from app.domain.routing.second_look import ORIGIN, looked, planned
from app.domain.substance import Check, Kind
from tests.fakes.scripted import CHEAP, SECOND

DATE = Check(Kind.DATE)
DONE = AnswerState.COMPLETE
FINDINGS = [
    (DATE, "18 March", "It is 18 March 2026.", Role.CHEAP,
     "Two models agree on 18 March; agreement is not verification."),
    (Check(Kind.YES_NO), "Yes.", "Yes, it does.", Role.CHEAP,
     "Two models agree on yes; agreement is not verification."),
    (Check(Kind.CHOICE), "B", "The answer is (B).", Role.CHEAP,
     "Two models agree on option B; agreement is not verification."),
    (DATE, "18 March", "8 March", Role.FRONTIER,
     "The two cheap models differ (18 March, 8 March), so the frontier was asked."),
    (DATE, "4 March and 9 June", "4 March", Role.FRONTIER,
     "The two cheap models differ (9 June, nothing more), so the frontier was asked."),
    (DATE, "18 March", "I'm sorry, I can't help with that.", Role.FRONTIER,
     "Quartz Mini declined to answer, so the frontier was asked."),
    (DATE, "It depends on the lease.", "18 March", Role.FRONTIER,
     "Pebble Flash is not sure, so the frontier was asked."),
    (DATE, "Soon.", "Later.", Role.FRONTIER,
     "Pebble Flash names no date and Quartz Mini names no date, so the frontier was asked."),
    (Check(Kind.YES_NO), "Yes, if served.", "Yes, but only if served.", Role.FRONTIER,
     "Quartz Mini is not sure, so the frontier was asked."),
]  # fmt: skip


def answer(model_text: str, *, second: bool = False, state: AnswerState = DONE) -> Answer:
    model = SECOND if second else CHEAP
    return Answer(Role.CHEAP, model, state, model_text, total_ms=2_100 if second else 900)


def look(check: Check, one: Answer, other: Answer) -> Decision:
    return looked(planned(check, CHEAP, [SECOND]), (one, other), check)


@pytest.mark.parametrize(("check", "one", "other", "role", "sentence"), FINDINGS)
def test_one_sentence_says_what_was_found(
    check: Check, one: str, other: str, role: Role, sentence: str
) -> None:
    found = look(check, answer(one), answer(other, second=True))
    assert (found.role, found.because[0]) == (role, sentence)
    assert found.looked
    assert found.basis is Basis.SECOND_LOOK


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (AnswerState.INCOMPLETE, "was cut off"),
        (AnswerState.REFUSED, "declined to answer"),
        (AnswerState.TRUNCATED, "ended at its length limit"),
        (AnswerState.EMPTY, "wrote nothing"),
        (AnswerState.REASONING_ONLY, "wrote no answer"),
        (AnswerState.FILTERED, "was withheld by a content filter"),
        (AnswerState.FAILED, "failed"),
        (AnswerState.BLOCKED, "was not asked"),
        (AnswerState.TOO_LONG, "cannot read so long a prompt"),
    ],
)
def test_an_answer_that_did_not_end_well_is_never_compared(state: AnswerState, words: str) -> None:
    # The same words on both sides would agree, if they were compared.
    found = look(DATE, answer("18 March"), answer("18 March", second=True, state=state))
    assert found.role is Role.FRONTIER
    assert found.because[0] == f"Quartz Mini {words}, so the frontier was asked."


def test_every_state_an_answer_can_end_in_has_its_words() -> None:
    for state in set(AnswerState) - {DONE, AnswerState.STOPPED}:
        found = look(DATE, answer("18 March", state=state), answer("18 March", second=True))
        assert found.because[0].startswith("Pebble Flash ")


def test_a_look_that_was_stopped_decides_nothing() -> None:
    stopped = answer("18 M", second=True, state=AnswerState.STOPPED)
    found = look(DATE, answer("18 March"), stopped)
    assert not found.looked
    assert "nothing was decided" in found.because[0]


def test_the_wait_is_told_and_where_the_figures_come_from() -> None:
    found = look(DATE, answer("18 March"), answer("18 March", second=True))
    assert found.because[1:] == (
        "Asked at once: Pebble Flash and Quartz Mini, for a date; both had ended after 2.1 s.",
        ORIGIN,
    )
    assert "mathematics, word problems and code" in ORIGIN
    assert planned(DATE, CHEAP, [SECOND]).because[1] == ORIGIN


def test_agreement_is_nowhere_called_verification() -> None:
    for check, one, other, _role, _sentence in FINDINGS:
        told = " ".join(look(check, answer(one), answer(other, second=True)).because)
        assert "verified" not in told
        assert "verification" not in told.replace("agreement is not verification", "")
        assert "correct" not in told
