"""a task whose clock stands still is due on no day in the work lists"""

from alembic import op

revision = "3d8e1f60b7a4"
down_revision = "4d7c0a91e5b2"

STOPPED = """
UPDATE task_position p SET due_at = NULL, start_at = NULL FROM task t, deadline d
WHERE t.instance_id = p.instance_id AND t.key = p.key
AND d.instance_id = t.instance_id AND d.key = t.deadline_key AND d.status = 'paused'
"""
AS_BEFORE = STOPPED.replace("due_at = NULL, start_at = NULL", "due_at = d.due_at, start_at = d.start_at")


def upgrade() -> None:
    op.execute(STOPPED)


def downgrade() -> None:
    op.execute(AS_BEFORE)
