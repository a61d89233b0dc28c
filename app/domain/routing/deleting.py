"""What a prompt's deletion does to what was learned, told before it is deleted."""

from __future__ import annotations

from enum import Enum, auto

from app.domain.routing.lesson import Asked, Lesson


class About(Enum):
    """Which models a prompt was asked of, seen from those in use."""

    THESE = auto()
    EARLIER = auto()  # an earlier version of these: its vote still teaches a little
    OTHERS = auto()  # another pair, or a version in between: the rule in use knows nothing of it


_NO_CALIBRATION = {
    About.EARLIER: (
        "It is about an earlier version of your models and stands in no calibration of theirs."
    ),
    About.OTHERS: "It was asked of other models: the rule of those in use does not count it.",
}


def deleting_sentence(lesson: Lesson | None, about: About = About.THESE) -> str:
    """Return what the rule and the calibration lose with a prompt; empty where they lose nothing.

    `lesson` is what it teaches, None where it teaches nothing. Only what is `about` the models in
    use counts in the promise that is in force.
    """
    if lesson is None:
        return ""
    taught = lesson.choice is not None and lesson.of_pair and about is not About.OTHERS
    forgets = "Your rule forgets the vote." if taught else ""
    if lesson.asked is Asked.RUN:
        return (
            "It is on the list of a calibration run: its place there stays, without a word of it, "
            "and counts against the cheap model, as a prompt without a vote does. "
            + _NO_CALIBRATION.get(about, "What your rule promises is worked out anew.")
        )
    if lesson.agreed is not None and lesson.looked and about is not About.OTHERS:
        forgets = " Your rule forgets the vote, too." if taught else ""
        return f"It is a spot check on a second look, and the count of those loses it.{forgets}"
    if not lesson.calibrates:
        return forgets
    if about is not About.THESE:
        return f"{_NO_CALIBRATION[about]} {forgets}".strip()
    return (
        f"{_why_asked(lesson)}, so it counts in your rule's calibration. Without it each later one "
        "moves up by a place, and what your rule promises is worked out anew: that may change, or "
        "wait for one more vote."
    )


def _why_asked(lesson: Lesson) -> str:
    """Return why a vote was asked for: where each prompt is asked of both, no lot is drawn."""
    if lesson.propensity == 1:
        return "A vote on it was asked for because your rule had too few"
    return "A vote on it was asked for by lot"
