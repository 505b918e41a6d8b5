"""A notebook's cells run again, out of order, and all over: the recorded answers still fit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import openai
import pytest

from helpers import connect, connect_async
from helpers.cassettes.file import Cassette, Interaction
from helpers.cassettes.miss import NotRecordedError
from helpers.cassettes.replay import Player
from helpers.exchanges import Source, exchanges
from helpers.lessons import Lesson

Record = Callable[[Callable[[openai.OpenAI], object]], Lesson]
MODEL = "gpt-5.4-mini"


def say_hello(client: openai.OpenAI, **more: Any) -> Any:
    return client.responses.create(model=MODEL, input="Say hello.", **more)


def test_a_replayed_answer_is_the_recorded_one(recorded: Record) -> None:
    answers: list[str] = []
    recorded(lambda client: answers.append(say_hello(client).to_json()))
    assert say_hello(connect("01_basics", mode="replay")).to_json() == answers[0]


async def test_an_asynchronous_client_gets_the_same(recorded: Record) -> None:
    answers: list[str] = []
    recorded(lambda client: answers.append(say_hello(client).id))
    client = connect_async("01_basics", mode="replay")
    assert (await client.responses.create(model=MODEL, input="Say hello.")).id == answers[0]


def test_the_same_request_gets_the_next_answer_and_the_last_one_sticks(recorded: Record) -> None:
    ids: list[str] = []
    recorded(lambda client: ids.extend([say_hello(client).id, say_hello(client).id]))
    client = connect("01_basics", mode="replay")
    assert [say_hello(client).id for _ in range(4)] == [ids[0], ids[1], ids[1], ids[1]]


def test_connecting_again_starts_from_the_top(recorded: Record) -> None:
    ids: list[str] = []
    recorded(lambda client: ids.extend([say_hello(client).id, say_hello(client).id]))
    for _ in range(2):
        client = connect("01_basics", mode="replay")
        assert [say_hello(client).id, say_hello(client).id] == ids


def test_the_order_of_keys_and_the_reader_s_own_host_do_not_matter(recorded: Record) -> None:
    recorded(lambda client: say_hello(client, metadata={"a": "1", "b": "2"}))
    client = connect("01_basics", mode="replay")
    other = client.with_options(base_url="https://somebody-else.services.ai.azure.com/api/projects/p/openai/v1/")
    body = {"metadata": {"b": "2", "a": "1"}, "input": "Say hello.", "model": MODEL}
    assert other.post("/responses", body=body, cast_to=object)


def test_a_job_can_be_polled_again_from_the_start(recorded: Record) -> None:
    """Re-run: queued, in progress, completed again; a list of answers alone would stay completed."""

    def lesson(client: openai.OpenAI) -> list[str]:
        job = say_hello(client, background=True)
        states = [job.status]
        while job.status in ("queued", "in_progress"):
            job = client.responses.retrieve(job.id)
            states.append(job.status)
        return states

    seen: list[list[str]] = []
    recorded(lambda client: seen.append(lesson(client)))
    assert len(seen[0]) > 2
    client = connect("01_basics", mode="replay")
    assert [lesson(client), lesson(client)] == [seen[0], seen[0]]


def test_a_deleted_response_is_there_again_when_its_cell_is_run_again(recorded: Record) -> None:
    def lesson(client: openai.OpenAI) -> None:
        response = say_hello(client)
        assert client.responses.retrieve(response.id).id == response.id
        client.responses.delete(response.id)
        with pytest.raises(openai.NotFoundError):
            client.responses.retrieve(response.id)

    recorded(lesson)
    client = connect("01_basics", mode="replay")
    lesson(client)
    lesson(client)


def test_after_a_delete_reads_go_on_behind_it_even_where_a_read_was_skipped(recorded: Record) -> None:
    def lesson(client: openai.OpenAI) -> None:
        response = say_hello(client)
        client.responses.retrieve(response.id)
        client.responses.retrieve(response.id)
        client.responses.delete(response.id)
        with pytest.raises(openai.NotFoundError):
            client.responses.retrieve(response.id)

    recorded(lesson)
    client = connect("01_basics", mode="replay")
    response = say_hello(client)
    client.responses.delete(response.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(response.id)


def test_what_was_made_from_a_response_starts_over_with_it(recorded: Record) -> None:
    def follow_up(client: openai.OpenAI, response: Any) -> str:
        return str(client.responses.create(model=MODEL, input="Say it again.", previous_response_id=response.id).id)

    ids: list[str] = []

    def lesson(client: openai.OpenAI) -> None:
        response = say_hello(client)
        ids.extend([follow_up(client, response), follow_up(client, response)])

    recorded(lesson)
    client = connect("01_basics", mode="replay")
    for _ in range(2):
        response = say_hello(client)
        assert [follow_up(client, response), follow_up(client, response)] == ids


def test_a_call_that_needed_a_second_attempt_needs_it_again(recorded: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """429, then 200; were attempts not told apart from calls, a re-run would get the 200 at once."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)

    def lesson(client: openai.OpenAI) -> None:
        say_hello(client, extra_headers={"x-simulate": "rate_limit:1"})
        assert [exchange.status for exchange in exchanges.last(2)] == [429, 200]

    recorded(lesson)
    client = connect("01_basics", mode="replay")
    lesson(client)
    lesson(client)


