"""Hard rules: what the matter's policy and the user's pins leave open, before any learning."""

from __future__ import annotations

from app.domain.conversation import Prompt
from app.domain.model import Pair, Role
from app.domain.routing.decision import Decision
from app.domain.routing.hard import Circumstances, hard_rule, met
from app.domain.routing.question import question_of
from app.services.compare import both
from app.services.estimate import Estimate, Estimates
from app.services.pins import Pins
from app.services.store import Store


class HardRules:
    """Asks them in order; each takes models away and none gives one back."""

    def __init__(self, store: Store, pins: Pins, estimates: Estimates) -> None:
        self._store = store
        self._pins = pins
        self._estimates = estimates

    async def decide(self, prompt: Prompt, pair: Pair) -> Decision | None:
        """Return what they force, or None where both models stay open."""
        around = await self._circumstances(prompt, pair)
        return hard_rule(question_of(prompt), await self._pins.all(), around)

    async def met(self, prompt: Prompt, pair: Pair, decision: Decision) -> tuple[str, ...]:
        """Return the pins about this prompt that both models meet and a decision does not name."""
        around = Circumstances({}, _here(pair))
        return met(question_of(prompt), await self._pins.all(), around, decision.because)

    async def prices(self, prompt: Prompt, pair: Pair) -> Estimate:
        """Return what either model would cost, as estimated before sending."""
        return await self._estimates.estimate(prompt, pair)

    async def _circumstances(self, prompt: Prompt, pair: Pair) -> Circumstances:
        """Return what they need; the policy check that binds is where the sending is."""
        here = _here(pair)
        matter = await self._store(lambda history: history.matter(prompt.matter))
        if matter is None:
            return Circumstances({}, here)
        refused = {
            role: f"The matter “{matter.name}” has the policy “{matter.policy.in_words()}”, "
            f"which leaves out {model.name}."
            for role, model in both(pair)
            if matter.policy.refuses(model, matter.name) is not None
        }
        return Circumstances(refused, here)


def _here(pair: Pair) -> frozenset[Role]:
    return frozenset(role for role, model in both(pair) if model.on_this_computer)
