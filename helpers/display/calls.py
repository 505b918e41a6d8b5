"""An exchange as code to copy: a curl command, and the SDK call that made it."""

import json
import re
from shlex import quote
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from helpers.display.routes import sdk_method
from helpers.display.shapes import shortened
from helpers.exchanges import Exchange

_LARGE = 4_000  # characters of a body, or of a string in it, that one still wants to read and copy
_KEY = "$AZURE_OPENAI_API_KEY"
_ENDPOINT_SHELL = "${AZURE_OPENAI_ENDPOINT%/}/openai/v1"  # with or without a slash at its end
_ENDPOINT_PYTHON = 'os.environ["AZURE_OPENAI_ENDPOINT"].rstrip("/") + "/openai/v1/"'

# The second id of a route is a keyword argument in the SDK.
_SECOND = {"containers": "container_id", "conversations": "conversation_id", "vector_stores": "vector_store_id"}


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
        lines += [f"-F {quote(f'{name}={value}')}" for name, value in _form(exchange)]
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
    found = sdk_method(exchange.method, path)
    if found is None:
        return f"client.{exchange.method.lower()}({_literal(path)}, cast_to=object)"
    name, ids = found
    arguments = [_literal(each) for each in ids[-1:]]
    if len(ids) == 2:
        arguments.append(f"{_SECOND[name.split('.')[0]]}={_literal(ids[0])}")
    body = shortened(request_json(exchange), _LARGE)
    if isinstance(body, dict):
        arguments += [_argument(key, value) for key, value in body.items()]
    elif exchange.request_body:
        arguments += _form_arguments(exchange)
    arguments += _query_arguments(query)
    one = f"client.{name}({', '.join(arguments)})"
    if len(one) <= 88 and "\n" not in one:
        return one
    inner = "".join(f"    {argument},\n" for argument in arguments)
    return f"client.{name}(\n{inner})"


def _form(exchange: Exchange) -> list[tuple[str, str]]:
    """The fields of a form that uploads a file; the file's value is @ and its name, as curl has it."""
    fields = []
    boundary = exchange.request_body.partition(b"\r\n")[0] or b"--"
    for part in exchange.request_body.split(boundary)[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        names = dict(re.findall(r'(name|filename)="([^"]*)"', head.decode("utf-8", "replace")))
        file = names.get("filename")
        if file is not None:
            file = "@" + (file if re.fullmatch(r"[\w .-]+", file) else "YOUR-FILE")
        fields.append((names.get("name", "file"), file or value.removesuffix(b"\r\n").decode("utf-8", "replace")))
    return fields


def _form_arguments(exchange: Exchange) -> list[str]:
    """The same fields as arguments of the SDK, which writes the parts of an object as `name[part]`."""
    values: dict[str, Any] = {}
    files = []
    for name, value in _form(exchange):
        outer, inner, part = name.rstrip("]").partition("[")
        if value.startswith("@"):
            files.append(f'{name}=open({_literal(value[1:])}, "rb")')
        elif inner:
            values.setdefault(outer, {})[part] = int(value) if value.isdigit() else value
        else:
            values[outer] = value
    return [*files, *(_argument(key, value) for key, value in values.items())]


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
