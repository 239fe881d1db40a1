"""follow-up dates and scopes of tasks"""

import sqlalchemy as sa
from alembic import op

revision = 'b3d91f5a7c20'
down_revision = 'd4f2a6b8c013'


def upgrade() -> None:
    op.add_column('task', sa.Column('follow_up_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('task', sa.Column('scope_path', sa.ARRAY(sa.Integer()), nullable=False, server_default='{}'))
    op.alter_column('task', 'scope_path', server_default=None)
    op.add_column('task_position', sa.Column('follow_up_at', sa.DateTime(timezone=True), nullable=True))
