"""The HTTP door: the service behind a socket, on loopback only, for curl, other languages and copied snippets."""

from __future__ import annotations

import logging
import socket
import sys
import time
from collections.abc import Iterable
from typing import Any

import anyio
import uvicorn
from starlette.types import Receive, Scope, Send

from .events import dumps
from .failures import Cut
from .http import Reply
from .service import MAX_BODY, Service

HOST = "127.0.0.1"
_LOCAL = {"127.0.0.1", "localhost", "[::1]", "testserver"}

log = logging.getLogger("simulator")


class App:
    """The ASGI application around a Service.

    `origins` are the web pages (as "http://localhost:5173") that may call from a browser; all others are refused, and
    so is any host name but this machine's own, so that no web page reaches the simulator by a name of its making.
    """

    def __init__(self, service: Service, origins: Iterable[str] = ()) -> None:
        self.service = service
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # lifespan: nothing to start; websocket: closed by the server
        began = time.monotonic()
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        body = await _body(receive)
        if body is None:
            return  # whoever asked has gone
        reply = await self._answer(scope, headers, body)
        path, took = scope["path"], 1000 * (time.monotonic() - began)
        log.info("%s %s %d %.0f ms", scope["method"], path, reply.status, took)
        await _send(reply, self._cross_origin(headers), receive, send)

    async def _answer(self, scope: Scope, headers: dict[str, str], body: bytes) -> Reply:
        host = headers.get("host", "").lower().rsplit(":", 1)[0]
        if host not in _LOCAL:
            return _refused(f"The simulator answers to {HOST} and localhost only, not to the host '{host}'.")
        origin = headers.get("origin")
        if origin is not None and origin not in self._origins:
            return _refused(
                f"Calls from web pages are refused; start the simulator with --allow-origin {origin} to allow this one."
            )
        if scope["method"] == "OPTIONS" and origin is not None:
            return Reply(204)
        if len(body) > MAX_BODY:
            return _refused(f"The request is larger than {MAX_BODY} bytes.", status=413)
        query = scope["query_string"].decode("latin-1")
        path = scope.get("raw_path", b"").decode("latin-1").partition("?")[0]
        try:
            return await self.service.handle(scope["method"], f"{path}?{query}" if query else path, headers, body)
        except Exception:
            log.exception("%s %s: a fault of the simulator", scope["method"], path)
            return _refused("A fault of the simulator: its log says which.", 500, "server_error")

    def _cross_origin(self, headers: dict[str, str]) -> dict[str, str]:
        origin = headers.get("origin")
        if origin not in self._origins:
            return {}
        return {
            "access-control-allow-origin": origin,
            "access-control-allow-methods": "GET, POST, DELETE, OPTIONS",
            "access-control-allow-headers": headers.get("access-control-request-headers", "*"),
            "vary": "origin",
        }


async def _body(receive: Receive) -> bytes | None:
    """Return a request's body, no more of it than is needed to see that it is too large; None once nobody waits."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body") or len(body) > MAX_BODY:
            return bytes(body)


def _refused(message: str, status: int = 403, kind: str = "invalid_request_error") -> Reply:
    code = "refused" if status < 500 else kind
    body = {"error": {"message": message, "type": kind, "param": None, "code": code}}
    return Reply(status, {"content-type": "application/json"}, dumps(body).encode())


async def _send(reply: Reply, more: dict[str, str], receive: Receive, send: Send) -> None:
    headers = {**reply.headers, **more}
    if isinstance(reply.body, bytes):
        headers["content-length"] = str(len(reply.body))
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    if isinstance(reply.body, bytes):
        await send({"type": "http.response.body", "body": reply.body})
        return
    events: Any = reply.body
    cut = False
    try:
        async with anyio.create_task_group() as group:
            group.start_soon(_until_gone, receive, group.cancel_scope)
            try:
                async for piece in events:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            except Cut:
                cut = True
            group.cancel_scope.cancel()
    finally:
        with anyio.CancelScope(shield=True):
            await events.aclose()
    if cut:  # leaving without the last chunk makes the server drop the connection, which is what was asked for
        raise ConnectionAbortedError("cut, as x-simulate asked")
    await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Receive, scope: anyio.CancelScope) -> None:
    """Stop the stream once nobody reads it."""
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


class _Server(uvicorn.Server):
    """Says when it is ready, on standard output, in one line that a script can wait for."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        assert sockets is not None
        print(f"Simulator ready at http://{HOST}:{sockets[0].getsockname()[1]}/openai/v1/", flush=True)


def serve(service: Service, port: int, origins: Iterable[str] = ()) -> None:
    """Serve until interrupted. Port 0 takes any that is free. Raises OSError where the port is taken."""
    # With the protocol named, asyncio turns Nagle's algorithm off; without, every answer waits 40 ms for an ACK.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":  # there it would let two servers share the port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HOST, port))
    config = uvicorn.Config(
        App(service, origins),
        lifespan="off",
        log_level="critical",
        access_log=False,
        timeout_graceful_shutdown=2,
        server_header=False,
        ws="none",
    )
    with listening:
        _Server(config).run(sockets=[listening])
