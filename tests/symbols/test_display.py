"""Names as one would print them."""

import pytest

from agent.symbols.display import display_name


@pytest.mark.parametrize(
    ("filed", "printed"),
    [
        ("NVIDIA CORP", "Nvidia Corp"),
        ("AMAZON COM INC", "Amazon.com Inc"),
        ("BANK OF AMERICA CORP /DE/", "Bank of America Corp"),
        ("ELI LILLY & Co", "Eli Lilly & Co"),
        ("MCDONALDS CORP", "McDonalds Corp"),
        ("JPMORGAN CHASE & CO", "JPMorgan Chase & Co"),
        ("AT&T INC.", "AT&T Inc."),
        ("BP PLC", "BP PLC"),
        ("ENI SPA", "Eni SpA"),
        ("CSX CORP", "CSX Corp"),
        ("Alphabet Inc.", "Alphabet Inc."),
        ("Siemens Energy AG/ADR", "Siemens Energy AG"),
        ("GENMAB A/S", "Genmab A/S"),
        ("COSTCO WHOLESALE CORP /NEW", "Costco Wholesale Corp"),
    ],
)
def test_shouted_names_are_calmed_and_others_left(filed: str, printed: str) -> None:
    """Capitals go, initials and mixed spellings stay, marks of states go."""
    assert display_name(filed) == printed
