"""`watch`, `approval` and `show_service`: what runs without you, what waits for you, what is kept for you."""

from collections import deque
from typing import Any

import pytest

from helpers.display import approval, show_service, watch
from helpers.exchanges import exchanges
from tests.display import samples, simulated
from tests.display.gallery import ITEMS
from tests.display.samples import Screen

QUEUED = samples.response(status="queued", usage=None, background=True)
WORKS = samples.response(status="in_progress", usage=None, background=True)
DONE = samples.response(samples.said("Done at last."), background=True)


def test_a_job_is_watched_to_its_end(screen: Screen) -> None:
    client = samples.client(QUEUED, QUEUED, WORKS, DONE)
    response = watch(client.responses.create(model="gpt-5.4", input="Think.", background=True), client)
    assert response.status == "completed"
    assert screen.text.startswith("queued → in_progress → completed · 3 polls · resp_1\nDone at last.")
    assert len(screen.shown) == 1


def test_a_job_of_the_simulator_is_watched_and_cancelled(screen: Screen) -> None:
    client = simulated.client(simulated.service())
    job = client.responses.create(model=simulated.MODEL, input="Plan the week.", background=True)
    response = watch(job, client)
    assert response.output_text == "Send the van to **University** on Friday evening."
    assert screen.text.startswith("queued → in_progress → completed · ")
    assert "simulated now" in screen.text
    job = client.responses.create(model=simulated.MODEL, input="Plan the year.", background=True)
    client.responses.cancel(job.id)
    assert watch(job, client).status == "cancelled"
    assert str(screen.shown[-1]).startswith("queued → cancelled · 1 poll · ")


def test_the_time_elapsed_is_shown_where_time_passes(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAB_PACE")
    client = samples.client(QUEUED, DONE)
    watch(client.responses.create(model="gpt-5.4", input="Think.", background=True), client, every=0.05)
    assert "queued → completed · 0." in screen.text


def test_a_terminal_gets_a_line_for_each_state(capsys: pytest.CaptureFixture[str]) -> None:
    client = samples.client(QUEUED, QUEUED, WORKS, WORKS, WORKS, DONE)
    watch(client.responses.create(model="m", input="x", background=True), client, every=0.01)
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(" · ")[0] for line in lines[:3]] == [
        "queued",
        "queued → in_progress",
        "queued → in_progress → completed",
    ]
    assert lines[3] == "Done at last."


def test_watching_is_bounded(screen: Screen) -> None:
    client = samples.client(QUEUED, WORKS)
    response = watch(client.responses.create(model="gpt-5.4", input="x", background=True), client, timeout=5, every=1)
    assert response.status == "in_progress"
    assert "· 5 polls ·" in screen.text
    assert "not finished: still in_progress after 5 s; the job goes on, retrieve it later." in screen.text


@pytest.mark.parametrize("job", ["resp_1", None, {"id": "resp_1"}])
def test_what_is_no_response_is_refused(job: Any) -> None:
    with pytest.raises(TypeError, match=rf"not a {type(job).__name__}\. Of an id: .*retrieve\(id\)"):
        watch(job, samples.client())


def test_not_to_wait_between_polls_is_refused() -> None:
    client = samples.client(QUEUED)
    with pytest.raises(ValueError, match="0 is not more than 0"):
        watch(client.responses.create(model="m", input="x", background=True), client, every=0)


