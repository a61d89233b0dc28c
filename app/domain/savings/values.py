"""What a savings report says: frozen values, exact and as shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.domain.money import Cost, Money

ZERO = Decimal(0)
# The fields of Figures in their order: what a hundred thousand turns are added up as.
Parts = tuple[Decimal, Decimal, Decimal, Decimal, Decimal, Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Figures:
    """The parts that every total is the sum of, in one currency; none is negative.

    `own` is what the frontier itself was paid, which is in both totals; `comparing` is what cheap
    was paid beside it; `routed` what cheap was paid in its place; `instead` is what the frontier
    would have cost there, always an estimate. What was paid is measured or estimated.
    """

    own_measured: Decimal = ZERO
    own_estimated: Decimal = ZERO
    comparing_measured: Decimal = ZERO
    comparing_estimated: Decimal = ZERO
    routed_measured: Decimal = ZERO
    routed_estimated: Decimal = ZERO
    instead: Decimal = ZERO

    @property
    def paid(self) -> Decimal:
        """Return all that was paid."""
        return self.paid_measured + self.paid_estimated

    @property
    def paid_measured(self) -> Decimal:
        """Return what was paid and measured: what can be billed."""
        return self.own_measured + self.comparing_measured + self.routed_measured

    @property
    def paid_estimated(self) -> Decimal:
        """Return what was paid by our own count of tokens: it cannot be billed."""
        return self.own_estimated + self.comparing_estimated + self.routed_estimated

    @property
    def frontier(self) -> Decimal:
        """Return what asking the frontier every time would have cost."""
        return self.own_measured + self.own_estimated + self.instead

    @property
    def frontier_estimated(self) -> bool:
        """Return whether that needs an ≈: it was not asked, or its own answer was cut."""
        return bool(self.instead or self.own_estimated)

    @property
    def comparing(self) -> Decimal:
        """Return what comparing added to asking the frontier alone; it is within what was paid."""
        return self.comparing_measured + self.comparing_estimated

    @property
    def saved(self) -> Decimal:
        """Return the saving, net of comparing; negative while comparing costs more."""
        return self.frontier - self.paid

    @property
    def saved_measured(self) -> Decimal:
        """Return the part of the saving that is measured: what comparing took away."""
        return -self.comparing_measured

    @property
    def saved_estimated(self) -> Decimal:
        """Return the part of the saving that rests on an estimate."""
        return self.saved - self.saved_measured

    @property
    def approximate(self) -> bool:
        """Return whether the saving needs an ≈."""
        return bool(self.instead or self.paid_estimated)

    def parts(self) -> Parts:
        """Return the parts in the order of the fields."""
        return (
            self.own_measured, self.own_estimated, self.comparing_measured,
            self.comparing_estimated, self.routed_measured, self.routed_estimated, self.instead,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SavingsRow:
    """One month, matter or model. `shown` is rounded so that rows add up to the headline.

    `turns` counts prompts; for a model, its answers.
    """

    name: str
    turns: int
    exact: Figures
    shown: Figures


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """Sums up to and with one local day (ISO), as shown; `low`..`high` bound the frontier's."""

    day: str
    paid: Decimal
    frontier: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class CurrencySavings:
    """The report in one currency; `shown` is the headline, `quantum` its smallest step.

    `low` and `high` bound the always-frontier cost at 90%; the last point of `series` is the
    headline, and each table's rows add up to it.
    """

    currency: str
    turns: int
    quantum: Decimal
    exact: Figures
    shown: Figures
    low: Decimal
    high: Decimal
    months: tuple[SavingsRow, ...] = ()
    matters: tuple[SavingsRow, ...] = ()
    models: tuple[SavingsRow, ...] = ()
    series: tuple[SeriesPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Prompts that cannot be counted, why, and what is known to have been paid for them."""

    reason: str
    turns: int
    paid: tuple[Cost, ...] = ()


@dataclass(frozen=True, slots=True)
class Besides:
    """What attempts that broke may have cost on top of every figure, one sum a currency.

    Of `attempts`, `unknown` have no known price and are in no sum.
    """

    attempts: int = 0
    costs: tuple[Cost, ...] = ()
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class EstimateCheck:
    """The estimate against the truth, on turns where both costs were measured (leave-one-out).

    Shares of the true cost: `median_error` without sign, `bias` of the sum (positive: too high).
    """

    turns: int
    median_error: float | None = None
    bias: float | None = None


@dataclass(frozen=True, slots=True)
class Waits:
    """Median waits, milliseconds; None where nothing was measured.

    `routed`: one model was asked; `compared`: until both were there; `frontier`: its own time.
    """

    routed_ms: int | None = None
    compared_ms: int | None = None
    frontier_ms: int | None = None

    @property
    def typical_ms(self) -> int | None:
        """Return the wait of a routed prompt, or of a comparison while nothing was routed."""
        return self.compared_ms if self.routed_ms is None else self.routed_ms


@dataclass(frozen=True, slots=True)
class Savings:
    """A whole report. `main` is the currency with the most prompts; others are never added to it.

    `decided` prompts were sent by the rule, `to_cheap` of them to cheap. `first_decided` is the
    local day of the first one. Of `judged` routed answers, `not_good_enough` were found wanting.
    """

    practice: bool
    since: str | None
    matter: str | None
    turns: int
    main: CurrencySavings
    others: tuple[CurrencySavings, ...]
    left_out: tuple[LeftOut, ...]
    check: EstimateCheck
    waits: Waits
    decided: int = 0
    to_cheap: int = 0
    first_decided: str | None = None
    judged: int = 0
    not_good_enough: int = 0
    besides: Besides = Besides()

    @property
    def share_to_cheap(self) -> float | None:
        """Return the share (0..1) of decided prompts that went to cheap; None without any."""
        return self.to_cheap / self.decided if self.decided else None

    @property
    def paid(self) -> Money:
        """Return what was paid in the main currency, as shown."""
        return Money(self.main.shown.paid, self.main.currency)

    @property
    def frontier(self) -> Money:
        """Return what asking the frontier every time would have cost, as shown."""
        return Money(self.main.shown.frontier, self.main.currency)

    @property
    def saved(self) -> Money:
        """Return the saving net of comparing, as shown; negative where it cost more."""
        return Money(self.main.shown.saved, self.main.currency)
