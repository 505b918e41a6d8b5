"""What must never reach a file: credentials, hosts, tenants, people. Taken out on the way in.

`request_text` is applied alike to what is recorded and to what is looked up, so that a request with somebody's own
token, host or home folder finds the recording that was made with another. Headers are kept by name, text is cleaned by
pattern, and the MCP tools of a request by structure. Cleaning twice changes nothing more.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

MASK = "****"
BOUNDARY = "lab-boundary"  # stands for the boundary of a multipart body, which is random
OPAQUE = 2_000  # characters: a longer string without spaces, or a longer file, is kept in a request as its digest

_REQUEST_HEADERS = frozenset({"accept", "content-type", "x-simulate", "x-ms-oai-image-generation-deployment"})
_RESPONSE_HEADERS = frozenset(
    {"content-type", "content-disposition", "retry-after", "retry-after-ms", "x-should-retry", "x-request-id"}
)
_LIMITS = ("x-ratelimit-limit-", "x-ratelimit-remaining-", "x-ratelimit-reset-")


@dataclass(frozen=True)
class Rule:
    """A pattern to replace; one of `needles` is in any lower-cased text that it can match."""

    needles: tuple[str, ...]
    pattern: re.Pattern[str]
    replacement: str | Callable[[re.Match[str]], str]


def _rule(needles: str, pattern: str, replacement: str | Callable[[re.Match[str]], str]) -> Rule:
    return Rule(tuple(needles.split()), re.compile(pattern), replacement)


_FIELDS = r"authorization|(?:x-)?api[-_]?key|client_secret|password|(?:access|refresh)_token"
_QUERY = r"code|sig|key|(?:access_)?token|api[-_]key|subscription-key"
_SECRETS = [
    _rule("bearer", r"(?i)\bBearer\s+[\w.~+/-]{16,}=*", f"Bearer {MASK}"),
    _rule("eyj", r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*", MASK),  # a JSON web token
    _rule("sk- hf_ ghp_ gho_ ghu_ ghs_ ghr_", r"\b(?:sk-|hf_|gh[pousr]_)[\w-]{16,}", MASK),
    _rule("accountkey=", r"(?i)(AccountKey=)[\w+/=]{16,}", rf"\1{MASK}"),
    _rule("@", r"(://[^/\s\"'@:]+:)[^/\s\"'@]+@", rf"\1{MASK}@"),  # https://name:password@host
    _rule("? &", rf"(?i)([?&](?:{_QUERY})=)[^&\s\"'\\<>]+", rf"\1{MASK}"),
    _rule(  # "<redacted>" is the service's own word, in the echo of a tool
        'authorization" key" secret" password" token"',
        rf'(?i)("(?:{_FIELDS})"\s*:\s*")(?!<redacted>")(?:[^"\\]|\\.)+"',
        rf'\1{MASK}"',
    ),
]
_PLACES = [
    _rule(
        ".azure.com",
        r"(?i)\b[a-z0-9][a-z0-9-]*(\.(?:openai|services\.ai|cognitiveservices)\.azure\.com)",
        lambda match: "YOUR-RESOURCE-NAME" + match[1].lower(),
    ),
    _rule("/api/projects/", r"(/api/projects/)[^/\s\"'?]+", r"\1YOUR-PROJECT-NAME"),
    _rule("windows.net", r"(?i)\b[a-z0-9-]+(\.(?:blob|file|queue|table)\.core\.windows\.net)", r"YOUR-STORAGE-NAME\1"),
    _rule("/home/ /users/ users\\", r"((?:/home/|/Users/|\bUsers\\{1,2}))[^/\\\s\"':]+", r"\1you"),
]
_PEOPLE = [
    _rule("-", r"(?i)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "00000000-0000-0000-0000-000000000000"),
    _rule("@", r"(?i)\b[\w.+-]+@(?!(?:[\w-]+\.)*example\.)[\w-]+(?:\.[\w-]+)+\b", "someone@example.com"),
]


def clean(text: str) -> str:
    """Text without credentials, resource hosts, home folders, tenant ids (any GUID) and mail addresses."""
    return _apply(_SECRETS + _PLACES + _PEOPLE, text)


def mask(body: bytes) -> bytes:
    """A request's body with its credentials masked and nothing else changed: fit to be shown to its owner."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return body
    value = _parsed(text)
    if value is not None and _mask_tools(value):
        text = json.dumps(value, ensure_ascii=False)
    return _apply(_SECRETS, text).encode()