def test_ctrl_c_stops_watching_and_returns_the_last_state(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    client = samples.client(QUEUED, WORKS)
    job = client.responses.create(model="gpt-5.4", input="x", background=True)

    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("helpers.display.jobs.time.sleep", interrupted)
    assert watch(job, client).status == "queued"
    assert "you stopped watching; the job goes on." in screen.text


def test_a_job_that_failed_shows_its_error(screen: Screen) -> None:
    failed = samples.response(status="failed", usage=None, error={"code": "server_error", "message": "It broke."})
    client = samples.client(QUEUED, failed)
    assert watch(client.responses.create(model="m", input="x", background=True), client).status == "failed"
    assert "error server_error It broke." in screen.text


async def test_an_async_client_is_awaited(screen: Screen) -> None:
    client = samples.async_client(QUEUED, WORKS, DONE)
    response = await watch(await client.responses.create(model="m", input="x", background=True), client)
    assert response.output_text == "Done at last."


def decide(approve: bool) -> Any:
    return samples.response(samples.said("Retired." if approve else "Kept."))


def test_an_approval_shows_what_would_run_and_how_to_decide(screen: Screen) -> None:
    approval(ITEMS[5], decide)
    for part in (
        "May this run?",
        "fleet.retire_bike",
        '"bike": 118',
        "decide(True)   # approve",
        "decide(False)  # deny",
    ):
        assert part in screen.text
    assert len(screen.shown) == 1  # no buttons where nobody can click


def test_an_approval_of_the_simulator_goes_both_ways(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpers.display.buttons.wanted", lambda: True)
    client = simulated.client(simulated.service())
    ask = {"model": simulated.MODEL, "tools": [simulated.DESK]}
    asked = client.responses.create(**ask, input="Close the Harbour station for the regatta.")

    def decide(approve: bool) -> Any:
        item = {"type": "mcp_approval_response", "approval_request_id": asked.output[-1].id, "approve": approve}
        return client.responses.create(**ask, previous_response_id=asked.id, input=[item])

    approval(asked, decide)
    assert 'desk.close_station]\n      {"station": "Harbour", "reason": "The regatta."}' in screen.text
    assert decide(False).output_text == "Then Harbour stays open."
    screen.shown[1].children[0].children[0].click()
    assert "approved: decide(True)" in str(screen.shown[2])
    assert "Done: Harbour is closed. Reason: The regatta." in str(screen.shown[3])


def test_an_approval_finds_the_one_item_that_waits(screen: Screen) -> None:
    approval(samples.response(ITEMS[0], ITEMS[5]), decide)
    assert "fleet.retire_bike" in screen.text
    with pytest.raises(ValueError, match="0 items of this response wait"):
        approval(DONE, decide)
    call = {"type": "function_call", "call_id": "call_1", "name": "retire", "arguments": "{}"}
    approval(samples.response(call), decide)
    assert "retire" in screen.text


@pytest.mark.parametrize("item", [{}, {"type": "message", "role": "user", "content": []}, {"input_tokens": 3}])
def test_an_approval_of_nothing_that_asks_is_refused(screen: Screen, item: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="takes an item that asks for something"):
        approval(item, decide)
    assert not screen.shown


def test_buttons_call_the_function_and_show_what_it_returns(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[bool] = []
    monkeypatch.setattr("helpers.display.buttons.wanted", lambda: True)
    approval(ITEMS[5], lambda approve: (calls.append(approve), decide(approve))[1])
    assert "decide(True)   # approve" in screen.text
    yes, no = screen.shown[1].children[0].children
    assert (yes.description, no.description) == ("Approve", "Deny")
    no.click()
    assert calls == [False]
    assert yes.disabled
    assert no.disabled


def test_what_the_service_holds_is_shown_newest_first(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    file = {"id": "assistant-1", "object": "file", "filename": "trips.csv", "bytes": 48213, "created_at": 1764057600}
    second = samples.response(ITEMS[1], id="resp_2", previous_response_id="resp_1")
    state = {"responses": [DONE, second], "files": [file], "containers": [], "conversations": []}
    monkeypatch.setattr("helpers.client.service_state", lambda: state)
    show_service()
    lines = screen.text.splitlines()
    assert lines[0] == "responses (2)"
    assert lines[3].split() == ["resp_2", "completed", "gpt-5.4-mini", "resp_1", "function_call"]
    assert lines[4].endswith("Done at last.")
    assert "trips.csv  48.2 kB" in screen.text
    assert lines[-1] == "none: containers, conversations"


def test_a_resource_of_your_own_is_asked(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    file = {"id": "assistant-1", "object": "file", "filename": "trips.csv", "bytes": 48213, "created_at": 1764057600}
    monkeypatch.setattr("helpers.client.service_state", lambda: None)
    monkeypatch.setattr(exchanges, "_log", deque())  # nothing of other tests
    with pytest.raises(ValueError, match=r"show_service\(client\)"):
        show_service()
    empty = {"object": "list", "data": [], "has_more": False}
    client = samples.client(DONE, {"object": "list", "data": [file], "has_more": False}, empty)
    client.responses.create(model="m", input="x")
    show_service(client)
    assert "trips.csv" in screen.text
    assert "Done at last." in screen.text
