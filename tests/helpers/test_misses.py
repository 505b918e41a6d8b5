"""A request that was not recorded: the error teaches."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openai
import pytest

from helpers import connect, connect_async
from helpers.cassettes.miss import NotRecordedError, RecordingEndsError
from helpers.display import wire
from helpers.exchanges import exchanges
from helpers.lessons import Lesson

Record = Callable[[Callable[[openai.OpenAI], object]], Lesson]
MODEL = "gpt-5.4-mini"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def client(recorded: Record) -> openai.OpenAI:
    def lesson(client: openai.OpenAI) -> None:
        client.responses.create(model=MODEL, input="Say hello.", max_output_tokens=100)
        response = client.responses.create(model=MODEL, input="Please count to ten, slowly.", stream=True)
        for _ in response:
            pass

    recorded(lesson)
    return connect("01_basics", mode="replay")


def miss(client: openai.OpenAI, text: str) -> str:
    with pytest.raises(NotRecordedError) as missed:
        client.responses.create(model=MODEL, input=text, max_output_tokens=100)
    return str(missed.value)


def test_it_names_the_nearest_recorded_request_and_shows_the_difference(client: openai.OpenAI) -> None:
    said = miss(client, "Say goodbye.")
    assert "POST /responses was not recorded for lesson 01_basics" in said
    assert '  -  "input": "Say hello.",\n  +  "input": "Say goodbye.",' in said
    assert said.count("\n  - ") == 2  # the legend, and the one line that differs


def test_it_names_the_ways_on(client: openai.OpenAI) -> None:
    said = miss(client, "Say goodbye.")
    for way in ('mode="simulator"', "LAB_MODE=simulator", 'mode="live"', "make record LESSON=01_basics"):
        assert way in said


def test_the_nearest_is_the_nearest_in_words(client: openai.OpenAI) -> None:
    assert '-  "input": "Please count to ten, slowly.",' in miss(client, "Please count to twenty, slowly, backwards.")


def test_a_long_difference_is_cut(client: openai.OpenAI) -> None:
    with pytest.raises(NotRecordedError) as missed:
        client.responses.create(model=MODEL, input=[{"role": "user", "content": f"turn {n}"} for n in range(50)])
    said = str(missed.value)
    assert "more lines" in said
    assert len(said.splitlines()) < 45


def test_the_learner_sees_it_at_once_and_not_a_connection_error(client: openai.OpenAI) -> None:
    """The SDK retries and rewords what a transport raises, unless it is an error of its own kind."""
    before = max((one.number for one in exchanges.last(1)), default=0)
    with pytest.raises(openai.OpenAIError) as missed:
        client.responses.create(model=MODEL, input="Say goodbye.")
    assert isinstance(missed.value, NotRecordedError)
    assert exchanges.last(1)[0].number == before + 1  # asked once: no retry, no waiting for one


def test_the_log_says_what_happened(client: openai.OpenAI) -> None:
    with pytest.raises(NotRecordedError) as missed:
        client.responses.create(model=MODEL, input="Say goodbye.")
    exchange = exchanges.of(missed.value)
    assert exchange is not None
    assert exchange.status is None
    assert exchange.error is not None
    assert exchange.error.startswith("NotRecordedError: POST /responses was not recorded")


async def test_an_asynchronous_client_gets_the_same(client: openai.OpenAI) -> None:
    with pytest.raises(NotRecordedError, match="was not recorded"):
        await connect_async("01_basics", mode="replay").responses.create(model=MODEL, input="Say goodbye.")


def test_a_missing_read_is_compared_by_its_path(client: openai.OpenAI) -> None:
    with pytest.raises(NotRecordedError, match=r"GET /responses/resp_0+ was not recorded"):
        client.responses.retrieve("resp_" + "0" * 40)


def test_an_x_simulate_header_is_part_of_the_request(client: openai.OpenAI) -> None:
    with pytest.raises(NotRecordedError, match=r"\+x-simulate: server_error"):
        client.responses.create(
            model=MODEL,
            input="Say hello.",
            max_output_tokens=100,
            extra_headers={"x-simulate": "server_error"},
        )


def test_show_wire_says_that_it_was_not_recorded(client: openai.OpenAI) -> None:
    """Nobody was asked: nothing was simulated, and no connection broke."""
    miss(client, "Say goodbye.")
    shown = wire.build(exchanges.last())._repr_mimebundle_()["text/plain"]
    assert re.search(r"→ no answer( · [\d.]+ m?s)? · not recorded\n", shown)
    assert "not recorded: POST /responses was not recorded for lesson 01_basics" in shown
    assert "simulated now" not in shown
    assert "broke" not in shown


def test_show_wire_says_that_a_recording_ends(recorded: Record) -> None:
    def lesson(client: openai.OpenAI) -> None:
        with client.responses.create(model=MODEL, input="Please count to ten, slowly.", stream=True) as stream:
            next(iter(stream))

    recorded(lesson)
    stream = connect("01_basics", mode="replay").responses.create(
        model=MODEL, input="Please count to ten, slowly.", stream=True
    )
    with pytest.raises(RecordingEndsError):
        list(stream)
    shown = wire.build(exchanges.last())._repr_mimebundle_()["text/plain"]
    assert "not recorded: The recording of this stream ends here, because" in shown
    assert "recorded from the simulator" in shown
    assert "broke" not in shown


ENDS = "__import__('helpers.cassettes.miss').cassettes.miss.RecordingEndsError(None, '01_basics')"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (
            "connect('01_basics', mode='replay').responses.create(model='none', input='Hi')",
            "NotRecordedError: POST /responses was not recorded for lesson 01_basics",
        ),
        ("connect('01_basics', mode='live')", "AzureSetupError: Live mode needs AZURE_OPENAI_ENDPOINT"),
        (f"raise {ENDS}", "RecordingEndsError: The recording of this stream ends here"),
    ],
)
def test_a_notebook_shows_the_message_alone_and_a_script_the_traceback(code: str, words: str, tmp_path: Path) -> None:
    shown = {}
    for program in ([sys.executable, "-m", "IPython", "--colors=NoColor", "-c"], [sys.executable, "-c"]):
        done = subprocess.run(
            [*program, f"from helpers import connect\n{code}"], cwd=ROOT, capture_output=True, text=True,
            encoding="utf-8", env=os.environ | {"IPYTHONDIR": str(tmp_path)}, timeout=120,
        )  # fmt: skip
        assert done.returncode == 1
        shown[len(program)] = re.sub(r"^Answers: .*\n", "", done.stdout) + done.stderr
    notebook, script = shown.values()
    assert notebook.startswith(words)
    assert "Traceback" not in notebook
    assert script.startswith("Traceback (most recent call last):\n")
    assert words in script
