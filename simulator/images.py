"""The image_generation tool as requests describe it: what is refused, what is filled in, what a picture costs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import errors, failures

HEADER = "x-ms-oai-image-generation-deployment"
STANDARD = ("1024x1024", "1024x1536", "1536x1024")
FORMATS = ("png", "webp", "jpeg")
_SIZE = re.compile(r"(\d{1,5})x(\d{1,5})$")
_LEAST, _MOST = 655_360, 3840 * 2160  # pixels of a picture of any size


@dataclass(frozen=True)
class ImageModel:
    """An image model that can be deployed beside the model that speaks. `retires`: an ISO date."""

    any_size: bool = False  # else the three standard sizes
    transparent: bool = True
    qualities: tuple[str, ...] = ("low", "medium", "high")
    retires: str | None = None


_BEST = ("low", "medium", "high", "xhigh", "max")
# Those that Azure lists (what the SDK and Microsoft's image pages say of them, 2026-09): each a deployment of its name.
MODELS = {
    "gpt-image-1": ImageModel(retires="2026-10-23"),
    "gpt-image-1-mini": ImageModel(retires="2027-04-07"),
    "gpt-image-1.5": ImageModel(retires="2027-06-16"),
    "gpt-image-2": ImageModel(any_size=True, transparent=False, retires="2027-10-21"),
    "gpt-image-2.5-flare": ImageModel(any_size=True, qualities=_BEST),
    "gpt-image-2.5-sunburst": ImageModel(any_size=True, qualities=_BEST),
}
# What the SDK's type has and answers have not, as recorded: a mask; partial_images where it is 0.
_NOT_REPEATED = {"input_image_mask"}


def read(given: dict[str, Any], defaults: dict[str, Any], param: str) -> dict[str, Any]:
    """Return the tool as answers repeat it; raises ApiError. Its shape has been checked."""
    _within(given, "output_compression", 0, 100, param)
    _within(given, "partial_images", 0, 3, param)
    shown = {**defaults, **{key: value for key, value in given.items() if key not in _NOT_REPEATED}}
    if not shown.get("partial_images"):
        shown.pop("partial_images", None)
    if shown["output_format"] not in FORMATS:  # gif and svg: OpenAI's newest models only (SDK); the words are assumed
        raise errors.invalid_value(shown["output_format"], FORMATS, f"{param}.output_format")
    if (mask := given.get("input_image_mask")) is not None and not (mask.get("file_id") or mask.get("image_url")):
        raise errors.missing(f"{param}.input_image_mask.image_url")
    model = shown.get("model")
    if model is not None and _named(model) is None:
        raise errors.invalid_value(model, tuple(MODELS), f"{param}.model")
    if shown["output_format"] == "png" and shown["output_compression"] < 100:  # as reported
        raise _user_error("Compression less than 100 is not supported for PNG output format", "png_output_compression")
    if shown["output_format"] == "jpeg" and shown["background"] == "transparent":  # reported for the images API
        raise _user_error("Transparent background is not supported for JPEG output format", "value")
    if shown["size"] != "auto":
        _check_size(shown["size"], f"{param}.size")
    return {"type": "image_generation", **dict(sorted(shown.items()))}


def check_deployment(
    tools: list[dict[str, Any]], headers: Mapping[str, str], azure: bool, today: str | None = None
) -> None:
    """Refuse an image tool on Azure without the header that names an image deployment, or one that names none.

    Also what the image model does not take. `today`, an ISO date, refuses models past their retirement.
    """
    for number, tool in enumerate(tools):
        if tool["type"] != "image_generation":
            continue
        deployment = headers.get(HEADER)
        if azure and not deployment:  # as reported (field notes 66; bodies of 2026-08 and 2026-09)
            raise errors.ApiError(
                400,
                f"imagegen deployment must be provided through header: {HEADER}",
                type="image_generation_user_error",
                param="tools",
                code="invalid_request_error",
            )
        name = (deployment if azure else None) or tool.get("model") or "gpt-image-1.5"
        model = _named(name)
        if model is None or (today and model.retires and model.retires <= today):
            gone = "is past its retirement" if model else "is no deployment of an image model here"
            raise errors.deployment_not_found(f"'{name}' {gone}", tuple(MODELS))
        _fits(tool, model, f"tools[{number}]")


def _fits(tool: dict[str, Any], model: ImageModel, param: str) -> None:
    if not model.any_size and tool["size"] not in (*STANDARD, "auto"):
        raise errors.invalid_value(tool["size"], (*STANDARD, "auto"), f"{param}.size")
    if tool["quality"] not in (*model.qualities, "auto"):
        raise errors.invalid_value(tool["quality"], (*model.qualities, "auto"), f"{param}.quality")
    if tool["background"] == "transparent" and not model.transparent:  # as reported for gpt-image-2, up to 2026-10
        raise _user_error("Transparent background is not supported for this model.", "value")


def _named(name: str) -> ImageModel | None:
    return MODELS.get(name) or MODELS.get(re.sub(r"-\d{4}-\d{2}-\d{2}$", "", name))


def _check_size(size: str, param: str) -> None:
    found = _SIZE.match(size)
    if not found:
        raise errors.invalid_value(size, (*STANDARD, "auto"), param)
    width, height = map(int, found.groups())
    fault = None  # the pixel budget in reported words; the others assumed from the SDK's description of `size`
    if width % 16 or height % 16:
        fault = "Width and height must both be divisible by 16."
    elif not height <= 3 * width <= 9 * height:
        fault = "The aspect ratio must be between 1:3 and 3:1."
    elif width * height > _MOST:
        fault = "Requested resolution exceeds the current pixel budget."
    elif width * height < _LEAST:
        fault = "Requested resolution is below the current minimum pixel budget."
    if fault:
        raise errors.invalid(f"Invalid size '{size}'. {fault}", param, "invalid_value")


def _within(given: dict[str, Any], name: str, low: int, high: int, param: str) -> None:
    value = given.get(name)
    if value is None or low <= value <= high:
        return
    side, sign, limit = ("below minimum", ">=", low) if value < low else ("above maximum", "<=", high)
    raise errors.invalid(
        f"Invalid '{param}.{name}': integer {side} value. Expected a value {sign} {limit}, but got {value} instead.",
        f"{param}.{name}",
        f"integer_{side.replace('minimum', 'min').replace('maximum', 'max').replace(' ', '_')}_value",
    )


def _user_error(message: str, what: str) -> errors.ApiError:
    return errors.ApiError(400, message, type="image_generation_user_error", param="tools", code=f"invalid_{what}")


# -- one picture -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What one picture is to be like, nothing left open."""

    width: int
    height: int
    quality: str
    output_format: str
    background: str
    compression: int

    @property
    def size(self) -> str:
        """Width and height, as the API writes them."""
        return f"{self.width}x{self.height}"


