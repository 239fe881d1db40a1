"""when timer start events begin processes"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "4d7c0a91e5b2"
down_revision = "5b2d90e4c7a1"


def upgrade() -> None:
    op.create_table(
        "start_schedule",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("graph_hash", sa.Text(), nullable=False),
        sa.Column("start_event", sa.Text(), nullable=False),
        sa.Column("definition", sa.Integer(), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("plan", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("begun", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_instance_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["graph_hash"], ["definition_file.hash"], name=op.f("fk_start_schedule_graph_hash_definition_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_start_schedule")),
    )
    op.create_index(
        "ix_start_schedule_due", "start_schedule", ["next_at"], postgresql_where=sa.text("status='active'")
    )
    op.create_index("ix_start_schedule_process", "start_schedule", ["pack", "process_id"])
