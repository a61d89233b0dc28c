"""Whether an answer can be checked is known before it is asked, or a memo goes to two models."""

from __future__ import annotations

import pytest

from app.domain.substance import Kind, checkable

LEASE = "The tenant shall give the landlord notice of thirty (30) days. " * 12

CHECKABLE = [
    ("By what date must notice be served under the clause above?", Kind.DATE),
    ("When does the initial term expire?", Kind.DATE),
    ("In which year did the fee change?", Kind.DATE),
    ("What is the deadline for completion?", Kind.DATE),
    ("How much is the deposit?", Kind.FIGURE),
    ("How many employees are named?", Kind.FIGURE),
    ("What's the total purchase price?", Kind.FIGURE),
    ("Calculate the interest at 5% on $1,200 for 3 years. Show your work.", Kind.FIGURE),
    ("What percentage of the shares does the seller keep?", Kind.FIGURE),
    ("What was the change in revenue in 2019 from 2018?", Kind.FIGURE),
    ("What is the notice period?", Kind.FIGURE),
    ("Is the guarantee limited in time?", Kind.YES_NO),
    ("Does the clause allow subletting?", Kind.YES_NO),
    ("Determine whether the notice was served in time.", Kind.YES_NO),
    ("Identify if the sentence defines a term.", Kind.YES_NO),
    ("Summarise nothing; answer only yes or no: was notice given?", Kind.YES_NO),
    ("Explain to yourself, then reply with either: Yes, No", Kind.YES_NO),
    ("Which clause deals with assignment?", Kind.CITATION),
    ("Under which section is the fee due?", Kind.CITATION),
    ("Cite the case that overruled it.", Kind.CITATION),
    ("Who are the defendants?", Kind.NAME),
    ("Which party bears the cost?", Kind.NAME),
    ("From each excerpt, extract the names of the defendants that are companies.", Kind.NAME),
    ("Classify the clause as arbitration, jurisdiction or other.", Kind.LABEL),
    ("What type of mark is it?", Kind.LABEL),
    ("Is this contract governed by the UCC or the common law?", Kind.LABEL),
    ("Extract all dates and deadlines from Schedule 2, with the clause of each.", Kind.EXTRACTION),
    ("List every notice period in the lease.", Kind.EXTRACTION),
    ("Find each place that mentions assignment and quote the sentence.", Kind.EXTRACTION),
    ("Which is right?\nA. The tenant\nB. The landlord\nC. Neither\nAnswer:", Kind.CHOICE),
    ("Is it covered? [A: Yes; B: No; C: It is ambiguous]", Kind.CHOICE),
    ("Write a Python function that adds two dates.", Kind.CODE),
    ("What does this code print?\nprint(1 + 1)", Kind.OUTPUT),
]


@pytest.mark.parametrize(("prompt", "kind"), CHECKABLE)
def test_a_prompt_with_one_right_answer_is_told_by_its_words(prompt: str, kind: Kind) -> None:
    found = checkable(prompt)
    assert found is not None
    assert found.kind is kind


NOT_CHECKABLE = [
    "Draft a letter to the tenant asking for confirmation by 9 June.",
    "Please draft an assignment clause that favours the buyer.",
    "Summarise the lease in five bullet points.",
    "Rewrite the notice clause in plain language for the tenant.",
    "Translate the clause into German.",
    "Prepare a memo on whether the notice was valid.",
    "Analyse whether the supplier may rely on the force majeure clause.",
    "Assess the risks of the indemnity for the licensee.",
    "Explain why a court might refuse relief.",
    "Argue both sides: does the indemnity survive termination?",
    "What are the strengths and weaknesses of our position?",
    "How should we respond to the demand?",
    "Why did the court overrule it?",
    "Should we settle?",
    "What do you think of the draft?",
    "Advise the board on the merger.",
    "Compare the two drafts.",
    "Extract the dates and draft a letter about them.",
    "List the dates, then summarise the lease.",
    "What is the difference between a lease and a licence?",
    "Give me an overview of the law of limitation.",
    "Write an e-mail to the client.",
    "Brainstorm names for the joint venture.",
    "Improve this paragraph.",
    "Thanks!",
    "",
    "The quick brown fox.",
    "Summarise this agreement.\nA. Definitions\nB. Term\nC. Notices",
]


@pytest.mark.parametrize("prompt", NOT_CHECKABLE)
def test_a_draft_a_memo_or_an_opinion_is_never_called_checkable(prompt: str) -> None:
    assert checkable(prompt) is None


def test_a_pasted_document_does_not_change_what_is_asked() -> None:
    assert (found := checkable(f"{LEASE}\n\nBy when must notice be given?")) is not None
    assert found.kind is Kind.DATE
    assert checkable(f"Draft a reply to the landlord.\n\n{LEASE}") is None
    assert checkable(f"{LEASE}\n\nQuestion: Summarise the duties of the tenant.") is None


def test_a_plain_what_is_checkable_where_a_text_is_supplied_and_not_otherwise() -> None:
    question = "What does the retention fund consist of?"
    assert checkable(question) is None
    assert checkable(question, attached=True) is not None
    assert checkable(f"{LEASE}\n{question}") is not None


def test_the_labels_that_a_prompt_offers_are_kept() -> None:
    found = checkable(f"{LEASE}\nReply with either: Facts, Procedural History, Issue, Rule\nLabel:")
    assert found is not None
    assert found.labels == ("Facts", "Procedural History", "Issue", "Rule")
    options = checkable("Pick one.\nA. The tenant pays\nB. The landlord pays")
    assert options is not None
    assert options.labels == ("The tenant pays", "The landlord pays")


def test_markdown_and_word_quotes_make_no_difference() -> None:
    assert checkable("**When** does the\u00a0term “expire”?") == checkable(
        'When does the term "expire"?'
    )


def test_what_is_asked_is_kept_apart_from_the_text_it_is_about() -> None:
    found = checkable(f"{LEASE}\nBy when must notice under clause 14.2 be served?")
    assert found is not None
    assert "clause 14.2" in found.asks
