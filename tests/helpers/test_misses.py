"""A request that was not recorded: the error teaches."""

from __future__ import annotations

from collections.abc import Callable

import openai
import pytest

from helpers import connect, connect_async
from helpers.cassettes.miss import NotRecordedError
from helpers.exchanges import exchanges
from helpers.lessons import Lesson

Record = Callable[[Callable[[openai.OpenAI], object]], Lesson]
MODEL = "gpt-5.4-mini"


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
