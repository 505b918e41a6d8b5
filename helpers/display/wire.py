"""`show_wire` and `diff_wire`: what went over the wire, and what a change changed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from helpers.display import calls, events, sse
from helpers.display.blocks import Block, Code, Display, Fold, Line
from helpers.display.inline import Cell, Inline, Mono, Strong
from helpers.display.screen import put
from helpers.display.shapes import shortened
from helpers.display.tables import Table
from helpers.display.text import count, cut, one_line, seconds, size
from helpers.exchanges import Exchange, exchanges
from helpers.modes import paced

_CAP = 8_000  # characters of one body
_SHORTENED = 500  # characters of one string in it
_ABOUT_ITSELF = "x-stainless-"  # headers in which the SDK describes itself and its machine
_NOISE = ("id", "created_at", "completed_at", "call_id", "item_id", "obfuscation")


def show_wire(n: int = 1) -> None:
    """Display the last `n` HTTP exchanges: method, URL, status, headers, and the JSON that was sent and received.

    Headers and bodies are folded; credentials are masked, long strings (base64) cut. A stream shows its events with
    their times. Under each is the same call as a curl command and as plain SDK code, to copy.
    Raises LookupError when nothing has been sent yet.
    """
    if not isinstance(n, int):
        raise TypeError(f"show_wire(n) shows the last n exchanges; n is a number, not a {type(n).__name__}.")
    if n < 1:
        raise ValueError(f"show_wire(n) shows the last n exchanges: {n} is less than 1.")
    put(build(exchanges.last(n)))


def diff_wire(a: object, b: object) -> None:
    """Display how two exchanges differ: in the request (what you changed) and in the answer (what that changed).

    `a` and `b` are responses, streams that were read, or ids of responses of this notebook. Ids and times always
    differ and are left out. Raises LookupError when one of them is not in the log of exchanges.
    """
    put(build_diff(_exchange(a), _exchange(b)))


def build(shown: Sequence[Exchange]) -> Display:
    """The display of some exchanges, unshown."""
    if not shown:
        raise LookupError("Nothing has gone over the wire yet: run a cell that calls the service, then this one again.")
    return Display([block for exchange in shown for block in _blocks(exchange)])


def _blocks(exchange: Exchange) -> list[Block]:
    body = calls.request_json(exchange)
    request: list[Block] = [_headers("request headers", exchange.request_headers)]
    if body is not None:
        request.append(Fold(["request body, ", size(len(exchange.request_body))], [_json(body)]))
    elif exchange.request_body:
        request.append(Line(f"request body: {size(len(exchange.request_body))}, a file upload", quiet=True))
    copies = [
        Fold("the same call with curl", [Code(calls.curl(exchange))], copied=True),
        Fold("the same call in Python", [Code(calls.python(exchange))], copied=True),
    ]
    return [Line(_head(exchange)), *request, *_answer(exchange), *copies]


def _head(exchange: Exchange) -> list[Inline]:
    status = str(exchange.status) if exchange.status else "no answer"
    parts: list[Inline] = [Strong(exchange.method), " ", Mono(exchange.url), " → ", Strong(status)]
    if exchange.ended is not None and paced():
        parts.append(f" · {seconds(exchange.ended - exchange.started)}")
    missed = _missed(exchange) and not exchange.status
    return [*parts, f" · {'not recorded' if missed else exchange.source.words()}"]


def _answer(exchange: Exchange) -> list[Block]:
    blocks: list[Block] = [_headers("response headers", exchange.response_headers)] if exchange.response_headers else []
    if exchange.is_stream:
        found = sse.of_exchange(exchange)
        blocks.append(
            Fold(["response, a stream of ", count(len(found), "event")], events.table(found, exchange.source.words()))
        )
    elif exchange.response_body:
        label = ["response body, ", size(len(exchange.response_body))]
        try:
            blocks.append(Fold(label, [_json(json.loads(bytes(exchange.response_body)))]))
        except ValueError:
            start = bytes(exchange.response_body[:400]).decode("utf-8", "replace")
            blocks.append(Fold([*label, ", not JSON"], [Code(start)]))
    if exchange.error and _missed(exchange):
        said = exchange.error.partition(": ")[2].partition("\n")[0]
        blocks.append(Line([Strong("not recorded"), ": ", one_line(said, 300)]))
    elif exchange.error:
        blocks.append(Line([Strong("the connection broke"), ": ", one_line(exchange.error, 300)]))
    return blocks


def _missed(exchange: Exchange) -> bool:
    """Whether it ends because the recording does: nobody was asked, and nothing broke."""
    return (exchange.error or "").startswith(("NotRecordedError: ", "RecordingEndsError: "))


def _headers(label: str, headers: Mapping[str, str]) -> Block:
    shown = {name: value for name, value in headers.items() if not name.startswith(_ABOUT_ITSELF)}
    blocks: list[Block] = [Table(["header", "value"], [[Mono(k), Mono(one_line(v, 200))] for k, v in shown.items()])]
    hidden = len(headers) - len(shown)
    if hidden:
        blocks.append(
            Line(f"and {count(hidden, 'header')} {_ABOUT_ITSELF}… in which the SDK describes itself", quiet=True)
        )
    return Fold(f"{label} ({len(headers)})", blocks)


def _json(value: object) -> Block:
    return Code(cut(json.dumps(shortened(value, _SHORTENED), ensure_ascii=False, indent=2), _CAP))


def _exchange(obj: object) -> Exchange:
    found = obj if isinstance(obj, Exchange) else exchanges.of(obj)
    if found is None:
        raise LookupError(
            f"{one_line(repr(obj))} is not an answer of this notebook's log: run its cell again, then this one."
        )
    return found


def build_diff(a: Exchange, b: Exchange) -> Display:
    """The two tables of differences, unshown."""
    blocks: list[Block] = []
    for label, left, right in (
        ("request", calls.request_json(a), calls.request_json(b)),
        ("response", _answered(a), _answered(b)),
    ):
        rows = list(_differences(dict(_flat(left)), dict(_flat(right))))
        if rows:
            blocks += [Line([Strong(label)]), Table(["", "first", "second"], rows)]
        else:
            blocks.append(Line([Strong(label), ": no difference, but for ids and times"]))
    return Display(blocks)


def _answered(exchange: Exchange) -> Any:
    if exchange.is_stream:
        return sse.final_response(sse.of_exchange(exchange))
    try:
        return json.loads(bytes(exchange.response_body))
    except ValueError:
        return None


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every leaf with its path, written as in Python: output[0].content[0].text."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            if key not in _NOISE:
                yield from _flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from _flat(inner, f"{path}[{index}]")
    else:
        yield path, json.dumps(value, ensure_ascii=False)


def _differences(left: Mapping[str, str], right: Mapping[str, str]) -> Iterator[Sequence[Cell]]:
    for path in [*left, *(p for p in right if p not in left)]:
        if left.get(path) != right.get(path):
            yield [Mono(one_line(path)), *(one_line(s[path], 160) if path in s else "(absent)" for s in (left, right))]
