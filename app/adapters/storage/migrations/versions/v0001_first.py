"""The first schema: matters, models, settings, turns with all that hangs on them, and search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Frozen here, as every step is.
_SEARCH = (
    "CREATE VIRTUAL TABLE turn_search USING fts5("
    "prompt, answers, matter, tags, attachments, "
    "tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3', columnsize = 0)"
)


def upgrade() -> None:
    """Make the tables, the search index and the matter that always exists."""
    _matters_models_and_settings()
    _turns()
    _answers()
    _votes_and_decisions()
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_SEARCH)
    op.execute(
        "INSERT INTO matter (name, name_key, policy_kind, policy_vendors) "
        "VALUES ('Untagged', 'untagged', 'any', '[]')"
    )


def _matters_models_and_settings() -> None:
    op.create_table(
        "matter",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("policy_kind", sa.Text(), nullable=False),
        sa.Column("policy_vendors", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter")),
        sa.UniqueConstraint("name_key", name=op.f("uq_matter_name_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "model",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("dialect", sa.Text(), nullable=False),
        sa.Column("base_url", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("vendor", sa.Text(), nullable=False),
        sa.Column("system_prompt", sa.Text(), nullable=False),
        sa.Column("max_output_tokens", sa.Integer(), nullable=True),
        sa.Column("key_source", sa.Text(), nullable=False),
        sa.Column("key_name", sa.Text(), nullable=False),
        sa.Column("local", sa.Boolean(), nullable=False),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("price_input", sa.Text(), nullable=True),
        sa.Column("price_output", sa.Text(), nullable=True),
        sa.Column("price_cached", sa.Text(), nullable=True),
        sa.Column("price_cache_write", sa.Text(), nullable=True),
        sa.Column("price_currency", sa.Text(), nullable=True),
        sa.Column("price_source", sa.Text(), nullable=True),
        sa.Column("price_as_of", sa.Text(), nullable=True),
        sa.Column("temperature", sa.Float(), nullable=True),
        sa.Column("repeat_penalty", sa.Float(), nullable=True),
        sa.Column("seed", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_model_name"), "model", ["name"], unique=False)
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )


def _turns() -> None:
    op.create_table(
        "tag",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("name", name=op.f("uq_tag_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "turn",
        sa.Column("id", _ID, nullable=False),
        sa.Column("parent_id", _ID, nullable=True),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("pair_key", sa.Text(), nullable=False),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("utc_offset_min", sa.Integer(), nullable=False),
        sa.Column("seat_a", sa.Text(), nullable=True),
        sa.Column("last_choice", sa.Text(), nullable=True),
        sa.Column("prompt_start", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_turn_matter_id")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["turn.id"], name=op.f("fk_turn_parent_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_turn_last_choice_id"), "turn", ["last_choice", "id"], unique=False)
    op.create_index(op.f("ix_turn_matter_id_id"), "turn", ["matter_id", "id"], unique=False)
    op.create_index(op.f("ix_turn_pair_key"), "turn", ["pair_key"], unique=False)
    op.create_index(op.f("ix_turn_parent_id"), "turn", ["parent_id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", _ID, nullable=False),
        sa.Column("turn_id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", _ID, nullable=False),
        sa.Column("chars", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turn.id"], name=op.f("fk_attachment_turn_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_attachment_turn_id"), "attachment", ["turn_id"], unique=False)
    op.create_table(
        "prompt",
        sa.Column("turn_id", _ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turn.id"], name=op.f("fk_prompt_turn_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("turn_id", name=op.f("pk_prompt")),
    )
    op.create_table(
        "turn_tag",
        sa.Column("turn_id", _ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tag_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_turn_tag_tag_id")),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turn.id"], name=op.f("fk_turn_tag_turn_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("turn_id", "position", name=op.f("pk_turn_tag")),
        sa.UniqueConstraint("turn_id", "tag_id", name=op.f("uq_turn_tag_turn_id_tag_id")),
    )
    op.create_index(op.f("ix_turn_tag_tag_id"), "turn_tag", ["tag_id"], unique=False)


def _answers() -> None:
    op.create_table(
        "answer",
        sa.Column("id", _ID, nullable=False),
        sa.Column("turn_id", _ID, nullable=False),
        sa.Column("model_id", _ID, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("first_token_ms", sa.Integer(), nullable=True),
        sa.Column("total_ms", sa.Integer(), nullable=True),
        sa.Column("input_tokens", sa.Integer(), nullable=True),
        sa.Column("output_tokens", sa.Integer(), nullable=True),
        sa.Column("cached_tokens", sa.Integer(), nullable=True),
        sa.Column("cache_write_tokens", sa.Integer(), nullable=True),
        sa.Column("reasoning_tokens", sa.Integer(), nullable=True),
        sa.Column("billed_amount", sa.Text(), nullable=True),
        sa.Column("billed_currency", sa.Text(), nullable=True),
        sa.Column("cost_amount", sa.Text(), nullable=True),
        sa.Column("cost_currency", sa.Text(), nullable=True),
        sa.Column("cost_certainty", sa.Text(), nullable=False),
        sa.Column("price_input", sa.Text(), nullable=True),
        sa.Column("price_output", sa.Text(), nullable=True),
        sa.Column("price_cached", sa.Text(), nullable=True),
        sa.Column("price_cache_write", sa.Text(), nullable=True),
        sa.Column("price_currency", sa.Text(), nullable=True),
        sa.Column("price_source", sa.Text(), nullable=True),
        sa.Column("price_as_of", sa.Text(), nullable=True),
        sa.Column("problem_kind", sa.Text(), nullable=True),
        sa.Column("problem_message", sa.Text(), nullable=True),
        sa.Column("problem_next_step", sa.Text(), nullable=True),
        sa.Column("served_model", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_answer_model_id")),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turn.id"], name=op.f("fk_answer_turn_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_answer_model_id_id"), "answer", ["model_id", "id"], unique=False)
    op.create_index(op.f("ix_answer_owner"), "answer", ["owner"], unique=False)
    op.create_index(op.f("ix_answer_turn_id"), "answer", ["turn_id"], unique=False)
    op.create_table(
        "answer_text",
        sa.Column("answer_id", _ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reasoning", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_answer_text_answer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_answer_text")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", _ID, nullable=False),
        sa.Column("answer_id", _ID, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_attempt_answer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_attempt_answer_id"), "attempt", ["answer_id"], unique=False)


def _votes_and_decisions() -> None:
    op.create_table(
        "decision",
        sa.Column("turn_id", _ID, nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("propensity", sa.Float(), nullable=False),
        sa.Column("votes_used", sa.Integer(), nullable=False),
        sa.Column("rule_version", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turn.id"], name=op.f("fk_decision_turn_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("turn_id", name=op.f("pk_decision")),
    )
    op.create_table(
        "vote",
        sa.Column("id", _ID, nullable=False),
        sa.Column("turn_id", _ID, nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("cast_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turn.id"], name=op.f("fk_vote_turn_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_vote_turn_id"), "vote", ["turn_id"], unique=False)
