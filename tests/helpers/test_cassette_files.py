"""A cassette is data that a person can review, that vcrpy can read, and that says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx2
import openai
import pytest
import vcr
import yaml

from helpers import connect
from helpers.cassettes.file import BrokenCassetteError, Cassette, Interaction, load
from helpers.client import BASE_URL
from helpers.exchanges import Source
from helpers.lessons import Lesson

Record = Callable[[Callable[[openai.OpenAI], object]], Lesson]
MODEL = "gpt-5.4-mini"


def lesson_of_three(client: openai.OpenAI) -> list[str]:
    response = client.responses.create(model=MODEL, input="Say hello.", metadata={"mood": "schön 🎉"})
    events = list(client.responses.create(model=MODEL, input="Please count to ten.", stream=True))
    gone = client.responses.with_raw_response.delete(response.id)
    return [response.to_json(), *(event.to_json() for event in events), str(gone.http_response.json())]


def test_a_file_says_where_when_and_with_what_it_was_recorded(recorded: Record) -> None:
    head = yaml.safe_load(recorded(lesson_of_three).cassette.read_text(encoding="utf-8"))
    assert head["format"] == 1
    assert head["recorded"].keys() == {"from", "on", "sdk"}
    assert head["recorded"]["from"] == "simulator"
    assert head["recorded"]["sdk"] == f"openai {openai.__version__}"


def test_json_is_pretty_and_events_are_lines_so_that_a_pull_request_shows_what_changed(recorded: Record) -> None:
    text = recorded(lesson_of_three).cassette.read_text(encoding="utf-8")
    assert '        "input": "Say hello.",\n        "metadata": {\n          "mood": "schön 🎉"\n' in text
    assert '          "object": "response",\n' in text
    assert '\n        event: response.output_text.delta\n        data: {"type":"response.output_text.delta"' in text
    assert "\\n" not in text


def test_vcrpy_plays_every_interaction_of_ours(recorded: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its own matchers and bodies compared too, through the SDK; any request that reached a network would fail."""
    answers: list[str] = []
    lesson = recorded(lambda client: answers.extend(lesson_of_three(client)))
    client = openai.OpenAI(base_url=BASE_URL, api_key="none", max_retries=0, http_client=httpx2.Client(trust_env=False))
    matchers = ["method", "scheme", "host", "port", "path", "query", "body"]
    with vcr.use_cassette(str(lesson.cassette), record_mode="none", match_on=matchers) as cassette:  # type: ignore[attr-defined]
        assert lesson_of_three(client) == answers
        assert cassette.all_played


@pytest.mark.parametrize(
    "body",
    [
        b"plain text",
        b"%PDF-1.7\n\x00\xff\xfe binary",
        b"",
        b"  leading spaces\n\nand trailing ones  \n",
        "tab\tand \u2028 separators \x85 and a \ufeff mark".encode(),
        b"windows\r\nlines\r\n",
        b"ends in lines\n\n\n",
        b"\n",
        b"---\n...\n# not: [yaml",
        b"'\"`|>&*!%@",
        b"12",
        b"null",
    ],
)
def test_any_body_comes_back_as_it_was(tmp_path: Path, body: bytes) -> None:
    kind = {"content-type": "text/plain"}
    interactions = [Interaction("POST", BASE_URL, kind, body, 200, kind, body, cut) for cut in (None, "why: not")]
    path = tmp_path / "01_basics.yaml"
    path.write_text(Cassette(Source("recorded", "azure", "2026-11-25", "x"), interactions).as_yaml(), encoding="utf-8")
    again = load(path)
    assert again.source == Source("recorded", "azure", "2026-11-25", "x")
    assert [(i.request_body, i.response_body, i.cut) for i in again.interactions] == [
        (body, body, None),
        (body, body, "why: not"),
    ]


