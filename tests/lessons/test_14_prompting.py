"""The exercises of 14: the solutions pass, and what people write instead is told what is wrong with it."""

import pytest

from tests.lessons.harness import Learner


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_the_solution_passes(learner: Learner, exercise: int) -> None:
    assert learner.writes(exercise, learner.solution(exercise)).splitlines()[-1].startswith("Right")


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_an_untouched_exercise_says_what_to_do(learner: Learner, exercise: int) -> None:
    assert learner.writes(exercise).splitlines()[-1].startswith("Not yet")


def states(properties: str) -> str:
    return f"set_station = tool('set_station', 'Set the state of a station.', {properties})"


ENUM = '{"type": "string", "enum": ["open", "closed", "maintenance"]}'


@pytest.mark.parametrize(
    ("properties", "says"),
    [
        ("station=AT, open=dict(type='boolean'), closed=dict(type='boolean')", "2 switches make 4 combinations"),
        (f"station=AT, state={ENUM}, maintenance=dict(type='boolean')", "are still there"),
        (f"state={ENUM}", "call them `station` and `state`"),
        ("station=AT, state=TEXT", "'closed until the flood is gone', not 'closed'"),
        ("station=AT, state={'type': 'string', 'enum': ['open', 'closed']}", "not 'maintenance'"),
        ("station=AT, state={'type': 'string', 'enum': ['OPEN', 'CLOSED', 'MAINTENANCE']}", "not 'closed'"),
        (f"station=TEXT, state={ENUM}", "`station` can also be any string"),
        ("station=AT, state=closed('The state', ['open', 'closed', 'maintenance'])", "`state` can also be None"),
        (f"station=AT, state={ENUM[:-2]}, 'unknown']}}", "`state` can also be unknown"),
        ("station=AT, state={'anyOf': [{'const': one} for one in ('open', 'closed', 'maintenance')]}", "Right"),
        (f"station={{'type': 'text'}}, state={ENUM}", "The service refuses it: "),
    ],
)
def test_three_switches(learner: Learner, properties: str, says: str) -> None:
    assert says in learner.writes(1, states(properties))


def test_what_strict_does_not_hold_is_not_listed(learner: Learner) -> None:
    assert "keep strict" in learner.writes(1, states(f"station=AT, state={ENUM}") + "; set_station['strict'] = False")


@pytest.mark.parametrize("what", ["None", f"[{states(f'station=AT, state={ENUM}').removeprefix('set_station = ')}]"])
def test_what_is_no_definition_is_told_so(learner: Learner, what: str) -> None:
    assert "one definition of that name" in learner.writes(1, f"set_station = {what}")


def blame(body: str) -> str:
    return f"""
def blame(sentences):
    before, found, kept = quality([]), [], []
    for one in sentences:
        {body}
    return found
"""


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("found.append(one)", "is innocent"),
        (
            "kept.append(one); found += [one] * (quality(kept) < before)",
            "is innocent. Compare it alone with no sentence",
        ),
        ("found = found or [one] * (quality([one]) < before)", "One got away"),
        ("found += [one] * (quality(one) < before)", "`quality` takes a list, also of one sentence"),
        ("found.append(EXTRA[1])", "is none of the sentences that were given"),
        ("found = one if quality([one]) < before else 'nobody'", "returns a str. Return a list"),
        ("found += [one.lower()] * (quality([one]) < before)", "is none of the sentences"),
        ("found += [one] * (quality([x for x in sentences if x != one]) > quality(sentences))", "One got away"),
        ("found += [one] * (one in (EXTRA[1], EXTRA[3]))", "One got away"),
    ],
)
def test_which_sentence_did_it(learner: Learner, body: str, says: str) -> None:
    assert says in learner.writes(2, blame(body))


def better(station: str, code: str = "CODE_3", codes: str = "CODES") -> str:
    return f"""
CODE_3 = "B1 brake pads thin, B2 brakes squeal, T1 tyre flat, C1 chain came off, C3 chain worn, L1 light, S2 saddle, "
CODE_3 += "E9 battery hot, D4 dock has a red light; null unless exactly that. A parked car is null: nothing is broken."
HERE = "Where; null if the message does not say at which one. The fountain is Market Square, the library University."
better = [tool("report", "Report.", station=closed({station}, STATIONS), bike=BIKE, code=closed({code}, {codes}))]
"""


