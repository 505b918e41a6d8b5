"""A cassette file: recorded HTTP interactions of one lesson, in vcrpy's YAML format, made to be reviewed.

vcrpy's keys (`version`, `interactions`, `request`, `response`, `body.string`) are kept, so that vcrpy and
pytest-recording read the file too. Ours are on top: `format` (of this layout) and `recorded` (from, on, sdk); and
`body.cut`, which says that a stream was not read to its end and why. JSON is pretty-printed and server-sent events are
literal blocks. The last line is YAML's document end, `...`: a file without it stops in the middle.
"""

from __future__ import annotations

import http
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

import yaml

from helpers.exchanges import Origin, Source

FORMAT = 1
READER = "the reader stopped here"  # body.cut of a stream that the lesson itself stopped reading

_END = "...\n"
_LAST = re.compile(
    rb'^(?:event:\s*|data:\s*\{"type"\s*:\s*")(?:response\.(?:completed|incomplete|failed)|error)\b', re.M
)
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")  # what a YAML block may not hold


class BrokenCassetteError(Exception):
    """A cassette file that cannot be used: which file, which line, why, and how to have a whole one again."""

    def __init__(self, path: Path, line: int, problem: str, way_out: str | None = None) -> None:
        self.path, self.line, self.problem = path, line, problem
        way_out = way_out or (
            f"Bring it back with `git checkout -- data/cassettes/{path.name}`, "
            f"or record it again with `make record LESSON={path.name.partition('.')[0]}`."
        )
        super().__init__(f"{path}, line {line}: {problem} {way_out}")


@dataclass(eq=False)
class Interaction:
    """One recorded request and its answer. Header names are lower-case; `status` 0 means that no answer came."""

    method: str
    uri: str
    request_headers: dict[str, str]
    request_body: bytes
    status: int
    response_headers: dict[str, str]
    response_body: bytes
    cut: str | None = None

    @cached_property
    def events(self) -> list[bytes]:
        """The body as it arrives: one chunk a server-sent event for a stream, else one chunk."""
        if not self.response_headers.get("content-type", "").startswith("text/event-stream"):
            return [self.response_body]
        events = [event + b"\n\n" for event in self.response_body.split(b"\n\n")]
        last = events.pop()[:-2]
        return [*events, last] if last else events

    def as_yaml(self) -> str:
        """This interaction as an item of the file's list."""
        request: dict[str, Any] = {"method": self.method, "uri": self.uri}
        request["headers"] = {name: [value] for name, value in self.request_headers.items()}
        request["body"] = _readable(self.request_body, self.request_headers)
        body: dict[str, Any] = {"string": _readable(self.response_body, self.response_headers)}
        if self.cut:
            body["cut"] = self.cut
        response = {
            "status": {"code": self.status, "message": _reason(self.status)},
            "headers": {name: [value] for name, value in self.response_headers.items()},
            "body": body,
        }
        text = yaml.dump(
            [{"request": request, "response": response}],
            Dumper=_Dumper,
            sort_keys=False,
            allow_unicode=True,
            width=1_000_000,
        )
        return text.removesuffix(_END)  # which the emitter adds after a block that ends in empty lines


@dataclass
class Cassette:
    """What one file holds: where it was recorded, and the interactions in the order of their requests."""

    source: Source
    interactions: list[Interaction] = field(default_factory=list)

    def as_yaml(self) -> str:
        """The text of its file."""
        return as_yaml(self.source, [interaction.as_yaml() for interaction in self.interactions])

    def same_as(self, other: Cassette) -> bool:
        """Whether the other has the same interactions, of the same origin; dates and SDKs may differ."""
        mine, its = self.interactions, other.interactions
        same = len(mine) == len(its) and all(a.as_yaml() == b.as_yaml() for a, b in zip(mine, its, strict=True))
        return same and self.source.origin == other.source.origin


def as_yaml(source: Source, items: Iterable[str]) -> str:
    """The text of a whole file, of interactions that are YAML already."""
    recorded = {"from": source.origin, "on": source.on, "sdk": source.sdk}
    head = yaml.dump({"format": FORMAT, "recorded": recorded, "version": 1}, Dumper=_Dumper, sort_keys=False)
    listed = "".join(items)
    return f"{head}interactions:{chr(10) + listed if listed else ' []' + chr(10)}{_END}"


