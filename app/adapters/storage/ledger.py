"""The history as an accountant sees it: every turn and what it cost, no text."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import Connection, select

from app.adapters.storage import models
from app.adapters.storage import tables as t
from app.adapters.storage.columns import cost_of
from app.adapters.storage.reading import by_rule, role_of
from app.domain.model import Role
from app.domain.money import Cost
from app.domain.turn import BESIDE, LedgerAnswer, LedgerTurn, TurnMode
from app.domain.vote import Choice


def ledger(connection: Connection, *, practice: bool) -> list[LedgerTurn]:
    """Return every turn of that world, oldest first."""
    turn, decision = t.turn.c, t.decision.c
    answers = _answers(connection, practice=practice)
    rows = connection.execute(
        select(
            turn.id,
            turn.asked_at,
            turn.utc_offset_min,
            t.matter.c.name,
            turn.mode,
            turn.pair_key,
            turn.last_choice,
            decision.basis,
            decision.role,
        )
        .join(t.matter, t.matter.c.id == turn.matter_id)
        .outerjoin(t.decision, decision.turn_id == turn.id)
        .where(turn.practice.is_(practice))
        .order_by(turn.id)
    )
    return [
        LedgerTurn(
            id=turn_id,
            local_day=(asked_at + timedelta(minutes=offset)).date().isoformat(),
            matter=matter,
            mode=TurnMode(mode),
            pair_key=pair_key,
            practice=practice,
            decided=by_rule(basis, role),
            choice=Choice(choice) if choice else None,
            answers=tuple(answers.get((turn_id, False), ())),
            asked_at=asked_at,
            beside=tuple(answers.get((turn_id, True), ())),
            sent_to=Role(role) if role is not None and by_rule(basis, role) else None,
        )
        for turn_id, asked_at, offset, matter, mode, pair_key, choice, basis, role in rows
    ]


def _answers(
    connection: Connection, *, practice: bool
) -> dict[tuple[int, bool], list[LedgerAnswer]]:
    """Return the answers by turn and by whether they stand beside the two sides."""
    a = t.answer.c
    versions: dict[int, tuple[str, str]] = {}
    found: dict[tuple[int, bool], list[LedgerAnswer]] = defaultdict(list)
    besides = _besides(connection)
    for row in connection.execute(
        select(
            a.turn_id, a.model_id, a.role, a.state, a.cost_amount, a.cost_currency,
            a.cost_certainty, a.input_tokens, a.output_tokens, a.price_input, a.price_output,
            a.total_ms, a.first_token_ms, a.price_above_tokens, a.id,
        )
        .join(t.turn)
        .where(t.turn.c.practice.is_(practice))
        # Of several attempts of one side the latest, which counts, comes first.
        .order_by(a.turn_id, a.role, a.id.desc())
    ):  # fmt: skip
        if row.model_id not in versions:
            version = models.by_id(connection, {row.model_id})[row.model_id]
            versions[row.model_id] = (version.name, version.provider)
        name, vendor = versions[row.model_id]
        found[row.turn_id, row.role in BESIDE].append(
            LedgerAnswer(
                role=role_of(row.role),
                model=name,
                vendor=vendor,
                state=row.state,
                cost=cost_of(row.cost_amount, row.cost_currency, row.cost_certainty),
                input_tokens=row.input_tokens,
                output_tokens=row.output_tokens,
                input_price=_digits(row.price_input),
                output_price=_digits(row.price_output),
                total_ms=row.total_ms,
                first_token_ms=row.first_token_ms,
                above_tokens=row.price_above_tokens or 0,
                besides=tuple(besides.get(row.id, ())),
            )
        )
    return found


def _besides(connection: Connection) -> dict[int, list[Cost]]:
    """Return what attempts that broke may have cost, by answer; there are few."""
    attempt = t.attempt.c
    found: dict[int, list[Cost]] = defaultdict(list)
    for answer_id, amount, currency, certainty in connection.execute(
        select(
            attempt.answer_id,
            attempt.besides_amount,
            attempt.besides_currency,
            attempt.besides_certainty,
        )
        .where(attempt.besides_certainty.is_not(None))
        .order_by(attempt.id)
    ):
        found[answer_id].append(cost_of(amount, currency, certainty))
    return found


def _digits(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")
