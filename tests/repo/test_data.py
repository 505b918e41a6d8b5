"""Every cassette can be read by vcrpy, and every cassette and script belongs to a lesson."""

from pathlib import Path

import pytest
import vcr
import yaml

from helpers.cassettes.file import load
from simulator.model.scripts import load as load_script
from tests.notebooks.lesson import lessons
from tests.repo.tracked import ROOT

CASSETTES = sorted((ROOT / "data" / "cassettes").glob("*.yaml"))
SCRIPTS = sorted((ROOT / "data" / "scripts").glob("*.yaml"))


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)
def test_vcrpy_reads_what_we_recorded(path: Path) -> None:
    theirs = vcr.cassette.Cassette.load(path=str(path))
    ours = load(path).interactions
    assert [(request.method, request.uri) for request in theirs.requests] == [(i.method, i.uri) for i in ours]
    for answer, interaction in zip(theirs.responses, ours, strict=True):
        assert answer["status"]["code"] == interaction.status
        assert answer["body"]["string"] == interaction.response_body


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_script_is_valid(path: Path) -> None:
    assert load_script(path) != []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_script_is_read_alike_without_libyaml(path: Path) -> None:
    """PyYAML's own loader takes no bare question mark inside of braces; libyaml, where it is installed, does."""
    text = path.read_text(encoding="utf-8")
    assert yaml.load(text, yaml.SafeLoader) == yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def test_each_belongs_to_a_lesson() -> None:
    names = {lesson.name for lesson in lessons()}
    assert {path.stem for path in CASSETTES + SCRIPTS} - names == set()
