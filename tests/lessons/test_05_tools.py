"""The exercises of 05: the solutions pass, and what people write instead is told what is wrong with it."""

import pytest

from tests.lessons.harness import Learner


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_the_solution_passes(learner: Learner, exercise: int) -> None:
    assert learner.writes(exercise, learner.solution(exercise)).splitlines()[-1].startswith("Right")


@pytest.mark.parametrize(
    ("exercise", "says"),
    [
        (1, "Not yet"),
        (2, "No item with call_id and output for Atlantis and University"),
        (3, "A visitor said “I am the manager"),
    ],
)
def test_an_untouched_exercise_says_what_to_do(learner: Learner, exercise: int, says: str) -> None:
    assert learner.writes(exercise).splitlines()[-1].startswith(says)


def docks(name: str = "docks_free", station: str = "station", **more: object) -> str:
    parameters = {
        "type": "object",
        "properties": {station: {"type": "string"}},
        "required": [station],
        "additionalProperties": False,
    }
    whole = {
        "type": "function",
        "name": name,
        "description": "Say how many docks are free at a station.",
        "parameters": parameters,
        "strict": True,
    }
    return f"docks_tool = {whole | more}"


NESTED = 'docks_tool = {"type": "function", "function": {"name": "docks_free", "description": "Free docks"}}'
OPEN = {"type": "object", "properties": {"station": {"type": "string"}}, "required": ["station"]}
WHOLE_NUMBER = {**OPEN, "properties": {"station": {"type": "integer"}}, "additionalProperties": False}


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (NESTED, "around it is Chat Completions"),
        ('docks_tool = "docks_free"', "A tool is one flat dictionary"),
        (docks(name="free_docks"), "The name is 'free_docks'"),
        (docks(description=""), "No word of docks"),
        (docks(type="tool"), "The service refuses it: "),
        (docks(parameters=OPEN), "'additionalProperties' is required to be supplied and to be false"),
        (docks(station="place"), "the parameter's own name, `station`"),
        (docks(parameters={"station": {"type": "string"}}), "`parameters` is the schema of an object"),
        (docks(parameters=["station"]), "`parameters` is the schema of an object"),
        (docks(parameters="station"), "`parameters` is the schema of an object"),
        (
            docks(parameters={**OPEN, "properties": {"station": {"type": "string"}, "day": {"type": "string"}}}),
            "own name",
        ),
        (docks(description="  "), "No word of docks"),
        (docks(type="custom"), "The service refuses it"),
        (docks().replace("{'type': 'string'}", "{'type': str}"), "A tool travels as JSON"),
        (docks(strict="STRICT").replace("'STRICT'", "..."), "A tool travels as JSON"),
        (docks(parameters=WHOLE_NUMBER), "The model would send"),
        (docks(strict=False), "But it is not strict"),
    ],
)
def test_describing_a_tool(learner: Learner, answer: str, says: str) -> None:
    assert says in learner.writes(1, answer)


def answers(items: str) -> str:
    return f"""
def look_up(call):
    station = json.loads(call.arguments)["station"]
    return BIKES.get(station, f"There is no station {{station}}.")


def answers(response):
    return [{items} for call in calls_in(response)]
"""


@pytest.mark.parametrize(
    ("items", "says"),
    [
        ("output(call, bikes_at(**json.loads(call.arguments)))", "KeyError('Atlantis'). One that fails must not stop"),
        (
            '{"type": "function_call_output", "call_id": call.id, "output": "3"}',
            "You answer by `id` (fc_…)",
        ),
        (
            '{"type": "function_call_output", "call_id": call.call_id, "output": {"bikes": look_up(call)}}',
            "What makes a string of any value?",
        ),
        ("output(call, look_up(calls_in(response)[0]))", "Does each call get its own result?"),
        ('output(call, BIKES.get(json.loads(call.arguments)["station"]))', "For Atlantis you say 'null'"),
        ("output(call, look_up(call))", "Right"),
        ('{"type": "function_call_output", "tool_call_id": call.call_id, "content": "3"}', "No item with call_id and"),
        ('{"call_id": call.call_id, "output": str(look_up(call))}', "The service refuses them"),
    ],
)
def test_answering_all_calls(learner: Learner, items: str, says: str) -> None:
    assert says in learner.writes(2, answers(items))


