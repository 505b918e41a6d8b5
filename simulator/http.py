"""A request and its answer, without sockets: what the two doors hand in and take out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .events import dumps


def is_url(text: str) -> bool:
    """Return whether it is an http or https URL whose host can be told."""
    try:
        return urlsplit(text).scheme in ("http", "https")
    except ValueError:  # a bracket that is left open
        return False


@dataclass
class Request:
    """One HTTP request. `path` is below the prefix ("/responses/resp_…"); header names are lower-case."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    azure: bool = True  # /openai/v1 (Azure's form of errors and bodies) or /v1 (OpenAI's)
    failure: str | None = None  # what x-simulate asks for
    include: frozenset[str] = frozenset()  # the query's include[], as often as it is there


@dataclass
class Reply:
    """One HTTP answer; `body` is bytes, or pieces as they come."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | AsyncIterator[bytes] = b""

    @classmethod
    def json(cls, status: int, body: Any, headers: Mapping[str, str] | None = None) -> Reply:
        """Return a JSON answer."""
        return cls(status, {"content-type": "application/json", **(headers or {})}, dumps(body).encode())
