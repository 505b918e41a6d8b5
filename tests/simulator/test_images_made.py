"""image_generation: a real picture of the asked size that says it is a stand-in, as requests want it, or refused."""

from __future__ import annotations

import base64
import io
from typing import Any

import openai
import pytest
from openai import OpenAI
from PIL import Image

MODEL = "gpt-5.4-mini"
OTTER = "Generate an image of gray tabby cat hugging an otter with an orange scarf"
TO_DRAW = {"x-ms-oai-image-generation-deployment": "gpt-image-1"}


def draw(client: OpenAI, prompt: str = OTTER, headers: dict[str, str] | None = TO_DRAW, **tool: Any) -> Any:
    return client.responses.create(
        model=MODEL, input=prompt, tools=[{"type": "image_generation", **tool}], extra_headers=headers  # type: ignore[list-item]
    )  # fmt: skip


def call_of(response: Any) -> Any:
    return next(item for item in response.output if item.type == "image_generation_call")


def picture_of(response: Any) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(call_of(response).result)))


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
@pytest.mark.parametrize("size", ["1024x1024", "1024x1536", "1536x1024"])
def test_a_picture_has_the_asked_size_and_format(client: OpenAI, kind: str, size: str) -> None:
    response = draw(client, output_format=kind, size=size, quality="low")
    picture = picture_of(response)
    assert (picture.format, f"{picture.width}x{picture.height}") == (kind.upper(), size)
    assert len(base64.b64decode(call_of(response).result)) < 60_000


def test_the_item_has_the_members_of_recordings(client: OpenAI, check: Any) -> None:
    response = draw(client)
    check.response(response.to_dict())
    call = call_of(response).to_dict()
    assert set(call) == {
        *("id", "type", "status", "background", "output_format", "quality", "result", "revised_prompt", "size"),
    }
    assert (call["status"], call["quality"], call["background"]) == ("completed", "high", "opaque")
    used = response.to_dict()["tool_usage"]["image_gen"]
    assert used["output_tokens"] == 4160  # OpenAI's table: a square picture of quality high
    assert used["total_tokens"] == used["input_tokens"] + used["output_tokens"]


def test_the_same_prompt_draws_the_same_picture(client: OpenAI) -> None:
    first, again, other = draw(client), draw(client), draw(client, "Draw a bike.")
    assert call_of(first).result == call_of(again).result != call_of(other).result


@pytest.mark.parametrize("partials", [0, 2, 3])
def test_events_come_in_the_order_of_recordings(client: OpenAI, check: Any, partials: int) -> None:
    stream = client.responses.create(
        model=MODEL, input=OTTER, stream=True, extra_headers=TO_DRAW,
        tools=[{"type": "image_generation", "partial_images": partials}],
    )  # fmt: skip
    events = [event.to_dict() for event in stream]
    check.stream(events)
    named = [event["type"].rpartition(".")[2] for event in events if "image_generation_call." in event["type"]]
    assert named == ["in_progress", "generating", *["partial_image"] * partials, "completed"]
    for event in events:
        if event["type"].endswith("partial_image"):
            assert Image.open(io.BytesIO(base64.b64decode(event["partial_image_b64"]))).size == (1024, 1024)


def test_azure_wants_to_know_which_deployment_draws(client: OpenAI, openai_client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="imagegen deployment must be provided through header") as refused:
        draw(client, headers={})
    assert refused.value.type == "image_generation_user_error"
    with pytest.raises(openai.NotFoundError, match="does not exist"):
        draw(client, headers={"x-ms-oai-image-generation-deployment": "gpt-5.4-mini"})
    assert call_of(draw(openai_client, headers={}))


def test_the_picture_before_is_changed(client: OpenAI) -> None:
    first = draw(client)
    changed = client.responses.create(
        model=MODEL, input="Make the scarf blue.", previous_response_id=first.id,
        tools=[{"type": "image_generation", "action": "edit"}], extra_headers=TO_DRAW,
    )  # fmt: skip
    before, after = picture_of(first).convert("RGB"), picture_of(changed).convert("RGB")
    same = sum(one == two for one, two in zip(*(image.get_flattened_data() for image in (before, after)), strict=True))
    assert 0.3 < same / (before.width * before.height) < 1.0  # some of it stayed, some did not
    assert call_of(changed).id != call_of(first).id


def test_a_picture_of_the_user_is_changed(client: OpenAI) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (64, 64), "magenta").save(drawn, "PNG")
    url = "data:image/png;base64," + base64.b64encode(drawn.getvalue()).decode()
    content: list[Any] = [
        {"type": "input_text", "text": "Edit this picture: add a bike."},
        {"type": "input_image", "image_url": url, "detail": "auto"},
    ]
    response = client.responses.create(
        model=MODEL, input=[{"role": "user", "content": content}], tools=[{"type": "image_generation"}],
        extra_headers=TO_DRAW,
    )  # fmt: skip
    assert picture_of(response).convert("RGB").getpixel((2, 2)) == pytest.approx((255, 0, 255), abs=12)


@pytest.mark.parametrize(
    ("tool", "message"),
    [
        ({"size": "160x160"}, "below the current minimum"),
        ({"size": "1024x1000"}, "divisible by 16"),
        ({"size": "big"}, "Supported values are"),
        ({"output_compression": 101}, "integer above maximum"),
        ({"output_compression": 50}, "not supported for PNG"),
        ({"output_format": "jpeg", "background": "transparent"}, "not supported for JPEG"),
        ({"partial_images": 4}, "integer above maximum"),
        ({"quality": "superb"}, "Supported values are"),
        ({"model": "gpt-5.4-mini"}, "Supported values are"),
        ({"input_image_mask": {}}, "input_image_mask"),
        ({"colour": "blue"}, "Unknown parameter"),
    ],
)
def test_what_a_tool_cannot_be_asked_is_refused(client: OpenAI, tool: dict[str, Any], message: str) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        draw(client, **tool)
    assert message in str(refused.value)
