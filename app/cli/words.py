"""What the terminal prints for people."""

from __future__ import annotations

from datetime import timedelta

from app.domain.answer import Answer, AnswerState
from app.domain.check import check_found
from app.domain.reveal import cost_lines, nothing_charged
from app.domain.routing.why import decided_by, figures, reasons, strength
from app.domain.thread import Thread
from app.domain.turn import ANOTHER_CHEAP, TOGETHER, Turn, TurnMode, TurnRow
from app.domain.vote import Letter
from app.domain.words import cost_text, seconds_text, tokens_text
from app.services.explain import Explanation, NearVote

_MOST_REASONS = 5  # what is slighter still tells a reader nothing


def answer_words(answer: Answer, letter: Letter | None = None, seat: str = "") -> str:
    """Return one revealed answer with its figures."""
    place = f"{letter} · " if letter else ""
    paid = "nothing charged" if nothing_charged(answer) else cost_text(answer.cost)
    facts = [answer.model.provider, answer.state_in_words(), paid]
    if answer.first_token_ms is not None:
        facts.append(f"first word {seconds_text(answer.first_token_ms)}")
    if answer.total_ms is not None:
        facts.append(f"time {seconds_text(answer.total_ms)}")
    if answer.usage.input_tokens is not None and answer.usage.output_tokens is not None:
        facts.append(
            f"{tokens_text(answer.usage.input_tokens)} in, "
            f"{tokens_text(answer.usage.output_tokens)} out"
        )
    lines = [f"── {place}{answer.model.name} ({seat or answer.role}) · {' · '.join(facts)}"]
    if answer.problem is not None:
        lines.append(answer.problem.sentence())
    lines += [*cost_lines(answer), answer.text.strip()]
    return "\n".join(line for line in lines if line)


def turn_words(turn: Turn) -> str:
    """Return a whole turn; of an unvoted blind one only the answers by seat."""
    parts = []
    decision = turn.decision
    if decision is not None and decision.spot_check and decision.role is not None:
        parts.append(_check_words(turn))
    elif turn.told is not None and turn.told.because:
        parts.append(" ".join(turn.told.because))
    if turn.revealed or turn.seating is None:
        parts += _revealed_words(turn)
    elif turn.held_back:
        parts.append(f"Still being answered. {TOGETHER}")
    else:
        for letter in Letter:
            seated = turn.side(turn.seating.role(letter))
            if seated is not None:
                parts.append(f"── Answer {letter}\n{seated.text.strip()}")
        parts.append(f"Which would you have used? counterpart vote {turn.id} a|equal|b|neither")
    if turn.vote is not None:
        parts.append(f"Your vote: {turn.vote.choice} ({turn.vote.kind}).")
    return f"Comparison {turn.id}\n" + "\n\n".join(parts)


def _revealed_words(turn: Turn) -> list[str]:
    """Return every answer by name, those that stand or were compared first."""
    named = [(answer, "") for answer in turn.answers]
    named += [(answer, ANOTHER_CHEAP) for answer in turn.beside]
    if any(answer in turn.shown for answer in turn.beside):
        named.sort(key=lambda item: item[0] not in turn.shown)
    told = []
    for answer, seat in named:
        seated = turn.seating if answer in turn.shown else None
        told.append(answer_words(answer, seated.letter(answer.role) if seated else None, seat))
    return told


def continued_words(continued: Thread | None) -> str:
    """Return what a turn continued; None where that has been deleted since."""
    if continued is None:
        return "Continued an answer that has been deleted since; it is gone and is not sent again."
    return f"{continued.told()} (comparison {continued.last.turn_id})."


def _check_words(turn: Turn) -> str:
    """Return that a prompt was drawn as a spot check; once voted on, what the check found."""
    found = check_found(turn)
    if found is not None:
        return " ".join(("A spot check.", found.sentence, *_looked_words(turn)))
    return (
        "A spot check, drawn by lot: both models are asked, blind. "
        "Your vote measures whether your limit holds."
    )


def _looked_words(turn: Turn) -> tuple[str, ...]:
    """Return what a second look found, once it may be told."""
    told = turn.told
    return told.because[:1] if told is not None and told.looked else ()


def explanation_words(found: Explanation) -> tuple[str, ...]:
    """Return why a prompt goes where it goes, line by line."""
    decision = found.decision
    lines = [f"Decided by {decided_by(decision)}.", *reasons(decision)]
    if decision.contributions:
        lines.append("Against your typical prompt:")
        telling = decision.contributions[:_MOST_REASONS]
        lines += [f"  {words}: {strength(value)}" for words, value in telling]
    if found.nearest:
        lines.append("Your votes on the prompts most like it:")
        lines += [_near_words(vote) for vote in found.nearest]
    return (*lines, *figures(decision))


def _near_words(vote: NearVote) -> str:
    if not vote.exists:
        return f"  {vote.turn_id}: deleted since"
    said = vote.choice.value.replace("_", " ") if vote.choice else "not voted on"
    return f"  {vote.turn_id}: “{vote.start}” ({said})"


def row_words(row: TurnRow) -> str:
    """Return one line of the history list."""
    local = row.asked_at + timedelta(minutes=row.utc_offset_min)
    vote = row.choice.value if row.choice else _why_no_vote(row)
    start = " ".join(row.prompt_start.split())[:70]
    return f"{row.id:>6}  {local:%Y-%m-%d %H:%M}  {row.matter}  {start}  ({vote})"


def _why_no_vote(row: TurnRow) -> str:
    """Return how the first answer ended that is not whole; a vote on such a row never comes.

    Of a routed turn the last answer stands: the frontier's, where both were asked.
    """
    states = row.states[-1:] if row.mode is TurnMode.ROUTED else row.states
    broken = (state for state in states if state != AnswerState.COMPLETE.value)
    ended = next(broken, "") if row.revealed else ""
    return AnswerState(ended).in_words() if ended else "no vote yet"