def request_headers(headers: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """The request headers to keep, of those with lower-case names. `names` leads from deployments to models."""
    kept = {name: clean(value) for name, value in headers.items() if name in _REQUEST_HEADERS}
    if headers.get("x-stainless-retry-count", "0") != "0":
        kept["x-stainless-retry-count"] = headers["x-stainless-retry-count"]
    if kept.get("content-type", "").startswith("multipart/"):
        kept["content-type"] = f"multipart/form-data; boundary={BOUNDARY}"
    image = "x-ms-oai-image-generation-deployment"
    if image in kept:
        kept[image] = names.get(kept[image], kept[image])
    return kept


def request_text(body: bytes, content_type: str, names: Mapping[str, str] | None = None, *, sort: bool = False) -> str:
    """The request's body as it is recorded and looked up: JSON (with sorted keys, to look up), multipart, or text."""
    if content_type.startswith("multipart/"):
        return clean(_multipart(body, content_type))
    text = body.decode(errors="backslashreplace")
    value = _parsed(text)
    if value is None:
        return clean(text)
    _mask_tools(value)
    if names and isinstance(value, dict) and value.get("model") in names:
        value["model"] = names[value["model"]]
    if len(text) > OPAQUE:
        value = _shorten(value)
    return clean(json.dumps(value, ensure_ascii=False, sort_keys=sort, separators=(",", ":")))


def response_headers(headers: Mapping[str, str], number: int, *, from_simulator: bool) -> dict[str, str]:
    """The response headers to keep; a service's request id becomes one that says only the interaction's number."""
    kept = {name: value for name, value in headers.items() if name in _RESPONSE_HEADERS or name.startswith(_LIMITS)}
    if from_simulator:
        return kept
    kept = {name: clean(value) for name, value in kept.items()}
    if "x-request-id" in kept:
        kept["x-request-id"] = f"00000000-0000-0000-0000-{number:012}"
    return kept


def response_body(body: bytes, names: Mapping[str, str], *, from_simulator: bool) -> bytes:
    """A response's body to keep. People and tenants appear in a service's answers only, not in the simulator's."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return body
    for deployment, model in names.items():
        text = re.sub(rf'("model"\s*:\s*"){re.escape(deployment)}"', rf'\g<1>{model}"', text)
    return _apply(_SECRETS + _PLACES + ([] if from_simulator else _PEOPLE), text).encode()


def _apply(rules: list[Rule], text: str) -> str:
    lowered = text.lower()
    for rule in rules:
        for needle in rule.needles:
            if needle in lowered:
                text = rule.pattern.sub(rule.replacement, text)
                break
    return text


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:  # a body need not be JSON
        return None


def _mask_tools(value: Any) -> bool:
    """Mask in place what a request hands to MCP servers; say whether there was anything."""
    tools = value.get("tools") if isinstance(value, dict) else None
    found = False
    for tool in tools if isinstance(tools, list) else []:
        if isinstance(tool, dict) and tool.get("type") == "mcp":
            if isinstance(tool.get("headers"), dict):
                tool["headers"] = dict.fromkeys(tool["headers"], MASK)
                found = True
            if isinstance(tool.get("authorization"), str):
                tool["authorization"] = MASK
                found = True
    return found


def _shorten(value: Any) -> Any:
    """Base64 and the like as digests, so that a cassette stays one that a person can review."""
    if isinstance(value, str) and len(value) > OPAQUE and len(value.split(None, 1)) == 1:
        return f"{value[:32]}… {_digest(value.encode())} ({len(value)} characters)"
    if isinstance(value, dict):
        return {name: _shorten(member) for name, member in value.items()}
    return [_shorten(member) for member in value] if isinstance(value, list) else value


def _multipart(body: bytes, content_type: str) -> str:
    """A multipart body with our boundary; long and binary parts as digests."""
    boundary = content_type.partition("boundary=")[2].strip('"').encode()
    parts = []
    for part in body.split(b"--" + boundary):
        head, blank, content = part.partition(b"\r\n\r\n")
        content = content.removesuffix(b"\r\n")
        try:
            text = content.decode()
        except UnicodeDecodeError:
            text = None
        if text is None or len(text) > OPAQUE:
            text = f"{_digest(content)} ({len(content)} bytes)"
        parts.append(head.decode(errors="replace") + (f"\r\n\r\n{text}\r\n" if blank else ""))
    return f"--{BOUNDARY}".join(parts)


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
