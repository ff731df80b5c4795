"""Plants phrases in random texts and looks for them: `python bench/alignment.py [--texts 100000] [--seed 1]`.

The texts mix letters of many scripts, emoji, combining marks, soft hyphens, no-break spaces, dashes and quotation marks. A phrase is
taken from its text and respelled as a quoter might (other spaces, dashes, quotation marks, soft hyphens dropped). Every evidence span must
satisfy `text[start:end] == quote`, the phrase must be found, and a phrase with one letter changed must not.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from agent.article import normalise
from agent.grounding.fold import FoldedText, fold
from agent.grounding.quotes import locate

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHéüßñøłžçåœИванΑθήνא京都市서울ğıſ0123456789"
_MARKS = ("\u0301", "\u0308", "\u00ad", "\u200b", "\u200d", "🚀", "👩‍🚀", "🇩🇪", "’", "-", "–")
_GAPS = (" ", " ", " ", " ", "  ", "\u00a0", "\u202f", "\n", "\n\n", "\t", ", ", ". ", " – ", " — ", " “", "” ")
_RESPELLED = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\n": " ", "\t": " ", "–": "-", "—": "-", "“": '"', "”": '"', "’": "'", "\u00ad": ""}
)


def a_text(rng: random.Random) -> str:
    """8 to 60 words."""
    return normalise("".join(_word(rng) + rng.choice(_GAPS) for _ in range(rng.randint(8, 60))))


def _word(rng: random.Random) -> str:
    letters = [rng.choice(_LETTERS) for _ in range(rng.randint(1, 9))]
    if rng.random() < 0.25:
        letters.insert(rng.randint(1, len(letters)), rng.choice(_MARKS))
    return "".join(letters)


def a_phrase(text: str, rng: random.Random) -> str:
    """4 to 12 whole words of `text`, as they stand there."""
    starts = [i for i, char in enumerate(text) if not char.isspace() and (i == 0 or text[i - 1].isspace())]
    ends = [i + 1 for i, char in enumerate(text) if not char.isspace() and (i + 1 == len(text) or text[i + 1].isspace())]
    first = rng.randrange(max(1, len(starts) - 12))
    return text[starts[first] : ends[min(len(ends) - 1, first + rng.randint(3, 11))]]


def changed(phrase: str, rng: random.Random) -> str:
    """`phrase` with one Latin letter or digit replaced by another; the same when it has none."""
    places = [i for i, char in enumerate(phrase) if char.isascii() and char.isalnum()]
    if not places:
        return phrase
    at = rng.choice(places)
    others = [char for char in "abcxyz0789" if char != phrase[at].lower()]
    return phrase[:at] + rng.choice(others) + phrase[at + 1 :]


def main() -> int:
    """Print the counts; 1 when a span isn't its quote."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    found = wrong = missed = false = tried = 0
    for _ in range(options.texts):
        text = a_text(rng)
        folded = FoldedText(text)
        phrase = a_phrase(text, rng)
        span = locate(phrase.translate(_RESPELLED), folded)
        if span is None:
            missed += 1
        else:
            found += 1
            wrong += fold(text[span.start : span.end]).strip() != fold(phrase).strip() and phrase not in text[span.start : span.end]
        altered = changed(phrase, rng)
        if fold(altered).strip() not in folded.folded:
            tried += 1
            false += locate(altered, folded) is not None
    print(f"{options.texts} texts, seed {options.seed}: {found} phrases found, {missed} not found, {wrong} at a place that reads otherwise")
    print(f"{tried} phrases with one letter changed: {false} found all the same")
    return int(bool(wrong or false))


if __name__ == "__main__":
    sys.exit(main())
