"""Auto-route: the rule sends the next prompt to one model, and says why."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.domain.budget import OverBudget
from app.domain.conversation import Prompt
from app.domain.errors import InputError
from app.domain.model import Pair, Role
from app.domain.routing.decision import Basis, Decision
from app.domain.routing.spot_check import with_lot
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Seating
from app.services.archive import Archive
from app.services.ask import Asking, Report
from app.services.compare import both, draw_seat, new_turn
from app.services.hard_rules import HardRules
from app.services.models import Models
from app.services.ports.clock import Clock
from app.services.preferences import PreferenceStore
from app.services.rule import Rules
from app.services.second_look import SecondLook


def draw_lot() -> float:
    """Return a lot (0..1) from the system's randomness: no pattern can be learned or avoided."""
    return secrets.randbelow(1 << 32) / (1 << 32)


@dataclass(frozen=True, slots=True)
class Before:
    """What is asked before the learned rule: the hard rules, then the second look."""

    hard: HardRules
    second_look: SecondLook


class Router:
    """Decides before sending; hard rules first, the learner decides what they leave open."""

    def __init__(
        self,
        asking: Asking,
        models: Models,
        rules: Rules,
        before: Before,
        preferences: PreferenceStore,
        archive: Archive,
        clock: Clock,
        lot: Callable[[], float] = draw_lot,
    ) -> None:
        self._asking = asking
        self._models = models
        self._rules = rules
        self._hard = before.hard
        self._second_look = before.second_look
        self._preferences = preferences
        self._archive = archive
        self._clock = clock
        self._lot = lot

    async def decide(self, prompt: Prompt) -> Decision:
        """Return where a prompt would go, without sending anything and without drawing a lot."""
        return await self._decide(prompt, await self._models.pair())

    async def _decide(self, prompt: Prompt, pair: Pair) -> Decision:
        """Return where it goes, with both prices as estimated now and the moment of deciding."""
        decision = await self._hard.decide(prompt, pair)
        if decision is None:
            decision = await self._second_look.decide(prompt, pair)
        if decision is None:
            decision = await self._learned(prompt, pair)
        met = await self._hard.met(prompt, pair, decision)
        estimate = await self._hard.prices(prompt, pair)
        return replace(
            decision,
            cheap_cost=estimate.cheap,
            frontier_cost=estimate.frontier,
            decided_at=self._clock.now(),
            met=met,
        )

    async def _learned(self, prompt: Prompt, pair: Pair) -> Decision:
        decision = await self._rules.decide(pair, prompt)
        if decision.basis in (Basis.NOT_ENOUGH_VOTES, Basis.PAIR_CHANGED):
            preferences = await self._preferences.load()
            if preferences.until_enough == "frontier":
                sentence = "Until there are enough votes you chose to ask the frontier model only."
                decision = replace(
                    decision,
                    role=Role.FRONTIER,
                    basis=Basis.FRONTIER_PREFERRED,
                    because=(*decision.because, sentence),
                )
        return decision

    async def ask(self, prompt: Prompt, report: Report, over: OverBudget = OverBudget.ASK) -> Turn:
        """Decide and send; the decision is stored with its lot.

        With too few votes both are asked, blind; so they are where the lot makes this prompt a
        spot check. `over` says what happens when a budget would be passed.
        """
        pair = await self._models.pair()
        decision = await self._decide(prompt, pair)
        if decision.basis is Basis.BLOCKED:
            alone = ", or ask without the earlier answer" if prompt.earlier else ""
            raise InputError(
                " ".join(decision.because),
                f"Change the pin or the matter's policy, or choose another matter{alone}.",
                "blocked",
            )
        decision = with_lot(decision, self._lot(), await self._rules.spot_check_chance())
        if decision.basis is Basis.SECOND_LOOK:
            return await self._second_look.ask(prompt, pair, decision, report, over)
        if decision.asks_both:
            turn = new_turn(prompt, TurnMode.BLIND, pair, self._clock, Seating(draw_seat()))
            asked = both(pair)
        else:
            assert decision.role is not None
            turn = new_turn(prompt, TurnMode.ROUTED, pair, self._clock, None)
            asked = ((decision.role, pair.side(decision.role)),)
        return await self._asking.ask(replace(turn, decision=decision), asked, report, over)

    async def ask_other(
        self, turn_id: int, report: Report, over: OverBudget = OverBudget.ASK
    ) -> Turn:
        """Ask the model that was not asked too: the turn becomes an open comparison.

        InputError when both were asked already or the pair has changed since.
        """
        turn = await self._archive.show(turn_id)
        missing = [role for role in Role if turn.answer(role) is None]
        if len(missing) != 1:
            raise InputError("Both models have been asked already.", "Vote on their answers.")
        pair = await self._models.pair()
        if pair.key != turn.pair_key:
            raise InputError(
                "The pair of models has changed since this was asked.",
                "Ask the prompt again to compare today's pair.",
            )
        (role,) = missing
        opened = replace(turn, mode=TurnMode.OPEN)
        return await self._asking.ask_also(opened, role, pair.side(role), report, over)
