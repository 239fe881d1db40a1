"""phone, address and contact of units, as their letters name them"""

import sqlalchemy as sa
from alembic import op

revision = "3b9d6e51a8c7"
down_revision = "7c2e91b40d53"


def upgrade() -> None:
    for column in ("phone", "address", "contact"):
        op.add_column("organisation", sa.Column(column, sa.Text(), nullable=True))
