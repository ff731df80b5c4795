"""What is boilerplate and what is the story."""

from __future__ import annotations

import pytest

from agent.article import Article
from agent.batch.boilerplate import core_of

BODY = (
    "Harbor Freight Lines said on Monday that revenue rose 5% to $1.2 billion in the second quarter, as shippers rebuilt stocks. "
    "The company kept its forecast for the year and said that fuel would cost less. Its shares rose 3% after the close.\n"
    "Analysts had expected revenue of $1.1 billion. The chief executive, Ann Lee, said that the worst of the freight slump was over."
)


def story(text: str, title: str = "Harbor beats") -> str:
    """The story that such an article tells."""
    return core_of(Article(title=title, text=text)).story_id


@pytest.mark.parametrize(
    "copy",
    [
        "NEW YORK, June 18 (Example Wire) - " + BODY,
        "LONDON -- " + BODY,
        "(Example Wire) - " + BODY,
        "June 18 (Example Wire) - " + BODY,
        "By Jane Doe and Max Moe\nUpdated June 18, 2025 at 5:00 pm\n" + BODY,
        BODY + "\n\n(Reporting by Jane Doe; Editing by Max Moe)",
        BODY + "\n© 2025 Example Wire. All rights reserved.\nhttps://news.example/a-1",
        BODY + "\n\n----\nRead more: Ten shares to watch\nThis story was originally published by Example Wire.",
        BODY + "\nThe Example Press contributed to this report.",
        BODY.replace("\n", "\n\n").replace(". ", ".  "),
        BODY.upper(),
        BODY.replace("company kept", "company — kept"),
    ],
)
def test_boilerplate_makes_no_other_story(copy: str) -> None:
    """Datelines, bylines, credits, footers, white space, case and punctuation."""
    assert story(copy) == story(BODY)


def test_another_title_makes_no_other_story() -> None:
    """Editors rewrite titles."""
    assert story(BODY, "Freight line's sales climb") == story(BODY)


@pytest.mark.parametrize(
    "other",
    [
        BODY.replace("5%", "6%"),
        BODY.replace("rose 3%", "fell 3%"),
        BODY.replace("kept its forecast", "cut its forecast"),
        BODY + " It will close two depots.",
        BODY + "\nThe regulator by contrast opened an inquiry into the merger on Monday.",
    ],
)
def test_other_words_make_another_story(other: str) -> None:
    """One word or one figure is enough."""
    assert story(other) != story(BODY)


def test_a_brief_is_known_by_its_title_too() -> None:
    """Few words can be the same for different news."""
    assert story("Trading was halted.", "Acme halted") != story("Trading was halted.", "Bolt halted")


@pytest.mark.parametrize("text", ["", "© 2025", "(Reporting by X)", "-", "By Jane Doe\n(Reporting by X)"])
def test_nothing_but_boilerplate_is_still_a_text(text: str) -> None:
    """No text makes it stumble."""
    assert len(story(text)) == 20


def test_letters_of_other_scripts_are_kept() -> None:
    """Only punctuation and case are folded."""
    assert story("Čistý zisk " * 30) != story("Čistá ztráta " * 30)
