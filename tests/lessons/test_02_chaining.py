"""The exercises of 02: the solutions pass, and what people write instead is told what is wrong with it."""

import pytest

from tests.lessons.harness import Learner


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_the_solution_passes(learner: Learner, exercise: int) -> None:
    assert learner.writes(exercise, FIRST_OF.get(exercise, "") + learner.solution(exercise)).startswith("Right")


@pytest.mark.parametrize(
    ("exercise", "says"), [(1, "It knows neither the dog nor the pirate"), (2, "The service stored it"), (3, "recent(")]
)
def test_an_untouched_exercise_says_what_to_do(learner: Learner, exercise: int, says: str) -> None:
    assert learner.writes(exercise).startswith(says)


PARLEY = """
PIRATE = "You are a pirate. Answer in one sentence, as a pirate."
parley = client.responses.create(model=MODEL, instructions=PIRATE, input="May I take a dog along on a bike?")
"""
FIRST_OF = {1: PARLEY}  # what a solution leaves as it was


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ('previous_response_id=parley.id, input="And two of them?"', "the persona stayed behind"),
        ('instructions=PIRATE, input="And two of them?"', "A pirate never asked about a dog"),
        (
            'previous_response_id=parley.id, input="Like a pirate: and two of them?"',
            "where the rider can undo it",
        ),
        (
            'previous_response_id=parley.id, input=[{"role": "developer", "content": PIRATE}, '
            '{"role": "user", "content": "And two of them?"}]',
            "Right",
        ),
        (
            'previous_response_id=parley.id, input=[{"role": "system", "content": PIRATE}, '
            '{"role": "user", "content": "And two of them?"}]',
            "Right",
        ),
        (
            'previous_response_id=parley.id, instructions="Be polite.", input="And two of them?"',
            "the persona stayed behind",
        ),
        ('instructions=PIRATE, input="May I take a dog along? And two of them?"', "You told it of the dog again"),
        (
            'previous_response_id=parley.id, instructions=PIRATE, input=[{"role": "user", "content": "A dog?"}, '
            '{"role": "user", "content": "And two of them?"}]',
            "twice",
        ),
        (
            'previous_response_id=parley.id, instructions=PIRATE, input="And two of them?", store=False',
            "leave `store` as it was",
        ),
        ('previous_response_id=parley.id, instructions=PIRATE, input="And two dogs?"', "Right"),
        (
            'instructions=PIRATE, input=[{"role": "user", "content": "May I take a dog along on a bike?"}, '
            '{"role": "user", "content": "And two of them?"}]',
            "and not what the model said",
        ),
        ('previous_response_id=parley.id, instructions=PIRATE, input="And two?").output_text  # (', "is a str"),
    ],
)
def test_the_pirate(learner: Learner, arguments: str, says: str) -> None:
    assert says in learner.writes(1, f"{PARLEY}second_parley = client.responses.create(model=MODEL, {arguments})")


def ask(*, keep: str, options: str = 'store=False, include=["reasoning.encrypted_content"]') -> str:
    return f"""
def ask(history, question):
    history.append({{"role": "user", "content": question}})
    response = client.responses.create(model=MODEL, reasoning={{"effort": "low"}}, input=history, {options})
    {keep}
    return response
"""


QUESTION_NOT_KEPT = """
def ask(history, question):
    asked = [*history, {"role": "user", "content": question}]
    response = client.responses.create(
        model=MODEL, reasoning={"effort": "low"}, input=asked, store=False, include=["reasoning.encrypted_content"]
    )
    history += response.output
    return response
"""


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (ask(keep="pass"), "`history` lacks the answer"),
        (ask(keep="history += response.output", options="store=True"), "The service stored it"),
        (
            ask(keep="history += response.output", options="store=False"),
            "Items are not persisted when `store` is set to false",
        ),
        (ask(keep="history += response.output", options="store=False"), "Or carry it, sealed"),
        (ask(keep="history.append(response.output)"), "It failed"),
        (ask(keep="history.append(response.output_text)"), "It failed"),
        (ask(keep="history += response.output\n    response = None"), "It returned a NoneType"),
        (ask(keep="history += response.output").replace('"low"', '"medium"'), "The effort was 'medium'"),
        (QUESTION_NOT_KEPT, "it wants your question and every item"),
        (ask(keep="history.clear()\n    history += response.output"), "it wants your question and every item"),
        (
            ask(keep="history += response.output").replace(
                "    history.append", "    history.clear()\n    history.append"
            ),
            "it grows by the question and the whole output",
        ),
        (
            ask(keep="history += [{k: v for k, v in i.to_dict().items() if k != 'id'} for i in response.output]"),
            "Right",
        ),
        (
            ask(keep="history += response.output").replace(
                "    history.append",
                "    if not history: history.append({'role': 'developer', 'content': 'Be brief.'})\n    history.append",
            ),
            "Right",
        ),
        (ask(keep="history += [item.to_dict() for item in response.output]"), "Right"),
        (ask(keep="history += [item.model_dump(exclude_none=True) for item in response.output]"), "Right"),
        (
            ask(keep='history.append({"role": "assistant", "content": response.output_text})'),
            "Text is too little",
        ),
        (ask(keep="history.append(response.output[-1])"), "Text is too little"),
    ],
)
def test_one_turn_stateless(learner: Learner, answer: str, says: str) -> None:
    assert says in learner.writes(2, answer)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return history[-2 * turns:]", "begins with reasoning: a turn was cut in the middle"),
        ("return history[-3 * turns:]", "a turn was cut in the middle"),
        (
            "return history[[n for n, i in enumerate(history) if isinstance(i, dict)][-turns]:]",
            "has 3 of the user's messages",
        ),
        ("history[:] = history[-3 * turns:]", "returned a NoneType, not a list"),
        (
            "return history[[n for n, i in enumerate(history) if isinstance(i, dict)][-turns:][0]:]",
            "has 3 of the user's messages",
        ),
        ("return history[-4:]", "a turn was cut in the middle"),
        ("return history[:3 * turns]", "recent(history, 1) is not the end of the history"),
        ("return []", "begins with nothing"),
        (
            "asked = [n for n, i in enumerate(history) if asks(i)][-turns:]; del history[:asked[0]]; return history",
            "make a new list",
        ),
        ("return [item for item in history if isinstance(item, dict)][-turns:]", "is not the end of the history"),
    ],
)
def test_a_memory_of_fixed_length(learner: Learner, body: str, says: str) -> None:
    assert says in learner.writes(3, f"def recent(history, turns):\n    {body}")
