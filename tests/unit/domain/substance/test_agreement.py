"""A false agreement lets a wrong answer stand; a false disagreement costs one more answer."""

from __future__ import annotations

import pytest

from app.domain.substance import Agreement, Kind, Obstacle, Outcome, agreement

FIGURE, DATE, YES_NO, CHOICE = Kind.FIGURE, Kind.DATE, Kind.YES_NO, Kind.CHOICE
LABEL, CITATION, NAME = Kind.LABEL, Kind.CITATION, Kind.NAME
EXTRACTION, CODE = Kind.EXTRACTION, Kind.CODE
MARKS = ("generic", "descriptive", "arbitrary", "fanciful")
EXCEPTIONS = ("express agreement", "de facto merger", "mere continuation")


def compare(one: str, other: str, kind: Kind, labels: tuple[str, ...] = ()) -> Agreement:
    """Compare both ways round: it must come to the same."""
    there, back = agreement(one, other, kind, labels), agreement(other, one, kind, labels)
    assert there.outcome is back.outcome
    assert there.ours == back.theirs
    assert there.obstacles == tuple(reversed(back.obstacles))
    return there


AGREE = [
    (FIGURE, "$79,570", "79570"),
    (FIGURE, "The total is **$1.2 million**.", "1,200,000"),
    (FIGURE, "EUR 1.234,56", "€1,234.56"),
    (FIGURE, "592 − 519 = 73", "The change was 73, from 519 to 592."),
    (FIGURE, "The change was 73.\n\nCalculation: 592 - 519 = 73", "73"),
    (FIGURE, "-12.6", "a decrease of 12.6"),
    (FIGURE, "(1,234)", "-1,234"),
    (FIGURE, "16.13%", "16.1%"),
    (FIGURE, "21,731.5", "21,732"),
    (FIGURE, "2 years", "24 months"),
    (FIGURE, "2 years", "Two"),
    (FIGURE, "thirty (30) days", "30 days"),
    (FIGURE, "445.0p", "445.0"),
    (FIGURE, "27.1% and 28.7%", "- 2018: 28.7%\n- 2017: 27.1%"),
    (FIGURE, "To find it, add 5 and 6.\n5 + 6 = 11\n#### 11", "\\boxed{11}"),
    (FIGURE, "She has 9 left. She sells them at $2.\n\nTherefore, she makes **$18**.", "$18"),
    (FIGURE, "There were none.", "0"),
    (DATE, "18 March", "The deadline is 18 March 2026."),
    (DATE, "18 March 2026", "2026-03-18"),
    (DATE, "March 18, 2026", "18.03.2026"),
    (DATE, "03/04/2026", "03/04/2026"),
    (DATE, "1–15 March 2026", "from 1 March 2026 to 15 March 2026"),
    (DATE, "not 8 March but 18 March", "18 March"),
    (DATE, "2019", "In fiscal 2019."),
    (DATE, "within 10 Business Days of notice", "Within ten Business Days of notice."),
    (DATE, "18 March at 5 pm", "18 March, 17:00"),
    (YES_NO, "Yes.", "Yes, because clause 4 says so."),
    (YES_NO, "No", "**Answer:** No"),
    (YES_NO, "No. The notice was late.", "Is it valid? The notice was late.\n\nConclusion: no."),
    (YES_NO, "True", "Yes"),
    (YES_NO, "The tenant is not liable.", "the tenant is **not liable**"),
    (CHOICE, "B", "The correct answer is (B)."),
    (CHOICE, "B: No", "Option B"),
    (CHOICE, "**C.** It is ambiguous", "C"),
    (CHOICE, "A and C", "C, A"),
    (CITATION, "Clause 14.2", "14.2"),
    (CITATION, "§ 12", "section 12 of the Companies Act 2006"),
    (CITATION, "Rowan v. Hart", "It is Rowan vs Hart, 410 U.S. 113."),
    (CITATION, "Clauses 4.6 and 11.2", "cl. 11.2 and cl. 4.6"),
    (NAME, "Larch Networks, Inc.", "The company defendant is Larch Networks Inc."),
    (NAME, "Acorn Corp.", "Acorn"),
    (NAME, "Ada Holm and Bo Sund", "- Bo Sund\n- Ada Holm"),
    (NAME, "Not named", "None."),
    (EXTRACTION, "annually", "The review is annually."),
    (EXTRACTION, "| Accounts | 31 January 2027 | cl. 3 |", "Accounts: 31.01.2027 (clause 3)"),
    (EXTRACTION, "- land\n- traffic", "traffic, land"),
    (EXTRACTION, "30 days", "The tenant must give 30 days of notice."),
    (CODE, "```python\nx = 1\n```", "Here:\n```\n# one\n\nx  =  1\n```"),
]


