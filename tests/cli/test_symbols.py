"""`newscard symbols`."""

from __future__ import annotations

from tests.cli.conftest import Newscard


def test_lookup_prints_the_share_classes_of_an_issuer(newscard: Newscard) -> None:
    """Google is Alphabet, which has two listed classes."""
    done = newscard("symbols", "lookup", "Google")
    assert done.returncode == 0
    assert done.stdout.startswith("Alphabet Inc.  (CIK 1652044; ")
    assert [line.split() for line in done.stdout.splitlines()[1:]] == [["GOOG", "NASDAQ", "Class", "C"], ["GOOGL", "NASDAQ", "Class", "A"]]


def test_lookup_of_an_unknown_name_is_exit_code_1(newscard: Newscard) -> None:
    """It says that the name stands for nobody, and in which table."""
    done = newscard("symbols", "lookup", "Qzxqzx Vhwkvh")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("newscard: Qzxqzx Vhwkvh: it stands for no issuer in the table of ")


def test_update_without_a_contact_says_what_to_set(newscard: Newscard) -> None:
    """sec.gov answers only those who say who they are."""
    done = newscard("symbols", "update")
    assert done.returncode == 2
    assert "NEWSCARD_CONTACT" in done.stderr
    assert len(done.stderr.splitlines()) == 1
