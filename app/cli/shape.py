"""The JSON that the terminal prints; its shape is fixed, others read it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.domain.answer import Answer
from app.domain.errors import Problem
from app.domain.matter import provider_name
from app.domain.model import KeySource, ModelRef, Pair
from app.domain.money import Cost
from app.domain.routing.decision import Decision, Tally
from app.domain.routing.overview import RuleOverview
from app.domain.turn import SECOND, Turn, TurnMode, TurnRow
from app.domain.vote import Letter, Vote

Json = dict[str, Any]


def decimal_text(value: Decimal) -> str:
    """Return an exact decimal without an exponent or needless zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def cost_json(cost: Cost) -> Json:
    """Return amount (decimal text or null), currency and certainty."""
    return {
        "amount": None if cost.money is None else decimal_text(cost.money.amount),
        "currency": "USD" if cost.money is None else cost.money.currency,
        "certainty": cost.certainty.value,
    }


def problem_json(problem: Problem | None) -> Json | None:
    """Return kind, message and next step, or null."""
    if problem is None:
        return None
    return {"kind": problem.kind, "message": problem.message, "next_step": problem.next_step}


def answer_json(answer: Answer) -> Json:
    """Return one side with everything that is known; missing figures are null."""
    return {
        "role": answer.role.value,
        "name": answer.model.name,
        "model": answer.model.model,
        "provider": provider_name(answer.model),
        "state": answer.state.value,
        "text": answer.text,
        "reasoning": answer.reasoning or None,
        "first_token_ms": answer.first_token_ms,
        "total_ms": answer.total_ms,
        "usage": {
            "input": answer.usage.input_tokens,
            "output": answer.usage.output_tokens,
            "cached": answer.usage.cached_tokens,
            "reasoning": answer.usage.reasoning_tokens,
        },
        "cost": cost_json(answer.cost),
        "error": problem_json(answer.problem),
    }


def sides_json(turn: Turn) -> list[Json]:
    """Return the sides, cheap first, then what stands beside them, with the role "second".

    Of an unvoted blind comparison only what does not tell.
    """
    if turn.revealed or turn.seating is None:
        others = [{**answer_json(answer), "role": SECOND} for answer in turn.beside]
        return [*(_seated(turn, answer) for answer in turn.answers), *others]
    sides = []
    for letter in Letter:
        answer = turn.answer(turn.seating.role(letter))
        if answer is not None:
            sides.append({"side": letter.value, "state": answer.state.value, "text": answer.text})
    return sides


def _seated(turn: Turn, answer: Answer) -> Json:
    shaped = answer_json(answer)
    if turn.mode is TurnMode.BLIND and turn.seating is not None:
        shaped["side"] = turn.seating.letter(answer.role).value
    return shaped


def tally_json(tally: Tally | None) -> Json | None:
    """Return a count with its 90% interval, or null."""
    if tally is None:
        return None
    return {
        "label": tally.label,
        "good": tally.good,
        "total": tally.total,
        "low": round(tally.low, 4),
        "high": round(tally.high, 4),
    }


def decision_json(decision: Decision | None) -> Json | None:
    """Return a decision with its reasons, or null."""
    if decision is None:
        return None
    return {
        "role": None if decision.role is None else decision.role.value,
        "basis": decision.basis.value,
        "because": list(decision.because),
        "probability": decision.probability,
        "low": decision.low,
        "high": decision.high,
        "tally": tally_json(decision.tally),
        "votes_used": decision.votes_used,
        "votes_needed": decision.votes_needed,
        "propensity": decision.propensity,
        "rule_version": decision.rule_version,
    }


def vote_json(vote: Vote | None) -> Json | None:
    """Return a vote as it counts, or null."""
    if vote is None:
        return None
    return {
        "choice": vote.choice.value,
        "kind": vote.kind.value,
        "reasons": [reason.value for reason in vote.reasons],
    }


def turn_json(turn: Turn) -> Json:
    """Return what `compare`, `ask` and `vote` print."""
    shaped: Json = {"comparison": turn.id, "mode": turn.mode.value, "sides": sides_json(turn)}
    if turn.told is not None:
        shaped["decision"] = decision_json(turn.told)
    if turn.vote is not None:
        shaped["vote"] = vote_json(turn.vote)
    return shaped


def history_json(turn: Turn) -> Json:
    """Return what `history show` prints: the whole turn."""
    return {
        **turn_json(turn),
        "asked_at": turn.asked_at.isoformat(),
        "prompt": turn.prompt.text,
        "matter": turn.prompt.matter,
        "tags": list(turn.prompt.tags),
        "attachments": [
            {"name": item.name, "size_bytes": item.size_bytes, "sha256": item.sha256}
            for item in turn.prompt.attachments
        ],
        "practice": turn.practice,
        "votes": [vote_json(vote) for vote in turn.votes],
    }


def row_json(row: TurnRow) -> Json:
    """Return one line of the history list; nothing that tells while it waits for its vote."""
    shaped: Json = {
        "comparison": row.id,
        "asked_at": row.asked_at.isoformat(),
        "prompt": row.prompt_start,
        "matter": row.matter,
        "mode": row.mode.value,
        "practice": row.practice,
        "vote": None if row.choice is None else row.choice.value,
    }
    if row.revealed:
        shaped["asked"] = [role.value for role in row.roles]
        shaped["states"] = list(row.states)
        shaped["costs"] = [cost_json(cost) for cost in row.costs]
        shaped["wait_ms"] = row.wait_ms
    return shaped


def model_json(model: ModelRef) -> Json:
    """Return a model as `model list` prints it; never a key, only where it is kept."""
    price = model.price
    return {
        "name": model.name,
        "role": model.role.value,
        "dialect": model.dialect.value,
        "base_url": model.base_url,
        "model": model.model,
        "vendor": model.vendor or None,
        "local": model.local,
        "key": model.key_source.value,
        "key_variable": model.key_name if model.key_source is KeySource.ENVIRONMENT else None,
        "price_in": None if price is None else decimal_text(price.input_per_million),
        "price_out": None if price is None else decimal_text(price.output_per_million),
    }


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
