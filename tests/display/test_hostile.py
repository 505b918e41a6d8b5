"""Whatever the service, a tool or a file says is shown as text: it runs, loads, hides and breaks nothing."""

import json

import httpx2
import openai
import pytest

from helpers.display import answers, events, sse, wire
from helpers.display.service import build as build_service
from helpers.display.shapes import plain
from helpers.exchanges import exchanges
from tests.display import samples
from tests.display.attacks import ATTACKS, faults, poisoned, words
from tests.display.gallery import ITEMS

FILE = {"id": "assistant-1", "object": "file", "filename": "trips.csv", "bytes": 48213, "created_at": 1764057600}
FAILED = samples.response(status="failed", usage=None, error={"code": "server_error", "message": "It broke."})
WRONG_SHAPES = [None, 5, "text", [], {}, [None], [[]], {"type": 3}]


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_in_any_place_of_any_item_is_only_text(attack: str) -> None:
    for item in ITEMS:
        for bad in poisoned(item, attack):
            shown = answers.build([bad] if isinstance(bad, dict) else bad)
            assert faults(shown.html()) == []
            assert "\x1b" not in str(shown)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_in_a_response_a_file_or_an_error_is_only_text(attack: str) -> None:
    body = {"message": attack, "code": attack, "param": attack, "type": attack}
    problem = openai.APIError(attack, request=httpx2.Request("POST", samples.BASE), body=body)
    wholes = [FILE, {"object": "list", "data": [FILE]}, FAILED, {"anything": ["goes"]}]
    for whole in wholes:
        for bad in poisoned(whole, attack):
            assert faults(answers.build(bad).html()) == []
    assert faults(answers.build(problem).html()) == []
    assert faults(build_service({"responses": [samples.response(samples.said(attack))], "files": [FILE]}).html()) == []


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_in_a_stream_is_only_text(attack: str) -> None:
    for bad in poisoned(samples.text_events("Two words")[4], attack):
        if isinstance(bad, dict):
            assert faults(events.build(sse.of_list([bad]), "a list").html()) == []


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_on_the_wire_is_only_text(attack: str) -> None:
    sent = attack.encode("utf-8", "replace").decode()  # half a surrogate pair comes in JSON escapes only
    client = samples.client(samples.response(samples.said(sent)), samples.response(samples.said("Else")))
    client.responses.create(model="gpt-5.4-mini", input=sent, metadata={"note": sent[:500]})
    client.responses.create(model="gpt-5.4-mini", input="Else")
    a, b = exchanges.last(2)
    assert faults(wire.build([a, b]).html()) == []
    assert faults(wire.build_diff(a, b).html()) == []


@pytest.mark.parametrize("shape", WRONG_SHAPES, ids=repr)
def test_an_item_of_an_unexpected_shape_is_still_shown(shape: object) -> None:
    for item in ITEMS:
        for bad in poisoned(item, shape):
            assert faults(answers.build([bad]).html()) == []


@pytest.mark.parametrize("shape", WRONG_SHAPES, ids=repr)
def test_a_response_of_an_unexpected_shape_is_still_shown(shape: object) -> None:
    for whole in (samples.response(samples.said("Hi")), FAILED):
        for bad in poisoned(whole, shape):
            assert faults(answers.build(bad).html()) == []


def test_nothing_is_hidden_by_what_is_defused() -> None:
    shown = words(answers.build(samples.response(samples.said(ATTACKS["beacon"]))).html())
    assert "secret" in shown
    assert "https://evil.example/beacon.png?key=secret" in shown
    assert "<script>window.hit = 1</script>" in words(answers.build(ATTACKS["script"]).html())
    assert "[U+001B][31mred" in words(answers.build(ATTACKS["ansi"]).html())
    assert "[U+202E]txt.exe" in words(answers.build(ATTACKS["bidi"]).html())


def test_nothing_is_hidden_in_the_depth_and_nothing_makes_the_page_wide() -> None:
    for marks in (">" * 15, ">" * 16, ">" * 150, "- " * 7, "- " * 8, "- " * 90):
        html = answers.build(f"{marks} the end").html()
        assert "the end" in words(html), marks
        assert html.count("<ul>") <= 8
        assert html.count("<blockquote>") <= 16


def test_a_link_shows_where_it_leads() -> None:
    shown = words(answers.build("[your bank](https://evil.example/login)").html())
    assert "your bank (https://evil.example/login)" in shown


_CALL = {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}
_LOGS = {"type": "logs", "logs": "x" * 300}
THOUSANDS = {
    "items": [{**_CALL, "call_id": f"c{i}"} for i in range(5_000)],
    "outputs": [_CALL, *[{"type": "function_call_output", "call_id": "c", "output": "x" * 300}] * 5_000],
    "parts": [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "x" * 300}] * 5_000}],
    "code outputs": [{"type": "code_interpreter_call", "code": "1", "outputs": [_LOGS] * 5_000}],
    "actions": [{"type": "computer_call", "actions": [{"type": "click", "x": 1}] * 5_000}],
    "files": {"object": "list", "data": [FILE] * 5_000},
    "responses": [samples.response(samples.said("Hi"))] * 5_000,
    "rows": "|a|\n|-|\n" + "|1|\n" * 5_000,
    "columns": "|" + "a|" * 3_000 + "\n|" + "-|" * 3_000 + "\n|" + "b|" * 3_000,
    "an output of 5 MB": [{"type": "function_call_output", "output": json.dumps([{"a": i} for i in range(400_000)])}],
}


@pytest.mark.parametrize("many", THOUSANDS.values(), ids=THOUSANDS)
def test_thousands_of_anything_do_not_fill_the_notebook(many: object) -> None:
    shown = answers.build(many)
    assert faults(shown.html()) == []
    assert len(shown.html()) < 110_000
    assert len(str(shown)) < 110_000


def test_what_is_left_out_is_counted_and_the_small_print_stays() -> None:
    shown = str(answers.build(samples.response(*THOUSANDS["items"])))  # type: ignore[arg-type]
    assert shown.splitlines()[-2] == "left out: 4,800 more parts"
    assert shown.splitlines()[-1].startswith("gpt-5.4-mini · completed")


def test_what_contains_itself_is_cut_off() -> None:
    loop: dict[str, object] = {"type": "function_call", "name": "f"}
    loop["arguments"] = loop
    assert len(answers.build(loop).html()) < 10_000
    assert "deeper than 40 levels" in str(plain(loop))


@pytest.mark.parametrize("attack", ["long word", "long lines", "json bomb"])
def test_a_huge_text_does_not_fill_the_notebook(attack: str) -> None:
    for item in ITEMS[:-1]:  # the answer itself has a larger limit of its own
        for bad in poisoned(item, ATTACKS[attack]):
            if isinstance(bad, dict):
                assert len(answers.build([bad]).html()) < 20_000
    assert len(answers.build(ATTACKS[attack]).html()) < 70_000
