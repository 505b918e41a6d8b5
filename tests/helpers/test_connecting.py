"""connect: one line that says where answers come from, and errors that say the way out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openai
import pytest

import helpers
from helpers import connect, connect_async, deployment, lessons, show_setup
from helpers.exchanges import exchanges
from helpers.lessons import DataMissingError, Lesson, UnknownLessonError

Record = Callable[[Callable[[openai.OpenAI], object]], Lesson]
MODEL = "gpt-5.4-mini"
ROOT = Path(helpers.__file__).parent.parent


def hello(client: openai.OpenAI) -> Any:
    return client.responses.create(model=MODEL, input="Say hello.")


def test_connect_makes_the_sdk_s_own_clients() -> None:
    assert type(connect("01_basics")) is openai.OpenAI
    assert type(connect_async("01_basics")) is openai.AsyncOpenAI


@pytest.mark.parametrize(("mode", "said"), [("offline", "offline"), ("replay", "replay only")])
def test_it_says_when_and_from_what_answers_were_recorded(
    recorded: Record, capsys: pytest.CaptureFixture[str], mode: str, said: str
) -> None:
    lesson = recorded(hello)
    text = lesson.cassette.read_text(encoding="utf-8")
    on = text.partition("'on': '")[2][:10]
    capsys.readouterr()
    connect("01_basics", mode=mode)
    assert capsys.readouterr().out == f"Answers: recorded from the simulator, {on} ({said}).\n"


@pytest.mark.parametrize("mode", ["offline", "simulator"])
def test_it_says_that_answers_are_simulated(capsys: pytest.CaptureFixture[str], mode: str) -> None:
    connect("01_basics", mode=mode)
    assert capsys.readouterr().out.startswith("Answers: simulated now; no model is here")


def test_the_simulator_mode_asks_the_simulator_even_for_what_was_recorded(recorded: Record) -> None:
    recorded(hello)
    exchange = exchanges.of(hello(connect("01_basics", mode="simulator")))
    assert exchange is not None
    assert exchange.source.words() == "simulated now"


def test_lab_mode_decides_where_no_mode_is_given(recorded: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(hello)
    monkeypatch.setenv("LAB_MODE", "simulator")
    by_environment = exchanges.of(hello(connect("01_basics")))
    by_argument = exchanges.of(hello(connect("01_basics", mode="replay")))
    assert by_environment is not None
    assert by_argument is not None
    assert (by_environment.source.kind, by_argument.source.kind) == ("simulated", "recorded")


def test_an_unknown_mode_lists_the_modes(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=r"mode is 'online'.*offline, replay, simulator, live, record"):
        connect("01_basics", mode="online")
    monkeypatch.setenv("LAB_MODE", "Replay!")
    with pytest.raises(ValueError, match="LAB_MODE is 'Replay!'"):
        connect("01_basics")


def test_an_unknown_lesson_lists_the_lessons(project: Path) -> None:
    (project / "notebooks").mkdir()
    (project / "notebooks" / "02_chaining.ipynb").touch()
    with pytest.raises(UnknownLessonError, match=r'"02_chaining"\? The lessons are: 01_basics, 02_chaining\.'):
        connect("02_chainning")
    with pytest.raises(UnknownLessonError, match=r"no lesson '../secrets'\. The lessons are"):
        connect("../secrets")


def test_a_project_without_its_data_folder_says_how_to_get_it_back(project: Path) -> None:
    shutil.rmtree(project / "data")
    with pytest.raises(DataMissingError, match=r"no folder .*data.*git checkout -- data"):
        connect("01_basics")


def test_connect_works_from_any_folder_as_in_a_notebook_that_was_copied_elsewhere(tmp_path: Path) -> None:
    """In a process of its own, with the real project: the data is found from the package, not from where one stands."""
    elsewhere = tmp_path / "copied to here"
    elsewhere.mkdir()
    script = "from helpers import lessons; print(lessons.ROOT, (lessons.ROOT / 'helpers').is_dir())"
    there = {**os.environ, "PYTHONPATH": str(ROOT)}
    said = subprocess.run([sys.executable, "-c", script], cwd=elsewhere, env=there, capture_output=True, text=True)
    assert said.stdout == f"{ROOT} True\n", said.stderr


def test_importing_and_connecting_load_nothing_dear(recorded: Record, project: Path) -> None:
    """No simulator, pandas, matplotlib, IPython, azure or vcrpy before they are needed."""
    recorded(hello)
    script = (
        "import sys; from pathlib import Path; from helpers import connect, lessons; "
        f"lessons.ROOT = Path({str(project)!r}); connect('01_basics'); "
        "print(sorted({name.partition('.')[0] for name in sys.modules} "
        "& {'simulator', 'pandas', 'matplotlib', 'IPython', 'azure', 'vcr', 'mcp', 'ipywidgets', 'httpx'}))"
    )
    there = {**os.environ, "PYTHONPATH": str(ROOT)}
    said = subprocess.run([sys.executable, "-c", script], env=there, capture_output=True, text=True)
    assert said.stdout.splitlines()[-1] == "[]", said.stderr


def test_every_public_name_is_there() -> None:
    assert all(callable(getattr(helpers, name)) for name in helpers.__all__)
    assert set(dir(helpers)) == set(helpers.__all__)
    with pytest.raises(AttributeError, match="helpers has no 'conect'; it has connect, "):
        _ = helpers.conect


def test_the_set_up_can_be_printed_and_what_is_printed_runs(
    recorded: Record, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = []
    recorded(lambda client: ids.append(hello(client).id))
    connect("01_basics", mode="replay")
    capsys.readouterr()
    show_setup()
    code = capsys.readouterr().out
    here, _, on_azure = code.partition("# Against your own Azure resource")
    made: dict[str, Any] = {}
    exec(here, made)
    assert hello(made["client"]).id == ids[0]
    assert 'api_key=os.environ["AZURE_OPENAI_API_KEY"]' in on_azure
    assert "helpers" not in on_azure


def test_a_deployment_is_the_model_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_DEPLOYMENT", "mine")
    connect("01_basics")
    assert deployment("gpt-5.4-mini") == "gpt-5.4-mini"


def test_a_large_input_is_replayed_and_recorded_by_its_digest(recorded: Record) -> None:
    """5 MB without a space (a file as base64) make a small cassette; a change anywhere in them is another request."""
    large = "QUJD" * 1_250_000
    picture = [{"role": "user", "content": [{"type": "input_image", "image_url": f"data:image/png;base64,{large}"}]}]

    def ask(client: openai.OpenAI) -> int:
        raw = client.with_options(max_retries=0).responses.with_raw_response
        try:
            return raw.create(model=MODEL, input=picture).status_code  # type: ignore[arg-type]
        except openai.APIStatusError as refused:  # what the simulator says to it does not matter here
            return refused.status_code

    statuses: list[int] = []
    lesson = recorded(lambda client: statuses.append(ask(client)))
    assert lesson.cassette.stat().st_size < 60_000
    client = connect("01_basics", mode="replay")
    assert ask(client) == statuses[0]
    picture[0]["content"][0]["image_url"] += "QUJE"  # type: ignore[index]
    with pytest.raises(openai.APIConnectionError, match="was not recorded"):
        ask(client)


def test_the_lesson_s_files_are_in_their_places(project: Path) -> None:
    lesson = lessons.lesson("01_basics")
    assert lesson.cassette == project / "data" / "cassettes" / "01_basics.yaml"
    assert lesson.script == project / "data" / "scripts" / "01_basics.yaml"
    assert lesson.notebook == project / "notebooks" / "01_basics.ipynb"
