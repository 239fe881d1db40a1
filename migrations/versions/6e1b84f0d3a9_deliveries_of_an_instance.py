"""deliveries of an instance"""

from alembic import op

revision = "6e1b84f0d3a9"
down_revision = "7e1b9c4f2d60"


def upgrade() -> None:
    op.create_index("ix_delivery_instance_id", "delivery", ["instance_id"])
