"""Offline, what a cassette hands out is there for the simulator too: one service, whichever cell was recorded."""

from __future__ import annotations

import time
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
USER = {"role": "user", "content": "Say hello."}
WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "Get the weather",
    "parameters": {"type": "object", "properties": {}},
    "strict": False,
}


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


def job(client: openai.OpenAI, **more: Any) -> Any:
    return ask(client, "Please count to ten.", background=True, **more)


def polled(client: openai.OpenAI, response: Any, most: int = 30) -> Any:
    """The response when it has ended: the loop of every lesson."""
    seen = []
    for _ in range(most):
        response = client.responses.retrieve(response.id)
        seen.append(response.status)
        if response.status not in ("queued", "in_progress"):
            return response
    raise AssertionError(seen)


def test_a_job_that_was_recorded_as_queued_can_be_polled_to_its_end(recorded: Record) -> None:
    recorded(job)
    client = connect("01_basics")
    queued = job(client)
    assert (queued.status, came(queued)) == ("queued", "recorded")
    done = polled(client, queued)
    assert (done.status, came(done)) == ("completed", "simulated")
    assert done.output_text == "one two three four five six seven eight nine ten"
    assert ask(client, "And eleven?", previous_response_id=done.id).output_text


def test_and_it_can_be_cancelled_instead(recorded: Record) -> None:
    recorded(lambda client: polled(client, job(client)))
    client = connect("01_basics")
    queued = job(client)
    assert client.responses.cancel(queued.id).status == "cancelled"
    assert client.responses.retrieve(queued.id).status == "cancelled"  # though its end is recorded
    assert polled(client, job(client)).status == "completed"  # the cell that makes it was run again


