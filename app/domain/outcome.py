"""How an answer ended: the state it is stored with, and what the user is told."""

from __future__ import annotations

from dataclasses import replace

from app.domain.answer import AnswerState
from app.domain.errors import KEPT, NOTHING_CAME, Problem
from app.domain.events import Failed, Finished, FinishReason, Waiting


def outcome(
    end: Finished | Failed | None,
    text: str,
    reasoning: str,
    *,
    stopped: bool,
    waiting: Waiting | None = None,
) -> tuple[AnswerState, Problem | None]:
    """Return the state an answer ended in, and what to tell the user; None when all is well.

    `waiting` is what it waited for when it was stopped.
    """
    if stopped and not isinstance(end, Finished):
        return AnswerState.STOPPED, _stopped(waiting, begun=bool(text.strip() or reasoning.strip()))
    match end:
        case None:
            return AnswerState.INCOMPLETE, _CUT
        case Failed(problem=problem, cut=cut):
            if problem.kind == "too_long":
                return AnswerState.TOO_LONG, problem
            arrived = bool(text.strip() or reasoning.strip())
            if not arrived:
                step = problem.next_step.replace(KEPT, NOTHING_CAME)
                problem = replace(problem, next_step=step)
            if problem.kind == "content_filter":
                return AnswerState.FILTERED, problem
            return (AnswerState.INCOMPLETE if cut or arrived else AnswerState.FAILED), problem
        case Finished(reason=reason):
            return _finished(reason, text, reasoning)


def _stopped(waiting: Waiting | None, *, begun: bool) -> Problem:
    if waiting is not None:
        message = f"{waiting.reason} You stopped waiting; no request was under way."
        return Problem("stopped", message, "Ask again in a while, or use another model.")
    if begun:
        step = f"{KEPT}; ask again for the rest."
        return Problem("stopped", "You stopped this answer.", step)
    return Problem("stopped", "You stopped this answer before its first word.", "Ask again.")


def _finished(
    reason: FinishReason, text: str, reasoning: str
) -> tuple[AnswerState, Problem | None]:
    match reason:
        case FinishReason.REFUSAL:
            return AnswerState.REFUSED, _REFUSED
        case FinishReason.CONTENT_FILTER:
            return AnswerState.FILTERED, _FILTERED
        case FinishReason.CONTEXT_OVERFLOW if not text.strip():
            return AnswerState.TOO_LONG, _TOO_LONG
        case FinishReason.LENGTH | FinishReason.CONTEXT_OVERFLOW:
            # Cut by a limit before any text: the reasoning used the whole allowance.
            if text.strip() or not reasoning.strip():
                return AnswerState.TRUNCATED, _TRUNCATED
            return AnswerState.REASONING_ONLY, _REASONING_ONLY
        case FinishReason.STOP:
            if text.strip():
                return AnswerState.COMPLETE, None
            if reasoning.strip():
                return AnswerState.REASONING_ONLY, _REASONING_ONLY
            return AnswerState.EMPTY, _EMPTY


_CUT = Problem("cut_off", "The answer broke off before its end.", f"{KEPT}; ask again.")
_REFUSED = Problem(
    "refused", "The model declined to answer.", "Rephrase the prompt or ask the other model."
)
_FILTERED = Problem(
    "content_filter",
    "The provider's content filter withheld the answer.",
    "Rephrase the prompt or ask another provider.",
)
_TOO_LONG = Problem(
    "too_long",
    "The prompt is longer than this model can read.",
    "Attach only the pages it is about, or choose a model with a longer context.",
)
_TRUNCATED = Problem(
    "truncated",
    "The answer reached its maximum length and ends in the middle.",
    "Raise the model's maximum length in Settings, or ask for a shorter answer.",
)
_EMPTY = Problem("empty", "The model finished without writing anything.", "Ask again.")
_REASONING_ONLY = Problem(
    "reasoning_only",
    "The model reasoned but wrote no answer.",
    "Raise the model's maximum length in Settings, or ask again.",
)
