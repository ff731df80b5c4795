"""Keys, the sessions of browsers, and what each key has spent on a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "api_keys",
        sa.Column("prefix", sa.String, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("tenant", sa.String, nullable=False),
        sa.Column("concurrency", sa.Integer),
        sa.Column("per_minute", sa.Integer),
        sa.Column("usd_per_day", sa.Float),
        sa.Column("created_s", sa.BigInteger, nullable=False),
        sa.Column("revoked_s", sa.BigInteger),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("prefix", sa.String, sa.ForeignKey("api_keys.prefix", ondelete="CASCADE"), nullable=False),
        sa.Column("until_s", sa.BigInteger, nullable=False),
    )
    op.create_index("sessions_by_end", "sessions", ["until_s"])
    op.create_table(
        "spending",
        sa.Column("prefix", sa.String, primary_key=True),
        sa.Column("day", sa.Integer, primary_key=True),
        sa.Column("micros", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("spending")
    op.drop_table("sessions")
    op.drop_table("api_keys")
