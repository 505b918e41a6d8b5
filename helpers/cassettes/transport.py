"""The transports that answer from a cassette, and from the simulator what was never recorded: one world.

What a cassette hands out is adopted by the simulator, so that the next request may be one that was never recorded: it
finds the responses, files, containers and conversations that it speaks of. The simulator is made at the first such
request; until then the exchanges to adopt are kept, and afterwards they are handed over before it is asked again.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any, Protocol

import anyio
import httpx2

from helpers.cassettes.file import READER, Cassette, Interaction
from helpers.cassettes.keys import Key, below_base, ids_in, key_of
from helpers.cassettes.miss import RecordingEndsError, not_recorded
from helpers.cassettes.replay import Player
from helpers.exchanges import EXCHANGE, SOURCE, Exchange, Source

SIMULATED = Source("simulated", "simulator")

_FIRST = 0.6  # seconds before a stream's first token
_TOKEN = 0.03  # seconds between tokens
_TOKENS = 2.4  # seconds for all tokens of a stream, at most
_REASONING = re.compile(rb'"type"\s*:\s*"reasoning"')


class Service(Protocol):
    """The simulator, as far as it matters here."""

    def adopt(
        self,
        method: str,
        path: str,
        request_body: bytes,
        status: int,
        response_body: bytes,
        headers: Mapping[str, str],
    ) -> None: ...

    def state(self) -> dict[str, list[dict[str, Any]]]: ...


class Simulator(Protocol):
    """The simulator with its two doors."""

    @property
    def service(self) -> Service: ...

    @property
    def transport(self) -> httpx2.BaseTransport: ...

    @property
    def async_transport(self) -> httpx2.AsyncBaseTransport: ...

    def rest(self, request: httpx2.Request, recorded: bytes) -> httpx2.SyncByteStream:
        """What comes after a stream that was recorded in part; raises LookupError where that cannot be said."""
        ...

    def async_rest(self, request: httpx2.Request, recorded: bytes) -> httpx2.AsyncByteStream: ...


class World:
    """A lesson's service: the recorded answers, and the simulator behind them. Its clients share it."""

    def __init__(self, lesson: str, start: Callable[[], Simulator], cassette: Cassette | None = None) -> None:
        self.lesson, self.paced = lesson, False
        self.player = Player(cassette) if cassette else None
        self.version: object = None  # of the cassette's file
        self._start = start
        self._simulator: Simulator | None = None
        self._to_adopt: dict[Interaction, bytes] = {}  # played since, with the request's own body
        self._lock = threading.RLock()

    def put_in(self, cassette: Cassette, version: object) -> None:
        """Put in a cassette; what was played of another before stays known to the simulator."""
        self.player, self.version = Player(cassette), version

    def play(self, key: Key, body: bytes, *, simulated: bool) -> Interaction | None:
        """The recorded answer, noted to be adopted; None where there is none. `simulated`: it may go on."""
        if self.player is None:
            return None
        with self._lock:
            interaction = self.player.play(key, goes_on=simulated)
            if interaction is not None and 0 < interaction.status < 400:
                self._to_adopt.pop(interaction, None)  # a replay counts from when it was last played
                self._to_adopt[interaction] = body
            return interaction

    def simulator(self) -> Simulator:
        """The simulator, knowing all that was played so far."""
        with self._lock:
            if self._simulator is None:
                self._simulator = self._start()
            for played, body in self._to_adopt.items():
                self._simulator.service.adopt(
                    played.method,
                    below_base(httpx2.URL(played.uri).raw_path.decode()),
                    body,
                    played.status,
                    played.response_body,
                    played.response_headers,
                )
            self._to_adopt.clear()
            return self._simulator

    def rest(self, played: Interaction, request: httpx2.Request) -> Simulator:
        """The simulator, to go on with a stream that was recorded in part. What the response is then, it knows."""
        exchange = request.extensions.get(EXCHANGE)
        if isinstance(exchange, Exchange):
            exchange.source = SIMULATED
        assert self.player is not None
        with self._lock:
            self.player.taken_over(ids_in(played.events[0].decode()))
        return self.simulator()

    def simulated(self, key: Key, response: httpx2.Response) -> httpx2.Response:
        """Mark an answer of the simulator, and note what it changed."""
        response.extensions[SOURCE] = SIMULATED
        if self.player is not None and response.status_code < 400:
            with self._lock:
                self.player.changed_elsewhere(key)
        return response

    def missed(self, key: Key, request: httpx2.Request) -> Exception:
        """The error for a request that was not recorded."""
        return not_recorded(key, self.player.positions if self.player else (), self.lesson, request)

    def response(self, played: Interaction, request: httpx2.Request, *, simulated: bool) -> httpx2.Response:
        """A recorded answer as the SDK gets it; `simulated` if a stream may go on where its recording ends."""
        assert self.player is not None
        if played.status == 0:
            raise _broken(played.cut or "", request)
        extensions = {SOURCE: self.player.source}
        if len(played.events) == 1 and not played.cut:
            return httpx2.Response(
                played.status, headers=played.response_headers, content=played.response_body, extensions=extensions
            )
        stream = _Stream(played, request, self, simulated=simulated)
        return httpx2.Response(played.status, headers=played.response_headers, stream=stream, extensions=extensions)


