"""Thoughts that stand inside the text are told from the answer."""

from __future__ import annotations

import pytest

from app.adapters.providers.thought_tags import ThoughtTags


def read(*pieces: str) -> tuple[str, str]:
    """Return thoughts and answer."""
    tags = ThoughtTags()
    said = [part for piece in pieces for part in tags.read(piece)] + tags.rest()
    thoughts = "".join(part.text for part in said if part.thought)
    return thoughts, "".join(part.text for part in said if not part.thought)


@pytest.mark.parametrize("tag", ["think", "thinking", "thought", "reasoning"])
def test_an_answer_that_begins_with_thoughts_is_not_shown_with_them(tag: str) -> None:
    assert read(f"<{tag}>hm</{tag}>\n\nYes.") == ("hm", "Yes.")


def test_tags_cut_anywhere_are_still_tags() -> None:
    text = "\n<think>\nhm < 3 </th</think>\n\nYes, <b>.</think>"
    for first in range(len(text)):
        for second in range(first, len(text)):
            pieces = text[:first], text[first:second], text[second:]
            assert read(*pieces) == ("hm < 3 </th", "Yes, <b>.</think>"), pieces


@pytest.mark.parametrize(
    "text", ["Yes, <think> is a tag.", "<thin> ice", "<b>Yes</b>", "< 3", "<", "thinking"]
)
def test_an_answer_without_thoughts_loses_nothing(text: str) -> None:
    for cut in range(len(text)):
        assert read(text[:cut], text[cut:]) == ("", text)


def test_thoughts_that_never_end_are_no_answer() -> None:
    assert read("<think>hm", " and </thi") == ("hm and </thi", "")


def test_only_space_is_no_answer_and_no_thought() -> None:
    assert read("\n", " ") == ("", "\n ")
