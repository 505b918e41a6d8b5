"""The exercises of 03: the solutions pass, and what people write instead is told what is wrong with it."""

import textwrap

import pytest

from tests.lessons.harness import Learner


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_the_solution_passes(learner: Learner, exercise: int) -> None:
    assert learner.writes(exercise, learner.solution(exercise)).splitlines()[-1].startswith("Right")


@pytest.mark.parametrize(
    ("exercise", "says"), [(1, "Not yet"), (2, "For one that ran out of tokens"), (3, "All of it came through")]
)
def test_an_untouched_exercise_says_what_to_do(learner: Learner, exercise: int, says: str) -> None:
    assert learner.writes(exercise).splitlines()[-1].startswith(says)


DELTAS = 'e.type == "response.output_text.delta"'
FIRST = "arrived[0].response.id"


@pytest.mark.parametrize(
    ("seen", "response_id", "says"),
    [
        ('"".join(e.delta for e in arrived if hasattr(e, "delta"))', FIRST, "the summary of the model's thinking"),
        (
            '"".join(e.delta for e in arrived if e.type.endswith(".delta"))',
            FIRST,
            "the summary of the model's thinking",
        ),
        (f"[e.delta for e in arrived if {DELTAS}]", FIRST, "`seen` is a list"),
        (f'" ".join(e.delta for e in arrived if {DELTAS})', FIRST, "with nothing between"),
        ("arrived[-1].delta", FIRST, "Join all text deltas"),
        (f'"".join(e.delta for e in arrived if {DELTAS})', "arrived[-1].item_id", "is no response's id"),
        (f'"".join(e.delta for e in arrived if {DELTAS})', "arrived[0].response", "is no response's id"),
        (f'"".join(e.delta for e in arrived if {DELTAS})', "thought.id", "the id of another response"),
    ],
)
def test_what_the_user_saw(learner: Learner, seen: str, response_id: str, says: str) -> None:
    other = 'thought = client.responses.create(model=MODEL, input="This is a test")\n'
    assert says in learner.writes(1, f"{other}seen = {seen}\nresponse_id = {response_id}")


def outcome(body: str) -> str:
    return "import openai\n\n\ndef outcome(stream):\n" + "\n".join(f"    {line}" for line in body.splitlines())


LAST = "*_, last = stream\nreturn last.type.removeprefix('response.')"
CATCHES_ALL = """
try:
    *_, last = stream
except Exception:
    return "failed"
return last.type.removeprefix("response.")
"""
IN_THE_WRONG_ORDER = """
word = "broken"
try:
    for event in stream:
        if hasattr(event, "response"):
            word = event.response.status
except openai.APIError:
    return "failed"
except openai.APIConnectionError:
    return "broken"
return word
"""
RAISES_ONLY = """
word = "broken"
try:
    for event in stream:
        if event.type in ("response.completed", "response.incomplete"):
            word = event.response.status
except openai.APIConnectionError:
    return "broken"
except openai.APIError:
    return "failed"
return word
"""
WITHIN = "with stream:" + textwrap.indent(RAISES_ONLY, "    ")
TEXT_DONE = RAISES_ONLY.replace(
    "    for event in stream:", "    for event in stream:\n        if event.type.endswith('.done'): word = 'completed'"
)
TRUSTS_THE_END = """
word = "completed"
try:
    for event in stream:
        if event.type == "response.incomplete":
            word = "incomplete"
except openai.APIConnectionError:
    return "broken"
except openai.APIError:
    return "failed"
return word
"""


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return stream.status", "With a stream that went well, your code failed: AttributeError"),
        (
            WITHIN,
            "With one that just ended, on a delta, your code failed: TypeError",
        ),
        ("for event in stream: pass\nreturn event.response.status", "it raised APIError. Catch that"),
        ("for event in stream: pass\nreturn event", "For a stream that went well it returned"),
        (LAST, "With one with an `error` event, it raised APIError. Catch that, and return 'failed'"),
        (CATCHES_ALL, "For one whose connection broke it returned 'failed', not 'broken'"),
        (IN_THE_WRONG_ORDER, "For one whose connection broke it returned 'failed', not 'broken'"),
        (TEXT_DONE, "For one that ended when the text was done it returned 'completed', not 'broken'"),
        (RAISES_ONLY, "For one whose `error` came as an event it returned 'broken', not 'failed'"),
        (
            RAISES_ONLY.replace('"response.completed"', '"error", "response.completed"'),
            "your code failed: AttributeError",
        ),
        (TRUSTS_THE_END, "For one that just ended, on a delta it returned 'completed', not 'broken'"),
    ],
)
def test_how_it_ended(learner: Learner, body: str, says: str) -> None:
    assert says in learner.writes(2, outcome(body))


def guarded(before: str = "", found: str = "break", after: str = "", within: str = "text + event.delta") -> str:
    return f"""
def guarded(stream, word):
    text = ""
    for event in stream:
        if event.type == "response.output_text.delta":
            {before or "pass"}
            if word in {within}:
                text += event.delta
                {found}
            text += event.delta
    {after or "pass"}
    return text.partition(word)[0]
"""


SINGLE_PIECES = """
def guarded(stream, word):
    text = ""
    with stream:
        for event in stream:
            if event.type == "response.output_text.delta":
                text += event.delta.partition(word)[0]
                if word in event.delta:
                    break
    return text
"""
READS_ON = """
def guarded(stream, word):
    text = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
    return text.partition(word)[0]
"""
AT_THE_DONE = """
def guarded(stream, word):
    with stream:
        for event in stream:
            if event.type == "response.output_text.done":
                return event.text.partition(word)[0]
"""
TWO_PIECES = """
def guarded(stream, word):
    text = before = ""
    with stream:
        for event in stream:
            if event.type == "response.output_text.delta":
                text += event.delta
                if word in before + event.delta:
                    return text.partition(word)[0]
                before = event.delta
    return text
"""
LOSES_THE_TEXT = """
def guarded(stream, word):
    text = ""
    with stream:
        for event in stream:
            if event.type == "response.output_text.delta":
                text += event.delta
                if word in text:
                    return text.partition(word)[0]
"""


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (SINGLE_PIECES, "Do you look at the text so far, or at single pieces?"),
        (guarded(within="event.delta", after="stream.close()"), "you read until all of it was there"),
        (guarded(found="return text", before="pass"), "For 'bell' it should end with"),
        (guarded(), "the connection is open"),
        (
            guarded(found="stream.close(); return text.replace(word, '')", before="pass"),
            "For 'lou' it should end with",
        ),
        (READS_ON, "you read until all of it was there"),
        (LOSES_THE_TEXT, "There is no submarine"),
        (AT_THE_DONE, "you read until all of it was there"),
        (TWO_PIECES, "All of it came through, 'a loud bell, and' included"),
        (READS_ON.replace("text.partition(word)[0]", "text[: text.index(word)]"), "all of it was there"),
        ("def guarded(stream, word):\n    return stream.text", "It fails. AttributeError"),
        (guarded(found="return"), "For 'bell' it returned a NoneType"),
        (guarded(after="stream.close()"), "Right"),
    ],
)
def test_the_word_that_must_not_appear(learner: Learner, answer: str, says: str) -> None:
    assert says in learner.writes(3, answer)
