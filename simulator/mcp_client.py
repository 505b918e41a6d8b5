"""A client of MCP servers: the official SDK over HTTP to this machine, or to a stand-in in this process.

Nothing leaves the machine. A server_url is called only where its host is a loopback address; the public ones that the
lessons name lead to their stand-ins; every other one is unreachable, and says so. Headers and tokens are passed on,
and are in no error, log or stored object.
"""

from __future__ import annotations

import asyncio
import contextlib
import http
import ipaddress
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx2

from . import standins

if TYPE_CHECKING:
    from mcp import Client

LIST_SECONDS = 10.0  # for connecting and listing; assumed
CALL_SECONDS = 60.0  # for one call; users report that calls of over a minute fail (community.openai.com 1364167)


class Unreachable(Exception):
    """The server could not be talked to. `status`: what it answered over HTTP, 424 where it answered nothing."""

    def __init__(self, status: int, note: str = "") -> None:
        super().__init__(note)
        self.status = status
        self.note = note

    def words(self) -> str:
        """Return the status as the service words it."""
        try:
            return f"{self.status} ({http.HTTPStatus(self.status).phrase})"
        except ValueError:
            return str(self.status)


def shown_url(url: str) -> str:
    """Return a URL without what may be secret in it: a query, a fragment, a user's name and password."""
    return re.sub(r"//[^/@]*@", "//", re.split(r"[?#]", url, maxsplit=1)[0])


@dataclass(frozen=True)
class Access:
    """How to reach a server: its URL and what is passed on to it."""

    url: str
    headers: dict[str, str]

    @classmethod
    def of(cls, secrets: dict[str, Any]) -> Access:
        """Return the access that a request's tool gives: {"server_url", "headers", "authorization"}."""
        headers = dict(secrets.get("headers") or {})
        if token := secrets.get("authorization"):
            headers["Authorization"] = f"Bearer {token}"
        return cls(secrets.get("server_url") or "", headers)

    @property
    def local(self) -> bool:
        """Whether the URL leads to this machine, which the live service could not reach."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"


@dataclass(frozen=True)
class Answer:
    """What a call gave: its output as text, or an error in the form of an mcp_call item."""

    output: str | None = None
    error: dict[str, Any] | None = None


async def list_tools(access: Access) -> list[dict[str, Any]]:
    """Return a server's tools as an mcp_list_tools item has them; raises Unreachable."""
    async with _connected(access, LIST_SECONDS) as client:
        found, cursor = [], None
        while True:
            page = await client.list_tools(cursor=cursor)
            found += page.tools
            cursor = page.next_cursor
            if not cursor:
                break
    return [
        {
            "annotations": {"read_only": bool(tool.annotations and tool.annotations.read_only_hint)},
            "description": tool.description,
            "input_schema": tool.input_schema,
            "name": tool.name,
        }
        for tool in found
    ]


async def call(access: Access, name: str, arguments: dict[str, Any]) -> Answer:
    """Call a tool; what went wrong is in the answer."""
    from mcp.shared.exceptions import MCPError

    try:
        async with _connected(access, CALL_SECONDS) as client:
            try:
                result = await client.call_tool(name, arguments)
            except MCPError as error:
                return Answer(error={"type": "mcp_protocol_error", "code": error.code, "message": error.message})
    except Unreachable as failed:
        message = http.HTTPStatus(failed.status).phrase if failed.status in set(http.HTTPStatus) else "HTTP error"
        if failed.note:
            message += f" {failed.note}"
        return Answer(error={"type": "http_error", "code": failed.status, "message": message})
    parts = [part.model_dump(mode="json", by_alias=True, exclude_none=True) for part in result.content]
    if result.is_error:
        return Answer(error={"type": "mcp_tool_execution_error", "content": parts})
    return Answer(output="\n".join(_text(part) for part in parts))


def _text(part: dict[str, Any]) -> str:
    if part["type"] == "text":
        return str(part["text"])
    resource = part.get("resource") or {}
    return str(resource.get("text") or part.get("uri") or resource.get("uri") or f"[{part['type']}]")


@contextlib.asynccontextmanager
async def _connected(access: Access, seconds: float) -> AsyncIterator[Client]:
    """Give a client that has shaken hands; raises Unreachable, never with a header or a token in its words."""
    from mcp import Client
    from mcp.client.sse import sse_client
    from mcp.client.streamable_http import streamable_http_client

    statuses: list[int] = []

    async def remember(response: httpx2.Response) -> None:
        statuses.append(response.status_code)

    try:
        async with asyncio.timeout(seconds), contextlib.AsyncExitStack() as stack:
            if stand_in := standins.STAND_INS.get(shown_url(access.url).rstrip("/")):
                if stand_in.token and not _bearer(access.headers):
                    statuses.append(401)
                    raise Unreachable(401)
                yield await stack.enter_async_context(Client(stand_in.make(), cache=None))
                return
            if not access.local:
                raise Unreachable(424, _refusal(access))

            def http_client(
                headers: dict[str, str] | None = None,
                timeout: httpx2.Timeout | None = None,
                auth: httpx2.Auth | None = None,
            ) -> httpx2.AsyncClient:
                hooks = {"response": [remember]}
                return httpx2.AsyncClient(
                    headers=headers, timeout=timeout, auth=auth, trust_env=False, event_hooks=hooks
                )

            if urlsplit(access.url).path.rstrip("/").endswith("/sse"):  # the older transport: the service takes both
                transport = sse_client(access.url, access.headers, seconds, seconds, httpx_client_factory=http_client)
            else:
                plain = await stack.enter_async_context(http_client(access.headers, httpx2.Timeout(seconds)))
                transport = streamable_http_client(access.url, http_client=plain)
            yield await stack.enter_async_context(Client(transport, cache=None))
    except Unreachable:
        raise
    except TimeoutError:
        raise Unreachable(424, f"(Simulator: it did not answer within {seconds:g} seconds.)") from None
    except Exception as error:  # whatever the SDK, the socket or the server came up with: the cause stays attached
        failed = [status for status in statuses if status >= 400]
        raise Unreachable(failed[-1] if failed else 424) from error


def _bearer(headers: dict[str, str]) -> bool:
    given = {name.lower(): value for name, value in headers.items()}.get("authorization", "")
    return given.lower().startswith("bearer ") and bool(given[7:].strip())


def _refusal(access: Access) -> str:
    host = urlsplit(access.url).hostname
    return (
        f"(Simulator: nothing leaves this machine, so '{host}' is not called. Run a server of your own at "
        f"http://127.0.0.1, or use one that has a stand-in here: {', '.join(standins.STAND_INS)}.)"
    )
