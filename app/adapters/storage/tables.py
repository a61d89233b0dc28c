"""The tables. Ids rise with time, texts lie apart so that lists and sums never read them.

Nothing here is special to SQLite but its way of counting ids; the search index has its own file.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from app.adapters.storage.columns import (
    Amount,
    Id,
    Moment,
    Words,
    cost_columns,
    price_columns,
    usage_columns,
)

# Every schema that this program can read, oldest first; a migration adds its own at the end.
REVISIONS = ("0001", "0002", "0004", "0005", "0006")
PROMPT_START_CHARS = 200

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

matter = Table(
    "matter",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Words, nullable=False),
    Column("name_key", Words, nullable=False, unique=True),  # as compared: without case
    Column("policy_kind", Words, nullable=False),
    Column("policy_vendors", JSON, nullable=False),
    sqlite_autoincrement=True,
)

# One row is one version of a model; it is never changed, so an answer's row is its snapshot.
model = Table(
    "model",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Words, nullable=False, index=True),
    Column("dialect", Words, nullable=False),
    Column("base_url", Words, nullable=False),
    Column("model", Words, nullable=False),
    Column("role", Words, nullable=False),
    Column("vendor", Words, nullable=False),
    Column("system_prompt", Words, nullable=False),
    Column("max_output_tokens", Integer),
    Column("key_source", Words, nullable=False),
    Column("key_name", Words, nullable=False),
    Column("local", Boolean, nullable=False),
    Column("practice", Boolean, nullable=False),
    *price_columns(),
    Column("temperature", Float),
    Column("repeat_penalty", Float),
    Column("seed", Integer),
    Column("forwards_to", Words, nullable=False, server_default=""),
    Column("added_at", Moment, nullable=False),
    Column("removed_at", Moment),
    sqlite_autoincrement=True,
)

setting = Table(
    "setting",
    metadata,
    Column("name", Words, primary_key=True),
    Column("value", Words, nullable=False),
)

turn = Table(
    "turn",
    metadata,
    Column("id", Id, primary_key=True),
    Column("parent_id", Id, ForeignKey("turn.id", ondelete="SET NULL"), index=True),
    # No foreign key on purpose: it outlives its answer, so that the gap can be told.
    Column("continued_answer_id", Id),
    Column("matter_id", Id, ForeignKey("matter.id"), nullable=False),
    Column("mode", Words, nullable=False),
    Column("pair_key", Words, nullable=False, index=True),
    Column("practice", Boolean, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("utc_offset_min", Integer, nullable=False),
    Column("seat_a", Words),
    Column("last_choice", Words),  # of the vote that counts, so that a list needs no join
    Column("prompt_start", Words, nullable=False),
    Index(None, "matter_id", "id"),
    Index(None, "last_choice", "id"),
    sqlite_autoincrement=True,
)

prompt = Table(
    "prompt",
    metadata,
    Column("turn_id", Id, ForeignKey("turn.id", ondelete="CASCADE"), primary_key=True),
    Column("text", Words, nullable=False),
)

attachment = Table(
    "attachment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("turn_id", Id, ForeignKey("turn.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", Words, nullable=False),
    Column("media_type", Words, nullable=False),
    Column("sha256", Words, nullable=False),
    Column("size_bytes", Id, nullable=False),
    Column("chars", Integer, nullable=False),
    Column("text", Words, nullable=False),
    sqlite_autoincrement=True,
)

tag = Table(
    "tag",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Words, nullable=False, unique=True),
    sqlite_autoincrement=True,
)

turn_tag = Table(
    "turn_tag",
    metadata,
    Column("turn_id", Id, ForeignKey("turn.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("tag_id", Id, ForeignKey("tag.id"), nullable=False, index=True),
    PrimaryKeyConstraint("turn_id", "position"),
    UniqueConstraint("turn_id", "tag_id"),
)

answer = Table(
    "answer",
    metadata,
    Column("id", Id, primary_key=True),
    Column("turn_id", Id, ForeignKey("turn.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("model_id", Id, ForeignKey("model.id"), nullable=False),
    Column("role", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("owner", Words),  # the running program that streams it; null once it has ended
    Column("sent_at", Moment),
    Column("first_token_ms", Integer),
    Column("total_ms", Integer),
    *usage_columns(),
    *cost_columns(),
    *price_columns(),
    Column("held_amount", Amount),  # kept back from the budget; null once it has ended in order
    Column("held_currency", Words),
    Column("problem_kind", Words),
    Column("problem_message", Words),
    Column("problem_next_step", Words),
    Column("served_model", Words, nullable=False),
    Index(None, "model_id", "id"),
    Index(None, "owner"),
    Index(None, "sent_at"),
    sqlite_autoincrement=True,
)

answer_text = Table(
    "answer_text",
    metadata,
    Column("answer_id", Id, ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True),
    Column("text", Words, nullable=False),
    Column("reasoning", Words, nullable=False),
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", Id, primary_key=True),
    Column(
        "answer_id", Id, ForeignKey("answer.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("attempt", Integer, nullable=False),
    Column("status", Integer),
    Column("outcome", Words, nullable=False),
    Column("request_id", Words, nullable=False),
    Column("may_be_billed", Boolean),  # null where it was not recorded (before 0002)
    Column("besides_amount", Amount),  # what it may have cost besides the answer
    Column("besides_currency", Words),
    Column("besides_certainty", Words),  # null where there is nothing besides
    sqlite_autoincrement=True,
)

vote = Table(
    "vote",
    metadata,
    Column("id", Id, primary_key=True),
    Column("turn_id", Id, ForeignKey("turn.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("choice", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("cast_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

# The columns answer questions across turns; `body` is the whole decision, shown as it was.
decision = Table(
    "decision",
    metadata,
    Column("turn_id", Id, ForeignKey("turn.id", ondelete="CASCADE"), primary_key=True),
    Column("role", Words),
    Column("basis", Words, nullable=False),
    Column("probability", Float),
    Column("propensity", Float, nullable=False),
    Column("votes_used", Integer, nullable=False),
    Column("rule_version", Words, nullable=False),
    Column("body", JSON, nullable=False),
)

# A run asks the very versions that these rows hold; its list never changes once it is fixed.
calibration_run = Table(
    "calibration_run",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Words, nullable=False),
    Column("name_key", Words, nullable=False, unique=True),
    Column("cheap_model_id", Id, ForeignKey("model.id"), nullable=False),
    Column("frontier_model_id", Id, ForeignKey("model.id"), nullable=False),
    Column("limit_amount", Amount),
    Column("limit_currency", Words),
    Column("seed", Words, nullable=False),
    Column("digest", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("utc_offset_min", Integer, nullable=False),
    Column("state", Words, nullable=False),
    Column("owner", Words),  # the running program that asks; null once it has let go
    Column("pause_reason", Words),
    Column("pause_detail", Words, nullable=False),
    Column("seen_at", Moment),
    Column("closed_at", Moment),
    sqlite_autoincrement=True,
)

# Its own copy of the prompt: it must be there before there is a turn. Deleting the turn empties it.
calibration_item = Table(
    "calibration_item",
    metadata,
    Column("id", Id, primary_key=True),
    Column("run_id", Id, ForeignKey("calibration_run.id", ondelete="CASCADE"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("lot", Integer, nullable=False),
    Column("text", Words, nullable=False),
    Column("matter", Words, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("attachments", JSON, nullable=False),
    Column("source", Words, nullable=False),
    Column("asked", Boolean, nullable=False),
    Column("skipped_at", Moment),
    Column("turn_id", Id, ForeignKey("turn.id", ondelete="SET NULL"), index=True),
    UniqueConstraint("run_id", "place"),
    sqlite_autoincrement=True,
)
