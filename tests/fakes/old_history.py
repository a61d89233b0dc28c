"""A history as the program of schema 0001 left it: its own migration, its own rows, nothing newer.

Raw SQL on purpose: the tables of today know columns that this file must not have.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from app.adapters.storage.opening import MIGRATIONS

ASKED_AT = 1_772_366_400_123_456  # 1 March 2026, 12:00 UTC, in microseconds
_ROWS = (
    """INSERT INTO model (id, name, dialect, base_url, model, role, vendor, system_prompt,
       key_source, key_name, local, practice, price_input, price_output, price_currency,
       price_source, added_at)
       VALUES (1, 'Small', 'openai-chat', 'https://api.example.com/v1', 'small-1', 'cheap',
       'Example', '', 'environment', 'SMALL_KEY', 0, 0, '0.15', '0.60', 'USD', 'your own price',
       1772366400000000)""",
    """INSERT INTO model (id, name, dialect, base_url, model, role, vendor, system_prompt,
       key_source, key_name, local, practice, added_at) VALUES (2, 'Big', 'anthropic', 'https://big.example',
       'big-1', 'frontier', '', '', 'none', '', 0, 0, 1772366400000000)""",
    "INSERT INTO setting (name, value) VALUES ('pair', '1,2')",
    f"""INSERT INTO turn (id, matter_id, mode, pair_key, practice, asked_at, utc_offset_min, seat_a,
       last_choice, prompt_start) VALUES (1, 1, 'blind', 'p', 0, {ASKED_AT}, 60, 'cheap', 'equal',
       'Is notice by e-mail valid?')""",
    "INSERT INTO prompt (turn_id, text) VALUES (1, 'Is notice by e-mail valid?')",
    f"""INSERT INTO answer (id, turn_id, model_id, role, state, sent_at, first_token_ms, total_ms,
       input_tokens, output_tokens, cached_tokens, cost_amount, cost_currency, cost_certainty,
       price_input, price_output, price_cached, price_currency, price_source, price_as_of,
       served_model) VALUES (1, 1, 1, 'cheap', 'complete', {ASKED_AT}, 210, 1900, 1000, 200, 10,
       '0.00027', 'USD', 'measured', '0.15', '0.60', '0.015', 'USD', 'genai-prices 0.2.3',
       '2026-02-20', 'small-1-0226')""",
    f"""INSERT INTO answer (id, turn_id, model_id, role, state, sent_at, total_ms, cost_certainty,
       problem_kind, problem_message, problem_next_step, served_model) VALUES (2, 1, 2, 'frontier',
       'incomplete', {ASKED_AT}, 900, 'unknown', 'cut_off', 'It was cut off.', 'Ask again.', '')""",
    "INSERT INTO answer_text VALUES (1, 'Yes, if clause 22 says so.', ''), (2, 'Half an', 'Hm')",
    """INSERT INTO attempt (answer_id, attempt, status, outcome, request_id)
       VALUES (1, 1, 503, 'overloaded', 'req-1'), (1, 2, 200, 'answered', 'req-2'),
       (2, 1, NULL, 'connection_broke', '')""",
    "INSERT INTO vote (turn_id, choice, kind, reasons, cast_at) "
    "VALUES (1, 'equal', 'blind', '[]', 1772366500000000)",
    "INSERT INTO turn_search (rowid, prompt, answers, matter, tags, attachments) VALUES "
    "(1, 'Is notice by e-mail valid?', 'Yes, if clause 22 says so.', 'Untagged', '', '')",
)


def build(path: Path) -> None:
    """Write the file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    with closing(sqlite3.connect(path)) as file:
        for row in _ROWS:
            file.execute(row)
        file.commit()