@pytest.mark.parametrize(("kind", "one", "other"), AGREE)
def test_the_same_substance_in_other_words_agrees(kind: Kind, one: str, other: str) -> None:
    assert compare(one, other, kind).agrees


DIFFER = [
    (FIGURE, "$79,570", "$79,750"),
    (FIGURE, "$100", "€100"),
    (FIGURE, "$100", "$100.40"),
    (FIGURE, "1.2 million", "1,234,567"),
    (FIGURE, "$79,570", "$79.57 million"),
    (FIGURE, "12%", "12 percentage points"),
    (FIGURE, "10 Business Days", "10 days"),
    (FIGURE, "30 days", "1 month"),
    (FIGURE, "an increase of 12.6", "a decrease of 12.6"),
    (FIGURE, "21,731", "21,732"),
    (FIGURE, "0.7", "0.68"),
    (FIGURE, "27.1% and 28.7%", "27.1%"),
    (FIGURE, "She has 9 left. She makes $18.", "She has 9 left. She makes $20."),
    (FIGURE, "not 5 days", "5 days"),
    (FIGURE, "None", "5"),
    (DATE, "18 March", "8 March"),
    (DATE, "18 March 2026", "18 March 2027"),
    (DATE, "18 March 2026", "March 2026"),
    (DATE, "03/04/2026", "3 April 2026"),
    (DATE, "18 March at 5 pm", "18 March at 6 pm"),
    (DATE, "1 March to 15 April", "1 March"),
    (DATE, "not 18 March", "18 March"),
    (DATE, "within 10 days of notice", "within 14 days of notice"),
    (YES_NO, "Yes", "No"),
    (YES_NO, "The tenant is not liable.", "The tenant is liable."),
    (CHOICE, "B", "C"),
    (CHOICE, "A and C", "A"),
    (CITATION, "Clause 14.2", "Clause 22"),
    (CITATION, "Clause 14.2", "Clause 14.2(a)"),
    (CITATION, "Article 5 GDPR", "Article 5 BGB"),
    (CITATION, "Schedule 2", "Clause 2"),
    (CITATION, "Rowan v. Hart", "Rowan v. Pell"),
    (CITATION, "not clause 14.2", "clause 14.2"),
    (NAME, "Acorn Inc.", "Acorn LLC"),
    (NAME, "Ada Holm", "Ada Holm and Bo Sund"),
    (NAME, "None", "Ada Holm"),
    (EXTRACTION, "30 days for the tenant", "30 days for the landlord"),
    (EXTRACTION, "annually", "quarterly"),
    (EXTRACTION, "The buyer is liable", "The seller is liable"),
    (EXTRACTION, "- 4 March\n- 9 June", "- 4 March"),
    (EXTRACTION, "Acorn Holdings Ltd pays $5 on 4 March for all of it under clause 2, as agreed "
     "between the parties on 2 May, and nothing else is due at all", "Beech Holdings Ltd pays $5 "
     "on 4 March for all of it under clause 2, as agreed between the parties on 2 May, and nothing "
     "else is due at all"),
    (CODE, "```\nx = 1\n```", "```\nx = 2\n```"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "one", "other"), DIFFER)
def test_another_substance_never_passes_for_the_same(kind: Kind, one: str, other: str) -> None:
    assert compare(one, other, kind).outcome is Outcome.DIFFER


@pytest.mark.parametrize(
    ("one", "other", "agrees"),
    [
        ("generic", "The mark is **generic**.", True),
        ("generic", "It is not generic but descriptive.", False),
        ("descriptive", "It is not generic but descriptive.", True),
        ("Label: arbitrary", "arbitrary", True),
        ("generic", "fanciful", False),
    ],
)
def test_a_class_counts_as_the_prompt_offers_it(one: str, other: str, agrees: bool) -> None:
    assert compare(one, other, LABEL, MARKS).agrees is agrees


def test_several_classes_agree_as_a_set() -> None:
    first, second = "de facto merger, mere continuation", "Mere continuation; de facto merger."
    assert compare(first, second, LABEL, EXCEPTIONS).agrees
    assert not compare(first, "mere continuation", LABEL, EXCEPTIONS).agrees


def test_the_text_of_an_option_stands_for_its_letter() -> None:
    assert compare("It’s ambiguous", "C", CHOICE, ("Yes", "No", "It's ambiguous")).agrees


