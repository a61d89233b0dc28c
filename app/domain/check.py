"""What the vote on a spot check says: where the rule would have sent it, and if that was right."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.model import Role
from app.domain.routing.decision import Basis, Decision
from app.domain.turn import ANOTHER_CHEAP, Turn
from app.domain.vote import Choice, VoteKind


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found.

    `role` is where the rule would have sent the prompt, None where it was still learning; `right`
    is None where nothing can be said about that.
    """

    role: Role | None
    right: bool | None
    sentence: str


_FOUND = {
    Choice.CHEAP: "you found the cheap answer better",
    Choice.EQUAL: "you found the two about equal",
    Choice.FRONTIER: "you found the frontier answer better",
    Choice.NEITHER: "you would have used neither",
}


def verdict(decision: Decision | None, choice: Choice) -> Verdict | None:
    """Return what a vote says about a decision that was checked; None where it was no check."""
    if decision is None or not decision.spot_check or choice not in _FOUND:
        return None
    looking = decision.basis is Basis.SECOND_LOOK
    if looking and not decision.looked:
        return None  # stopped before it was known where the prompt would have gone
    if decision.role is None:
        return Verdict(
            None, None, "Your rule was still learning; this vote counts towards your limit."
        )
    right = _right(decision.role, choice)
    who = "The second look" if looking else "Your rule"
    whom = ANOTHER_CHEAP if decision.stands else f"the {decision.role.value}"
    sent = f"{who} would have sent this to {whom} model"
    return Verdict(decision.role, right, _sentence(sent, decision.role, choice, right=right))


def check_found(turn: Turn) -> Verdict | None:
    """Return what the vote on a turn found about the rule; None where it was no check.

    A vote changed after the reveal finds nothing: the names were known.
    """
    vote = turn.vote
    if vote is None or vote.kind is VoteKind.CHANGED:
        return None
    return verdict(turn.decision, vote.choice)


def _right(role: Role, choice: Choice) -> bool:
    """Return whether that model was the one to ask: the frontier only where it is better."""
    return (choice is Choice.FRONTIER) is (role is Role.FRONTIER)


def _sentence(sent: str, role: Role, choice: Choice, *, right: bool) -> str:
    found = _FOUND[choice]
    if choice is Choice.NEITHER:
        helped = "would not have helped" if role is Role.CHEAP else "did not help"
        return f"{sent}; {found}, so paying more {helped}."
    if right:
        return f"{sent}, and that was right: {found}."
    if role is Role.CHEAP:
        return f"{sent}, and that would have been a loss: {found}."
    return f"{sent}, which was not needed: {found}."
