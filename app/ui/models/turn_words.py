"""What a line of the history says, so that the list and the detail never say different things.

While a blind comparison waits for its vote, nothing here tells the two sides apart.
"""

from __future__ import annotations

from app.domain.answer import AnswerState
from app.domain.model import Role
from app.domain.turn import ANOTHER_CHEAP, BESIDE, TurnMode, TurnRow
from app.domain.vote import Choice
from app.domain.words import cost_text as each_cost_text
from app.domain.words import costs_text, seconds_text

NOT_VOTED = "not voted yet"
AFTER_VOTE = "after your vote"
DASH = "—"

_CHOICES = {
    Choice.CHEAP: "cheap",
    Choice.EQUAL: "about equal",
    Choice.FRONTIER: "frontier",
    Choice.NEITHER: "neither",
    Choice.GOOD_ENOUGH: "good enough",
    Choice.NOT_GOOD_ENOUGH: "not good enough",
}


_PAYEES = {
    Role.CHEAP.value: "cheap",
    Role.FRONTIER.value: "frontier",
    **dict.fromkeys(BESIDE, ANOTHER_CHEAP),
}
_SO_MANY = ("two", "three", "four")


def choice_text(choice: Choice) -> str:
    """Return a vote as the list shows it."""
    return _CHOICES[choice]


def sent_to(row: TurnRow) -> tuple[str, str]:
    """Return whom the prompt went to, and the token of its colour."""
    practice = " · practice" if row.practice else ""
    match row.mode:
        case TurnMode.BLIND:
            return f"both, blind{practice}", "muted"
        case TurnMode.OPEN:
            first = "one, then both" if row.decided else "both, open"
            return f"{first}{practice}", "muted"
        case TurnMode.ROUTED:
            if not row.roles:
                return DASH, "muted"
            # In a second look the frontier's answer, where it was asked, stands last.
            role = row.roles[-1]
            if row.second_look:
                others = max(1, len(set(row.payees) & set(BESIDE)))
                if role is Role.CHEAP:
                    return f"{_SO_MANY[others - 1]} cheap{practice}", "cheap"
                return f"all {_SO_MANY[others]}{practice}", "frontier"
            return f"{role.value}{practice}", "cheap" if role is Role.CHEAP else "frontier"


def vote_text(row: TurnRow) -> tuple[str, str]:
    """Return the vote, or why there is none, and the token of its colour."""
    if row.choice is not None:
        return choice_text(row.choice), "text"
    # A streaming side is told apart only once both have ended.
    if not row.revealed:
        running = AnswerState.STREAMING.value in row.states
        return ("answering", "muted") if running else (NOT_VOTED, "accent")
    # Of a routed turn the last answer stands: the frontier's, where both were asked.
    states = row.states[-1:] if row.mode is TurnMode.ROUTED else row.states
    for state in states:
        if state != AnswerState.COMPLETE.value:
            return AnswerState(state).in_words(), "warning"
    return DASH, "muted"


def cost_text(row: TurnRow) -> str:
    """Return what the prompt cost in all, hidden while a blind comparison waits for its vote."""
    return costs_text(row.costs) if row.revealed else AFTER_VOTE


def cost_tip(row: TurnRow) -> str:
    """Return what each attempt of each model cost and how that is known, hidden as the total is."""
    if not row.revealed:
        return AFTER_VOTE
    paid = zip(row.payees, row.costs, strict=True)
    return "\n".join(f"{_PAYEES[payee]}: {each_cost_text(cost)}" for payee, cost in paid) or DASH


def wait_text(row: TurnRow) -> str:
    """Return how long the slower answer took, hidden while a comparison waits for its vote."""
    return seconds_text(row.wait_ms) if row.revealed else DASH
