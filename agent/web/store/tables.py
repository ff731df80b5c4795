"""The tables, as SQLAlchemy knows them; migrations/ makes them. The same in SQLite and PostgreSQL but for full-text search."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint

METADATA = MetaData()
WRITES = "newscard_writes"
"""The execution option of transactions that write, see `_begin` in the package."""

# In SQLite only INTEGER makes the row's own id.
Key = BigInteger().with_variant(Integer, "sqlite")

CARDS = Table(
    "cards",
    METADATA,
    Column("key", Key, primary_key=True, autoincrement=False),  # when it was published, see keys.py: the order of every list
    Column("tenant", String, nullable=False),
    Column("id", String, nullable=False),
    Column("label", String),
    Column("impact", Float),
    Column("etag", String, nullable=False),
    Column("card", LargeBinary, nullable=False),
    Column("article", LargeBinary, nullable=False),
    UniqueConstraint("tenant", "id"),
    Index("cards_newest", "tenant", "key", "label", "impact"),
    Index("cards_by_label", "tenant", "label", "key"),
    Index("cards_by_impact", "tenant", "impact", "key"),
)

FACETS = Table(
    "facets",
    METADATA,
    Column("tenant", String, primary_key=True),
    Column("kind", String, primary_key=True),  # ticker, topic
    Column("name", String, primary_key=True),
    Column("key", Key, ForeignKey("cards.key", ondelete="CASCADE"), primary_key=True),
    Index("facets_of_card", "key"),
    sqlite_with_rowid=False,
)

API_KEYS = Table(
    "api_keys",
    METADATA,
    Column("prefix", String, primary_key=True),  # the key's public part
    Column("digest", LargeBinary, nullable=False),
    Column("name", String, nullable=False),
    Column("tenant", String, nullable=False),
    Column("concurrency", Integer),
    Column("per_minute", Integer),
    Column("usd_per_day", Float),
    Column("created_s", BigInteger, nullable=False),  # seconds since 1970, as all moments here
    Column("revoked_s", BigInteger),
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("prefix", String, ForeignKey("api_keys.prefix", ondelete="CASCADE"), nullable=False),
    Column("until_s", BigInteger, nullable=False),
    Index("sessions_by_end", "until_s"),
)

SPENDING = Table(
    "spending",
    METADATA,
    Column("prefix", String, primary_key=True),
    Column("day", Integer, primary_key=True),  # days since 1970, UTC
    Column("micros", BigInteger, nullable=False),  # millionths of a dollar, so that sums don't drift
)

ANSWERS = Table(
    "answers",
    METADATA,
    Column("tenant", String, primary_key=True),
    Column("key", String, primary_key=True),  # the caller's Idempotency-Key
    Column("digest", String, nullable=False),  # of the request
    Column("status", Integer, nullable=False),
    Column("headers", LargeBinary, nullable=False),  # JSON
    Column("body", LargeBinary, nullable=False),
    Column("made_at", BigInteger, nullable=False),  # seconds since 1970
    Index("answers_by_age", "made_at"),
)
