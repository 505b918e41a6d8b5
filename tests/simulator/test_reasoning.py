"""Reasoning: items, effort, summaries, encrypted content, what later turns read again, and what a model refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import openai
import pytest
from openai import OpenAI
from openai.types.responses import ResponseFunctionToolCall

from simulator import Service, Transport

MODEL = "gpt-5-mini"
ENCRYPTED: Any = ["reasoning.encrypted_content"]
QUESTION = "How many stations are within two kilometres of the harbour?"
COUNT = {
    "type": "function",
    "name": "count_stations",
    "description": "Count stations near a place",
    "parameters": {"type": "object", "properties": {"place": {"type": "string"}}},
    "strict": False,
}
SCRIPT = """
- when: {input: Think.}
  say:
    - reasoning: {summary: ["**First**\\n\\nI look.", "**Then**\\n\\nI decide."], tokens: 128}
    - text: Decided.
- when: {input: Think hard.}
  say: [{reasoning: {tokens: 320}}, {text: The answer is long and takes quite a few tokens to be said in full.}]
- when: {input: Call., outputs: true}
  say: [{reasoning: {tokens: 64}}, {text: "It is {{ count_stations }}."}]
- when: {input: Call.}
  say:
    - reasoning: {summary: I need the count., tokens: 192}
    - call: {name: count_stations, arguments: {place: harbour}}