def test_whoever_polls_longer_than_the_lesson_did_sees_it_end_and_never_go_back(
    recorded: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lesson(client: openai.OpenAI) -> Any:
        response = job(client)
        while client.responses.retrieve(response.id).status == "queued":
            pass
        return response

    recorded(lesson)
    monkeypatch.setenv("LAB_PACE", "")  # on a real clock, on which it would be queued for a second
    client = connect("01_basics")
    response = lesson(client)
    assert client.responses.retrieve(response.id).status == "in_progress"
    time.sleep(1.5)
    assert polled(client, response).status == "completed"


def test_a_cancelled_job_stays_cancelled_for_an_edited_cell(recorded: Record) -> None:
    def lesson(client: openai.OpenAI) -> Any:
        return client.responses.cancel(job(client).id)

    recorded(lesson)
    client = connect("01_basics")
    cancelled = lesson(client)
    assert (came(cancelled), client.responses.retrieve(cancelled.id).status) == ("recorded", "cancelled")
    assert ask(client, "Go on.", background=True).id != cancelled.id


def test_a_job_s_stream_that_was_left_is_resumed_at_another_place(recorded: Record) -> None:
    def lesson(client: openai.OpenAI) -> list[Any]:
        seen = []
        with job(client, stream=True) as events:
            for event in events:
                seen.append(event)
                if event.sequence_number == 8:
                    break
        return seen

    recorded(lesson)
    client = connect("01_basics")
    seen = lesson(client)
    made = seen[0].response.id
    rest = list(client.responses.retrieve(made, stream=True, starting_after=5))
    assert rest[:3] == seen[6:]
    assert [event.sequence_number for event in rest] == list(range(6, 6 + len(rest)))
    assert rest[-1].response.output_text == "one two three four five six seven eight nine ten"  # type: ignore[union-attr]


def test_a_job_is_deleted_while_it_is_at_work(recorded: Record) -> None:
    recorded(lambda client: polled(client, job(client)))
    client = connect("01_basics")
    queued = job(client)
    client.responses.delete(queued.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(queued.id)


def test_the_input_items_of_a_replayed_response_can_be_listed(recorded: Record) -> None:
    recorded(lambda client: ask(client, [{"role": "developer", "content": "Be brief."}, USER]))  # type: ignore[arg-type]
    client = connect("01_basics")
    response = ask(client, [{"role": "developer", "content": "Be brief."}, USER])  # type: ignore[arg-type]
    listed = client.responses.input_items.list(response.id, order="asc", limit=1)
    assert [item.content[0].text for item in listed] == ["Be brief.", "Say hello."]  # type: ignore[union-attr]


def test_a_replayed_call_takes_another_output_than_the_recorded_one(recorded: Record) -> None:
    def lesson(client: openai.OpenAI, output: str) -> Any:
        asked = ask(client, "What is the weather?", tools=[WEATHER])
        (call,) = asked.output
        given = {"type": "function_call_output", "call_id": call.call_id, "output": output}
        return ask(client, [given], tools=[WEATHER], previous_response_id=asked.id)  # type: ignore[arg-type]

    recorded(lambda client: lesson(client, "18 degrees"))
    client = connect("01_basics")
    assert came(lesson(client, "18 degrees")) == "recorded"
    edited = lesson(client, "minus 3 degrees")
    assert came(edited) == "simulated"
    assert "minus 3 degrees" in edited.output_text


def test_a_stateless_chain_goes_on_with_replayed_items(recorded: Record) -> None:
    options: dict[str, Any] = {"store": False, "include": ["reasoning.encrypted_content"]}

    def lesson(client: openai.OpenAI) -> Any:
        return ask(client, "Think first.", reasoning={"effort": "low"}, **options)

    recorded(lesson)
    client = connect("01_basics")
    thought = lesson(client)
    assert thought.output[0].encrypted_content
    history = [{"role": "user", "content": "Think first."}, *thought.output, {"role": "user", "content": "And now?"}]
    answer = ask(client, history, **options)  # type: ignore[arg-type]
    assert (came(thought), came(answer), answer.status) == ("recorded", "simulated", "completed")


def test_a_replayed_conversation_goes_on_and_is_changed(recorded: Record) -> None:
    def lesson(client: openai.OpenAI) -> Any:
        made = client.conversations.create(metadata={"topic": "greetings"})
        ask(client, conversation=made.id)
        client.conversations.items.list(made.id)
        return made

    recorded(lesson)
    client = connect("01_basics")
    made = lesson(client)
    ask(client, "And now?", conversation=made.id)  # not recorded
    items = client.conversations.items.list(made.id).data  # recorded, and out of date since
    assert [item.role for item in items] == ["assistant", "user", "assistant", "user"]  # type: ignore[union-attr]
    client.conversations.update(made.id, metadata={"topic": "edited"})
    assert client.conversations.retrieve(made.id).metadata == {"topic": "edited"}
    client.conversations.delete(made.id)
    with pytest.raises(openai.NotFoundError):
        client.conversations.items.list(made.id)
    again = lesson(client)  # the cells are run again from the top
    assert len(client.conversations.items.list(again.id).data) == 2


def test_a_recorded_job_joins_its_conversation_once(recorded: Record) -> None:
    def lesson(client: openai.OpenAI) -> Any:
        made = client.conversations.create()
        return made, job(client, conversation=made.id)

    recorded(lesson)
    client = connect("01_basics")
    made, queued = lesson(client)
    polled(client, queued)
    items = client.conversations.items.list(made.id, order="asc").data
    assert [item.role for item in items] == ["user", "assistant"]  # type: ignore[union-attr]


def test_a_conversation_that_a_recorded_job_works_on_takes_no_other_response(recorded: Record) -> None:
    def lesson(client: openai.OpenAI) -> Any:
        made = client.conversations.create()
        return made, job(client, conversation=made.id)

    recorded(lesson)
    client = connect("01_basics")
    made, queued = lesson(client)
    with pytest.raises(openai.APIStatusError) as refused:
        ask(client, "Too early.", conversation=made.id)
    simulated = connect("01_basics", mode="simulator").conversations.create()
    job(client, conversation=simulated.id)
    with pytest.raises(openai.APIStatusError) as as_simulated:
        ask(client, "Too early.", conversation=simulated.id)
    assert (refused.value.status_code, refused.value.code) == (
        as_simulated.value.status_code,
        as_simulated.value.code,
    )
    polled(client, queued)
    assert ask(client, "Now.", conversation=made.id).status == "completed"


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


def test_a_replayed_file_is_there_with_its_bytes_and_is_deleted(recorded: Record) -> None:
    def lesson(client: openai.OpenAI) -> Any:
        return client.files.create(file=("stations.txt", b"Harbour, 12 bikes"), purpose="assistants")

    recorded(lesson)
    client = connect("01_basics")
    made = lesson(client)
    assert came(made) == "recorded"
    listed = client.files.retrieve(made.id)
    assert (listed.filename, listed.bytes) == ("stations.txt", 17)
    client.files.delete(made.id)
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(made.id)
    assert lesson(client).id == made.id  # the cell is run again
    assert client.files.retrieve(made.id).id == made.id
