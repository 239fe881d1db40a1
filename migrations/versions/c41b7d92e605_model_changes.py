"""open cases that move to another version of their model"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "c41b7d92e605"
down_revision = "3b9d6e51a8c7"


def upgrade() -> None:
    op.create_table(
        "model_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("from_hash", sa.Text(), nullable=False),
        sa.Column("to_process_id", sa.Text(), nullable=False),
        sa.Column("to_hash", sa.Text(), nullable=False),
        sa.Column("plan", postgresql.JSONB(), nullable=False),
        sa.Column("only", sa.Text(), nullable=True),
        sa.Column("rate", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_change")),
        sa.ForeignKeyConstraint(
            ["from_hash"], ["definition_file.hash"], name=op.f("fk_model_change_from_hash_definition_file")
        ),
        sa.ForeignKeyConstraint(
            ["to_hash"], ["definition_file.hash"], name=op.f("fk_model_change_to_hash_definition_file")
        ),
    )
    op.create_index(
        "ix_model_change_applying", "model_change", ["id"], postgresql_where=sa.text("state='applying'")
    )
    op.create_table(
        "model_change_job",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("change_id", "instance_id", name=op.f("pk_model_change_job")),
        sa.ForeignKeyConstraint(
            ["change_id"], ["model_change.id"], name=op.f("fk_model_change_job_change_id_model_change")
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instance.id"], name=op.f("fk_model_change_job_instance_id_instance")
        ),
    )
    op.create_index(
        "ix_model_change_job_waiting", "model_change_job", ["change_id"], postgresql_where=sa.text("state='waiting'")
    )

