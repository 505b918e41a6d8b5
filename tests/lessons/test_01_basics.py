"""The exercises of 01: the solutions pass, and what people write instead is told what is wrong with it."""

import pytest

from tests.lessons.harness import Learner


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_the_solution_passes(learner: Learner, exercise: int) -> None:
    assert learner.writes(exercise, learner.solution(exercise)).startswith("Right")


@pytest.mark.parametrize(("exercise", "says"), [(1, "Not yet"), (2, "Not yet"), (3, "Anybody with the key")])
def test_an_untouched_exercise_says_what_to_do(learner: Learner, exercise: int, says: str) -> None:
    assert learner.writes(exercise).startswith(says)


ASKED = """my_response = client.responses.create(
    model=MODEL, input="What is a dockless bike?", reasoning={"effort": "low"}
)
"""
USAGE = "my_response.usage"


@pytest.mark.parametrize(
    ("text", "tokens", "says"),
    [
        ("my_response", "my_response.usage.total_tokens", "`text` is a Response"),
        ("my_response.output", "my_response.usage.total_tokens", "`text` is a list"),
        ("my_response.text", "my_response.usage.total_tokens", "`text` is a ResponseTextConfig"),
        ("my_response.output[0]", "my_response.usage.total_tokens", "`text` is a ResponseReasoningItem"),
        ("print(my_response.output_text)", "my_response.usage.total_tokens", "`text` is a NoneType"),
        ('"A bike without a dock."', "my_response.usage.total_tokens", "not the answer's text"),
        ("my_response.output_text", "my_response.usage", "`tokens` is a ResponseUsage"),
        ("my_response.output_text", "my_response.usage.output_tokens", "the output tokens alone"),
        ("my_response.output_text", "my_response.usage.input_tokens", "the input tokens alone"),
        ("my_response.output_text", "str(my_response.usage.total_tokens)", "`tokens` is a str. You want a number"),
        ("my_response.output_text", "len(text.split())", ", not 36."),
        (
            "my_response.output_text",
            f"{USAGE}.total_tokens + {USAGE}.output_tokens_details.reasoning_tokens",
            "Reasoning is part of the output already",
        ),
    ],
)
def test_reading_the_bill(learner: Learner, text: str, tokens: str, says: str) -> None:
    assert says in learner.writes(1, f"{ASKED}text = {text}\ntokens = {tokens}")


def test_the_text_alone_is_no_response(learner: Learner) -> None:
    said = learner.writes(1, f"{ASKED}my_response = my_response.output_text\ntext, tokens = my_response, 3")
    assert "Keep the response" in said


def spoken(body: str) -> str:
    return f"def spoken(response):\n    {body}"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (
            "return response.output[0].content[0].text",
            "after thinking: IndexError: list index out of range",
        ),
        ("return response.output[1].content[0].text", "at once: IndexError"),
        ("return response.output[-1].content[0].text", "cut while thinking: IndexError"),
        (
            'return next((i.content[0].text for i in response.output if i.type == "message"), None)',
            "cut while thinking: it returned a NoneType, not a string",
        ),
        ('return "".join(item.type for item in response.output)', "at once: it returned 'message', the text is"),
        (
            'return "\\n".join(i.content[0].text for i in response.output if i.type == "message")',
            "two messages: it returned",
        ),
        (
            'return next((i.content[0].text for i in response.output if i.type == "message"), "")',
            "two messages: it returned",
        ),
        (
            'return "".join(p.text for i in response.output if i.type == "message" for p in i.content)',
            "several parts: AttributeError: 'ResponseOutputRefusal' object has no attribute 'text'",
        ),
        (
            'return "".join(i.content[0].text for i in response.output if i.type == "message")',
            "several parts: it returned",
        ),
        ("return [item.type for item in response.output]", "at once: it returned a list, not a string."),
        ("return response.output_text", "write the loop"),
    ],
)
def test_reading_by_type(learner: Learner, body: str, says: str) -> None:
    assert says in learner.writes(2, spoken(body))


DELETED = """
def ask_privately(prompt):
    response = client.responses.create(model=MODEL, input=prompt)
    client.responses.delete(response.id)
    return response
"""
RETURNS_THE_DELETION = """
def ask_privately(prompt):
    return client.responses.delete(client.responses.create(model=MODEL, input=prompt).id)
"""


def asks(create: str, after: str = "") -> str:
    return f"def ask_privately(prompt):\n    return client.responses.create(model=MODEL, input=prompt{create}){after}"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (DELETED, "Right: it is gone. It was in the store for a moment"),
        (RETURNS_THE_DELETION, "It returned a NoneType"),
        (DELETED.replace("prompt)\n    c", "prompt, store=False)\n    c"), "what was never stored is not found"),
        (asks(", store=False", ".output_text"), "It returned a str"),
        (asks(", store='false'"), "It asks for something that there is not: "),
        (asks(", stored=False"), "unexpected keyword argument 'stored'"),
        (asks(", store=False, conversation=client.conversations.create().id"), "The conversation that it was added to"),
        (asks(", background=False"), "Anybody with the key can still read it"),
    ],
)
def test_leaving_no_trace(learner: Learner, answer: str, says: str) -> None:
    assert says in learner.writes(3, answer)
