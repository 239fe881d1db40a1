"""stand-ins, leave, recusals, urgings, bulk runs"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "8a0a6d23ce8a"
down_revision = "2f60c8d914ab"


def upgrade() -> None:
    op.create_table("bulk_run",
    sa.Column("token", sa.Text(), nullable=False),
    sa.Column("account_id", sa.Integer(), nullable=False),
    sa.Column("act", sa.Text(), nullable=False),
    sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_bulk_run_account_id_account")),
    sa.PrimaryKeyConstraint("token", name=op.f("pk_bulk_run"))
    )
    op.create_table("leave",
    sa.Column("id", sa.Text(), nullable=False),
    sa.Column("account_id", sa.Integer(), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("since", sa.Date(), nullable=False),
    sa.Column("until", sa.Date(), nullable=False),
    sa.Column("recorded_by", sa.Integer(), nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("revoked_by", sa.Integer(), nullable=True),
    sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_leave_account_id_account")),
    sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_leave_recorded_by_account")),
    sa.ForeignKeyConstraint(["revoked_by"], ["account.id"], name=op.f("fk_leave_revoked_by_account")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_leave"))
    )
    op.create_index("ix_leave_person", "leave", ["account_id", "until"], unique=False, postgresql_where=sa.text("revoked_at is null"))
    op.create_table("stand_in_pair",
    sa.Column("account_id", sa.Integer(), nullable=False),
    sa.Column("stand_in_id", sa.Integer(), nullable=False),
    sa.Column("set_by", sa.Integer(), nullable=False),
    sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_stand_in_pair_account_id_account")),
    sa.ForeignKeyConstraint(["set_by"], ["account.id"], name=op.f("fk_stand_in_pair_set_by_account")),
    sa.ForeignKeyConstraint(["stand_in_id"], ["account.id"], name=op.f("fk_stand_in_pair_stand_in_id_account")),
    sa.PrimaryKeyConstraint("account_id", name=op.f("pk_stand_in_pair"))
    )
    op.create_index(op.f("ix_stand_in_pair_stand_in_id"), "stand_in_pair", ["stand_in_id"], unique=False)
    op.create_table("delegation",
    sa.Column("id", sa.Text(), nullable=False),
    sa.Column("account_id", sa.Integer(), nullable=False),
    sa.Column("stand_in_id", sa.Integer(), nullable=False),
    sa.Column("since", sa.Date(), nullable=False),
    sa.Column("until", sa.Date(), nullable=False),
    sa.Column("units", postgresql.ARRAY(sa.Text()), nullable=True),
    sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=True),
    sa.Column("grave", sa.Boolean(), nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("leave_id", sa.Text(), nullable=True),
    sa.Column("granted_by", sa.Integer(), nullable=False),
    sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("revoked_by", sa.Integer(), nullable=True),
    sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("revoked_reason", sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_delegation_account_id_account")),
    sa.ForeignKeyConstraint(["granted_by"], ["account.id"], name=op.f("fk_delegation_granted_by_account")),
    sa.ForeignKeyConstraint(["leave_id"], ["leave.id"], name=op.f("fk_delegation_leave_id_leave")),
    sa.ForeignKeyConstraint(["revoked_by"], ["account.id"], name=op.f("fk_delegation_revoked_by_account")),
    sa.ForeignKeyConstraint(["stand_in_id"], ["account.id"], name=op.f("fk_delegation_stand_in_id_account")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation"))
    )
    op.create_index("ix_delegation_person", "delegation", ["account_id", "until"], unique=False, postgresql_where=sa.text("revoked_at is null"))
    op.create_index("ix_delegation_stand_in", "delegation", ["stand_in_id", "until"], unique=False, postgresql_where=sa.text("revoked_at is null"))
    op.create_table("recusal",
    sa.Column("id", sa.Text(), nullable=False),
    sa.Column("complaint_id", sa.Text(), nullable=False),
    sa.Column("account_id", sa.Integer(), nullable=False),
    sa.Column("ground", sa.Text(), nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("declared_by", sa.Integer(), nullable=False),
    sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("lifted_by", sa.Integer(), nullable=True),
    sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("lifted_reason", sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recusal_account_id_account")),
    sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_recusal_complaint_id_complaint")),
    sa.ForeignKeyConstraint(["declared_by"], ["account.id"], name=op.f("fk_recusal_declared_by_account")),
    sa.ForeignKeyConstraint(["lifted_by"], ["account.id"], name=op.f("fk_recusal_lifted_by_account")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal"))
    )
    op.create_index("ix_recusal_account", "recusal", ["account_id"], unique=False, postgresql_where=sa.text("lifted_at is null"))
    op.create_index("uq_recusal_standing", "recusal", ["complaint_id", "account_id"], unique=True, postgresql_where=sa.text("lifted_at is null"))
    op.create_table("urging",
    sa.Column("id", sa.Text(), nullable=False),
    sa.Column("instance_id", sa.Text(), nullable=False),
    sa.Column("task_key", sa.Integer(), nullable=False),
    sa.Column("day", sa.Date(), nullable=False),
    sa.Column("urged_by", sa.Integer(), nullable=False),
    sa.Column("urged_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("words", sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(["instance_id", "task_key"], ["task.instance_id", "task.key"], name=op.f("fk_urging_instance_id_task_key_task")),
    sa.ForeignKeyConstraint(["urged_by"], ["account.id"], name=op.f("fk_urging_urged_by_account")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_urging")),
    sa.UniqueConstraint("instance_id", "task_key", "day", name=op.f("uq_urging_instance_id_task_key_day"))
    )
    op.add_column("case_note", sa.Column("task_instance", sa.Text(), nullable=True))
    op.add_column("case_note", sa.Column("task_key", sa.Integer(), nullable=True))
    op.add_column("submission", sa.Column("on_behalf_of", sa.Integer(), nullable=True))
    op.add_column("submission", sa.Column("delegation_id", sa.Text(), nullable=True))
    op.create_foreign_key(op.f("fk_submission_on_behalf_of_account"), "submission", "account", ["on_behalf_of"], ["id"])
    op.create_foreign_key(op.f("fk_submission_delegation_id_delegation"), "submission", "delegation", ["delegation_id"], ["id"])
