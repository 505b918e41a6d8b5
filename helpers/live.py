"""The transport to the reader's own resource: the SDK's own HTTP client, with bodies as plain bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import cached_property

import httpx2
import openai

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
