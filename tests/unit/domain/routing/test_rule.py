import random
from dataclasses import replace
from datetime import timedelta
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.conversation import Attachment, prompt_of
from app.domain.model import Role
from app.domain.routing.decision import Basis
from app.domain.routing.defaults import RuleDefaults, rule_version
from app.domain.routing.learned import overview_of
from app.domain.routing.lesson import Asked, Lesson
from app.domain.routing.question import Question, question_of
from app.domain.routing.replay import known_at, replayed
from app.domain.routing.rule import train
from app.domain.routing.why import figures
from app.domain.vote import Choice, VoteKind
from tests.fakes.lessons import ASKED, habit, lesson

EASY = Question("Extract all dates from schedule 7 of the lease.", "Larch", ("notice",))
HARD = Question("Analyse whether relief is available; argue both sides.", "Larch", ("advice",))
EAGER = RuleDefaults(votes_needed=1)

words = st.sampled_from(["extract", "dates", "analyse", "draft", "lease", "notice", "14.2", "why"])
texts = st.lists(words, min_size=1, max_size=8).map(" ".join)
lessons_of = st.lists(
    st.builds(
        lesson,
        turn_id=st.integers(1, 10_000),
        text=texts,
        choice=st.sampled_from([Choice.CHEAP, Choice.EQUAL, Choice.FRONTIER, Choice.NEITHER]),
        matter=st.sampled_from(["Larch", "Oceanic"]),
        tags=st.sampled_from([(), ("notice",), ("notice", "urgent")]),
        kind=st.sampled_from([VoteKind.BLIND, VoteKind.OPEN]),
        severity=st.sampled_from([0.5, 1.0, 2.0]),
    ),
    min_size=2,
    max_size=25,
    unique_by=lambda item: item.turn_id,
)


def test_below_enough_votes_both_are_asked_and_the_missing_ones_counted() -> None:
    decision = train(habit(12)).decide(EASY)
    assert (decision.role, decision.basis) == (None, Basis.NOT_ENOUGH_VOTES)
    assert (decision.votes_used, decision.votes_needed) == (12, 50)
    assert decision.probability is None
    assert decision.because[0] == (
        "Not enough votes yet: 12 of 50 votes that calibrate. Those of a calibration run count, "
        "and those that auto-route asks for; with 38 more the rule can begin to decide."
    )


def test_no_vote_at_all_is_a_state_of_its_own() -> None:
    rule = train([])
    assert rule.decide(EASY).role is None
    assert overview_of(rule, {}, ASKED).sentences[0].startswith("No votes yet.")


def test_open_votes_and_votes_on_one_answer_do_not_open_auto_route() -> None:
    seen = [replace(item, kind=VoteKind.OPEN) for item in habit(80)]
    decision = train(seen).decide(EASY)
    assert decision.basis is Basis.NOT_ENOUGH_VOTES
    assert decision.votes_used == 0


def test_an_easy_prompt_goes_to_cheap_and_a_hard_one_to_the_frontier() -> None:
    rule = train(habit(150))
    easy, hard = rule.decide(EASY), rule.decide(HARD)
    assert (easy.role, easy.basis) == (Role.CHEAP, Basis.LEARNED)
    assert hard.role is Role.FRONTIER
    assert easy.probability is not None
    assert hard.probability is not None
    assert easy.probability < hard.probability
    assert easy.low is not None
    assert easy.high is not None
    assert 0 <= easy.low < easy.probability < easy.high <= 1