class CassetteTransport(httpx2.BaseTransport):
    """Answers from a world's cassette, from its simulator, or from both in this order; else with an error."""

    def __init__(self, world: World, *, recorded: bool, simulated: bool) -> None:
        self.world, self.recorded, self.simulated = world, recorded, simulated

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        body = request.read()
        key = _key(request, body)
        played = self.world.play(key, body, simulated=self.simulated) if self.recorded else None
        if played is not None:
            return self.world.response(played, request, simulated=self.simulated)
        if not self.simulated:
            raise self.world.missed(key, request)
        return self.world.simulated(key, self.world.simulator().transport.handle_request(request))


class AsyncCassetteTransport(httpx2.AsyncBaseTransport):
    """The same for an asynchronous client."""

    def __init__(self, world: World, *, recorded: bool, simulated: bool) -> None:
        self.world, self.recorded, self.simulated = world, recorded, simulated

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        body = await request.aread()
        key = _key(request, body)
        played = self.world.play(key, body, simulated=self.simulated) if self.recorded else None
        if played is not None:
            return self.world.response(played, request, simulated=self.simulated)
        if not self.simulated:
            raise self.world.missed(key, request)
        return self.world.simulated(key, await self.world.simulator().async_transport.handle_async_request(request))


class _Stream(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A recorded stream as it came: one event a chunk, at a pace that can be watched."""

    def __init__(self, played: Interaction, request: httpx2.Request, world: World, *, simulated: bool) -> None:
        self._played, self._request, self._world, self._simulated = played, request, world, simulated
        self._rest: httpx2.SyncByteStream | None = None
        self._async_rest: httpx2.AsyncByteStream | None = None

    def __iter__(self) -> Iterator[bytes]:
        events = self._played.events
        if self._world.paced:
            for event, wait in zip(events, waits(events), strict=True):
                time.sleep(wait)
                yield event
        else:
            yield from events
        if self._goes_on():
            simulator = self._world.rest(self._played, self._request)
            self._rest = simulator.rest(self._request, self._played.response_body)
            try:
                yield from self._rest
            except LookupError as error:
                raise RecordingEndsError(self._request, self._world.lesson) from error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        events = self._played.events
        paced = self._world.paced
        for event, wait in zip(events, waits(events) if paced else [0.0] * len(events), strict=True):
            if paced:
                await anyio.sleep(wait)
            yield event
        if self._goes_on():
            simulator = self._world.rest(self._played, self._request)
            self._async_rest = simulator.async_rest(self._request, self._played.response_body)
            try:
                async for event in self._async_rest:
                    yield event
            except LookupError as error:
                raise RecordingEndsError(self._request, self._world.lesson) from error

    def close(self) -> None:
        if self._rest is not None:
            self._rest.close()

    async def aclose(self) -> None:
        if self._async_rest is not None:
            await self._async_rest.aclose()

    def _goes_on(self) -> bool:
        """Whether there is more to come where the recording ends; raises what ended it, if that was not its end."""
        if self._played.cut == READER:
            if self._simulated:
                return True
            raise RecordingEndsError(self._request, self._world.lesson)
        if self._played.cut:
            raise _broken(self._played.cut, self._request)
        return False


def _key(request: httpx2.Request, body: bytes) -> Key:
    headers = {name.lower().decode(): value.decode("latin-1") for name, value in request.headers.raw}
    return key_of(request.method, request.url.raw_path.decode(), headers, body)


def waits(events: list[bytes]) -> list[float]:
    """Seconds to wait before each event: a moment before the first token, then token by token, about 3 s at most.

    A model that thinks first is silent while its reasoning item is open: then the moment comes inside that item.
    """
    tokens = [b".delta" in event[:100] for event in events]
    token = min(_TOKEN, _TOKENS / max(sum(tokens), 1))
    seconds = [token if is_token else 0.0 for is_token in tokens]
    first = tokens.index(True) if True in tokens else len(events)
    thinks = next((n for n, event in enumerate(events[:first]) if _opens_reasoning(event)), None)
    if thinks is not None and thinks + 1 < len(events):
        seconds[thinks + 1] += _FIRST
    elif first < len(events):
        seconds[first] = _FIRST
    return seconds


def _opens_reasoning(event: bytes) -> bool:
    return b".output_item.added" in event[:100] and _REASONING.search(event) is not None


def _broken(cut: str, request: httpx2.Request) -> httpx2.RequestError:
    """The transport's failure that was recorded, as "RemoteProtocolError: peer closed connection"."""
    name, _, message = cut.partition(": ")
    kind = getattr(httpx2, name, httpx2.ReadError)
    return kind(message, request=request)
