"""A calibration run for the terminal: as JSON for others, and in words for people."""

from __future__ import annotations

from app.cli.cost_shape import cost_json, money_json
from app.cli.shape import Json
from app.domain.calibration.ballot import Ballot
from app.domain.calibration.counting import Row
from app.domain.calibration.report import Answerer, CalibrationReport, Spent
from app.domain.calibration.run import Run
from app.domain.calibration.sentences import (
    answered_words,
    caveats,
    done_words,
    hundred_sentences,
    likely_words,
    model_words,
    spent_text,
    spent_words,
)
from app.domain.money import Money
from app.domain.routing.groups import GroupKind
from app.domain.words import counted, money_text
from app.services.calibrate_review import Review

_BAR = 24


def run_json(run: Run) -> Json:
    """Return how far a run is; nothing that tells how the models did."""
    return {
        "name": run.name,
        "state": run.state.value,
        "prompts": len(run.items),
        "answered": run.answered,
        "voted": run.voted,
        "to_vote": len(run.to_vote),
        "limit": money_json(run.limit),
        "digest": run.digest,
        "created_at": run.created_at.isoformat(),
        "paused": None
        if run.pause is None
        else {"reason": run.pause.reason.value, "detail": run.pause.detail},
        "retryable": len(run.retryable),
    }


def run_words(run: Run) -> str:
    """Return how far a run is, in one or two lines."""
    said = (
        f"{run.name}: {run.state.in_words()}; {run.answered:,} of "
        f"{counted(len(run.items), 'prompt')} answered, {run.voted:,} voted on."
    )
    if run.pause is not None and run.pause.detail:
        said += f"\n{run.pause.detail}"
    return said


def review_json(review: Review) -> Json:
    """Return what a run would cost and who would be sent what."""
    return {
        "cheap": spent_json(review.cheap),
        "frontier": spent_json(review.frontier),
        "low": money_json(review.low),
        "high": money_json(review.high),
        "suggested_limit": money_json(review.limit),
        "unpriced": list(review.unpriced),
        "recipients": [
            {
                "matter": item.matter,
                "policy": item.policy,
                "prompts": item.prompts,
                "receivers": [{"model": m, "provider": p} for m, p in item.receivers],
            }
            for item in review.recipients
        ],
        "left_out": [
            {"source": item.entry.source, "reason": item.reason} for item in review.left_out
        ],
    }


def review_words(review: Review, limit: Money | None) -> str:
    """Return the same for a person to read before `calibrate run`."""
    lines = []
    for item in review.recipients:
        who = " and ".join(f"{provider} ({model})" for model, provider in item.receivers)
        prompts = counted(item.prompts, "prompt")
        lines.append(f"{item.matter} ({item.policy}): {prompts} to {who}.")
    if review.free:
        lines.append("Neither model costs anything.")
    else:
        cost = (
            f"Cost: cheap {spent_text(review.cheap)}, frontier {spent_text(review.frontier)}, "
            "both estimated"
        )
        if review.low is not None and review.high is not None:
            cost += (
                f"; together likely between {money_text(review.low)} and {money_text(review.high)}"
            )
        lines.append(f"{cost}.")
    lines += [
        f"The price of {name} is not known: no limit can hold it." for name in review.unpriced
    ]
    if limit is not None:
        lines.append(f"Limit: {money_text(limit)}.")
    lines += [f"Left out: {item.entry.source}. {item.reason}" for item in review.left_out]
    return "\n".join(lines)


def spent_json(spent: Spent) -> Json:
    """Return a sum of costs, and how many of them are not known."""
    return {**cost_json(spent.total), "unknown": spent.unknown}


def ballot_json(ballot: Ballot | None) -> Json:
    """Return one blind item, or that none waits."""
    if ballot is None:
        return {"item": None}
    return {
        "item": ballot.place,
        "prompt": ballot.prompt.text,
        "matter": ballot.prompt.matter,
        "tags": list(ballot.prompt.tags),
        "attachments": [item.name for item in ballot.prompt.attachments],
        "a": ballot.a,
        "b": ballot.b,
        "voted": ballot.voted,
        "votable": ballot.votable,
        "minutes_left": ballot.minutes_left,
    }


def ballot_words(ballot: Ballot) -> str:
    """Return one blind item to read and vote on."""
    documents = "".join(f"\n[{item.name}]" for item in ballot.prompt.attachments)
    return (
        f"── Prompt {ballot.place} · {ballot.progress()}\n{ballot.prompt.text}{documents}\n\n"
        f"── Answer A\n{ballot.a.strip()}\n\n── Answer B\n{ballot.b.strip()}\n"
    )


