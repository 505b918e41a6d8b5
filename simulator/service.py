"""The service: one request in, one answer out. No sockets, no threads; what time it is, the clock says.

`Service` is what both doors (the in-process transport and the HTTP server) hand requests to. `World` is what it knows
while it answers: the store, the clock, the ids, the model.
"""

from __future__ import annotations

import base64
import datetime
import json
import re
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from . import (
    adoption,
    compaction,
    containers,
    conversations,
    errors,
    failures,
    files,
    models,
    parameters,
    responses,
    vector_store_files,
    vector_stores,
)
from .clock import Clock, RealClock
from .http import Reply, Request
from .ids import Ids
from .model import Refusal, Speaker, Step, Turn
from .model.glass_box import GlassBox
from .model.scripted import Scripted
from .requests import CreateRequest
from .sealing import Sealer
from .store import Store, Stored

Handler = Callable[..., Awaitable[Reply]]

# Method and path -> who answers. {name} is one path segment; more specific paths come first.
_ROUTES: list[tuple[str, str, Handler]] = [
    ("POST", "/responses/input_tokens", responses.input_tokens),
    ("POST", "/responses/compact", compaction.compact),
    ("POST", "/responses", responses.create),
    ("GET", "/responses/{id}", responses.retrieve),
    ("DELETE", "/responses/{id}", responses.delete),
    ("POST", "/responses/{id}/cancel", responses.cancel),
    ("GET", "/responses/{id}/input_items", responses.input_items),
    ("POST", "/conversations", conversations.create),
    ("GET", "/conversations/{id}", conversations.retrieve),
    ("POST", "/conversations/{id}", conversations.update),
    ("DELETE", "/conversations/{id}", conversations.delete),
    ("POST", "/conversations/{id}/items", conversations.create_items),
    ("GET", "/conversations/{id}/items", conversations.list_items),
    ("GET", "/conversations/{id}/items/{item}", conversations.retrieve_item),
    ("DELETE", "/conversations/{id}/items/{item}", conversations.delete_item),
    ("POST", "/files", files.create),
    ("GET", "/files", files.list_files),
    ("GET", "/files/{id}", files.retrieve),
    ("GET", "/files/{id}/content", files.content),
    ("DELETE", "/files/{id}", files.delete),
    ("POST", "/containers", containers.create),
    ("GET", "/containers", containers.list_containers),
    ("GET", "/containers/{id}", containers.retrieve),
    ("DELETE", "/containers/{id}", containers.delete),
    ("POST", "/containers/{id}/files", containers.create_file),
    ("GET", "/containers/{id}/files", containers.list_files),
    ("GET", "/containers/{id}/files/{file}", containers.retrieve_file),
    ("GET", "/containers/{id}/files/{file}/content", containers.file_content),
    ("DELETE", "/containers/{id}/files/{file}", containers.delete_file),
    ("POST", "/vector_stores", vector_stores.create),
    ("GET", "/vector_stores", vector_stores.list_stores),
    ("GET", "/vector_stores/{id}", vector_stores.retrieve),
    ("POST", "/vector_stores/{id}", vector_stores.update),
    ("DELETE", "/vector_stores/{id}", vector_stores.delete),
    ("POST", "/vector_stores/{id}/search", vector_stores.search),
    ("POST", "/vector_stores/{id}/files", vector_store_files.create),
    ("GET", "/vector_stores/{id}/files", vector_store_files.list_files),
    ("GET", "/vector_stores/{id}/files/{file}", vector_store_files.retrieve),
    ("POST", "/vector_stores/{id}/files/{file}", vector_store_files.update),
    ("DELETE", "/vector_stores/{id}/files/{file}", vector_store_files.delete),
    ("GET", "/vector_stores/{id}/files/{file}/content", vector_store_files.content),
    ("POST", "/vector_stores/{id}/file_batches", vector_store_files.create_batch),
    ("GET", "/vector_stores/{id}/file_batches/{batch}", vector_store_files.retrieve_batch),
    ("POST", "/vector_stores/{id}/file_batches/{batch}/cancel", vector_store_files.cancel_batch),
    ("GET", "/vector_stores/{id}/file_batches/{batch}/files", vector_store_files.list_batch),
    ("GET", "/models", models.list_models),
    ("GET", "/models/{name}", models.retrieve_model),
]
_COMPILED = [
    (method, re.compile(re.sub(r"\{\w+\}", "([^/]+)", path) + r"/?$"), handler) for method, path, handler in _ROUTES
]
_DATED_TOO = "responses|files|conversations|vector_stores|models"
_PREFIX = re.compile(rf"^(?:(/openai)?/v1(?=/|$)|(/openai)(?=/(?:{_DATED_TOO})(?:/|$)))")
_TRIES = re.compile("[0-9]{1,9}")
# Dated versions, on paths without v1: the first one that has responses (field notes 3).
FIRST_DATED = "2025-03-01-preview"
_DATED = re.compile(r"\d{4}-\d\d-\d\d(-preview)?$")
MAX_BODY = 64 * 1024 * 1024  # bytes
# What one deployment may do in a minute; the answer's headers count down from here.
REQUESTS_A_MINUTE, TOKENS_A_MINUTE = 300, 300_000


