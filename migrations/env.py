"""Run by alembic; connection, transaction and lock, and the tables to compare with, come from jiannuo.migrate."""

from alembic import context

given = context.config.attributes
context.configure(connection=given["connection"], target_metadata=given.get("metadata"), compare_type=True)
context.run_migrations()
