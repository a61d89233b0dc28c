"""How an answer's pane is dressed: title, badges, figures, footer, and what went wrong."""

from __future__ import annotations

from app.domain.answer import Answer, AnswerState
from app.domain.errors import Problem
from app.domain.events import Waiting
from app.domain.matter import provider_name
from app.domain.model import Role
from app.domain.money import Cost
from app.domain.reveal import footer, metrics, seats
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Letter
from app.domain.words import money_text
from app.ui.widgets.answer_pane import AnswerPane

_KEY_PROBLEMS = ("key", "keychain", "credit", "model_not_found", "local_model")


def cover(pane: AnswerPane, letter: Letter) -> None:
    """Make a pane ready for an answer of which nothing may be told."""
    pane.reset()
    pane.blind()
    pane.show_title(f"Answer {letter}")


def dress(pane: AnswerPane, turn: Turn, answer: Answer, frontier_cost: Cost | None = None) -> None:
    """Show everything about an answer that may be shown; never call this while blind.

    `frontier_cost` is what the frontier would have cost, for an answer the rule sent to cheap.
    """
    pane.reveal()
    pane.show_title(title(turn, answer))
    pane.show_badges(badges(turn, answer))
    if answer.state is AnswerState.STREAMING:
        pane.show_actions([])
        pane.show_metrics([])
        pane.show_footer("")
        return
    pane.show_actions(["copy"] if answer.text else [])
    figures = [] if answer.state is AnswerState.BLOCKED else list(metrics(answer))
    if frontier_cost is not None and answer.role is Role.CHEAP:
        figures.append(("frontier would have cost", money_text(frontier_cost)))
    pane.show_metrics(figures)
    pane.show_footer(footer(answer))
    if answer.problem is not None:
        pane.show_problem(
            answer.state_in_words().capitalize(),
            answer.problem.sentence(),
            list(ways_out(answer.problem)),
        )


def title(turn: Turn, answer: Answer) -> str:
    """Return the heading of an answer whose model may be named."""
    if turn.mode is TurnMode.ROUTED:
        return f"{answer.model.name} · {provider_name(answer.model)}"
    return f"{seats(turn).letter(answer.role)} · {answer.model.name}"


def badges(turn: Turn, answer: Answer) -> list[tuple[str, str]]:
    """Return the badges as (text, kind): role, state if it did not end well, the user's choice."""
    role: str = "cheap" if answer.role is Role.CHEAP else "frontier"
    shown: list[tuple[str, str]] = [(answer.role.value, role)]
    if answer.state is not AnswerState.STREAMING and not answer.complete:
        shown.append((answer.state_in_words(), "warning"))
    if turn.vote is not None and turn.vote.choice.value == answer.role.value:
        shown.append(("your choice", "neutral"))
    return shown


def ways_out(problem: Problem) -> tuple[tuple[str, str], ...]:
    """Return what can be done about a problem, as (name, label) of buttons."""
    if problem.kind == "blocked_by_policy":
        return (("policy", "Change the policy"), ("settings", "Choose another model"))
    if problem.kind == "budget_reached":
        return (("again", "Ask again"), ("settings", "Change the budget"))
    if any(word in problem.kind for word in _KEY_PROBLEMS):
        return (("settings", "Open Settings"), ("again", "Ask again"))
    return (("again", "Ask again"),)


def dress_waiting(pane: AnswerPane, waiting: Waiting, left_s: int) -> None:
    """Count down to the next try."""
    reason = waiting.reason[:1].upper() + waiting.reason[1:]
    reason = reason if reason.endswith((".", "!", "?")) else f"{reason}."
    pane.show_footer(f"{reason} Trying again in {left_s} s (try {waiting.attempt + 1}).")
