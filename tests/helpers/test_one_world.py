"""Offline, what a cassette hands out is there for the simulator too: one service, whichever cell was recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import openai
import pytest

from helpers import connect, connect_async
from helpers.client import service_state
from helpers.exchanges import exchanges
from helpers.lessons import Lesson

Record = Callable[[Callable[[openai.OpenAI], object]], Lesson]
MODEL = "gpt-5.4-mini"


def ask(client: openai.OpenAI, text: str = "Say hello.", **more: Any) -> Any:
    return client.responses.create(model=MODEL, input=text, **more)


def came(obj: object) -> str:
    exchange = exchanges.of(obj)
    assert exchange is not None
    return exchange.source.kind


def test_an_edited_cell_can_chain_on_a_replayed_one(recorded: Record) -> None:
    recorded(ask)
    client = connect("01_basics")
    first = ask(client)
    second = ask(client, "What did I just ask?", previous_response_id=first.id)
    assert (came(first), came(second)) == ("recorded", "simulated")
    assert second.previous_response_id == first.id
    context = client.responses.input_items.list(second.id, order="asc").data
    assert [item.content[0].text for item in context if item.type == "message"] == [  # type: ignore[union-attr]
        "Say hello.",
        "Hello there.",
        "What did I just ask?",
    ]


def test_a_chain_goes_on_through_recorded_and_simulated_turns(recorded: Record) -> None:
    def lesson(client: openai.OpenAI) -> Any:
        first = ask(client)
        return ask(client, "Say it again.", previous_response_id=first.id)

    recorded(lesson)
    client = connect("01_basics")
    second = lesson(client)
    third = ask(client, "And once more?", previous_response_id=second.id)
    assert (came(second), came(third)) == ("recorded", "simulated")
    assert len(client.responses.input_items.list(third.id).data) == 5


def test_a_replayed_stream_can_be_chained_on(recorded: Record) -> None:
    def lesson(client: openai.OpenAI) -> Any:
        *_, last = ask(client, stream=True)
        return last.response

    recorded(lesson)
    client = connect("01_basics")
    first = lesson(client)
    second = ask(client, "And now?", previous_response_id=first.id)
    assert (came(first), came(second)) == ("recorded", "simulated")


def test_what_the_simulator_deleted_is_gone_for_recorded_reads_and_chains_too(recorded: Record) -> None:
    def lesson(client: openai.OpenAI) -> Any:
        response = ask(client)
        client.responses.retrieve(response.id)
        ask(client, "Say it again.", previous_response_id=response.id)
        return response

    recorded(lesson)
    client = connect("01_basics")
    response = lesson(client)
    client.responses.delete(response.id)  # not in the recording: the simulator does it
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(response.id)
    with pytest.raises(openai.BadRequestError, match="not found"):
        ask(client, "Say it again.", previous_response_id=response.id)


def test_running_the_creating_cell_again_brings_a_deleted_response_back(recorded: Record) -> None:
    def lesson(client: openai.OpenAI) -> Any:
        response = ask(client)
        return client.responses.retrieve(response.id)

    recorded(lesson)
    client = connect("01_basics")
    client.responses.delete(lesson(client).id)
    again = lesson(client)
    assert came(again) == "recorded"
    assert came(ask(client, "And now?", previous_response_id=again.id)) == "simulated"


def test_a_recorded_delete_is_known_to_the_simulator(recorded: Record) -> None:
    def lesson(client: openai.OpenAI) -> Any:
        response = ask(client)
        client.responses.delete(response.id)
        return response

    recorded(lesson)
    client = connect("01_basics")
    response = lesson(client)
    with pytest.raises(openai.BadRequestError, match="not found"):
        ask(client, "And now?", previous_response_id=response.id)


def test_an_unknown_id_is_refused_as_the_service_does(recorded: Record) -> None:
    recorded(ask)
    client = connect("01_basics")
    with pytest.raises(openai.BadRequestError) as refused:
        ask(client, previous_response_id="resp_" + "0" * 48)
    assert refused.value.code == "previous_response_not_found"


def test_a_response_that_was_not_stored_cannot_be_chained_on(recorded: Record) -> None:
    recorded(lambda client: ask(client, store=False))
    client = connect("01_basics")
    response = ask(client, store=False)
    assert came(response) == "recorded"
    with pytest.raises(openai.BadRequestError) as refused:
        ask(client, "And now?", previous_response_id=response.id)
    assert refused.value.code == "previous_response_not_found"


def test_an_unknown_model_is_refused_as_the_service_does(recorded: Record) -> None:
    recorded(ask)
    with pytest.raises(openai.NotFoundError) as refused:
        connect("01_basics").responses.create(model="gpt-17", input="Say hello.")
    assert refused.value.code == "DeploymentNotFound"


async def test_both_kinds_of_client_share_the_world(recorded: Record) -> None:
    recorded(ask)
    client, async_client = connect("01_basics"), connect_async("01_basics")
    first = ask(client)
    second = await async_client.responses.create(model=MODEL, input="And now?", previous_response_id=first.id)
    third = ask(client, "And then?", previous_response_id=second.id)
    assert (came(first), came(second), came(third)) == ("recorded", "simulated", "simulated")


def test_connecting_again_keeps_what_the_service_holds(recorded: Record) -> None:
    recorded(ask)
    simulated = ask(connect("01_basics"), "Something new.")
    assert connect("01_basics").responses.retrieve(simulated.id).id == simulated.id


def test_the_state_is_what_was_replayed_and_what_was_simulated(recorded: Record) -> None:
    recorded(ask)
    client = connect("01_basics")
    ids = {ask(client).id, ask(client, "Something new.").id}
    state = service_state()
    assert state is not None
    assert {response["id"] for response in state["responses"]} == ids


def test_the_state_in_replay_mode_is_that_of_the_recording(recorded: Record) -> None:
    recorded(ask)
    response = ask(connect("01_basics", mode="replay"))
    state = service_state()
    assert state is not None
    assert [held["id"] for held in state["responses"]] == [response.id]


def test_an_edited_prompt_is_answered_without_any_recording_too() -> None:
    response = ask(connect("01_basics"))
    assert (response.output_text, came(response)) == ("Hello there.", "simulated")
