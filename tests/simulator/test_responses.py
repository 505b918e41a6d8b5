"""`POST /responses` and what hangs on it: create, retrieve, delete, input items, chaining."""

from __future__ import annotations

from typing import Any

import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from simulator import Service
from simulator.clock import SteppedClock

MODEL = "gpt-5.4-mini"


def test_a_response_is_strictly_valid_and_has_every_member_that_recordings_have(
    http: httpx2.Client, check: Any
) -> None:
    body = http.post("responses", json={"model": MODEL, "input": "This is a test."}).json()
    check.response(body)
    assert list(body) == [
        *("id", "object", "created_at", "status", "background", "completed_at", "content_filters", "error"),
        *("frequency_penalty", "incomplete_details", "instructions", "max_output_tokens", "max_tool_calls", "model"),
        *("moderation", "output", "parallel_tool_calls", "presence_penalty", "previous_response_id"),
        *("prompt_cache_key", "prompt_cache_retention", "reasoning", "safety_identifier", "service_tier", "store"),
        *("temperature", "text", "tool_choice", "tool_usage", "tools", "top_logprobs", "top_p", "truncation"),
        *("usage", "user", "metadata"),
    ]


def test_azure_answers_with_the_deployment_and_openai_with_the_dated_model(
    client: OpenAI, openai_client: OpenAI
) -> None:
    assert client.responses.create(model=MODEL, input="Hi").model == MODEL
    answer = openai_client.responses.create(model=MODEL, input="Hi").to_dict()
    assert str(answer["model"]).startswith(f"{MODEL}-20")
    assert "content_filters" not in answer
    assert answer["billing"] == {"payer": "developer"}


def test_a_plain_question_costs_what_a_recorded_one_costs(client: OpenAI) -> None:
    # Recorded: "Hello, model!" to gpt-4o-mini on Azure reports 11 input tokens.
    assert _input_tokens(client, model="gpt-4o-mini", input="Hello, model!") == 11
    # Recorded: developer "You are a helpful assistant" and "Say hi in Portuguese" to gpt-5-mini report 19.
    said = [
        {"role": "developer", "content": "You are a helpful assistant"},
        {"role": "user", "content": [{"type": "input_text", "text": "Say hi in Portuguese"}]},
    ]
    assert _input_tokens(client, model="gpt-5-mini", input=said) == 19


def test_another_client_can_retrieve_a_response(client: OpenAI, http: httpx2.Client) -> None:
    made = client.responses.create(model=MODEL, input="Keep this.", metadata={"lesson": "01"})
    found = http.get(f"responses/{made.id}").json()
    assert found == made.to_dict()


@pytest.mark.parametrize(
    ("query", "param"),
    [("include[]=nope", "include[0]"), ("stream=maybe", "stream"), ("starting_after=abc", "starting_after")],
)
def test_a_query_is_read_as_a_body_is(client: OpenAI, http: httpx2.Client, query: str, param: str) -> None:
    created = client.responses.create(model="gpt-5.4-mini", input="This is a test.")
    answer = http.get(f"responses/{created.id}?{query}")
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


def test_a_deleted_response_is_gone_with_the_recorded_words(client: OpenAI, http: httpx2.Client) -> None:
    made = client.responses.create(model=MODEL, input="Forget this.")
    deleted = http.delete(f"responses/{made.id}")
    assert deleted.json() == {"id": made.id, "object": "response.deleted", "deleted": True}
    with pytest.raises(openai.NotFoundError) as error:
        client.responses.retrieve(made.id)
    assert error.value.response.json() == {
        "error": {
            "message": f"Response with id '{made.id}' not found.",
            "type": "invalid_request_error",
            "param": None,
            "code": None,
        }
    }


def test_a_response_is_kept_for_thirty_days(client: OpenAI, clock: SteppedClock) -> None:
    made = client.responses.create(model=MODEL, input="Hi")
    clock.advance(29 * 24 * 3600)
    assert client.responses.retrieve(made.id).id == made.id
    clock.advance(24 * 3600)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(made.id)


def test_ids_follow_the_recorded_layout(client: OpenAI) -> None:
    kept = client.responses.create(model=MODEL, input="Hi")
    follow_up = client.responses.create(model=MODEL, input="And?", previous_response_id=kept.id)
    unkept = client.responses.create(model=MODEL, input="Hi", store=False)
    for response in (kept, follow_up, unkept):
        digits = response.id.removeprefix("resp_")
        assert len(digits) == 50
        assert int(digits[18:26], 16) == response.created_at
        assert digits[:18] == response.output[0].id.removeprefix("msg_")[:18]  # type: ignore[union-attr]
    assert kept.id[5:21] == follow_up.id[5:21] != unkept.id[5:21]
    assert kept.id[21:23] == "00"
    assert unkept.id[21:23] == "01"


