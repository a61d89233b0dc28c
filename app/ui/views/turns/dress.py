"""How an answer's pane is dressed: title, badges, figures, footer, and what went wrong."""

from __future__ import annotations

from app.domain.answer import Answer, AnswerState
from app.domain.errors import Problem
from app.domain.events import Waiting
from app.domain.model import ModelRef, Role
from app.domain.money import Cost
from app.domain.reveal import footer, metrics, seats
from app.domain.turn import ANOTHER_CHEAP, Turn, TurnMode
from app.domain.vote import Letter
from app.domain.words import money_text
from app.ui.views.turns import second_look
from app.ui.widgets.answer_pane import AnswerPane

KEY, CONNECTION, BUDGET = "mend_key", "connection", "budget"
_SETTINGS = {
    # What the user can mend in Settings, by kind of problem: where that is, and in which words.
    **dict.fromkeys(
        ("key_refused", "key_missing", "keychain", "keychain_absent", "keychain_locked",
         "keychain_slow"),
        (KEY, "Mend the key in Settings"),
    ),
    **dict.fromkeys(
        ("trust_file", "bad_certificate"), (CONNECTION, "Open the connection's settings")
    ),
    **dict.fromkeys(
        ("stalled", "too_slow", "too_much", "connect_timeout"),
        (CONNECTION, "Change how long to wait, and how much to read"),
    ),
    "not_local": ("settings", "See the change in Settings"),
    **dict.fromkeys(
        ("model_not_found", "bad_request", "forbidden", "payment", "insecure_address",
         "not_an_api", "redirected", "refused_connection", "unknown_host", "local_model",
         "truncated", "reasoning_only", "too_long"),
        ("settings", "Open Settings"),
    ),
}  # fmt: skip
_HEADLINES = {
    AnswerState.INCOMPLETE: "The answer broke off.",
    AnswerState.FAILED: "No answer came.",
    AnswerState.STOPPED: "Stopped by you.",
    AnswerState.REFUSED: "The model declined.",
    AnswerState.FILTERED: "Withheld by a content filter.",
    AnswerState.TRUNCATED: "It ends at its length limit.",
    AnswerState.TOO_LONG: "The prompt is too long for this model.",
    AnswerState.EMPTY: "No text came.",
    AnswerState.REASONING_ONLY: "Only reasoning came.",
    AnswerState.BLOCKED: "Not sent.",
}
NOT_BEGUN, BEGUN = "Asked; its first word has not come yet.", "Answering."
_BLIND_REASON = (
    "Which one stays hidden until you vote. If you stop the wait, there is nothing to vote on, and "
    "names are shown."
)
_BLIND_REASON_OF_MORE = (
    "Which stays hidden until you vote. If you stop the wait, there may be nothing to vote on; "
    "names are shown then."
)


def cover(pane: AnswerPane, letter: Letter, told: str = "") -> None:
    """Make a pane ready for an answer of which nothing may be told; `told` is what stands below."""
    pane.reset()
    pane.blind(told)
    pane.show_title(f"Answer {letter}")


def dress(pane: AnswerPane, turn: Turn, answer: Answer, frontier_cost: Cost | None = None) -> None:
    """Show everything about an answer that may be shown; never call this while blind.

    `frontier_cost` is what the frontier would have cost, for an answer the rule sent to cheap.
    """
    pane.reveal()
    pane.clear_waiting()
    pane.show_title(title(turn, answer))
    pane.show_badges(badges(turn, answer))
    pane.show_beside(second_look.beside(turn, answer))
    if answer.state is AnswerState.STREAMING:
        pane.show_actions([])
        pane.show_metrics([])
        pane.show_footer(BEGUN if pane.text() else NOT_BEGUN)
        return
    pane.show_actions(["copy", "continue"] if answer.text else [])
    figures = [] if answer.state is AnswerState.BLOCKED else list(metrics(answer))
    if frontier_cost is not None and answer.role is Role.CHEAP:
        figures.append(("frontier would have cost", money_text(frontier_cost)))
    pane.show_metrics([*figures, *second_look.whole_turn(turn)])
    pane.show_footer(footer(answer))
    if answer.problem is not None:
        pane.show_problem(
            _HEADLINES.get(answer.state, answer.state_in_words().capitalize()),
            answer.problem.sentence(),
            list(ways_out(answer.problem)),
        )


def title(turn: Turn, answer: Answer) -> str:
    """Return the heading of an answer whose model may be named."""
    if turn.mode is TurnMode.ROUTED:
        return f"{answer.model.name} · {answer.model.provider}"
    return f"{seats(turn).letter(answer.role)} · {answer.model.name}"


def badges(turn: Turn, answer: Answer) -> list[tuple[str, str]]:
    """Return the badges as (text, kind): role, state if it did not end well, the user's choice."""
    role: str = "cheap" if answer.role is Role.CHEAP else "frontier"
    named = ANOTHER_CHEAP if answer in turn.beside else answer.role.value
    shown: list[tuple[str, str]] = [(named, role)]
    if answer.state is not AnswerState.STREAMING and not answer.complete:
        shown.append((answer.state_in_words(), "warning"))
    if turn.vote is not None and turn.vote.choice.value == answer.role.value:
        shown.append(("your choice", "neutral"))
    return shown


def place_of(name: str, answer: Answer | None) -> str:
    """Return where in Settings a way out of an answer's problem leads."""
    match name:
        case "connection" | "budget":
            return f"settings:{name}"
        case "mend_key" if answer is not None:
            return f"settings:key:{answer.model.id}"
        case _:
            return "settings"


def ways_out(problem: Problem) -> tuple[tuple[str, str], ...]:
    """Return what can be done about a problem, as (name, label) of buttons."""
    if problem.kind == "blocked_by_policy":
        return (("policy", "Change the policy"), ("settings", "Choose another model"))
    if problem.kind == "blocked_by_earlier_policy":
        return (("alone", "Ask without the earlier answer"), ("settings", "Choose another model"))
    if problem.kind == "context_gone":
        return (("alone", "Ask it by itself"),)
    if problem.kind == "budget_reached":
        return (("again", "Ask again"), (BUDGET, "Change the budget"))
    if problem.kind in _SETTINGS:
        return (_SETTINGS[problem.kind], ("again", "Ask again"))
    return (("again", "Ask again"),)


def dress_waiting(pane: AnswerPane, waiting: Waiting, left_s: int) -> None:
    """Count down to the next try."""
    pane.show_waiting("Waiting before it is asked again.", _why_waiting(waiting), left_s)
    pane.show_footer("No request is under way.")


def beside_waiting(model: ModelRef, waiting: Waiting, left_s: int) -> tuple[str, str, int]:
    """Return what is said of another model that waits: title, reason and seconds left."""
    return f"{model.name} waits before it is asked again.", _why_waiting(waiting), left_s


def _why_waiting(waiting: Waiting) -> str:
    reason = waiting.reason[:1].upper() + waiting.reason[1:]
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."


def dress_blind_waiting(pane: AnswerPane, waiting: int, left_s: int, *, beside: bool) -> None:
    """Count down while nothing may tell the sides apart: both panes are given the same words.

    Where models are asked `beside` the two, the words do not tell either whether it is one of them.
    """
    if beside:
        title = f"{'One' if waiting == 1 else 'Some'} of the models {_have(waiting)} to wait."
        pane.show_waiting(title, _BLIND_REASON_OF_MORE, left_s)
        return
    title = "One of the two has to wait." if waiting == 1 else "Both have to wait."
    pane.show_waiting(title, _BLIND_REASON, left_s)


def _have(count: int) -> str:
    return "has" if count == 1 else "have"
