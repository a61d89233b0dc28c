"""Which votes may speak for the promise, when, and what ends it."""

from dataclasses import replace
from datetime import timedelta

from app.domain.model import Role
from app.domain.routing.decision import Basis
from app.domain.routing.learned import overview_of
from app.domain.routing.lesson import Asked, Lesson
from app.domain.routing.question import Question
from app.domain.routing.rule import Rule, train
from app.domain.vote import Choice
from tests.fakes.lessons import ASKED, habit, lesson

EASY = Question("Extract all dates from schedule 7 of the lease.", "Larch", ("notice",))


def in_turn(lessons: list[Lesson], first_day: int = 0) -> list[Lesson]:
    """Return the lessons one a day, each voted on an hour later."""
    return [
        replace(
            item,
            asked_at=ASKED + timedelta(days=first_day + day),
            settled_at=ASKED + timedelta(days=first_day + day, hours=1),
        )
        for day, item in enumerate(lessons)
    ]


def check(turn_id: int, choice: Choice | None, day: int, **more: object) -> Lesson:
    made = lesson(turn_id, EASY.text, choice or Choice.EQUAL, tags=("notice",), asked=Asked.CHECK)
    at = ASKED + timedelta(days=day)
    made = replace(made, choice=choice, propensity=1 / 16, asked_at=at, settled_at=at)
    return replace(made, **more)  # type: ignore[arg-type]


def test_comparisons_that_the_user_chose_train_and_never_calibrate() -> None:
    chosen = [replace(item, asked=Asked.CHOSEN, propensity=None) for item in habit(300)]
    rule = train(chosen)
    assert rule.calibrating == 0
    assert rule.decide(EASY).basis is Basis.NOT_ENOUGH_VOTES
    both = train([*habit(60), *(replace(item, turn_id=item.turn_id + 1000) for item in chosen)])
    assert both.promise.votes == 50
    assert both.certificate is not None
    assert len(both.certificate.learning.lessons) > 50  # they teach all the same


def test_a_look_waits_for_its_votes_and_the_promise_before_it_stands() -> None:
    votes = in_turn(habit(100))
    waiting = [replace(item, choice=None, settled_at=None) for item in votes[90:]]
    rule = train([*votes[:90], *waiting])
    assert rule.promise.votes == 50
    assert overview_of(rule, {}, ASKED).waiting == 10
    assert train(votes).promise.votes == 100


def test_votes_that_were_not_given_count_as_losses_and_teach_nothing() -> None:
    votes = habit(50, hard_share=0.0)
    assert train(votes).promise.share > 0.5
    gone = [
        replace(item, choice=None, settled_at=ASKED) if item.turn_id % 3 == 0 else item
        for item in votes
    ]
    rule = train(gone)
    assert rule.promise.unvoted == 16
    assert rule.promise.frontier_better >= 16
    assert rule.promise.share <= 0.2
    assert rule.certificate is not None
    assert len(rule.certificate.learning.lessons) == 34


def test_a_vote_cast_too_late_teaches_and_still_counts_as_a_loss() -> None:
    votes = [replace(item, late=item.turn_id <= 20) for item in habit(50, hard_share=0.0)]
    rule = train(votes)
    assert rule.promise.frontier_better >= 20
    assert rule.certificate is not None
    assert len(rule.certificate.learning.lessons) == 50


def test_a_look_takes_the_first_in_line_by_the_lot_of_the_run() -> None:
    votes = [replace(item, place=60 - item.turn_id) for item in habit(60)]
    rule = train(votes)
    assert rule.certificate is not None
    assert {item.turn_id for item in rule.certificate.cohort} == set(range(11, 61))


def test_looking_every_day_changes_no_promise() -> None:
    votes = in_turn(habit(99))
    first = train(votes[:50])
    for day in range(51, 100):
        later = train(votes[:day])
        assert later.promise == first.promise


def test_what_was_worked_out_before_is_not_worked_out_again() -> None:
    votes = in_turn(habit(120))
    before = train(votes[:110])
    after = train(votes, before=before)
    assert after.certificate is before.certificate
    assert after.decide(EASY) == train(votes).decide(EASY)


def alarmed() -> tuple[list[Lesson], Rule]:
    votes = in_turn(habit(60))
    bad = [check(1000 + n, Choice.FRONTIER, 100 + n) for n in range(8)]
    return [*votes, *bad], train([*votes, *bad])


