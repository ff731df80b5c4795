"""Quotations given to another speaker."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agent.draft import DraftEntity
from agent.grounding.attribution import Identities, Quoted, Saying, speaker_findings
from agent.grounding.fold import FoldedText
from tests.grounding.drafts import SUMMARY, entity
from tests.grounding.test_ground import grounded

ARTICLE = (
    "Tarvest rejected the offer from Harrowby, calling it “nowhere near enough”.\n\n"
    "“We would have preferred to do this in private,” said Harrowby's chief executive, Petra Vance. “There is still a deal to be done.” "
    "Tarvest chairman Roland Eddowes called her approach “a raid” and said he was “not for sale”.\n\n"
    "Finance Minister Oskar Dunne said that the state was “watching closely”. Analyst Owen Tate at Shorewood expects a higher bid. "
    "“They can afford it,” he said. “Everybody knows that,” according to Quill Securities.\n\n"
    "Critics say the price is “a steal”. Ina Moss, who runs a fund, was “very happy”."
)
ENTITIES = {"Tarvest": "public company", "Harrowby": "public company"}


def _claims(prose: str, article: str = ARTICLE, entities: Sequence[DraftEntity] | None = None) -> list[tuple[str, str]]:
    """The speakers found in `prose`, each with what the article is said to have."""
    named = entities or [DraftEntity.model_validate(entity(name=name, kind=kind)) for name, kind in ENTITIES.items()]
    forms = [(one.name, index) for index, one in enumerate(named)]
    count, found = speaker_findings("analysis", Saying(prose), Quoted(FoldedText(article), Identities(article, forms, named)))
    assert count == 0
    assert all(prose[one.start : one.end] == one.claim for one in found)
    return [(one.claim, one.reason.removeprefix("the article has ").split(" say this")[0]) for one in found]


@pytest.mark.parametrize(
    ("prose", "claim"),
    [
        ('Roland Eddowes said: "There is still a deal to be done."', ("Roland Eddowes", "Petra Vance")),
        ('"We would have preferred to do this in private," Eddowes said.', ("Eddowes", "Petra Vance")),
        ('Vance called it "a raid".', ("Vance", "Roland Eddowes")),
        ('According to Petra Vance, the company is "not for sale".', ("Petra Vance", "Roland Eddowes")),
        ('Harrowby said the offer was "nowhere near enough".', ("Harrowby", "Tarvest")),
        ('Analyst Owen Tate said the state was "watching closely".', ("Owen Tate", "Oskar Dunne")),
        ('Harrowby said it was "watching closely".', ("Harrowby", "Oskar Dunne")),
        ('Harrowby said "everybody knows that".', ("Harrowby", "Quill Securities")),
        ('Ina Moss said that "they can afford it".', ("Ina Moss", "Owen Tate")),
    ],
)
def test_a_quotation_given_to_another_is_found(prose: str, claim: tuple[str, str]) -> None:
    """At the name in the prose, with whose words they are."""
    assert _claims(prose) == [claim]


@pytest.mark.parametrize(
    "prose",
    [
        'Petra Vance said: "There is still a deal to be done."',
        'Ms Vance of Harrowby said there was "still a deal to be done".',
        'Harrowby said that there was "still a deal to be done".',
        'The bidder said that there was "still a deal to be done".',
        'Its chairman spoke of "a raid", and Tarvest\'s chairman said he was "not for sale".',
        'Tarvest called the approach "a raid".',
        'Dunne said that he was "watching closely".',
        'Eddowes said the price was "a steal".',
        'Shorewood said that "they can afford it".',
        'Oskar Dunne said that "they can afford it".',
        'Eddowes fears that the price is "a steal".',
        'Petra Vance was "very happy".',
        'Vance said it was "a bargain".',
    ],
)
def test_what_may_well_be_said_is_let_be(prose: str) -> None:
    """The speaker, an employer, a role, a pronoun's possible owner, what nobody named says, what isn't quoted at all."""
    assert _claims(prose) == []


@pytest.mark.parametrize(
    ("article", "prose"),
    [
        ("Vidar, a unit of Odin, called it “a good start”.", 'Odin called it "a good start".'),
        ("Odin's Vidar called it “a good start”.", 'Odin called it "a good start".'),
        ("European Central Bank officials met. The ECB called it “a good start”.", 'The European Central Bank called it "a good start".'),
        ("Jane Doe joined Odin. “It is a good start,” said Jane Doe.", 'Odin called it "a good start".'),
        ("Odin's chief executive Jane Doe was pleased. Doe called it “a good start”.", 'Odin called it "a good start".'),
        ("Odin said Vidar was “a good start”. Vidar said it was “a good start”.", 'Vidar called it "a good start".'),
        ("Odin called it “a good start”, Vidar said.", 'Vidar called it "a good start".'),
        ("Jane Doe called it “a good start”. Berlin was silent.", 'Berlin called it "a good start".'),
        ("It was a good start. Odin called it “a good start”.", 'Vidar called it "a good start".'),
    ],
)
def test_who_may_be_one_is_let_be(article: str, prose: str) -> None:
    """A unit, initials, somebody whose employer isn't told, a quotation that stands twice or is disputed, a government."""
    assert _claims(prose, article, [DraftEntity.model_validate(entity(name="Odin"))]) == []


def test_a_wrong_speaker_is_listed_among_the_quotes_and_the_faults() -> None:
    """The re-ask names it."""
    found = grounded(summary=SUMMARY.replace("Its shares fell", "Tom Reyes said: “We did not raise prices fast enough.” Its shares fell"))
    assert found.checks.quotes is not None
    assert [(one.claim, one.reason) for one in found.checks.quotes.unsupported] == [
        ("Tom Reyes", "the article has Maria Lindqvist say this; keep each quotation with its speaker")
    ]
    assert found.faults == tuple(found.checks.quotes.unsupported)


@pytest.mark.parametrize("piece", ["“a b” ", "“a b,” said Jane Doe. ", "Jane Doe, a b, said “a b” ", "'a b' Doe's "])
def test_odd_articles_are_read_to_their_end(piece: str) -> None:
    """Nothing is raised and nothing takes long."""
    _claims('Eddowes said "a b". ' * 20, piece * 3_000)
