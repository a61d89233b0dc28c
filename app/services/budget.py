"""The budget: what is allowed, what this month has cost, and what the next prompt would."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.domain.budget import (
    Budget,
    BudgetQuestion,
    BudgetReachedError,
    Limit,
    Month,
    check,
)
from app.domain.conversation import Prompt
from app.domain.errors import InputError
from app.domain.likely import Likely, perhaps_asked
from app.domain.model import ModelRef
from app.domain.money import amount_of, code_of
from app.services.estimate import Estimates
from app.services.ports.clock import Clock
from app.services.ports.spending import SpendingCheck
from app.services.store import Store

SETTING = "budget"


class Budgets:
    """Keeps the user's limits and holds each prompt against them."""

    def __init__(self, store: Store, clock: Clock, estimates: Estimates) -> None:
        self._store = store
        self._clock = clock
        self._estimates = estimates

    async def load(self) -> Budget:
        """Return the limits; what cannot be read limits nothing."""
        return _read(await self._store(lambda history: history.setting(SETTING)))

    async def set(self, currency: str, month: str | None, prompt: str | None) -> Budget:
        """Store the limits in one currency as typed; an empty text takes a limit away.

        None leaves it as it is. InputError says what to mend.
        """
        try:
            code = code_of(currency)
            known = (await self.load()).limit(code)
            limit = Limit(code, _amount(month, known.month), _amount(prompt, known.prompt))
        except ValueError as error:
            raise InputError(
                f"That budget cannot be used: {error}.", "Give an amount such as 20 or 0.50."
            ) from None
        budget = (await self.load()).with_limit(limit)
        text = written(budget)
        await self._store(lambda history: history.set_setting(SETTING, text))
        return budget

    async def month(self) -> Month:
        """Return what this local month has cost so far."""
        name, start, end = self._period()
        return await self._store(lambda history: history.spending(name, start, end))

    async def plan(
        self, prompt: Prompt, models: Sequence[ModelRef], perhaps: Sequence[ModelRef] = ()
    ) -> tuple[tuple[Likely, ...], SpendingCheck | None]:
        """Return what the models are likely to cost, and the check to make while storing.

        `perhaps` are those that may be asked afterwards: they cost nothing at the least. Without a
        limit nothing is reckoned. The check raises BudgetReachedError.
        """
        budget = await self.load()
        if not budget.limits:
            return (), None
        certain = [await self._estimates.likely(prompt, model) for model in models]
        later = [await self._estimates.likely(prompt, model) for model in perhaps]
        planned = (*certain, *(perhaps_asked(item) for item in later))

        def decide(month: Month) -> None:
            question = check(budget, month, planned)
            if question is not None:
                raise BudgetReachedError(question)

        name, start, end = self._period()
        return planned, SpendingCheck(name, start, end, decide)

    async def question(self, prompt: Prompt, models: Sequence[ModelRef]) -> BudgetQuestion | None:
        """Return what must be asked before these are sent, or None."""
        _, spending = await self.plan(prompt, models)
        if spending is None:
            return None
        try:
            spending.decide(await self.month())
        except BudgetReachedError as reached:
            return reached.question
        return None

    def _period(self) -> tuple[str, datetime, datetime]:
        """Return this local month's name, and when it begins and ends."""
        now = self._clock.now()
        local = now + timedelta(minutes=self._clock.utc_offset_min(now))
        month = Month(f"{local.year:04d}-{local.month:02d}")
        end = month.ends_before()
        return (
            month.month,
            self._midnight(local.year, local.month),
            self._midnight(end.year, end.month),
        )

    def _midnight(self, year: int, month: int) -> datetime:
        """Return when the local day of the first begins; the offset there may be another one."""
        wall = datetime(year, month, 1, tzinfo=UTC)
        return wall - timedelta(minutes=self._clock.utc_offset_min(wall))


def _amount(typed: str | None, known: Decimal | None) -> Decimal | None:
    if typed is None:
        return known
    return amount_of(typed) if typed.strip() else None


def written(budget: Budget) -> str:
    """Return the limits as the setting holds them."""
    limits = [
        {
            "currency": item.currency,
            "month": None if item.month is None else f"{item.month:f}",
            "prompt": None if item.prompt is None else f"{item.prompt:f}",
        }
        for item in budget.limits
    ]
    return json.dumps({"limits": limits})


def _read(text: str | None) -> Budget:
    """Return the limits that a setting holds. A damaged one must not lock the user out."""
    budget = Budget()
    try:
        for item in json.loads(text or "{}").get("limits", []):
            amounts = (
                None if item[name] is None else amount_of(str(item[name]))
                for name in ("month", "prompt")
            )
            budget = budget.with_limit(Limit(code_of(item["currency"]), *amounts))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Budget()
    return budget
