"""messages from outside, how often a delivery was tried, since when all is settled"""

import sqlalchemy as sa
from alembic import op

revision = "5b2d90e4c7a1"
down_revision = "9e27c5f1b8d4"

# What is settled already is kept from now on as long as what will be.
FILL = """
UPDATE delivery d SET created_at = p.thrown_at, tries = (d.tried_at IS NOT NULL)::int,
  settled_at = CASE WHEN d.status <> 'open' THEN now() END
FROM published p WHERE p.id = d.published_id;
"""


def upgrade() -> None:
    for column in ("instance_id", "step", "ordinal"):
        op.alter_column("published", column, nullable=True)
    op.add_column("published", sa.Column("sender", sa.Text(), nullable=True))
    op.add_column("published", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("delivery", sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("delivery", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("delivery", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE published SET settled_at = now() WHERE status NOT IN ('buffered', 'sent')")
    op.execute(FILL)
    op.alter_column("delivery", "created_at", nullable=False)
    op.alter_column("delivery", "tries", server_default=None)
    op.create_index(
        "ix_published_settled", "published", ["settled_at"], postgresql_where=sa.text("settled_at is not null")
    )
    op.create_index("ix_published_expired", "published", ["settled_at"], postgresql_where=sa.text("status='expired'"))
    op.create_index(
        "ix_subscription_waiting", "subscription", ["opened_at", "instance_id", "key"],
        postgresql_where=sa.text("open and cardinality(acts) = 0"),
    )  # fmt: skip
