"""What is said before a prompt is deleted is what its deletion does, and no more."""

from __future__ import annotations

from dataclasses import replace

from app.domain.routing.deleting import About, deleting_sentence
from app.domain.routing.lesson import Asked
from app.domain.vote import Choice
from tests.fakes.lessons import lesson

COUNTED = "It is a spot check on a second look, and the count of those loses it."


def test_a_check_on_a_second_look_says_what_its_vote_taught_besides() -> None:
    check = replace(lesson(1, "When?", Choice.EQUAL), asked=Asked.CHECK, propensity=1 / 16)
    check = replace(check, agreed=True)
    assert deleting_sentence(check) == f"{COUNTED} Your rule forgets the vote, too."
    assert deleting_sentence(replace(check, of_pair=False)) == COUNTED
    assert deleting_sentence(replace(check, choice=None)) == COUNTED


def test_a_prompt_of_a_run_on_other_models_changes_no_promise_of_these() -> None:
    item = lesson(1, "When?", Choice.EQUAL)
    assert "promises is worked out anew" in deleting_sentence(item)
    for about in (About.EARLIER, About.OTHERS):
        told = deleting_sentence(item, about)
        assert "counts against the cheap model" in told
        assert "worked out anew" not in told


def test_a_check_that_was_never_compared_is_in_no_count_that_could_lose_it() -> None:
    check = replace(lesson(1, "When?", Choice.EQUAL), asked=Asked.CHECK, propensity=1 / 16)
    check = replace(check, agreed=False, looked=False)
    assert deleting_sentence(check) == "Your rule forgets the vote."
    assert deleting_sentence(replace(check, choice=None)) == ""
