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
from helpers.display.growing import Growing
from tests.display.attacks import faults

CONFORMANCE = Path(__file__).parents[3] / "shared" / "conformance"
pytestmark = pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="the recordings are not beside this clone")


@pytest.fixture(scope="module")
def traffic() -> list[dict[str, Any]]:
    return list(_interactions())


def _interactions() -> Iterator[dict[str, Any]]:
    sys.path.insert(0, str(CONFORMANCE))
    import load_recordings  # type: ignore[import-not-found]

    for path in sorted((CONFORMANCE / "recordings").glob("*/**/*.*"))[::4]:  # every fourth file: all of them take 30 s
        yield from load_recordings.load(str(path))


def test_every_recorded_answer_is_displayed(traffic: list[dict[str, Any]]) -> None:
    bodies = [i["json"] for i in traffic if i["json"] is not None]
    assert len(bodies) > 100
    for body in bodies:
        shown = answers.build(body)
        assert faults(shown.html()) == []
        assert len(shown.html()) < 20_000
        assert "\x1b" not in str(shown)


def test_every_recorded_stream_is_displayed_while_it_grows(traffic: list[dict[str, Any]]) -> None:
    streams = [[json.loads(data) for _, data in i["sse"] if data.startswith("{")] for i in traffic if i["sse"]]
    assert len(streams) > 20
    for stream in streams:
        assert faults(events.build(sse.of_list(stream), "recorded").html()) == []
        growing = Growing()
        for event in stream:
            growing.take(construct_type(type_=ResponseStreamEvent, value=event))
            if event["type"].endswith((".added", ".done")):
                assert faults(answers.response(growing.value() or {}, "recorded").html()) == []
