"""What is said of two answers once their names may be known, and of one answer anywhere.

Every figure comes from what was recorded; nothing here is known before the vote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.answer import Answer, AnswerState
from app.domain.model import Role
from app.domain.money import Certainty, Cost
from app.domain.routing.decision import Tally
from app.domain.turn import ANOTHER_CHEAP, Turn
from app.domain.vote import Choice, Letter, Seating
from app.domain.words import (
    amount_text,
    costs_text,
    counted,
    interval_text,
    money_text,
    price_text,
    seconds_text,
    tokens_text,
)

_SAME_TIME_MS = 100  # less is not told apart by anyone waiting
_LEAST_WRITING_MS = 100  # less measures how the answer was delivered, not how fast it was written
_ROLE_NAMES = {Role.CHEAP: "the cheap model", Role.FRONTIER: "the frontier model"}
_CERTAINTY_WORDS = {
    Certainty.MEASURED: "measured",
    Certainty.ESTIMATED: "estimated",
    Certainty.UNKNOWN: "price not known",
    Certainty.FREE: "free",
}


@dataclass(frozen=True, slots=True)
class Reveal:
    """The sentence above the answers after a vote: `headline` is set bold, `text` follows it."""

    headline: str
    text: str

    def sentence(self) -> str:
        """Return both parts as one line."""
        return f"{self.headline} {self.text}".strip()


def seats(turn: Turn) -> Seating:
    """Return who sits where; without a draw the cheap model sits at A."""
    return turn.seating or Seating(Role.CHEAP)


def reveal(turn: Turn, tally: Tally | None = None) -> Reveal:
    """Return what a comparison's vote reveals; `tally` is the user's own count so far.

    ValueError when the turn does not hold both answers.
    """
    cheap, frontier = turn.side(Role.CHEAP), turn.side(Role.FRONTIER)
    if cheap is None or frontier is None:
        raise ValueError("only a comparison of two answers can be revealed")
    seating, names = seats(turn), _ROLE_NAMES
    if cheap is not turn.answer(Role.CHEAP):
        names = {**names, Role.CHEAP: f"{ANOTHER_CHEAP} model"}
    choice = turn.vote.choice if turn.vote else None
    if choice in (Choice.CHEAP, Choice.FRONTIER):
        picked = Role(choice.value)
        headline = f"{seating.letter(picked)} was {names[picked]}."
    else:
        a, b = seating.role(Letter.A), seating.role(Letter.B)
        picked = None
        headline = f"A was {names[a]}, B {names[b]}."
    subject = "It" if picked is Role.FRONTIER else "The frontier answer"
    price, time = _price_words(cheap.cost, frontier.cost), _time_words(cheap, frontier)
    said = [_both(subject, price, time)]
    if turn.practice:
        said.append("Both ran on this computer, at no charge.")
    elif not price:
        said.append("Their costs cannot be compared: a price is not known.")
    if tally is not None and tally.total:
        said.append(tally_sentence(tally))
    return Reveal(headline, " ".join(sentence for sentence in said if sentence))


def tally_sentence(tally: Tally) -> str:
    """Return the user's own count for prompts like this one, with its interval."""
    return (
        f"Your count so far, {tally.label}: the cheap answer was good enough in {tally.good:,} of "
        f"{counted(tally.total, 'comparison')} ({interval_text(tally.low, tally.high)})."
    )


def _both(subject: str, price: str, time: str) -> str:
    parts = " and ".join(part for part in (price, time) if part)
    return f"{subject} {parts}." if parts else ""


def _price_words(cheap: Cost, frontier: Cost) -> str:
    """Return how the frontier's cost compares with the cheap one's; empty where nobody knows."""
    if cheap.money is None or frontier.money is None:
        return ""
    if cheap.money.currency != frontier.money.currency:
        return f"cost {money_text(frontier)} against {money_text(cheap)}"
    low, high = cheap.money.amount, frontier.money.amount
    if low == high:
        return "" if low == 0 else "cost the same"
    if low == 0:
        return f"cost {money_text(frontier)} where the cheap one was free"
    estimated = Certainty.ESTIMATED in (cheap.certainty, frontier.certainty)
    return f"cost {'about ' if estimated else ''}{_ratio_words(high / low)}"


def _ratio_words(ratio: Decimal) -> str:
    if ratio >= Decimal("9.95"):
        return f"{ratio:,.0f} times as much"
    if ratio >= Decimal("1.95"):
        return f"{ratio:.1f} times as much"
    percent = (ratio - 1) * 100
    if abs(percent) < 1:
        return "as much"
    return f"{percent:.0f}% more" if percent > 0 else f"{-percent:.0f}% less"


