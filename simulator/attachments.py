"""Pictures and files in a request: where their bytes are, what is in them, and how many tokens they cost.

Nothing is fetched: a URL of https://www.bikes.example/files/ leads to a file of data/samples, every other one is
answered as one that cannot be downloaded. What a picture costs is OpenAI's published formulas with the multipliers that
users measured (community.openai.com 1377015, 2026-03; the dataset JOHNISKING/image-token-cost, 2026-10). A page of a
PDF costs its text and, for models where no recording shows otherwise, a picture of it in low detail (Microsoft's
Responses page, 2026-08: both count).
"""

from __future__ import annotations

import base64
import binascii
import functools
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from . import documents, errors, files, usage
from .http import is_url

if TYPE_CHECKING:
    from .models import Model
    from .service import World

HOST = "https://www.bikes.example/files/"
MOST_BYTES = 50 * 1024 * 1024  # of one file, and of all of a request (Microsoft's Responses page, 2026-08-18)
MOST_PAGES = 1_000
_PIXELS = 50_000_000
_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)?(?:;[\w=.-]+)*;base64,", re.ASCII)
_TEXT = {".txt", ".md", ".csv", ".tsv", ".json", ".html", ".xml", ".py", ".js", ".ts", ".css", ".c", ".cpp", ".cs"}
_TEXT |= {".java", ".php", ".rb", ".sh", ".tex", ".yaml", ".yml", ".log", ".sql", ".go", ".rs"}
_OFFICE = {".docx", ".doc", ".pptx", ".ppt", ".xlsx", ".xls", ".odt", ".rtf"}
_TILED: dict[str, tuple[int, int]] = {  # tokens of a picture, and of each 512-pixel tile of it
    "gpt-4o-mini": (2833, 5667),
    "gpt-4o": (85, 170),
    "gpt-4.1": (85, 170),
    "gpt-5-chat": (70, 140),
    "gpt-5": (70, 140),
    "gpt-5-codex": (70, 140),
    "gpt-5.1": (70, 140),
    "computer-use-preview": (65, 129),
    "o1": (75, 150),
    "o1-pro": (75, 150),
    "o3": (75, 150),
    "o3-pro": (75, 150),
}
_PATCHED = {"gpt-4.1-mini": 1.62, "gpt-4.1-nano": 2.46, "o4-mini": 1.72, "codex-mini": 1.72, "gpt-5-nano": 1.5}
_PATCH = 1.2  # the multiplier of gpt-5-mini and of everything since gpt-5.2
_SMALL = {"gpt-4.1-mini", "gpt-4.1-nano", "o4-mini", "codex-mini", "gpt-5-mini", "gpt-5-nano"}  # 1,536 patches at most
# Recorded (2025-09 to 2026-08): these bill a PDF's text, and no picture of its pages (which had none in them).
_TEXT_ONLY = {"gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano", "o4-mini"}
_TEXT_ONLY |= {"gpt-5", "gpt-5-mini", "gpt-5-nano"}


class Measured(dict[str, Any]):
    """A content part with what it costs, `tokens`, and what a reader would get to see of it, in words, `seen`."""

    tokens: int = 0
    seen: str = ""


@dataclass(frozen=True)
class Content:
    """The bytes of a picture or file, and the name that says what kind they are."""

    data: bytes
    name: str


def measure(world: World, items: Sequence[dict[str, Any]], model: Model, param: str) -> None:
    """Look at every picture and file of a request's own items; raises ApiError as the service does."""
    total = sum(measure_item(world, item, model, f"{param}[{number}]") for number, item in enumerate(items))
    if total > MOST_BYTES * 4 // 3:
        raise errors.invalid("The total size of the files in the request exceeds the limit of 50 MB.", param, None)


def measure_item(world: World, item: dict[str, Any], model: Model, param: str) -> int:
    """Put what its pictures and files cost into an item; return how long they are; raises ApiError."""
    total = 0
    member = "content" if item["type"] == "message" else "output"
    parts = item.get(member)
    if isinstance(parts, dict) and parts.get("type") == "computer_screenshot":
        item[member] = _measured(world, parts, model, f"{param}.{member}")
    if not isinstance(parts, list):
        return total
    for place, part in enumerate(parts):
        if isinstance(part, dict) and part.get("type") in ("input_image", "input_file"):
            parts[place] = _measured(world, part, model, f"{param}.{member}[{place}]")
            total += len(part.get("file_data") or part.get("image_url") or "")
    return total


