"""What is kept, and the key it is kept under."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from json.encoder import encode_basestring_ascii
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic_core import SchemaValidator, core_schema

from agent.article import Article, Moment
from agent.engines import Drafted


class Entry(BaseModel):
    """A draft and what it was made of: the engine's ingredients, so that a miss can be explained. `created_at` is aware UTC."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    ingredients: dict[str, str]
    created_at: Moment
    drafted: Drafted

    def to_bytes(self) -> bytes:
        """JSON in UTF-8."""
        return self.model_dump_json().encode()

    @classmethod
    def from_bytes(cls, stored: bytes) -> Entry:
        """Validate everything again: what lies on a disk may be old, damaged or somebody else's. Raises ValueError."""
        return cls.model_validate_json(stored)

    @staticmethod
    def drafted_from(stored: bytes) -> Drafted:
        """The draft of such bytes, validated again as strictly; of the rest only the form is looked at. Raises ValueError."""
        drafted: Drafted = _validator().validate_json(stored)["drafted"]
        return drafted


@cache
def _validator() -> SchemaValidator:
    whole = {"ingredients": core_schema.dict_schema(), "created_at": core_schema.str_schema(), "drafted": Drafted.__pydantic_core_schema__}
    fields = {name: core_schema.typed_dict_field(schema) for name, schema in whole.items()}
    return SchemaValidator(
        core_schema.typed_dict_schema(fields, extra_behavior="forbid"), core_schema.CoreConfig(hide_input_in_errors=True)
    )


def draft_key(article: Article, ingredients: Mapping[str, str], *, tenant: str = "", repeat: int = 0) -> str:
    """The key of one draft: everything that changes the answer, and nothing else.

    Three parts with full stops between them. `article_part` finds all entries of an article; the beginning of the article's digest says
    whether the article itself has changed; the last part, sha256 over everything, is what tells drafts apart.
    """
    return DraftKeys(ingredients, tenant).key(article, repeat)


class DraftKeys:
    """`draft_key` for the articles of one run: what is the same for all of them is written once."""

    def __init__(self, ingredients: Mapping[str, str], tenant: str = "") -> None:
        self._tenant = _json(tenant)
        self._ingredients = _json(sorted(ingredients.items()))

    def key(self, article: Article, repeat: int = 0) -> str:
        """The key of the article's draft."""
        name = f"[{self._tenant},{encode_basestring_ascii(article.id)}"
        everything = f'{name},"{article.digest}",{self._ingredients},{repeat}]'
        return f"{_sha256(name + ']')[:24]}.{digest_part(article)}.{_sha256(everything)}"


def article_part(article_id: str, tenant: str = "") -> str:
    """What all keys of one tenant's article begin with; a full stop follows."""
    return _sha256(_json([tenant, article_id]))[:24]


def digest_part(article: Article) -> str:
    """What all keys of an article with this title, text, source and date have in the middle."""
    return article.digest[:16]


def _json(part: Any) -> str:
    # JSON keeps the parts apart whatever they hold: no two lists have the same text.
    return json.dumps(part, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
