"""What the vote bar asks and says, for each way of asking."""

from __future__ import annotations

from app.domain.model import Role
from app.domain.reveal import seats
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Choice, Letter, Seating, VoteKind
from app.ui.widgets.vote_bar import Options, VoteBar

_BLIND: Options = (
    ("a", "A is better"),
    ("equal", "About equal"),
    ("b", "B is better"),
    ("neither", "Neither"),
)
_SINGLE: Options = (("good_enough", "Good enough"), ("not_good_enough", "Not good enough"))
_WITH_REASONS = (Choice.CHEAP, Choice.FRONTIER, Choice.NEITHER, Choice.NOT_GOOD_ENOUGH)


def ask_for_vote(
    bar: VoteBar,
    mode: TurnMode,
    seating: Seating | None,
    *,
    changing: bool = False,
    checked: str = "",
) -> None:
    """Offer the votes of a turn, in the order of its seats; not enabled yet.

    `checked` says of one routed answer how often such are checked.
    """
    note = "A changed vote is kept; it does not train your rule" if changing else ""
    match mode:
        case TurnMode.BLIND:
            bar.offer("Which would you have used?", _BLIND, note)
        case TurnMode.OPEN:
            note = note or "Names are visible, so this vote weighs less"
            bar.offer("Which would you have used?", _open(seating or Seating(Role.CHEAP)), note)
        case TurnMode.ROUTED:
            bar.offer("Good enough?", _SINGLE, note or checked or "No answer needed")


def _open(seating: Seating) -> Options:
    return (
        (seating.role(Letter.A).value, "A is better"),
        ("equal", "About equal"),
        (seating.role(Letter.B).value, "B is better"),
        ("neither", "Neither"),
    )


def word_of(turn: Turn) -> str:
    """Return the word that casts the present vote of a turn once more."""
    assert turn.vote is not None
    choice = turn.vote.choice
    if turn.mode is TurnMode.BLIND and choice in (Choice.CHEAP, Choice.FRONTIER):
        return seats(turn).letter(Role(choice.value)).value.lower()
    return choice.value


def say_vote(bar: VoteBar, turn: Turn) -> None:
    """Show what was voted and ask why, where a reason means something."""
    assert turn.vote is not None
    vote = turn.vote
    note = "Changed vote: kept, but it does not train" if vote.kind is VoteKind.CHANGED else ""
    bar.show_vote(
        vote_sentence(turn), vote.reasons, ask_why=vote.choice in _WITH_REASONS, note=note
    )


def vote_sentence(turn: Turn) -> str:
    """Return what was voted, in a few words."""
    assert turn.vote is not None
    match turn.vote.choice:
        case Choice.CHEAP | Choice.FRONTIER as choice:
            return f"You chose {seats(turn).letter(Role(choice.value))}"
        case Choice.EQUAL:
            return "You found them about equal"
        case Choice.NEITHER:
            return "You would have used neither"
        case Choice.GOOD_ENOUGH:
            return "You found it good enough"
        case Choice.NOT_GOOD_ENOUGH:
            return "You found it not good enough"
