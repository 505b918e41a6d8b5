"""Uploaded files: kept with their bytes, listed, fetched, deleted, expired; refused as the service does."""

from __future__ import annotations

import io
import json
from typing import Any

import httpx2
import openai
import pytest
from openai import OpenAI

from simulator.clock import SteppedClock

CSV = b"station,bikes\nHarbour,3\n"


def upload(client: OpenAI, name: str = "bikes.csv", content: bytes = CSV, purpose: str = "assistants") -> str:
    return client.files.create(file=(name, io.BytesIO(content)), purpose=purpose).id  # type: ignore[arg-type]


def test_a_file_is_kept_with_its_bytes(client: OpenAI) -> None:
    made = client.files.create(file=("bikes.jsonl", CSV), purpose="batch")
    assert set(made.to_dict()) == {
        *("object", "id", "purpose", "filename", "bytes", "created_at", "expires_at", "status", "status_details")
    }
    assert (made.object, made.filename, made.bytes, made.status) == ("file", "bikes.jsonl", len(CSV), "processed")
    assert client.files.retrieve(made.id) == made
    assert client.files.content(made.id).read() == CSV
    assert client.files.delete(made.id).deleted
    with pytest.raises(openai.NotFoundError, match=f"No such File object: {made.id}"):
        client.files.retrieve(made.id)


def test_ids_are_azures_and_openais(client: OpenAI, openai_client: OpenAI) -> None:
    assert upload(client).startswith("assistant-")
    assert upload(openai_client).startswith("file-")


def test_lists_are_newest_first_by_purpose_and_in_pages(client: OpenAI) -> None:
    ids = [upload(client, f"{number}.csv") for number in range(3)]
    other = upload(client, purpose="batch")
    assert [file.id for file in client.files.list()] == [other, *ids[::-1]]
    assert [file.id for file in client.files.list(purpose="assistants", order="asc")] == ids
    assert [file.id for file in client.files.list(limit=2)] == [other, *ids[::-1]]  # page after page


@pytest.mark.parametrize("purpose", ["user_data", "world_domination"])
def test_azure_knows_fewer_purposes(client: OpenAI, openai_client: OpenAI, purpose: str) -> None:
    with pytest.raises(openai.BadRequestError, match=f"'{purpose}' is not one of .*'evals'. - 'purpose'"):
        upload(client, purpose=purpose)
    if purpose == "user_data":
        assert upload(openai_client, purpose=purpose)


def test_what_was_uploaded_for_a_model_is_not_given_back(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="Not allowed to download files of purpose: assistants"):
        client.files.content(upload(client))


def test_an_empty_file_and_a_form_without_one_are_refused(client: OpenAI, http: httpx2.Client) -> None:
    with pytest.raises(openai.BadRequestError, match="File is empty"):
        upload(client, content=b"")
    assert http.post("files", data={"purpose": "assistants"}).status_code == 400
    assert http.post("files", json={"purpose": "assistants"}).status_code == 400
    broken = http.post("files", content=b"--x\r\nnonsense", headers={"content-type": "multipart/form-data; boundary=x"})
    assert broken.status_code == 400
    assert broken.json()["error"]["message"]


def test_errors_say_it_twice_as_recorded(http: httpx2.Client) -> None:
    body = http.get("files/file-none").json()
    message = "No such File object: file-none"
    assert body["error"] == {"message": message, "type": "invalid_request_error", "param": "id", "code": None}
    assert body["detail"] == {"message": message, "code": None}


def test_a_file_expires_by_the_clock(client: OpenAI, clock: SteppedClock) -> None:
    made = client.files.create(
        file=("a.csv", CSV), purpose="batch", expires_after={"anchor": "created_at", "seconds": 3600}
    )
    assert made.expires_at == made.created_at + 3600
    clock.advance(3600)
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(made.id)
    with pytest.raises(openai.BadRequestError, match=r"expires_after\.seconds"):
        client.files.create(file=("a.csv", CSV), purpose="batch", expires_after={"anchor": "created_at", "seconds": 5})


@pytest.mark.parametrize("seconds", ["soon", "²²²²", "9" * 5_000])
def test_seconds_that_are_no_number_are_refused(http: httpx2.Client, seconds: str) -> None:
    form = {"purpose": "batch", "expires_after[anchor]": "created_at", "expires_after[seconds]": seconds}
    answer = http.post("files", data=form, files={"file": ("a.csv", CSV)})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "expires_after.seconds"


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", ".."])
def test_no_path_of_a_client_is_kept(client: OpenAI, name: str) -> None:
    assert client.files.retrieve(upload(client, name)).filename in ("passwd", "boot.ini", "upload")


def test_bytes_of_every_kind_come_back_as_they_went(client: OpenAI) -> None:
    content = bytes(range(256)) * 8_000  # 2 MB, with line ends and zeros
    file_id = upload(client, "x.bin", content, purpose="batch")
    assert client.files.content(file_id).read() == content


@pytest.mark.parametrize(
    ("form", "parts", "param"),
    [
        ({}, {"purpose": ("p", b"assistants")}, "purpose"),
        ({"purpose": "batch", "expires_after[seconds]": "3600"}, {}, "expires_after.anchor"),
        ({"purpose": "batch", "expires_after[anchor]": "created_at"}, {}, "expires_after.seconds"),
        (
            {"purpose": "batch", "expires_after[anchor]": "created_at"},
            {"expires_after[seconds]": ("s", b"3600")},
            "expires_after.seconds",
        ),
    ],
)
def test_a_field_that_is_missing_or_a_file_is_said_to_be_missing(
    http: httpx2.Client, form: dict[str, str], parts: dict[str, Any], param: str
) -> None:
    answer = http.post("files", data=form, files={"file": ("a.csv", CSV), **parts})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == f"Missing required parameter: '{param}'."


def test_a_media_type_is_one_in_capitals_too(http: httpx2.Client) -> None:
    form = (
        b'--BB\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nassistants\r\n--BB\r\n'
        b'Content-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nx\r\n--BB--\r\n'
    )
    made = http.post("files", content=form, headers={"content-type": "Multipart/Form-Data; boundary=BB"})
    assert made.status_code == 200, made.text
    container = http.post("containers", json={"name": "c"}).json()["id"]
    mounted = http.post(
        f"containers/{container}/files",
        content=json.dumps({"file_id": made.json()["id"]}),
        headers={"content-type": "Application/JSON"},
    )
    assert mounted.status_code == 200, mounted.text
