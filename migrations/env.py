"""Run by alembic. The connection, its transaction and its lock come from jiannuo.migrate, as do the tables to compare."""

from alembic import context

given = context.config.attributes
context.configure(connection=given["connection"], target_metadata=given.get("metadata"), compare_type=True)
context.run_migrations()
