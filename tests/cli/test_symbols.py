"""`newscard symbols`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.commands import NEWSCARD, run


def test_lookup_prints_the_share_classes_of_an_issuer(tmp_path: Path) -> None:
    """Google is Alphabet, which has two listed classes."""
    done = run(NEWSCARD, "symbols", "lookup", "Google", home=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("Alphabet Inc.  (CIK 1652044; ")
    assert [line.split() for line in done.stdout.splitlines()[1:]] == [["GOOG", "NASDAQ", "Class", "C"], ["GOOGL", "NASDAQ", "Class", "A"]]


def test_lookup_of_an_unknown_name_is_exit_code_1(tmp_path: Path) -> None:
    """It says that the name stands for nobody, and in which table."""
    done = run(NEWSCARD, "symbols", "lookup", "Qzxqzx Vhwkvh", home=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("newscard: Qzxqzx Vhwkvh: it stands for no issuer in the table of ")


def test_update_without_a_contact_says_what_to_set(tmp_path: Path) -> None:
    """sec.gov answers only those who say who they are."""
    done = run(NEWSCARD, "symbols", "update", home=tmp_path)
    assert done.returncode == 2
    assert "NEWSCARD_CONTACT" in done.stderr
    assert len(done.stderr.splitlines()) == 1
