"""Why a prompt goes where it goes, in whole sentences. Imported lazily (numpy)."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.routing.features import Aspect
from app.domain.routing.learner import Chance
from app.domain.routing.lesson import Lesson
from app.domain.routing.promise import Promise, unvoted_sentence
from app.domain.vote import Choice
from app.domain.words import counted, interval_text, share_text

_WORTH_SAYING = 0.05  # on the logit scale: about one percentage point
_MOST_REASONS = 3
_CHOICE_WORDS = {
    Choice.CHEAP: "cheap better",
    Choice.EQUAL: "about equal",
    Choice.FRONTIER: "frontier better",
    Choice.NEITHER: "neither",
    Choice.GOOD_ENOUGH: "good enough",
    Choice.NOT_GOOD_ENOUGH: "not good enough",
}


def missing_sentence(votes: int, needed: int, unvoted: int) -> str:
    """Return how many votes there are and how many are missing; `unvoted` of them were given up."""
    missing = f"{max(0, needed - votes):,} more"
    said = (
        f"Not enough votes yet: {votes:,} of {counted(needed, 'vote')} that calibrate. Those of a "
        f"calibration run count, and those that auto-route asks for; with {missing} the rule can "
        "begin to decide."
    )
    return f"{said}{unvoted_sentence(unvoted)}"


def changed_sentence(votes: int) -> str:
    """Return that the pair is another one, and what becomes of the votes."""
    still = "still helps" if votes == 1 else "still help"
    counts = "counts" if votes == 1 else "count"
    return (
        f"One of the two models is another version now: {counted(votes, 'vote')} on the earlier "
        f"one {still} to tell prompts apart, and no longer {counts} for the promise."
    )


def objection_sentence(probability: float) -> str:
    """Return why a prompt that was open to cheap is held back."""
    return (
        "Your votes since the promise was made speak against the cheap model here: they put the "
        f"chance that the frontier's answer would be clearly better at {share_text(probability)}."
    )


def chance_sentence(chance: Chance, promise: Promise) -> str:
    """Return how likely paying more would help, and where the line is drawn."""
    said = (
        "The chance that the frontier's answer would be clearly better is about "
        f"{share_text(chance.probability)} ({interval_text(chance.low, chance.high)})"
    )
    if not promise.holds:
        return f"{said}."
    return f"{said}; prompts up to {share_text(promise.threshold)} go to cheap."


def reasons_sentence(contributions: Sequence[tuple[str, float]]) -> str:
    """Return the main contributions in words, or an empty string where none stands out."""
    telling = [item for item in contributions if abs(item[1]) >= _WORTH_SAYING][:_MOST_REASONS]
    cheap = [words for words, value in telling if value < 0]
    frontier = [words for words, value in telling if value > 0]
    parts = []
    if cheap:
        parts.append(f"{_joined(cheap)} {_verb(cheap)} for the cheap model")
    if frontier:
        parts.append(f"{_joined(frontier)} {_verb(frontier)} for the frontier model")
    if not parts:
        return ""
    said = "; ".join(parts)
    return f"Against your typical prompt, {said}."


def nearest_sentence(lessons: Sequence[Lesson]) -> str:
    """Return the votes on the most alike prompts, by number, without a word of their text."""
    if not lessons:
        return ""
    votes = [f"no. {item.turn_id} ({_said(item)})" for item in lessons]
    if len(votes) == 1:
        return f"The most alike prompt you voted on is {votes[0]}."
    return f"The most alike prompts you voted on are {_joined(votes)}."


def _said(lesson: Lesson) -> str:
    return _CHOICE_WORDS[lesson.choice] if lesson.choice else "not voted on"


def _joined(words: Sequence[str]) -> str:
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _verb(names: Sequence[str]) -> str:
    plural = len(names) > 1 or names[0] in (Aspect.FIGURES, Aspect.REASONING)
    return "speak" if plural else "speaks"
