"""The simulator with a small script: what the gallery's job and approval run against."""

import tempfile
from pathlib import Path
from typing import Any

import httpx2
from openai import AsyncOpenAI, OpenAI

from helpers.exchanges import AsyncLogged, Logged, Source
from helpers.modes import paced
from simulator import AsyncTransport, Service, Transport
from simulator.clock import SteppedClock
from tests.display.samples import BASE

SIMULATED = Source("simulated", "simulator", None, None)
MODEL = "gpt-5.4-mini"
DESK: Any = {
    "type": "mcp",
    "server_label": "desk",
    "server_url": "https://desk.bikes.example/mcp",
    "authorization": "a token",
    "allowed_tools": ["close_station", "bikes_at"],
}
SCRIPT = """
- when: {input: Plan the week.}
  say:
    - reasoning: {summary: "**Counting trips**\\n\\nSaturday is the busiest day."}
    - text: "Send the van to **University** on Friday evening."
- when: {input: Plan the year.}
  say: [{pause: 600}, {text: Done.}]
- when: {input: Close the Harbour station for the regatta.}
  say:
    - mcp: {server: desk, name: close_station, arguments: {station: Harbour, reason: The regatta.}}
- when: {input: Close the Harbour station for the regatta., approved: true}
  say: "Done: {{ close_station }}"
- when: {input: Close the Harbour station for the regatta., approved: false}
  say: Then Harbour stays open.
"""


def service() -> Service:
    """A service that speaks this script: on real time, but where nothing waits (LAB_PACE=none)."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.yaml"
        script.write_text(SCRIPT)
        return Service(script=script) if paced() else Service(script=script, seed="gallery", clock=SteppedClock())


def client(held: Service) -> OpenAI:
    """A client of this service, logged as a lesson's is."""
    http = httpx2.Client(transport=Logged("01_basics", Transport(held), SIMULATED))
    return OpenAI(base_url=BASE, api_key="secret-key", http_client=http, max_retries=0)


def async_client(held: Service) -> AsyncOpenAI:
    """The same, asynchronous."""
    http = httpx2.AsyncClient(transport=AsyncLogged("01_basics", AsyncTransport(held), SIMULATED))
    return AsyncOpenAI(base_url=BASE, api_key="secret-key", http_client=http, max_retries=0)