def test_a_decision_says_why_in_whole_sentences_with_the_users_own_counts() -> None:
    decision = train(habit(150)).decide(EASY)
    assert decision.tally is not None
    first = decision.because[0]
    assert first.startswith("For prompts tagged notice the cheap answer was good enough in ")
    assert f"{decision.tally.good} of your {decision.tally.total} comparisons (likely " in first
    assert all(sentence.endswith(".") for sentence in decision.because)
    assert len(decision.nearest) == 3
    assert f"no. {decision.nearest[0]}" in " ".join(decision.because)


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        ([Choice.EQUAL], "the cheap answer was good enough in your 1 comparison (likely "),
        ([Choice.FRONTIER], "the cheap answer was not good enough in your 1 comparison (likely "),
        ([Choice.FRONTIER] * 4, "was good enough in none of your 4 comparisons (likely "),
        ([Choice.EQUAL] * 4, "was good enough in all of your 4 comparisons (likely "),
        ([Choice.EQUAL, Choice.FRONTIER], "was good enough in 1 of your 2 comparisons (likely "),
    ],
)
def test_counts_of_none_one_and_all_read_as_one_says_them(choices: list[Choice], says: str) -> None:
    votes = [lesson(n, f"Extract {n}.", choice) for n, choice in enumerate(choices, 1)]
    said = train(votes).decide(EASY)
    assert any(says in sentence for sentence in said.because), said.because
    assert not any("Your count for" in sentence for sentence in figures(said)), "told once"


def test_one_comparison_where_neither_would_do_is_not_counted_as_one_of_one() -> None:
    said = train([lesson(1, "Extract 1.", Choice.NEITHER)]).decide(EASY).because
    assert any("%); neither answer would do, so paying more" in sentence for sentence in said)


def test_a_stored_decision_holds_no_words_of_another_prompt() -> None:
    secret = "Hollingsworth"
    votes = [replace(item, text=f"{item.text} {secret}") for item in habit(60)]
    assert secret not in " ".join(train(votes).decide(EASY).because)


def test_where_the_frontier_mostly_wins_the_honest_answer_is_the_frontier_and_why() -> None:
    votes = [
        lesson(n, f"Analyse matter {n}.", Choice.FRONTIER if n % 4 else Choice.EQUAL)
        for n in range(1, 81)
    ]
    decision = train(votes).decide(Question("Analyse matter 99.", "Larch"))
    assert decision.role is Role.FRONTIER
    assert "In 38 of your 50 calibrating votes the frontier was better" in decision.because[0]
    assert "more votes are unlikely to change this" in decision.because[0]


def test_neither_never_counts_as_good_enough_nor_against_cheap() -> None:
    votes = [lesson(n, f"Extract {n}.", Choice.NEITHER, tags=("x",)) for n in range(1, 61)]
    decision = train(votes).decide(Question("Extract 99.", "Larch", ("x",)))
    assert decision.tally is not None
    assert decision.tally.good == 0
    assert "in 60 neither answer would do" in decision.because[0]
    assert decision.role is Role.CHEAP  # paying more would not have helped


def test_the_counts_come_from_the_most_specific_group_with_enough_votes() -> None:
    rule = train(habit(60))
    tally = rule.decide(Question("Extract the dates.", "Larch", ("rare",))).tally
    assert tally is not None
    assert tally.label == "extraction"
    tally = rule.decide(Question("Zzz", "Nowhere")).tally
    assert tally is not None
    assert tally.label == "all prompts"


def test_a_grave_reason_weighs_more_than_style() -> None:
    votes = habit(60)
    grave = [*votes, lesson(900, EASY.text, Choice.FRONTIER, tags=("notice",), severity=2.0)]
    light = [*votes, lesson(900, EASY.text, Choice.FRONTIER, tags=("notice",), severity=0.5)]
    chances = [train(item).chance(EASY) for item in (grave, light)]
    assert chances[0] is not None
    assert chances[1] is not None
    assert chances[0].probability > chances[1].probability


def test_a_vote_changed_after_the_reveal_never_trains() -> None:
    votes = habit(60)
    changed = [*votes, lesson(900, EASY.text, Choice.FRONTIER, kind=VoteKind.CHANGED)]
    assert train(changed).version == train(votes).version
    assert train(changed).chance(EASY) == train(votes).chance(EASY)


def test_a_frontier_share_above_the_limit_is_never_promised_away() -> None:
    rule = train(habit(300))
    promise = rule.promise
    assert promise.holds
    assert promise.errors / promise.votes <= promise.limit
    assert promise.share > promise.luck_share
    assert 0 < promise.threshold <= 0.5 + 1e-9


