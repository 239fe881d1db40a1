"""where each open task stands, for work lists and the load of people"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "c7e5a90d3b14"
down_revision = "b61d40f7c9a2"

FILL = """
INSERT INTO task_position
SELECT t.instance_id, t.key, c.id, t.element_id, t.name, t.candidates, t.acts, t.unit,
       CASE WHEN t.candidates[1] LIKE 'complainant@%' THEN 'complainant' ELSE t.unit END,
       t.assignee_id, t.priority, t.created_at, coalesce(d.due_at, t.due_at), d.start_at, c.status, c.stage,
       c.region_code, c.accepting_uscc, c.referring_uscc, c.verifying_uscc, c.respondent_uscc, c.confidential_of,
       c.barred
FROM complaint c JOIN instance i ON i.business_key = c.id JOIN task t ON t.instance_id = i.id AND t.status = 'open'
LEFT JOIN deadline d ON d.instance_id = t.instance_id AND d.key = t.deadline_key
"""


def upgrade() -> None:
    op.create_table(
        "task_position",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("candidates", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("acts", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("pool", sa.Text(), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("accepting_uscc", sa.Text(), nullable=True),
        sa.Column("referring_uscc", sa.Text(), nullable=True),
        sa.Column("verifying_uscc", sa.Text(), nullable=True),
        sa.Column("respondent_uscc", sa.Text(), nullable=False),
        sa.Column("confidential_of", sa.Text(), nullable=True),
        sa.Column("barred", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_task_position_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_task_position_instance_id_instance")),
        sa.PrimaryKeyConstraint("instance_id", "key", name=op.f("pk_task_position")),
    )
    op.create_index("ix_task_position_candidates", "task_position", ["candidates"], postgresql_using="gin")
    for column in ("complaint_id", "unit", "assignee_id"):
        op.create_index(op.f(f"ix_task_position_{column}"), "task_position", [column])
    op.execute(FILL)
