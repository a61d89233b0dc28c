"""The savings of a ledger: what was paid, what it would have cost, and how sure that is."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.answer import AnswerState
from app.domain.model import Role
from app.domain.money import Cost, totals
from app.domain.savings.account import Account, Uncounted, account_of
from app.domain.savings.estimate import FrontierEstimator, FrontierPrice
from app.domain.savings.summary import DEFAULT_CURRENCY, by_currency, summarise
from app.domain.savings.values import Besides, LeftOut, Savings, Waits
from app.domain.turn import LedgerTurn, TurnMode
from app.domain.vote import Choice


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report covers: from a local day (ISO) on, and one matter; None is everything."""

    since: str | None = None
    matter: str | None = None

    def holds(self, turn: LedgerTurn) -> bool:
        """Return whether a turn is within the scope."""
        if self.since is not None and turn.local_day < self.since:
            return False
        return self.matter is None or turn.matter.casefold() == self.matter.casefold()


def savings(
    ledger: Sequence[LedgerTurn],
    scope: Scope | None = None,
    *,
    practice: bool = False,
    prices: Mapping[str, FrontierPrice] | None = None,
) -> Savings:
    """Return the report over one world's turns, oldest first.

    The whole ledger teaches the estimate; only turns within the scope are counted. `prices` (by
    the frontier's fingerprint, the second half of a pair's key) serve where no answer tells one.
    Turns of the other world are ignored.
    """
    scope = scope or Scope()
    world = [turn for turn in ledger if turn.practice is practice]
    estimator = FrontierEstimator(world, prices)
    accounts: list[Account] = []
    uncounted: list[Uncounted] = []
    within: list[LedgerTurn] = []
    for turn in world:
        estimator.see(turn)
        if not scope.holds(turn):
            continue
        within.append(turn)
        match account_of(turn, estimator):
            case Account() as account:
                accounts.append(account)
            case Uncounted() as item:
                uncounted.append(item)
            case None:
                pass
    currencies = [
        summarise(name, items, estimator) for name, items in by_currency(accounts).items()
    ]
    if not currencies:
        currencies = [summarise(DEFAULT_CURRENCY, (), estimator)]
    decided = [turn for turn in within if turn.decided]
    verdicts = [turn.choice for turn in within if turn.choice in _VERDICTS]
    return Savings(
        practice=practice,
        since=scope.since,
        matter=scope.matter,
        turns=len(within),
        main=currencies[0],
        others=tuple(currencies[1:]),
        left_out=_left_out(uncounted),
        check=estimator.check(),
        waits=_waits(within),
        decided=len(decided),
        to_cheap=sum(_went_to_cheap(turn) for turn in decided),
        first_decided=min((turn.local_day for turn in decided), default=None),
        judged=len(verdicts),
        not_good_enough=verdicts.count(Choice.NOT_GOOD_ENOUGH),
        besides=_besides(within),
    )


_COMPLETE = AnswerState.COMPLETE.value
_VERDICTS = (Choice.GOOD_ENOUGH, Choice.NOT_GOOD_ENOUGH)


def _went_to_cheap(turn: LedgerTurn) -> bool:
    """Return whether the rule's choice was cheap, whoever else was asked besides.

    A spot check asks both, and so may the user afterwards: that does not change the choice. In a
    second look that asked the frontier in the end, the frontier's answer stood.
    """
    if turn.sent_to is Role.FRONTIER:
        return False
    roles = {answer.role for answer in turn.answers}
    overruled = turn.mode is TurnMode.ROUTED and Role.FRONTIER in roles
    return Role.CHEAP in roles and not overruled


def _left_out(uncounted: Iterable[Uncounted]) -> tuple[LeftOut, ...]:
    turns: dict[str, int] = defaultdict(int)
    paid: dict[str, list[Cost]] = defaultdict(list)
    for item in uncounted:
        turns[item.reason] += 1
        paid[item.reason] += item.paid
    return tuple(
        LeftOut(reason, count, tuple(cost for cost in totals(paid[reason]) if _amount(cost)))
        for reason, count in sorted(turns.items())
    )


def _amount(cost: Cost) -> Decimal:
    return cost.money.amount if cost.money is not None else Decimal(0)


def _besides(turns: Iterable[LedgerTurn]) -> Besides:
    asked = [answer for turn in turns for answer in (*turn.answers, *turn.beside)]
    costs = [cost for answer in asked for cost in answer.besides]
    known = [cost for cost in costs if cost.money is not None]
    return Besides(len(costs), totals(known), len(costs) - len(known))


def _waits(turns: Iterable[LedgerTurn]) -> Waits:
    routed, compared, frontier = [], [], []
    for turn in turns:
        times = []
        for answer in turn.answers:
            if answer.state == _COMPLETE and answer.total_ms is not None:
                times.append(answer.total_ms)
                if answer.role is Role.FRONTIER:
                    frontier.append(answer.total_ms)
        waited = turn.wait_ms
        ended = times or any(answer.state == _COMPLETE for answer in turn.beside)
        if ended and waited is not None and turn.mode is TurnMode.ROUTED:
            routed.append(waited)
        elif len(times) == 2:
            compared.append(max(times))
    return Waits(*(round(statistics.median(times)) if times else None
                   for times in (routed, compared, frontier)))  # fmt: skip
