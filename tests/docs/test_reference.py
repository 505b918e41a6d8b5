"""The quick reference is what the data says, leaves out nothing that the SDK has, and says where all of it is from."""

from __future__ import annotations

import ast
import re
import typing
from collections.abc import Iterator

import pytest
from openai.types.responses import ResponseIncludable, ResponseStatus, ResponseStreamEvent
from openai.types.responses.response_create_params import ResponseCreateParamsBase

from docs import answered, asked, reference, seen, sources, tables
from simulator import failures
from simulator.models import models
from tests.repo.tracked import ROOT

PAGE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
FILES = sorted((ROOT / "data" / "reference").glob("*.csv"))

# What the SDK's types have and the page leaves out on purpose, by the kind of it: nothing, so far.
LEFT_OUT: dict[str, set[str]] = {"event": set(), "status": set(), "value": set(), "parameter": set()}
# Codes of the simulator's that no reader of the page will meet: they are those of files in vector stores.
INNER = {"unsupported_file", "invalid_file", "invalid_image"}


def tables_of(page: str) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Every table of a page: its head and its rows."""
    for block in re.findall(r"(?:^\|.*\n)+", page + "\n", re.MULTILINE):
        lines = [re.split(r"(?<!\\) *\| *", line.strip())[1:-1] for line in block.splitlines()]
        yield lines[0], lines[2:]


def column(page: str, name: str) -> set[str]:
    """What stands in the first column of this name, in every table that has it, without its code marks."""
    return {row[head.index(name)].strip("*`") for head, body in tables_of(page) if name in head for row in body}


def test_it_is_what_the_data_says() -> None:
    assert reference.page() == PAGE, "run `make reference`"


def test_every_row_names_a_source_with_its_date() -> None:
    without = []
    for head, body in tables_of(PAGE):
        if head == ["source", "what", "date"]:
            without += [row for row in body if not re.fullmatch(r"20\d\d(-\d\d){0,2}", row[2])]
        elif head[0] == "item":  # one source for all of them, above the table
            assert re.search(r"For all\s+rows:\s+(\S+\s+)+20\d\d-\d\d\.\n\n\| item", PAGE)
        else:
            without += [row for row in body if not re.search(r"\w\]? ?(\[\w+\])? 20\d\d(-\d\d){0,2}$", row[-1])]
    assert without == []


def test_every_link_has_an_address_and_every_address_a_link() -> None:
    used, there = (
        set(re.findall(r"\]\[(\w+)\]", PAGE)),
        set(re.findall(r"^\[(\w+)\]: https://\S+$", PAGE, re.MULTILINE)),
    )
    assert used == there


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("event", {typing.get_args(one.model_fields["type"].annotation)[0]
                   for one in typing.get_args(typing.get_args(ResponseStreamEvent)[0])}),
        ("status", set(typing.get_args(ResponseStatus))),
        ("value", set(typing.get_args(ResponseIncludable))),
        ("parameter", set(typing.get_type_hints(ResponseCreateParamsBase))),
        ("model", set(models())),
    ],
)  # fmt: skip
def test_it_has_all_that_the_sdk_and_the_simulator_have(kind: str, wanted: set[str]) -> None:
    assert wanted - column(PAGE, kind) == LEFT_OUT.get(kind, set())


def test_a_value_that_is_new_in_the_sdk_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(answered.EVENTS, "response.brand_new", answered.EVENTS["response.created"])
    with pytest.raises(tables.DataError, match=r"events\.csv has no row for response\.brand_new"):
        reference.page()


def test_a_row_about_what_is_gone_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    gone, *left = asked.INCLUDES
    monkeypatch.setattr(asked, "INCLUDES", left)
    with pytest.raises(tables.DataError, match=re.escape(f"what there is not: {gone}")):
        reference.page()


def test_a_row_without_a_source_stops_it() -> None:
    with pytest.raises(tables.DataError, match="No source is named in “hearsay”"):
        sources.cited("hearsay")


def test_every_failure_that_a_lesson_shows_is_described() -> None:
    assert answered.failures_without_a_row() == []


def test_every_code_that_the_simulator_answers_with_is_described() -> None:
    described = {row["code"] for row in tables.rows("reference/errors.csv")}
    assert set(codes()) - described - INNER == set()


def codes() -> Iterator[str]:
    """The error codes that stand in the simulator's source: `code=…`, or the third argument of `invalid`."""
    for file in (ROOT / "simulator").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                given = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
                if isinstance(node.func, ast.Name | ast.Attribute) and ast.unparse(node.func).endswith("invalid"):
                    given += node.args[2:3]
                yield from (one.value for one in given if isinstance(one, ast.Constant) and one.value)


def test_every_wish_for_an_error_is_in_the_table() -> None:
    wishes = {row["wish"] for row in tables.rows("reference/errors.csv")} - {""}
    no_errors = {"content_filter_completion", "refusal", "slow_start", "timeout", "stream_cut", "malformed_chunk"}
    assert wishes == set(failures.NAMES) - no_errors


def test_what_azure_has_is_said_by_microsoft() -> None:
    ours = {key for key, one in sources.sources().items() if re.search(r"Microsoft|Azure-Samples", one.what)}
    for name in ("parameters", "tools", "tool_parameters", "choices", "includes"):
        listed = tables.rows(f"reference/{name}.csv")
        assert [row for row in listed if row["azure"] == "yes" and not ours & set(sources.keys(row["source"]))] == []


def test_sources_are_dated_and_used() -> None:
    listed = sources.sources().values()
    assert [one.key for one in listed if not re.fullmatch(r"20\d\d(-\d\d){0,2}", one.date)] == []
    assert [one.key for one in listed if one.url and not one.url.startswith("https://")] == []
    assert len({one.name for one in listed}) == len(listed)
    cited = [row["source"] for file in [*FILES, ROOT / "data" / "guide_map.csv", ROOT / "data" / "file_types.csv"]
             for row in tables.rows(str(file.relative_to(tables.DATA))) if "source" in row]  # fmt: skip
    cited += [model.source for model in models().values()]
    assert set(sources.sources()) - {key for text in cited for key in sources.keys(text)} == set()


def test_lessons_are_found_by_what_they_show() -> None:
    assert seen.shown_in("event", "response.output_text.delta") == "[03](../notebooks/03_streaming.ipynb)"
    assert seen.shown_in("tool", "mcp") == "[08](../notebooks/08_mcp.ipynb)"
    assert seen.shown_in("tool", "nobody's") == ""


def test_patterns_stand_for_messages() -> None:
    assert seen.like("Response with id '…' not found.", "Response with id 'resp_1' not found.")
    assert not seen.like("Response with id '…' not found.", "Response with id 'resp_1' not found. Or is it?")
