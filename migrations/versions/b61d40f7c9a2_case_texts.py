"""what cases are searched by, and lists of one unit or region in the order of receipt"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b61d40f7c9a2"
down_revision = "8a0a6d23ce8a"

# In each of these a list of one unit or region is read newest first, so that it ends after a page.
LISTED = ("accepting_uscc", "referring_uscc", "verifying_uscc", "respondent_uscc", "region_code")


def upgrade() -> None:
    op.create_table(
        "case_text",
        sa.Column("complaint_id", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("pieces", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_case_text_complaint_id_complaint")),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_case_text")),
    )
    op.create_index("ix_case_text_pieces", "case_text", ["pieces"], postgresql_using="gin")
    op.create_index("ix_case_text_received_at", "case_text", ["received_at", "complaint_id"])
    op.create_index("ix_case_text_region_code_received_at", "case_text", ["region_code", "received_at", "complaint_id"])
    for column in LISTED:
        op.create_index(f"ix_complaint_{column}_received_at", "complaint", [column, "received_at", "id"])
        op.drop_index(f"ix_complaint_{column}", "complaint")