"""


def reasoning_of(response: Any) -> list[Any]:
    return [item for item in response.output if item.type == "reasoning"]


def refused(client: OpenAI, **request: Any) -> dict[str, Any]:
    with pytest.raises(openai.APIStatusError) as error:
        client.responses.create(**{"model": MODEL, "input": "Hi", **request})
    return {"status": error.value.status_code, **error.value.response.json()["error"]}


# -- items -------------------------------------------------------------------------------------------------------------


def test_a_reasoning_item_has_the_members_of_the_newest_recordings(http: httpx2.Client, check: Any) -> None:
    body = http.post("responses", json={"model": MODEL, "input": QUESTION, "include": ENCRYPTED}).json()
    check.response(body)
    assert list(body["output"][0]) == ["id", "type", "content", "summary", "encrypted_content"]
    assert body["output"][0]["content"] == []
    assert body["reasoning"] == {
        "context": "current_turn",
        "effort": "medium",
        "mode": "standard",
        "summary": None,
    }


def test_a_model_that_does_not_reason_makes_no_item(client: OpenAI) -> None:
    answer = client.responses.create(model="gpt-4.1", input=QUESTION)
    assert [item.type for item in answer.output] == ["message"]
    assert answer.reasoning is not None
    assert answer.reasoning.to_dict() == {"context": None, "effort": None, "summary": None}


def test_a_summary_is_shown_only_where_it_was_asked_for(scripted: Callable[[str], OpenAI]) -> None:
    client = scripted(SCRIPT)
    (silent,) = reasoning_of(client.responses.create(model=MODEL, input="Think."))
    assert silent.summary == []
    answer = client.responses.create(model=MODEL, input="Think.", reasoning={"summary": "auto"})
    assert answer.reasoning is not None
    assert answer.reasoning.summary == "detailed"  # recorded: auto comes back as what it became
    (shown,) = reasoning_of(answer)
    assert [part.text for part in shown.summary] == ["**First**\n\nI look.", "**Then**\n\nI decide."]
    concise = client.responses.create(
        model="gpt-5.4", input="Think.", reasoning={"effort": "low", "summary": "concise"}
    )
    assert len(reasoning_of(concise)[0].summary) == 1


def test_summary_parts_stream_in_order_and_encrypted_content_is_whole_only_in_done(
    scripted: Callable[[str], OpenAI], check: Any
) -> None:
    stream = scripted(SCRIPT).responses.create(
        model=MODEL, input="Think.", reasoning={"summary": "auto"}, include=ENCRYPTED, stream=True
    )
    events = [event.to_dict(mode="json") for event in stream]
    check.stream(events)
    added, done = (
        next(event["item"] for event in events if event["type"] == f"response.output_item.{when}")
        for when in ("added", "done")
    )
    assert len(added["encrypted_content"]) < len(done["encrypted_content"])
    said = [event["text"] for event in events if event["type"] == "response.reasoning_summary_text.done"]
    assert said == ["**First**\n\nI look.", "**Then**\n\nI decide."]


# -- effort ------------------------------------------------------------------------------------------------------------


def thought(client: OpenAI, **request: Any) -> int:
    usage = client.responses.create(**{"model": MODEL, "input": QUESTION, **request}).usage
    assert usage is not None
    assert usage.output_tokens > usage.output_tokens_details.reasoning_tokens
    return usage.output_tokens_details.reasoning_tokens


def test_more_effort_thinks_more_and_the_same_request_thinks_the_same(client: OpenAI) -> None:
    spent = [thought(client, reasoning={"effort": effort}) for effort in ("minimal", "low", "medium", "high")]
    assert spent == sorted(set(spent))
    assert spent[0] == 0
    assert thought(client, reasoning={"effort": "high"}) == spent[-1]
    efforts = ("low", "medium", "high", "xhigh", "max")
    latest = [thought(client, model="gpt-5.6-sol", reasoning={"effort": effort}) for effort in efforts]
    assert latest == sorted(set(latest))


def test_models_up_to_gpt_5_bill_reasoning_in_steps_of_64_as_recorded(client: OpenAI) -> None:
    for model in ("gpt-5-mini", "o4-mini"):
        assert thought(client, model=model, input=QUESTION * 7) % 64 == 0
    assert thought(client, model="gpt-5.5", input=QUESTION * 7) % 64 != 0


def test_effort_none_is_the_default_of_gpt_5_1_and_thinks_nothing(client: OpenAI) -> None:
    answer = client.responses.create(model="gpt-5.1", input=QUESTION)
    assert reasoning_of(answer) == []
    assert answer.reasoning is not None
    assert answer.reasoning.effort == "none"
    assert reasoning_of(client.responses.create(model="gpt-5.1", input=QUESTION, reasoning={"effort": "low"}))


@pytest.mark.parametrize(
    ("model", "effort", "supported"),
    [
        ("gpt-5.1", "minimal", "'none', 'low', 'medium', and 'high'"),
        ("gpt-5", "none", "'minimal', 'low', 'medium', and 'high'"),
        ("gpt-5-codex", "minimal", "'low', 'medium', and 'high'"),
        ("gpt-5-pro", "low", "'high'"),
        ("o3", "xhigh", "'low', 'medium', and 'high'"),
        ("gpt-5.4", "max", "'none', 'low', 'medium', 'high', and 'xhigh'"),
        ("gpt-6-astra", "none", "'low', 'medium', 'high', 'xhigh', and 'max'"),
    ],
)
def test_an_effort_that_a_model_does_not_have_is_refused_with_those_it_has(
    client: OpenAI, model: str, effort: str, supported: str
) -> None:
    error = refused(client, model=model, reasoning={"effort": effort})
    assert error["message"] == (
        f"Unsupported value: '{effort}' is not supported with the '{model}' model. Supported values are: {supported}."
    )
    assert (error["status"], error["param"], error["code"]) == (400, "reasoning.effort", "unsupported_value")


def test_minimal_effort_rules_out_web_search_as_reported(client: OpenAI) -> None:
    error = refused(client, reasoning={"effort": "minimal"}, tools=[{"type": "web_search"}])
    assert error["message"] == "The following tools cannot be used with reasoning.effort 'minimal': web_search."


@pytest.mark.parametrize(
    ("request_", "message", "param", "code"),
    [
        ({"temperature": 0.2}, "'temperature'", "temperature", None),
        ({"top_p": 0.5}, "'top_p'", "top_p", None),
        ({"extra_body": {"presence_penalty": 0.5}}, "'presence_penalty'", "presence_penalty", None),
        ({"top_logprobs": 1}, "logprobs are not supported with", "top_logprobs", "unsupported_parameter"),
        ({"include": ["message.output_text.logprobs"]}, "logprobs are not", "include", "unsupported_parameter"),
        ({"reasoning": {"summary": "concise"}}, "'concise' is not supported", "reasoning.summary", "unsupported_value"),
        ({"model": "o4-mini", "text": {"verbosity": "low"}}, "'low' is not", "text.verbosity", "unsupported_value"),
        ({"model": "gpt-4.1", "reasoning": {"summary": "auto"}}, "'reasoning.summary'", "reasoning.summary", ...),
        ({"model": "gpt-4.1", "include": ENCRYPTED}, "Encrypted content is not supported with", "include", None),
        ({"model": "gpt-5-pro", "stream": True}, "'true' is not supported with the 'gpt-5-pro'", "stream", ...),
        (
            {"model": "gpt-5.6-sol", "prompt_cache_retention": "in_memory"},
            "This model is compatible only with",
            ...,
            ...,
        ),
    ],
)
def test_what_a_model_does_not_take_is_refused_not_ignored(
    client: OpenAI, request_: dict[str, Any], message: str, param: Any, code: Any
) -> None:
    error = refused(client, **request_)
    assert error["status"] == 400
    assert message in error["message"]
    assert param in (..., error["param"])
    assert code in (..., error["code"])


def test_sampling_parameters_at_their_defaults_pass(client: OpenAI) -> None:
    client.responses.create(model=MODEL, input="Hi", temperature=1, top_p=1, top_logprobs=0)


def test_what_a_request_refers_to_is_looked_up_before_what_its_model_takes(client: OpenAI) -> None:
    # As probed: a response that is not there outranks a temperature that is not taken.
    assert refused(client, previous_response_id="resp_x", temperature=0.5)["code"] == "previous_response_not_found"


# -- stateless ---------------------------------------------------------------------------------------------------------


def loop(client: OpenAI, **request: Any) -> tuple[Any, list[Any], Any]:
    """Go round a tool loop without any state: return the first answer, what was sent back, and the second answer."""
    history: list[Any] = [{"role": "user", "content": "Call."}]
    asked = client.responses.create(model=MODEL, input=history, tools=[COUNT], store=False, **request)
    (call,) = [item for item in asked.output if item.type == "function_call"]
    history += [*asked.output, {"type": "function_call_output", "call_id": call.call_id, "output": "7"}]
    return asked, history, client.responses.create(model=MODEL, input=history, tools=[COUNT], store=False, **request)


def test_a_stateless_tool_loop_works_with_encrypted_reasoning(scripted: Callable[[str], OpenAI]) -> None:
    asked, _, answer = loop(scripted(SCRIPT), include=ENCRYPTED)
    assert answer.output_text == "It is 7."
    assert reasoning_of(asked)[0].encrypted_content.startswith("gAAAA")
    assert "I need the count." not in asked.to_json()
    assert asked.id[5:23] == answer.id[5:23]  # recorded: ids that come back keep their family, and 01 for store: false
    assert asked.id[21:23] == "01"


def test_without_include_the_second_turn_of_a_stateless_loop_fails_as_reported(
    scripted: Callable[[str], OpenAI],
) -> None:
    with pytest.raises(openai.NotFoundError) as error:
        loop(scripted(SCRIPT))
    detail = error.value.response.json()["error"]
    assert detail["message"].endswith(
        "not found. Items are not persisted when `store` is set to false. Try again with `store` set to true, or "
        "remove this item from your input."
    )
    assert (detail["param"], detail["code"]) == ("input", None)


def test_an_encrypted_item_may_come_back_without_its_id_as_recorded(scripted: Callable[[str], OpenAI]) -> None:
    client = scripted(SCRIPT)
    _, history, _ = loop(client, include=ENCRYPTED)
    sent = [item if isinstance(item, dict) else item.to_dict() for item in history]
    stripped = [{key: value for key, value in item.items() if key != "id"} for item in sent]
    assert client.responses.create(model=MODEL, input=stripped, tools=[COUNT], store=False).output_text == "It is 7."


def test_encrypted_content_that_was_changed_is_refused(scripted: Callable[[str], OpenAI]) -> None:
    client = scripted(SCRIPT)
    _, history, _ = loop(client, include=ENCRYPTED)
    sealed = history[1].encrypted_content
    for changed in (sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:], "not sealed at all", sealed[:-8]):
        item = {**history[1].to_dict(), "encrypted_content": changed}
        error = refused(client, input=[history[0], item, *history[2:]], tools=[COUNT], store=False)
        assert error["code"] == "invalid_encrypted_content"
        assert error["message"] == (
            f"The encrypted content for item {history[1].id} could not be verified. Reason: Encrypted content could "
            "not be decrypted or parsed."
        )


def test_encrypted_content_of_another_service_or_another_item_is_refused(scripted: Callable[[str], OpenAI]) -> None:
    client = scripted(SCRIPT)
    _, history, _ = loop(client, include=ENCRYPTED)
    item = history[1].to_dict()
    other = {**item, "id": item["id"][:-4] + "ffff"}
    error = refused(client, input=[history[0], other, *history[2:]], tools=[COUNT], store=False)
    assert error["code"] == "invalid_encrypted_content"
    assert "did not match the target item id" in error["message"]
    with httpx2.Client(transport=Transport(Service(seed="another key"))) as http:
        elsewhere = OpenAI(
            base_url="https://b.openai.azure.com/openai/v1/", api_key="k", http_client=http, max_retries=0
        )
        error = refused(elsewhere, input=history, tools=[COUNT], store=False)
    assert error["code"] == "invalid_encrypted_content"


# -- items that belong together ----------------------------------------------------------------------------------------


def test_reasoning_without_what_it_led_to_is_refused_as_recorded(client: OpenAI) -> None:
    answer = client.responses.create(model=MODEL, input="What is the meaning of life?")
    (thinking,) = reasoning_of(answer)
    edited = {"role": "assistant", "content": "The meaning of life is 42"}
    for rest in ([], [edited], [{"role": "user", "content": "Anything to add?"}]):
        error = refused(client, input=[{"role": "user", "content": "What is the meaning of life?"}, thinking, *rest])
        assert error == {
            "status": 400,
            "message": f"Item '{thinking.id}' of type 'reasoning' was provided without its required following item.",
            "type": "invalid_request_error",
            "param": "input",
            "code": None,
        }


def test_a_message_or_call_without_its_reasoning_is_refused_as_reported(client: OpenAI) -> None:
    for request in ({}, {"tools": [COUNT], "tool_choice": "required"}):
        answer = client.responses.create(model=MODEL, input="Count the stations", **request)
        thinking, made = answer.output
        output = {"type": "function_call_output", "call_id": getattr(made, "call_id", ""), "output": "7"}
        rest = [output] if made.type == "function_call" else [{"role": "user", "content": "And?"}]
        for alone in (made, {"type": "item_reference", "id": made.id}):
            assert refused(client, input=[alone, *rest])["message"] == (
                f"Item '{made.id}' of type '{made.type}' was provided without its required 'reasoning' item: "
                f"'{thinking.id}'."
            )
        # Together, or without its id, it passes.
        client.responses.create(model=MODEL, input=[thinking, made, *rest])
        loose = {key: value for key, value in made.to_dict().items() if key != "id"}
        client.responses.create(model=MODEL, input=[loose, *rest])


@pytest.mark.parametrize("store", [True, False])
def test_a_call_may_leave_its_id_out_behind_its_reasoning(client: OpenAI, store: bool) -> None:
    # Recorded with store: false (pydantic-ai, interleaved reasoning); Vercel's AI SDK does it with a reference.
    answer = client.responses.create(
        model=MODEL, input="Count the stations", tools=[COUNT], tool_choice="required", store=store, include=ENCRYPTED
    )
    thinking, made = answer.output
    assert isinstance(made, ResponseFunctionToolCall)
    call = {"type": "function_call", "call_id": made.call_id, "name": made.name, "arguments": made.arguments}
    output = {"type": "function_call_output", "call_id": made.call_id, "output": "7"}
    kept: list[Any] = [thinking, {"type": "item_reference", "id": thinking.id}] if store else [thinking]
    for item in kept:
        history: list[Any] = [{"role": "user", "content": "Count the stations"}, item, call, output]
        assert client.responses.create(model=MODEL, input=history, tools=[COUNT], store=store).status == "completed"
    if store:  # Another call is not the one that it led to.
        history[2:] = [call | {"call_id": "call_other"}, output | {"call_id": "call_other"}]
        assert "without its required following item" in refused(client, input=history, tools=[COUNT])["message"]


def test_output_that_is_replayed_whole_passes(client: OpenAI) -> None:
    history: list[Any] = [{"role": "user", "content": QUESTION}]
    for _ in range(3):
        answer = client.responses.create(model=MODEL, input=history)
        history += [*answer.output, {"role": "user", "content": "And within three?"}]
    family = {item.id.partition("_")[2][:16] for item in history if not isinstance(item, dict)}
    assert len(family) == 1


# -- what later turns read again ---------------------------------------------------------------------------------------


def test_within_a_turn_reasoning_is_read_again_and_billed_as_recorded(scripted: Callable[[str], OpenAI]) -> None:
    # Recorded for gpt-5.5: each call of a loop costs what the one before it put out, plus the tool's answer.
    asked, _, answer = loop(scripted(SCRIPT), include=ENCRYPTED)
    assert asked.usage.output_tokens_details.reasoning_tokens == 192
    grown = answer.usage.input_tokens - asked.usage.input_tokens
    assert 0 < grown - asked.usage.output_tokens < 15


def test_an_earlier_turns_reasoning_costs_input_only_with_all_turns(scripted: Callable[[str], OpenAI]) -> None:
    client = scripted(SCRIPT)

    def second_turn(model: str, **reasoning: Any) -> int:
        first = client.responses.create(model=model, input="Think hard.", reasoning=reasoning)
        answer = client.responses.create(model=model, input="Next.", previous_response_id=first.id, reasoning=reasoning)
        assert answer.usage is not None
        return answer.usage.input_tokens

    assert second_turn("gpt-5.6-sol") - second_turn("gpt-5.6-sol", context="current_turn") == 320
    assert second_turn("gpt-5.5", context="all_turns") - second_turn("gpt-5.5") == 320


# -- max_output_tokens -------------------------------------------------------------------------------------------------


def test_a_budget_that_reasoning_uses_up_leaves_no_text(scripted: Callable[[str], OpenAI]) -> None:
    answer = scripted(SCRIPT).responses.create(model=MODEL, input="Think hard.", max_output_tokens=100)
    assert (answer.status, answer.output_text) == ("incomplete", "")
    assert answer.incomplete_details is not None
    assert answer.incomplete_details.reason == "max_output_tokens"
    assert [item.type for item in answer.output] == ["reasoning"]
    assert answer.usage is not None
    assert answer.usage.output_tokens == answer.usage.output_tokens_details.reasoning_tokens == 100
    assert answer.to_dict()["completed_at"] is None


@pytest.mark.parametrize("limit", [325, 328, 332])
def test_a_budget_that_ends_within_the_text_cuts_it(scripted: Callable[[str], OpenAI], check: Any, limit: int) -> None:
    stream = scripted(SCRIPT).responses.create(model=MODEL, input="Think hard.", max_output_tokens=limit, stream=True)
    events = [event.to_dict(mode="json") for event in stream]
    check.stream(events)
    body: Any = events[-1]["response"]
    assert events[-1]["type"] == "response.incomplete"
    assert body["output"][1]["status"] == "incomplete"
    assert "The answer is long and takes quite".startswith(body["output"][1]["content"][0]["text"][:20])
    assert body["usage"]["output_tokens"] == limit


def test_a_budget_that_ends_within_arguments_leaves_an_incomplete_call(
    scripted: Callable[[str], OpenAI], check: Any
) -> None:
    stream = scripted(SCRIPT).responses.create(
        model=MODEL, input="Call.", tools=[COUNT], max_output_tokens=204, stream=True
    )
    events = [event.to_dict(mode="json") for event in stream]
    check.stream(events)
    (call,) = [item for item in events[-1]["response"]["output"] if item["type"] == "function_call"]
    assert call["status"] == "incomplete"
    assert not call["arguments"].endswith("}")


def test_a_refusal_obeys_the_budget_too(scripted: Callable[[str], OpenAI]) -> None:
    words = "I must say no to this and to all that is like it. " * 3
    client = scripted(f"- when: {{input: No.}}\n  say: [{{refusal: {words}}}]\n")
    answer = client.responses.create(model="gpt-4.1", input="No.", max_output_tokens=16)
    assert answer.status == "incomplete"
    (part,) = answer.output[0].content
    assert part.type == "refusal"
    assert words.startswith(part.refusal)
    assert answer.usage is not None
    assert answer.usage.output_tokens == 16


# -- verbosity and phases ----------------------------------------------------------------------------------------------


def test_low_verbosity_says_less(client: OpenAI) -> None:
    lengths = [
        len(client.responses.create(model=MODEL, input=QUESTION, text={"verbosity": level}).output_text)
        for level in ("low", "medium")
    ]
    assert lengths[0] < lengths[1]


def test_a_script_tells_levels_of_verbosity_apart(scripted: Callable[[str], OpenAI]) -> None:
    client = scripted(
        "- when: {input: Why?, verbosity: low}\n  say: So.\n- when: {input: Why?}\n  say: For a reason.\n"
    )
    assert client.responses.create(model=MODEL, input="Why?", text={"verbosity": "low"}).output_text == "So."
    assert client.responses.create(model=MODEL, input="Why?").output_text == "For a reason."


def test_a_preamble_is_commentary_where_messages_have_phases(scripted: Callable[[str], OpenAI]) -> None:
    client = scripted(
        "- when: {input: Count., tools: [count_stations]}\n"
        "  say: [{preamble: I count the stations first.}, {call: {name: count_stations, arguments: {}}}]\n"
    )
    said = client.responses.create(model="gpt-5.4", input="Count.", tools=[COUNT]).to_dict()["output"]
    assert [item["type"] for item in said] == ["message", "function_call"]
    assert said[0]["phase"] == "commentary"
    older = client.responses.create(model="gpt-5.1", input="Count.", tools=[COUNT]).to_dict()["output"]
    assert "phase" not in older[0]
    # A phase that is sent back is kept, on assistant messages; on others it is unknown, as probed.
    history: list[Any] = [
        {"role": "assistant", "content": "Done.", "phase": "final_answer"},
        {"role": "user", "content": "Hi"},
    ]
    made = client.responses.create(model="gpt-5.4", input=history)
    kept = client.responses.input_items.list(made.id, order="asc").data[0].to_dict()
    assert kept["phase"] == "final_answer"
    error = refused(client, input=[{"role": "user", "content": "Hi", "phase": "final_answer"}])
    assert (error["param"], error["code"]) == ("input[0].phase", "unknown_parameter")
