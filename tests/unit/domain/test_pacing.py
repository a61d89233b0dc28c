from __future__ import annotations

from app.domain.model import Role
from app.domain.pacing import BlindPace


def test_nothing_shows_before_both_have_text_so_a_quick_start_does_not_tell() -> None:
    pace = BlindPace()
    pace.arrived(Role.CHEAP, "Quick", 0.1)
    assert pace.take(Role.CHEAP, 0.2) == ""
    assert pace.take(Role.FRONTIER, 0.2) == ""
    pace.arrived(Role.FRONTIER, "Slow!", 3.0)
    assert pace.take(Role.CHEAP, 3.0) == "Quick"
    assert pace.take(Role.FRONTIER, 3.0) == "Slow!"


def test_the_faster_side_keeps_the_slower_ones_pace() -> None:
    pace = BlindPace()
    pace.arrived(Role.CHEAP, "a" * 500, 0.1)
    pace.arrived(Role.FRONTIER, "b" * 20, 0.2)
    assert len(pace.take(Role.CHEAP, 0.3)) == 20
    assert pace.take(Role.CHEAP, 0.4) == ""
    pace.arrived(Role.FRONTIER, "b" * 30, 1.0)
    assert len(pace.take(Role.CHEAP, 1.1)) == 30


def test_no_text_is_lost_or_reordered_on_the_way() -> None:
    pace = BlindPace()
    pieces = ["The ", "party ", "shall ", "not ", "assign."]
    for number, piece in enumerate(pieces):
        pace.arrived(Role.CHEAP, piece, number)
        pace.arrived(Role.FRONTIER, "x", number)
    shown = pace.take(Role.CHEAP, 5.0)
    pace.ended(Role.FRONTIER)
    shown += pace.take(Role.CHEAP, 5.1)
    assert shown == "".join(pieces)


def test_a_side_silent_for_ten_seconds_releases_the_other() -> None:
    pace = BlindPace(release_after_s=10.0)
    pace.arrived(Role.CHEAP, "Here", 1.0)
    assert pace.take(Role.CHEAP, 10.9) == ""
    assert pace.take(Role.CHEAP, 11.1) == "Here"


def test_a_side_that_falls_silent_midway_releases_the_other_until_it_speaks_again() -> None:
    pace = BlindPace(release_after_s=10.0)
    pace.arrived(Role.FRONTIER, "ab", 0.0)
    pace.arrived(Role.CHEAP, "x" * 10, 0.0)
    assert pace.take(Role.CHEAP, 1.0) == "xx"
    assert pace.take(Role.CHEAP, 10.5) == "x" * 8
    pace.arrived(Role.FRONTIER, "cd", 11.0)
    pace.arrived(Role.CHEAP, "y" * 10, 11.0)
    assert pace.take(Role.CHEAP, 11.1) == ""


def test_an_ended_side_no_longer_holds_the_other_back() -> None:
    pace = BlindPace()
    pace.arrived(Role.FRONTIER, "No.", 0.0)
    pace.arrived(Role.CHEAP, "A long explanation", 0.0)
    pace.ended(Role.FRONTIER)
    assert pace.take(Role.CHEAP, 0.1) == "A long explanation"


def test_it_is_settled_only_when_both_have_ended_and_everything_was_shown() -> None:
    pace = BlindPace()
    pace.arrived(Role.CHEAP, "yes", 0.0)
    pace.ended(Role.CHEAP)
    pace.ended(Role.FRONTIER)
    assert not pace.settled
    pace.take(Role.CHEAP, 0.1)
    assert pace.settled


def test_after_a_failure_everything_is_shown_without_delay() -> None:
    pace = BlindPace()
    pace.arrived(Role.CHEAP, "what had come", 0.0)
    pace.release_all()
    assert pace.take(Role.CHEAP, 0.0) == "what had come"
