"""The image_generation tool: draws a real picture of the asked size that says what it is, a stand-in.

Items as recorded (pydantic-ai image_generation_*, openai-dotnet ImageGenTool*, vercel/ai azure-image-generation-tool;
2025-10 to 2026-08). That `partial_image` events come on Azure too is documented by the SDK only.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from .. import attachments, drawing, images, usage
from ..model import Hosted, Turn

if TYPE_CHECKING:
    from ..engine import Run, Timed
    from . import Toolbox

SECONDS = 1.0  # that a picture takes, on the clock
_KIND = "response.image_generation_call"


class ImageGeneration:
    """Pictures, really drawn."""

    async def prepare(self, turn: Turn, run: Run, box: Toolbox) -> AsyncIterator[Timed]:
        """Nothing to prepare."""
        nothing: list[Timed] = []
        for timed in nothing:
            yield timed

    async def run(self, step: Hosted, turn: Turn, run: Run, box: Toolbox) -> AsyncIterator[Timed]:
        """Draw one picture, or change the one before."""
        tool = next(one for one in turn.request.tools if one["type"] == "image_generation")
        wanted = images.wanted(tool, step.arguments)
        prompt = step.arguments["prompt"]
        item: dict[str, Any] = {"id": run.new_id("image_generation_call"), "type": "image_generation_call"}
        opened, event = run.added({**item, "status": "in_progress", "result": None})
        yield event
        yield run.inner(f"{_KIND}.in_progress", item["id"], opened)
        run.wait(SECONDS)
        yield run.inner(f"{_KIND}.generating", item["id"], opened)
        base = _base(tool, turn, box)
        try:
            picture = drawing.draw(prompt, wanted, base, _mask(tool, box))
        except drawing.NoPicture:
            raise images.invalid_picture(1) from None
        partials = tool.get("partial_images") or 0
        for number in range(partials if turn.request.stream else 0):
            yield run.inner(
                f"{_KIND}.partial_image",
                item["id"],
                opened,
                partial_image_index=number,
                partial_image_b64=_text(drawing.encoded(drawing.partial(picture, number, partials), wanted)),
            )
        made = {
            **item,
            "status": "completed",
            "background": wanted.background,
            "output_format": wanted.output_format,
            "quality": wanted.quality,
            "result": _text(drawing.encoded(picture, wanted)),
            "revised_prompt": step.arguments.get("revised_prompt") or prompt,
            "size": wanted.size,
        }
        spent = images.cost(wanted, usage.count(prompt), int(base is not None))
        run.body["tool_usage"] = {**run.body["tool_usage"]}
        run.body["tool_usage"]["image_gen"] = images.plus(run.body["tool_usage"]["image_gen"], spent)
        run.spend(12 + usage.count(prompt))
        yield run.inner(f"{_KIND}.completed", item["id"], opened)
        yield run.done(made, opened)


def _base(tool: dict[str, Any], turn: Turn, box: Toolbox) -> bytes | None:
    """Return the picture that is to be changed: the last one drawn, or one that the user's last message brought."""
    if tool.get("action") == "generate":
        return None
    for item in (*reversed(turn.output), *reversed(turn.context)):
        if item["type"] == "image_generation_call" and item.get("result"):
            return base64.b64decode(item["result"])
        if item["type"] == "message" and item.get("role") == "user":
            for part in reversed(item["content"] if isinstance(item["content"], list) else []):
                if part["type"] == "input_image":
                    content = attachments.fetch(box.world, part, "input")
                    return content.data if content else None
    return None


def _mask(tool: dict[str, Any], box: Toolbox) -> bytes | None:
    mask = tool.get("input_image_mask")
    content = attachments.fetch(box.world, {"type": "input_image", **mask}, "tools") if mask else None
    return content.data if content else None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
