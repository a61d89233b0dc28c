"""Auto-route: the rule sends the next prompt to one model, and says why."""

from __future__ import annotations

from dataclasses import replace

from app.domain.conversation import Prompt
from app.domain.errors import InputError
from app.domain.model import Pair, Role
from app.domain.routing.decision import Basis, Decision
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Seating
from app.services.archive import Archive
from app.services.ask import Asking, Report
from app.services.compare import both, draw_seat, new_turn
from app.services.models import Models
from app.services.ports import Clock
from app.services.preferences import PreferenceStore
from app.services.rule import Rules
from app.services.store import Store


class Router:
    """Decides before sending; hard rules first, the learner decides what they leave open."""

    def __init__(
        self,
        asking: Asking,
        models: Models,
        rules: Rules,
        preferences: PreferenceStore,
        archive: Archive,
        store: Store,
        clock: Clock,
    ) -> None:
        self._asking = asking
        self._models = models
        self._rules = rules
        self._preferences = preferences
        self._archive = archive
        self._store = store
        self._clock = clock

    async def decide(self, prompt: Prompt) -> Decision:
        """Return where a prompt would go, without sending anything."""
        return await self._decide(prompt, await self._models.pair())

    async def _decide(self, prompt: Prompt, pair: Pair) -> Decision:
        hard = await self._policy(prompt, pair)
        if hard is not None:
            return hard
        decision = await self._rules.decide(pair, prompt)
        if decision.basis is Basis.NOT_ENOUGH_VOTES:
            preferences = await self._preferences.load()
            if preferences.until_enough == "frontier":
                sentence = "Until there are enough votes you chose to ask the frontier model only."
                return replace(
                    decision,
                    role=Role.FRONTIER,
                    basis=Basis.FRONTIER_PREFERRED,
                    because=(*decision.because, sentence),
                )
        return decision

    async def _policy(self, prompt: Prompt, pair: Pair) -> Decision | None:
        """Return what the matter's policy forces; the check that binds is where the sending is."""
        matter = await self._store(lambda history: history.matter(prompt.matter))
        if matter is None:
            return None
        refused = {role: matter.policy.refuses(model, matter.name) for role, model in both(pair)}
        left = [role for role, problem in refused.items() if problem is None]
        if len(left) != 1:
            return None
        other = pair.side(left[0].other())
        because = (
            f"The matter “{matter.name}” has the policy “{matter.policy.in_words()}”, "
            f"which leaves out {other.name}."
        )
        return Decision(left[0], Basis.POLICY, (because,))

    async def ask(self, prompt: Prompt, report: Report) -> Turn:
        """Decide and send; with too few votes both are asked, blind. The decision is stored."""
        pair = await self._models.pair()
        decision = await self._decide(prompt, pair)
        if decision.basis is Basis.BLOCKED:
            raise InputError(
                " ".join(decision.because), "Change the pin, the budget or the matter.", "blocked"
            )
        if decision.asks_both:
            turn = new_turn(prompt, TurnMode.BLIND, pair, self._clock, Seating(draw_seat()))
            asked = both(pair)
        else:
            assert decision.role is not None
            turn = new_turn(prompt, TurnMode.ROUTED, pair, self._clock, None)
            asked = ((decision.role, pair.side(decision.role)),)
        return await self._asking.ask(replace(turn, decision=decision), asked, report)

    async def ask_other(self, turn_id: int, report: Report) -> Turn:
        """Ask the model that was not asked too: the turn becomes an open comparison.

        InputError when both were asked already or the pair has changed since.
        """
        turn = await self._archive.show(turn_id)
        if len(turn.answers) != 1:
            raise InputError("Both models have been asked already.", "Vote on their answers.")
        pair = await self._models.pair()
        if pair.key != turn.pair_key:
            raise InputError(
                "The pair of models has changed since this was asked.",
                "Ask the prompt again to compare today's pair.",
            )
        await self._store(lambda history: history.set_mode(turn_id, TurnMode.OPEN.value))
        role = turn.answers[0].role.other()
        opened = replace(turn, mode=TurnMode.OPEN)
        return await self._asking.ask_also(opened, role, pair.side(role), report)
