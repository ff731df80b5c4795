"""The hand-kept words: aliases (Google is Alphabet), and names that are ordinary words, places or persons as well."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from agent.symbols.names import tokens


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Read once a process.

    `aliases`: name as written -> symbol of the issuer. `words`: what is a word of the language as well (Target, Block), written small
    in a sentence unless it is the name. `names`: what is written large anyway (places, persons, months, coins, acronyms), so that a
    capital says nothing. `given`: given names, after which a name is a person's. `others`: longer names and phrases that begin with
    an issuer's name and aren't it (Meta-analysis). Two words are joined by "_".
    """

    aliases: tuple[tuple[str, str], ...]
    words: frozenset[str]
    names: frozenset[str]
    given: frozenset[str]
    others: frozenset[str]

    def ordinary(self, word: str) -> bool:
        """Whether a folded word means something by itself."""
        return word in self.words or word in self.names


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The packaged word lists."""
    folder = files("agent.symbols")
    aliases = []
    for line in folder.joinpath("aliases.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            alias, _, symbol = line.partition("\t")
            aliases.append((alias, symbol))
    sections: dict[str, set[str]] = {name: set() for name in ("words", "names", "given", "others")}
    section = "words"
    for line in folder.joinpath("words.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[] ")
        elif not line.startswith("#"):
            sections[section].update(line.split())
    return Lexicon(tuple(aliases), **{name: frozenset(found) for name, found in sections.items()})


def alias_key(alias: str) -> str:
    """What an alias is compared by: all its words ("The Trade Desk" without the article)."""
    words = tokens(alias)
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)
