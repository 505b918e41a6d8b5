"""What is declared, what is locked for lessons and tests, and what conda gets are the same."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.repo.tracked import ROOT

LOCKS = ["requirements.txt", "requirements-test.txt"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def entries(lock: str) -> list[str]:
    """One logical line each: requirement, marker, hashes."""
    text = re.sub(r"\\\n\s*", "", Path(ROOT / lock).read_text())
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]


def pins(lock: str) -> set[str]:
    """Each "name==version ; marker", without hashes."""
    return {entry.split(" --hash")[0].strip() for entry in entries(lock)}


def test_tests_run_on_the_versions_that_readers_get() -> None:
    assert pins("requirements.txt") <= pins("requirements-test.txt")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_and_hashed_and_no_index_is_named(lock: str) -> None:
    assert len(entries(lock)) > 100
    for entry in entries(lock):
        assert re.fullmatch(r"[\w.-]+==\S+( ; [^\n]*?)?( --hash=sha256:[0-9a-f]{64})+", entry), entry
    assert "://" not in (ROOT / lock).read_text()


@pytest.mark.parametrize(
    ("lock", "declared"),
    [
        ("requirements.txt", PROJECT["dependencies"]),
        ("requirements-test.txt", PROJECT["optional-dependencies"]["test"]),
    ],
)
def test_the_lock_satisfies_what_is_declared(lock: str, declared: list[str]) -> None:
    locked: dict[str, list[str]] = {}
    for pin in pins(lock):
        name, version = pin.split(" ;")[0].strip().split("==")
        locked.setdefault(canonicalize_name(name), []).append(version)
    for requirement in map(Requirement, declared):
        versions = locked[canonicalize_name(requirement.name)]
        assert any(requirement.specifier.contains(version, prereleases=True) for version in versions), requirement


def test_conda_gets_the_lock() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    python, pip, by_pip = environment["dependencies"]
    assert python == "python" + PROJECT["requires-python"]
    assert pip == "pip"
    assert by_pip == {"pip": ["-r requirements.txt"]}
    assert environment["name"] == PROJECT["name"]
    assert set(environment) == {"name", "channels", "dependencies"}