def test_a_stricter_limit_sends_less_to_cheap() -> None:
    # A fifth of all prompts, at random: nothing can be learned, so the limit alone decides.
    votes = [
        lesson(n, f"Extract {n}.", Choice.FRONTIER if n % 5 == 0 else Choice.EQUAL)
        for n in range(1, 201)
    ]
    shares = [
        train(votes, RuleDefaults(limit=limit)).promise.share for limit in (0.02, 0.05, 0.1, 0.2)
    ]
    assert shares == sorted(shares)
    assert shares[0] < shares[-1]


def test_the_version_tells_rules_apart() -> None:
    votes = habit(20)
    assert rule_version(votes, EAGER) == rule_version(list(reversed(votes)), EAGER)
    assert rule_version(votes, EAGER) != rule_version(votes[:-1], EAGER)
    assert rule_version(votes, EAGER) != rule_version(votes, RuleDefaults(limit=0.2))


def test_a_prompt_and_the_vote_on_it_are_seen_alike() -> None:
    prompt = prompt_of("Extract.", "Larch", ("a",), (Attachment("f", "text/plain", "abc", "", 3),))
    assert question_of(prompt) == Question("Extract.", "Larch", ("a",), 3, "abc")
    assert question_of(lesson(text="Extract.", tags=("a",))) == Question(
        "Extract.", "Larch", ("a",)
    )


def test_my_rule_shows_where_each_group_goes_and_what_luck_would_allow() -> None:
    shown = overview_of(train(habit(150)), {"changed after the reveal": 2, "empty": 0}, ASKED)
    by_label = {item.group.tally.label: item for item in shown.groups}
    assert by_label["tagged notice"].goes_to is Role.CHEAP
    assert by_label["tagged advice"].goes_to is Role.FRONTIER
    assert shown.left_out == (("changed after the reveal", 2),)
    assert shown.kinds == ((VoteKind.BLIND, 150),)
    assert shown.missing == 0
    assert shown.curve[0].share == 0
    assert shown.curve[-1].share == 1
    assert [point.loss for point in shown.curve] == sorted(point.loss for point in shown.curve)
    assert sum(point.votes for point in shown.calibration) == 100  # the look that is in force
    assert shown.promise.next_look == 200
    assert "by luck alone" in shown.sentences[0]


@given(lessons_of, texts)
@settings(max_examples=15, deadline=None)
def test_one_more_vote_for_cheap_never_makes_its_prompt_look_harder(
    votes: list[Lesson], text: str
) -> None:
    question = Question(text, "Larch", ("notice",))
    before = train(votes, EAGER).chance(question)
    more = lesson(20_000, text, Choice.CHEAP, tags=("notice",))
    after = train([*votes, more], EAGER).chance(question)
    if before is not None:
        assert after is not None
        assert after.probability <= before.probability + 1e-9


@given(st.integers(0, 3), st.integers(1, 30))
@settings(max_examples=10, deadline=None)
def test_a_prompt_that_goes_to_cheap_still_does_after_more_votes_for_cheap(
    seed: int, more: int
) -> None:
    votes = habit(60, seed=seed)
    liked = [lesson(900 + n, EASY.text, Choice.CHEAP, tags=("notice",)) for n in range(more)]
    assert train(votes).decide(EASY).role is Role.CHEAP
    assert train([*votes, *liked]).decide(EASY).role is Role.CHEAP


def test_votes_since_the_promise_can_hold_a_prompt_back_and_say_so() -> None:
    votes = habit(60)
    complaints = [
        replace(
            lesson(900 + n, EASY.text, Choice.FRONTIER, tags=("notice",), asked=Asked.CHOSEN),
            asked_at=ASKED + timedelta(days=1),
        )
        for n in range(60)
    ]
    assert train(votes).decide(EASY).role is Role.CHEAP
    after = train([*votes, *complaints]).decide(EASY)
    assert after.role is Role.FRONTIER
    assert after.because[0].startswith("Your votes since the promise was made speak against")


