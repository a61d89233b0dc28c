"""Ledger turns for tests of the savings: invented prompts, exact figures."""

from __future__ import annotations

from decimal import Decimal

from app.domain.model import Role
from app.domain.money import Certainty, Cost, Money, Price, Usage
from app.domain.turn import LedgerAnswer, LedgerTurn, TurnMode
from app.domain.vote import Choice

CHEAP_PRICE = Price(Decimal("0.2"), Decimal("0.8"))
FRONTIER_PRICE = Price(Decimal(15), Decimal(75))


def answer(
    role: Role,
    tokens: tuple[int, int] | None = (1000, 200),
    *,
    price: Price | None = None,
    certainty: Certainty = Certainty.MEASURED,
    state: str = "complete",
    total_ms: int | None = 1000,
    model: str = "",
) -> LedgerAnswer:
    """Return an answer whose cost is its tokens times its price."""
    price = price or (CHEAP_PRICE if role is Role.CHEAP else FRONTIER_PRICE)
    inputs, outputs = tokens or (None, None)
    cost = Cost.unknown()
    if certainty is Certainty.FREE:
        cost = Cost.free()
    elif tokens and certainty is not Certainty.UNKNOWN:
        money = price.cost(Usage(*tokens))
        assert money is not None
        cost = Cost(money, certainty)
    known = certainty in (Certainty.MEASURED, Certainty.ESTIMATED)
    return LedgerAnswer(
        role,
        model or role.value,
        "Example",
        state,
        cost,
        inputs,
        outputs,
        str(price.input_per_million) if known else None,
        str(price.output_per_million) if known else None,
        total_ms,
        100,
    )


def turn(
    number: int,
    *answers: LedgerAnswer,
    day: str = "2026-03-01",
    matter: str = "Larch",
    pair_key: str = "cheapprint-frontprint",
    decided: bool = False,
    choice: Choice | None = None,
    practice: bool = False,
    sent_to: Role | None = None,
) -> LedgerTurn:
    """Return a turn; one answer makes it routed, two compared."""
    mode = TurnMode.ROUTED if len(answers) == 1 else TurnMode.BLIND
    return LedgerTurn(
        number, day, matter, mode, pair_key, practice, decided, choice, tuple(answers),
        sent_to=sent_to,
    )  # fmt: skip


def compared(number: int, **more: object) -> LedgerTurn:
    """Return a turn in which both were asked: cheap 1000/200 tokens, frontier 1000/300."""
    both = answer(Role.CHEAP), answer(Role.FRONTIER, (1000, 300), total_ms=4000)
    return turn(number, *both, **more)  # type: ignore[arg-type]


def money(amount: str) -> Money:
    """Return dollars."""
    return Money(Decimal(amount))
