"""Run by alembic. The connection, its transaction and its lock come from jiannuo.migrate."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
context.run_migrations()
