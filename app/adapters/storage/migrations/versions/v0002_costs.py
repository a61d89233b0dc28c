"""Costs one can bill: which price held, what the budget holds, what attempts may have cost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

_PRICE = (
    ("price_reasoning", sa.Text),
    ("price_requests", sa.Text),
    ("price_above_tokens", sa.Integer),
    ("price_words", sa.Text),
    ("price_doubt", sa.Text),
)


def upgrade() -> None:
    """Add columns only, all of them null in old rows: what was not recorded is not invented."""
    for table in ("model", "answer"):
        for name, kind in _PRICE:
            op.add_column(table, sa.Column(name, kind(), nullable=True))
    op.add_column("answer", sa.Column("held_amount", sa.Text(), nullable=True))
    op.add_column("answer", sa.Column("held_currency", sa.Text(), nullable=True))
    op.add_column("attempt", sa.Column("may_be_billed", sa.Boolean(), nullable=True))
    for name in ("besides_amount", "besides_currency", "besides_certainty"):
        op.add_column("attempt", sa.Column(name, sa.Text(), nullable=True))
    op.create_index(op.f("ix_answer_sent_at"), "answer", ["sent_at"], unique=False)
