"""What went over the wire: every HTTP exchange of this process, the newest last.

`exchanges` is the log, `Logged` and `AsyncLogged` are the transports that fill it. They sit outermost, so the log
holds what the SDK sent and what it was handed, wherever the answer came from.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx2
import openai

Kind = Literal["recorded", "simulated", "live"]
Origin = Literal["simulator", "azure", "openai"]

SOURCE = "lab.source"  # the response extension in which a transport says where its answer came from
EXCHANGE = "lab.exchange"  # the request extension that leads from the SDK's objects back to the log

_SECRET_HEADERS = frozenset({"authorization", "api-key", "x-api-key", "ocp-apim-subscription-key", "cookie"})
_ORIGINS: dict[Origin, str] = {"simulator": "the simulator", "azure": "Azure", "openai": "OpenAI"}


@dataclass(frozen=True)
class Source:
    """Where an answer came from."""

    kind: Kind
    origin: Origin
    on: str | None = None  # ISO date of the recording
    sdk: str | None = None  # version of openai that recorded it

    def words(self) -> str:
        """Say it in a few words: "recorded from the simulator, 2026-11-25", "simulated now" or "live"."""
        if self.kind == "recorded":
            return f"recorded from {_ORIGINS[self.origin]}" + (f", {self.on}" if self.on else "")
        return "simulated now" if self.kind == "simulated" else "live"


@dataclass(eq=False)
class Exchange:
    """One HTTP exchange; it is logged when the request starts and filled as the answer comes.

    Times are `time.monotonic()` seconds. `chunks` holds, for each piece of the body as it arrived (one event of a
    stream), the seconds since `started` and the length of `response_body` after it. Header names are lower-case and
    credentials are masked already; secrets inside the request's body are masked by `masked_body()`.
    """

    lesson: str
    number: int  # 1, 2, 3 … in this process
    method: str
    url: str  # as the SDK sent it
    request_headers: dict[str, str]
    request_body: bytes
    source: Source
    status: int | None = None  # None until answered
    response_headers: dict[str, str] = field(default_factory=dict)
    response_body: bytearray = field(default_factory=bytearray)  # JSON, or the server-sent events so far
    started: float = field(default_factory=time.monotonic)
    first_byte: float | None = None
    ended: float | None = None
    chunks: list[tuple[float, int]] = field(default_factory=list)
    error: str | None = None  # what broke the transport, in words

    @property
    def is_stream(self) -> bool:
        """Whether the answer is a stream of server-sent events."""
        return self.response_headers.get("content-type", "").startswith("text/event-stream")

    def answer_id(self) -> str | None:
        """The id of the object that was answered (of the response, for a stream), or None."""
        body: Any
        if self.is_stream:
            _, _, data = bytes(self.response_body).partition(b"data:")
            body = _parsed(data.partition(b"\n")[0])
            body = body.get("response") if isinstance(body, dict) else None
        else:
            body = _parsed(bytes(self.response_body))
        found = body.get("id") if isinstance(body, dict) else None
        return found if isinstance(found, str) else None

    def masked_body(self) -> bytes:
        """The request's body fit to be shown: `tools[].authorization`, tokens and keys in it masked."""
        from helpers.cassettes.scrub import mask

        return mask(self.request_body)


class Exchanges:
    """The last 200 exchanges, oldest first; older ones go, and earlier where bodies would fill more than 32 MB."""

    def __init__(self, most: int = 200, most_bytes: int = 32_000_000) -> None:
        self._log: deque[Exchange] = deque()
        self._most, self._most_bytes, self._bytes = most, most_bytes, 0
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()  # the garbage collector may end an abandoned stream while a thread holds it

    def __iter__(self) -> Iterator[Exchange]:
        return iter(list(self._log))

    def __len__(self) -> int:
        return len(self._log)

    def __getitem__(self, index: int) -> Exchange:
        return self._log[index]

    def last(self, n: int = 1) -> list[Exchange]:
        """The newest `n` exchanges, oldest of them first."""
        return list(self._log)[-n:] if n > 0 else []

    def of(self, obj: object) -> Exchange | None:
        """The exchange that an SDK object came from: a response, stream, raw response, error, file, or an id.

        Found by the HTTP exchange where the object carries one (streams, errors), else by the newest answer with
        its id; of several with that id, the one whose `x-request-id` is the object's own. None if it has left the log.
        """
        for name in ("response", "http_response", "_response", "request"):
            carrier = getattr(obj, name, None)
            request = carrier if isinstance(carrier, httpx2.Request) else getattr(carrier, "request", None)
            if isinstance(request, httpx2.Request) and EXCHANGE in request.extensions:
                return request.extensions[EXCHANGE]  # type: ignore[no-any-return]
        wanted = obj if isinstance(obj, str) else getattr(obj, "id", None)
        if not isinstance(wanted, str):
            return None
        needle = wanted.encode()
        found = [e for e in reversed(self._log) if needle in e.response_body and e.answer_id() == wanted]
        request_id = getattr(obj, "_request_id", None)
        own = (e for e in found if request_id is not None and e.response_headers.get("x-request-id") == request_id)
        return next(own, found[0] if found else None)

    def start(self, lesson: str, request: httpx2.Request, body: bytes, source: Source) -> Exchange:
        """Log that `request` is on its way; `source` is where an answer is expected from."""
        exchange = Exchange(
            lesson, next(self._numbers), request.method, str(request.url), _headers(request.headers), body, source
        )
        request.extensions[EXCHANGE] = exchange
        with self._lock:
            self._log.append(exchange)
            self._bytes += len(body)
            self._make_room()
        return exchange

    def answered(self, exchange: Exchange, response: httpx2.Response) -> None:
        """Note the head of the answer, and its body too where it is here already."""
        exchange.status = response.status_code
        exchange.response_headers = _headers(response.headers)
        exchange.source = response.extensions.get(SOURCE, exchange.source)
        if response.is_closed:  # read already: the body will not be streamed
            self.received(exchange, response.content)
            self.end(exchange)

    def received(self, exchange: Exchange, chunk: bytes) -> None:
        """Note a piece of the body, as it arrives."""
        now = time.monotonic()
        if exchange.first_byte is None:
            exchange.first_byte = now
        exchange.response_body += chunk
        exchange.chunks.append((now - exchange.started, len(exchange.response_body)))

    def end(self, exchange: Exchange, error: BaseException | None = None) -> None:
        """Note that nothing more will come; the first end counts."""
        if exchange.ended is not None:
            return
        exchange.ended = time.monotonic()
        if error is not None:
            exchange.error = f"{type(error).__name__}: {error}"
        with self._lock:
            if self._log and exchange.number >= self._log[0].number:  # still in the log
                self._bytes += len(exchange.response_body)
                self._make_room()

    def _make_room(self) -> None:
        while len(self._log) > self._most or (self._bytes > self._most_bytes and len(self._log) > 1):
            gone = self._log.popleft()
            self._bytes -= len(gone.request_body) + (len(gone.response_body) if gone.ended is not None else 0)


