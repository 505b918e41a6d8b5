"""An exchange as code to copy: a curl command, and the SDK call that made it."""

import json
import re
from shlex import quote
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from helpers.display.shapes import shortened
from helpers.exchanges import Exchange

_LARGE = 4_000  # characters of a body, or of a string in it, that one still wants to read and copy
_KEY = "$AZURE_OPENAI_API_KEY"
_ENDPOINT_SHELL = "${AZURE_OPENAI_ENDPOINT%/}/openai/v1"  # with or without a slash at its end
_ENDPOINT_PYTHON = 'os.environ["AZURE_OPENAI_ENDPOINT"].rstrip("/") + "/openai/v1/"'

# The SDK's method for every route that a lesson uses (openai 3.57.0, `client.responses`, `.files`, …).
_ROUTES: list[tuple[str, str, str]] = [
    ("POST", "/responses", "responses.create"),
    ("POST", "/responses/input_tokens", "responses.input_tokens.count"),
    ("POST", "/responses/compact", "responses.compact"),
    ("GET", "/responses/{}", "responses.retrieve"),
    ("DELETE", "/responses/{}", "responses.delete"),
    ("POST", "/responses/{}/cancel", "responses.cancel"),
    ("GET", "/responses/{}/input_items", "responses.input_items.list"),
    ("POST", "/files", "files.create"),
    ("GET", "/files", "files.list"),
    ("GET", "/files/{}", "files.retrieve"),
    ("DELETE", "/files/{}", "files.delete"),
    ("GET", "/files/{}/content", "files.content"),
    ("POST", "/containers", "containers.create"),
    ("GET", "/containers", "containers.list"),
    ("GET", "/containers/{}", "containers.retrieve"),
    ("DELETE", "/containers/{}", "containers.delete"),
    ("POST", "/containers/{}/files", "containers.files.create"),
    ("GET", "/containers/{}/files", "containers.files.list"),
    ("GET", "/containers/{}/files/{}", "containers.files.retrieve"),
    ("DELETE", "/containers/{}/files/{}", "containers.files.delete"),
    ("GET", "/containers/{}/files/{}/content", "containers.files.content.retrieve"),
    ("POST", "/conversations", "conversations.create"),
    ("GET", "/conversations/{}", "conversations.retrieve"),
    ("POST", "/conversations/{}", "conversations.update"),
    ("DELETE", "/conversations/{}", "conversations.delete"),
    ("POST", "/conversations/{}/items", "conversations.items.create"),
    ("GET", "/conversations/{}/items", "conversations.items.list"),
    ("GET", "/conversations/{}/items/{}", "conversations.items.retrieve"),
    ("DELETE", "/conversations/{}/items/{}", "conversations.items.delete"),
    ("GET", "/models", "models.list"),
]
# The second id of a route is a keyword argument in the SDK.
_SECOND = {"containers": "container_id", "conversations": "conversation_id"}


def request_json(exchange: Exchange) -> Any:
    """The request's JSON with secrets masked, or None when the body is empty or something else (an upload)."""
    try:
        return json.loads(exchange.masked_body())
    except ValueError:
        return None


def curl(exchange: Exchange) -> str:
    """The same call as a shell command. The key comes from the environment, it is never written out."""
    base, path, _ = _split(exchange.url)
    query = "?" + urlsplit(exchange.url).query if urlsplit(exchange.url).query else ""
    where = f'"{_ENDPOINT_SHELL}{path}{query}"' if _is_azure(base) else quote(exchange.url)
    lines = [f"curl {where}" if exchange.method in ("GET", "POST") else f"curl -X {exchange.method} {where}"]
    if "api-key" in exchange.request_headers:
        lines.append(f'-H "api-key: {_KEY}"')
    else:
        lines.append(f'-H "Authorization: Bearer {_KEY}"')
    body = request_json(exchange)
    if body is not None:
        text = json.dumps(body, ensure_ascii=False, indent=2)
        lines.append('-H "Content-Type: application/json"')
        lines.append(f"-d {quote(text)}" if len(text) <= _LARGE else "-d @request.json")
    elif exchange.request_body:
        lines += ["-F purpose=assistants", "-F file=@YOUR-FILE"]
    elif exchange.method == "POST":
        lines[0] = lines[0].replace("curl", "curl -X POST", 1)
    return " \\\n  ".join(lines)


