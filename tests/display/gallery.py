"""Every display once, as the cells of a notebook: what the tests convert, look at and click."""

from typing import Any

import nbformat

from tests.display import samples

ITEMS: list[dict[str, Any]] = [
    {
        "id": "rs_1",
        "type": "reasoning",
        "summary": [
            {"type": "summary_text", "text": "**Finding the station**\n\nThe rider wants the nearest open one."}
        ],
        "encrypted_content": "gAAAA" + "x" * 900,
    },
    {
        "id": "fc_1",
        "type": "function_call",
        "status": "completed",
        "call_id": "call_weather",
        "name": "get_weather",
        "arguments": '{"location": "San Francisco"}',
    },
    {
        "id": "ci_1",
        "type": "code_interpreter_call",
        "status": "completed",
        "container_id": "cntr_1",
        "code": "total = sum(range(10))\nprint(total)",
        "outputs": [{"type": "logs", "logs": "45\n"}],
    },
    {
        "id": "mcpl_1",
        "type": "mcp_list_tools",
        "server_label": "docs",
        "tools": [{"name": "search", "description": "Find a page of the manual.", "input_schema": {}}],
    },
    {
        "id": "mcp_1",
        "type": "mcp_call",
        "server_label": "docs",
        "name": "search",
        "status": "completed",
        "arguments": '{"query": "brakes"}',
        "output": "Page 12: check the brakes once a week.",
        "error": None,
    },
    {
        "id": "mcpr_1",
        "type": "mcp_approval_request",
        "server_label": "fleet",
        "name": "retire_bike",
        "arguments": '{"bike": 118, "reason": "bent frame"}',
    },
    {
        "id": "ctc_1",
        "type": "custom_tool_call",
        "call_id": "call_sql",
        "name": "sql",
        "input": "SELECT count(*)\nFROM trips",
    },
    {
        "id": "cu_1",
        "type": "computer_call",
        "call_id": "call_cu",
        "status": "completed",
        "actions": [{"type": "click", "button": "left", "x": 120, "y": 64}, {"type": "type", "text": "Harbour"}],
        "pending_safety_checks": [{"id": "sc", "code": "malicious_instructions", "message": "The page gives orders."}],
    },
    {
        "id": "ig_1",
        "type": "image_generation_call",
        "status": "completed",
        "result": samples.picture(),
        "revised_prompt": "A red bicycle on a pier",
        "output_format": "png",
        "size": "1024x1024",
    },
    {"id": "ws_1", "type": "web_search_call", "status": "failed", "action": {"type": "search", "query": "bike lanes"}},
    {"id": "zz_1", "type": "time_travel_call", "status": "completed", "year": 2031},
    {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [
            {
                "type": "output_text",
                "text": "## Harbour is the nearest\n\nIt has **12 bikes**, costs $2 to $3, and:\n\n- opens at `06:00`\n"
                "- has a [map](https://example.org/map)\n\n"
                "| station | bikes |\n|---|--:|\n| Harbour | 12 |\n| Mill | 3 |\n",
                "annotations": [
                    {
                        "type": "url_citation",
                        "start_index": 3,
                        "end_index": 25,
                        "title": "Stations",
                        "url": "https://example.org/stations",
                    }
                ],
            },
            {"type": "refusal", "refusal": "I can't book it for you."},
        ],
    },
]

SETUP = """\
from helpers import approval, bars, diff_wire, show, show_events, show_stream, show_wire, timeline, watch
from helpers.display.service import build as held_by
from tests.display import samples, simulated
from tests.display.gallery import ITEMS
from tests.display.simulated import DESK, MODEL

service = simulated.service()
simulator = simulated.client(service)
"""

CELLS = {
    "setup": SETUP,
    "answer": """\
client = samples.client(samples.response(samples.said("It costs $5 or $6: **your** choice.")))
response = client.responses.create(model="gpt-5.4-mini", input="How much?")
show(response)""",
    "wire": "show_wire()",
    "items": "show(samples.response(*ITEMS))",
    "input": """\
output = {"type": "function_call_output", "call_id": "call_weather", "output": '{"sky": "clear"}'}
show([ITEMS[1], output, {"role": "user", "content": "And tomorrow?"}])""",
    "stream": """\
client = samples.client(samples.text_events("It is **22 °C** and the fog is gone."))
response = show_stream(client.responses.create(model="gpt-5.4-mini", input="Weather?", stream=True))""",
    "events": "show_events()",
    "timeline": "timeline(samples.TIMED)",
    "tokens": """\
turns = {"turn 1": (30, 42), "turn 2": (110, 51), "turn 3": (204, 38)}
tokens = {turn: {"input": into, "output": out} for turn, (into, out) in turns.items()}
bars(tokens, title="Tokens of three chained turns", stacked=True)""",
    "compare": """\
calls = {"key": {"first": 310, "again": 290}, "Entra ID": {"first": 420, "again": 300}}
bars(calls, title="What a call takes", unit="ms")""",
    "failed": """\
error = {"code": "rate_limit_exceeded", "message": "Slow down."}
show(samples.response(status="failed", usage=None, error=error))""",
    "files": """\
file = {"id": "assistant-1", "object": "file", "filename": "trips.csv", "bytes": 48213, "created_at": 1764057600}
show({"object": "list", "has_more": True, "data": [file]})""",
    "diff": """\
short, longer = samples.response(samples.said("Short.")), samples.response(samples.said("Longer."), id="resp_2")
client = samples.client(short, longer)
a = client.responses.create(model="gpt-5.4-mini", input="Hi", reasoning={"effort": "low"})
b = client.responses.create(model="gpt-5.4-mini", input="Hi", reasoning={"effort": "high"})
diff_wire(a, b)""",
    "approval": """\
asked = simulator.responses.create(model=MODEL, tools=[DESK], input="Close the Harbour station for the regatta.")

def decide(approve):
    answer = {"type": "mcp_approval_response", "approval_request_id": asked.output[-1].id, "approve": approve}
    return simulator.responses.create(model=MODEL, tools=[DESK], previous_response_id=asked.id, input=[answer])

approval(asked, decide)""",
    "job": """\
job = simulator.responses.create(
    model=MODEL, input="Plan the week.", reasoning={"effort": "low", "summary": "auto"}, background=True
)
job = watch(job, simulator, every=0.5)""",
    "service": "show(held_by(service.state()))",
}


def notebook() -> Any:
    """The cells as a notebook that has not been run."""
    cells = [nbformat.v4.new_code_cell(source, id=name) for name, source in CELLS.items()]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
