"""acts that the board counts per unit, with what decides who sees their case"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "4a9d2c7e8b15"
down_revision = "6e1b84f0d3a9"

FILL = """
INSERT INTO act_position
SELECT s.id, c.id, s.act, s.unit, s.occurred_at, c.stage, c.region_code, c.accepting_uscc, c.referring_uscc,
       c.verifying_uscc, c.respondent_uscc, c.confidential_of, c.barred
FROM submission s JOIN complaint c ON s.instance_id = 'complaint:' || c.id
WHERE s.act IN ('return_referral', 'request_extension') AND s.status = 'done' AND s.unit IS NOT NULL
"""


def upgrade() -> None:
    op.create_table(
        "act_position",
        sa.Column("submission_id", sa.Text(), nullable=False),
        sa.Column("complaint_id", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("accepting_uscc", sa.Text(), nullable=True),
        sa.Column("referring_uscc", sa.Text(), nullable=True),
        sa.Column("verifying_uscc", sa.Text(), nullable=True),
        sa.Column("respondent_uscc", sa.Text(), nullable=False),
        sa.Column("confidential_of", sa.Text(), nullable=True),
        sa.Column("barred", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_act_position_complaint_id_complaint")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_act_position_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_act_position")),
    )
    op.create_index(op.f("ix_act_position_complaint_id"), "act_position", ["complaint_id"])
    op.create_index("ix_act_position_occurred_at", "act_position", ["occurred_at"])
    op.create_index("ix_act_position_unit_act", "act_position", ["unit", "act"])
    op.execute(FILL)