_WIDE = re.compile(r"\b(landscape|wide|panorama|banner|skyline)\b", re.IGNORECASE)
_TALL = re.compile(r"\b(portrait|tall|poster|full[- ]length)\b", re.IGNORECASE)


def wanted(tool: dict[str, Any], step: dict[str, Any]) -> Wanted:
    """Return what a call wants: a scripted step's own members, else the tool's, else what "auto" comes to.

    Recorded for "auto": quality high, background opaque, a size by what the prompt asks for.
    """
    asked = {key: step.get(key) or tool[key] for key in ("size", "quality", "background", "output_format")}
    if asked["size"] == "auto":
        prompt = step["prompt"]
        asked["size"] = STANDARD[2] if _WIDE.search(prompt) else STANDARD[1] if _TALL.search(prompt) else STANDARD[0]
    width, height = map(int, asked["size"].split("x"))
    quality = "high" if asked["quality"] == "auto" else asked["quality"]
    background = "opaque" if asked["background"] == "auto" else asked["background"]
    return Wanted(width, height, quality, asked["output_format"], background, tool["output_compression"])


# OpenAI's table of output tokens for gpt-image-1, for a square picture of 1024 x 1024.
_TOKENS = {"low": 272, "medium": 1056, "high": 4160, "xhigh": 8320, "max": 16640}


def cost(picture: Wanted, prompt_tokens: int, pictures_read: int) -> dict[str, Any]:
    """Return `tool_usage.image_gen` of one picture; other sizes than 1024 x 1024 cost in proportion."""
    made = round(_TOKENS[picture.quality] * picture.width * picture.height / 1024**2)
    read = 194 * pictures_read  # 65 and 129 a tile: one tile, as pictures are read small
    return {
        "input_tokens": prompt_tokens + read,
        "input_tokens_details": {"image_tokens": read, "text_tokens": prompt_tokens},
        "output_tokens": made,
        "output_tokens_details": {"image_tokens": made, "text_tokens": 0},
        "total_tokens": prompt_tokens + read + made,
    }


def plus(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Add two usages, member by member."""
    return {
        key: plus(value, other[key]) if isinstance(value, dict) else value + other[key] for key, value in one.items()
    }


def invalid_picture(number: int) -> failures.Failed:
    """As reported for the images API."""
    return failures.Failed(
        "image_generation_user_error",
        "invalid_image_file",
        f"Invalid image file or mode for image {number}, please check your image file.",
        status=400,
        param="tools",
    )