UNCLEAR = [
    ("", Obstacle.EMPTY),
    ("  \n\u200b ", Obstacle.EMPTY),
    ("…", Obstacle.EMPTY),
    ("I'm sorry, but I can't help with that.", Obstacle.REFUSED),
    ("As an AI, I am unable to give legal advice.", Obstacle.REFUSED),
    ("Please attach the agreement.", Obstacle.REFUSED),
    ("The deadlines are:", Obstacle.CUT),
    ("```python\nx = 1", Obstacle.CUT),
    ("so \\boxed{18 Mar", Obstacle.CUT),
    ('{"date": "18 March', Obstacle.MALFORMED),
    ("the date is 18 March\n" * 40, Obstacle.MALFORMED),
    ("\ufffd" * 20 + " 18 March", Obstacle.MALFORMED),
    ("It cannot be determined from the text.", Obstacle.UNSURE),
    ("It depends on when notice was served.", Obstacle.UNSURE),
    ("Soon.", Obstacle.NO_SUBSTANCE),
]


@pytest.mark.parametrize(("text", "why"), UNCLEAR)
def test_an_answer_that_is_none_is_never_compared(text: str, why: Obstacle) -> None:
    found = compare(text, "18 March 2026", DATE)
    assert found.outcome is Outcome.CANNOT_COMPARE
    assert found.obstacles == (why, None)
    assert not compare(text, text, DATE).agrees or why is Obstacle.NO_SUBSTANCE


@pytest.mark.parametrize(
    "text",
    [
        "Yes, but only if notice was served in time.",
        "Probably yes.",
        "Yes, unless the lease says otherwise.",
        "It depends.",
        "Yes and no.",
        "Yes. However, it depends on the lease.",
        "Yes at first sight.\n\nConclusion: No.",
        "No tenant may assign.",
    ],
)
def test_a_hedged_or_double_yes_is_no_yes(text: str) -> None:
    assert compare(text, "Yes.", YES_NO).outcome is Outcome.CANNOT_COMPARE


def test_what_differs_is_told_as_each_wrote_it() -> None:
    found = compare("The deadline is **18 March**.", "8 March", DATE)
    assert (found.shared, found.ours, found.theirs) == ((), ("18 March",), ("8 March",))
    assert found.difference() == "18 March, 8 March"


def test_what_is_shared_is_told_in_few_words() -> None:
    assert compare("18 March", "18 March 2026", DATE).shared_words() == "18 March"
    lists = "- $1\n- $2\n- $3\n- $4\n- $5"
    assert compare(lists, lists, FIGURE).shared_words() == "$1, $2 and 3 more"


def test_one_that_says_more_is_told_from_one_that_says_less() -> None:
    found = compare("4 March and 9 June", "4 March", DATE)
    assert found.difference() == "9 June, nothing more"


ASKED = [
    (EXTRACTION, "Extract all dates from Schedule 2, with the clause of each.",
     "Schedule 2 names one date: 4 March 2026 (cl. 3).", "- 04.03.2026 (clause 3)", True),
    (FIGURE, "What was the change in 2019 from $519 in 2018?",
     "Against $519 the change was $73.", "$73", True),
    (FIGURE, "Is $5 or $6 the fee, and how much is it?", "$5", "$6", False),
    (CITATION, "Which clause limits clause 14.2?", "Clause 14.2 is limited by clause 22.",
     "Clause 22", True),
    (CITATION, "Which clause limits clause 14.2?", "Clause 14.2", "Clause 22", False),
    (DATE, "By when must notice of 4 March be served?",
     "Notice of 4 March must be served by 18 March.", "18 March", True),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "asks", "one", "other", "agrees"), ASKED)
def test_what_the_question_names_itself_is_no_answer_where_more_is_said(
    kind: Kind, asks: str, one: str, other: str, agrees: bool
) -> None:
    assert agreement(one, other, kind, asks=asks).agrees is agrees
    assert agreement(other, one, kind, asks=asks).agrees is agrees


OUTPUTS = [
    ("[1, 2]", "The output is `[1, 2]`.", True),
    ("[1, 2]", "[1,2]", True),
    ("'ab'", "ab", True),
    ("[]", "Step by step it stays empty.\n\n**Answer:** []", True),
    ("{'a': 1}", '```python\nassert f(1) == {"a": 1}\n```', True),
    ("[1, 2]", "[2, 1]", False),
    ("[1, 2]", "[1, 2, 2]", False),
    ("upper", "'UPPER'", False),
    ("7", "7.0", False),
    ("w))", "w)))", False),
]


@pytest.mark.parametrize(("one", "other", "agrees"), OUTPUTS)
def test_the_output_of_code_is_compared_to_the_sign(one: str, other: str, agrees: bool) -> None:
    assert compare(one, other, Kind.OUTPUT).agrees is agrees


def test_no_output_is_none() -> None:
    assert compare("", "[]", Kind.OUTPUT).obstacles == (Obstacle.EMPTY, None)