def test_input_items_are_the_whole_context_newest_first(client: OpenAI) -> None:
    first = client.responses.create(model=MODEL, input="First question")
    second = client.responses.create(model=MODEL, input="Second question", previous_response_id=first.id)
    items = client.responses.input_items.list(second.id).data
    assert [getattr(item, "role", None) for item in items] == ["user", "assistant", "user"]
    assert items[2].content[0].text == "First question"  # type: ignore[union-attr]
    oldest = client.responses.input_items.list(second.id, order="asc", limit=1)
    assert oldest.data[0].id == items[2].id
    assert oldest.has_more
    rest = client.responses.input_items.list(second.id, order="asc", after=oldest.data[0].id)
    assert [item.id for item in rest.data] == [items[1].id, items[0].id]


@pytest.mark.parametrize(("limit", "code"), [(0, "integer_below_min_value"), (101, "integer_above_max_value")])
def test_input_items_come_in_pages_of_1_to_100(client: OpenAI, limit: int, code: str) -> None:
    made = client.responses.create(model=MODEL, input="Hi")
    with pytest.raises(openai.BadRequestError) as error:
        client.responses.input_items.list(made.id, limit=limit)
    assert error.value.code == code


def test_a_chain_is_billed_for_its_history_each_turn(client: OpenAI) -> None:
    first = client.responses.create(model=MODEL, input="One two three four five six seven.")
    second = client.responses.create(model=MODEL, input="And?", previous_response_id=first.id)
    assert first.usage is not None
    assert second.usage is not None
    assert second.usage.input_tokens > first.usage.input_tokens + first.usage.output_tokens


def test_manual_chaining_sees_what_automatic_chaining_sees(client: OpenAI) -> None:
    question = {"role": "user", "content": "Define catastrophic forgetting."}
    first = client.responses.create(model=MODEL, input=[question])  # type: ignore[list-item]
    follow_up = {"role": "user", "content": "Simpler."}
    automatic = client.responses.create(model=MODEL, previous_response_id=first.id, input=[follow_up])  # type: ignore[list-item]
    manual = client.responses.create(model=MODEL, input=[question, *first.output, follow_up])  # type: ignore[list-item]
    assert automatic.usage is not None
    assert manual.usage is not None
    assert automatic.usage.input_tokens == manual.usage.input_tokens


def test_instructions_do_not_travel_along_a_chain(client: OpenAI) -> None:
    first = client.responses.create(model=MODEL, input="Hi", instructions="Talk like a pirate.")
    second = client.responses.create(model=MODEL, input="Hi again", previous_response_id=first.id)
    assert "Talk like a pirate." in first.output_text
    assert second.instructions is None
    assert "Talk like a pirate." not in second.output_text


def test_a_fork_is_two_children_of_one_parent(client: OpenAI) -> None:
    parent = client.responses.create(model=MODEL, input="Hi")
    left = client.responses.create(model=MODEL, input="left", previous_response_id=parent.id)
    right = client.responses.create(model=MODEL, input="right", previous_response_id=parent.id)
    for child in (left, right):
        assert len(client.responses.input_items.list(child.id).data) == 3


def test_a_child_outlives_its_parent(client: OpenAI) -> None:
    parent = client.responses.create(model=MODEL, input="Hi")
    child = client.responses.create(model=MODEL, input="More", previous_response_id=parent.id)
    client.responses.delete(parent.id)
    grandchild = client.responses.create(model=MODEL, input="Still there?", previous_response_id=child.id)
    assert len(client.responses.input_items.list(grandchild.id).data) == 5


@pytest.mark.parametrize("how", ["never", "deleted", "store: false"])
def test_what_is_not_kept_cannot_be_followed(client: OpenAI, how: str) -> None:
    gone = "resp_" + "0" * 50
    if how != "never":
        gone = client.responses.create(model=MODEL, input="Hi", store=how == "deleted").id
    if how == "deleted":
        client.responses.delete(gone)
    with pytest.raises(openai.BadRequestError) as error:
        client.responses.create(model=MODEL, input="More", previous_response_id=gone)
    assert error.value.code == "previous_response_not_found"
    assert error.value.param == "previous_response_id"


def test_items_sent_beside_previous_response_id_are_duplicates(client: OpenAI) -> None:
    first = client.responses.create(model=MODEL, input="Hi")
    with pytest.raises(openai.BadRequestError, match="Duplicate item found with id msg_"):
        client.responses.create(model=MODEL, previous_response_id=first.id, input=first.output)  # type: ignore[arg-type]


async def test_sync_and_async_clients_share_one_world(async_client: AsyncOpenAI, client: OpenAI) -> None:
    made = await async_client.responses.create(model=MODEL, input="Hi")
    assert client.responses.retrieve(made.id).output_text == made.output_text


def test_the_same_seed_gives_the_same_ids(clock: SteppedClock) -> None:
    def first_id() -> str:
        from simulator import Transport

        http = httpx2.Client(transport=Transport(Service(seed="same", clock=SteppedClock())))
        client = OpenAI(base_url="https://lab.openai.azure.com/openai/v1/", api_key="a key", http_client=http)
        return client.responses.create(model=MODEL, input="Hi").id

    assert first_id() == first_id()


def _input_tokens(client: OpenAI, **request: Any) -> int:
    usage = client.responses.create(**request).usage
    assert usage is not None
    return usage.input_tokens
