"""Run by Alembic: migrates on the connection, and inside the transaction, that it is handed."""

from __future__ import annotations

from alembic import context

from app.adapters.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
)
with context.begin_transaction():
    context.run_migrations()
