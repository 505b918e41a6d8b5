"""Computer use: the model says what to do on a screen, the caller does it, sends a picture, and minds safety checks."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

import openai
import pytest
from openai import OpenAI
from PIL import Image

MODEL = "gpt-5.4"
TODAY: Any = [{"type": "computer"}]
PREVIEW: Any = [
    {"type": "computer_use_preview", "display_width": 1024, "display_height": 768, "environment": "browser"}
]
SCRIPT = """
- when: {input: Book a bike.}
  say: [{computer: {actions: [{type: screenshot}]}}]
- when: {input: Book a bike., step: 1}
  say:
    - computer:
        actions: [{type: click, x: 10, y: 20, button: left}, {type: type, text: Harbour}]
- when: {input: Book a bike., step: 2}
  say:
    - computer:
        actions: [{type: click, x: 30, y: 40, button: left}]
        checks: [{code: malicious_instructions, message: The page gives orders.}]
- when: {input: Book a bike., step: 3}
  say: Booked.
"""


@pytest.fixture
def model(scripted: Callable[[str], OpenAI]) -> OpenAI:
    return scripted(SCRIPT)


def screenshot() -> str:
    drawn = io.BytesIO()
    Image.new("RGB", (1024, 768), "white").save(drawn, "PNG")
    return "data:image/png;base64," + base64.b64encode(drawn.getvalue()).decode()


def call_of(response: Any) -> Any:
    return next(item for item in response.output if item.type == "computer_call")


def seen(call: Any, **more: Any) -> Any:
    output = {"type": "computer_screenshot", "image_url": screenshot(), **more.pop("output", {})}
    return [{"type": "computer_call_output", "call_id": call.call_id, "output": output, **more}]


def go_on(client: OpenAI, response: Any, given: Any, tools: Any = TODAY, **more: Any) -> Any:
    return client.responses.create(
        model=more.pop("model", MODEL), tools=tools, previous_response_id=response.id, input=given, **more
    )


def test_the_loop_of_today(model: OpenAI, check: Any) -> None:
    first = model.responses.create(model=MODEL, tools=TODAY, input="Book a bike.")
    check.response(first.to_dict())
    assert [item.type for item in first.output] == ["computer_call"]
    call = call_of(first)
    assert set(call.to_dict()) == {"id", "type", "status", "call_id", "pending_safety_checks", "actions"}
    assert [action.type for action in call.actions] == ["screenshot"]
    second = go_on(model, first, seen(call))
    assert [action.to_dict() for action in call_of(second).actions] == [
        {"type": "click", "x": 10, "y": 20, "button": "left"},
        {"type": "type", "text": "Harbour"},
    ]
    assert second.usage.input_tokens > first.usage.input_tokens + 500  # type: ignore[union-attr]


def test_a_safety_check_has_to_be_acknowledged(model: OpenAI) -> None:
    response = model.responses.create(model=MODEL, tools=TODAY, input="Book a bike.")
    for _ in range(2):
        response = go_on(model, response, seen(call_of(response)))
    call = call_of(response)
    [pending] = call.pending_safety_checks
    assert (pending.code, pending.message) == ("malicious_instructions", "The page gives orders.")
    with pytest.raises(openai.BadRequestError, match="Computer tool has unacknowledged safety check for") as refused:
        go_on(model, response, seen(call))
    assert pending.id in str(refused.value)
    done = go_on(model, response, seen(call, acknowledged_safety_checks=[pending.to_dict()]))
    assert done.output_text == "Booked."


def test_the_preview_tool_gives_one_action_a_call(model: OpenAI) -> None:
    preview: dict[str, Any] = {"model": "computer-use-preview", "truncation": "auto"}
    first = model.responses.create(tools=PREVIEW, input="Book a bike.", **preview)
    call = call_of(first).to_dict()
    assert set(call) == {"id", "type", "status", "call_id", "pending_safety_checks", "action"}  # as recorded
    second = go_on(model, first, seen(call_of(first)), PREVIEW, **preview)
    assert call_of(second).action.type == "click"


def test_the_preview_tool_wants_truncation(model: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="truncation"):
        model.responses.create(model="computer-use-preview", tools=PREVIEW, input="Book a bike.")


@pytest.mark.parametrize(("name", "tools"), [("gpt-4.1", TODAY), ("o3", TODAY), ("gpt-5.4", PREVIEW)])
def test_a_model_that_cannot_says_so(client: OpenAI, name: str, tools: Any) -> None:
    with pytest.raises(openai.BadRequestError, match="is not supported with") as refused:
        client.responses.create(model=name, tools=tools, input="Book a bike.", truncation="auto")
    assert refused.value.param == "tools"


def test_the_call_wants_a_picture_and_gets_one_that_is_one(model: OpenAI) -> None:
    first = model.responses.create(model=MODEL, tools=TODAY, input="Book a bike.")
    with pytest.raises(openai.BadRequestError, match="No tool output found for computer call"):
        go_on(model, first, "Go on.")
    with pytest.raises(openai.BadRequestError, match="does not represent a valid image"):
        go_on(model, first, seen(call_of(first), output={"image_url": "data:image/png;base64,aGVsbG8="}))
    with pytest.raises(openai.BadRequestError, match=r"Invalid 'input\[0\].output.image_url'") as empty:
        go_on(model, first, seen(call_of(first), output={"image_url": ""}))
    assert empty.value.param == "input[0].output.image_url"
    answer = seen(call_of(first))
    del answer[0]["output"]["image_url"]
    with pytest.raises(openai.BadRequestError, match=r"Missing required parameter: 'input\[0\].output.image_url'"):
        go_on(model, first, answer)
    assert call_of(go_on(model, first, seen(call_of(first), output={"detail": "original"})))


def test_events_are_added_and_done(model: OpenAI, check: Any) -> None:
    stream = model.responses.create(model=MODEL, tools=TODAY, input="Book a bike.", stream=True)
    events = [event.to_dict() for event in stream]
    check.stream(events)
    assert [event["type"] for event in events[2:-1]] == ["response.output_item.added", "response.output_item.done"]


def test_the_glass_box_looks_first(client: OpenAI) -> None:
    first = client.responses.create(model=MODEL, tools=TODAY, input="Click on the Save button.")
    assert call_of(first).actions[0].type == "screenshot"
    second = go_on(client, first, seen(call_of(first)))
    assert "No model is here" in second.output_text
    assert "1024 × 768 pixels" in second.output_text
