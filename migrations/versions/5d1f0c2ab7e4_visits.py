"""complainants' visits, failed attempts"""

import sqlalchemy as sa
from alembic import op

revision = "5d1f0c2ab7e4"
down_revision = "a045047940a6"


def upgrade() -> None:
    op.create_table(
        "failed_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_attempt")),
    )
    op.create_index("ix_failed_attempt_key_at", "failed_attempt", ["key", "at"])
    op.create_table(
        "visit",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("complaint_id", sa.Text(), nullable=False),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_visit_complaint_id_complaint")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_visit")),
    )
    op.create_index(op.f("ix_visit_complaint_id"), "visit", ["complaint_id"])
