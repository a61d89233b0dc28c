"""Calibration runs: the list that was fixed, and which turn asked each of its prompts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "calibration_run",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("cheap_model_id", _ID, nullable=False),
        sa.Column("frontier_model_id", _ID, nullable=False),
        sa.Column("limit_amount", sa.Text(), nullable=True),
        sa.Column("limit_currency", sa.Text(), nullable=True),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("utc_offset_min", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.Column("pause_detail", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cheap_model_id"], ["model.id"], name=op.f("fk_calibration_run_cheap_model_id")
        ),
        sa.ForeignKeyConstraint(
            ["frontier_model_id"], ["model.id"], name=op.f("fk_calibration_run_frontier_model_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_run")),
        sa.UniqueConstraint("name_key", name=op.f("uq_calibration_run_name_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "calibration_item",
        sa.Column("id", _ID, nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("lot", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("skipped_at", sa.BigInteger(), nullable=True),
        sa.Column("turn_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["calibration_run.id"],
            name=op.f("fk_calibration_item_run_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turn.id"], name=op.f("fk_calibration_item_turn_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_item")),
        sa.UniqueConstraint("run_id", "place", name=op.f("uq_calibration_item_run_id_place")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_calibration_item_turn_id"), "calibration_item", ["turn_id"], unique=False
    )