def test_a_reason_names_what_the_prompt_has() -> None:
    decision = train(habit(150)).decide(EASY)
    words = [name for name, _ in decision.contributions]
    assert dict(decision.contributions)["the tag notice"] < 0
    assert "its attachment" not in words
    assert "the tag notice" in words[:3]
    assert "the tag notice" in " ".join(decision.because)


def test_a_past_decision_can_be_made_again_after_many_more_votes() -> None:
    votes = [replace(item, settled_at=ASKED + timedelta(days=item.turn_id)) for item in habit(150)]
    then = ASKED + timedelta(days=70, hours=12)
    decision = replace(train(known_at(votes, then)).decide(EASY), decided_at=then)
    assert decision.basis is Basis.LEARNED
    assert replayed(decision, votes, RuleDefaults(), EASY) == decision
    # Without the votes it rested on it cannot be made again, and is not made up.
    assert replayed(decision, votes[5:], RuleDefaults(), EASY) is None


def test_a_decision_after_a_change_of_the_pair_is_made_again_with_the_votes_it_carried() -> None:
    earlier = [replace(item, settled_at=ASKED) for item in habit(40, seed=2)]
    changed = ASKED + timedelta(seconds=1)
    since = [
        replace(item, turn_id=100 + item.turn_id, asked_at=changed, settled_at=changed)
        for item in habit(60)
    ]
    then = changed + timedelta(days=1)
    votes = [*earlier, *since]
    decision = replace(train(votes, changed_at=changed).decide(EASY), decided_at=then)
    assert decision.basis is Basis.LEARNED
    assert replayed(decision, votes, RuleDefaults(), EASY, changed) == decision


def test_prompts_left_without_a_vote_are_not_told_as_votes_that_were_cast() -> None:
    given_up = [replace(item, choice=None, settled_at=ASKED) for item in habit(24)]
    (said,) = overview_of(train(given_up), {}, ASKED).sentences
    assert "24 of 50 votes that calibrate" in said
    assert said.endswith("24 of them without your vote count as losses.")


@given(lessons_of, st.randoms(use_true_random=False), texts)
@settings(max_examples=15, deadline=None)
def test_the_order_of_votes_changes_no_decision(
    votes: list[Lesson], shuffler: random.Random, text: str
) -> None:
    mixed = list(votes)
    shuffler.shuffle(mixed)
    question = Question(text, "Oceanic")
    assert train(votes, EAGER).decide(question) == train(mixed, EAGER).decide(question)


@given(lessons_of, texts)
@settings(max_examples=15, deadline=None)
def test_a_decision_replays_identically_and_its_chance_is_a_chance(
    votes: list[Lesson], text: str
) -> None:
    question = Question(text, "Larch")
    decision = train(votes, EAGER).decide(question)
    assert decision == train(votes, EAGER).decide(question)
    if decision.probability is not None:
        assert decision.low is not None
        assert decision.high is not None
        assert 0 <= decision.low <= decision.probability <= decision.high <= 1


def test_the_same_prompt_asked_twice_does_not_tell_on_itself() -> None:
    # Random votes on random words, each prompt twice: a leak would look like knowledge.
    gaps = []
    for seed in range(4):
        chance = random.Random(seed)
        votes = []
        for n in range(1, 91):
            choice = Choice.FRONTIER if chance.random() < 0.4 else Choice.EQUAL
            text = f"{chance.getrandbits(60):x} {chance.getrandbits(60):x}"
            votes += [lesson(2 * n, text, choice), lesson(2 * n + 1, text, choice)]
        rule = train(votes)
        assert rule.certificate is not None
        judged = list(zip(rule.certificate.scores.ranks, rule.certificate.cohort, strict=True))
        gaps.append(
            mean(score for score, item in judged if item.frontier_better)
            - mean(score for score, item in judged if not item.frontier_better)
        )
    assert mean(gaps) < 0.15
