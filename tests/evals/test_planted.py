"""The generator of planted faults: each kind changes what it says and nothing else, and what it says is false."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from agent import Article
from agent.draft import Draft
from agent.symbols import load_symbols
from evals.planted.figures import figures
from evals.planted.kinds import KINDS, Kind, plants
from evals.planted.pairs import Pair, load_pairs
from evals.planted.plant import Plant, read

PAIRS = load_pairs()
WHOLE = {"invented ticker", "namesake ticker", "cross-wired card", "cross-wired prose"}
"""Kinds that change more than words of a text."""
IN_TEXT = [kind for kind in KINDS if kind.name not in WHOLE]


def planted(name: str, *, seed: int = 1, count: int = 4) -> list[Plant]:
    """Plants of that kind in all pairs."""
    kind = next(kind for kind in KINDS if kind.name == name)
    return [plant for pair in PAIRS for plant in plants(kind, pair, seed=seed, count=count)]


def squeezed(text: str) -> str:
    """`text` in small letters with single spaces."""
    return " ".join(text.split()).casefold()


def said(article: Article) -> str:
    """All that the article says."""
    return f"{article.title}\n{article.text}"


def test_every_article_has_faithful_pairs() -> None:
    """Fourteen articles, two rounds of drafts or three each."""
    assert len(PAIRS) == 40
    assert set(Counter(pair.article.id for pair in PAIRS).values()) == {2, 3}
    assert len({pair.id for pair in PAIRS}) == len(PAIRS)


def test_every_member_of_a_cast_is_named_in_its_article() -> None:
    """A form that the article doesn't use would put an unknown name into a faithful place."""
    for pair in PAIRS:
        cast = pair.cast
        for member in (*cast.persons, *cast.organisations, *cast.places, *cast.markets):
            assert member[0].casefold() in said(pair.article).casefold(), (pair.id, member)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_is_planted_alike_every_time(kind: Kind) -> None:
    """The seed decides, and nothing else."""
    for pair in PAIRS[::7]:
        once, again = (plants(kind, pair, seed=3, count=5) for _ in range(2))
        assert once == again


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_another_seed_plants_others(kind: Kind) -> None:
    """There is more than one fault of each kind to be drawn."""
    drawn = [[plant.edits for pair in PAIRS for plant in plants(kind, pair, seed=seed, count=1)] for seed in (1, 2, 3)]
    assert any(one != drawn[0] for one in drawn[1:])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_plant_is_a_draft_of_its_own(kind: Kind) -> None:
    """Never the faithful one, and valid on the wire."""
    made = planted(kind.name)
    assert made
    for plant in made:
        assert plant.draft != plant.pair.draft
        assert Draft.model_validate(plant.draft.model_dump()) == plant.draft
        assert plant.kind == kind.name


@pytest.mark.parametrize("kind", IN_TEXT, ids=lambda kind: kind.name)
def test_a_fault_of_words_changes_those_words_and_nothing_else(kind: Kind) -> None:
    """Taking the edits back gives the faithful draft; the places hold what is new."""
    for plant in planted(kind.name):
        dumped = plant.pair.draft.model_dump()
        for where in {edit.where for edit in plant.edits}:
            text = read(dumped, where)
            for edit in sorted((edit for edit in plant.edits if edit.where == where), key=lambda edit: -(edit.start or 0)):
                assert text[edit.start : edit.end] == edit.old
                text = f"{text[: edit.start]}{edit.new}{text[edit.end :]}"
            assert read(plant.draft.model_dump(), where) == text
            _set(dumped, where, text)
        assert plant.draft.model_dump() == dumped
        slices = [read(dumped, place.where)[place.start : place.end] for place in plant.places]
        assert all(any(edit.new in piece for piece in slices) for edit in plant.edits)


def _set(dumped: dict[str, object], where: str, text: str) -> None:
    parent, _, last = where.rpartition(".")
    holder: Any = read(dumped, parent) if parent else dumped
    if indexed := re.fullmatch(r"(\w+)\[(\d+)\]", last):
        holder[indexed[1]][int(indexed[2])] = text
    else:
        holder[last] = text


