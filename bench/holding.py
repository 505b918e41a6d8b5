"""What it costs the simulator to hold much: thousands of responses, a conversation of hundreds of turns."""

import asyncio
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from bench.measure import Row, ratio
from bench.serving import BODY, SCRIPT
from simulator import Service

STORED, TURNS = 10_000, 200


def rows() -> Iterator[Row]:
    yield ratio(f"simulator call with {STORED:,} responses stored / with 10", _asking(STORED), _asking(10), 1.3)
    yield ratio(f"turn {TURNS} of a chained conversation / turn 2", _chaining(TURNS), _chaining(2), 2.0)


def _asking(stored: int) -> Callable[[], object]:
    """Return a call of a service that holds so many responses; it stores no more."""
    service, loop = _service(), asyncio.new_event_loop()
    for _ in range(stored):
        loop.run_until_complete(_post(service, {}))
    return lambda: loop.run_until_complete(_post(service, {"store": False}))


def _chaining(turn: int) -> Callable[[], object]:
    """Return the call that makes turn number `turn` of a conversation, again and again."""
    service, loop = _service(), asyncio.new_event_loop()
    before = None
    for _ in range(turn - 1):
        before = loop.run_until_complete(_post(service, {"previous_response_id": before}))
    return lambda: loop.run_until_complete(_post(service, {"previous_response_id": before, "store": False}))


def _service() -> Service:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.yaml"
        script.write_text(yaml.safe_dump(SCRIPT))
        return Service(script, seed="bench")


async def _post(service: Service, more: dict[str, object]) -> str:
    body = {**BODY, **more}
    reply = await service.handle("POST", "/openai/v1/responses", {"api-key": "any"}, json.dumps(body).encode())
    assert isinstance(reply.body, bytes)
    made: str = json.loads(reply.body)["id"]
    return made