@pytest.mark.parametrize("body", [b'{"a": 1.10, "c": "\\ud83c", "d": "\\u2028"}', b"{not json", b"[]", b'"x"'])
def test_json_comes_back_with_the_same_meaning(tmp_path: Path, body: bytes) -> None:
    kind = {"content-type": "application/json"}
    path = tmp_path / "01_basics.yaml"
    cassette = Cassette(
        Source("recorded", "azure", "2026-11-25"), [Interaction("POST", BASE_URL, kind, body, 200, kind, body)]
    )
    path.write_text(cassette.as_yaml(), encoding="utf-8")
    again = load(path).interactions[0].response_body
    try:
        assert httpx2.Response(200, content=again).json() == httpx2.Response(200, content=body).json()
    except ValueError:
        assert again == body


def broken(lesson: Lesson, text: str | bytes) -> str:
    """What connect says about a cassette with this text."""
    lesson.cassette.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BrokenCassetteError) as error:
        connect(lesson.name)
    said = str(error.value)
    assert said.startswith(f"{lesson.cassette}, line {error.value.line}: ")
    both = ("git checkout -- data/cassettes/01_basics.yaml", "make record LESSON=01_basics")
    assert all(way in said for way in both) or "git pull" in said
    return said.removeprefix(f"{lesson.cassette}, ")


def test_an_empty_cassette(lesson: Lesson) -> None:
    assert broken(lesson, "").startswith("line 1: The cassette is empty.")


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
def test_a_cassette_that_stops_in_the_middle_says_at_which_line(recorded: Record, share: float) -> None:
    """Wherever the cut falls: much of it is still valid YAML."""
    lesson = recorded(lesson_of_three)
    text = lesson.cassette.read_text(encoding="utf-8")
    cut = text[: int(len(text) * share)]
    said = broken(lesson, cut)
    line = int(said.removeprefix("line ").partition(":")[0])
    assert abs(line - len(cut.splitlines())) <= 3 or "not YAML" in said


def test_a_cassette_that_is_not_yaml(lesson: Lesson) -> None:
    assert broken(lesson, "format: 1\nrecorded: {from: simulator\nversion: 1\n").startswith("line 3: This is not YAML")


def test_a_merge_conflict(recorded: Record) -> None:
    lesson = recorded(lesson_of_three)
    lines = lesson.cassette.read_text(encoding="utf-8").splitlines(keepends=True)
    lines.insert(10, "<<<<<<< HEAD\n")
    assert "line 1" in broken(lesson, "".join(lines))


def test_a_cassette_that_is_not_text(lesson: Lesson) -> None:
    assert broken(lesson, b"format: 1\n\xff\xfe").startswith("line 2: This is not text")


def test_a_file_that_is_no_cassette(lesson: Lesson) -> None:
    assert broken(lesson, "- just\n- a list\n").startswith("line 1: This is not a cassette")


def test_a_cassette_of_a_newer_lab(recorded: Record) -> None:
    lesson = recorded(lesson_of_three)
    text = lesson.cassette.read_text(encoding="utf-8").replace("format: 1", "format: 2", 1)
    assert "has format 2, and this version of the lab reads format 1. Update the lab (git pull" in broken(lesson, text)


def test_an_interaction_that_was_edited_badly(recorded: Record) -> None:
    lesson = recorded(lesson_of_three)
    text = lesson.cassette.read_text(encoding="utf-8")
    said = broken(lesson, text.replace("    method: DELETE\n", "    verb: DELETE\n"))
    line = text[: text.index("    method: DELETE\n")].count("\n")
    assert said.startswith(f"line {line}: The cassette's interaction 3 cannot be read: it has no 'method'.")


def test_a_head_that_was_edited_badly(recorded: Record) -> None:
    lesson = recorded(lesson_of_three)
    text = lesson.cassette.read_text(encoding="utf-8").replace("from: simulator", "from: mars")
    assert "line 1: The cassette's head cannot be read: it was recorded from 'mars'" in broken(lesson, text)
