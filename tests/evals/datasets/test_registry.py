"""`--data`: which set, where, and what is said when it can't be read; clusters and the split."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.article import Article
from agent.errors import UsageError
from evals.datasets import DATASETS, FIELDS, parse_data
from evals.datasets.__main__ import main
from evals.datasets.base import sample, split_of
from evals.datasets.clusters import clusters, text_key
from evals.datasets.copies import near_copies
from evals.datasets.labels import are_opposite, gold_label
from evals.samples import Gold
from tests.evals.datasets.test_readers import ROWS, put


@pytest.mark.parametrize("name", DATASETS)
def test_a_set_says_what_it_can_and_cannot_measure(name: str) -> None:
    """Every field is in exactly one of the two, with words."""
    dataset = DATASETS[name]
    assert set(dataset.measures) | set(dataset.cannot_measure) == set(FIELDS)
    assert not set(dataset.measures) & set(dataset.limits)
    assert all([*dataset.measures.values(), *dataset.cannot_measure.values(), dataset.description, dataset.licence])


def test_a_folder_or_its_file_will_do(tmp_path: Path) -> None:
    """Both read the same; `gold` alone is the packaged one."""
    path = put(tmp_path, "ectsum", ROWS["ectsum"])
    assert list(parse_data(f"ectsum={tmp_path}").read()) == list(parse_data(f"ectsum={path}").read())
    assert parse_data("gold").path.name == "gold"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("nosuch=x", r"'nosuch': no such data set; known are gold, finentity"),
        ("", r"no such data set"),
        ("finentity", r"finentity needs its place: --data finentity=PATH"),
        ("gold=", r"gold needs its place"),
        ("finentity=/no/such", r"/no/such: it isn't there"),
    ],
)
def test_what_cannot_be_used_is_named(text: str, problem: str) -> None:
    """One line, exit code 2."""
    with pytest.raises(UsageError, match=problem) as caught:
        parse_data(text)
    assert "\n" not in str(caught.value)


def test_a_place_of_the_wrong_kind_is_named(tmp_path: Path) -> None:
    """A file for a folder, and a folder without the file."""
    with pytest.raises(UsageError, match=r"one\.yaml: it is a file; gold is a folder of YAML files"):
        parse_data(f"gold={put(tmp_path, 'ectsum', ROWS['ectsum']).rename(tmp_path / 'one.yaml')}")
    with pytest.raises(UsageError, match=r"there is no dev\.jsonl in it"):
        parse_data(f"ectsum={tmp_path}")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "there is no row in it"),
        (b"\n\n", "there is no row in it"),
        (b'{"id": 1}\nnot json\n', "line 1: text: field required; is this the right set"),
        (b'{"id": 1, "text": "T", "entities": []}\nnot json\n', "line 2: it isn't JSON"),
        (b'{"id": 1, "text": "T", "entities": [{"name": "A", "sentiment": "bullish"}]}', "line 1: entities.0.sentiment: input should be"),
        (b"[1, 2]", "line 1: the row: input should be"),
        (b"\xff\xfe\x00", "it isn't UTF-8 text"),
    ],
)
def test_an_odd_file_is_named_with_its_line(tmp_path: Path, content: bytes, problem: str) -> None:
    """And nothing is read from it."""
    (tmp_path / "dev.jsonl").write_bytes(content)
    with pytest.raises(UsageError, match=problem) as caught:
        list(parse_data(f"finentity={tmp_path}").read())
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", ["id: [", "id: only-an-id\n"])
def test_a_folder_of_something_else_is_no_gold(tmp_path: Path, content: str) -> None:
    """YAML that isn't one, and YAML that is no gold card; an empty folder, too."""
    with pytest.raises(UsageError, match="no gold card in it"):
        list(parse_data(f"gold={tmp_path}").read())
    (tmp_path / "one.yaml").write_text(content)
    with pytest.raises(UsageError, match="a file there is") as caught:
        list(parse_data(f"gold={tmp_path}").read())
    assert "\n" not in str(caught.value)


def test_rows_with_a_key_in_common_are_one_cluster() -> None:
    """By way of others, too."""
    assert clusters([["a", "b"], ["c"], ["b", "d"], ["d", "e"]]) == ["a", "c", "a", "a"]


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=3), max_size=8), st.randoms())
def test_clusters_do_not_hang_on_order(rows: list[list[str]], random: object) -> None:
    """Rows that share a key share a cluster, whatever comes first."""
    named = clusters(rows)
    assert all(
        one == other for keys, one in zip(rows, named, strict=True) for more, other in zip(rows, named, strict=True) if {*keys} & {*more}
    )
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]  # hypothesis's Random
    assert clusters([rows[place] for place in order]) == [named[place] for place in order]


def test_a_text_key_does_not_hold_the_text() -> None:
    """Clusters are written into runs; the text stays where it is."""
    assert text_key("Some  Text") == text_key("some text")
    assert "some" not in text_key("some text")


def test_a_fifth_is_held_back_for_good() -> None:
    """By the cluster's name alone."""
    splits = [split_of(f"cluster {number}") for number in range(2000)]
    assert 0.17 < splits.count("gate") / 2000 < 0.23
    assert [split_of(name) for name in ("ectsum ABM", "ectsum AAL", "sentivent GOOG")] == ["dev", "dev", "dev"]


def test_labels_of_three_classes_accept_the_stronger_form() -> None:
    """And what fewer annotators said."""
    label = gold_label(["negative", "neutral", "negative"])
    assert label.label == "negative"
    assert {*label.accept} == {"neutral", "strongly negative"}
    assert gold_label(["neutral"]).accept == []
    assert are_opposite(["strongly positive", "negative"])
    assert not are_opposite(["strongly positive", "neutral"])


def test_the_command_says_what_each_set_is_good_for(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Without a path in words, with one in numbers; a wrong one in one line."""
    assert main([]) == 0
    listed = capsys.readouterr().out
    assert all(f"\n{name}: " in f"\n{listed}" for name in DATASETS)
    assert main([f"finentity={put(tmp_path, 'finentity', ROWS['finentity'])}"]) == 0
    held = capsys.readouterr().out
    assert "2 samples" in held
    assert "labels of 3 entities: positive 1, negative 1, neutral 1" in held
    assert main(["finentity=/no/such"]) == 2
    assert capsys.readouterr().err.startswith("error: /no/such")


def test_near_copies_on_the_other_side_of_the_split_are_counted() -> None:
    """Texts with other keys that share most of their words in a row; a text of its own isn't one, nor is a copy on the same side."""
    names = {side: [name for name in map(str, range(99)) if split_of(name) == side] for side in ("dev", "gate")}
    text = "Acme cut its outlook for the year on Monday after weak sales in Europe"
    texts = [("dev", text), ("gate", text + " and Asia"), ("gate", "Nothing else is said here in so many words"), ("dev", text + ".")]
    samples = [sample(Article(id=f"a{number}", text=said), Gold(), names[side][number]) for number, (side, said) in enumerate(texts)]
    assert [one.id for one in near_copies(samples)] == ["a1"]
