"""`show`: the one function that displays whatever a lesson has in its hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from openai import AsyncStream, Stream
from openai.lib.streaming.responses import AsyncResponseStream, ResponseStream

from helpers.display import sse, things
from helpers.display.blocks import Block, Display, Line, Prose
from helpers.display.inline import Mono, Strong
from helpers.display.items import card, cards
from helpers.display.messages import body
from helpers.display.provenance import source_words
from helpers.display.screen import put
from helpers.display.shapes import Item, mapping, mappings, plain
from helpers.display.text import one_line
from helpers.exchanges import exchanges

# A part of a message's content, and who says such a thing.
_PARTS = {"output_text": "assistant", "refusal": "assistant"} | dict.fromkeys(
    ("input_text", "input_image", "input_file"), "user"
)


def show(obj: object) -> None:
    """Display an answer, or anything else the API gave or a lesson made.

    - a `Response` (also a `ParsedResponse`, or a stream that has been read): the answer as rendered Markdown, the
      items in order as cards (reasoning summary, function call with its arguments, code and what it printed, MCP,
      picture, refusal, …), then one quiet line: model, status, tokens, where the answer came from, and the id
    - an item, a part of its content, or a list of items: cards, with each `function_call_output` under its call
    - a file, a container, a list page (`client.files.list()`, `client.responses.input_items.list(id)`): a table
    - an exception of the SDK: status, type, code, param and message
    - a `str` is rendered as Markdown, a chart or a table of pandas as itself, any other value as JSON

    Returns None: it displays, also in the middle of a cell. In a terminal it prints the same as text.
    Text from the service is always shown as text; it cannot run script, load a picture or change the page.
    """
    put(obj if hasattr(obj, "_repr_mimebundle_") or hasattr(obj, "_repr_html_") else build(obj))


def build(obj: object) -> Display:
    """The display that `show` shows, unshown."""
    if isinstance(obj, Display):
        return obj
    if isinstance(obj, str):
        return Display([Prose(obj)])
    if isinstance(obj, BaseException):
        return Display(things.error(obj))
    if things.is_content(obj):
        return Display(things.content(obj))
    if things.is_page(obj):
        return Display(_listing(plain(things.rows(obj)), bool(getattr(obj, "has_more", False))))
    if isinstance(obj, Stream | AsyncStream | ResponseStream | AsyncResponseStream):
        return _read_stream(obj)
    value = plain(obj)
    if isinstance(value, Mapping):
        if value.get("object") == "response" or ("output" in value and "status" in value and "model" in value):
            return response(value, source_words(obj))
        if value.get("object") == "list" and isinstance(value.get("data"), list):
            return Display(_listing(value["data"], bool(value.get("has_more"))))
        if value.get("type") in _PARTS:
            return Display(body({"role": _PARTS[value["type"]], "content": [value]}))
        if _is_item(value):
            return Display([card(value)])
        return Display(things.thing(value))
    if isinstance(value, list):
        return Display(_listing(value, False))
    return Display(things.thing(value))


def _read_stream(stream: object) -> Display:
    """The answer that a stream has brought. It is read from the log, so the stream itself is not touched."""
    exchange = exchanges.of(stream)
    found = sse.final_response(sse.of_exchange(exchange)) if exchange is not None else None
    if found is None or exchange is None:
        return Display(
            [Line(["A stream that has not been read: ", Mono("response = show_stream(stream)"), " reads it."])]
        )
    return response(found, exchange.source.words())


def response(value: Item, source: str) -> Display:
    """A response: what is wrong, if something is; the items, with the answer among them; the quiet line."""
    items = mappings(value, "output")
    blocks: list[Block] = [*things.trouble(value)]
    if len(items) == 1 and items[0].get("type") == "message":
        blocks += body(items[0])  # the usual answer stands alone, without a label
    else:
        blocks += cards(items)
    if not items and value.get("status") in ("queued", "in_progress"):
        blocks.append(Line([Strong(str(value["status"])), ": no output yet"]))
    blocks.append(Line(_small_print(value, source), quiet=True))
    return Display(blocks)


def _small_print(value: Item, source: str) -> list[str | Mono]:
    parts: list[str] = [one_line(value.get("model") or "model unknown"), one_line(value.get("status") or "no status")]
    if value.get("usage"):
        parts.append(usage_words(mapping(value, "usage")))
    parts.append(source)
    return [" · ".join(parts), " · ", Mono(one_line(value.get("id") or "no id"))]


def usage_words(usage: Mapping[str, Any]) -> str:
    """40 tokens: 28 input (0 cached) + 12 output (0 reasoning)."""
    cached = _number(mapping(usage, "input_tokens_details"), "cached_tokens")
    thought = _number(mapping(usage, "output_tokens_details"), "reasoning_tokens")
    into, out, total = (_number(usage, key) for key in ("input_tokens", "output_tokens", "total_tokens"))
    return f"{total} tokens: {into} input ({cached} cached) + {out} output ({thought} reasoning)"


def _number(usage: Mapping[str, Any], key: str) -> str:
    value = usage.get(key) or 0
    return f"{value:,}" if isinstance(value, int) else one_line(value)


def _is_item(value: Any) -> bool:
    if not isinstance(value, Mapping) or "object" in value:
        return False
    return "role" in value or isinstance(value.get("type"), str)


def _listing(values: Sequence[Any], more: bool) -> list[Block]:
    if values and all(_is_item(v) for v in values):
        blocks = cards(values)
    elif values and all(isinstance(v, Mapping) and v.get("object") == "response" for v in values):
        blocks = [block for v in values for block in response(v, source_words(v)).blocks]
    else:
        blocks = things.listing(values)
    return [*blocks, Line("has_more: the list goes on after these", quiet=True)] if more else blocks