def _time_words(cheap: Answer, frontier: Answer) -> str:
    if cheap.total_ms is None or frontier.total_ms is None:
        return ""
    longer = frontier.total_ms - cheap.total_ms
    if abs(longer) < _SAME_TIME_MS:
        return "took as long"
    if longer > 0:
        return f"took {seconds_text(longer)} longer"
    return f"was {seconds_text(-longer)} faster"


def metrics(answer: Answer) -> tuple[tuple[str, str], ...]:
    """Return the figures of one answer as (label, value), those that exist."""
    figures: list[tuple[str, str]] = []
    if answer.first_token_ms is not None:
        figures.append(("first word", seconds_text(answer.first_token_ms)))
    if (speed := tokens_per_second(answer)) is not None:
        figures.append(("speed", f"{speed:,.0f} tok/s"))
    if answer.total_ms is not None:
        figures.append(("time", seconds_text(answer.total_ms)))
    figures.append(("cost", amount_text(answer.cost)))
    return tuple(figures)


def tokens_per_second(answer: Answer) -> float | None:
    """Return the writing speed after the first token, or None where it was not measured.

    An answer that arrived in one piece was held back on its way: its speed is not known.
    """
    if answer.total_ms is None or answer.first_token_ms is None or not answer.complete:
        return None
    writing_ms = answer.total_ms - answer.first_token_ms
    tokens = answer.usage.output_tokens
    if not tokens or writing_ms < _LEAST_WRITING_MS:
        return None
    return tokens * 1000 / writing_ms


def footer(answer: Answer, where: str = "") -> str:
    """Return who answered, the counted tokens and how sure the cost is, in one line.

    `where` is the provider's country, where it is known. An answer that did not end well says so.
    """
    if answer.state is AnswerState.STREAMING:
        return ""
    if not answer.complete:
        return _kept_sentence(answer)
    usage = answer.usage
    counts = [
        f"{tokens_text(count)} {word}"
        for count, word in (
            (usage.input_tokens, "in"),
            (usage.output_tokens, "out"),
            (usage.cached_tokens or None, "cached"),
            (usage.reasoning_tokens or None, "reasoning"),
        )
        if count is not None
    ]
    receiver = answer.model.provider
    if answer.model.practice:
        receiver = receiver.capitalize()
    who = f"{receiver}, {where}" if where else receiver
    parts = (who, ", ".join(counts), _CERTAINTY_WORDS[answer.cost.certainty])
    return " · ".join(part for part in parts if part)


def cost_lines(answer: Answer) -> tuple[str, ...]:
    """Return what stands behind an answer's cost, a line each; nothing for what is free.

    The price it was computed with, or that the provider billed it, and what attempts that broke
    may have cost besides. Where nothing was charged, no price was computed with.
    """
    if nothing_charged(answer):
        return ()
    lines = []
    if answer.usage.billed is not None:
        lines.append("The cost is what the provider says it charged.")
    elif answer.price is not None and answer.cost.certainty is not Certainty.FREE:
        lines.append(f"Price: {price_text(answer.price)}.")
        if answer.price.doubt:
            lines.append(f"Estimated, because {answer.price.doubt}.")
    if answer.besides:
        lines.append(f"{besides_text(answer.besides)}.")
    return tuple(lines)


def besides_text(costs: Sequence[Cost]) -> str:
    """Return 'May also have been billed: ≈ $0.0041 for 1 attempt that broke'."""
    known = costs_text(costs)
    return f"May also have been billed: {known} for {counted(len(costs), 'attempt')} that broke"


def nothing_charged(answer: Answer) -> bool:
    """Return whether an answer that did not end well cost nothing, not even a broken attempt."""
    cost = answer.cost
    paid = cost.money is None or cost.money.amount != 0
    measured = cost.certainty is Certainty.MEASURED
    ended = answer.state is not AnswerState.STREAMING and not answer.complete
    return ended and measured and not (paid or answer.besides)


def _kept_sentence(answer: Answer) -> str:
    words = len(answer.text.split())
    if answer.state is AnswerState.BLOCKED:
        return "Nothing was sent, nothing was paid."
    said = [f"What arrived is kept: {counted(words, 'word')}." if words else "No text arrived."]
    match answer.cost.certainty:
        case Certainty.ESTIMATED:
            said.append("The cost is estimated.")
        case Certainty.UNKNOWN:
            said.append("What it cost is not known.")
        case Certainty.MEASURED if nothing_charged(answer):
            said.append("Nothing was charged.")
        case Certainty.MEASURED if answer.cost.money is not None and not answer.cost.money.amount:
            # An earlier attempt that broke may have been billed all the same.
            said.append(f"{besides_text(answer.besides)}.")
        case Certainty.MEASURED:
            said.append("The cost is measured.")
        case Certainty.FREE:
            said.append("It is free.")
    said.append("It cannot be voted on.")
    return " ".join(said)
