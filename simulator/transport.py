"""The in-process door: httpx2 transports that hand requests to a Service. No socket is opened.

Every request of the process is answered on one background event loop, whichever client sent it: sync and async
clients share one world, and a notebook's own running loop does not matter.
"""

from __future__ import annotations

import asyncio
import atexit
import functools
import os
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import cast

import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal

from .failures import Cut
from .http import Reply
from .service import Service

_ended: list[bool] = []  # holds something once the process is ending
_closing: set[asyncio.Future[None]] = set()  # kept until they are done


@functools.cache
def _portal() -> BlockingPortal:
    context = start_blocking_portal(name="simulator")
    portal = context.__enter__()

    def end() -> None:
        _ended.append(True)
        context.__exit__(None, None, None)

    atexit.register(end)
    return portal


@functools.cache
def _portal_thread() -> int:
    return _portal().call(threading.get_ident)


def _forked() -> None:
    """Begin anew in a child of multiprocessing's: the thread of the background loop was not forked with it."""
    _portal.cache_clear()
    _portal_thread.cache_clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


class Transport(httpx2.BaseTransport):
    """For `httpx2.Client`: `OpenAI(http_client=httpx2.Client(transport=Transport(service)))`."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        body = request.read()
        portal = _portal()
        coming: Future[Reply] = portal.start_task_soon(_handle, self.service, request, body)
        try:
            reply = coming.result(_read_timeout(request))
        except FutureTimeout:
            coming.cancel()
            raise _timed_out(request) from None
        if isinstance(reply.body, bytes):
            return httpx2.Response(reply.status, headers=reply.headers, content=reply.body)
        return httpx2.Response(reply.status, headers=reply.headers, stream=_Stream(reply.body, request))

    def rest(self, request: httpx2.Request, recorded: bytes) -> httpx2.SyncByteStream:
        """Return what comes after a recorded stream that was not read to its end (`Service.rest`)."""
        return _Stream(self.service.rest(request.read(), request.headers, recorded), request)


class AsyncTransport(httpx2.AsyncBaseTransport):
    """For `httpx2.AsyncClient`."""

    def __init__(self, service: Service) -> None:
        self.service = service

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        body = await request.aread()
        portal = _portal()
        coming = asyncio.wrap_future(portal.start_task_soon(_handle, self.service, request, body))
        try:
            reply: Reply = await asyncio.wait_for(coming, _read_timeout(request))
        except TimeoutError:
            raise _timed_out(request) from None
        if isinstance(reply.body, bytes):
            return httpx2.Response(reply.status, headers=reply.headers, content=reply.body)
        return httpx2.Response(reply.status, headers=reply.headers, stream=_AsyncStream(reply.body, request))

    def rest(self, request: httpx2.Request, recorded: bytes) -> httpx2.AsyncByteStream:
        """Return what comes after a recorded stream that was not read to its end (`Service.rest`)."""
        return _AsyncStream(self.service.rest(request.content, request.headers, recorded), request)


async def _handle(service: Service, request: httpx2.Request, body: bytes) -> Reply:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return await service.handle(request.method, request.url.raw_path.decode(), headers, body)


def _read_timeout(request: httpx2.Request) -> float | None:
    timeout: float | None = request.extensions.get("timeout", {}).get("read")
    return timeout


def _timed_out(request: httpx2.Request) -> httpx2.ReadTimeout:
    return httpx2.ReadTimeout("The read operation timed out", request=request)


class _Events:
    """A stream's events on the background loop: one reads at a time, and closing waits for the reader to be gone."""

    def __init__(self, events: AsyncIterator[bytes], request: httpx2.Request) -> None:
        self._events, self._request = events, request
        self._timeout = _read_timeout(request)
        self._turn = asyncio.Lock()
        self._coming: Future[bytes | None] | None = None
        _portal_thread()  # known before anything is closed

    def _ask(self) -> Future[bytes | None]:
        self._coming = _portal().start_task_soon(self._next)
        return self._coming

    async def _next(self) -> bytes | None:
        async with self._turn:
            return await anext(self._events, None)

    async def _end(self) -> None:
        if self._coming is not None:  # a reader that was interrupted may still be waiting
            self._coming.cancel()
        async with self._turn:
            await cast("AsyncGenerator[bytes]", self._events).aclose()


def _broken() -> httpx2.RemoteProtocolError:
    return httpx2.RemoteProtocolError("peer closed connection without sending complete message body")


class _Stream(_Events, httpx2.SyncByteStream):
    """An event stream, an event a chunk; closing it early closes the response's life on the other side."""

    def __iter__(self) -> Iterator[bytes]:
        while True:
            try:
                chunk = self._ask().result(self._timeout)
            except Cut as cut:
                raise _broken() from cut
            except FutureTimeout:
                raise _timed_out(self._request) from None
            if chunk is None:
                return
            yield chunk

    def close(self) -> None:
        if _ended:  # a stream that outlives the interpreter has nothing left to close
            return
        if threading.get_ident() == _portal_thread():  # garbage is collected in any thread: this one must not wait
            _closing.add(task := asyncio.ensure_future(self._end()))
            task.add_done_callback(_closing.discard)
        else:
            _portal().start_task_soon(self._end).result()


class _AsyncStream(_Events, httpx2.AsyncByteStream):
    """The same for async clients."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            try:
                chunk = await asyncio.wait_for(asyncio.wrap_future(self._ask()), self._timeout)
            except Cut as cut:
                raise _broken() from cut
            except TimeoutError:
                raise _timed_out(self._request) from None
            if chunk is None:
                return
            yield chunk

    async def aclose(self) -> None:
        if not _ended:
            await asyncio.wrap_future(_portal().start_task_soon(self._end))
