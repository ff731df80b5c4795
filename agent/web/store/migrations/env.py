"""How alembic reaches the database: by the connection that `open_database` hands over."""

from __future__ import annotations

from alembic import context

from agent.web.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
