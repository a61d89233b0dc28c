"""The sample history: invented work of fourteen months, told apart from real work by its label."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

from app.domain.model import Dialect, ModelRef, Pair, Role
from app.domain.money import Price
from app.domain.turn import HistoryQuery
from app.services.ports.clock import Clock
from app.services.ports.history import History

SAMPLE_SETTING = "sample"
FILLING, FILLED = "filling", "1"
_FOURTEEN_MONTHS = 425  # days
_PRICED = date(2026, 1, 1)

CHEAP = ModelRef(
    name="glm-4.7-flash",
    dialect=Dialect.OPENAI_CHAT,
    base_url="https://sample.invalid/v1",
    model="glm-4.7-flash",
    role=Role.CHEAP,
    vendor="Fireworks AI (sample)",
    price=Price(Decimal("0.20"), Decimal("0.80"), source="sample price", as_of=_PRICED),
)
FRONTIER = ModelRef(
    name="claude-opus-5",
    dialect=Dialect.ANTHROPIC,
    base_url="https://sample.invalid",
    model="claude-opus-5",
    role=Role.FRONTIER,
    vendor="Anthropic (sample)",
    price=Price(Decimal(15), Decimal(75), source="sample price", as_of=_PRICED),
)


def fill_sample(history: History, clock: Clock, seed: int, days: int = _FOURTEEN_MONTHS) -> None:
    """Write the sample of the last `days` into an empty history; a complete one is left as it is.

    A sample whose writing was interrupted is deleted and written anew. The same seed and day give
    the same history. StorageError as the port says.
    """
    if history.setting(SAMPLE_SETTING) == FILLED:
        return
    # Its author brings the rule and numpy, which nobody needs who only opens it again.
    from app.adapters.sample_author import Author

    history.set_setting(SAMPLE_SETTING, FILLING)
    for run in history.calibrations():
        history.delete_calibration(run.id)
    while rows := history.page(HistoryQuery()):
        for row in rows:
            history.delete_turn(row.id)
    pair = Pair(_model(history, CHEAP), _model(history, FRONTIER))
    history.set_setting("pair", f"{pair.cheap.id},{pair.frontier.id}")
    Author(history, clock, pair, random.Random(seed), days).write()  # noqa: S311  # invented anyway
    history.set_setting(SAMPLE_SETTING, FILLED)


def _model(history: History, model: ModelRef) -> ModelRef:
    known = {item.name: item for item in history.models()}
    return known.get(model.name) or history.add_model(model)
