"""cases filed together, further contracts of one case, confidential cases of reported retaliation"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "8e4a1f73c2d6"
down_revision = "c41b7d92e605"


def upgrade() -> None:
    op.add_column("complaint", sa.Column("joint_no", sa.Text(), nullable=True))
    op.add_column("complaint", sa.Column("confidential_of", sa.Text(), nullable=True))
    op.add_column(
        "complaint", sa.Column("barred", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)
    )
    op.create_index(op.f("ix_complaint_joint_no"), "complaint", ["joint_no"])
    op.create_index(op.f("ix_complaint_confidential_of"), "complaint", ["confidential_of"])
    op.create_foreign_key(
        op.f("fk_complaint_confidential_of_complaint"), "complaint", "complaint", ["confidential_of"], ["id"]
    )
    op.create_table(
        "further_contract",
        sa.Column("complaint_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("contract_no", sa.Text(), nullable=True),
        sa.Column("project_name", sa.Text(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("amount_cny", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("disputed_amount_cny", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("payment_due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_further_contract_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("complaint_id", "number", name=op.f("pk_further_contract")),
    )
    op.create_index(op.f("ix_further_contract_contract_no"), "further_contract", ["contract_no"])
