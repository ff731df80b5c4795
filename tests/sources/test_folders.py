"""Folders, and the ids of articles that state none."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from agent.article import Article
from agent.errors import SourceError
from agent.sources import check_sources, read_placed, read_sources

TEXT = "Acme raised its forecast on Monday. Shares rose 4% in late trading."


def write(*names: str) -> None:
    """Files with an article each."""
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(TEXT)


def ids(*sources: str) -> list[str]:
    """Ids of the articles."""
    return [item.id for item in read_sources(sources) if isinstance(item, Article)]


def test_a_folder_is_read_with_those_below_it_in_the_order_of_names() -> None:
    """Hidden files and files of other kinds are passed over."""
    write("news/b/story.txt", "news/a/story.txt", "news/zeta.md", "news/.hidden.txt", "news/logo.svg", "news/.git/x.txt")
    assert ids("news") == ["news/zeta", "news/a/story", "news/b/story"]


def test_files_that_differ_in_their_suffix_alone_keep_it() -> None:
    """Two articles never get one id from their file names."""
    write("news/story.txt", "news/story.md")
    assert ids("news") == ["news/story.md", "news/story.txt"]


def test_a_file_name_that_is_not_text_is_spelled() -> None:
    """Places and ids are texts, and still differ."""
    write(*(os.fsdecode(name) for name in (b"news/\xff.txt", b"news/\xfe.txt", b"news/\xfd.txt")))
    Path(os.fsdecode(b"news/\xfd.txt")).write_bytes(b"\0")
    found = dict(read_placed(["news", os.fsdecode(b"news/\xff.txt")]))
    assert sorted(found) == ["news/\\udcfd.txt", "news/\\udcfe.txt", "news/\\udcff.txt"]
    assert isinstance(found["news/\\udcfd.txt"], SourceError)
    assert str(found["news/\\udcfd.txt"]).startswith("news/\\udcfd.txt: binary data")
    assert ids("news", os.fsdecode(b"news/\xff.txt")) == ["news/\\udcfe", "news/\\udcff", "\\udcff"]


def test_named_files_of_one_stem_go_by_their_paths() -> None:
    """Others keep the short name."""
    write("a/story.txt", "b/story.txt", "a/other.txt")
    assert ids("a/story.txt", "b/story.txt", "a/other.txt") == ["a/story", "b/story", "other"]


def test_an_id_that_an_article_states_stays_its_own() -> None:
    """In a folder too."""
    Path("news").mkdir()
    Path("news/x.json").write_text(json.dumps({"id": "stated", "text": TEXT}))
    assert ids("news") == ["stated"]


def test_a_file_that_cannot_be_read_stops_none_of_the_others() -> None:
    """It is an error in its place."""
    write("news/a.txt", "news/c.txt")
    Path("news/b.txt").write_bytes(b"%PDF-1.7")
    found = list(read_placed(["news"]))
    assert [placed.place for placed in found] == ["news/a.txt", "news/b.txt", "news/c.txt"]
    assert isinstance(found[1].item, SourceError)


def test_what_is_plainly_no_source_is_found_before_anything_is_read() -> None:
    """A missing file, a kind that isn't read."""
    write("a.txt", "b.xlsx")
    for name, problem in (("gone.txt", "no such file"), ("b.xlsx", ".xlsx files aren't read")):
        with pytest.raises(SourceError, match=problem):
            check_sources(["a.txt", "-", "https://example.com", name])


def test_a_folder_that_cannot_be_looked_into_is_an_error_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its articles would else be missing without a word."""
    write("news/a.txt", "news/closed/b.txt", "news/open/c.txt")
    listed = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("closed"):  # root may read everything
            raise PermissionError(13, "Permission denied", path)
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = list(read_placed(["news"]))
    assert [placed.place for placed in found] == ["news/a.txt", "news/closed", "news/open/c.txt"]
    assert str(found[1].item) == "news/closed: it may not be read: permission denied"
    assert [str(item) for item in read_sources(["news/closed"])] == ["news/closed: it may not be read: permission denied"]


def test_a_pipe_in_a_folder_is_passed_over() -> None:
    """Nobody may ever write into it."""
    write("news/a.txt")
    os.mkfifo("news/b.txt")
    assert ids("news") == ["news/a"]


def test_a_look_at_a_named_pipe_leaves_it_to_its_reader() -> None:
    """Whoever writes into it would end at the look."""
    os.mkfifo("pipe")
    writer = threading.Thread(target=lambda: Path("pipe").write_text(TEXT), daemon=True)
    writer.start()
    check_sources(["pipe"])
    assert [item.text for item in read_sources(["pipe"]) if isinstance(item, Article)] == [TEXT]


def test_an_empty_name_is_not_the_working_folder() -> None:
    """An unset variable must not have everything here read, and paid for."""
    write("a.txt")
    (said,) = (str(item) for item in read_sources([""]))
    assert said == '"": an empty name is no source; is a variable of the shell\'s unset?'
    with pytest.raises(SourceError, match="an empty name"):
        check_sources([""])


def test_links_to_folders_are_not_followed() -> None:
    """They may lead round in a circle; links to files are read."""
    write("news/a.txt", "other/b.txt")
    Path("news/loop").symlink_to("..")
    Path("news/c.txt").symlink_to("../other/b.txt")
    assert ids("news") == ["news/a", "news/c"]


def test_a_run_within_its_own_input_is_passed_over() -> None:
    """Its rows and its report would be articles, more of them each time the command goes on."""
    from agent.batch.folder import MANIFEST
    from agent.sources.counting import count_articles
    from agent.sources.folders import RUN

    write("news/a.txt", f"news/run/{MANIFEST}", "news/run/rows/000001.jsonl", "news/run/health.html", "news/other/rows/b.txt")
    assert RUN[0] == MANIFEST
    assert ids("news") == ["news/a", "news/other/rows/b"]
    assert count_articles(["news"]) == 2
    assert [str(item) for item in read_sources(["news/run"])] == [
        "news/run: a run of newscard batch, no folder of articles; `newscard export` reads it"
    ]
