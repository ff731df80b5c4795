"""Which tickers a card may carry: those of listed issuers that the draft names and the article mentions.

The model names entities; symbols come from the table alone, every common share class of an issuer with the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

from agent.article import Article
from agent.card import Dropped, Instrument
from agent.draft import DraftEntity
from agent.grounding.ordinary import is_ordinary, reads_as_company
from agent.symbols import Issuer, SymbolTable
from agent.symbols.scan import mentions_any
from agent.symbols.words import Wording

_RESOLVING = frozenset(("public company", "fund"))
_COMPANIES = _RESOLVING | {"private company"}
_ON_THE_CARD = ("central", "involved")
# Two letters or more, or one after what says that a symbol follows: the Z of "Gen Z" names no share class.
_WRITTEN = re.compile(r"(?<![\w.])((?:(?<=[$:(])|(?<=: )|(?=[A-Z]{2}))[A-Z]{1,5}(?:[.\-/][A-Z])?)(?!\w)")
_PLAIN_NAME = re.compile(r"[A-Z][A-Za-z0-9]+(?:'s)?(?: [A-Z][A-Za-z0-9]+(?:'s)?)*")
_BEFORE, _AFTER = frozenset(("", *' \n("“')), frozenset(("", *" \n.,;:)"))


@dataclass(frozen=True)
class GroundedTickers:
    """`by_entity` is parallel to the draft's entities; `tickers` and `instruments` are parallel to each other."""

    tickers: tuple[str, ...]
    instruments: tuple[Instrument, ...]
    dropped: tuple[Dropped, ...]
    by_entity: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _Then:
    """An article's text, and the table as of the day on which it was published, or of today."""

    text: str
    symbols: SymbolTable
    on: date | None
    resolve: Callable[[str], Issuer | None]

    def has(self, issuer: Issuer, name: str) -> bool:
        """Whether the text has `issuer`: by a name of its own, as `name`, or by its symbol; an ordinary word (Target) needs support."""
        if _stands_large(name, self.text) and not is_ordinary(name):
            return True
        # By name first: looking for everybody's names needs an index that takes longer to make than all other checks together.
        names = (*self.symbols.names_of(issuer), name)
        telling = [form for form in names if not is_ordinary(form)]
        if telling and mentions_any(self._wording, telling):
            return True
        return any(reads_as_company(self.text, form) for form in names if is_ordinary(form)) or self.mentions(issuer)

    def mentions(self, issuer: Issuer) -> bool:
        """Whether the text mentions `issuer` in a way that stands for nobody else."""
        return issuer.cik in self._mentioned

    @cached_property
    def written(self) -> frozenset[str]:
        """The symbols that the text writes out, in dot form."""
        return frozenset(match.group(1).replace("-", ".").replace("/", ".") for match in _WRITTEN.finditer(self.text))

    @cached_property
    def _wording(self) -> Wording:
        return Wording(self.text)

    @cached_property
    def _mentioned(self) -> frozenset[int]:
        return frozenset(mention.issuer.cik for mention in self.symbols.mentions(self.text, self.on))


@dataclass(frozen=True)
class _Verdict:
    """What became of one entity: the issuer it stands for, and why that isn't published, if it isn't."""

    entity: DraftEntity
    issuer: Issuer | None = None
    refused: str | None = None

    @property
    def symbols(self) -> tuple[str, ...]:
        """The entity's tickers: all share classes of its issuer, or none."""
        return self.issuer.symbols if self.issuer and not self.refused else ()


def ground_tickers(
    article: Article, entities: Sequence[DraftEntity], symbols: SymbolTable, resolve: Callable[[str], Issuer | None] | None = None
) -> GroundedTickers:
    """Find the tickers of `entities`, central ones first, and say of every company that has none why.

    Symbols are those of the day on which the article was published, in UTC; without a date, those of today. `resolve` is the table's own as
    of that day, for who keeps what it answered.
    """
    text = f"{article.title}\n\n{article.text}"
    on = article.published_at.date() if article.published_at else None
    then = _Then(text, symbols, on, resolve or partial(symbols.resolve, on=on))
    verdicts = [_judge(entity, then) for entity in entities]
    instruments: dict[str, Instrument] = {}
    for relevance in _ON_THE_CARD:
        for verdict in verdicts:
            if verdict.entity.relevance == relevance and verdict.symbols:
                for instrument in _instruments(verdict, then):
                    instruments.setdefault(instrument.symbol, instrument)
    return GroundedTickers(
        tickers=tuple(instruments),
        instruments=tuple(instruments.values()),
        dropped=_dropped(verdicts, frozenset(instruments)),
        by_entity=tuple(verdict.symbols for verdict in verdicts),
    )


def _stands_large(name: str, text: str) -> bool:
    """Whether `text` has a name of plain words with capitals just as it is: then it is mentioned, which is seen without its words."""
    at = text.find(name) if _PLAIN_NAME.fullmatch(name) else -1
    while at >= 0:
        end = at + len(name)
        if text[at - 1 : at] in _BEFORE and text[end : end + 1] in _AFTER:
            return True
        at = text.find(name, end)
    return False


def _judge(entity: DraftEntity, then: _Then) -> _Verdict:
    if entity.kind not in _COMPANIES:
        return _Verdict(entity)
    issuer = then.resolve(entity.name) or _by_bare_symbol(entity.name, then)
    if entity.kind not in _RESOLVING:
        return _Verdict(entity, issuer, f"{entity.name}: drafted as a {entity.kind}") if issuer else _Verdict(entity)
    if issuer is None:
        return _Verdict(entity, refused="no listed issuer of that name")
    if not then.has(issuer, entity.name):
        return _Verdict(entity, issuer, "not mentioned in the article")
    return _Verdict(entity, issuer)


def _by_bare_symbol(name: str, then: _Then) -> Issuer | None:
    """The issuer of an entity that is named by its symbol, if the article has that issuer by name or as a symbol."""
    issuer = then.symbols.issuer_of(name, then.on) if name.isupper() else None
    return issuer if issuer and then.mentions(issuer) else None


def _instruments(verdict: _Verdict, then: _Then) -> list[Instrument]:
    """One instrument a share class. With one class there is nothing to expand; else those the article writes out aren't expanded."""
    if verdict.issuer is None:
        return []
    listings = verdict.issuer.listings
    return [
        Instrument(
            symbol=listing.symbol,
            exchange=listing.exchange,
            issuer=listing.issuer,
            share_class=listing.share_class,
            entity=verdict.entity.name,
            expanded=len(listings) > 1 and listing.symbol not in then.written,
        )
        for listing in listings
    ]


def _dropped(verdicts: Sequence[_Verdict], published: frozenset[str]) -> tuple[Dropped, ...]:
    """One line a symbol, or a name where no symbol is known. What another entity brought onto the card isn't dropped."""
    dropped: dict[tuple[str, str], Dropped] = {}
    for verdict in verdicts:
        reason = verdict.refused or ("mentioned in passing" if verdict.entity.relevance not in _ON_THE_CARD else None)
        if reason is None or not (verdict.issuer or verdict.refused):
            continue
        for symbol in verdict.issuer.symbols if verdict.issuer else (verdict.entity.name,):
            if symbol not in published:
                dropped.setdefault((symbol, reason), Dropped(symbol=symbol, reason=reason))
    return tuple(dropped.values())