exchanges = Exchanges()


class StreamOfClosedClientError(openai.OpenAIError):
    """A stream that is read on after its client was closed."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(
            f"The client of this stream ({exchange.method} {exchange.url}) is closed, so nothing more comes. "
            "Read a stream to its end before its client is closed (inside the `with` block), or connect again."
        )


class Logged(httpx2.BaseTransport):
    """A transport around a transport, which logs each exchange of a lesson."""

    def __init__(self, lesson: str, inner: httpx2.BaseTransport, source: Source) -> None:
        self.lesson, self.inner, self.source, self.closed = lesson, inner, source, False

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        exchange = exchanges.start(self.lesson, request, request.read(), self.source)
        try:
            response = self.inner.handle_request(request)
        except BaseException as error:
            exchanges.end(exchange, error)
            raise
        exchanges.answered(exchange, response)
        if not response.is_closed:
            assert isinstance(response.stream, httpx2.SyncByteStream)
            response.stream = _LoggedStream(response.stream, exchange, self)
        return response

    def close(self) -> None:
        self.closed = True
        self.inner.close()


class AsyncLogged(httpx2.AsyncBaseTransport):
    """The same for an asynchronous transport."""

    def __init__(self, lesson: str, inner: httpx2.AsyncBaseTransport, source: Source) -> None:
        self.lesson, self.inner, self.source, self.closed = lesson, inner, source, False

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        exchange = exchanges.start(self.lesson, request, await request.aread(), self.source)
        try:
            response = await self.inner.handle_async_request(request)
        except BaseException as error:
            exchanges.end(exchange, error)
            raise
        exchanges.answered(exchange, response)
        if not response.is_closed:
            assert isinstance(response.stream, httpx2.AsyncByteStream)
            response.stream = _AsyncLoggedStream(response.stream, exchange, self)
        return response

    async def aclose(self) -> None:
        self.closed = True
        await self.inner.aclose()


class _LoggedStream(httpx2.SyncByteStream):
    def __init__(self, inner: httpx2.SyncByteStream, exchange: Exchange, transport: Logged) -> None:
        self._inner, self._exchange, self._transport = inner, exchange, transport

    def __iter__(self) -> Iterator[bytes]:
        try:
            for chunk in self._inner:
                if self._transport.closed:
                    raise StreamOfClosedClientError(self._exchange)
                exchanges.received(self._exchange, chunk)
                yield chunk
        except Exception as error:
            exchanges.end(self._exchange, error)
            raise
        exchanges.end(self._exchange)

    def close(self) -> None:
        exchanges.end(self._exchange)  # the reader stopped early, if it has not ended
        self._inner.close()


class _AsyncLoggedStream(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream, exchange: Exchange, transport: AsyncLogged) -> None:
        self._inner, self._exchange, self._transport = inner, exchange, transport

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._inner:
                if self._transport.closed:
                    raise StreamOfClosedClientError(self._exchange)
                exchanges.received(self._exchange, chunk)
                yield chunk
        except Exception as error:
            exchanges.end(self._exchange, error)
            raise
        exchanges.end(self._exchange)

    async def aclose(self) -> None:
        exchanges.end(self._exchange)
        await self._inner.aclose()


def _headers(headers: httpx2.Headers) -> dict[str, str]:
    """Headers with lower-case names, credentials masked ("Bearer ****")."""
    shown: dict[str, str] = {}
    for raw_name, raw_value in headers.raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name in _SECRET_HEADERS:
            scheme, _, secret = value.partition(" ")
            value = f"{scheme} ****" if secret else "****"
        shown[name] = f"{shown[name]}, {value}" if name in shown else value
    return shown


def _parsed(text: bytes) -> object:
    try:
        return json.loads(text)
    except ValueError:  # not JSON: a file's bytes, or nothing has come yet
        return None
