"""Why a prompt went where it went: the decision as it was, and the votes that it points to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import NotFoundError
from app.domain.routing.decision import Decision
from app.domain.vote import Choice
from app.services.archive import Archive

START_CHARS = 120


@dataclass(frozen=True, slots=True)
class NearVote:
    """One of the user's own votes on a like prompt; `start` is empty where it was deleted since.

    `start` are the prompt's first words, `choice` the vote that taught the rule (the first one).
    """

    turn_id: int
    start: str = ""
    matter: str = ""
    choice: Choice | None = None
    asked_at: datetime | None = None
    utc_offset_min: int = 0

    @property
    def exists(self) -> bool:
        """Return whether the prompt is still in the history."""
        return bool(self.start)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with what it points to; the nearest vote comes first."""

    decision: Decision
    nearest: tuple[NearVote, ...] = ()


async def explained(archive: Archive, decision: Decision) -> Explanation:
    """Return the decision with the prompts behind its nearest votes, as far as they still exist."""
    return Explanation(
        decision, tuple([await _near(archive, turn_id) for turn_id in decision.nearest])
    )


async def _near(archive: Archive, turn_id: int) -> NearVote:
    try:
        turn = await archive.show(turn_id)
    except NotFoundError:
        return NearVote(turn_id)
    words = " ".join(turn.prompt.text[: 4 * START_CHARS].split())
    start = words if len(words) <= START_CHARS else f"{words[:START_CHARS].rstrip()}…"
    return NearVote(
        turn_id,
        start,
        turn.prompt.matter,
        turn.votes[0].choice if turn.votes else None,
        turn.asked_at,
        turn.utc_offset_min,
    )
