"""The JSON of `rule`: all that the view My rule shows."""

from __future__ import annotations

from collections.abc import Sequence

from app.cli.shape import Json
from app.domain.model import Pair
from app.domain.routing.overview import RuleOverview
from app.domain.routing.pins import Pin


def pins_json(pins: Sequence[Pin]) -> list[Json]:
    """Return the pins in the order they were added."""
    return [
        {"when": pin.when.value, "value": pin.value, "to": pin.to.value, "words": pin.sentence()}
        for pin in pins
    ]


def overview_json(pair: Pair, overview: RuleOverview) -> Json:
    """Return what `rule --json` prints."""
    promise = overview.promise
    return {
        "pair": {"cheap": pair.cheap.name, "frontier": pair.frontier.name},
        "practice": pair.practice,
        "learned": overview.learned,
        "votes_used": overview.votes_used,
        "calibrating": overview.calibrating,
        "votes_needed": overview.votes_needed,
        "missing": overview.missing,
        "kinds": {kind.value: count for kind, count in overview.kinds},
        "left_out": dict(overview.left_out),
        "promise": {
            "holds": promise.holds,
            "limit": promise.limit,
            "confidence": promise.confidence,
            "share_to_cheap": promise.share,
            "low": promise.low,
            "high": promise.high,
            "share_by_luck": promise.luck_share,
        },
        "groups": [
            {
                "kind": learned.group.kind.value,
                "name": learned.group.name,
                "good": learned.group.good,
                "neither": learned.group.neither,
                "total": learned.group.total,
                "low": round(learned.group.tally.low, 4),
                "high": round(learned.group.tally.high, 4),
                "goes_to": None if learned.goes_to is None else learned.goes_to.value,
            }
            for learned in overview.groups
        ],
        "sentences": list(overview.sentences),
        "rule_version": overview.rule_version,
    }