def report_json(report: CalibrationReport) -> Json:
    """Return the whole report."""
    hundred = report.hundred
    return {
        "name": report.name,
        "state": report.state.value,
        "practice": report.practice,
        "created_at": report.created_at.isoformat(),
        "as_of": report.as_of.isoformat(),
        "closed_at": report.closed_at.isoformat() if report.closed_at else None,
        "digest": report.digest,
        "unchanged": report.unchanged,
        "cheap": _answerer_json(report.cheap),
        "frontier": _answerer_json(report.frontier),
        "prompts": report.size,
        "answered": report.answered,
        "incomplete": report.incomplete,
        "deleted": report.deleted,
        "voted": report.voted,
        "to_vote": report.waiting,
        "counted": report.counted,
        "unvoted_counted_as_losses": report.unvoted,
        "late_votes": report.late_votes,
        "overall": _row_json(report.overall),
        "groups": [_row_json(row) for row in report.rows],
        "next_hundred": None
        if hundred is None
        else {
            "to_cheap": list(hundred.to_cheap),
            "sent_to_cheap": hundred.sent,
            "lost_low": hundred.lost_low,
            "lost_high": hundred.lost_high,
            "always_frontier": money_json(hundred.frontier),
            "routed": money_json(hundred.routed),
            "saved_low": money_json(hundred.saved_low),
            "saved_high": money_json(hundred.saved_high),
            "estimated": hundred.estimated,
            "free": hundred.free,
        },
        "spent": spent_json(report.spent),
        "spent_cheap": spent_json(report.spent_cheap),
        "spent_frontier": spent_json(report.spent_frontier),
        "limit": money_json(report.limit),
        "sentences": list(hundred_sentences(report)),
        "caveats": list(caveats(report)),
    }


def _answerer_json(answerer: Answerer) -> Json:
    return {
        "name": answerer.name,
        "model": answerer.model,
        "provider": answerer.provider,
        "served": list(answerer.served),
    }


def _row_json(row: Row) -> Json:
    return {
        "kind": row.kind.value,
        "name": row.name,
        "good": row.good,
        "total": row.total,
        "neither": row.neither,
        "unvoted": row.unvoted,
        "low": round(row.low, 4),
        "high": round(row.high, 4),
        "verdict": row.verdict.value,
        "more": row.more,
    }


def report_words(report: CalibrationReport) -> str:
    """Return the report for a person at a terminal."""
    row = report.overall
    good = (
        f"{row.good:,} of {row.total:,}, {likely_words(row)} of prompts like these"
        if row.total
        else "no vote yet"
    )
    lines = [
        f"Calibration “{report.name}”: {done_words(report)}.",
        f"Cheap: {model_words(report.cheap)}. Frontier: {model_words(report.frontier)}.",
        "",
        f"Cheap was good enough  {good}",
        f"Answered               {report.answered:,} of {report.size:,}, {answered_words(report)}",
        f"Spent                  {spent_text(report.spent)} ({spent_words(report)})",
    ]
    if report.waiting:
        left = counted(report.minutes_left, "minute")
        lines.append(f"What is next           {counted(report.waiting, 'vote')}, about {left}")
    for kind, title in ((GroupKind.TASK, "Where the cheap model is enough"),
                        (GroupKind.TAG, "By tag")):  # fmt: skip
        found = [item for item in report.rows if item.kind is kind]
        if found:
            width = max(len(item.label) for item in found)
            lines += ["", title, *(_row_words(item, width) for item in found)]
    lines += ["", "What this means for your next hundred prompts", *hundred_sentences(report)]
    lines += ["", *caveats(report)]
    return "\n".join(lines)


def _row_words(row: Row, width: int) -> str:
    count = f"{row.good:,} of {row.total:,}"
    likely = likely_words(row)
    return f"  {row.label:<{width}}  {count:>9}  {_bar(row)}  {likely:<18}  {row.verdict_words()}"


def _bar(row: Row) -> str:
    """Return the interval drawn in signs: a track, the likely span, a dot at the count."""
    first, last = round(row.low * (_BAR - 1)), round(row.high * (_BAR - 1))
    signs = ["━" if first <= place <= last else "·" for place in range(_BAR)]
    if row.total:
        signs[round(row.good / row.total * (_BAR - 1))] = "●"
    return "".join(signs)