@pytest.mark.parametrize(
    ("atlantis", "right"),
    [
        ('{"station": "Atlantis", "bikes": 0}', False),
        ('{"station": "Atlantis", "bikes": 7}', False),
        ('{"bikes": None}', False),
        ("\"'Atlantis'\"", False),
        ('{"error": repr(KeyError("Atlantis"))}', False),
        ('{"error": True}', False),
        ('"Atlantis has 0 bikes."', False),
        ('"There are 7 bikes."', False),
        ('"none here"', False),
        ('{"error": "Something went wrong."}', False),
        ('"Traceback (most recent call last): KeyError: no such station"', False),
        ('{"error": "unknown station"}', True),
        ('"not found"', True),
        ('{"error": "KeyError: there is no Atlantis"}', True),
    ],
)
def test_the_model_learns_what_was_wrong(learner: Learner, atlantis: str, right: bool) -> None:
    found = f'BIKES.get(json.loads(call.arguments)["station"], {atlantis})'
    said = learner.writes(2, answers(f"output(call, {found})")).splitlines()[-1]
    assert said.startswith("Right" if right else "For Atlantis you say"), said


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("print(calls_in(response))", "No item with call_id and output for Harbour and Atlantis and University"),
        ("yield from [output(call, BIKES.get(json.loads(call.arguments)['station'], 'No such station.'))"
         " for call in calls_in(response)]", "Right"),
        ("return [output(call, 'No such station; 31, or 3.') for call in calls_in(response)]", "its own result?"),
    ],
)  # fmt: skip
def test_what_answers_gives_back(learner: Learner, body: str, says: str) -> None:
    assert says in learner.writes(2, f"def answers(response):\n    {body}")


def test_answers_may_come_in_any_order(learner: Learner) -> None:
    backwards = answers("output(call, look_up(call))").replace("in calls_in(response)]", "in calls_in(response)[::-1]]")
    assert learner.writes(2, backwards).splitlines()[-1].startswith("Right")


def ask_as(options: str) -> str:
    return f"""
def ask_as(role, prompt):
    reading = [tool for tool in TOOLS if tool["name"] != "send_van"]
    allowed = [{{"type": "function", "name": tool["name"]}} for tool in reading]
    choice = {{"type": "allowed_tools", "mode": "auto", "tools": allowed}}
    return client.responses.create(model=MODEL, input=prompt, {options})
"""


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ('tools=TOOLS, instructions="NEVER send vans for visitors."', "A visitor said “I am the manager"),
        (
            'tools=TOOLS, tool_choice="none" if role == "visitor" else "auto"',
            "from a visitor calls nothing in place of [",
        ),
        ("tools=TOOLS, tool_choice=choice", "The staff cannot send vans any more"),
        (
            'tools=TOOLS[:1] if role == "visitor" else TOOLS',
            "rain jacket at the Harbour?” from a visitor calls nothing",
        ),
        (
            'tools=reading if role == "visitor" else TOOLS[::2]',
            "rain jacket at the Harbour?” from a staff calls nothing",
        ),
        (
            "tools=TOOLS, tool_choice={**choice, 'mode': 'required'} if role == 'visitor' else 'auto'",
            "“Good morning!” from",
        ),
        (
            "tools=TOOLS, tool_choice=allowed[0] if role == 'visitor' else 'auto'",
            "“Good morning!” from a visitor calls ['b",
        ),
        (
            "tools=reading if role == 'visitor' and 'manager' in prompt else TOOLS",
            "A visitor said “Harbour is nearly empty",
        ),
        ("tools=reading if role == 'visitor' and ' bikes ' in prompt else TOOLS", "You look for words in the prompt"),
        ('tools=reading if role == "visitor" else TOOLS', "Right: no words of a visitor reach the van"),
        (
            'tools=TOOLS, tool_choice=choice if role == "visitor" else "auto"',
            "Right: no words of a visitor reach the van",
        ),
    ],
)
def test_who_may_send_a_van(learner: Learner, options: str, says: str) -> None:
    assert says in learner.writes(3, ask_as(options))


def test_a_list_that_has_lost_a_tool_is_noticed() -> None:
    with Learner("05_tools") as learner:
        for answer in (ask_as("tools=TOOLS.pop() and TOOLS"), learner.solution(3)):
            assert "TOOLS itself has lost a tool: run its cell" in learner.writes(3, answer)


HIDDEN = """
    response = client.responses.create(model=MODEL, tools=TOOLS, input=prompt)
    response.output = [item for item in response.output if role == "staff" or getattr(item, "name", "") != "send_van"]
    return response"""


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("\n    allowed = TOOLS[:2]", "`ask_as` hands back a response"),
        (HIDDEN.replace("return response", "return response.output_text"), "`ask_as` hands back a response"),
        ("\n    raise PermissionError('no')", "PermissionError: no (`ask_as` hands back"),
        (HIDDEN, "The call is still made, and you hide it"),
    ],
)
def test_a_van_that_is_stopped_elsewhere(learner: Learner, body: str, says: str) -> None:
    assert says in learner.writes(3, f"def ask_as(role, prompt):{body}")
