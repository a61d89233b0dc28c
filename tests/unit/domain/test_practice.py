"""The practice prompts and the grading by their key."""

import pytest

from app.adapters.local_model.prompts import practice_items
from app.domain.conversation import prompt_of
from app.domain.practice import PracticeItem, PracticeKind, grade

ITEMS = {item.id: item for item in practice_items()}


def item(kind: PracticeKind, accepted: str, *rejected: str) -> PracticeItem:
    return PracticeItem("x", "?", kind, (), (accepted,), rejected)


def test_the_prompts_are_ours_to_ask_and_each_has_a_key() -> None:
    assert len(ITEMS) == len(practice_items()) >= 20
    assert {entry.kind for entry in ITEMS.values()} == set(PracticeKind)
    for entry in ITEMS.values():
        assert prompt_of(entry.prompt, tags=entry.tags).tags
        assert entry.accepted
        assert entry.rejected


@pytest.mark.parametrize("entry", ITEMS.values(), ids=ITEMS)
def test_the_key_accepts_its_own_answers_and_refuses_the_other_candidates(
    entry: PracticeItem,
) -> None:
    for answer in entry.accepted:
        assert grade(answer, entry)
        assert grade(f"  {answer.upper()}.\n", entry)
    for other in entry.rejected:
        assert not grade(other, entry)
        assert not grade(f"{entry.accepted[0]} and {other}", entry)
        assert not grade(f"{entry.accepted[0]}. {other}.", entry)


@pytest.mark.parametrize("entry", ITEMS.values(), ids=ITEMS)
def test_repeating_the_prompt_or_saying_nothing_is_no_answer(entry: PracticeItem) -> None:
    for answer in (entry.prompt, "", " \n", "?!", "I do not know."):
        assert not grade(answer, entry)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("lease-rent", "The monthly rent is €1850.00."),
        ("lease-rent", "1,850 euros"),
        ("loan-rate", "**6.25 %** a year"),
        ("signing-date", "It was signed on the 14th of March, 2025".replace(" of", "")),
        ("signing-date", "March 14th, 2025"),
        ("audit-firm", "marsh and quill"),
        ("seller-name", "BRIGHTWATER  GmbH"),
        ("sublet-consent", "No, the tenant may not."),
        ("sublet-consent", "The answer is no."),
        ("sublet-consent", "**Answer:** No"),
        ("loan-secured", "Yes – by a mortgage, so no other security is needed."),
    ],
)
def test_a_right_answer_is_right_however_it_is_written(name: str, answer: str) -> None:
    assert grade(answer, ITEMS[name])


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("lease-rent", "11,850"),
        ("lease-rent", "1,850,000"),
        ("lease-rent", "1.85"),
        ("revenue-2025", "181 million"),
        ("revenue-2025", "0.81 million"),
        ("dividend-per-share", "11.20"),
        ("sublet-consent", "Yes or no"),
        ("loan-secured", "Yes/No"),
        ("loan-secured", "Yes, no."),
        ("loan-secured", "Yes. No."),
        ("loan-secured", "The loan is secured."),
        ("loan-secured", "Yesterday"),
        ("sublet-consent", "Nobody may."),
        ("governing-law", "Denmark " + "and so on " * 40),
    ],
)
def test_an_answer_that_hedges_lists_or_misreads_is_wrong(name: str, answer: str) -> None:
    assert not grade(answer, ITEMS[name])