def _measured(world: World, part: dict[str, Any], model: Model, param: str) -> Measured:
    found = Measured(part)
    picture = part["type"] != "input_file"
    if not model.vision and picture:
        raise errors.invalid(f"Invalid 'input': '{model.name}' does not take pictures.", param, "unsupported_value")
    content = fetch(world, part, param)
    if content is None:
        return found
    if picture:
        width, height = size(content.data, param)
        found.tokens = picture_tokens(model.name, width, height, part.get("detail") or "auto")
        found.seen = f"a picture of {width} × {height} pixels"
        return found
    found.tokens, found.seen = _file(content, model, part.get("detail") or "auto", param)
    return found


def fetch(world: World, part: dict[str, Any], param: str) -> Content | None:
    """Return what a part of a request refers to; None where it refers to nothing; raises ApiError."""
    picture = part["type"] != "input_file"
    name = part.get("filename") or ""
    if file_id := part.get("file_id"):
        file = files.find(world, file_id)
        return Content(file.content, name or file.body["filename"])
    url = part.get("image_url") or part.get("file_url")
    if part.get("file_data"):
        if not name:
            raise errors.missing(f"{param}.filename")
        return Content(_decoded(part["file_data"], f"{param}.file_data", False), name)
    if part["type"] == "computer_screenshot" and not url:  # the call's answer is a picture, or it is none
        if part.get("image_url") is None:
            raise errors.missing(f"{param}.image_url")
        return _fetched("", f"{param}.image_url")  # refused with this name as reported (field notes 74), words assumed
    if url is None:
        if picture:
            return None
        raise errors.missing(f"{param}.file_id")
    where = f"{param}.{'image_url' if picture else 'file_url'}"
    if url.startswith("data:"):
        if not picture:  # as reported, live on Azure (field notes 70)
            raise errors.invalid("Failed to download file.", where, None)
        return Content(_decoded(url, where, True), name)
    return _fetched(url, where)


def _decoded(text: str, param: str, picture: bool) -> bytes:
    head = _DATA.match(text)
    if head is not None and picture and not (head[1] or "").startswith("image/"):  # as reported (PSOpenAI#43)
        raise errors.invalid(
            f"Invalid '{param}'. Expected a base64-encoded data URL with an image MIME type (e.g. 'data:image/png;"
            f"base64,aW1nIGJ5dGVzIGhlcmU='), but got unsupported MIME type '{head[1]}'.",
            param,
            "invalid_value",
        )
    if head is None:
        raise errors.invalid(
            f"Invalid '{param}'. Expected a base64-encoded data URL with a MIME type (e.g. 'data:image/png;base64,"
            "aW1nIGJ5dGVzIGhlcmU='), but got a value without the 'data:' prefix."
            if not text.startswith("data:")
            else f"Invalid '{param}'. Expected a base64-encoded data URL, but got an invalid one.",
            param,
            "invalid_value",
        )
    try:
        return base64.b64decode(text[head.end() :], validate=True)
    except (binascii.Error, ValueError):
        raise errors.invalid(
            f"Invalid '{param}'. Expected a base64-encoded data URL, but got invalid base64.", param, "invalid_value"
        ) from None


def _fetched(url: str, param: str) -> Content:
    if not is_url(url):
        raise errors.invalid(
            f"Invalid '{param}'. Expected a valid URL, but got a value with an invalid format.", param, "invalid_value"
        )
    name = unquote(urlsplit(url).path).rsplit("/", 1)[-1]
    path = documents.SAMPLES / name
    if url.startswith(HOST) and "/" not in url[len(HOST) :] and path.is_file():
        return Content(path.read_bytes(), name)
    raise errors.invalid(  # the first two sentences as reported; what they mean here is added
        f"Error while downloading {url}. Upstream status code: 404. (Simulator: nothing is fetched; {HOST} has the "
        "files of data/samples, and data URLs work everywhere.)",
        "url",
        "invalid_value",
    )