def is_over(stream: bytes) -> bool:
    """Whether the last event of a stream is one that nothing comes after: reading on would only find its end."""
    last = stream.rstrip(b"\n").rpartition(b"\n\n")[2]
    return _LAST.search(last) is not None


def load(path: Path) -> Cassette:
    """Read a cassette. Raises BrokenCassetteError, which names the file, the line and the way out."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BrokenCassetteError(path, line, "This is not text (UTF-8), so not a cassette.") from error
    if not text.strip():
        raise BrokenCassetteError(path, 1, "The cassette is empty.")
    try:
        data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise BrokenCassetteError(path, line, f"This is not YAML: {getattr(error, 'problem', error)}.") from error
    if not isinstance(data, dict) or "format" not in data:
        raise BrokenCassetteError(path, 1, "This is not a cassette: it has no `format`.")
    if data["format"] != FORMAT:
        problem = f"The cassette has format {data['format']}, and this version of the lab reads format {FORMAT}."
        raise BrokenCassetteError(path, 1, problem, "Update the lab (git pull, make lab), or record the lesson again.")
    if not text.endswith(_END):
        line = text.count("\n") + 1
        raise BrokenCassetteError(
            path, line, f"The cassette stops in the middle (its last line is not `{_END.strip()}`)."
        )
    interactions: list[Interaction] = []
    reading = "head"
    try:
        recorded = data["recorded"]
        if recorded["from"] not in get_args(Origin):
            raise ValueError(f"it was recorded from {recorded['from']!r}")
        source = Source("recorded", recorded["from"], str(recorded["on"]), recorded.get("sdk"))
        for number, item in enumerate(data["interactions"], start=1):
            reading = f"interaction {number}"
            interactions.append(_interaction(item))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"it has no {error}" if isinstance(error, KeyError) else str(error)
        line = 1 if reading == "head" else _line(text, len(interactions))
        raise BrokenCassetteError(path, line, f"The cassette's {reading} cannot be read: {what}.") from error
    return Cassette(source, interactions)


def _interaction(item: Any) -> Interaction:
    request, response = item["request"], item["response"]
    return Interaction(
        request["method"],
        request["uri"],
        {name.lower(): values[0] for name, values in request["headers"].items()},
        _bytes(request["body"]),
        int(response["status"]["code"]),
        {name.lower(): values[0] for name, values in response["headers"].items()},
        _bytes(response["body"]["string"]),
        response["body"].get("cut"),
    )


def _bytes(body: str | bytes | None) -> bytes:
    return body.encode() if isinstance(body, str) else body or b""


def _line(text: str, index: int) -> int:
    """The line at which an interaction begins."""
    top = yaml.compose(text)
    assert isinstance(top, yaml.MappingNode)  # as it could be loaded
    for key, value in top.value:
        if key.value == "interactions" and isinstance(value, yaml.SequenceNode):
            return int(value.value[index].start_mark.line) + 1
    raise AssertionError("a cassette whose interactions were read has them")


def _readable(body: bytes, headers: dict[str, str]) -> str | bytes:
    """JSON pretty-printed, other text as it is, and bytes (YAML's !!binary) where it is not text."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return body
    if text and headers.get("content-type", "").startswith("application/json"):
        try:
            value = json.loads(text)
        except ValueError:  # a JSON body that is not JSON is what some lessons show
            return text
        text = json.dumps(value, indent=2, ensure_ascii=False)
        return json.dumps(value, indent=2) if _UNSAFE.search(text) else text
    return text


def _reason(status: int) -> str:
    return http.HTTPStatus(status).phrase if status in http.HTTPStatus.__members__.values() else ""


class _Dumper(yaml.SafeDumper):
    """PyYAML's own emitter (libyaml's escapes emoji), with literal blocks for text of several lines."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: _Dumper, text: str) -> yaml.Node:
    block = "\n" in text and not _UNSAFE.search(text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if block else None)


def _list(dumper: _Dumper, items: list[Any]) -> yaml.Node:
    values_of_a_header = all(isinstance(item, str) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=values_of_a_header)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)
