"""The JSON that the terminal prints; its shape is fixed, others read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.cli.cost_shape import attempt_json, cost_json, decimal_text, price_json
from app.domain.answer import Answer, AnswerState
from app.domain.check import check_found
from app.domain.errors import Problem
from app.domain.model import KeySource, ModelRef
from app.domain.routing.decision import Decision, Tally
from app.domain.routing.why import HARD_RULES, check_chance, decided_by, strength
from app.domain.thread import Thread
from app.domain.turn import BESIDE, Turn, TurnMode, TurnRow
from app.domain.vendor import DatedFact, ListedModel, LocalServer, VendorFacts
from app.domain.vote import Letter, Vote
from app.services.explain import NearVote

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
        "provider": answer.model.provider,
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
    """Return the sides, cheap first, then the others of a second look: "second" and "third".

    Of an unvoted blind comparison only what does not tell.
    """
    if turn.revealed or turn.seating is None:
        others = [
            {**_seated(turn, answer), "role": word}
            for word, answer in zip(BESIDE, turn.beside, strict=False)
        ]
        return [*(_seated(turn, answer) for answer in turn.answers), *others]
    sides = []
    for letter in Letter:
        answer = turn.side(turn.seating.role(letter))
        if answer is not None:
            said = (AnswerState.STREAMING, "") if turn.held_back else (answer.state, answer.text)
            sides.append({"side": letter.value, "state": said[0].value, "text": said[1]})
    return sides


def _seated(turn: Turn, answer: Answer) -> Json:
    shaped = answer_json(answer)
    if turn.mode is TurnMode.BLIND and turn.seating is not None and answer in turn.shown:
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


def decision_json(decision: Decision | None, near: Sequence[NearVote] = ()) -> Json | None:
    """Return a decision with its reasons, or null; `near` are the votes behind it, if looked up."""
    if decision is None:
        return None
    found = {vote.turn_id: vote for vote in near}
    hard = decision.basis in HARD_RULES
    return {
        "role": None if decision.role is None else decision.role.value,
        "basis": decision.basis.value,
        "because": list(decision.because),
        "pins_met": list(decision.met),
        "probability": decision.probability,
        "low": decision.low,
        "high": decision.high,
        "tally": tally_json(decision.tally),
        "votes_used": decision.votes_used,
        "votes_needed": decision.votes_needed,
        "propensity": decision.propensity,
        "rule_version": decision.rule_version,
        "decided_by": decided_by(decision),
        "hard_rule": " ".join(decision.because) if hard else None,
        "threshold": decision.threshold,
        "contributions": [
            {"what": words, "value": round(value, 4), "speaks": strength(value)}
            for words, value in decision.contributions
        ],
        "nearest": [_near_json(turn_id, found.get(turn_id)) for turn_id in decision.nearest],
        "prices": {
            "cheap": None if decision.cheap_cost is None else cost_json(decision.cheap_cost),
            "frontier": None
            if decision.frontier_cost is None
            else cost_json(decision.frontier_cost),
        },
        "spot_check": {
            "drawn": decision.spot_check,
            "chance": check_chance(decision),
            "lot": decision.draw,
        },
        "decided_at": None if decision.decided_at is None else decision.decided_at.isoformat(),
    }


def _near_json(turn_id: int, vote: NearVote | None) -> Json:
    """Return one of the nearest votes; the prompt's first words while it still exists."""
    shaped: Json = {"comparison": turn_id}
    if vote is not None:
        shaped["prompt"] = vote.start or None
        shaped["vote"] = None if vote.choice is None else vote.choice.value
        shaped["asked_at"] = None if vote.asked_at is None else vote.asked_at.isoformat()
    return shaped


def _decision_so_far(turn: Turn) -> Json | None:
    """Return the decision; of a spot check that waits for its vote only that it is one.

    Where the rule would have sent the prompt would colour the vote.
    """
    decision = turn.decision
    if decision is None or turn.revealed or decision.role is None:
        return decision_json(decision)
    return {"spot_check": {"drawn": True, "chance": check_chance(decision), "lot": decision.draw}}


def stands_word(turn: Turn) -> str | None:
    """Return the role of the side whose answer stands, as `sides` tells it."""
    others = zip(BESIDE, turn.beside, strict=False)
    named = [*((each.role.value, each) for each in turn.answers), *others]
    return next((word for word, answer in named if answer is turn.standing), None)


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
        shaped["decision"] = _decision_so_far(turn)
    if turn.beside and turn.mode is TurnMode.ROUTED:
        shaped["stands"] = stands_word(turn)
    if turn.vote is not None:
        shaped["vote"] = vote_json(turn.vote)
        found = check_found(turn)
        if found is not None:
            shaped["check"] = {
                "rule_would_send": None if found.role is None else found.role.value,
                "right": found.right,
                "sentence": found.sentence,
            }
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


def history_json(
    turn: Turn, near: Sequence[NearVote] = (), continued: Thread | None = None
) -> Json:
    """Return what `history show` prints: the whole turn, with the votes behind its decision.

    `continued` is what it went on from.
    """
    shaped = turn_json(turn)
    if near and turn.revealed:
        shaped["decision"] = decision_json(turn.decision, near)
    return {
        **shaped,
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
        shaped["paid_to"] = list(row.payees)
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
    """Return a fact with where and when it was read; both null where nobody read it.

    That is so where it was not verified, or `by_place`, where it follows from where it runs.
    """
    return {
        "text": fact.text,
        "source": fact.source or None,
        "read_on": None if fact.read_on is None else fact.read_on.isoformat(),
        "second_hand": fact.second_hand,
        "by_place": fact.by_place,
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
