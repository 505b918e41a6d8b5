"""The exercises of lesson 09: each solution passes its check, each common wrong answer hears why it is wrong."""

import pytest

from tests.lessons.harness import Learner


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_it_can_be_left_alone_and_its_solution_is_right(learner: Learner, exercise: int) -> None:
    assert "Not yet" in learner.writes(exercise)
    assert learner.writes(exercise, learner.solution(exercise)).startswith(("'Right", '"Right'))


@pytest.mark.parametrize(
    ("part", "heard"),
    [
        ("str(path)", "A part is a dictionary"),
        ('{"type": "image_url", "image_url": photo}', "whose type is input_image"),
        ('{"type": "input_image", "image_url": {"url": photo}}', "the shape of Chat Completions"),
        ('{"type": "input_image", "image_url": str(path), "detail": "low"}', "The service does not take it"),
        ('{"type": "input_image", "image_url": PHOTO, "detail": "low"}', "The service does not take it"),
        ('{"type": "input_image", "image_url": photo}', "at full price"),
        ('{"type": "input_image", "image_url": photo, "detail": "low"}', "not station_map.png, byte for byte"),
        ('picture("https://www.bikes.example/files/bike_at_dock.png", "low")', "the picture is not in the part"),
        ('print("no return")', "This is None"),
        ('{"type": "input_image", "image_url": None, "detail": "low"}', "The service does not take it"),
        (
            'picture(f"data:image/jpeg;base64,{base64.b64encode(path.read_bytes()).decode()}", "low")',
            "A PNG is image/png",
        ),
    ],
)
def test_the_part(learner: Learner, part: str, heard: str) -> None:
    assert heard in learner.writes(1, f"def as_part(path):\n    return {part}\n")


SHRUNK = """
import io
from PIL import Image

def shrunk(path, budget):
    written = io.BytesIO()
    Image.open(path).resize({size}).save(written, "PNG")
    return picture("data:image/png;base64," + base64.b64encode(written.getvalue()).decode(), {detail!r})
"""


@pytest.mark.parametrize(
    ("size", "detail", "heard"),
    [
        ((800, 600), "low", "The detail has to stay high"),
        ((1600, 1200), "high", "and the budget was 400"),
        ((80, 60), "high", "there is room for more pixels"),
        ((660, 440), "high", "has been squeezed"),
        ((660.5, 495.5), "high", "Pixels are whole numbers"),
    ],
)
def test_as_small_as_the_question_allows(learner: Learner, size: tuple[int, int], detail: str, heard: str) -> None:
    assert heard in learner.writes(2, SHRUNK.format(size=size, detail=detail))


@pytest.mark.parametrize(
    ("part", "heard"),
    [
        ("Image.open(path).resize((400, 300))", "Return an input_image part"),
        ("picture('data:image/png;base64,' + base64.b64encode(b'').decode(), 'high')", "does not take it"),
        ("Image.open(path).save(io.BytesIO(), 'JPEG')", "convert('RGB')"),
    ],
)
def test_what_is_no_part_is_named(learner: Learner, part: str, heard: str) -> None:
    assert heard in learner.writes(2, f"def shrunk(path, budget):\n    return {part}\n")


def test_another_picture_of_the_right_price_is_not_the_photo(learner: Learner) -> None:
    plain = SHRUNK.replace("Image.open(path)", "Image.new('RGB', (800, 600))")
    assert "not bike_at_dock.png any more" in learner.writes(2, plain.format(size=(640, 480), detail="high"))


@pytest.mark.parametrize(
    ("items", "heard"),
    [
        ("response.output[:1]", "where the items are: message"),
        ("[item for item in response.output[1:] if hasattr(item, 'result')]", "0 of your paths"),
        ("[next(item for item in response.output if hasattr(item, 'result'))]", "It ends in StopIteration"),
        ("[item for item in response.output if hasattr(item, 'result')][:1]", "Has each been saved"),
    ],
)
def test_a_picture_may_stand_anywhere(learner: Learner, items: str, heard: str) -> None:
    named = SAVED.replace("picture.{ending}", "{{item.id}}.{ending}")
    given = named.format(items=items, ending="{item.output_format}", content="base64.b64decode(item.result)")
    assert heard in learner.writes(3, given)


SAVED = """
def saved(response, folder):
    paths = []
    for item in {items}:
        path = folder / f"picture.{ending}"
        path.write_bytes({content})
        paths.append(path)
    return paths
"""
DRAWN = '[item for item in response.output if item.type == "image_generation_call"]'


@pytest.mark.parametrize(
    ("items", "ending", "content", "heard"),
    [
        (DRAWN, "png", "base64.b64decode(item.result)", "It is a jpeg"),
        (DRAWN, "{item.output_format}", "item.result.encode()", "is in none of the files"),
        ("[]", "png", "b''", "0 of your paths are files"),
        (
            DRAWN,
            "{item.output_format}",
            "base64.b64decode(item.result)",
            "Has each been saved, under a name of its own?",
        ),
    ],
)
def test_what_was_drawn(learner: Learner, items: str, ending: str, content: str, heard: str) -> None:
    assert heard in learner.writes(3, SAVED.format(items=items, ending=ending, content=content))


@pytest.mark.parametrize("answer", ["path", "None", "str(path)"])
def test_the_paths_are_a_list(learner: Learner, answer: str) -> None:
    one = f"""
def saved(response, folder):
    for item in {DRAWN}:
        path = folder / f"{{item.id}}.{{item.output_format}}"
        path.write_bytes(base64.b64decode(item.result))
        return {answer}
"""
    assert "Return a list of paths" in learner.writes(3, one)


def test_tokens_are_read_from_the_bill_where_nothing_counts(learner: Learner) -> None:
    without_counter = """
import types

def as_part(path):
    nothing = lambda **given: client.post("/nothing/here", body=given, cast_to=object)
    client.responses.input_tokens = types.SimpleNamespace(count=nothing)
    try:
        print(tokens(picture(photo, "low")) - tokens(picture(photo, "high")))
    finally:
        del client.responses.input_tokens
    return ...
"""
    assert learner.writes(1, without_counter).startswith("-289\n")
