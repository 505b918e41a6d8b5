"""Pictures and files in a request: read, counted in tokens, and refused as the service does."""

from __future__ import annotations

import base64
import io
from typing import Any

import openai
import pytest
from openai import OpenAI
from PIL import Image

from simulator.attachments import HOST, picture_tokens
from simulator.documents import SAMPLES

MODEL = "gpt-5.4-mini"


def data_url(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def picture(width: int = 320, height: int = 320, kind: str = "PNG") -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(drawn, kind)
    return drawn.getvalue()


def tokens(client: OpenAI, *parts: dict[str, Any], model: str = MODEL) -> int:
    """Return what parts cost, without the message around them."""

    def count(content: list[Any]) -> int:
        asked: list[Any] = [{"role": "user", "content": content}]
        return client.responses.input_tokens.count(model=model, input=asked).input_tokens

    text = {"type": "input_text", "text": "Look."}
    return count([text, *parts]) - count([text])


# Pixels, detail and tokens: OpenAI's own examples for tiles, and bills that users published for patches.
BILLED = [
    ("gpt-4o", 1024, 1024, "high", 765),
    ("gpt-4o", 2048, 4096, "high", 1105),
    ("gpt-4o", 4096, 8192, "low", 85),
    ("gpt-4.1", 1, 1, "auto", 255),  # recorded, 2026: 267 with a short question
    ("gpt-4o-mini", 512, 512, "auto", 8500),  # recorded: 8508
    ("gpt-5-nano", 128, 128, "auto", 24),
    ("gpt-4.1-mini", 2400, 1800, "auto", 2353),
    ("gpt-5-mini", 1600, 1600, "auto", 1826),
    ("gpt-5.4-mini", 1600, 1600, "auto", 3000),
    ("gpt-5.5", 4032, 3024, "auto", 11868),
    ("gpt-6-sol", 4032, 3024, "high", 2942),
    ("gpt-6-sol", 4032, 3024, "auto", 14364),
    ("gpt-6-sol", 512, 512, "high", 308),
]


@pytest.mark.parametrize(("model", "width", "height", "detail", "billed"), BILLED)
def test_a_picture_costs_what_was_billed(model: str, width: int, height: int, detail: str, billed: int) -> None:
    assert picture_tokens(model, width, height, detail) == billed


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_is_counted_however_it_comes(client: OpenAI, kind: str) -> None:
    content = picture(kind=kind)
    file = client.files.create(file=(f"x.{kind}", content), purpose="assistants")
    by_data = tokens(client, {"type": "input_image", "image_url": data_url(f"image/{kind.lower()}", content)})
    assert by_data == picture_tokens(MODEL, 320, 320) == 120
    assert tokens(client, {"type": "input_image", "file_id": file.id}) == by_data


def test_detail_is_the_price_tag(client: OpenAI) -> None:
    url = HOST + "station_map.png"
    low, high = (tokens(client, {"type": "input_image", "image_url": url, "detail": one}) for one in ("low", "high"))
    assert 0 < low < high / 5


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"image_url": data_url("image/png", b"no picture")}, "does not represent a valid image"),
        ({"image_url": data_url("image/svg+xml", b"<svg/>")}, "does not represent a valid image"),
        ({"image_url": "data:image/png;base64,%%%"}, "invalid base64"),
        ({"image_url": data_url("application/pdf", b"%PDF-1.7")}, "unsupported MIME type 'application/pdf'"),
        ({"image_url": "iVBORw0KGgo="}, "Expected a valid URL"),
        ({"image_url": "https://example.com/cat.png"}, "Error while downloading https://example.com/cat.png"),
        ({"image_url": HOST + "../../README.md"}, "Error while downloading"),
        ({"image_url": HOST + "%2e%2e%2fmodels.yaml"}, "Error while downloading"),
        ({"image_url": "file:///etc/passwd"}, "Expected a valid URL"),
        ({"image_url": "https://[::1/cat.png"}, "Expected a valid URL"),
    ],
)
def test_what_is_no_picture_is_refused(client: OpenAI, part: dict[str, Any], message: str) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        tokens(client, {"type": "input_image", **part})
    assert message in str(refused.value)


def test_a_model_that_does_not_see_says_so(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="does not take pictures"):
        tokens(client, {"type": "input_image", "image_url": data_url("image/png", picture())}, model="o3-mini")


