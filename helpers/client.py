"""`connect`: an ordinary OpenAI client for a lesson, whatever its answers come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx2
import openai

from helpers import azure, modes
from helpers.cassettes.file import load
from helpers.cassettes.transport import SIMULATED, AsyncCassetteTransport, CassetteTransport, Simulator, World
from helpers.exchanges import AsyncLogged, Logged, Source
from helpers.lessons import Lesson, lesson
from helpers.live import AsyncDeployedTransport, AsyncLiveTransport, DeployedTransport, LiveTransport
from helpers.modes import Mode

if TYPE_CHECKING:
    from simulator import AsyncTransport as AsyncSimulatorTransport
    from simulator import Transport as SimulatorTransport

BASE_URL = "https://YOUR-RESOURCE-NAME.openai.azure.com/openai/v1/"  # offline, nothing is sent there

LIVE = Source("live", "azure")

_worlds: dict[Lesson, World] = {}  # the clients of a lesson share its state, however often it connects
_last: Connection | None = None


def connect(name: str, mode: str | None = None) -> openai.OpenAI:
    """Make a client for a lesson, and print in one line where its answers come from.

    `name` is the lesson's, as "01_basics". `mode` is offline (recorded answers, and simulated ones to what was not
    recorded), replay (recorded ones only), simulator, live (your Azure resource) or record; without it LAB_MODE
    decides, and else it is offline. `show_setup()` prints the plain SDK code that this stands for.
    Raises UnknownLessonError, BrokenCassetteError, and AzureSetupError where live mode lacks a setting.
    """
    made = _connection(name, mode)
    client = openai.OpenAI(
        base_url=azure.endpoint() if made.to_azure else BASE_URL,
        api_key=azure.credential() if made.to_azure else made.mode,
        http_client=openai.DefaultHttpxClient(transport=made.transport, trust_env=False),
    )
    print(f"Answers: {made.answers}")
    return client


def connect_async(name: str, mode: str | None = None) -> openai.AsyncOpenAI:
    """Make an asynchronous client for a lesson. All else is as for `connect`, whose state it shares."""
    made = _connection(name, mode)
    client = openai.AsyncOpenAI(
        base_url=azure.endpoint() if made.to_azure else BASE_URL,
        api_key=azure.credential_async() if made.to_azure else made.mode,
        http_client=openai.DefaultAsyncHttpxClient(transport=made.async_transport, trust_env=False),
    )
    print(f"Answers: {made.answers}")
    return client


def show_setup() -> None:
    """Print the plain SDK code that the last `connect` stands for, and the code for your own Azure resource."""
    from helpers import setup_code

    name = _last.lesson.name if _last else "01_basics"
    print(setup_code.code(name, modes.active(), to_azure=modes.to_azure()))


def transport(name: str, mode: str | None = None) -> httpx2.BaseTransport:
    """The transport that `connect` puts into a client of the SDK's, for any client of httpx2's to use."""
    return _connection(name, mode).transport


def service_state() -> dict[str, list[dict[str, Any]]] | None:
    """What the service of the last `connect` holds, by kind: responses, files, containers, conversations.

    Offline this is the simulator's state, with all that was replayed so far. None where Azure must be asked.
    """
    if _last is None or _last.simulator is None:
        return None
    return _last.simulator().service.state()


@dataclass(frozen=True)
class Connection:
    """What `connect` puts behind the SDK's client: a transport of either kind, and where its answers come from."""

    lesson: Lesson
    mode: Mode
    transport: httpx2.BaseTransport
    async_transport: httpx2.AsyncBaseTransport
    answers: str  # where they come from, in words
    simulator: Callable[[], Simulator] | None  # None: Azure answers

    @property
    def to_azure(self) -> bool:
        return self.simulator is None


def _connection(name: str, mode: str | None) -> Connection:
    global _last
    chosen, where = modes.mode(mode), lesson(name)
    if chosen == "live":
        made = _live(where)
    elif chosen == "record":
        made = _recorded(where)
    else:
        made = _offline(where, chosen)
    modes.activate(chosen)
    _last = made
    return made