def test_spot_checks_that_go_wrong_withdraw_the_promise_with_a_sentence() -> None:
    lessons, rule = alarmed()
    assert train(lessons[:60]).decide(EASY).role is Role.CHEAP
    decision = rule.decide(EASY)
    assert (decision.role, decision.basis) == (Role.FRONTIER, Basis.DRIFT)
    assert decision.because[0].startswith("The promise is withdrawn: 6 of the latest 6 spot checks")
    assert overview_of(rule, {}, ASKED).sentences[0] == decision.because[0]
    assert not rule.promise.holds


def test_after_an_alarm_only_new_votes_make_a_new_promise() -> None:
    lessons, _ = alarmed()
    fresh = in_turn([replace(item, turn_id=item.turn_id + 2000) for item in habit(55)], 200)
    rule = train([*lessons, *fresh])
    assert rule.certificate is not None
    assert {item.turn_id for item in rule.certificate.cohort} <= {
        *(item.turn_id for item in fresh), 1006, 1007,
    }  # fmt: skip
    assert rule.decide(EASY).basis is Basis.LEARNED


def test_spot_checks_on_prompts_that_went_to_the_frontier_raise_no_alarm() -> None:
    votes = in_turn(habit(60))
    hard = "Analyse whether relief is available under clause 4 of the deed, and argue both sides."
    fine = [
        check(1000 + n, Choice.FRONTIER, 100 + n, text=hard, tags=("advice",)) for n in range(8)
    ]
    drift = train([*votes, *fine]).course.drift
    assert drift is not None
    assert (drift.checks, drift.losses, drift.alarm) == (8, 0, False)


def test_checks_on_a_second_look_speak_for_it_and_not_for_the_learned_rule() -> None:
    votes = in_turn(habit(60))
    looked = [check(1000 + n, Choice.FRONTIER, 100 + n, agreed=True) for n in range(8)]
    rule = train([*votes, *looked])
    assert rule.calibrating == 60
    assert rule.decide(EASY).basis is Basis.LEARNED


def test_a_changed_model_resets_the_promise_and_says_so() -> None:
    votes = [replace(item, pair_version="old") for item in in_turn(habit(60))]
    news = [replace(item, pair_version="new", turn_id=2000 + item.turn_id)
            for item in in_turn(habit(5), 100)]  # fmt: skip
    rule = train([*votes, *news])
    decision = rule.decide(EASY)
    assert (decision.role, decision.basis) == (None, Basis.PAIR_CHANGED)
    assert decision.because[0] == (
        "One of the two models is another version now: 60 votes on the earlier one still help to "
        "tell prompts apart, and no longer count for the promise."
    )
    assert (rule.calibrating, rule.outdated) == (5, 60)
    assert decision.tally is None or decision.tally.total <= 5


def test_a_comparison_without_a_vote_is_no_vote_on_an_earlier_version() -> None:
    votes = [replace(item, pair_version="old") for item in in_turn(habit(3))]
    unvoted = [
        replace(item, pair_version="old", choice=None, turn_id=900 + item.turn_id)
        for item in in_turn(habit(7))
    ]
    news = [replace(item, pair_version="new", turn_id=2000 + item.turn_id)
            for item in in_turn(habit(5), 100)]  # fmt: skip
    rule = train([*votes, *unvoted, *news])
    assert rule.outdated == 3
    assert "now: 3 votes on the earlier one still help" in rule.decide(EASY).because[0]
    one = train([*votes[:1], *unvoted, *news]).decide(EASY).because[0]
    assert (
        "1 vote on the earlier one still helps to tell prompts apart, and no longer counts" in one
    )
    alone = train([*unvoted, *news]).decide(EASY)
    assert alone.basis is Basis.NOT_ENOUGH_VOTES, "no vote of the user's is lost"


def test_votes_on_an_earlier_version_still_teach_with_a_wider_doubt() -> None:
    old = [replace(item, pair_version="old") for item in in_turn(habit(60))]
    new = [replace(item, pair_version="new", turn_id=2000 + item.turn_id)
           for item in in_turn(habit(50), 100)]  # fmt: skip
    changed, same = (
        train([*old, *new]),
        train([*(replace(i, pair_version="new") for i in old), *new]),
    )
    first, second = changed.chance(EASY), same.chance(EASY)
    assert first is not None
    assert second is not None
    assert changed.promise.votes == 50
    assert same.promise.votes == 100
    assert first.high - first.low > second.high - second.low
    alone = train(new).chance(EASY)
    assert alone is not None
    assert first.probability != alone.probability


def test_a_server_that_goes_back_and_forth_between_two_names_does_not_start_anew_each_time() -> (
    None
):
    votes = [replace(item, pair_version="ab"[item.turn_id % 2]) for item in in_turn(habit(60))]
    assert train(votes).calibrating >= 58
