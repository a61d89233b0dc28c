"""What is sent along is said, counted and held to the policy of its own matter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain import conversation
from app.domain.conversation import Attachment, Prompt, prompt_of
from app.domain.errors import InputError
from app.domain.matter import Matter, PolicyKind, SendingPolicy
from app.domain.model import Role
from app.domain.thread import Exchange, Thread, refused
from tests.fakes.history_samples import CHEAP

ANYONE = Matter("Larch")
HERE_ONLY = Matter("Oak", SendingPolicy(PolicyKind.THIS_COMPUTER))
NAMED = Matter("Elm", SendingPolicy(PolicyKind.NAMED, frozenset({"Example"})))
OTHERS = Matter("Ash", SendingPolicy(PolicyKind.NAMED, frozenset({"Somebody else"})))


def exchange(matter: Matter = ANYONE, answered: str = "**No.** Clause 7.") -> Exchange:
    return Exchange(1, 2, "May the tenant sublet?", answered, matter)


def thread(*exchanges: Exchange, **changes: object) -> Thread:
    found = Thread(exchanges or (exchange(),), Role.FRONTIER, "answer B")
    return replace(found, **changes)  # type: ignore[arg-type]


def test_the_line_names_the_answer_by_its_first_words_without_markdown() -> None:
    said = exchange(answered="## Conclusion\n\n> 1. **Relief** is `probably`\n* *not* available.")
    assert thread(said).sentence() == (
        "Continuing answer B: “Conclusion Relief is probably not available.”"
    )


def test_a_long_answer_is_cut_between_words() -> None:
    words = thread(exchange(answered="word " * 100)).first_words
    assert words.endswith("word…")
    assert len(words) <= 75
    unbroken = thread(exchange(answered="x" * 5_000)).first_words
    assert len(unbroken) <= 75


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (thread(), "1 earlier prompt sent along"),
        (thread(exchange(), exchange()), "2 earlier prompts sent along"),
        (thread(documents=("a.pdf",)), "1 earlier prompt and 1 document sent along"),
        (thread(cut=True), "1 earlier prompt sent along; what came before was deleted"),
    ],
)
def test_what_goes_along_is_told(found: Thread, said: str) -> None:
    assert found.along() == said


def test_all_that_is_sent_is_counted_and_the_message_itself_stays_its_own() -> None:
    file = Attachment("a.pdf", "application/pdf", "Rent", "00", 4)
    prompt = Prompt("Why?", attachments=(file,), earlier=(exchange(), exchange()))
    assert prompt.full_text() == '<document name="a.pdf">\nRent\n</document>\n\nWhy?'
    assert prompt.sent_text().count("May the tenant sublet?") == 2
    assert prompt.sent_text().count("Clause 7.") == 2
    assert prompt.sent_text().endswith(prompt.full_text())
    assert Prompt("Why?").sent_text() == "Why?"


def test_what_is_continued_counts_towards_the_most_that_can_be_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    size = len("Why?") + exchange().chars
    monkeypatch.setattr(conversation, "MAX_PROMPT_CHARS", size)
    assert prompt_of("Why?", earlier=(exchange(),)).earlier
    monkeypatch.setattr(conversation, "MAX_PROMPT_CHARS", size - 1)
    with pytest.raises(InputError, match="what it continues have") as refusal:
        prompt_of("Why?", earlier=(exchange(),))
    assert "without the earlier answers" in refusal.value.problem.next_step


@pytest.mark.parametrize(
    ("matter", "earlier", "kind"),
    [
        (ANYONE, (ANYONE, NAMED), ""),
        (NAMED, (ANYONE,), ""),
        (HERE_ONLY, (ANYONE,), "blocked_by_policy"),
        (HERE_ONLY, (HERE_ONLY,), "blocked_by_policy"),
        (ANYONE, (HERE_ONLY,), "blocked_by_earlier_policy"),
        (ANYONE, (OTHERS, ANYONE), "blocked_by_earlier_policy"),
        (NAMED, (ANYONE, ANYONE, OTHERS), "blocked_by_earlier_policy"),
    ],
)
def test_every_matter_that_is_sent_along_still_decides_on_its_own_text(
    matter: Matter, earlier: tuple[Matter, ...], kind: str
) -> None:
    problem = refused(matter, tuple(exchange(each) for each in earlier), CHEAP)
    assert (problem.kind if problem else "") == kind


def test_a_refusal_names_the_earlier_matter_and_a_way_out() -> None:
    problem = refused(ANYONE, (exchange(HERE_ONLY),), CHEAP)
    assert problem is not None
    assert "“Oak”" in problem.message
    assert "only models on this computer" in problem.message
    assert "without the earlier answer" in problem.next_step
