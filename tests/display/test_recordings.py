"""Real traffic, where it is at hand: every recorded answer and stream is displayed, harmless and small.

The recordings stand beside the project (see CONTRIBUTING.md) and are read, never copied.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openai._models import construct_type
from openai.types.responses import ResponseStreamEvent

from helpers.display import answers, events, sse
from helpers.display.folding import CAP
from helpers.display.growing import Growing
from helpers.display.shapes import parsed
from tests.display.attacks import faults, words

CONFORMANCE = Path(__file__).parents[3] / "shared" / "conformance"
pytestmark = pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="the recordings are not beside this clone")


# What a card leaves out, because its head says it, or because it only means something to the service or is long.
LEFT_OUT = {
    *("id", "type", "status", "detail", "execution", "output_format", "partition_key", "encrypted_content"),
    *("input_schema", "parameters", "annotations", "environment", "vector_store_id", "file_id", "approval_request_id"),
}


@pytest.fixture(scope="module")
def traffic() -> list[dict[str, Any]]:
    sys.path.insert(0, str(CONFORMANCE))
    import load_recordings  # type: ignore[import-not-found]

    files = sorted((CONFORMANCE / "recordings").glob("*/**/*.*"))
    return [interaction for path in files for interaction in load_recordings.load(str(path))]


def bodies(traffic: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every JSON body that was sent or received, and every response that an event carried."""
    for interaction in traffic:
        events = [json.loads(data) for _, data in interaction["sse"] or () if data.startswith("{")]
        for body in (interaction["req"], interaction["json"], *(event.get("response") for event in events)):
            if isinstance(body, dict):
                yield body


def items(traffic: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every item of an input, an output or a list, each once."""
    found = {}
    for body in bodies(traffic):
        for key in ("input", "output", "data"):
            for item in body[key] if isinstance(body.get(key), list) else ():
                if isinstance(item, dict) and ("type" in item or "role" in item) and "object" not in item:
                    found[json.dumps(item, sort_keys=True)] = item
    return list(found.values())


def leaves(value: Any) -> Iterator[str]:
    """The short strings in an item that a reader looks for; of a string of JSON, those that it says."""
    value = parsed(value)
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in LEFT_OUT:
                yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    elif isinstance(value, str) and 0 < len(value) <= 60 and not set(value) & set("*`_#|\n"):  # no Markdown
        yield value


def test_every_recorded_item_is_shown_with_all_that_it_says(traffic: list[dict[str, Any]]) -> None:
    recorded = items(traffic)
    assert len(recorded) > 1_000
    assert len({item.get("type") for item in recorded}) > 20
    for item in recorded:
        shown = answers.build([item])
        html = shown.html()
        assert faults(html) == []
        assert len(html) < 20_000
        assert "\x1b" not in str(shown)
        text = "".join(character for character in words(html) if character not in "⁰¹²³⁴⁵⁶⁷⁸⁹")  # of citations
        missing = [leaf for leaf in leaves(item) if leaf not in text and json.dumps(leaf)[1:-1] not in text]
        assert missing == [] or len(json.dumps(item)) > CAP, item  # long tool results are cut


def test_no_recorded_item_has_to_be_shown_as_it_came_over_the_wire(traffic: list[dict[str, Any]]) -> None:
    for item in items(traffic):
        assert f'"type": "{item.get("type")}"' not in str(answers.build([item])), item["type"]


def test_every_recorded_answer_is_displayed(traffic: list[dict[str, Any]]) -> None:
    answered = [i["json"] for i in traffic if i["json"] is not None]
    assert len(answered) > 400
    for body in answered:
        html = answers.build(body).html()
        assert faults(html) == []
        assert len(html) < 20_000


def test_every_recorded_stream_is_displayed_while_it_grows(traffic: list[dict[str, Any]]) -> None:
    streams = [[json.loads(data) for _, data in i["sse"] if data.startswith("{")] for i in traffic if i["sse"]]
    assert len(streams) > 100
    for stream in streams:
        table = events.build(sse.of_list(stream), "recorded").html()
        assert faults(table) == []
        assert len(table) < 20_000
        growing = Growing()
        for event in stream:
            growing.take(construct_type(type_=ResponseStreamEvent, value=event))
            if event["type"].endswith((".added", ".done")):
                assert faults(answers.response(growing.value() or {}, "recorded").html()) == []