def test_a_swapped_digit_makes_a_figure_that_the_article_has_not() -> None:
    """As long as before, the same currency and unit, and no token of the article."""
    for plant in planted("digit swap", count=20):
        (edit,) = plant.edits
        assert re.sub(r"\d", "0", edit.new) == re.sub(r"\d", "0", edit.old)
        assert not re.search(rf"(?<![\d.,]){re.escape(edit.new)}(?![\d%]|[.,]\d| [bmt]illion)", said(plant.article)), (plant.pair.id, edit)


def test_a_year_or_a_day_stays_one() -> None:
    """The 31st of May isn't made the 91st, nor 2023 the year 9023."""
    kinds = {plant.variant.split(", ")[1]: plant for plant in planted("digit swap", count=50)}
    assert {"year", "date", "amount", "percent", "count"} <= kinds.keys()
    for plant in planted("digit swap", count=50):
        (edit,) = plant.edits
        if plant.variant.endswith("year"):
            assert 1990 <= int(edit.new) <= 2049
        if plant.variant.endswith("date"):
            assert 1 <= int(edit.new) <= 31


def test_another_scale_is_a_thousand_times_off() -> None:
    """Nothing but the scale word changes, and the article has no such amount."""
    for plant in planted("scale swap", count=20):
        (edit,) = plant.edits
        (old,), (new,) = (figures(text) for text in (edit.old, edit.new))
        assert (old.currency, old.digits) == (new.currency, new.digits)
        assert old.scale / new.scale in (1e3, 1e-3)
        assert edit.new not in said(plant.article)


@pytest.mark.parametrize("name", ["percent or bps", "percent or points"])
def test_another_unit_leaves_the_number(name: str) -> None:
    """Only what the number counts changes, and the article has no such figure."""
    for plant in planted(name, count=20):
        (edit,) = plant.edits
        (old,), (new,) = (figures(text) for text in (edit.old, edit.new))
        assert old.digits == new.digits
        assert old.kind != new.kind
        assert not re.search(rf"(?<![\d.,]){re.escape(edit.new)}", said(plant.article))


def test_a_flipped_direction_is_the_opposite_word() -> None:
    """Flipped twice, most words are what they were; none stays."""
    pairs = {(plant.edits[0].old, plant.edits[0].new) for plant in planted("direction flip", count=50)}
    assert ("rose", "fell") in pairs
    assert ("fell", "rose") in pairs
    assert ("up", "down") in pairs
    assert ("beat", "missed") in pairs
    assert ("raised", "cut") in pairs
    assert all(old != new for old, new in pairs)


def test_a_flipped_clause_isnt_the_articles() -> None:
    """Not even by chance does the article have the new words with the same figure after them."""
    for plant in planted("direction flip", count=50):
        (edit,) = plant.edits
        text = read(plant.draft.model_dump(), edit.where)
        start = edit.start or 0
        after = text[start : start + len(edit.new) + 12]
        assert after not in said(plant.article), (plant.pair.id, after)


def test_a_moved_number_is_the_articles_but_not_its_owners() -> None:
    """Both figures stand in the article; no sentence of it has the new one right after its owner's words in the prose."""
    variants = Counter(plant.variant for plant in planted("moved number"))
    assert set(variants) == {"exchanged", "borrowed"}
    for plant in planted("moved number"):
        for edit in plant.edits:
            assert edit.new != edit.old
            assert edit.new.split()[0] in plant.article.text.replace("Milliarden", "billion")
            text = getattr(plant.pair.draft, edit.where)
            assert text[max(0, (edit.start or 0) - 12) : edit.start] + edit.new not in plant.article.text
        if plant.variant == "exchanged":
            one, other = plant.edits
            assert (one.old, one.new) == (other.new, other.old)


def test_swapped_names_are_of_the_article_and_of_one_kind() -> None:
    """A person stands where a person stood."""
    for plant in planted("name swap"):
        cast = plant.pair.cast
        groups = [{form for member in group for form in member} for group in (cast.persons, cast.organisations)]
        for edit in plant.edits:
            assert any(edit.old in group and edit.new in group for group in groups)
            assert edit.old != edit.new


