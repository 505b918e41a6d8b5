"""The file_search tool: answers from vector stores, with citations of their files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import OpenAI

from simulator import Service
from simulator.clock import SteppedClock

MODEL = "gpt-5.4-mini"
QUESTION = "What is the capital of France?"
FRANCE = b"Paris is the capital of France. It is known for the Eiffel Tower."
ITALY = b"Rome is the capital of Italy. It is known for the Colosseum."
SCRIPT = f"""
- when: {{input: "{QUESTION}"}}
  say:
    - file_search: {{query: "{QUESTION}"}}
    - text: 'The capital of France is Paris{{{{ cite("france") }}}}.'
- when: {{input: And Italy?}}
  say:
    - file_search: {{queries: [capital of Italy, Colosseum]}}
    - text: 'It says: {{{{ found[0].text }}}}'
"""


@pytest.fixture
def model(scripted: Callable[[str], OpenAI]) -> OpenAI:
    return scripted(SCRIPT)


def filled(client: OpenAI, **attributes: Any) -> str:
    """Make a vector store of two files that are ready."""
    store = client.vector_stores.create(name="countries")
    for content, name in ((FRANCE, "france.txt"), (ITALY, "italy.txt")):
        file = client.files.create(file=(name, content), purpose="assistants")
        country: dict[str, Any] = {"country": name[:2], **attributes}
        client.vector_stores.files.create_and_poll(file.id, vector_store_id=store.id, attributes=country)
    return store.id


def ask(client: OpenAI, *stores: str, prompt: str = QUESTION, **request: Any) -> dict[str, Any]:
    members = request.pop("members", {})
    tool: Any = {"type": "file_search", "vector_store_ids": list(stores), **members}
    raw = client.responses.with_raw_response.create(model=MODEL, tools=[tool], input=prompt, **request)
    body: dict[str, Any] = json.loads(raw.text)
    return body


def call_of(body: dict[str, Any]) -> dict[str, Any]:
    (call,) = [item for item in body["output"] if item["type"] == "file_search_call"]
    return call


def refused(call: Any, *args: Any, **request: Any) -> dict[str, Any]:
    with pytest.raises(openai.APIStatusError) as error:
        call(*args, **request)
    return {"status": error.value.status_code, **error.value.response.json()["error"]}


def test_an_answer_cites_the_file_that_it_is_from(model: OpenAI, check: Any) -> None:
    body = ask(model, filled(model))
    check.response(body)
    call = call_of(body)
    assert call == {
        "id": call["id"],
        "type": "file_search_call",
        "status": "completed",
        "queries": [QUESTION],
        "results": None,
    }
    assert call["id"].startswith("fs_")
    part = body["output"][-1]["content"][0]
    assert part["text"] == "The capital of France is Paris."
    (note,) = part["annotations"]
    assert list(note) == ["type", "file_id", "filename", "index"]
    assert (note["type"], note["filename"], note["index"]) == ("file_citation", "france.txt", 30)  # as recorded


def test_events_come_in_the_order_of_recordings(model: OpenAI, check: Any) -> None:
    tool: Any = {"type": "file_search", "vector_store_ids": [filled(model)]}
    stream = model.responses.create(model=MODEL, tools=[tool], input=QUESTION, stream=True)
    events = [event.to_dict() for event in stream]
    check.stream(events)
    kinds = [str(event["type"]).removeprefix("response.") for event in events]
    added = kinds.index("output_item.added")
    assert events[added]["item"]["queries"] == []  # type: ignore[index]
    assert kinds[added + 1 : added + 5] == [
        "file_search_call.in_progress",
        "file_search_call.searching",
        "file_search_call.completed",
        "output_item.done",
    ]
    noted = kinds.index("output_text.annotation.added")
    assert events[noted + 1]["delta"] == "."


def test_results_are_shown_when_asked_for(model: OpenAI) -> None:
    store_id = filled(model)
    call = call_of(ask(model, store_id, include=["file_search_call.results"]))
    assert [one["filename"] for one in call["results"]] == ["france.txt", "italy.txt"]
    first = call["results"][0]
    assert set(first) == {"attributes", "file_id", "filename", "score", "text", "vector_store_id"}
    assert first["text"] == FRANCE.decode()
    assert first["attributes"] == {"country": "fr"}
    assert first["vector_store_id"] == store_id
    assert 0 < first["score"] <= 1


def test_results_can_be_asked_for_later(client: OpenAI) -> None:
    talk = client.conversations.create()
    body = ask(client, filled(client), conversation=talk.id)
    later = client.responses.retrieve(body["id"], include=["file_search_call.results"]).to_dict()
    assert call_of(later)["results"][0]["filename"] == "france.txt"
    assert call_of(client.responses.retrieve(body["id"]).to_dict())["results"] is None
    listed = client.conversations.items.list(talk.id, include=["file_search_call.results"])
    assert [item.to_dict() for item in listed if item.type == "file_search_call"] == [call_of(later)]


def test_a_script_may_quote_what_was_found_and_ask_twice(model: OpenAI) -> None:
    body = ask(model, filled(model), prompt="And Italy?")
    assert call_of(body)["queries"] == ["capital of Italy", "Colosseum"]
    assert body["output"][-1]["content"][0]["text"] == f"It says: {ITALY.decode()}"


@pytest.mark.parametrize(
    ("members", "names"),
    [
        ({"max_num_results": 1}, ["france.txt"]),
        ({"filters": {"type": "eq", "key": "country", "value": "it"}}, ["italy.txt"]),
        ({"ranking_options": {"score_threshold": 1.0}}, []),
    ],
)
def test_the_tool_narrows_what_is_found(client: OpenAI, members: dict[str, Any], names: list[str]) -> None:
    body = ask(client, filled(client), members=members, include=["file_search_call.results"])
    assert [one["filename"] for one in call_of(body)["results"]] == names


def test_several_stores_are_searched(client: OpenAI) -> None:
    stores = [filled(client), filled(client)]
    found = call_of(ask(client, *stores, include=["file_search_call.results"]))["results"]
    assert {one["vector_store_id"] for one in found} == set(stores)


def test_what_is_found_is_billed_as_input(client: OpenAI) -> None:
    store_id = filled(client)
    one, two = (
        ask(client, store_id, members={"max_num_results": number})["usage"]["input_tokens"] for number in (1, 2)
    )
    assert 0 < one < two


def test_the_tool_is_repeated_as_recorded(client: OpenAI) -> None:
    store_id = filled(client)
    assert ask(client, store_id)["tools"] == [
        {
            "type": "file_search",
            "filters": None,
            "max_num_results": 20,
            "vector_store_ids": [store_id],
            "ranking_options": {"ranker": "auto", "score_threshold": 0.0},
        }
    ]


@pytest.mark.parametrize(
    ("members", "param"),
    [
        ({"vector_store_ids": []}, "tools[0].vector_store_ids"),
        ({"max_num_results": 0}, "tools[0].max_num_results"),
        ({"ranking_options": {"score_threshold": -1}}, "tools[0].ranking_options.score_threshold"),
        ({"filters": {"type": "in", "key": "country", "value": "fr"}}, "tools[0].filters.value"),
        ({"max_results": 3}, "tools[0].max_results"),
    ],
)
def test_a_tool_that_the_service_would_refuse_is_refused(client: OpenAI, members: dict[str, Any], param: str) -> None:
    error = refused(ask, client, filled(client), members=members)
    assert (error["status"], error["param"]) == (400, param)


def test_a_store_that_is_not_there_is_said_before_anything_happens(client: OpenAI) -> None:
    assert refused(ask, client, "vs_nobody")["message"] == "No vector store found with id 'vs_nobody'."
    tool: Any = {"type": "file_search", "vector_store_ids": ["vs_nobody"]}
    assert refused(client.responses.create, model=MODEL, tools=[tool], input="Hi.", stream=True)["status"] == 404


def test_an_expired_store_is_refused(client: OpenAI, clock: SteppedClock) -> None:
    store = client.vector_stores.create(name="short", expires_after={"anchor": "last_active_at", "days": 1})
    clock.advance(25 * 3600)
    assert refused(ask, client, store.id)["message"] == f"Vector store '{store.id}' has expired."


def test_a_file_that_is_not_ready_is_not_found(client: OpenAI, service: Service) -> None:
    store_id = filled(client)
    for file in service.world.store.table("vector_stores")[store_id].files.values():
        file.body["status"], file.due = "in_progress", file.due + 1000
    assert call_of(ask(client, store_id, include=["file_search_call.results"]))["results"] == []


def test_a_search_is_handed_back_with_its_id(client: OpenAI) -> None:
    body = ask(client, filled(client))
    history = [{"role": "user", "content": QUESTION}, *body["output"], {"role": "user", "content": "Thanks."}]
    assert client.responses.create(model=MODEL, input=history, store=False).status == "completed"
    without = [{key: value for key, value in item.items() if key != "id"} for item in history]
    error = refused(client.responses.create, model=MODEL, input=without, store=False)
    assert (error["param"], error["code"]) == ("input[1].id", "missing_required_parameter")


def test_the_glass_box_searches_the_files_and_cites_them(client: OpenAI) -> None:
    body = ask(client, filled(client))
    part = body["output"][-1]["content"][0]
    assert part["text"].startswith("**No model is here.**")
    assert "- Paris is the capital of France.\n" in part["text"]
    assert [note["filename"] for note in part["annotations"]] == ["france.txt", "italy.txt"]
    nothing = ask(client, filled(client), prompt="Why do volcanoes erupt?")
    assert "found nothing" in nothing["output"][-1]["content"][0]["text"]


def test_a_lesson_can_search_its_own_manual(client: OpenAI) -> None:
    manual = Path(__file__).parents[2] / "data" / "samples" / "maintenance_manual.pdf"
    file = client.files.create(file=manual, purpose="assistants")
    store = client.vector_stores.create(name="manual", file_ids=[file.id])
    body = ask(client, store.id, prompt="What do I do with a swollen battery?", include=["file_search_call.results"])
    assert "sand box" in call_of(body)["results"][0]["text"]
    assert body["output"][-1]["content"][0]["annotations"][0]["filename"] == "maintenance_manual.pdf"
