"""The code_interpreter tool: runs Python in a container, keeps its state, cites the files it made.

Items, events and citations as recorded (openai-dotnet CodeInterpreterTool*, pydantic-ai code_execution_*, vercel/ai;
2025-09 to 2026-06): pictures are cited at 0 to 0 under their file id, other files where the text names
`sandbox:/mnt/data/…`. That a traceback is among the logs is OpenAI's page; one recording shows none.
"""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

from .. import attachments, containers, files, folders, usage
from ..model import Hosted, Turn

if TYPE_CHECKING:
    from ..engine import Run, Timed
    from ..service import World
    from . import Toolbox

_LINK = re.compile(r"sandbox:/mnt/data/([^\s)\]\"'`]+)")


class CodeInterpreter:
    """Python, really run."""

    def __init__(self) -> None:
        self._container: containers.Container | None = None
        self._made: list[dict[str, Any]] = []  # files of this turn, pictures first to be cited

    async def prepare(self, turn: Turn, run: Run, box: Toolbox) -> AsyncIterator[Timed]:
        """Nothing: a container is made with the first call."""
        nothing: list[Timed] = []
        for timed in nothing:
            yield timed

    async def run(self, step: Hosted, turn: Turn, run: Run, box: Toolbox) -> AsyncIterator[Timed]:
        """Write code out, run it."""
        container = self._container = self._container or _container(turn, box)
        code = step.arguments["code"]
        item: dict[str, Any] = {
            "id": run.new_id("code_interpreter_call"),
            "type": "code_interpreter_call",
            "status": "in_progress",
            "code": "",
            "container_id": container.body["id"],
            "outputs": None,
        }
        shown = "code_interpreter_call.outputs" in turn.request.include
        opened, event = run.added({**item, "outputs": [] if shown else None})
        yield event
        kind = "response.code_interpreter_call"
        yield run.inner(f"{kind}.in_progress", item["id"], opened)
        run.spend(8 + usage.count(code))
        for piece in run.pieces(code):
            yield run.inner(f"{kind}_code.delta", item["id"], opened, delta=piece)
        yield run.inner(f"{kind}_code.done", item["id"], opened, code=code)
        yield run.inner(f"{kind}.interpreting", item["id"], opened)
        before = {name: (size, changed) for name, size, changed in containers.present(container)}
        outcome = await container.run(code)
        outputs: list[dict[str, Any]] = [{"type": "logs", "logs": outcome.logs}] if outcome.logs else []
        outputs += [{"type": "image", "url": f"data:image/png;base64,{image}"} for image in outcome.images]
        self._collect(container, before, outcome.images, box)
        yield run.inner(f"{kind}.completed", item["id"], opened)
        ended = {**item, "status": "completed", "code": code, "outputs": outputs}
        turn.input_tokens += usage.item_tokens(ended)
        yield run.done(ended, opened, shown={**ended, "outputs": outputs if shown else None})

    def cited(self, text: str) -> list[dict[str, Any]]:
        """Return the citations that belong to a text that was just said; each file is cited once."""
        found = []
        for made in list(self._made):
            name = made["path"].removeprefix("/mnt/data/")
            if name.startswith("cfile_"):
                where = (0, 0)
            elif link := next((link for link in _LINK.finditer(text) if link[1] == name), None):
                where = link.span()
            else:
                continue
            self._made.remove(made)
            found.append(
                {
                    "type": "container_file_citation",
                    "container_id": made["container_id"],
                    "end_index": where[1],
                    "file_id": made["id"],
                    "filename": name.rsplit("/", 1)[-1],
                    "start_index": where[0],
                }
            )
        return found

    def _collect(
        self,
        container: containers.Container,
        before: dict[str, tuple[int, int]],
        images: list[str],
        box: Toolbox,
    ) -> None:
        """List the files that are new or changed, and the pictures that were shown."""
        for name, size, changed in containers.present(container):
            if before.get(name) != (size, changed) and len(container.files) < containers.MOST_FILES:
                made = containers.enlist(box.world, container, name, size, "assistant")
                if made not in self._made:
                    self._made.append(made)
        for image in images:
            content = base64.b64decode(image)
            made = containers.enlist(box.world, container, "", len(content), "assistant")
            made["path"] = f"/mnt/data/{made['id']}.png"
            folders.write(container.folder, f"{made['id']}.png", content)
            self._made.insert(0, made)


def check(tools: list[dict[str, Any]], world: World, failure: str | None = None) -> None:
    """Refuse a container that is gone or expired, and files that are not there, before the model says anything.

    The failure "container_expired" lets the twenty minutes of a container that is named be over.
    """
    for tool in tools:
        if tool["type"] != "code_interpreter":
            continue
        if isinstance(tool["container"], str):
            held = world.store.table("containers").get(tool["container"])
            if held is not None and failure == "container_expired":
                held.body["last_active_at"] -= 60 * held.body["expires_after"]["minutes"]
            containers.use(world, tool["container"])
        else:
            for file_id in tool["container"].get("file_ids") or []:
                files.find(world, file_id)


def _container(turn: Turn, box: Toolbox) -> containers.Container:
    """Return the container of this turn: the one that is named, that of the turn before if it runs, or a new one.

    Files of the request's input are copied into it (Microsoft's Responses page, 2026-08). Their names there are assumed
    to be as those of `file_ids` and of uploads.
    """
    tool = next(one for one in turn.request.tools if one["type"] == "code_interpreter")
    wanted = tool["container"]
    if isinstance(wanted, str):
        container = containers.use(box.world, wanted)
    else:
        wanted = {"name": None, **{key: wanted.get(key) for key in ("file_ids", "memory_limit")}}
        container = _before(turn, box.world, wanted["file_ids"] or []) or containers.make(box.world, wanted)
    for part in _files(turn.request.input):
        if part.get("file_id"):
            _mount_once(box.world, container, part["file_id"])
        elif (content := attachments.fetch(box.world, part, "input")) is not None:
            containers.put(box.world, container, f"{box.world.ids.hex(32)}-{content.name}", content.data, "user")
    return container


def _before(turn: Turn, world: World, file_ids: list[str]) -> containers.Container | None:
    """Return the container of the turn before, with these files in it; None where there is none that runs."""
    used = next((item for item in reversed(turn.context) if item["type"] == "code_interpreter_call"), None)
    known = world.store.table("containers").get(used.get("container_id")) if used else None
    if used is None or known is None or known.expired(world.clock.now()):
        return None
    container = containers.use(world, used["container_id"])
    for file_id in file_ids:
        _mount_once(world, container, file_id)
    return container


def _mount_once(world: World, container: containers.Container, file_id: str) -> None:
    if not any(file["path"].startswith(f"/mnt/data/{file_id}-") for file in container.files.values()):
        containers.mount(world, container, file_id)


def _files(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the input_file parts of messages."""
    for item in items:
        if item["type"] == "message" and isinstance(item["content"], list):
            yield from (part for part in item["content"] if part["type"] == "input_file")
