"""What the user allows to be spent: by month and by prompt, in one currency at a time.

Reaching a limit asks; it never drops a prompt and never sends one unasked. What nobody knows the
price of is outside what a budget can see, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.domain.errors import CounterpartError, Problem
from app.domain.likely import Likely
from app.domain.model import Role
from app.domain.money import Money
from app.domain.words import counted, money_text, range_text, rate_text

KIND = "budget_reached"
_ZERO = Decimal(0)


class OverBudget(StrEnum):
    """What to do when a limit would be passed."""

    ASK = "ask"  # raise the question before anything is stored or sent
    BLOCK = "block"  # keep the prompt in History, its answers blocked
    SEND = "send"  # the user has been asked and said yes


@dataclass(frozen=True, slots=True)
class Limit:
    """What may be spent in one currency; None allows anything. Amounts are zero or more."""

    currency: str
    month: Decimal | None = None
    prompt: Decimal | None = None

    @property
    def empty(self) -> bool:
        """Return whether nothing is limited."""
        return self.month is None and self.prompt is None

    def in_words(self) -> str:
        """Return '$20.00 a month and $0.50 a prompt', or 'no limit'."""
        most = [
            f"{rate_text(amount, self.currency)} a {what}"
            for amount, what in ((self.month, "month"), (self.prompt, "prompt"))
            if amount is not None
        ]
        return " and ".join(most) or "no limit"


@dataclass(frozen=True, slots=True)
class Budget:
    """The user's limits, one a currency."""

    limits: tuple[Limit, ...] = ()

    def limit(self, currency: str) -> Limit:
        """Return the limit in a currency, an empty one where there is none."""
        return next((item for item in self.limits if item.currency == currency), Limit(currency))

    def with_limit(self, limit: Limit) -> Budget:
        """Return the budget with this limit in place of the one in its currency."""
        others = [item for item in self.limits if item.currency != limit.currency]
        kept = others if limit.empty else [*others, limit]
        return Budget(tuple(sorted(kept, key=lambda item: item.currency)))


@dataclass(frozen=True, slots=True)
class Spent:
    """What a month has cost so far in one currency.

    `estimated` holds what attempts that broke may have cost too; `held` is kept back for answers
    that are still arriving.
    """

    currency: str
    measured: Decimal = _ZERO
    estimated: Decimal = _ZERO
    held: Decimal = _ZERO

    @property
    def total(self) -> Decimal:
        """Return all that counts against the budget."""
        return self.measured + self.estimated + self.held

    def in_words(self) -> str:
        """Return '$19.80 is spent, ≈ $0.31 of it estimated, and $0.40 is held …'."""
        spent = self.measured + self.estimated
        said = f"{money_text(Money(spent, self.currency))} is spent"
        if self.estimated:
            said += f", {money_text(Money(self.estimated, self.currency), approximate=True)} of it "
            said += "estimated"
        if self.held:
            held = money_text(Money(self.held, self.currency), approximate=True)
            said += f", and {held} is held for answers on their way"
        return said


@dataclass(frozen=True, slots=True)
class Month:
    """What one local month (ISO, '2026-11') has cost; `unseen` answers have no known cost."""

    month: str
    spent: tuple[Spent, ...] = ()
    unseen: int = 0

    def unseen_in_words(self) -> str:
        """Return what the budget cannot see, empty where it sees everything."""
        if not self.unseen:
            return ""
        verb, them = ("has", "it") if self.unseen == 1 else ("have", "them")
        return (
            f"{counted(self.unseen, 'answer')} of this month {verb} no known cost: the budget "
            f"does not see {them}."
        )

    def in_currency(self, currency: str) -> Spent:
        """Return what was spent in a currency."""
        return next((item for item in self.spent if item.currency == currency), Spent(currency))

    def ends_before(self) -> date:
        """Return the first day of the next month."""
        year, number = int(self.month[:4]), int(self.month[5:7])
        return date(year + number // 12, number % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Passed:
    """One limit that sending would pass. `spent` is None for the limit of a single prompt."""

    limit: Money
    low: Money
    high: Money
    spent: Spent | None = None

    def in_words(self) -> str:
        """Return the limit against what is spent and what this would cost."""
        this = f"Sending this is likely to cost {range_text(self.low, self.high)}"
        most = rate_text(self.limit.amount, self.limit.currency)
        if self.spent is None:
            return f"{this}; you allow {most} a prompt."
        left = max(_ZERO, self.limit.amount - self.spent.total)
        return (
            f"{this}, and {money_text(Money(left, self.limit.currency))} is left of this month's "
            f"{most}: {self.spent.in_words()}."
        )


@dataclass(frozen=True, slots=True)
class BudgetQuestion:
    """What is asked when a limit would be passed: the figures; the choices are the user's."""

    passed: tuple[Passed, ...]
    planned: tuple[Likely, ...]
    month: Month

    @property
    def cheap_alone(self) -> Likely | None:
        """Return what the cheap model alone would cost, where both were to be asked."""
        cheap = [item for item in self.planned if item.model.role is Role.CHEAP]
        return cheap[0] if cheap and len(self.planned) > 1 else None

    def sentences(self) -> tuple[str, ...]:
        """Return the figures, one limit a sentence, and what the budget cannot see."""
        said = [item.in_words() for item in self.passed]
        names = [item.model.name for item in self.planned if item.cost.money is None]
        if names:
            verb = "is" if len(names) == 1 else "are"
            said.append(f"The price of {' and '.join(names)} {verb} not known and comes on top.")
        unseen = self.month.unseen_in_words()
        return (*said, unseen) if unseen else tuple(said)

    def problem(self) -> Problem:
        """Return the question as a problem: what happened, and how to go on."""
        return Problem(
            KIND,
            f"Not sent, because of your budget. {' '.join(self.sentences())}",
            "To send it all the same, confirm it in the window or add --over-budget; or raise the "
            "budget in Settings or with `counterpart budget set`.",
        )


class BudgetReachedError(CounterpartError):
    """A limit would be passed, and the user has not been asked yet. Nothing was stored or sent."""

    def __init__(self, question: BudgetQuestion) -> None:
        super().__init__(question.problem())
        self.question = question


def check(budget: Budget, month: Month, planned: Sequence[Likely]) -> BudgetQuestion | None:
    """Return the question to ask before sending all of `planned` together, or None.

    Each is reckoned at the high end of its range; what costs nothing passes always.
    """
    passed = []
    for limit in budget.limits:
        low, high = _sums(planned, limit.currency)
        if not high.amount:
            continue
        spent = month.in_currency(limit.currency)
        if limit.month is not None and spent.total + high.amount > limit.month:
            passed.append(Passed(Money(limit.month, limit.currency), low, high, spent))
        if limit.prompt is not None and high.amount > limit.prompt:
            passed.append(Passed(Money(limit.prompt, limit.currency), low, high))
    if not passed:
        return None
    return BudgetQuestion(tuple(passed), tuple(planned), month)


def _sums(planned: Iterable[Likely], currency: str) -> tuple[Money, Money]:
    low = high = _ZERO
    for item in planned:
        if item.low is not None and item.high is not None and item.high.currency == currency:
            low += item.low.amount
            high += item.high.amount
    return Money(low, currency), Money(high, currency)