def _offline(where: Lesson, mode: Mode) -> Connection:
    """Answers without a network: from the cassette, from the simulator, or from both."""
    world = _worlds.setdefault(where, World(where.name, lambda: _simulator(where)))
    world.paced = modes.paced()
    if mode != "simulator":
        _put_in(where, world)
    player = world.player
    if mode == "simulator" or (player is None and mode == "offline"):
        answers = "simulated now; no model is here, and nothing leaves this machine."
    elif player is None:
        answers = f"none is recorded for lesson {where.name} yet."
    else:
        answers = f"{player.source.words()} ({'replay only' if mode == 'replay' else 'offline'})."
    expected = player.source if player is not None and mode == "replay" else SIMULATED
    recorded, simulated = mode != "simulator", mode != "replay"
    return Connection(
        where,
        mode,
        Logged(where.name, CassetteTransport(world, recorded=recorded, simulated=simulated), expected),
        AsyncLogged(where.name, AsyncCassetteTransport(world, recorded=recorded, simulated=simulated), expected),
        answers,
        world.simulator,
    )


def _put_in(where: Lesson, world: World) -> None:
    """Put the lesson's cassette into its world, to be played from the start; read it only where it has changed."""
    if not where.cassette.exists():
        return
    stat = where.cassette.stat()
    version = (stat.st_mtime_ns, stat.st_size)
    if world.player is None or world.version != version:
        world.put_in(load(where.cassette), version)
    else:
        world.player.restart()


def _live(where: Lesson) -> Connection:
    signed_in = "an API key" if azure.uses_key() else "Entra ID (az login), as AZURE_OPENAI_API_KEY is not set"
    return Connection(
        where,
        "live",
        DeployedTransport(Logged(where.name, LiveTransport(), LIVE)),
        AsyncDeployedTransport(AsyncLogged(where.name, AsyncLiveTransport(), LIVE)),
        f"live from your Azure resource, signed in with {signed_in}.",
        None,
    )


def _recorded(where: Lesson) -> Connection:
    """Answers from what is recorded, on their way into the side file of the lesson's cassette."""
    from helpers.cassettes.record import AsyncRecordingTransport, RecordingTransport, recorder

    origin = modes.record_from()
    recording = recorder(where, origin, azure.models)
    if origin == "azure":
        simulator, source = None, LIVE
        inner: tuple[httpx2.BaseTransport, httpx2.AsyncBaseTransport] = LiveTransport(), AsyncLiveTransport()
    else:
        recording.simulator = recording.simulator or _simulator(where, recorded=True)
        held: Simulator = recording.simulator
        simulator, source = (lambda: held), SIMULATED
        inner = held.transport, held.async_transport
    return Connection(
        where,
        "record",
        DeployedTransport(Logged(where.name, RecordingTransport(recording, inner[0]), source)),
        AsyncDeployedTransport(AsyncLogged(where.name, AsyncRecordingTransport(recording, inner[1]), source)),
        f"{source.words()}, and recorded; `make record LESSON={where.name}` records the whole lesson.",
        simulator,
    )


@dataclass
class _Simulator:
    service: Any
    transport: SimulatorTransport
    async_transport: AsyncSimulatorTransport

    def rest(self, request: httpx2.Request, recorded: bytes) -> httpx2.SyncByteStream:
        return self.transport.rest(request, recorded)

    def async_rest(self, request: httpx2.Request, recorded: bytes) -> httpx2.AsyncByteStream:
        return self.async_transport.rest(request, recorded)


def _simulator(where: Lesson, *, recorded: bool = False) -> Simulator:
    """The simulator with a lesson's script; recorded or under test, it waits nowhere and repeats itself exactly."""
    from simulator import AsyncTransport, Service, Transport
    from simulator.clock import SteppedClock

    script = where.script if where.script.exists() else None
    if recorded:
        service = Service(script=script, seed=where.name, clock=SteppedClock())
    elif not modes.paced():  # ids other than the recorded ones, which it adopts
        service = Service(script=script, seed=f"{where.name}, not recorded", clock=SteppedClock())
    else:
        service = Service(script=script)
    return _Simulator(service, Transport(service), AsyncTransport(service))
