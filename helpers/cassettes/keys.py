"""What makes two requests the same, and which objects a request or an answer speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from helpers.cassettes import scrub

_PREFIX = re.compile(r"^(?:/api/projects/[^/]+)?(?:/openai)?/v1(?=[/?]|$)")
# resp_…, file-…, cntr_…, cfile_…, conv_…, vs_…: in a path or query, and in JSON
_ID = r"[a-z]{1,12}[_-](?=[A-Za-z]*\d)[0-9A-Za-z]{12,}"
_IN_PATH = re.compile(rf"(?<=[/=]){_ID}(?=[/?&]|$)")
_IN_JSON = re.compile(rf'"({_ID})(?=["\\])')


class Key(NamedTuple):
    """A request without what may differ between two people, or two runs, that send it."""

    method: str
    path: str  # below /openai/v1, without the host
    query: str  # sorted, without api-version
    body: str  # as JSON with sorted keys, or multipart with one fixed boundary; scrubbed
    simulate: str  # the header x-simulate
    retry: str  # which attempt of the SDK's this is: "0" for the first

    @property
    def changes(self) -> bool:
        """Whether such a request may create, change or delete something."""
        return self.method not in ("GET", "HEAD")

    @property
    def collection(self) -> str:
        """The list that the path belongs to, as "/files" for "/files/file-1"; ids in between stay."""
        head = self.path.rpartition("/")[0]
        return head if _IN_PATH.fullmatch(self.path, len(head) + 1) else self.path

    def objects(self) -> set[str]:
        """The ids that the request names, and for a read of a list, that list."""
        found = ids_in_path(f"{self.path}?{self.query}") | ids_in(self.body)
        if not self.changes and self.collection == self.path:
            found.add(self.path)
        return found


def key_of(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Key:
    """The key of a request; `target` is its path and query, header names are lower-case."""
    path, _, query = target.partition("?")
    if query:
        query = scrub.clean("&".join(sorted(part for part in query.split("&") if not part.startswith("api-version="))))
    text = scrub.request_text(body, headers.get("content-type", ""), sort=True) if body else ""
    retry = headers.get("x-stainless-retry-count", "0")
    return Key(method, _PREFIX.sub("", path), query, text, headers.get("x-simulate", ""), retry)


def below_base(target: str) -> str:
    """A path and query without what comes before the API's own path: "/responses/resp_…?stream=true"."""
    return _PREFIX.sub("", target)


def ids_in_path(target: str) -> set[str]:
    """Every id in a path and query."""
    return set(_IN_PATH.findall(target))


def ids_in(text: str) -> set[str]:
    """Every id in a text of JSON, or of events that are JSON."""
    return set(_IN_JSON.findall(text))
