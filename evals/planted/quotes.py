"""Faults of a quote: one word or number altered, in evidence or between quotation marks in the prose."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from evals.planted.figures import figures, stated
from evals.planted.numbers import other_digits
from evals.planted.pairs import Pair
from evals.planted.plant import Edit, Plant, in_text, prose, shuffled

_CONTENT = re.compile(r"(?<![\w'’-])[a-zäöüß]{4,}(?![\w'’-])")
_QUOTED = re.compile(r"[\"“]([^\"“”]{3,200})[\"”]")
_SHARED_WORDS = range(6, 15)


def altered_evidence(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """One word or one number of an evidence quote is another."""
    quotes = [
        (f"entities[{index}].quotes[{number}]", quote)
        for index, entity in enumerate(pair.draft.entities)
        for number, quote in enumerate(entity.quotes)
    ]
    for where, quote in shuffled(quotes, rng):
        changes = [change for change in (_other_number(pair, rng, quote), _other_word(pair, rng, quote)) if change]
        if changes:
            variant, start, old, new = rng.choice(changes)
            yield in_text("altered quote, evidence", variant, pair, Edit(where, old, new, start, start + len(old)))


def altered_in_prose(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """Between quotation marks, what the article hasn't there: in a quotation of the draft, or in words of the article put in marks."""
    found = [(where, match.start(1), match.group(1), "quotation") for where, text in prose(pair) for match in _QUOTED.finditer(text)]
    found += [(where, start, words, "put in marks") for where, text in prose(pair) for start, words in _shared(pair, text, rng)]
    for where, start, words, variant in shuffled(found, rng):
        changes = [change for change in (_other_number(pair, rng, words), _other_word(pair, rng, words)) if change]
        if not changes:
            continue
        what, at, old, new = rng.choice(changes)
        altered = words[:at] + new + words[at + len(old) :]
        if variant == "put in marks":
            altered = f'"{altered}"'
        yield in_text("altered quote, prose", f"{variant}, {what}", pair, Edit(where, words, altered, start, start + len(words)))


def _other_number(pair: Pair, rng: random.Random, quote: str) -> tuple[str, int, str, str] | None:
    for figure in shuffled(list(figures(quote)), rng):
        for _, digits in shuffled(list(other_digits(figure.digits)), rng):
            if not stated(digits, figure.scale, pair.article.text):
                return "number", figure.digits_start, figure.digits, digits
    return None


def _other_word(pair: Pair, rng: random.Random, quote: str) -> tuple[str, int, str, str] | None:
    """A word of the article for another of the same kind of look, so that only the order of words gives it away."""
    text = pair.article.text
    for match in shuffled(list(_CONTENT.finditer(quote)), rng):
        ending = match.group()[-2:]
        others = sorted({word for word in _CONTENT.findall(text) if word[-2:] == ending and word != match.group() and word not in quote})
        for other in shuffled(others, rng):
            if _plain(quote[: match.start()] + other + quote[match.end() :]) not in _plain(text):
                return "word", match.start(), match.group(), other
    return None


def _shared(pair: Pair, text: str, rng: random.Random) -> list[tuple[int, str]]:
    """Three runs of words, at most, that the prose has from the article word for word: where, and the words."""
    words = list(re.finditer(r"\S+", text))
    found: list[tuple[int, str]] = []
    for index in shuffled(range(len(words) - _SHARED_WORDS.start), rng):
        length = rng.choice(_SHARED_WORDS)
        run = words[index : index + length]
        start, end = run[0].start(), run[-1].end()
        inside = text[start:end].rstrip(".,;:")
        if '"' not in inside and inside in pair.article.text and all(end <= at or at + len(other) <= start for at, other in found):
            found.append((start, inside))
            if len(found) == 3:  # noqa: PLR2004
                break
    return found


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
