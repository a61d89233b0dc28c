"""What the frontier would have cost where it was not asked, how sure that is, and how well it did.

Expected tokens are those of the cheap answer times the ratio of the user's own compared turns,
shrunk to 1; the interval comes from how far those turns lie from the estimate.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from app.domain.model import Role
from app.domain.money import MILLION, Certainty
from app.domain.savings.values import ZERO, EstimateCheck
from app.domain.turn import LedgerAnswer, LedgerTurn

_SHRINK_TURNS = 3  # so many imagined turns of ratio 1 stand beside the user's own
_PRIOR_SPREAD = 0.5  # relative, before any turn tells better
_NORMAL_95 = 1.6448536269514722
_GRAIN = Decimal("1e-10")


@dataclass(frozen=True, slots=True)
class FrontierPrice:
    """What the frontier model of a pair charges per million tokens; `free` where nobody pays.

    `tiers` are (above so many input tokens, rate in, rate out), by rising threshold.
    """

    input_per_million: Decimal
    output_per_million: Decimal
    currency: str = "USD"
    free: bool = False
    tiers: tuple[tuple[int, Decimal, Decimal], ...] = ()

    def rates(self, input_tokens: Decimal) -> tuple[Decimal, Decimal]:
        """Return the rates in and out for a prompt that long."""
        reached = [tier for tier in self.tiers if input_tokens > tier[0]]
        return reached[-1][1:] if reached else (self.input_per_million, self.output_per_million)

    def with_seen(self, seen: FrontierPrice, above: int) -> FrontierPrice:
        """Return the price with what an answer of one tier was charged at; 0 is the base."""
        if seen.free or seen.currency != self.currency:
            return seen
        rates = seen.input_per_million, seen.output_per_million
        if above:
            others = (tier for tier in self.tiers if tier[0] != above)
            return replace(self, tiers=tuple(sorted((*others, (above, *rates)))))
        # Where the base has changed, its tiers of then say nothing about now.
        unchanged = rates == (self.input_per_million, self.output_per_million)
        return self if unchanged else seen


@dataclass(slots=True)
class _Ratio:
    """Sums over compared turns, from which the ratio frontier to cheap follows."""

    turns: int = 0
    cheap: int = 0
    frontier: int = 0

    def value(self, *, without: tuple[int, int] | None = None) -> Decimal:
        """Return the ratio shrunk to 1; `without` leaves one turn's (cheap, frontier) out."""
        turns, cheap, frontier = self.turns, self.cheap, self.frontier
        if without is not None:
            turns, cheap, frontier = turns - 1, cheap - without[0], frontier - without[1]
        if turns <= 0 or cheap <= 0:
            return Decimal(1)
        mass = Decimal(_SHRINK_TURNS * cheap) / turns
        return (frontier + mass) / (cheap + mass)


@dataclass(slots=True)
class _PairKnowledge:
    """What a pair's compared turns say. `errors` are (truth − estimate) / estimate."""

    inputs: _Ratio = field(default_factory=_Ratio)
    outputs: _Ratio = field(default_factory=_Ratio)
    errors: list[float] = field(default_factory=list)
    guessed: float = 0.0
    guessed_squares: float = 0.0
    _settled: tuple[Decimal, Decimal] | None = None

    def ratios(self) -> tuple[Decimal, Decimal]:
        """Return the ratios of inputs and outputs; asked for once all turns have been added."""
        if self._settled is None:
            self._settled = self.inputs.value(), self.outputs.value()
        return self._settled

    def add_error(self, guess: float, truth: float) -> None:
        """Take note of one turn whose true cost is known."""
        self.errors.append((truth - guess) / guess)
        self.guessed += guess
        self.guessed_squares += guess * guess

    def taught(self) -> float:
        """Return how many equal turns would teach as much: large ones outweigh the others."""
        return self.guessed**2 / self.guessed_squares if self.guessed_squares else 0.0

    def spread(self) -> float:
        """Return the relative standard error of one estimate, shrunk to a guess."""
        square = _SHRINK_TURNS * _PRIOR_SPREAD**2 + sum(error**2 for error in self.errors)
        return float((square / (_SHRINK_TURNS + len(self.errors))) ** 0.5)


class Doubt:
    """How far a sum of estimates may be off; grows as estimates are added."""

    def __init__(self, spreads: Mapping[str, tuple[float, float]]) -> None:
        """Take each pair's relative spread and how many turns' worth taught its ratio."""
        self._spreads = spreads
        self._sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])

    def add(self, pair_key: str, amount: Decimal) -> None:
        """Add one estimate."""
        value = float(amount)
        sums = self._sums[pair_key]
        sums[0] += value
        sums[1] += value * value

    def half_width(self) -> Decimal:
        """Return half the 90% interval of the sum.

        Each turn errs on its own, which averages out; a pair's ratio errs for all its turns alike.
        """
        variance = 0.0
        for pair_key, (total, squares) in self._sums.items():
            spread, taught = self._spreads.get(pair_key, (_PRIOR_SPREAD, 0.0))
            common = spread**2 / (taught + _SHRINK_TURNS)
            variance += spread**2 * squares + common * total**2
        return Decimal(_NORMAL_95 * variance**0.5).quantize(_GRAIN)


