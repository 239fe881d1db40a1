"""calendar tables as acts, their application to open deadlines, the horizon of a deadline"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "7c2e91b40d53"
down_revision = "5d1f0c2ab7e4"


def upgrade() -> None:
    op.create_table(
        "calendar_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("years", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_table")),
        sa.UniqueConstraint("version", name=op.f("uq_calendar_table_version")),
    )
    op.create_index(
        "ix_calendar_table_in_force", "calendar_table", ["layer"], postgresql_where=sa.text("withdrawn_at is null")
    )
    op.create_table(
        "calendar_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched", postgresql.JSONB(), nullable=False),
        sa.Column("barrier", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["version"], ["calendar_table.version"], name=op.f("fk_calendar_change_version_calendar_table")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_change")),
    )
    op.create_index(op.f("ix_calendar_change_version"), "calendar_change", ["version"])
    op.create_index(
        "ix_calendar_change_applying", "calendar_change", ["id"], postgresql_where=sa.text("state='applying'")
    )
    op.create_table(
        "calendar_job",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("deadline_key", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("old_due", sa.Date(), nullable=True),
        sa.Column("new_due", sa.Date(), nullable=True),
        sa.Column("messaged", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"], ["calendar_change.id"], name=op.f("fk_calendar_job_change_id_calendar_change")
        ),
        sa.PrimaryKeyConstraint("change_id", "instance_id", "deadline_key", name=op.f("pk_calendar_job")),
    )
    op.create_index(
        "ix_calendar_job_waiting", "calendar_job", ["instance_id", "deadline_key"],
        postgresql_where=sa.text("state='waiting'"),
    )  # fmt: skip
    op.create_foreign_key(
        op.f("fk_calendar_day_version_calendar_table"), "calendar_day", "calendar_table", ["version"], ["version"]
    )
    # Empty for deadlines set before: those are recomputed at every change.
    op.add_column("deadline", sa.Column("horizon", sa.Date(), nullable=True))
