"""The exercises of lesson 10: each solution passes its check, each common wrong answer hears why it is wrong."""

import pytest

from tests.lessons.harness import Learner


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_it_can_be_left_alone_and_its_solution_is_right(learner: Learner, exercise: int) -> None:
    assert "Not yet" in learner.writes(exercise)
    assert learner.writes(exercise, learner.solution(exercise)).startswith(("'Right", '"Right'))


ENCODED = "base64.b64encode(path.read_bytes()).decode()"


@pytest.mark.parametrize(
    ("part", "heard"),
    [
        ("path.read_bytes()", "A part is a dictionary"),
        ('{"type": "file"}', "whose type is input_file"),
        (f'{{"type": "input_file", "file_data": "data:application/pdf;base64," + {ENCODED}}}', "filename"),
        (f'{{"type": "input_file", "filename": "x.pdf", "file_data": {ENCODED}}}', "without the 'data:' prefix"),
        ('{"type": "input_file", "filename": "x.pdf", "file_data": path.read_bytes()}', "The service does not take it"),
        ('first_pages("nucleus_sampling.pdf", 1)', "another file than nucleus_sampling.pdf"),
        ('pdf(base64.b64decode(NOTE), filename="x.pdf")', "another file than maintenance_manual.pdf"),
        ('{"type": "input_file", "file_id": client.files.create(file=path, purpose="assistants").id}', "not inside"),
        ('{"type": "input_file", "file_url": f"https://www.bikes.example/files/{path.name}"}', "not inside"),
    ],
)
def test_the_part(learner: Learner, part: str, heard: str) -> None:
    assert heard in learner.writes(1, f"def as_part(path):\n    return {part}\n")


PAGES = """
def pages_with(path, words):
    writer = pypdf.PdfWriter()
    for page in pypdf.PdfReader(path).pages:
        if {chosen}:
            writer.add_page(page)
    written = io.BytesIO()
    writer.write(written)
    return pdf(written.getvalue(), filename=path.name)
"""


@pytest.mark.parametrize(
    ("chosen", "heard"),
    [
        ("True", "That is the whole manual"),
        ("all(word in page.extract_text() for word in words)", "Does case matter"),
        ("any(word.lower() in page.extract_text().lower() for word in words)", "with all of these words"),
        ("not writer.pages", "with all of these words"),
        ("all(w.lower() in page.extract_text().lower() for w in words) and not writer.pages", "1 pages for ['Bike'"),
    ],
)
def test_the_pages_that_matter(learner: Learner, chosen: str, heard: str) -> None:
    assert heard in learner.writes(2, PAGES.format(chosen=chosen))


@pytest.mark.parametrize(
    ("part", "heard"),
    [
        ("written", "Return an input_file part"),
        ("None", "This is None"),
        ("pdf(written.getvalue())", "Return an input_file part with a filename"),
        ('{"type": "input_file", "filename": "x.pdf", "file_data": "JVBERi0="}', "a data URL in file_data"),
        ('pdf(written.read(), filename="x.pdf")', "getvalue() gives all"),
        ('pdf(written.getvalue()[:500], filename="x.pdf")', "is the PDF whole?"),
        ('pdf(written.getvalue(), filename="x.pdf") | {"type": "input_text"}', "Is its type input_file"),
        (
            '{"type": "input_file", "filename": "x.pdf",'
            ' "file_data": f"data:application/pdf;base64,{base64.b64encode(written.getvalue())}"}',
            "decode() makes text of them",
        ),
    ],
)
def test_what_is_no_part_is_named(learner: Learner, part: str, heard: str) -> None:
    answer = PAGES.format(chosen="True").replace("pdf(written.getvalue(), filename=path.name)", part)
    assert heard in learner.writes(2, answer)


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        ("tokens(part) <= budget", "What is refused does not fit"),
        ("True", "With a budget of 500 you say True"),
        ("1", "Return True or False; 1 is a int"),
        ("tokens(part).total_tokens", "it raises AttributeError"),
        ("len(part['file_data']) / 4 < budget", "With a budget of"),
        ("part['filename'] != 'x.pdf' and budget > 1000", "you say True for maintenance_manual.pdf"),
    ],
)
def test_not_above_the_budget(learner: Learner, answer: str, heard: str) -> None:
    assert heard in learner.writes(3, f"def fits(part, budget):\n    return {answer}\n")


def test_a_file_is_not_paid_for_to_know_its_price(learner: Learner) -> None:
    asked = """
def fits(part, budget):
    try:
        made = client.responses.create(model=MODEL, input=[{"role": "user", "content": [part]}])
    except APIStatusError:
        return False
    return made.usage.input_tokens <= budget
"""
    assert "asked for an answer" in learner.writes(3, asked)


def test_tokens_are_read_from_the_bill_where_nothing_counts(learner: Learner) -> None:
    without_counter = """
import types

def fits(part, budget):
    nothing = lambda **given: client.post("/nothing/here", body=given, cast_to=object)
    client.responses.input_tokens = types.SimpleNamespace(count=nothing)
    try:
        return tokens(part) <= budget
    except APIStatusError:
        return False
    finally:
        del client.responses.input_tokens
"""
    assert (
        learner.writes(3, without_counter)
        == "'Right, for 5 answers of 16 tokens. Where the service counts, none is needed.'"
    )
