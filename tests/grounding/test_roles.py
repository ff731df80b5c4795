"""Roles that the prose gives to another person than the article does."""

from __future__ import annotations

import pytest

from agent.grounding.roles import ANOTHERS_ROLE, NO_HOLDER, OTHER_ROLE, Roles, role_findings

ARTICLE = (
    "Chief Executive Dana Holm said orders rose. Luis Prado, Varde's chief financial officer, sold shares. The rival Northmill is led by "
    "interim chief executive Ida Quist, and Judge Ruth Ames will hear the case. Former chief executive Tom Reyes left. "
    "Pia Lund runs research."
)


@pytest.mark.parametrize(
    ("prose", "claims"),
    [
        ("Chief executive Luis Prado said so.", ["Luis Prado"]),
        ("The CEO, Luis Prado, said so.", ["Luis Prado"]),
        ("Finance chief Dana Holm sold shares.", ["Dana Holm"]),
        ("Dana Holm, Varde’s CFO, sold shares.", ["Dana Holm"]),
        ("Interim CEO Dana Holm leads it.", ["Dana Holm"]),
        ("Judge Dana Holm will hear the case.", ["Dana Holm"]),
        ("The chief executive, Pia Lund, said so.", ["Pia Lund"]),
        ("CEO Luis Prado and finance chief Dana Holm agree.", ["Luis Prado", "Dana Holm"]),
    ],
)
def test_a_role_of_another_is_a_finding(prose: str, claims: list[str]) -> None:
    """The same role in other words, before or after the name."""
    findings = role_findings("analysis", prose, Roles(ARTICLE))
    assert [finding.claim for finding in findings] == claims
    assert all(prose[finding.start : finding.end] == finding.claim and finding.reason == ANOTHERS_ROLE for finding in findings)


@pytest.mark.parametrize(
    "prose",
    [
        "CEO Dana Holm said so.",
        "Dana Holm, the chief executive officer, said so, and finance chief Luis Prado sold shares.",
        "Varde's Holm, its chief executive, and Prado, its CFO, agree.",
        "Interim CEO Ida Quist and chief executive Ida Quist are one.",
        "Former CEO Tom Reyes left.",
        "Luis Prado may follow the chief executive.",
        "Chief executive Otto Zander said so.",
        "The general counsel, Pia Lund, said so.",
        "Judge Ames will hear the case, and Chief Executive Holm will testify.",
        "The side of Judge Ruth Ames. Signs of a deal grew.",
    ],
)
def test_what_can_t_be_told_is_let_be(prose: str) -> None:
    """The article's own holder, a former one, a name that isn't beside the role, and a role that the article doesn't give to anybody."""
    assert role_findings("analysis", prose, Roles(ARTICLE)) == []


@pytest.mark.parametrize(
    ("prose", "claims"),
    [
        ("Chief executive Tom Reyes left.", ["Tom Reyes"]),
        ("Governor Matti Rask spoke.", ["Matti Rask"]),
        ("Fed Chair Ann Oro warned.", ["Ann Oro"]),
        ("Deputy Governor Matti Rask spoke, and former CEO Tom Reyes left.", []),
        ("Former Fed Chair Ann Oro warned.", []),
        ("Secretary Jon Bell, outgoing, and Judge Ruth Ames agree.", []),
        ("President Kay Lim said so.", []),
    ],
)
def test_a_deputy_or_former_holder_is_none(prose: str, claims: list[str]) -> None:
    """Where the article calls the person so wherever it names the role; an outgoing holder still holds it."""
    more = "Deputy Governor Matti Rask spoke. Former Fed chair Ann Oro warned. Outgoing secretary Jon Bell, vice president Kay Lim and"
    more += " President Kay Lim agree."
    findings = role_findings("analysis", prose, Roles(f"{ARTICLE} {more}"))
    assert [finding.claim for finding in findings] == claims
    assert all(finding.reason == NO_HOLDER for finding in findings)


def test_a_role_that_stands_beside_no_name_may_be_anybodys_near_it() -> None:
    """Where the article leaves open whose the title is, whoever stands near it may hold it."""
    article = "Chief executive Dana Holm left Varde. Ida Quist joined Northmill in May and became its chief executive in June."
    assert role_findings("summary", "Chief executive Ida Quist joined in May.", Roles(article)) == []


def test_a_german_role_is_the_same_role() -> None:
    """The prose is in English, the article may not be."""
    roles = Roles("Vorstandschef Otto Klar lobte den Start. Finanzvorstand Ilse Brand war zufrieden.")
    assert [finding.claim for finding in role_findings("summary", "Finance chief Otto Klar was pleased.", roles)] == ["Otto Klar"]
    assert role_findings("summary", "Finance chief Ilse Brand was pleased.", roles) == []


@pytest.mark.parametrize(
    "prose", ["Prime Minister Ida Holm said so.", "Prime Minister Holm said so.", "Ida Holm, Varde's president, said so."]
)
def test_a_role_that_the_article_gives_to_nobody_is_none_of_whom_it_gives_another(prose: str) -> None:
    """Who is finance minister there, and nothing else, isn't prime minister here."""
    roles = Roles("Finance Minister Ida Holm left open whether the state had acted, and Otto Klar agreed.")
    assert [finding.reason for finding in role_findings("summary", prose, roles)] == [OTHER_ROLE]
    assert role_findings("summary", "Finance Minister Ida Holm spoke, and so did President Otto Klar.", roles) == []


def test_a_former_role_leaves_room_for_another() -> None:
    """The article says what somebody was; what he is now may be called by another word."""
    assert role_findings("summary", "President Tom Reyes spoke.", Roles("Former chief executive Tom Reyes spoke.")) == []
