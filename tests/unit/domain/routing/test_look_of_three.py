"""A second look of three: any two suffice, whoever they are, and the words say who said what."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.answer import Answer, AnswerState
from app.domain.model import Role
from app.domain.routing.decision import Decision
from app.domain.routing.learned import overview_of
from app.domain.routing.lesson import Asked
from app.domain.routing.question import question_of
from app.domain.routing.record import body_of, decision_of
from app.domain.routing.rule import train
from app.domain.routing.second_look import ORIGIN, ORIGIN_OF_THREE, looked, planned
from app.domain.routing.second_look_ends import never_taken
from app.domain.substance import Check, Kind
from app.domain.vote import Choice
from tests.fakes.lessons import ASKED as ASKED_AT
from tests.fakes.lessons import habit
from tests.fakes.scripted import CHEAP, SECOND, THIRD

DATE = Check(Kind.DATE)
MODELS = (CHEAP, SECOND, THIRD)
DONE, CUT = AnswerState.COMPLETE, AnswerState.INCOMPLETE
SORRY = "I'm sorry, I can't help with that."
A, B, C = "18 March", "8 March", "19 March"
FINDINGS = [
    ((A, "It is 18 March 2026.", A), 0, "Three models agree on 18 March;"),
    ((A, A, B), 0, "Two models agree on 18 March, while Slate Nano says 8 March;"),
    ((A, B, A), 0, "Two models agree on 18 March, while Quartz Mini says 8 March;"),
    ((B, A, A), 1, "Two models agree on 18 March, while Pebble Flash says 8 March;"),
    ((A, SORRY, A), 0, "Two models agree on 18 March, while Quartz Mini declined to answer;"),
    ((SORRY, A, A), 1, "Two models agree on 18 March, while Pebble Flash declined to answer;"),
    (("4 March and 9 June", "4 March", "4 March and 9 June"), 0,
     "Two models agree on 4 March and 9 June, while Quartz Mini leaves out 9 June;"),
]  # fmt: skip
ASKED = [
    ((A, B, C), "The three cheap models differ (18 March, 8 March, 19 March)"),
    ((A, B, SORRY),
     "Two cheap models differ (18 March, 8 March) and Slate Nano declined to answer"),
    ((SORRY, A, B),
     "Two cheap models differ (18 March, 8 March) and Pebble Flash declined to answer"),
    ((A, "Soon.", SORRY), "Quartz Mini names no date and Slate Nano declined to answer"),
    (("Soon.", "Later.", SORRY),
     "Pebble Flash names no date, Quartz Mini names no date and Slate Nano declined to answer"),
]  # fmt: skip


def answer(place: int, text: str, state: AnswerState = DONE) -> Answer:
    return Answer(Role.CHEAP, MODELS[place], state, text, total_ms=900 + 600 * place)


def look(*said: Answer, check: Check = DATE) -> Decision:
    return looked(planned(check, CHEAP, [each.model for each in said[1:]]), said, check)


@pytest.mark.parametrize(("texts", "stands", "begins"), FINDINGS)
def test_where_any_two_agree_theirs_stands_and_the_third_is_told(
    texts: tuple[str, str, str], stands: int, begins: str
) -> None:
    found = look(*(answer(place, text) for place, text in enumerate(texts)))
    assert (found.role, found.stands, found.looked) == (Role.CHEAP, stands, True)
    assert found.because[0] == f"{begins} agreement is not verification."


@pytest.mark.parametrize(("texts", "begins"), ASKED)
def test_where_no_two_agree_the_frontier_is_asked_and_the_sentence_says_why(
    texts: tuple[str, str, str], begins: str
) -> None:
    found = look(*(answer(place, text) for place, text in enumerate(texts)))
    assert (found.role, found.stands) == (Role.FRONTIER, 0)
    assert found.because[0] == f"{begins}, so the frontier was asked."


def test_an_answer_that_did_not_end_well_agrees_with_nobody_whatever_it_says() -> None:
    cut = look(answer(0, A, CUT), answer(1, A), answer(2, A))
    assert (cut.role, cut.stands) == (Role.CHEAP, 1)
    assert "while Pebble Flash was cut off;" in cut.because[0]
    alone = look(answer(0, A, CUT), answer(1, A), answer(2, A, AnswerState.FAILED))
    assert alone.role is Role.FRONTIER
    assert alone.because[0] == (
        "Pebble Flash was cut off and Slate Nano failed, so the frontier was asked."
    )


def test_a_stopped_look_of_three_decides_nothing() -> None:
    found = look(answer(0, A), answer(1, A), answer(2, "18", AnswerState.STOPPED))
    assert not found.looked
    assert never_taken(found)
    assert "before all three had answered" in found.because[0]


def test_it_says_whom_it_asks_who_stands_and_where_the_figures_come_from() -> None:
    plan = planned(DATE, CHEAP, [SECOND, THIRD])
    assert plan.others == (SECOND.name, THIRD.name)
    assert (
        "Pebble Flash, Quartz Mini and Slate Nano answer at once. Where any two" in plan.because[0]
    )
    found = look(answer(0, B), answer(1, A), answer(2, A))
    assert found.because[1:] == (
        "Asked at once: Pebble Flash, Quartz Mini and Slate Nano, for a date; all had ended after "
        "2.1 s. The answer that stands is Quartz Mini’s.",
        ORIGIN_OF_THREE,
    )
    assert "1 in 16" in ORIGIN_OF_THREE
    assert "1 in 28" in ORIGIN
    # One that a policy kept out leaves a look of two, with the figures of two.
    assert planned(DATE, CHEAP, [SECOND]).because[1] == ORIGIN


texts = st.sampled_from([A, "It is 18 March 2026.", B, C, SORRY, "Soon.", ""])
states = st.sampled_from([DONE, DONE, DONE, CUT, AnswerState.REFUSED, AnswerState.FAILED])
saids = st.tuples(texts, states)


@settings(deadline=None, max_examples=150)
@given(first=saids, second=saids, third=saids)
def test_the_order_of_the_two_others_changes_only_which_of_them_stands(
    first: tuple[str, AnswerState],
    second: tuple[str, AnswerState],
    third: tuple[str, AnswerState],
) -> None:
    one = look(answer(0, *first), answer(1, *second), answer(2, *third))
    other = look(answer(0, *first), answer(1, *third), answer(2, *second))
    assert (one.role, one.stands, one.looked) == (other.role, other.stands, other.looked)
    told = " ".join((*one.because, *other.because))
    assert "verified" not in told
    assert "correct" not in told
    assert "verification" not in told.replace("agreement is not verification", "")


@settings(deadline=None, max_examples=60)
@given(first=saids, second=saids, third=saids)
def test_a_third_model_never_takes_away_what_two_agree_in(
    first: tuple[str, AnswerState],
    second: tuple[str, AnswerState],
    third: tuple[str, AnswerState],
) -> None:
    two = look(answer(0, *first), answer(1, *second))
    three = look(answer(0, *first), answer(1, *second), answer(2, *third))
    if two.role is Role.CHEAP:
        assert (three.role, three.stands) == (Role.CHEAP, 0)


def test_whose_answer_stands_is_kept_and_an_old_decision_means_the_first() -> None:
    found = look(answer(0, B), answer(1, A), answer(2, A))
    body = body_of(found)
    assert decision_of(body) == found
    for name in ("stands", "others"):
        del body[name]
    assert decision_of(body) == replace(found, stands=0, others=())


def test_looking_loads_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "import app.domain.routing.second_look\n"
        "print('numpy' in sys.modules, 'app.domain.routing.glance' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "False False"


@pytest.mark.parametrize("days", [-1, 1], ids=["before the promise", "after it"])
def test_votes_on_anothers_answer_change_nothing_that_the_rule_says_of_the_pair(days: int) -> None:
    votes = habit(120)
    later = ASKED_AT + timedelta(days=days)
    others = [
        replace(
            vote, turn_id=1_000 + place, choice=Choice.FRONTIER, asked=Asked.CHECK, agreed=True,
            of_pair=False, asked_at=later, tags=("a tag of its own",),
        )
        for place, vote in enumerate(votes[:40])
    ]  # fmt: skip
    alone, both = train(votes), train([*votes, *others])
    for vote in votes[:10]:
        one, other = (rule.decide(question_of(vote)) for rule in (alone, both))
        assert replace(one, rule_version="") == replace(other, rule_version="")
    told, same = overview_of(both, {}, later), overview_of(alone, {}, later)
    assert (told.promise, told.groups, told.votes_used) == (
        same.promise, same.groups, same.votes_used,
    )  # fmt: skip
    assert (told.second_looks, same.second_looks) == (40, 0)
    assert "In 40 of 40 spot checks on a second look two models agreed; 40 of" in told.second_look