# -- pictures ----------------------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=256)
def size(data: bytes, param: str = "image") -> tuple[int, int]:
    """Return a picture's width and height in pixels; raises the service's 400 for what is none."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.format in ("PNG", "JPEG", "WEBP", "GIF") and picture.width * picture.height <= _PIXELS:
                return picture.width, picture.height
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        pass
    raise errors.invalid(  # as reported for the Responses API (2026-08)
        "The image data you provided does not represent a valid image. Please check your input and try again with one "
        "of the supported image formats: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'].",
        param,
        "invalid_value",
    )


def picture_tokens(model: str, width: int, height: int, detail: str = "auto") -> int:
    """Return the input tokens of a picture: by tiles of 512 pixels for older models, by patches of 32 for newer."""
    if model in _TILED:
        base, tile = _TILED[model]
        if detail == "low":
            return base
        scale = min(1.0, 2048 / max(width, height))
        scale *= min(1.0, 768 / (min(width, height) * scale))
        return base + tile * math.ceil(width * scale / 512 - 1e-9) * math.ceil(height * scale / 512 - 1e-9)
    most = 1536 if model in _SMALL else 2500
    newest = model.startswith(("gpt-5.5", "gpt-5.6", "gpt-6"))
    if detail == "low" and model not in _SMALL:  # those take no notice of it, as measured
        most = 256
    elif detail == "original" or (detail == "auto" and newest):
        most = 1_000_000 if model.startswith("gpt-6") else 10_000
    return math.ceil(_patches(width, height, most) * _PATCHED.get(model, _PATCH))


def _patches(width: int, height: int, most: int) -> int:
    """Return how many patches of 32 pixels cover a picture, made smaller until they are at most `most`."""
    across, down = width / 32, height / 32
    if math.ceil(across) * math.ceil(down) > most:
        shrink = math.sqrt(most / (across * down))
        # so that whole patches fit, as OpenAI describes it
        shrink *= min(math.floor(across * shrink) / (across * shrink), math.floor(down * shrink) / (down * shrink))
        across, down = across * shrink, down * shrink
    return math.ceil(across - 1e-9) * math.ceil(down - 1e-9)


# -- files -------------------------------------------------------------------------------------------------------------


def _file(content: Content, model: Model, detail: str, param: str) -> tuple[int, str]:
    suffix = "." + content.name.rsplit(".", 1)[-1].lower() if "." in content.name else ""
    if len(content.data) > MOST_BYTES:
        raise errors.invalid(f"The file '{content.name}' exceeds the limit of 50 MB.", param, None)
    if content.data.startswith(b"%PDF-") or suffix == ".pdf":
        pages = pdf_pages(content.data)
        words = usage.count("\n".join(pages))
        pictures = 0
        if model.vision and model.name not in _TEXT_ONLY:
            low = detail == "low" or (detail == "auto" and not model.name.startswith(("gpt-5.6", "gpt-6")))
            pictures = len(pages) * picture_tokens(model.name, 1224, 1584, "low" if low else "high")
        seen = f"{content.name}: a PDF of {len(pages)} page{'s' * (len(pages) != 1)}, {words} tokens of text"
        return words + pictures, f"{seen} and {pictures} for pictures of its pages" if pictures else seen
    if suffix in _TEXT or (suffix not in _OFFICE and _readable(content.data)):
        text = content.data.decode("utf-8", errors="replace")
        return usage.count(text), f"{content.name}: {len(content.data)} bytes of text"
    if suffix in _OFFICE:
        return max(1, len(content.data) // 100), f"{content.name}: {len(content.data)} bytes; its text is not read here"
    # As recorded (openai_responses, an mp3 by URL, 2026).
    raise errors.invalid(
        "The file type you uploaded is not supported. Please try again with a pdf.", "input", "unsupported_file"
    )


def _readable(data: bytes) -> bool:
    try:
        return "\0" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False


@functools.lru_cache(maxsize=64)
def pdf_pages(data: bytes) -> tuple[str, ...]:
    """Return the text of each page of a PDF; raises ApiError for what is none, is encrypted, or has too many pages."""
    import logging

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise errors.invalid(  # the words are assumed
                "The file could not be read: it is encrypted. Remove the password first.", "input", "unsupported_file"
            )
        if len(reader.pages) > MOST_PAGES:
            raise errors.invalid(f"The file has {len(reader.pages)} pages; {MOST_PAGES} is the most.", "input", None)
        return tuple(page.extract_text() for page in reader.pages)
    except errors.ApiError:
        raise
    except Exception:  # a broken PDF may raise anything
        raise errors.invalid(
            "The file type you uploaded is not supported. Please try again with a pdf.", "input", "unsupported_file"
        ) from None
