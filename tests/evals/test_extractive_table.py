"""`python -m evals.extractive`: its table, its rows on sentiment and tickers, and the training of the weights."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest

from agent.article import Article
from agent.engines.extractive.weights import Weights
from evals.extractive.__main__ import main
from evals.extractive.asking import entity_labels, found_among
from evals.extractive.tickers import found_in
from evals.extractive.training import Example, trained
from evals.extractive.training import main as train
from evals.samples import Gold, Sample

GOOD = "{} shares soared after it beat profit estimates in a strong quarter."
BAD = "{} shares plunged after it missed profit estimates in a weak quarter."
FLAT = "{} will hold its annual meeting in the town hall."
NAMES = [f"Company {letter}{other}" for letter in "ABCDEFGH" for other in "ABCDE"]


def fill(folder: Path) -> None:
    """A finentity and a sentfin of our own sentences."""
    for name, field in (("finentity", "text"), ("sentfin", "title")):
        rows = []
        for number, company in enumerate(NAMES):
            label, text = (("positive", GOOD), ("negative", BAD), ("neutral", FLAT))[number % 3]
            written = text.format(company)
            entity = {"name": company, "sentiment": label}
            rows.append(json.dumps({"id": number, field: written, "entities": [entity]}))
        (folder / name).mkdir()
        (folder / name / "dev.jsonl").write_text("\n".join(rows), "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with both sets."""
    fill(tmp_path)
    return tmp_path


def test_the_table_has_a_row_a_measure_with_its_baselines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The engine's figure stands beside VADER's and that of the commonest label, with intervals."""
    assert main(["sentfin", "--data-dir", str(folder)]) == 0
    head, _, row = capsys.readouterr().out.splitlines()
    assert head == "| set | measured | cards | aim | newscard | others |"
    assert row.startswith("| sentfin | label of each entity, macro-F1 | ")
    assert "VADER " in row
    assert "majority " in row


@pytest.mark.parametrize(("arguments", "said"), [(["sentfin"], "it isn't there"), (["nasdaq"], "nothing is measured on it")])
def test_what_isnt_there_is_said_in_a_line(arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and one line."""
    assert main([*arguments, "--data-dir", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[bytes], str]:
    """What the command wrote in two runs on the same data, and what it printed."""
    place, printed = tmp_path_factory.mktemp("training"), io.StringIO()
    fill(place)
    files = [place / "one", place / "two"]
    with contextlib.redirect_stdout(printed):
        assert [train(["--data-dir", str(place), "--out", str(file)]) for file in files] == [0, 0]
    return [file.read_bytes() for file in files], printed.getvalue()


def test_training_writes_weights_that_tell_good_from_bad(twice: tuple[list[bytes], str]) -> None:
    """The command writes a file that reads as weights; the same data give the same bytes."""
    (first, second), _ = twice
    assert first == second
    weights = Weights.from_bytes(first)
    good, bad = (weights.scores([word]) for word in ("soared", "plunged"))
    assert good.positive > good.negative
    assert bad.negative > bad.positive


def test_what_is_held_back_isnt_trained_on(twice: tuple[list[bytes], str]) -> None:
    """A part of the rows is left out."""
    assert 0 < int(twice[1].split()[-2]) < 2 * len(NAMES)


def test_weights_of_few_examples_are_small_whole_numbers() -> None:
    """-127..127, whatever the regression says."""
    examples = [Example(["up"], "positive", 1.0), Example(["down"], "negative", 1.0), Example(["flat"], "neutral", 1.0)] * 5
    weights = trained(examples)
    assert max(abs(value) for table in weights.tables for value in table) <= 127


def test_given_names_are_labelled_each_for_itself() -> None:
    """Two names in one sentence, neither of which any list knows."""
    article = Article(text="Quillmark shares soared 9% while Varnholt shares slumped 8%.")
    assert [label.rpartition(" ")[2] for label in entity_labels(article, [["Quillmark"], ["Varnholt"]])] == ["positive", "negative"]


def test_found_issuers_are_those_that_the_text_names() -> None:
    """Named in passing or not, with all share classes; a name that isn't there isn't found."""
    article = Article(text="Apple rose 3% on Monday. Analysts also spoke of Google in a note to clients.")
    assert {symbol for found in found_in(Sample(article, Gold(), "a")) for symbol in found.symbols} == {"AAPL", "GOOG", "GOOGL"}
    assert found_among(article, [["Google"], ["Oracle"]]) == [True, False]
