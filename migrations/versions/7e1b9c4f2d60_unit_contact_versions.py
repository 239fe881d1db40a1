"""what a unit's phone, address and contact were, so that a change can be undone"""

import sqlalchemy as sa
from alembic import op

revision = "7e1b9c4f2d60"
down_revision = "3d8e1f60b7a4"


def upgrade() -> None:
    op.create_table(
        "unit_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uscc", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_contact")),
        sa.ForeignKeyConstraint(["uscc"], ["organisation.uscc"], name=op.f("fk_unit_contact_uscc_organisation")),
        sa.ForeignKeyConstraint(["restores"], ["unit_contact.id"], name=op.f("fk_unit_contact_restores_unit_contact")),
    )
    op.create_index(op.f("ix_unit_contact_uscc"), "unit_contact", ["uscc"])