class World:
    """Everything that answering needs."""

    def __init__(
        self, script: Path | None, seed: str | None, clock: Clock | None, strict_models: bool, over_http: bool
    ) -> None:
        self.clock: Clock = clock or RealClock()
        self.ids = Ids(seed)
        self.store = Store()
        self.sealer = Sealer(seed if seed is not None else secrets.token_hex(16))
        self.speaker: Speaker = Scripted(script, GlassBox(over_http))
        self.refusing: Speaker = _Refusing()
        self.strict_models = strict_models
        self._spent: dict[str, tuple[float, int, int]] = {}

    def today(self) -> str:
        """Return the date on the clock, as an ISO date."""
        return datetime.datetime.fromtimestamp(self.clock.now(), datetime.UTC).date().isoformat()

    def finished(self, asked: CreateRequest, stored: Stored) -> None:
        """A response is complete: what follows from that outside of it."""
        if asked.conversation:
            conversations.extend(self, asked.conversation, stored)

    # -- headers ------------------------------------------------------------------------------------------------------

    def plain_headers(self) -> dict[str, str]:
        """Return the headers that every answer has, as on Azure."""
        return {
            "apim-request-id": self.ids.request(),
            "x-request-id": self.ids.request(),
            "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
            "x-content-type-options": "nosniff",
            "x-ms-region": "Simulator",
        }

    def stream_headers(self) -> dict[str, str]:
        """Return the headers of an event stream."""
        return {"content-type": "text/event-stream; charset=utf-8", **self.plain_headers()}

    def headers_for(self, asked: CreateRequest, request: Request) -> dict[str, str]:
        """Return the headers of a new response; the rate limits count down within each minute of the clock."""
        now = self.clock.now()
        minute = now - now % 60
        began, requests, tokens = self._spent.get(asked.deployment, (minute, 0, 0))
        if began != minute:
            requests = tokens = 0
        requests += 1
        tokens += len(request.body) // 4 + (asked.max_output_tokens or 0)
        self._spent[asked.deployment] = (minute, requests, tokens)
        wanted = asked.echo["service_tier"]
        return {
            **(self.stream_headers() if asked.stream else {"content-type": "application/json", **self.plain_headers()}),
            **models.notice(asked.model, self.today()),
            "azureai-fe-is-streaming": str(asked.stream),
            "azureai-requested-tier": "default" if wanted == "auto" else wanted,
            "azureai-processed-tier": asked.tier,
            "x-ms-served-model": asked.model.served,
            "x-ms-is-spilled-over": "false",
            "x-ratelimit-key": asked.deployment,
            "x-ratelimit-limit-requests": str(REQUESTS_A_MINUTE),
            "x-ratelimit-limit-tokens": str(TOKENS_A_MINUTE),
            "x-ratelimit-remaining-requests": str(max(0, REQUESTS_A_MINUTE - requests)),
            "x-ratelimit-remaining-tokens": str(max(0, TOKENS_A_MINUTE - tokens)),
            "x-ratelimit-renewalperiod-requests": "60",
            "x-ratelimit-renewalperiod-tokens": "60",
            "x-ratelimit-reset-requests": str(int(minute + 60 - now)),
            "x-ratelimit-reset-tokens": str(int(minute + 60 - now)),
        }


class _Refusing:
    """Refuses everything: what `x-simulate: refusal` asks for."""

    async def speak(self, turn: Turn) -> AsyncGenerator[Step, dict[str, Any] | None]:
        yield Refusal("I'm sorry, but I can't help with that.")