@pytest.mark.parametrize(
    ("station", "code", "says"),
    [
        ('HERE + " Example: no bikes at uni again. 5th day in a row!! is University."', "CODE_3", "word for word"),
        ('HERE + " The campus is University."', "CODE_3", "is read as – · – · –, not as University · – · –"),
        (
            'HERE + " uni is University."',
            'CODE_3.replace("; null unless exactly that", "")',
            "University · – · D4, not as",
        ),
        ('HERE + " uni is University."', 'CODE_3.replace("unless exactly that", "if none of these fits")', "Right"),
        ('HERE.replace("does not say", "does not name") + " uni is University."', "CODE_3", "Right"),
        ('"Where. uni is University."', "CODE_3", "Of the others, 4 went wrong"),
        ('HERE + " uni is University."', 'CODE_3.replace("L1 light, ", "")', "Of the others, 1 went wrong: “The light"),
        ('HERE + " The uni is Harbour."', "CODE_3", "is read as – · – · –"),
        ('HERE + " The uni is NOT University; leave it null."', "CODE_3", "is read as – · – · –"),
        ("HERE + \" 'No bikes at uni' is University.\"", "CODE_3", "word for word"),
        ('HERE + " Be careful with abbreviations."', "CODE_3", "is read as – · – · –"),
        ('HERE + " Never the uni: that is no station."', "CODE_3", "is read as – · – · –"),
        ("""HERE + ' "Uni" means University.' """, "CODE_3", "Right"),
        ('HERE + " UNI is short for it."', "CODE_3", "Right"),
        ('HERE + " Riders say uni."', "CODE_3", "Right: the fifteen, and one that you had not seen"),
    ],
)
def test_the_eleventh_case(learner: Learner, station: str, code: str, says: str) -> None:
    assert says in learner.writes(3, better(station, code))


def test_the_list_of_codes_may_be_left_open_and_then_is_not_kept(learner: Learner) -> None:
    said = learner.writes(3, better('HERE + " Riders say uni."').replace("code=closed(CODE_3, CODES)", "code=TEXT"))
    assert "went wrong" in said or said.startswith("Not yet")


def test_a_seventh_station_is_not_a_definition(learner: Learner) -> None:
    said = learner.writes(3, better('HERE + " uni is University."').replace("STATIONS", "[*STATIONS, 'uni']"))
    assert "is read as uni · – · –" in said


def test_what_calls_no_report_is_shown_in_short(learner: Learner) -> None:
    said = learner.writes(3, better("HERE").replace('tool("report"', 'tool("write_down"'))
    assert "Nothing is called `report` any more" in said


@pytest.mark.parametrize(
    "tools", ["[None]", "['report']", "[{'type': 'function'}]", "[{**better[0], 'strict': object()}]"]
)
def test_what_is_no_tool_is_told_so(learner: Learner, tools: str) -> None:
    said = learner.writes(3, better("HERE") + f"better = {tools}")
    assert "put it in [ ]" in said or "does not take these tools" in said


def test_a_list_that_is_referred_to_is_to_be_written_out(learner: Learner) -> None:
    wrong = states("station=AT, state={'$ref': '#/$defs/state'}")
    defined = f"{wrong}; set_station['parameters']['$defs'] = {{'state': {ENUM}}}"
    assert "write the list into the property" in learner.writes(1, defined)


@pytest.mark.parametrize(
    ("answer", "right"),
    [("counts Harbour, ends the trip", False), ("counts Harbour", True), ("counts Harbour “there”", True)],
)
def test_a_second_call_beside_the_right_one_is_not_right(learner: Learner, answer: str, right: bool) -> None:
    one = f"score({{'How many bikes are at Harbour?': 'counts Harbour'}}, lambda _: {answer!r})"
    learner.writes(3, f"assert {one}['right'].tolist() == [{right}]; better = []")


def test_one_tool_is_not_a_list_of_tools(learner: Learner) -> None:
    assert "put it in [ ]" in learner.writes(3, better("HERE") + "better = better[0]")