class FrontierEstimator:
    """Learns from a whole ledger, oldest first; then estimates turns in that same order."""

    def __init__(
        self, ledger: Sequence[LedgerTurn], prices: Mapping[str, FrontierPrice] | None = None
    ) -> None:
        """Learn ratios and prices; `prices` (by frontier fingerprint) help where none was seen."""
        self._pairs: dict[str, _PairKnowledge] = defaultdict(_PairKnowledge)
        self._prices: dict[str, FrontierPrice] = dict(prices or {})
        self._checks: list[tuple[Decimal, Decimal]] = []
        compared = [pair for turn in ledger if (pair := _compared(turn)) is not None]
        seen: set[str] = set()
        for turn in ledger:
            for answer in turn.answers:
                key = _frontier_key(turn)
                price = _price_of(answer)
                # Before the first price seen, that first one is the best guess there is.
                if price is not None and key not in seen:
                    seen.add(key)
                    self._see(key, price, answer.above_tokens)
        for turn, cheap, frontier in compared:
            knowledge = self._pairs[turn.pair_key]
            _add(knowledge.inputs, cheap.input_tokens, frontier.input_tokens)
            _add(knowledge.outputs, cheap.output_tokens, frontier.output_tokens)
        for turn, cheap, frontier in compared:
            self._test(turn, cheap, frontier)

    def see(self, turn: LedgerTurn) -> None:
        """Take note of the price that a turn's frontier answer had; later turns use it."""
        for answer in turn.answers:
            price = _price_of(answer)
            if price is not None:
                self._see(_frontier_key(turn), price, answer.above_tokens)

    def _see(self, key: str, price: FrontierPrice, above: int) -> None:
        known = self._prices.get(key)
        self._prices[key] = price if known is None else known.with_seen(price, above)

    def price(self, turn: LedgerTurn) -> FrontierPrice | None:
        """Return what the frontier of the turn's pair charged about then, if known."""
        return self._prices.get(_frontier_key(turn))

    def estimate(self, turn: LedgerTurn, cheap: LedgerAnswer) -> Decimal | None:
        """Return what the frontier would have cost instead, or None where a figure is missing."""
        price = self.price(turn)
        if price is None:
            return None
        if price.free:
            return ZERO
        if cheap.input_tokens is None or cheap.output_tokens is None:
            return None
        pair = self._pairs.get(turn.pair_key, _PairKnowledge())
        inputs, outputs = pair.ratios()
        return _cost(price, cheap.input_tokens * inputs, cheap.output_tokens * outputs)

    def doubt(self) -> Doubt:
        """Return an empty sum of estimates that knows how sure each pair's are."""
        return Doubt({key: (pair.spread(), pair.taught()) for key, pair in self._pairs.items()})

    def check(self) -> EstimateCheck:
        """Return how the estimate did where the truth is known, each turn left out in its turn."""
        if not self._checks:
            return EstimateCheck(0)
        misses = [abs(float((guess - truth) / truth)) for guess, truth in self._checks]
        guessed = sum((guess for guess, _ in self._checks), ZERO)
        true = sum((truth for _, truth in self._checks), ZERO)
        return EstimateCheck(
            len(self._checks), statistics.median(misses), float((guessed - true) / true)
        )

    def _test(self, turn: LedgerTurn, cheap: LedgerAnswer, frontier: LedgerAnswer) -> None:
        price, money = _price_of(frontier), frontier.cost.money
        if price is None or price.free or money is None or not money.amount:
            return
        if frontier.cost.certainty is not Certainty.MEASURED:
            return
        pair = self._pairs[turn.pair_key]
        inputs = (cheap.input_tokens or 0, frontier.input_tokens or 0)
        outputs = (cheap.output_tokens or 0, frontier.output_tokens or 0)
        guess = _cost(
            price,
            inputs[0] * pair.inputs.value(without=inputs),
            outputs[0] * pair.outputs.value(without=outputs),
        )
        if guess > 0:
            self._checks.append((guess, money.amount))
            pair.add_error(float(guess), float(money.amount))


def _add(ratio: _Ratio, cheap: int | None, frontier: int | None) -> None:
    ratio.turns += 1
    ratio.cheap += cheap or 0
    ratio.frontier += frontier or 0


def _cost(price: FrontierPrice, inputs: Decimal, outputs: Decimal) -> Decimal:
    rate_in, rate_out = price.rates(inputs)
    total = inputs * rate_in + outputs * rate_out
    return (total / MILLION).quantize(_GRAIN)


def _frontier_key(turn: LedgerTurn) -> str:
    """Return the frontier's fingerprint: its price holds whatever cheap model sat beside it."""
    return turn.pair_key.rpartition("-")[2]


def _price_of(answer: LedgerAnswer) -> FrontierPrice | None:
    """Return the price a frontier answer was charged at, where it says."""
    if answer.role is not Role.FRONTIER:
        return None
    if answer.cost.certainty is Certainty.FREE:
        return FrontierPrice(ZERO, ZERO, free=True)
    if answer.input_price is None or answer.output_price is None or answer.cost.money is None:
        return None
    return _priced(answer.input_price, answer.output_price, answer.cost.money.currency)


@lru_cache(maxsize=256)
def _priced(input_price: str, output_price: str, currency: str) -> FrontierPrice:
    return FrontierPrice(Decimal(input_price), Decimal(output_price), currency)


def _compared(turn: LedgerTurn) -> tuple[LedgerTurn, LedgerAnswer, LedgerAnswer] | None:
    """Return a turn with both answers if both are complete and their tokens known."""
    cheap = _complete(turn.answers, Role.CHEAP)
    frontier = _complete(turn.answers, Role.FRONTIER)
    if cheap is None or frontier is None:
        return None
    return turn, cheap, frontier


def _complete(answers: Iterable[LedgerAnswer], role: Role) -> LedgerAnswer | None:
    for answer in answers:
        counted = answer.input_tokens is not None and answer.output_tokens is not None
        if answer.role is role and answer.state == "complete" and counted:
            return answer
    return None
