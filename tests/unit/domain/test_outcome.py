"""How an answer ended decides whether a vote may ever rest on it."""

import pytest

from app.domain.answer import AnswerState
from app.domain.errors import Problem
from app.domain.events import Failed, Finished, FinishReason
from app.domain.outcome import outcome

REFUSED = Problem("key_refused", "The key was refused.", "Mend the key.")
OVERFLOW = Problem("too_long", "Too long.", "Shorten it.")


@pytest.mark.parametrize(
    ("end", "text", "reasoning", "stopped", "state"),
    [
        (Finished(FinishReason.STOP), "An answer.", "", False, AnswerState.COMPLETE),
        (Finished(FinishReason.STOP), "An answer.", "thinking", False, AnswerState.COMPLETE),
        (Finished(FinishReason.STOP), "  \n", "", False, AnswerState.EMPTY),
        (Finished(FinishReason.STOP), "", "thinking", False, AnswerState.REASONING_ONLY),
        (Finished(FinishReason.LENGTH), "An ans", "", False, AnswerState.TRUNCATED),
        (Finished(FinishReason.LENGTH), "", "thinking", False, AnswerState.REASONING_ONLY),
        (Finished(FinishReason.REFUSAL), "I cannot.", "", False, AnswerState.REFUSED),
        (Finished(FinishReason.CONTENT_FILTER), "", "", False, AnswerState.FILTERED),
        (Finished(FinishReason.CONTEXT_OVERFLOW), "", "", False, AnswerState.TOO_LONG),
        (Failed(OVERFLOW), "", "", False, AnswerState.TOO_LONG),
        (Failed(REFUSED), "", "", False, AnswerState.FAILED),
        (Failed(REFUSED, cut=True), "An ans", "", False, AnswerState.INCOMPLETE),
        (None, "An ans", "", True, AnswerState.STOPPED),
        (None, "An ans", "", False, AnswerState.INCOMPLETE),
    ],
)
def test_only_a_whole_answer_is_called_complete(
    end: Finished | Failed | None, text: str, reasoning: str, stopped: bool, state: AnswerState
) -> None:
    ended, problem = outcome(end, text, reasoning, stopped=stopped)
    assert ended is state
    assert (problem is None) == (state is AnswerState.COMPLETE)


def test_stopping_after_the_end_does_not_spoil_a_whole_answer() -> None:
    ended, _ = outcome(Finished(FinishReason.STOP), "An answer.", "", stopped=True)
    assert ended is AnswerState.COMPLETE
