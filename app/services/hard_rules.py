"""Hard rules: what the policies of a prompt's matters and the user's pins leave open."""

from __future__ import annotations

from functools import partial

from app.domain.conversation import Prompt
from app.domain.matter import Matter
from app.domain.model import Pair, Role
from app.domain.routing.decision import Decision
from app.domain.routing.hard import Circumstances, hard_rule, met
from app.domain.routing.question import question_of
from app.services.compare import both
from app.services.estimate import Estimate, Estimates
from app.services.pins import Pins
from app.services.ports.history import History
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
        matter, earlier = await self._store(partial(_matters, prompt))
        refused: dict[Role, str] = {}
        for role, model in both(pair):
            if matter.policy.refuses(model, matter.name) is not None:
                refused[role] = (
                    f"The matter “{matter.name}” has the policy “{matter.policy.in_words()}”, "
                    f"which leaves out {model.name}."
                )
                continue
            older = next((each for each in earlier if each.policy.refuses(model, each.name)), None)
            if older is not None:
                refused[role] = (
                    f"The prompt continues an answer of the matter “{older.name}”, whose policy "
                    f"“{older.policy.in_words()}” leaves out {model.name}."
                )
        return Circumstances(refused, here)


def _matters(prompt: Prompt, history: History) -> tuple[Matter, tuple[Matter, ...]]:
    """Return the prompt's matter and those of what it continues, with the policies of now."""

    def known(name: str) -> Matter:
        return history.matter(name) or Matter(name)

    names = dict.fromkeys(exchange.matter.name for exchange in prompt.earlier)
    return known(prompt.matter), tuple(known(name) for name in names)


def _here(pair: Pair) -> frozenset[Role]:
    return frozenset(role for role, model in both(pair) if model.on_this_computer)
