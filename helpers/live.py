"""The transport to the reader's own resource: the SDK's own HTTP client, with bodies as plain bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import cached_property

import httpx2
import openai

from helpers import azure

_CODED = ("content-encoding", "content-length", "transfer-encoding")  # not true of a body that was decoded


class LiveTransport(httpx2.BaseTransport):
    """Sends a request with the client that the SDK would have used: its proxies, certificates and limits."""

    @cached_property
    def _client(self) -> httpx2.Client:
        return openai.DefaultHttpxClient(follow_redirects=False)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = self._client.send(request, stream=True, auth=None)
        return httpx2.Response(answer.status_code, headers=_plain(answer), stream=_Body(answer))

    def close(self) -> None:
        self._client.close()


class AsyncLiveTransport(httpx2.AsyncBaseTransport):
    """The same for an asynchronous client."""

    @cached_property
    def _client(self) -> httpx2.AsyncClient:
        return openai.DefaultAsyncHttpxClient(follow_redirects=False)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._client.send(request, stream=True, auth=None)
        return httpx2.Response(answer.status_code, headers=_plain(answer), stream=_AsyncBody(answer))

    async def aclose(self) -> None:
        await self._client.aclose()


class DeployedTransport(httpx2.BaseTransport):
    """Sends a lesson's request to the reader's deployment, also where a cell names the model in plain text."""

    def __init__(self, inner: httpx2.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return self._inner.handle_request(_deployed(request, request.read()) if _is_json(request) else request)

    def close(self) -> None:
        self._inner.close()


class AsyncDeployedTransport(httpx2.AsyncBaseTransport):
    """The same for an asynchronous client."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        sent = _deployed(request, await request.aread()) if _is_json(request) else request
        return await self._inner.handle_async_request(sent)

    async def aclose(self) -> None:
        await self._inner.aclose()


def _is_json(request: httpx2.Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/json")


def _deployed(request: httpx2.Request, body: bytes) -> httpx2.Request:
    if (content := azure.deployed(body)) == body:
        return request
    headers = [(name, value) for name, value in request.headers.multi_items() if name.lower() != "content-length"]
    return httpx2.Request(request.method, request.url, headers=headers, content=content, extensions=request.extensions)


class _Body(httpx2.SyncByteStream):
    def __init__(self, answer: httpx2.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_bytes()

    def close(self) -> None:
        self._answer.close()


class _AsyncBody(httpx2.AsyncByteStream):
    def __init__(self, answer: httpx2.Response) -> None:
        self._answer = answer

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._answer.aiter_bytes()

    async def aclose(self) -> None:
        await self._answer.aclose()


def _plain(answer: httpx2.Response) -> list[tuple[str, str]]:
    return [(name, value) for name, value in answer.headers.multi_items() if name.lower() not in _CODED]
