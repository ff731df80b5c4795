"""The ways in which a text may name each issuer, indexed by their first word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import NamedTuple

from agent.symbols.lexicon import Lexicon
from agent.symbols.names import LEGAL_FORMS, short_key

CONNECTORS = frozenset("of and the for in on de la du com at y".split())
"""Words inside a name that may be written small."""
VEHICLES = frozenset(
    "acquisition acquisitions merger spac fund funds trust etf bdc income lending municipal credit specialty etfs muni term premium "
    "commodity bancshares bancorp realty reit".split()
)
"""Who has one of these in the name often bears the name of somebody else: a fund of a manager, a shell of its sponsor."""


NOBODY = -1
"""The row of a form that only keeps a shorter one from matching."""


class Strength(Enum):
    """What a form proves where it stands."""

    NAME = "the name of the issuer and of nothing else"
    WORD = "also a word that is written small when it isn't the name"
    PROPER = "also something that is always written large"
    PART = "a part of the name, good once the text has said more"


class Form(NamedTuple):
    """One way to name the issuer in row `row`. `shouted`: written in capitals only (UPS, not Ups)."""

    words: tuple[str, ...]
    row: int
    strength: Strength
    shouted: bool = False


FormIndex = dict[str, list[Form]]
"""First word -> forms that begin with it, longest first."""


class Named(NamedTuple):
    """What forms are made from: a row of the table, its key and whether its shares are on an exchange."""

    row: int
    key: str
    display: str
    listed: bool


def build_forms(
    issuers: Sequence[Named], aliases: Iterable[tuple[str, str, int]], beginnings: dict[str, int], lexicon: Lexicon
) -> FormIndex:
    """Forms of all issuers. Where two share one, the larger listed issuer has it.

    `aliases` are (key, as written, row), `beginnings` what `unique_beginnings` found.
    """
    found: dict[str, Form] = {}
    nobodys = {other.replace("_", " ") for other in lexicon.others}
    for key, written, row in aliases:
        if row == NOBODY:
            nobodys.add(key)
        else:
            found[key] = Form(tuple(key.split()), row, _strength(key, row, lexicon), _shouted(written))
    _add_names(found, issuers, lexicon)
    for key, form in _parts(beginnings, lexicon):
        found.setdefault(key, form)
    for key in nobodys:
        found.setdefault(key, Form(tuple(key.split()), NOBODY, Strength.NAME))
    index: FormIndex = {}
    for form in sorted(found.values(), key=lambda form: -len(form.words)):
        index.setdefault(form.words[0], []).append(form)
    return index


def form_of(key: str, written: str, row: int, lexicon: Lexicon) -> Form:
    """The form of a name that the hand-kept lists have for a large company."""
    return Form(tuple(key.split()), row, _strength(key, 0, lexicon), " " not in key and _shouted(written))


def _add_names(found: dict[str, Form], issuers: Sequence[Named], lexicon: Lexicon) -> None:
    for issuer in issuers:
        for key in (issuer.key, short_key(issuer.key)):
            if key and (key not in found or (issuer.listed and not issuers[found[key].row].listed)):
                strength = _strength(key, issuer.row, lexicon) if issuer.listed else _over_the_counter(key)
                found[key] = Form(tuple(key.split()), issuer.row, strength, " " not in key and _shouted(issuer.display.split()[0]))


def unique_beginnings(issuers: Iterable[Named]) -> dict[str, int]:
    """First words of longer names ("palantir", "warner bros") -> row, where only one listed company begins so."""
    owners: dict[str, int] = {}
    for issuer in issuers:
        words = issuer.key.split()
        if not issuer.listed:
            continue
        vehicle = not VEHICLES.isdisjoint(words)
        for count in range(1, min(len(words), 4)):
            if words[count - 1] not in CONNECTORS and any(len(word) > 1 and word not in CONNECTORS for word in words[:count]):
                beginning = " ".join(words[:count])
                # Somebody else's beginning belongs to nobody; a fund's or a shell's takes it from no one but is no name either.
                owners[beginning] = -1 if vehicle or beginning in owners else issuer.row
    return {beginning: row for beginning, row in owners.items() if row >= 0}


def _parts(beginnings: dict[str, int], lexicon: Lexicon) -> Iterable[tuple[str, Form]]:
    for beginning, row in beginnings.items():
        words = tuple(beginning.split())
        alone = len(words) == 1 and row < LARGE and proves_something(beginning, lexicon)
        yield beginning, Form(words, row, Strength.NAME if alone else Strength.PART)


def proves_something(beginning: str, lexicon: Lexicon) -> bool:
    """Whether the first words of a name are its own: not ordinary words all of them, nor initials ("s and p")."""
    return any(len(word) > 2 and not lexicon.ordinary(word) and word not in CONNECTORS for word in beginning.split())  # noqa: PLR2004


LARGE = 1500
"""Rows before this one are large companies; of the others, a name made of ordinary words only proves nothing."""


def _strength(key: str, row: int, lexicon: Lexicon) -> Strength:
    if " " not in key:
        if key in lexicon.words:
            return Strength.WORD
        return Strength.PROPER if key in lexicon.names or key.isdigit() or len(key) == 1 else Strength.NAME
    if key.replace(" ", "_") in lexicon.names:
        return Strength.PROPER
    if row >= LARGE and all(lexicon.ordinary(word) or word in CONNECTORS or word in LEGAL_FORMS for word in key.split()):
        return Strength.PROPER
    return Strength.NAME


def _over_the_counter(key: str) -> Strength:
    """Thousands of shells and foreign companies are quoted over the counter; one word isn't enough to mean one of them."""
    return Strength.NAME if " " in key else Strength.PROPER


def _shouted(written: str) -> bool:
    letters = [char for char in written if char.isalpha()]
    return 1 < len(letters) < 6 and all(char.isupper() for char in letters)  # noqa: PLR2004
