"""`show` displays whatever a lesson has in its hand."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.types.responses import Response
from pydantic import BaseModel

from helpers.display import answers, bars, show
from helpers.exchanges import exchanges
from tests.display import samples
from tests.display.attacks import words
from tests.display.gallery import ITEMS
from tests.display.samples import Screen

ROOT = Path(__file__).parents[2]


def test_the_answer_is_rendered_and_the_small_print_follows_it(screen: Screen) -> None:
    client = samples.client(samples.response(samples.said("It is **22 °C**.")))
    show(client.responses.create(model="gpt-5.4-mini", input="Weather?"))
    assert "<strong>22 °C</strong>" in screen.html
    assert screen.html.index("22 °C") < screen.html.index("gpt-5.4-mini")
    assert screen.text.splitlines()[-1] == (
        "gpt-5.4-mini · completed · 40 tokens: 28 input (8 cached) + 12 output (4 reasoning)"
        " · recorded from the simulator, 2026-11-25 · resp_1"
    )


def test_an_answer_that_no_exchange_gave_says_so() -> None:
    assert "source unknown" in str(answers.build(samples.response(samples.said("Hi"), id="resp_from_nowhere")))


def test_every_kind_of_item_keeps_what_matters() -> None:
    shown = words(answers.build(samples.response(*ITEMS)).html())
    for part in (
        *("reasoning", "The rider wants the nearest open one.", "905 characters"),
        *("function_call", "get_weather", "call_weather", '{"location": "San Francisco"}'),
        *("code_interpreter_call", "print(total)", "45", "cntr_1"),
        *("mcp_list_tools", "Find a page of the manual."),
        *("docs.search", '{"query": "brakes"}', "check the brakes once a week"),
        *("fleet.retire_bike", "bent frame", "mcpr_1"),
        *("custom_tool_call", "SELECT count(*)"),
        *("computer_call", '{"button": "left", "x": 120, "y": 64}', "safety check", "The page gives orders."),
        *("web_search_call", "failed", "bike lanes"),
        *("time_travel_call", '"year": 2031'),
        *(
            "Harbour is the nearest",
            "1 citation",
            "https://example.org/stations",
            "refusal",
            "I can't book it for you.",
        ),
    ):
        assert part in shown, part
    html = answers.build(samples.response(*ITEMS)).html()
    assert 'alt="A red bicycle on a pier (640×400, ' in html
    order = [html.index(f"<strong>{item['type']}</strong>") for item in ITEMS]
    assert order == sorted(order)


def test_an_output_stands_under_its_call_and_not_a_second_time() -> None:
    output = {"type": "function_call_output", "call_id": "call_weather", "output": '{"sky": "clear"}'}
    other = {"type": "function_call_output", "call_id": "call_other", "output": "22"}
    shown = str(answers.build([ITEMS[1], samples.said("So."), output, other]))
    assert shown.index("get_weather") < shown.index('{"sky": "clear"}') < shown.index("So.")
    assert shown.count("clear") == 1
    assert "call_other" in shown


def test_an_approval_stands_under_its_request() -> None:
    yes = {"type": "mcp_approval_response", "approval_request_id": "mcpr_1", "approve": False, "reason": "Not today."}
    shown = str(answers.build([ITEMS[5], samples.said("So."), yes]))
    assert shown.index("bent frame") < shown.index("denied: Not today.") < shown.index("So.")


def test_tools_are_shown_with_what_they_take() -> None:
    tool = {"type": "function", "name": "get_rate", "parameters": {"properties": {"pair": {}, "day": {}}}}
    group = {"type": "namespace", "name": "bank", "tools": [tool]}
    found = {"type": "tool_search_output", "call_id": None, "tools": [{**tool, "description": "Look it up."}, group]}
    lines = [" ".join(line.split()) for line in str(answers.build([found])).splitlines()]
    assert lines[-2:] == ["get_rate(pair, day) Look it up.", "bank get_rate"]


def test_citations_are_footnotes() -> None:
    text = "Harbour opens at six ([site](https://x.example)). It closes late."
    site = {"type": "url_citation", "start_index": 21, "end_index": 48, "title": "Site", "url": "https://x.example"}
    file = {"type": "file_citation", "index": 65, "filename": "hours.pdf", "file_id": "assistant-1"}
    early = {"type": "url_citation", "start_index": 0, "end_index": 25, "title": "Head", "url": "https://z.example"}
    assert (
        "the nearest¹</h5>"
        in answers.build([samples.said("## Harbour is the nearest\n\nIt is.", annotations=[early])]).html()
    )
    wrong = {"type": "url_citation", "start_index": -5, "end_index": 900, "title": "Far", "url": "https://y.example"}
    html = answers.build([samples.said(text, annotations=[site, file, wrong])]).html()
    assert "</a> <small>(https://x.example)</small>)¹. It closes late.²</p>" in html
    assert "³" in html.partition("3 citations")[2]
    assert "³" not in html.partition("3 citations")[0]


def test_a_file_is_cited_after_its_link() -> None:
    text = "The numbers: [hours.csv](sandbox:/mnt/data/hours.csv)."
    note = {"type": "container_file_citation", "start_index": 25, "end_index": 52, "filename": "hours.csv"}
    html = answers.build([samples.said(text, annotations=[note])]).html()
    assert "(sandbox:/mnt/data/hours.csv)</small>¹." in html


def test_formulas_stay_to_be_seen() -> None:
    shown = words(answers.build(r"It is \( 120 \), or \[ 5! \] \* \$2.").html())
    assert shown.strip() == r"It is \( 120 \), or \[ 5! \] * $2."


def test_several_outputs_of_one_call_are_all_shown() -> None:
    outputs = [
        {"type": "function_call_output", "call_id": "call_weather", "output": word} for word in ("first", "second")
    ]
    shown = str(answers.build([ITEMS[1], *outputs]))
    assert shown.index("first") < shown.index("second")


def test_an_output_of_another_shape_is_shown_as_json() -> None:
    assert '{"found": 3}' in str(answers.build([{"type": "newer_call_output", "call_id": "call_1", "found": 3}]))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"status": "failed", "error": {"code": "server_error", "message": "It broke."}},
            "error server_error It broke.",
        ),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
            "incomplete: max_output_tokens",
        ),
        ({"status": "cancelled", "output": []}, "cancelled"),
        ({"status": "queued", "output": [], "usage": None}, "queued: no output yet"),
        (
            {
                "content_filters": [
                    {"blocked": True, "source_type": "prompt", "content_filter_results": {"hate": {"filtered": True}}}
                ]
            },
            "content filter blocked the prompt: hate",
        ),
    ],
)
def test_a_response_that_did_not_end_well_says_why_first(changes: dict[str, Any], said: str) -> None:
    assert str(answers.build(samples.response(samples.said("Half"), **changes) | changes)).startswith(said)


def test_structured_output_is_shown_as_json_also_when_parsed() -> None:
    class Complaint(BaseModel):
        station: str
        severity: str

    client = samples.client(samples.response(samples.said('{"station":"Harbour","severity":"high"}')))
    parsed = client.responses.parse(model="gpt-5.4-mini", input="…", text_format=Complaint)
    assert parsed.output_parsed == Complaint(station="Harbour", severity="high")
    assert '<code>{"station": "Harbour", "severity": "high"}</code>' in _unquoted(answers.build(parsed).html())


def test_a_stream_that_was_read_is_shown_as_its_response() -> None:
    stream = samples.client(samples.text_events("Read to the end.")).responses.create(model="m", input="x", stream=True)
    for _ in stream:
        pass
    assert "Read to the end." in str(answers.build(stream))
    assert "recorded from the simulator" in str(answers.build(stream))


def test_a_stream_that_was_not_read_says_what_to_do() -> None:
    stream = samples.client(samples.text_events("Unread.")).responses.create(model="m", input="x", stream=True)
    assert "show_stream" in str(answers.build(stream))
    stream.close()


def test_lists_files_and_errors_become_tables() -> None:
    file = {"id": "assistant-1", "object": "file", "filename": "trips.csv", "bytes": 48213, "created_at": 1764057600}
    client = samples.client({"object": "list", "data": [file], "has_more": True})
    page = client.files.list()
    assert "48.2 kB  2025-11-25 08:00:00 UTC" in str(answers.build(page))
    assert "has_more" in str(answers.build(page))
    assert "trips.csv" in str(answers.build(page.data[0]))
    with pytest.raises(openai.NotFoundError) as caught:
        _failing(
            404, {"message": "No such File object: x", "type": "invalid_request_error", "param": "id"}
        ).files.retrieve("x")
    shown = str(answers.build(caught.value))
    assert shown.startswith("NotFoundError · HTTP 404\nNo such File object: x")
    assert "invalid_request_error" in shown
    assert "req-1" in shown


def test_the_content_of_a_file_is_text_a_picture_or_its_size() -> None:
    import base64

    assert "station,bikes" in str(answers.build(b"station,bikes\nHarbour,12\n"))
    assert "(picture: picture (640×400" in str(answers.build(base64.b64decode(samples.picture())))
    assert "4 bytes that are neither text nor a picture" in str(answers.build(b"\xff\xfe\x00\x81"))


def test_a_part_of_a_message_is_shown_as_in_it() -> None:
    assert "<strong>22 °C</strong>" in answers.build(samples.said("It is **22 °C**.")["content"][0]).html()
    assert str(answers.build({"type": "refusal", "refusal": "No."})) == "refusal No."
    assert str(answers.build({"type": "input_text", "text": "2 * 3 * 4"})) == "2 * 3 * 4"


def test_input_items_show_who_said_what() -> None:
    picture = {"type": "input_image", "image_url": f"data:image/png;base64,{samples.picture()}"}
    content = [
        {"type": "input_text", "text": "What is\nthis?"},
        picture,
        {"type": "input_image", "image_url": "https://x.example/a.png"},
    ]
    html = answers.build([{"role": "user", "content": content}, {"role": "developer", "content": "Be brief."}]).html()
    assert "What is<br>this?" in html
    assert 'src="data:image/webp;base64,' in html
    assert "picture, not loaded: <code>https://x.example/a.png</code>" in html
    assert "developer" in html


def test_a_newer_exchange_of_the_same_id_gives_the_source() -> None:
    client = samples.client(samples.response(samples.said("Hi"), id="resp_twice"))
    response = client.responses.create(model="m", input="x")
    assert exchanges.of(response) is not None
    assert "recorded from the simulator" in str(answers.build(response))
    assert "recorded from the simulator" in str(answers.build(response.to_dict()))


def test_what_can_show_itself_does(screen: Screen) -> None:
    chart = bars({"turn 1": 20}, title="Input tokens")
    show(chart)
    assert screen.shown == [chart]


def test_no_ipython_is_needed_in_a_terminal() -> None:
    program = """
import sys
sys.modules["IPython"] = None
from helpers import bars, show, show_stream
from tests.display import samples
show([samples.said("It is **22 °C**.")])
show_stream(samples.client(samples.text_events("And sunny.")).responses.create(model="m", input="x", stream=True))
show(bars({"turn 1": 20}, title="Input tokens"))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert run.stderr == ""
    assert [line for line in run.stdout.splitlines() if not line.startswith("gpt")] == [
        *("[message · assistant]", "  It is **22 °C**.", "And sunny."),
        *("Bar chart, Input tokens (tokens). turn 1: 20.", "        tokens", "------  ------", "turn 1      20"),
    ]


def test_a_terminal_gets_text(capsys: pytest.CaptureFixture[str]) -> None:
    show(Response.construct(**samples.response(samples.said("In a terminal."))))
    assert capsys.readouterr().out.startswith("In a terminal.\n")


def _failing(status: int, error: dict[str, Any]) -> openai.OpenAI:
    import httpx2

    return samples.client(httpx2.Response(status, json={"error": error}, headers={"x-request-id": "req-1"}))


def _unquoted(html: str) -> str:
    return html.replace("&quot;", '"')
