"""saved queries; indexes for what units return and how long tasks take"""

import sqlalchemy as sa
from alembic import op

revision = "2f60c8d914ab"
down_revision = "9b3a6c1f0e58"


def upgrade() -> None:
    op.create_table(
        "saved_query",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared_uscc", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_saved_query_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_query")),
        sa.UniqueConstraint("account_id", "page", "name", name=op.f("uq_saved_query_account_id_page_name")),
    )
    op.create_index(op.f("ix_saved_query_shared_uscc"), "saved_query", ["shared_uscc"])
    op.create_index("ix_submission_act_occurred_at", "submission", ["act", "occurred_at"])
    op.create_index(
        "ix_task_completed", "task", ["element_id", "closed_at"], postgresql_where=sa.text("status='completed'")
    )
