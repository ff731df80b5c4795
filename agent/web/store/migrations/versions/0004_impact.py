"""Cards by impact: that only few have it, or none, is seen without looking at the others."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("cards_by_impact", "cards", ["tenant", "impact", "key"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("cards_by_impact")
