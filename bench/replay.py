"""What a replayed call costs, beside the SDK alone and beside vcrpy."""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import vcr
from openai import OpenAI

from bench import samples
from bench.measure import Row, ratio
from helpers.cassettes.file import Cassette
from helpers.cassettes.keys import key_of
from helpers.cassettes.replay import Player
from helpers.cassettes.transport import CassetteTransport, World
from helpers.exchanges import Logged


def rows() -> Iterator[Row]:
    body = samples.answer()
    ten = samples.cassette(10, body)
    ours, plain = client(replaying(ten)), client(InMemory([body], samples.JSON))
    yield ratio("replayed call / the SDK over an in-memory transport", asking(ours), asking(plain), 1.15)

    events = samples.stream(200)
    streamed = client(replaying(samples.cassette(10, b"".join(events), samples.SSE, stream=True)))
    plain = client(InMemory(events, samples.SSE))
    yield ratio("replayed stream of 200 events / same", streaming(streamed), streaming(plain), 1.1, calls=4)

    large = samples.cassette(10_000, body)
    what = "lookup in a cassette of 10,000 interactions / of 10"
    yield ratio(what, looking_up(large), looking_up(ten), 1.5, calls=1_000)

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ten.yaml"
        file.write_text(ten.as_yaml())
        match = {
            "record_mode": "none",
            "match_on": ["method", "scheme", "host", "port", "path", "query", "body"],
            "allow_playback_repeats": True,
        }
        with vcr.use_cassette(str(file), **match):
            theirs = asking(OpenAI(base_url=samples.URL, api_key="none"))
            yield ratio("replayed call / vcrpy replaying the same call", asking(ours), theirs, 0.7)


class InMemory(httpx2.BaseTransport):
    """Answers everything with the same bytes, in the same chunks."""

    def __init__(self, chunks: list[bytes], kind: str) -> None:
        self.chunks, self.headers = chunks, {"content-type": kind}

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        if len(self.chunks) == 1:
            return httpx2.Response(200, headers=self.headers, content=self.chunks[0])
        return httpx2.Response(200, headers=self.headers, content=iter(self.chunks))


def client(transport: httpx2.BaseTransport) -> OpenAI:
    return OpenAI(base_url=samples.URL, api_key="none", http_client=httpx2.Client(transport=transport))


def replaying(cassette: Cassette) -> httpx2.BaseTransport:
    """What connect() puts behind the client in replay mode."""

    def no_simulator() -> None:
        raise RuntimeError("a replay needs no simulator")

    world = World("bench", no_simulator, cassette)  # type: ignore[arg-type]
    return Logged("bench", CassetteTransport(world, recorded=True, simulated=False), samples.SOURCE)


def asking(client: OpenAI) -> Callable[[], object]:
    numbers = itertools.cycle(range(10))
    return lambda: client.responses.create(**samples.question(next(numbers)))  # type: ignore[call-overload]


def streaming(client: OpenAI) -> Callable[[], object]:
    numbers = itertools.cycle(range(10))

    def read() -> None:
        count = sum(1 for _ in client.responses.create(**samples.question(next(numbers), stream=True)))  # type: ignore[call-overload]
        assert count == 200, count

    return read


def looking_up(cassette: Cassette) -> Callable[[], object]:
    """From a request's bytes to its recorded answer, for one request after another."""
    player = Player(cassette)
    headers = {"content-type": samples.JSON}
    step = len(cassette.interactions) // 10
    bodies = itertools.cycle([one.request_body for one in cassette.interactions[::step]])

    def look() -> None:
        assert player.play(key_of("POST", "/openai/v1/responses", headers, next(bodies))) is not None

    return look
