"""What a prompt's deletion does to what was learned, told before it is deleted."""

from __future__ import annotations

from app.domain.routing.lesson import Asked, Lesson


def deleting_sentence(lesson: Lesson | None) -> str:
    """Return what the rule and the calibration lose with a prompt; empty where they lose nothing.

    `lesson` is what it teaches, None where it teaches nothing.
    """
    if lesson is None:
        return ""
    if lesson.asked is Asked.RUN:
        return (
            "It is on the list of a calibration run: its place there stays, without a word of it, "
            "and counts against the cheap model, as a prompt without a vote does. What your rule "
            "promises is worked out anew."
        )
    taught = lesson.choice is not None and lesson.of_pair
    if lesson.agreed is not None and lesson.looked:
        forgets = " Your rule forgets the vote, too." if taught else ""
        return f"It is a spot check on a second look, and the count of those loses it.{forgets}"
    if lesson.calibrates:
        return (
            "A vote on it was asked for by lot, so it counts in your rule's calibration. Without "
            "it each later one moves up by a place, and what your rule promises is worked out "
            "anew: that may change, or wait for one more vote."
        )
    return "Your rule forgets the vote." if taught else ""
