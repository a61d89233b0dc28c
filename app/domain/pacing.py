"""The pace of a blind comparison: two answers shown so that neither's speed tells."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.model import Role

RELEASE_AFTER_S = 10.0


@dataclass(slots=True)
class _Side:
    arrived: list[str] = field(default_factory=list)
    arrived_chars: int = 0
    shown_chars: int = 0
    ended: bool = False
    first_s: float | None = None
    last_s: float | None = None


class BlindPace:
    """Holds back the faster side. Times are monotonic seconds, handed in.

    Both start when both have text. The faster one keeps the slower one's pace: it is shown no
    further than the slower one has come, until that one has ended. A side that says nothing for
    10 s, before its first word or after, releases the other until it speaks again.
    `release_all` ends the game (vote, failure).
    """

    def __init__(self, release_after_s: float = RELEASE_AFTER_S) -> None:
        self._sides = {role: _Side() for role in Role}
        self._release_after_s = release_after_s
        self._released = False

    def arrived(self, role: Role, text: str, now_s: float) -> None:
        """Note text of one side."""
        side = self._sides[role]
        if not text:
            return
        if side.first_s is None:
            side.first_s = now_s
        side.last_s = now_s
        side.arrived.append(text)
        side.arrived_chars += len(text)

    def ended(self, role: Role) -> None:
        """Note that a side will say no more."""
        self._sides[role].ended = True

    def drop(self, role: Role) -> None:
        """Forget what one side has said: another answer is shown whole in its place."""
        self._sides[role] = _Side(ended=True)

    def release_all(self) -> None:
        """Show everything that has arrived, from now on without delay."""
        self._released = True

    @property
    def settled(self) -> bool:
        """Return whether both have ended and everything has been taken."""
        return all(side.ended and not side.arrived for side in self._sides.values())

    def take(self, role: Role, now_s: float) -> str:
        """Return what may be shown of that side now and has not been taken yet."""
        side = self._sides[role]
        allowed = self._limit(role, now_s) - side.shown_chars
        if allowed <= 0 or not side.arrived:
            return ""
        pending = "".join(side.arrived)
        piece, rest = pending[:allowed], pending[allowed:]
        side.arrived[:] = [rest] if rest else []
        side.shown_chars += len(piece)
        return piece

    def _limit(self, role: Role, now_s: float) -> int:
        side, other = self._sides[role], self._sides[role.other()]
        if self._released or other.ended:
            return side.arrived_chars
        silent_since = side.first_s if other.last_s is None else other.last_s
        if silent_since is not None and now_s - silent_since >= self._release_after_s:
            return side.arrived_chars
        return other.arrived_chars
