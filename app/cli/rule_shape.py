"""The JSON of `rule`: all that the view My rule shows."""

from __future__ import annotations

from collections.abc import Sequence

from app.cli.cost_shape import decimal_text, money_json
from app.cli.shape import Json
from app.domain.model import Pair
from app.domain.routing.drift import Drift
from app.domain.routing.overview import RuleOverview
from app.domain.routing.pins import Pin
from app.domain.routing.standing import standing
from app.services.replay import Replayed


def pins_json(pins: Sequence[Pin]) -> list[Json]:
    """Return the pins in the order they were added."""
    return [
        {"when": pin.when.value, "value": pin.value, "to": pin.to.value, "words": pin.sentence()}
        for pin in pins
    ]


def replay_json(found: Replayed) -> Json:
    """Return what `rule replay` prints; amounts are decimal text, shares 0..1."""
    return {
        "since": found.since,
        "prompts": found.prompts,
        "to_cheap": found.to_cheap,
        "saved": money_json(found.saved),
        "saved_over": found.priced,
        "spot_checks_cost": money_json(found.checks),
        "judged": found.judged,
        "lost": found.lost,
        "low": found.low,
        "high": found.high,
        "limit": found.limit,
        "sentences": list(found.sentences),
        "days": [
            {
                "day": point.day,
                "always_frontier": decimal_text(point.frontier),
                "with_rule": decimal_text(point.paid),
            }
            for point in found.points
        ],
    }


def drift_json(drift: Drift | None, limit: float) -> Json | None:
    """Return what the spot checks since the promise say, or null without a promise."""
    if drift is None:
        return None
    return {
        "alarm": drift.alarm,
        "checks": drift.checks,
        "losses": drift.losses,
        "evidence": round(drift.evidence, 4),
        "sentence": drift.sentence(limit),
    }


def overview_json(pair: Pair, overview: RuleOverview, checkpoints: Sequence[int]) -> Json:
    """Return what `rule --json` prints; `checkpoints` are the numbers of votes it looks at."""
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
            "votes": promise.votes,
            "better_on_frontier": promise.frontier_better,
            "unvoted": promise.unvoted,
            "errors": promise.errors,
            "errors_allowed": promise.allowed,
            "horizon": promise.horizon,
            "threshold": promise.threshold,
            "next_checkpoint": promise.next_look,
            "votes_to_next_checkpoint": None
            if promise.next_look is None
            else max(0, promise.next_look - overview.calibrating),
            "votes_likely_needed": promise.needed,
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
        "standing": standing(overview).value,
        "checkpoints": list(checkpoints),
        "drift": drift_json(overview.drift, promise.limit),
        "earlier_version_votes": overview.outdated,
        "votes_waiting": overview.waiting,
        "second_look": {"checks": overview.second_looks, "sentence": overview.second_look},
        "sentences": list(overview.sentences),
        "rule_version": overview.rule_version,
    }