def python(exchange: Exchange) -> str:
    """The same call with the plain SDK, complete: paste it into an empty file."""
    base, path, query = _split(exchange.url)
    where = _ENDPOINT_PYTHON if _is_azure(base) else f'"{base}"'
    name = "stream" if exchange.is_stream else "response"
    call = _call(exchange, path, query)
    shown = f"print({name}.output_text)" if call.startswith("client.responses.create(") else f"print({name})"
    if exchange.is_stream:
        shown = "for event in stream:\n    print(event.type)"
    return (
        "import os\n\nfrom openai import OpenAI\n\nclient = OpenAI(\n"
        f"    base_url={where},\n"
        '    api_key=os.environ["AZURE_OPENAI_API_KEY"],\n)\n'
        f"{name} = {call}\n{shown}"
    )


def _is_azure(base: str) -> bool:
    return base.endswith("/openai/v1/") and not base.startswith("http://")


def _split(url: str) -> tuple[str, str, list[tuple[str, str]]]:
    """The SDK's base_url, the route below it, and the query."""
    parts = urlsplit(url)
    prefix = "/openai/v1" if parts.path.startswith("/openai/v1") else "/v1" if parts.path.startswith("/v1") else ""
    return f"{parts.scheme}://{parts.netloc}{prefix}/", parts.path.removeprefix(prefix), parse_qsl(parts.query)


def _call(exchange: Exchange, path: str, query: list[tuple[str, str]]) -> str:
    for method, route, name in _ROUTES:
        match = re.fullmatch(re.escape(route).replace(r"\{\}", "([^/]+)"), path)
        if (
            method != exchange.method
            or not match
            or (route == "/responses/{}" and match[1] in ("compact", "input_tokens"))
        ):
            continue
        ids = [unquote(found) for found in match.groups()]
        arguments = [_literal(found) for found in ids[-1:]]
        if len(ids) == 2:
            arguments.append(f"{_SECOND[name.split('.')[0]]}={_literal(ids[0])}")
        body = shortened(request_json(exchange), _LARGE)
        if isinstance(body, dict):
            arguments += [_argument(key, value) for key, value in body.items()]
        elif exchange.request_body:
            arguments += ['file=open("YOUR-FILE", "rb")'] + ([] if ids else ['purpose="assistants"'])
        arguments += _query_arguments(query)
        one = f"client.{name}({', '.join(arguments)})"
        if len(one) <= 88 and "\n" not in one:
            return one
        inner = "".join(f"    {argument},\n" for argument in arguments)
        return f"client.{name}(\n{inner})"
    return f"client.{exchange.method.lower()}({_literal(path)}, cast_to=object)"


def _argument(key: str, value: Any) -> str:
    if not key.isidentifier():
        return f"extra_body={_literal({key: value})}"
    return f"{key}={_literal(value)}"


def _literal(value: Any, depth: int = 1) -> str:
    """Python source of a JSON value, in a formatter's style, as an argument at this depth of indentation."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)  # a JSON string is a Python string, in double quotes
    if not isinstance(value, dict | list) or not value:
        return repr(value)
    start, end = "{}" if isinstance(value, dict) else "[]"
    parts = [f"{_literal(k)}: {_literal(v, depth + 1)}" for k, v in value.items()] if isinstance(value, dict) else [
        _literal(v, depth + 1) for v in value
    ]  # fmt: skip
    line = start + ", ".join(parts) + end
    if "\n" not in line and len(line) + 4 * depth <= 88:
        return line
    inner = "".join(f"{'    ' * (depth + 1)}{part},\n" for part in parts)
    return f"{start}\n{inner}{'    ' * depth}{end}"


def _query_arguments(query: list[tuple[str, str]]) -> list[str]:
    """Arguments of the SDK from the query of a URL, in which it writes a list as `include[]=…&include[]=…`."""
    values: dict[str, Any] = {}
    for key, text in query:
        value = {"true": True, "false": False}.get(text, int(text) if text.isdigit() else text)
        if key.endswith("[]"):
            values.setdefault(key.removesuffix("[]"), []).append(value)
        else:
            values[key] = value
    return [_argument(key, value) for key, value in values.items()]
