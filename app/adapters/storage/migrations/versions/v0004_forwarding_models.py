"""Models that a server on this computer only hands on: to whom, and no longer called local."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

# Frozen here, as every step is: Ollama's cloud models have such names at such addresses.
_HERE = ("//localhost", "//127.0.0.1", "//[::1]")
_CLOUD = (":cloud", "-cloud")
_HOST = "ollama.com"


def upgrade() -> None:
    """Add the column, and fill it in for what was added before it was known."""
    op.add_column("model", sa.Column("forwards_to", sa.Text(), nullable=False, server_default=""))
    model = sa.table(
        "model",
        sa.column("base_url", sa.Text()),
        sa.column("model", sa.Text()),
        sa.column("local", sa.Boolean()),
        sa.column("practice", sa.Boolean()),
        sa.column("forwards_to", sa.Text()),
    )
    name, address = sa.func.lower(model.c.model), sa.func.lower(model.c.base_url)
    op.execute(
        model.update()
        .where(
            model.c.practice.is_(False),
            sa.or_(*(address.contains(here) for here in _HERE)),
            sa.or_(*(name.endswith(end) for end in _CLOUD)),
        )
        .values(forwards_to=_HOST, local=False)
    )
