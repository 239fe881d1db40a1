"""messages and signals between executions"""

import sqlalchemy as sa
from alembic import op

revision = "9e27c5f1b8d4"
down_revision = "b3d91f5a7c20"

# Cases that wait for a signal already.
FILL = """
INSERT INTO signal_catch (instance_id, key, element_id, signal_name, open, opened_at)
SELECT i.id, (w ->> 'key')::int, w ->> 'node', w ->> 'name', true, i.last_step_at
FROM instance i, jsonb_array_elements(i.state::jsonb -> 'waits') w
WHERE i.status = 'active' AND w ->> 'kind' = 'signal'
"""


def upgrade() -> None:
    op.add_column("instance", sa.Column("start_event", sa.Text(), nullable=True))
    op.add_column("instance", sa.Column("start_definition", sa.Integer(), nullable=True))
    op.create_table(
        "published",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=False),
        sa.Column("variables", sa.Text(), nullable=False),
        sa.Column("thrown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_published_instance_id_instance")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published")),
        sa.UniqueConstraint(
            "instance_id", "step", "ordinal", name=op.f("uq_published_instance_id_step_ordinal")
        ),
    )
    buffered = sa.text("status='buffered'")
    op.create_index(
        "ix_published_buffered", "published", ["pack", "name", "correlation_key"], postgresql_where=buffered
    )
    op.create_table(
        "signal_catch",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("signal_name", sa.Text(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_signal_catch_instance_id_instance")),
        sa.PrimaryKeyConstraint("instance_id", "key", name=op.f("pk_signal_catch")),
    )
    op.create_index("ix_signal_catch_open", "signal_catch", ["signal_name"], postgresql_where=sa.text("open"))
    op.execute(FILL)
    op.create_table(
        "delivery",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("published_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["published_id"], ["published.id"], name=op.f("fk_delivery_published_id_published")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("published_id", "instance_id", "key", name=op.f("uq_delivery_published_id_instance_id_key")),
    )
    op.create_index(
        "ix_delivery_open", "delivery", ["instance_id", "key"], postgresql_where=sa.text("status='open'")
    )
