"""Which answer a prompt continues; null in old rows, which continued none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the column; `parent_id` has been there from the first schema on."""
    op.add_column("turn", sa.Column("continued_answer_id", _ID, nullable=True))