def test_an_invented_name_has_no_word_of_the_article() -> None:
    """Neither forename nor surname, nor half a company's name."""
    for plant in planted("invented name", count=12):
        (edit,) = plant.edits
        names = re.findall(r"\b[A-Z][a-z]+\b", edit.new)
        assert names
        assert not [name for name in names if re.search(rf"\b{name}\b", said(plant.article), re.IGNORECASE)]


@pytest.mark.parametrize("name", ["dropped not, prose", "dropped not, evidence"])
def test_a_dropped_not_leaves_everything_else(name: str) -> None:
    """What goes is a negation; what stays says the contrary."""
    for plant in planted(name, count=10):
        (edit,) = plant.edits
        assert re.search(r"\b(?:not|no|none|never|without|cannot)\b|n['’]t", edit.old)
        assert len(edit.new) <= len(edit.old)
        assert not re.search(r"\b(?:not|no|none|never|without|cannot)\b|n['’]t", edit.new)


def test_altered_evidence_is_nowhere_in_the_article() -> None:
    """One word or number is another, and the whole isn't the article's any more."""
    for plant in planted("altered quote, evidence", count=8):
        (edit,) = plant.edits
        quote = read(plant.draft.model_dump(), edit.where)
        assert squeezed(quote) not in squeezed(plant.article.text)
        assert len(quote.split()) == len(read(plant.pair.draft.model_dump(), edit.where).split())


def test_a_false_quotation_stands_between_marks() -> None:
    """What the marks hold isn't in the article."""
    for plant in planted("altered quote, prose", count=8):
        (edit,) = plant.edits
        text = read(plant.draft.model_dump(), edit.where)
        quoted = next(found for found in re.findall(r'["“]([^"“”]+)["”]', text) if edit.new.strip('"') in found)
        assert squeezed(quoted) not in squeezed(plant.article.text)


@pytest.mark.parametrize("name", ["invented ticker", "namesake ticker"])
def test_a_strange_issuer_brings_strange_symbols(name: str) -> None:
    """One entity is new or another, its evidence is the article's, and none of its symbols belongs to a company of the article."""
    symbols = load_symbols()
    for plant in planted(name):
        assert plant.entity is not None
        entity = plant.draft.entities[plant.entity]
        rest = [other for index, other in enumerate(plant.draft.entities) if index != plant.entity]
        faithful = [other for index, other in enumerate(plant.pair.draft.entities) if index != plant.entity]
        assert rest == faithful
        assert entity.kind == "public company"
        assert all(squeezed(quote) in squeezed(plant.article.text) for quote in entity.quotes)
        meant = {symbol for member in plant.pair.cast.organisations if (issuer := symbols.resolve(member[0])) for symbol in issuer.symbols}
        assert not meant & set(plant.symbols)


def test_an_invented_issuer_isnt_named_by_the_article() -> None:
    """Not by any word of its name."""
    for plant in planted("invented ticker"):
        assert plant.entity is not None
        assert plant.draft.entities[plant.entity].name.casefold() not in said(plant.article).casefold()


def test_a_crosswired_card_is_another_articles() -> None:
    """The whole draft, or its prose alone."""
    for plant in planted("cross-wired card"):
        assert any(plant.draft == pair.draft and pair.article != plant.article for pair in PAIRS)
    for plant in planted("cross-wired prose"):
        assert plant.draft.entities == plant.pair.draft.entities
        assert any(plant.draft.summary == pair.draft.summary and pair.article != plant.article for pair in PAIRS)


def a_pair(name: str) -> Pair:
    """The pair of that id."""
    return next(pair for pair in PAIRS if pair.id == name)


def test_a_pair_without_figures_gets_no_fault_of_figures() -> None:
    """Nothing is planted where there is no place for it."""
    kind = next(kind for kind in KINDS if kind.name == "scale swap")
    assert plants(kind, a_pair("openai-drops-scale-ai.1"), seed=1, count=5) == []