class Service:
    """A simulated Responses API.

    script: what the scripted model says, a file or a folder of them (data/scripts); without one, and where it has
    nothing, the glass box speaks. seed: makes ids a function of the requests before; None makes them random. clock:
    RealClock by default. key: the one API key that is accepted; None accepts any that is not empty. strict_models:
    models past their retirement date are refused. over_http: who asks does so over HTTP, and not in a lesson, which
    decides what the glass box advises. Raises ScriptError for a script with a fault.
    """

    def __init__(
        self,
        script: Path | None = None,
        seed: str | None = None,
        clock: Clock | None = None,
        *,
        key: str | None = None,
        strict_models: bool = False,
        over_http: bool = False,
    ) -> None:
        self.world = World(script, seed, clock, strict_models, over_http)
        self._key = key

    async def handle(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer one request. `url` is a path with its query, prefix included; header names are lower-case."""
        world = self.world
        world.clock.step()
        whole, _, asked = url.partition("?")
        prefix = _PREFIX.match(whole)
        query = parse_qsl(asked)
        azure = prefix is None or prefix.group(1) is not None or prefix.group(2) is not None
        try:
            if prefix is None or (prefix.group(2) and "api-version" not in dict(query)):
                raise errors.ApiError(
                    404, "Resource not found", body={"error": {"code": "404", "message": "Resource not found"}}
                )
            self._authorise(headers, azure)
            if azure:
                _check_version(dict(query).get("api-version"), on_v1=prefix.group(2) is None)
            if len(body) > MAX_BODY:
                raise errors.ApiError(413, f"The request is larger than {MAX_BODY} bytes.", code="request_too_large")
            failure = _failure(headers)
            if error := failures.before(failure):
                raise error
            path = whole[prefix.end() :]
            include = [value for name, value in query if name in ("include", "include[]")]
            parameters.check("include", include)
            request = Request(method, path, dict(query), headers, body, azure, failure, frozenset(include))
            known = False
            for routed, pattern, handler in _COMPILED:
                if match := pattern.match(path):
                    if routed == method:
                        return await handler(world, request, *(unquote(part) for part in match.groups()))
                    known = True
            doubled = path == "/responses/responses"  # a 404, as reported (field notes 1)
            raise (errors.wrong_method if known and not doubled else errors.not_found)(method, whole)
        except errors.ApiError as error:
            return Reply.json(error.status, error.body(), {**world.plain_headers(), **error.headers})

    def adopt(
        self, method: str, path: str, request_body: bytes, status: int, response_body: bytes, headers: Mapping[str, str]
    ) -> None:
        """Take over what a recorded exchange created, changed or deleted; `path`: below the prefix, with its query."""
        adoption.adopt(self.world, method, path, request_body, status, response_body)

    def rest(self, request_body: bytes, headers: Mapping[str, str], recorded: bytes) -> AsyncIterator[bytes]:
        """Go on with an adopted stream of a response whose recording ends before the stream did.

        Raises LookupError, when iterated, where that cannot be: the response is gone, or the model says something else.
        """
        return adoption.rest(self.world, request_body, recorded, _failure(headers))

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """Return what is held: {"responses": [...], "files": [...], "containers": [...], "conversations": [...]}."""
        vector_stores.settle(self.world)
        held: dict[str, list[dict[str, Any]]] = {"responses": [stored.body for stored in self.world.store.responses]}
        for name in ("files", "containers", "conversations", "vector_stores"):
            held[name] = [getattr(row, "body", row) for row in self.world.store.table(name).values()]
        return held

    def _authorise(self, headers: Mapping[str, str], azure: bool) -> None:
        """Raise the service's 401 for a credential it would not take."""
        bearer = headers.get("authorization", "")
        key = headers.get("api-key") or (bearer[7:] if bearer.lower().startswith("bearer ") else "")
        if not key.strip():
            raise _denied(azure, "Access denied due to missing credentials. Send an api-key header or a bearer token.")
        if key.count(".") == 2 and key.startswith("eyJ"):
            _check_token(key, self.world.clock.now())
        elif self._key is not None and not secrets.compare_digest(key.encode(), self._key.encode()):
            if azure:
                raise failures.before("unauthorized")  # type: ignore[misc]
            shown = key[:8] + "*" * max(0, len(key) - 12) + key[-4:]
            raise errors.ApiError(
                401,
                f"Incorrect API key provided: {shown}. You can find your API key at "
                "https://platform.openai.com/account/api-keys.",
                code="invalid_api_key",
            )


def _check_version(version: str | None, on_v1: bool) -> None:
    """Refuse an api-version that the path does not take; v1 needs none (words as reported: field notes 3 and 4)."""
    if version is None or version in ("v1", "preview", "latest"):
        return
    if on_v1 or not _DATED.match(version):
        message = "API version not supported"
    elif version < FIRST_DATED:
        message = f"Azure OpenAI Responses API is enabled only for api-version {FIRST_DATED} and later"
    else:
        return
    raise errors.ApiError(400, message, body={"error": {"code": "BadRequest", "message": message}})


def _failure(headers: Mapping[str, str]) -> str | None:
    tries = headers.get("x-stainless-retry-count", "")
    return failures.asked(headers.get("x-simulate"), int(tries) if _TRIES.fullmatch(tries) else 0)


def _denied(azure: bool, message: str) -> errors.ApiError:
    if azure:
        return errors.ApiError(401, message, body={"error": {"code": "401", "message": message}})
    return errors.ApiError(401, "You didn't provide an API key.", code=None)


def _check_token(token: str, now: float) -> None:
    """Look at an Entra ID token's audience and expiry (its signature is Azure's to check)."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        audience = str(claims.get("aud", "")).rstrip("/")
        lives = claims.get("exp", now + 1) > now
    except (ValueError, TypeError, AttributeError, RecursionError):  # not JSON, or not claims
        audience, lives = "", False
    if not lives or audience not in ("https://ai.azure.com", "https://cognitiveservices.azure.com"):
        raise _token_error(
            "Unauthorized. Access token is missing, invalid, audience is incorrect "
            "(https://cognitiveservices.azure.com), or have expired."
        )


def _token_error(message: str) -> errors.ApiError:
    """Azure's flat body, as reported (field notes 7 and 79)."""
    return errors.ApiError(401, message, body={"statusCode": 401, "message": message})
