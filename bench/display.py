"""What the displays cost, measured where they are used: in a notebook's kernel."""

import json
from collections.abc import Iterator
from pathlib import Path

from jupyter_client.manager import start_new_kernel

from bench.measure import Row

ROOT = Path(__file__).parents[1]
WORDS = 1_992  # with the events around them a stream of 2,000
PROGRAM = f"""
import json, statistics, time
import helpers.display.answers as answers
import helpers.display.wire as wire
from helpers import show, show_stream
from helpers.exchanges import exchanges
from tests.display import samples
from tests.display.gallery import ITEMS

def seconds(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start

def characters(shown):
    return len(json.dumps(shown._repr_mimebundle_(), ensure_ascii=False))

typical = samples.client(samples.response(ITEMS[0], ITEMS[1], ITEMS[-1])).responses.create(model="m", input="Where?")
building = statistics.median(seconds(lambda: answers.build(typical)._repr_mimebundle_()) for _ in range(51))
sizes = [characters(answers.build(typical)), characters(wire.build(exchanges.last()))]

events = samples.text_events(" ".join(f"word{{n}}" for n in range({WORDS})))
client = samples.client(events)
stream = lambda: client.responses.create(model="m", input="Talk.", stream=True)
count = sum(1 for _ in stream())
pairs = []
for _ in range(11):
    one, other = stream(), stream()
    pairs.append((seconds(lambda: show_stream(one)), seconds(lambda: [None for _ in other])))
print(json.dumps([building, sizes, count, pairs]))
"""


def rows() -> Iterator[Row]:
    building, sizes, count, pairs = _in_a_kernel(PROGRAM)
    assert count == 2_000, count
    yield Row("`show()` of a typical response: time", _ms(building), "", _ms(building), "5 ms", building <= 0.005)
    for what, size in zip(("`show()` of it", "`show_wire()` of its call"), sizes, strict=True):
        kb = f"{size / 1_000:.1f} kB"
        yield Row(f"{what}: size in a notebook", kb, "", kb, "20 kB", size <= 20_000)
    shown, read = (sorted(side)[len(side) // 2] for side in zip(*pairs, strict=True))
    ratio = sorted(a / b for a, b in pairs)[len(pairs) // 2]
    what = "`show_stream()` of 2,000 events / reading them"
    yield Row(what, _ms(shown), _ms(read), f"{ratio:.2f}", "1.3", ratio <= 1.3)


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms"


def _in_a_kernel(program: str) -> list:
    """Run this in a new kernel; what it prints as JSON."""
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(ROOT))
    said: list[str] = []
    try:
        client.execute_interactive(program, timeout=120, output_hook=lambda message: said.append(_text(message)))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return json.loads("".join(said).splitlines()[-1])


def _text(message: dict) -> str:
    content = message["content"]
    if message["msg_type"] == "error":
        raise RuntimeError("\n".join(content["traceback"]))
    return content["text"] if message["msg_type"] == "stream" and content["name"] == "stdout" else ""
