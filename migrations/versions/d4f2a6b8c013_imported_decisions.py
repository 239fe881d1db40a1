"""the files that a decision's file imports"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "d4f2a6b8c013"
down_revision = "c7e5a90d3b14"


def upgrade() -> None:
    column = sa.Column("imports", postgresql.JSONB(), nullable=False, server_default="[]")
    op.add_column("definition_version", column)