def test_a_list_shows_what_was_uploaded_before_it() -> None:
    """GET /files names no id, and still follows the uploads and deletions that are replayed."""
    upload, delete = '{"id": "file-abcdefghijkl1"}', '{"id": "file-abcdefghijkl1", "deleted": true}'
    player = Player(
        Cassette(
            Source("recorded", "simulator"),
            [
                _interaction("GET", "/files", '{"data": []}'),
                _interaction("POST", "/files", upload),
                _interaction("GET", "/files", f'{{"data": [{upload}]}}'),
                _interaction("DELETE", "/files/file-abcdefghijkl1", delete),
                _interaction("GET", "/files", '{"data": []}'),
            ],
        )
    )
    keys = {(key.method, key.path): key for key in player.positions}
    files, post, gone = keys["GET", "/files"], keys["POST", "/files"], keys["DELETE", "/files/file-abcdefghijkl1"]
    for _ in range(2):
        player.play(post)
        assert b"file-" in player.play(files).response_body  # type: ignore[union-attr]
        player.play(gone)
        assert b"file-" not in player.play(files).response_body  # type: ignore[union-attr]


def test_a_recording_of_ten_thousand_calls_is_searched_no_longer_than_one_of_ten() -> None:
    """Counted, not timed: playing compares the key with no other."""
    body = '{"id": "resp_%024d", "object": "response"}'
    many = [_interaction("POST", "/responses", body % n, f'{{"input": "{n}"}}') for n in range(10_000)]
    player = Player(Cassette(Source("recorded", "simulator"), many))
    asked = next(key for key in player.positions if key.body == '{"input":"9999"}')
    compared = []

    class Counting(type(asked)):  # type: ignore[misc]
        def __eq__(self, other: object) -> bool:
            compared.append(other)
            return bool(super().__eq__(other))

        __hash__ = type(asked).__hash__

    assert player.play(Counting(*asked)) is many[-1]
    assert len(compared) < 10


def test_two_calls_at_once_get_the_two_answers(recorded: Record) -> None:
    ids: list[str] = []
    recorded(lambda client: ids.extend([say_hello(client).id, say_hello(client).id]))

    async def both() -> set[str]:
        client = connect_async("01_basics", mode="replay")
        made = await asyncio.gather(*[client.responses.create(model=MODEL, input="Say hello.") for _ in range(2)])
        return {response.id for response in made}

    assert asyncio.run(both()) == set(ids)


def test_a_lesson_without_a_recording_says_so_in_replay_mode(capsys: pytest.CaptureFixture[str]) -> None:
    client = connect("01_basics", mode="replay")
    assert capsys.readouterr().out == "Answers: none is recorded for lesson 01_basics yet.\n"
    with pytest.raises(NotRecordedError, match="Nothing at all is recorded"):
        say_hello(client)


def _interaction(method: str, path: str, answer: str, body: str = "") -> Interaction:
    uri = f"https://YOUR-RESOURCE-NAME.openai.azure.com/openai/v1{path}"
    kind = {"content-type": "application/json"}
    return Interaction(method, uri, kind, body.encode(), 200, kind, answer.encode())