def test_a_pdf_is_read_and_its_pages_are_seen(client: OpenAI) -> None:
    content = (SAMPLES / "maintenance_manual.pdf").read_bytes()
    part = {"type": "input_file", "filename": "manual.pdf", "file_data": data_url("application/pdf", content)}
    file = client.files.create(file=("manual.pdf", content), purpose="assistants")
    both = tokens(client, part)
    assert tokens(client, {"type": "input_file", "file_id": file.id}) == both
    assert tokens(client, {"type": "input_file", "file_url": HOST + "maintenance_manual.pdf"}) == both
    text = tokens(client, part, model="gpt-5-mini")  # as recorded: text, and no picture of the pages
    assert both - text == 6 * picture_tokens(MODEL, 1224, 1584, "low")
    assert tokens(client, {**part, "detail": "high"}) > both
    assert text > 500


def test_a_scan_is_pictures_alone(client: OpenAI) -> None:
    url = HOST + "inspection_scan.pdf"
    assert tokens(client, {"type": "input_file", "file_url": url}) == picture_tokens(MODEL, 1224, 1584, "low")


def encrypted() -> bytes:
    import pypdf

    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("a password", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (
            {"filename": "x.pdf", "file_data": data_url("application/pdf", b"no pdf")},
            "file type you uploaded is not supp",
        ),
        (
            {"filename": "x.pdf", "file_data": data_url("application/pdf", b"%PDF-1.7\n%broken")},
            "file type you uploaded",
        ),
        ({"filename": "x.pdf", "file_data": data_url("application/pdf", encrypted())}, "encrypted"),
        (
            {"filename": "x.mp3", "file_data": data_url("audio/mpeg", b"\xff\xfb\x90\x00" * 50)},
            "file type you uploaded",
        ),
        ({"file_data": data_url("application/pdf", b"%PDF-1.7")}, "filename"),
        ({"filename": "x.pdf", "file_data": "JVBERi0="}, "without the 'data:' prefix"),
        ({"file_url": data_url("application/pdf", b"%PDF-1.7")}, "Failed to download file."),
        ({"file_url": "https://example.com/x.pdf"}, "Error while downloading"),
        ({"file_url": "https://[::1/x.pdf"}, "Expected a valid URL"),
        ({"filename": "x.pdf"}, "file_id"),
    ],
)
def test_what_is_no_file_is_refused(client: OpenAI, part: dict[str, Any], message: str) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        tokens(client, {"type": "input_file", **part})
    assert message in str(refused.value)


def test_an_unknown_file_id(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="No such File object: file-none"):
        tokens(client, {"type": "input_file", "file_id": "file-none"})


def test_more_than_fifty_megabytes_are_too_many(client: OpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.attachments.MOST_BYTES", 1000)
    big = data_url("text/plain", b"x" * 900)
    one = {"type": "input_file", "filename": "x.txt", "file_data": big}
    assert tokens(client, one) > 0
    with pytest.raises(openai.BadRequestError, match="total size of the files"):
        tokens(client, one, one)


def test_text_files_are_text(client: OpenAI) -> None:
    text = "Harbour has three bikes."
    part = {"type": "input_file", "filename": "note.md", "file_data": data_url("text/markdown", text.encode())}
    assert tokens(client, part) == tokens(client, {"type": "input_text", "text": text})


def test_it_costs_again_on_every_turn(client: OpenAI) -> None:
    part = {"type": "input_image", "image_url": data_url("image/png", picture()), "detail": "high"}
    asked: list[Any] = [{"role": "user", "content": [{"type": "input_text", "text": "What is it?"}, part]}]
    first = client.responses.create(model=MODEL, input=asked)
    second = client.responses.create(model=MODEL, input="And now?", previous_response_id=first.id)
    assert second.usage is not None
    assert second.usage.input_tokens > 120 + first.usage.output_tokens  # type: ignore[union-attr]
    assert "a picture of 320 × 320 pixels" in first.output_text


def test_items_come_back_as_they_were_sent(client: OpenAI) -> None:
    part = {"type": "input_image", "image_url": data_url("image/png", picture()), "detail": "high"}
    made = client.responses.create(model=MODEL, input=[{"role": "user", "content": [part]}])  # type: ignore[list-item]
    [item] = client.responses.input_items.list(made.id)
    assert item.to_dict()["content"] == [part]
