"""Cards, their facets, and the index that finds them by their words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "cards",
        sa.Column("key", _KEY, primary_key=True, autoincrement=False),
        sa.Column("tenant", sa.String, nullable=False),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("label", sa.String),
        sa.Column("impact", sa.Float),
        sa.Column("etag", sa.String, nullable=False),
        sa.Column("card", sa.LargeBinary, nullable=False),
        sa.Column("article", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("tenant", "id"),
    )
    # What lists are narrowed by stands in the index, so that a card that isn't wanted needn't be read.
    op.create_index("cards_newest", "cards", ["tenant", "key", "label", "impact"])
    op.create_index("cards_by_label", "cards", ["tenant", "label", "key"])
    op.create_table(
        "facets",
        sa.Column("tenant", sa.String, primary_key=True),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("key", _KEY, sa.ForeignKey("cards.key", ondelete="CASCADE"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("facets_of_card", "facets", ["key"])
    if op.get_bind().dialect.name == "sqlite":
        # The words are kept twice, in the card and here: an index without them can forget a card only from SQLite 3.43 on.
        op.execute("CREATE VIRTUAL TABLE cards_fts USING fts5(body, facets, prefix='1 2 3')")  # a begun word is looked up, not merged
    else:
        op.execute("ALTER TABLE cards ADD COLUMN document tsvector")
        op.execute("CREATE INDEX cards_document ON cards USING gin (document)")


def downgrade() -> None:
    """Take them away."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE cards_fts")
    op.drop_table("facets")
    op.drop_table("cards")
