"""where each open case stands, and indexes for lists of a million cases"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "9b3a6c1f0e58"
down_revision = "858b874deb01"

FILL = """
INSERT INTO case_position
SELECT c.id, c.region_code, c.stage, c.status, coalesce(c.verifying_uscc, c.referring_uscc, c.accepting_uscc),
       c.accepting_uscc, c.referring_uscc, c.verifying_uscc, c.respondent_uscc, c.confidential_of, c.barred,
       c.received_at, d.due_at, d.start_at, d.due, coalesce(d.provisional, false), coalesce(s.at, c.received_at), t.name, t.unit, split_part(t.candidates[1], '@', 1),
       EXISTS (SELECT 1 FROM incident i WHERE i.instance_id = 'complaint:' || c.id AND i.resolved_at IS NULL)
FROM complaint c
LEFT JOIN LATERAL (SELECT * FROM deadline WHERE instance_id = 'complaint:' || c.id AND status = 'running'
                   AND due_at IS NOT NULL ORDER BY due_at, key LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT at FROM step WHERE instance_id = 'complaint:' || c.id AND submission_id IS NOT NULL
                   ORDER BY number DESC LIMIT 1) s ON true
LEFT JOIN LATERAL (SELECT * FROM task WHERE instance_id = 'complaint:' || c.id AND status = 'open'
                   ORDER BY created_at, key LIMIT 1) t ON true
WHERE c.status IN ('open', 'determined')
"""


def upgrade() -> None:
    op.create_table(
        "case_position",
        sa.Column("complaint_id", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("accepting_uscc", sa.Text(), nullable=True),
        sa.Column("referring_uscc", sa.Text(), nullable=True),
        sa.Column("verifying_uscc", sa.Text(), nullable=True),
        sa.Column("respondent_uscc", sa.Text(), nullable=False),
        sa.Column("confidential_of", sa.Text(), nullable=True),
        sa.Column("barred", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waits_task", sa.Text(), nullable=True),
        sa.Column("waits_unit", sa.Text(), nullable=True),
        sa.Column("waits_role", sa.Text(), nullable=True),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_case_position_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_case_position")),
    )
    op.create_index("ix_case_position_due_at", "case_position", ["due_at"])
    op.create_index("ix_case_position_acted_at", "case_position", ["acted_at"])
    op.create_index(op.f("ix_case_position_region_code"), "case_position", ["region_code"])
    op.create_index(op.f("ix_case_position_holder"), "case_position", ["holder"])
    op.create_index("ix_complaint_received_at_id", "complaint", ["received_at", "id"])
    op.execute(FILL)
