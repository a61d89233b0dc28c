"""Compare: one prompt, two models, side by side."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

from app.domain.budget import OverBudget
from app.domain.conversation import Prompt
from app.domain.model import ModelRef, Pair, Role
from app.domain.routing.decision import Basis, Decision
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Seating
from app.services.ask import Asking, Report
from app.services.models import Models
from app.services.ports.clock import Clock


def draw_seat() -> Role:
    """Draw who sits at A; from the system's randomness, so no pattern can be learned."""
    return secrets.choice((Role.CHEAP, Role.FRONTIER))


class Comparisons:
    """Asks both models of the pair in use."""

    def __init__(
        self,
        asking: Asking,
        models: Models,
        clock: Clock,
        draw: Callable[[], Role] = draw_seat,
    ) -> None:
        self._asking = asking
        self._models = models
        self._clock = clock
        self._draw = draw

    async def compare(
        self,
        prompt: Prompt,
        report: Report,
        *,
        blind: bool = True,
        over: OverBudget = OverBudget.ASK,
    ) -> Turn:
        """Ask both at once and return the settled turn; blind ones get random seats.

        BudgetReachedError, before anything is stored, when a limit would be passed (see `over`).
        """
        pair = await self._models.pair()
        mode = TurnMode.BLIND if blind else TurnMode.OPEN
        turn = new_turn(prompt, mode, pair, self._clock, Seating(self._draw()))
        return await self._asking.ask(turn, both(pair), report, over)

    async def ask_one(
        self, prompt: Prompt, role: Role, report: Report, over: OverBudget = OverBudget.ASK
    ) -> Turn:
        """Ask one model of the pair only, as the user chose for this prompt."""
        pair = await self._models.pair()
        because = f"You chose to ask the {role} model only, to stay within your budget."
        decision = Decision(role, Basis.CHOSEN, (because,))
        turn = new_turn(prompt, TurnMode.ROUTED, pair, self._clock, None)
        asked = ((role, pair.side(role)),)
        return await self._asking.ask(replace(turn, decision=decision), asked, report, over)


def both(pair: Pair) -> tuple[tuple[Role, ModelRef], ...]:
    """Return the pair's models with their seats."""
    return ((Role.CHEAP, pair.cheap), (Role.FRONTIER, pair.frontier))


def new_turn(
    prompt: Prompt, mode: TurnMode, pair: Pair, clock: Clock, seating: Seating | None
) -> Turn:
    """Return a turn that begins now."""
    now = clock.now()
    continued = prompt.earlier[-1] if prompt.earlier else None
    return Turn(
        prompt=prompt,
        mode=mode,
        pair_key=pair.key,
        practice=pair.practice,
        asked_at=now,
        utc_offset_min=clock.utc_offset_min(now),
        seating=seating,
        parent_id=continued.turn_id if continued else None,
        continued_answer_id=continued.answer_id if continued else None,
    )
