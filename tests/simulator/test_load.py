"""Many at once and many in a row: state stays exact, and nothing is kept that nobody can ask for."""

from __future__ import annotations

import asyncio
import gc
import json
from collections import Counter
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from openai import AsyncOpenAI

from simulator import Service, store
from simulator.clock import SteppedClock

from .test_server import start, stop  # the command, over real sockets

MODEL = "gpt-5.4-mini"
CLIENTS = 100


@pytest.fixture
async def base(tmp_path: Path) -> Any:
    """A server whose model says back which client it hears."""
    script = tmp_path / "script.yaml"
    turns = [
        f"- when: {{input: I am number {number}.}}\n  say: {' '.join(f'{number}-{word}' for word in range(30))}\n"
        for number in range(CLIENTS)
    ]
    script.write_text("".join(turns), encoding="utf-8")
    process, url = start("--script", str(script))
    yield url
    assert stop(process) == ""


async def test_a_hundred_clients_stream_at_once_and_each_hears_its_own(base: str, check: Any) -> None:
    async def one(number: int) -> list[dict[str, Any]]:
        async with httpx2.AsyncClient(trust_env=False, timeout=60) as http:
            client = AsyncOpenAI(base_url=base, api_key="k", http_client=http, max_retries=0)
            stream = await client.responses.create(model=MODEL, input=f"I am number {number}.", stream=True)
            return [event.to_dict() async for event in stream]

    streams = await asyncio.gather(*(one(number) for number in range(CLIENTS)))
    for number, events in enumerate(streams):
        check.stream(events)
        said = "".join(event["delta"] for event in events if event["type"] == "response.output_text.delta")
        assert said == " ".join(f"{number}-{word}" for word in range(30))
    assert len({events[0]["response"]["id"] for events in streams}) == CLIENTS


async def test_cancels_deletes_and_polls_race_without_harm(base: str) -> None:
    async def race(number: int) -> Counter[str]:
        async with httpx2.AsyncClient(trust_env=False, timeout=60) as http:
            client = AsyncOpenAI(base_url=base, api_key="k", http_client=http, max_retries=0)
            made = await client.responses.create(model=MODEL, input=f"I am number {number}.", background=True)

            async def said(call: Any) -> str:
                try:
                    answer = await call
                except openai.NotFoundError:
                    return "gone"
                return getattr(answer, "status", "deleted")

            does = [client.responses.retrieve, client.responses.cancel] * 3
            does += [client.responses.delete, client.responses.cancel]
            seen = Counter(await asyncio.gather(*(said(do(made.id)) for do in does)))
            assert await said(client.responses.retrieve(made.id)) == "gone"
            return seen

    for seen in await asyncio.gather(*(race(number) for number in range(30))):
        assert set(seen) <= {"queued", "in_progress", "cancelled", "gone", "deleted"}
        assert seen.total() == 8


async def test_a_client_that_leaves_ends_its_stream_only(base: str) -> None:
    client = AsyncOpenAI(base_url=base, api_key="k", max_retries=0)

    async def leave(number: int) -> str:
        stream = await client.responses.create(model=MODEL, input=f"I am number {number}.", stream=True)
        async for event in stream:
            if event.type == "response.output_text.delta":
                await stream.close()
                break
        return event.type

    async def stay(number: int) -> str:
        stream = await client.responses.create(model=MODEL, input=f"I am number {number}.", stream=True)
        return [event.type async for event in stream][-1]

    ends = await asyncio.gather(*(leave(number) if number % 2 else stay(number) for number in range(20)))
    assert ends == ["response.completed", "response.output_text.delta"] * 10


async def call(service: Service, method: str, path: str, **body: Any) -> dict[str, Any]:
    reply = await service.handle(method, "/openai/v1" + path, {"api-key": "k"}, json.dumps(body).encode())
    assert isinstance(reply.body, bytes)
    assert reply.status == 200, reply.body
    answer: dict[str, Any] = json.loads(reply.body)
    return answer


async def test_ten_thousand_calls_leave_nothing_behind() -> None:
    service = Service(seed="many", clock=SteppedClock())

    async def some(calls: int) -> int:
        """Make calls whose answers are not kept, or deleted; return the number of objects alive after them."""
        for _ in range(calls // 4):
            await call(service, "POST", "/responses", model=MODEL, input="Hello", store=False)
            made = await call(service, "POST", "/responses", model=MODEL, input="Hello", background=True)
            await call(service, "GET", f"/responses/{made['id']}")
            await call(service, "DELETE", f"/responses/{made['id']}")
        gc.collect()
        return len(gc.get_objects())

    warm = await some(2_000)
    assert await some(10_000) - warm < 500
    assert service.state()["responses"] == []


async def test_a_full_store_says_so_and_keeps_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_RESPONSES", 3)
    service = Service(seed="full", clock=SteppedClock())
    kept = [await call(service, "POST", "/responses", model=MODEL, input="Hello") for _ in range(3)]
    body = json.dumps({"model": MODEL, "input": "Hello"}).encode()
    reply = await service.handle("POST", "/openai/v1/responses", {"api-key": "k"}, body)
    assert reply.status == 429
    assert "holds 3 responses" in json.loads(reply.body)["error"]["message"]  # type: ignore[arg-type]
    assert [row["id"] for row in service.state()["responses"]] == [made["id"] for made in kept]


async def test_a_long_chain_costs_its_new_turn_not_its_history() -> None:
    """The context is shared between the responses of a chain: a thousand turns hold a thousand, not half a million."""
    service = Service(seed="chain", clock=SteppedClock())
    previous = None
    for _ in range(1_000):
        made = await call(service, "POST", "/responses", model=MODEL, input="Hello", previous_response_id=previous)
        previous = made["id"]
    nodes = {id(node) for held in service.world.store.responses for node in held.context.nodes()}
    assert len(nodes) <= 2_000
    assert made["usage"]["input_tokens"] > 1_000
