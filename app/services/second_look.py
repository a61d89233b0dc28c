"""The second look: two or three cheap models at once, the frontier where none agree."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.answer import AnswerState
from app.domain.budget import OverBudget
from app.domain.conversation import Prompt
from app.domain.errors import InputError, StorageError
from app.domain.model import ModelRef, Pair, Role
from app.domain.routing.decision import Decision
from app.domain.routing.second_look_ends import held_back
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Seating
from app.services.ask import Asking, Decided, Further, NotSaved, Report
from app.services.compare import both, draw_seat, new_turn
from app.services.decisions import Decisions
from app.services.hard_rules import HardRules
from app.services.models import Models
from app.services.ports.clock import Clock
from app.services.store import Store

if TYPE_CHECKING:
    # What reads answers is much code, and no page waits for it: it comes with the first look.
    from app.domain.substance import Check

SECOND_SETTING, THIRD_SETTING = "second_model", "third_model"


class SecondLook:
    """Knows the other cheap models, and asks them beside the first where a check is possible."""

    def __init__(
        self,
        asking: Asking,
        models: Models,
        hard: HardRules,
        store: Store,
        clock: Clock,
        decisions: Decisions,
    ) -> None:
        self._asking = asking
        self._models = models
        self._hard = hard
        self._store = store
        self._clock = clock
        self._decisions = decisions
        # What one choice reads another must not change before it has written: the last one holds.
        self._choosing = asyncio.Lock()

    # The other models

    async def others(self, pair: Pair) -> tuple[ModelRef, ...]:
        """Return the second cheap model for a pair, and the third; those chosen that fit it.

        Where the second one was removed, or fits no more, the third takes its place.
        """
        second = await self._chosen(SECOND_SETTING, pair)
        third = await self._chosen(THIRD_SETTING, pair, *(() if second is None else (second,)))
        return tuple(model for model in (second, third) if model is not None)

    async def model(self, pair: Pair) -> ModelRef | None:
        """Return the second cheap model for a pair, or None where none is chosen that fits."""
        return next(iter(await self.others(pair)), None)

    async def choose(self, name: str) -> ModelRef:
        """Choose the second cheap model by name; InputError where it cannot be one.

        A third one that is the same model is given up.
        """
        async with self._choosing:
            pair = await self._own_pair()
            model = await self._fitting(name, pair)
            await self._keep(SECOND_SETTING, model)
            if await self._chosen(THIRD_SETTING, pair, model) is None:
                await self._keep(THIRD_SETTING, None)
        return model

    async def choose_none(self) -> None:
        """Take no second look any more: without a second model a third has nothing to look with."""
        async with self._choosing:
            await self._keep(SECOND_SETTING, None)
            await self._keep(THIRD_SETTING, None)

    async def choose_third(self, name: str) -> ModelRef:
        """Choose the third cheap model by name; InputError where it cannot be one."""
        async with self._choosing:
            pair = await self._own_pair()
            second = await self.model(pair)
            if second is None:
                raise InputError(
                    "A third cheap model needs a second one.",
                    "Choose the second cheap model first.",
                )
            model = await self._fitting(name, pair, second)
            await self._keep(SECOND_SETTING, second)
            await self._keep(THIRD_SETTING, model)
        return model

    async def choose_no_third(self) -> None:
        """Look with two models."""
        async with self._choosing:
            second = await self.model(await self._models.pair())
            if second is not None:
                await self._keep(SECOND_SETTING, second)
            await self._keep(THIRD_SETTING, None)

    async def _own_pair(self) -> Pair:
        pair = await self._models.pair()
        if pair.practice:
            raise InputError(
                "The practice pair takes no second look.", "Choose a pair of your own models first."
            )
        return pair

    async def _fitting(self, name: str, pair: Pair, *others: ModelRef) -> ModelRef:
        model = await self._models.named(name)
        why_not = _why_not(model, pair, *others)
        if why_not is not None:
            raise InputError(why_not, "Choose another cheap model.")
        return model

    async def _chosen(self, setting: str, pair: Pair, *others: ModelRef) -> ModelRef | None:
        """Return the model that a setting holds, or None where it holds none that fits.

        It is kept by number and name: a new key gives a model a new number.
        """
        if pair.practice:
            return None
        chosen = await self._store(lambda history: history.setting(setting))
        number, _, name = (chosen or "").partition(",")
        models = await self._models.all() if name else []
        found = [model for model in models if str(model.id) == number] or [
            model for model in models if model.name == name
        ]
        if not found or _why_not(found[0], pair, *others) is not None:
            return None
        return found[0]

    async def _keep(self, setting: str, model: ModelRef | None) -> None:
        value = "" if model is None else f"{model.id},{model.name}"
        await self._store(lambda history: history.set_setting(setting, value))

    # The look

    async def decide(self, prompt: Prompt, pair: Pair) -> Decision | None:
        """Return the decision to take a second look, or None where none can be taken.

        That is so without a second model, where the answer cannot be checked, and where a hard
        rule (policy, pin) forbids each other model what it allows the pair. One that is allowed is
        enough. Nothing is sent.
        """
        others = await self.others(pair)
        check = await asyncio.to_thread(_check, prompt) if others else None
        if check is None:
            return None
        allowed = [
            model
            for model in others
            if await self._hard.decide(prompt, Pair(model, pair.frontier)) is None
        ]
        if not allowed:
            return None
        from app.domain.routing.second_look import planned

        return planned(check, pair.cheap, allowed)

    async def asked(self, decision: Decision | None, pair: Pair) -> tuple[ModelRef, ...]:
        """Return the models that a decision means to ask beside the first one; none without one."""
        if decision is None or not decision.others:
            return ()
        return tuple(model for model in await self.others(pair) if model.name in decision.others)

    async def ask(
        self,
        prompt: Prompt,
        pair: Pair,
        decision: Decision,
        report: Report,
        over: OverBudget = OverBudget.ASK,
    ) -> Turn:
        """Ask the cheap models, and the frontier where none of them agree; return the turn.

        The decision is stored before anything is sent and again once they have ended, before the
        frontier is asked. As a spot check (`decision.spot_check`) the frontier is asked at once,
        blind beside the cheap answer that stands (the first, where none does), and the decision
        says where the prompt would have gone. All of them are held against the budget at the
        beginning (see `over`): a question in between would come too late.
        """
        others, check = await self.asked(decision, pair), await asyncio.to_thread(_check, prompt)
        assert others
        assert check is not None
        if decision.spot_check:
            turn = new_turn(prompt, TurnMode.BLIND, pair, self._clock, Seating(draw_seat()))
            asked = both(pair)
        else:
            turn = new_turn(prompt, TurnMode.ROUTED, pair, self._clock, None)
            asked = ((Role.CHEAP, pair.cheap),)
        turn = replace(turn, decision=decision)
        # One stop for all of them: whoever stops between the two steps asks nothing more.
        async with self._asking.listening() as stop:
            perhaps = () if decision.spot_check else (pair.frontier,)
            further = Further(others, perhaps, stop)
            turn = await self._asking.ask(turn, asked, report, over, further=further)
            found = await self._compared(turn, check)
            to_frontier = found.looked and found.role is Role.FRONTIER and not found.spot_check
            goes_on = to_frontier and not stop.pressed
            if to_frontier and not goes_on:
                found = held_back(found)
            turn = await self._decided(turn, found, report, goes_on=goes_on)
            if not goes_on:
                return turn
            # What has been spent meanwhile may have used up the room that was there.
            over = over if over is OverBudget.SEND else OverBudget.BLOCK
            turn = await self._asking.ask_also(
                turn, Role.FRONTIER, pair.frontier, report, over, stop=stop
            )
        frontier = turn.answer(Role.FRONTIER)
        if frontier is None or frontier.state is not AnswerState.BLOCKED:
            return turn
        return await self._decided(turn, held_back(found), report, goes_on=False)

    async def _compared(self, turn: Turn, check: Check) -> Decision:
        """Return what follows from the cheap answers."""
        cheap = turn.answer(Role.CHEAP)
        assert cheap is not None
        assert turn.decision is not None
        from app.domain.routing.second_look import looked

        return await asyncio.to_thread(looked, turn.decision, (cheap, *turn.beside), check)

    async def _decided(
        self, turn: Turn, decision: Decision, report: Report, *, goes_on: bool
    ) -> Turn:
        """Store and tell what was decided; return the turn with it."""
        try:
            await self._decisions.keep(turn.id, decision)
        except StorageError as error:
            report(NotSaved(error.problem))
        report(Decided(decision, goes_on))
        return replace(turn, decision=decision)


def _check(prompt: Prompt) -> Check | None:
    from app.domain.substance import checkable

    return checkable(prompt.text, attached=bool(prompt.attachments))


def _why_not(model: ModelRef, pair: Pair, *others: ModelRef) -> str | None:
    """Return why a model cannot look beside a pair and others, or None if it can."""
    if model.role is not Role.CHEAP:
        return f"{model.name} was added as a {model.role} model; a second look needs a cheap one."
    for side in (pair.cheap, pair.frontier, *others):
        if (model.base_url, model.model) == (side.base_url, side.model):
            same = f"is the same model as {side.name}"
            which = "takes part already" if model.name == side.name else same
            return f"{model.name} {which}: that it agrees with itself says nothing."
    return None
