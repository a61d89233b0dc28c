"""What the voting desk may know of an item: the prompt, two texts, and how far one is."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.calibration.run import Run
from app.domain.conversation import Prompt
from app.domain.model import Role
from app.domain.turn import Turn
from app.domain.vote import Letter, Reason, Seating, Vote


@dataclass(frozen=True, slots=True)
class Ballot:
    """One blind vote. It holds nothing that could tell the models apart: no name, price or time.

    `voted` of `votable` prompts have a vote; `minutes_left` is about how long the rest takes.
    `cast` is the word of a vote that is being corrected, with its `reasons`.
    """

    run: str
    place: int
    prompt: Prompt
    a: str
    b: str
    voted: int
    votable: int
    minutes_left: int
    cast: str = ""
    reasons: tuple[Reason, ...] = ()

    def progress(self) -> str:
        """Return how far one is: '12 of 40, about 20 minutes'."""
        if self.cast:
            return f"{self.voted:,} of {self.votable:,} · correcting your last vote"
        minutes = "1 minute" if self.minutes_left == 1 else f"{self.minutes_left:,} minutes"
        return f"{self.voted:,} of {self.votable:,}, about {minutes}"


def ballot_of(run: Run, place: int, turn: Turn, corrected: Vote | None = None) -> Ballot:
    """Return the ballot of an item; ValueError unless its turn holds two whole answers in seats."""
    cheap, frontier = turn.answer(Role.CHEAP), turn.answer(Role.FRONTIER)
    if cheap is None or frontier is None or turn.seating is None or not turn.votable:
        raise ValueError("only two whole answers can be voted on")
    texts = {Role.CHEAP: cheap.text, Role.FRONTIER: frontier.text}
    return Ballot(
        run=run.name,
        place=place,
        prompt=turn.prompt,
        a=texts[turn.seating.role(Letter.A)],
        b=texts[turn.seating.role(Letter.B)],
        voted=run.voted,
        votable=run.voted + len(run.to_vote),
        minutes_left=run.minutes_left(),
        cast=_word(corrected, turn.seating) if corrected else "",
        reasons=corrected.reasons if corrected else (),
    )


def _word(vote: Vote, seating: Seating) -> str:
    """Return the word of a blind vote, as its seats give it."""
    if vote.choice.value in set(Role):
        return seating.letter(Role(vote.choice.value)).value.lower()
    return vote.choice.value
