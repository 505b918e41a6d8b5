"""Which method of the SDK makes which request."""

import re
from urllib.parse import unquote

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
    ("POST", "/vector_stores", "vector_stores.create"),
    ("GET", "/vector_stores", "vector_stores.list"),
    ("GET", "/vector_stores/{}", "vector_stores.retrieve"),
    ("DELETE", "/vector_stores/{}", "vector_stores.delete"),
    ("POST", "/vector_stores/{}/search", "vector_stores.search"),
    ("POST", "/vector_stores/{}/files", "vector_stores.files.create"),
    ("GET", "/vector_stores/{}/files", "vector_stores.files.list"),
    ("GET", "/vector_stores/{}/files/{}", "vector_stores.files.retrieve"),
    ("DELETE", "/vector_stores/{}/files/{}", "vector_stores.files.delete"),
    ("POST", "/images/generations", "images.generate"),
    ("GET", "/models", "models.list"),
]


def sdk_method(method: str, path: str) -> tuple[str, list[str]] | None:
    """`files.retrieve` and the ids in the path, for GET /files/assistant-1; None for a route that no lesson uses."""
    for verb, route, name in _ROUTES:
        match = re.fullmatch(re.escape(route).replace(r"\{\}", "([^/]+)"), path)
        if match and verb == method and not (route == "/responses/{}" and match[1] in ("compact", "input_tokens")):
            return name, [unquote(found) for found in match.groups()]
    return None
