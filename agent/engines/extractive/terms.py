"""Lists of words and phrases, and finding them in a row of tokens in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

V = TypeVar("V")

_VOWELS = frozenset("aeiou")


class Hit(NamedTuple, Generic[V]):
    """A term found at tokens `first` to `last` (exclusive)."""

    first: int
    last: int
    value: V


class Terms(Generic[V]):
    """Phrases -> values. At each token the longest phrase wins; found phrases don't overlap. `firsts` are their first words."""

    def __init__(self, entries: Iterable[tuple[tuple[str, ...], V]]) -> None:
        self._words: dict[str, V] = {}
        self._phrases: dict[str, dict[str, list[tuple[list[str], V]]]] = {}
        for (first, *rest), value in entries:
            if rest:
                self._phrases.setdefault(first, {}).setdefault(rest[0], []).append(([first, *rest], value))
            else:
                self._words.setdefault(first, value)
        for seconds in self._phrases.values():
            for listed in seconds.values():
                listed.sort(key=lambda phrase: -len(phrase[0]))
        self.firsts = frozenset([*self._words, *self._phrases])

    def find(self, tokens: Sequence[str], start: int = 0, stop: int | None = None) -> Iterator[Hit[V]]:
        """The terms in `tokens[start:stop]`, in order. Linear: at each token only phrases with that first word are tried."""
        row = tokens if isinstance(tokens, list) else list(tokens)
        stop = len(row) if stop is None else stop
        free = start
        # Most tokens begin no phrase, and a comprehension passes over them fastest.
        for at in [at for at in range(start, stop) if row[at] in self.firsts]:
            hit = self.at(row, at, stop) if at >= free else None
            if hit:
                free = hit.last
                yield hit

    def find_each(self, row: list[str], among: Iterable[int], bounds: Iterable[tuple[int, int]]) -> dict[int, list[Hit[V]]]:
        """What `find` finds in each of the stretches `bounds` (first, last), by the stretch's number; those without a term are left out.

        `among` are the tokens that are one of `firsts`. Both are in order, and no stretch reaches into the next.
        """
        found: dict[int, list[Hit[V]]] = {}
        stretches = iter(enumerate(bounds))
        number, free, stop = -1, 0, 0
        for at in among:
            while at >= stop:
                number, (free, stop) = next(stretches, (-1, (len(row), len(row) + 1)))
            # The second word settles most of those that only begin like a phrase.
            if at < free or not (row[at] in self._words or (at + 1 < stop and row[at + 1] in self._phrases[row[at]])):
                continue
            hit = self.at(row, at, stop)
            if hit:
                free = hit.last
                found.setdefault(number, []).append(hit)
        return found

    def at(self, row: list[str], at: int, stop: int) -> Hit[V] | None:
        """The longest term that begins at token `at` and ends at `stop` or before."""
        first = row[at]
        if first in self._phrases and at + 1 < stop:
            for words, value in self._phrases[first].get(row[at + 1], ()):
                last = at + len(words)
                if last <= stop and row[at:last] == words:
                    return Hit(at, last, value)
        return Hit(at, at + 1, self._words[first]) if first in self._words else None


def phrases(group: Mapping[str, Any] | Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The phrases of a lexicon group, inflected: `verbs` in their first word, `nouns` in their last, `words` and bare lists not at all."""
    if not isinstance(group, Mapping):
        yield from (split(word) for word in group)
        return
    for entry in group.get("verbs", ()):
        for form in entry.split("/"):
            head, *rest = split(form)
            yield from ((verb, *rest) for verb in verb_forms(head))
    for entry in group.get("nouns", ()):
        *rest, last = split(entry)
        yield (*rest, last)
        yield (*rest, plural(last))
    yield from (split(word) for word in group.get("words", ()))


def split(phrase: str) -> tuple[str, ...]:
    """The tokens of a lexicon phrase; hyphens part words there as they do in articles."""
    return tuple(phrase.lower().replace("-", " ").split())


def verb_forms(verb: str) -> tuple[str, ...]:
    """An English verb, its -s, -ed and -ing forms by rule. Irregular pasts are listed by hand and pass through here too; no harm."""
    if verb.endswith("e"):
        return verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"
    stem = verb + verb[-1] if _doubles(verb) else verb
    third = f"{verb}es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else f"{verb}s"
    return verb, third, f"{stem}ed", f"{stem}ing"


def _doubles(verb: str) -> bool:
    """Whether the last consonant doubles: one short syllable (drop, dropped; but fail, failed)."""
    if len(verb) < 3 or verb[-1] in _VOWELS or verb[-1] in "wxy" or verb[-2] not in _VOWELS:  # noqa: PLR2004  consonant, vowel, consonant
        return False
    return sum(letter in _VOWELS for letter in verb) == 1


def plural(noun: str) -> str:
    """An English plural by rule."""
    if noun.endswith("y") and noun[-2:-1] not in _VOWELS:
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"
