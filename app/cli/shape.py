"""The JSON that the terminal prints; its shape is fixed, others read it."""

from __future__ import annotations

from typing import Any

from app.cli.cost_shape import attempt_json, cost_json, decimal_text, price_json
from app.domain.answer import Answer
from app.domain.errors import Problem
from app.domain.matter import provider_name
from app.domain.model import KeySource, ModelRef, Pair
from app.domain.routing.decision import Decision, Tally
from app.domain.routing.overview import RuleOverview
from app.domain.thread import Thread
from app.domain.turn import Turn, TurnMode, TurnRow
from app.domain.vendor import DatedFact, ListedModel, LocalServer, VendorFacts
from app.domain.vote import Letter, Vote

Json = dict[str, Any]


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
        "price": price_json(answer.price),
        "attempts": [attempt_json(attempt) for attempt in answer.attempts],
        "error": problem_json(answer.problem),
    }


def sides_json(turn: Turn) -> list[Json]:
    """Return the sides, cheap first; of an unvoted blind comparison only what does not tell."""
    if turn.revealed or turn.seating is None:
        return [_seated(turn, answer) for answer in turn.answers]
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
    if turn.decision is not None:
        shaped["decision"] = decision_json(turn.decision)
    if turn.vote is not None:
        shaped["vote"] = vote_json(turn.vote)
    return shaped


def continued_json(turn: Turn, continued: Thread | None) -> Json | None:
    """Return what a turn continued, or null; with null ids where that has been deleted since."""
    if turn.continued_answer_id is None:
        return None
    return {
        "comparison": turn.parent_id,
        "answer": None if continued is None else continued.role.value,
        "exchanges": 0 if continued is None else len(continued.exchanges),
        "gone": continued is None,
    }


def history_json(turn: Turn, continued: Thread | None = None) -> Json:
    """Return what `history show` prints: the whole turn; `continued` is what it went on from."""
    return {
        **turn_json(turn),
        "continues": continued_json(turn, continued),
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
        "on_this_computer": model.on_this_computer,
        "forwards_to": model.handed_on_to or None,
        "key": model.key_source.value,
        "key_variable": model.key_name if model.key_source is KeySource.ENVIRONMENT else None,
        "price_in": None if price is None else decimal_text(price.input_per_million),
        "price_out": None if price is None else decimal_text(price.output_per_million),
    }


def fact_json(fact: DatedFact) -> Json:
    """Return a fact with where and when it was read; both null where it was not verified."""
    return {
        "text": fact.text,
        "source": fact.source or None,
        "read_on": None if fact.read_on is None else fact.read_on.isoformat(),
        "second_hand": fact.second_hand,
    }


def vendor_json(vendor: VendorFacts) -> Json:
    """Return one vendor as `vendor list` prints it."""
    return {
        "name": vendor.name,
        "dialect": vendor.dialect.value,
        "base_url": vendor.base_url or None,
        "wires": [
            {"dialect": wire.dialect.value, "base_url": wire.base_url or None}
            for wire in vendor.wires
        ],
        "on_this_computer": vendor.here,
        "needs_key": vendor.needs_key,
        "key_header": vendor.auth,
        "key_page": vendor.key_page or None,
        "has_list": not vendor.no_list,
        "cheap_models": list(vendor.cheap_models),
        "frontier_models": list(vendor.frontier_models),
        "unpriced_models": list(vendor.unpriced),
        "receiver": vendor.receiver,
        "jurisdiction": fact_json(vendor.jurisdiction),
        "retention": fact_json(vendor.retention),
        "training": fact_json(vendor.training),
    }


def listed_json(model: ListedModel) -> Json:
    """Return one model of a vendor's list; prices are USD (or `currency`) per million tokens."""
    price = model.price
    return {
        "id": model.id,
        "name": model.name or None,
        "context_tokens": model.context_tokens,
        "price_in": None if price is None else decimal_text(price.input_per_million),
        "price_out": None if price is None else decimal_text(price.output_per_million),
        "currency": None if price is None else price.currency,
        "price_source": None if price is None else price.source,
        "price_as_of": None if price is None or not price.as_of else price.as_of.isoformat(),
        "remote": model.remote,
        "forwards_to": model.forwards_to or None,
    }


def server_json(server: LocalServer) -> Json:
    """Return one model server of this computer."""
    return {
        "name": server.name,
        "vendor": server.place.vendor or None,
        "dialect": server.place.dialect.value,
        "base_url": server.place.base_url,
        "locked": server.locked,
        "models": [listed_json(model) for model in server.models],
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
