"""Vector stores: the object, its files, batches, expiry, and searching it directly."""

from __future__ import annotations

import copy
import itertools
import json
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from openai import OpenAI
from openai.types import VectorStore, VectorStoreSearchResponse
from openai.types.vector_stores import VectorStoreFile, VectorStoreFileBatch

from simulator import Service
from simulator.clock import SteppedClock

from .test_fuzz import ODD

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
FRANCE = b"Paris is the capital of France. It is known for the Eiffel Tower."
ITALY = b"Rome is the capital of Italy. It is known for the Colosseum."
NONE = {"in_progress": 0, "completed": 0, "failed": 0, "cancelled": 0, "total": 0}
DAY = 24 * 3600


def upload(client: OpenAI, content: bytes = FRANCE, name: str = "france.txt") -> str:
    return client.files.create(file=(name, content), purpose="assistants").id


def store_of(client: OpenAI, *file_ids: str, **members: Any) -> str:
    """Make a vector store of files that are ready."""
    store = client.vector_stores.create(name="test", **members)
    for file_id in file_ids:
        assert client.vector_stores.files.create_and_poll(file_id, vector_store_id=store.id).status == "completed"
    return store.id


def refused(call: Any, *args: Any, **request: Any) -> dict[str, Any]:
    with pytest.raises(openai.APIStatusError) as error:
        call(*args, **request)
    return {"status": error.value.status_code, **error.value.response.json()["error"]}


# -- the object --------------------------------------------------------------------------------------------------------


def test_a_vector_store_lives_as_recorded(client: OpenAI, http: httpx2.Client) -> None:
    made = http.post("vector_stores", json={"name": "test-file-search"}).json()
    VectorStore.model_validate(made, strict=True)
    assert made == {
        "id": made["id"],
        "object": "vector_store",
        "created_at": made["created_at"],
        "name": "test-file-search",
        "description": None,
        "usage_bytes": 0,
        "file_counts": NONE,
        "status": "completed",
        "expires_after": None,
        "expires_at": None,
        "last_active_at": made["created_at"],
        "metadata": {},
    }
    assert int(made["id"].removeprefix("vs_")[:8], 16) == made["created_at"]
    assert len(made["id"]) == len("vs_") + 32
    assert http.get(f"vector_stores/{made['id']}").json() == made
    assert http.delete(f"vector_stores/{made['id']}").json() == {
        "id": made["id"],
        "object": "vector_store.deleted",
        "deleted": True,
    }
    assert refused(client.vector_stores.retrieve, made["id"]) == {
        "status": 404,
        "message": f"No vector store found with id '{made['id']}'.",
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    }


def test_a_store_with_files_is_in_progress_until_they_are_read(client: OpenAI, http: httpx2.Client) -> None:
    made = http.post("vector_stores", json={"file_ids": [upload(client)]}).json()
    assert (made["status"], made["name"]) == ("in_progress", None)  # as recorded: without a name it is null
    assert made["file_counts"] == {**NONE, "in_progress": 1, "total": 1}
    later = client.vector_stores.retrieve(made["id"])
    assert later.status == "completed"
    assert later.file_counts.to_dict() == {**NONE, "completed": 1, "total": 1}
    assert later.usage_bytes == len(FRANCE)


def test_a_store_is_renamed_and_described(client: OpenAI) -> None:
    store = client.vector_stores.create(name="one", metadata={"a": "1"}, extra_body={"description": "What it is for"})
    changed = client.vector_stores.update(store.id, name="two", metadata={"b": "2"})
    assert (changed.name, changed.metadata) == ("two", {"b": "2"})
    assert client.vector_stores.update(store.id, metadata=None).metadata == {}
    assert client.vector_stores.retrieve(store.id).to_dict()["description"] == "What it is for"


def test_stores_are_listed_in_pages(client: OpenAI) -> None:
    ids = [client.vector_stores.create(name=str(number)).id for number in range(5)]
    assert [store.id for store in client.vector_stores.list(limit=2)] == ids[::-1]
    page = client.vector_stores.list(order="asc", limit=2, after=ids[1])
    assert [store.id for store in page.data] == ids[2:4]
    assert page.has_more


@pytest.mark.parametrize(
    ("order", "before", "rows", "has_more"),
    [
        ("asc", 6, [3, 4, 5], True),
        ("asc", 2, [0, 1], False),
        ("asc", 3, [0, 1, 2], False),
        ("desc", 2, [5, 4, 3], True),
    ],
)
def test_before_is_the_previous_page(client: OpenAI, order: Any, before: int, rows: list[int], has_more: bool) -> None:
    ids = [client.vector_stores.create(name=str(number)).id for number in range(8)]
    page = client.vector_stores.list(order=order, limit=3, before=ids[before])
    assert [ids.index(store.id) for store in page.data] == rows
    assert page.has_more is has_more


def test_between_two_stores_the_list_begins_after_the_first(client: OpenAI) -> None:
    ids = [client.vector_stores.create(name=str(number)).id for number in range(8)]
    page = client.vector_stores.list(order="asc", limit=3, after=ids[1], before=ids[6])
    assert [store.id for store in page.data] == ids[2:5]


@pytest.mark.parametrize("limit", ["1_0", "%205", "5%20", "%C2%B2", "9" * 5_000, "+5", "1.0"])
def test_a_limit_that_is_no_number_is_refused(http: httpx2.Client, limit: str) -> None:
    error = http.get(f"vector_stores?limit={limit}").json().get("error") or {}
    assert (error.get("param"), error.get("code")) == ("limit", "invalid_type")


def test_a_store_expires_by_the_clock_and_using_it_puts_that_off(client: OpenAI, clock: SteppedClock) -> None:
    store_id = store_of(client, upload(client), expires_after={"anchor": "last_active_at", "days": 2})
    made = client.vector_stores.retrieve(store_id)
    assert made.last_active_at is not None
    assert made.expires_at == made.last_active_at + 2 * DAY
    clock.advance(1.5 * DAY)
    client.vector_stores.search(store_id, query="capital")
    clock.advance(1.5 * DAY)
    assert client.vector_stores.retrieve(store_id).status == "completed"
    clock.advance(0.6 * DAY)
    assert client.vector_stores.retrieve(store_id).status == "expired"
    assert refused(client.vector_stores.search, store_id, query="capital")["message"] == (
        f"Vector store '{store_id}' has expired."
    )


# -- files -------------------------------------------------------------------------------------------------------------


def test_a_file_is_attached_as_recorded(client: OpenAI, http: httpx2.Client) -> None:
    store_id, file_id = store_of(client), upload(client)
    made = http.post(f"vector_stores/{store_id}/files", json={"file_id": file_id}).json()
    VectorStoreFile.model_validate(made, strict=True)
    assert made == {
        "id": file_id,
        "object": "vector_store.file",
        "usage_bytes": 0,
        "created_at": made["created_at"],
        "vector_store_id": store_id,
        "status": "in_progress",
        "last_error": None,
        "attributes": {},
        "chunking_strategy": {
            "type": "static",
            "static": {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400},
        },
    }
    assert client.vector_stores.files.retrieve(file_id, vector_store_id=store_id).status == "completed"
    assert client.vector_stores.files.content(file_id, vector_store_id=store_id).data[0].text == FRANCE.decode()
    deleted = client.vector_stores.files.delete(file_id, vector_store_id=store_id)
    assert deleted.to_dict() == {"id": file_id, "object": "vector_store.file.deleted", "deleted": True}
    assert refused(client.vector_stores.files.retrieve, file_id, vector_store_id=store_id)["message"] == (
        f"No file found with id '{file_id}' in vector store '{store_id}'."
    )


def test_files_are_listed_by_their_status(client: OpenAI) -> None:
    empty, full = upload(client, b"  \n", "empty.md"), upload(client)
    store_id = store_of(client, full)
    client.vector_stores.files.create(store_id, file_id=empty)
    listed = client.vector_stores.files.list
    assert [file.id for file in listed(store_id)] == [empty, full]
    assert [file.id for file in listed(store_id, filter="completed")] == [full]
    (failed,) = listed(store_id, filter="failed").data
    assert failed.last_error is not None
    assert (failed.id, failed.last_error.code) == (empty, "invalid_file")
    assert refused(listed, store_id, filter="lost")["param"] == "filter"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("notes.pdf", b"%PDF-1.4 no, not really", "invalid_file"),
        ("latin.txt", "Zürich im Frühling".encode("latin-1"), "invalid_file"),
        ("old.docx", b"PK", "unsupported_file"),
        ("long.txt", b"word " * 400_001, "invalid_file"),
    ],
)
def test_a_file_that_cannot_be_read_has_failed(client: OpenAI, name: str, content: bytes, code: str) -> None:
    store = client.vector_stores.create(name="test")
    file = client.vector_stores.files.create_and_poll(upload(client, content, name), vector_store_id=store.id)
    assert file.status == "failed"
    assert file.last_error is not None
    assert file.last_error.code == code
    assert client.vector_stores.retrieve(store.id).file_counts.failed == 1


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        (
            "page.html",
            b"<style>p {}</style><h1>Hours</h1><p>Open <b>daily</b></p><script>x</script>",
            "Hours\nOpen daily",
        ),
        ("wide.txt", "Zürich".encode("utf-16"), "Zürich"),
        ("data.json", b'{"station": "Harbour"}', '{"station": "Harbour"}'),
    ],
)
def test_text_is_read_out_of_a_file(client: OpenAI, name: str, content: bytes, text: str) -> None:
    file_id = upload(client, content, name)
    store_id = store_of(client, file_id)
    assert client.vector_stores.files.content(file_id, vector_store_id=store_id).data[0].text == text


def test_a_pdf_is_read_and_cut_as_asked(client: OpenAI) -> None:
    file_id = upload(client, (SAMPLES / "maintenance_manual.pdf").read_bytes(), "manual.pdf")
    sizes = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 20}}
    store = client.vector_stores.create(name="small")
    client.vector_stores.files.create_and_poll(
        file_id,
        vector_store_id=store.id,
        chunking_strategy=sizes,  # type: ignore[arg-type]
    )
    small = client.vector_stores.search(store.id, query="battery swollen sand box", max_num_results=50).data
    large = client.vector_stores.search(store_of(client, file_id), query="battery swollen sand box").data
    assert "swollen" in small[0].content[0].text
    assert max(len(one.content[0].text) for one in small) < 800 < len(large[0].content[0].text)


def test_chunks_overlap(client: OpenAI) -> None:
    words = " ".join(f"word{number}" for number in range(400)).encode()
    sizes = {"type": "static", "static": {"max_chunk_size_tokens": 200, "chunk_overlap_tokens": 50}}
    store_id = client.vector_stores.create(
        name="test",
        file_ids=[upload(client, words, "words.txt")],
        chunking_strategy=sizes,  # type: ignore[arg-type]
    ).id
    texts = [one.content[0].text for one in client.vector_stores.search(store_id, query=words.decode())]
    ordered = sorted(texts, key=words.decode().index)
    assert len(ordered) > 1
    for one, after in itertools.pairwise(ordered):
        assert one[-20:] in after


def test_a_deleted_file_is_in_no_store(client: OpenAI) -> None:
    file_id = upload(client)
    store_id = store_of(client, file_id)
    client.files.delete(file_id)
    assert client.vector_stores.retrieve(store_id).file_counts.total == 0
    assert client.vector_stores.search(store_id, query="capital").data == []


def test_a_file_that_has_expired_is_in_no_store(client: OpenAI, clock: SteppedClock) -> None:
    file = client.files.create(
        file=("france.txt", FRANCE), purpose="assistants", expires_after={"anchor": "created_at", "seconds": 3600}
    )
    store_id = store_of(client, file.id)
    clock.advance(3600)
    assert client.vector_stores.search(store_id, query="capital").data == []
    assert refused(client.vector_stores.files.create, store_id, file_id=file.id)["status"] == 404


# -- batches -----------------------------------------------------------------------------------------------------------


def test_a_batch_is_done_when_its_files_are(client: OpenAI, http: httpx2.Client) -> None:
    store_id, ids = store_of(client), [upload(client), upload(client, ITALY, "italy.txt")]
    made = http.post(f"vector_stores/{store_id}/file_batches", json={"file_ids": ids}).json()
    VectorStoreFileBatch.model_validate(made, strict=True)
    assert made["id"].startswith("vsfb_")
    assert (made["status"], made["file_counts"]["in_progress"]) == ("in_progress", 2)
    done = client.vector_stores.file_batches.retrieve(made["id"], vector_store_id=store_id)
    assert (done.status, done.file_counts.completed) == ("completed", 2)
    listed = client.vector_stores.file_batches.list_files(made["id"], vector_store_id=store_id, order="asc")
    assert [file.id for file in listed] == ids


def test_a_batch_gives_each_file_its_own_attributes(client: OpenAI) -> None:
    store_id = store_of(client)
    file_id = upload(client)
    batch = client.vector_stores.file_batches.create_and_poll(
        store_id, files=[{"file_id": file_id, "attributes": {"year": 2026}}]
    )
    assert batch.status == "completed"
    assert client.vector_stores.files.retrieve(file_id, vector_store_id=store_id).attributes == {"year": 2026}


def test_a_cancelled_batch_leaves_its_files_unread(client: OpenAI, service: Service) -> None:
    store_id = store_of(client)
    file_id = upload(client)
    batch = client.vector_stores.file_batches.create(store_id, file_ids=[file_id])
    (held,) = [one for one in service.world.store.table("vector_stores").values() if one.body["id"] == store_id]
    held.files[file_id].due += 100  # a slow file
    cancelled = client.vector_stores.file_batches.cancel(batch.id, vector_store_id=store_id)
    assert (cancelled.status, cancelled.file_counts.cancelled) == ("cancelled", 1)
    assert client.vector_stores.search(store_id, query="capital").data == []


# -- searching ---------------------------------------------------------------------------------------------------------


def test_a_search_finds_the_passage_that_answers(client: OpenAI, http: httpx2.Client) -> None:
    store_id = store_of(client, upload(client), upload(client, ITALY, "italy.txt"))
    raw = http.post(f"vector_stores/{store_id}/search", json={"query": "Where is the Colosseum?"}).json()
    assert set(raw) == {"object", "search_query", "data", "has_more", "next_page"}
    assert raw["object"] == "vector_store.search_results.page"
    assert raw["search_query"] == ["Where is the Colosseum?"]
    (found,) = raw["data"]
    VectorStoreSearchResponse.model_validate(found, strict=True)
    assert (found["filename"], found["content"]) == ("italy.txt", [{"type": "text", "text": ITALY.decode()}])
    assert 0 < found["score"] <= 1


def test_more_words_in_common_score_higher_and_a_threshold_cuts(client: OpenAI, http: httpx2.Client) -> None:
    store_id = store_of(client, upload(client), upload(client, ITALY, "italy.txt"))
    found = client.vector_stores.search(store_id, query="the capital of Italy").data
    assert [one.filename for one in found] == ["italy.txt", "france.txt"]
    assert found[0].score > found[1].score
    between = (found[0].score + found[1].score) / 2
    kept = client.vector_stores.search(
        store_id, query="the capital of Italy", ranking_options={"score_threshold": between}
    ).data
    assert [one.filename for one in kept] == ["italy.txt"]
    assert len(client.vector_stores.search(store_id, query="the capital of Italy", max_num_results=1).data) == 1
    asked = {"query": "the capital of Italy", "max_num_results": None, "filters": None, "ranking_options": None}
    assert len(http.post(f"vector_stores/{store_id}/search", json=asked).json()["data"]) == 2


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"type": "eq", "key": "country", "value": "fr"}, ["france.txt"]),
        ({"type": "ne", "key": "country", "value": "fr"}, ["italy.txt"]),
        ({"type": "gt", "key": "year", "value": 2024}, ["italy.txt"]),
        ({"type": "gte", "key": "year", "value": 2024}, ["france.txt", "italy.txt"]),
        ({"type": "lt", "key": "year", "value": 2025.5}, ["france.txt"]),
        ({"type": "lte", "key": "year", "value": 2024}, ["france.txt"]),
        ({"type": "in", "key": "country", "value": ["it", "de"]}, ["italy.txt"]),
        ({"type": "nin", "key": "country", "value": ["it", "de"]}, ["france.txt"]),
        ({"type": "gt", "key": "country", "value": 3}, []),
        ({"type": "eq", "key": "unknown", "value": "x"}, []),
        (
            {
                "type": "and",
                "filters": [
                    {"type": "eq", "key": "country", "value": "it"},
                    {"type": "or", "filters": [{"type": "eq", "key": "year", "value": 2026}]},
                ],
            },
            ["italy.txt"],
        ),
    ],
)
def test_filters_look_at_attributes(client: OpenAI, filters: Any, names: list[str]) -> None:
    store_id = store_of(client)
    for content, name, attributes in (
        (FRANCE, "france.txt", {"country": "fr", "year": 2024}),
        (ITALY, "italy.txt", {"country": "it", "year": 2026}),
    ):
        client.vector_stores.files.create_and_poll(
            upload(client, content, name),
            vector_store_id=store_id,
            attributes=attributes,  # type: ignore[arg-type]
        )
    found = client.vector_stores.search(store_id, query="capital", filters=filters)
    assert sorted(one.filename for one in found) == names


def test_attributes_are_replaced(client: OpenAI) -> None:
    file_id = upload(client)
    store_id = store_of(client, file_id)
    client.vector_stores.files.update(file_id, vector_store_id=store_id, attributes={"country": "fr"})
    changed = client.vector_stores.files.update(file_id, vector_store_id=store_id, attributes={"draft": True})
    assert changed.attributes == {"draft": True}


# -- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "status", "param"),
    [
        ("", {"colour": "red"}, 400, "colour"),
        ("", {"name": 3}, 400, "name"),
        ("", {"file_ids": ["assistant-nobody"]}, 404, "file_ids"),
        ("", {"expires_after": {"anchor": "created_at", "days": 1}}, 400, "expires_after.anchor"),
        ("", {"expires_after": {"anchor": "last_active_at", "days": 0}}, 400, "expires_after.days"),
        ("", {"metadata": {"a": "x" * 513}}, 400, "metadata.a"),
        ("/{id}/files", {}, 400, "file_id"),
        ("/{id}/files", {"file_id": "assistant-nobody"}, 404, "file_id"),
        ("/{id}/file_batches", {}, 400, None),
        ("/{id}/file_batches", {"file_ids": []}, 400, "file_ids"),
        ("/{id}/search", {}, 400, "query"),
        ("/{id}/search", {"query": None}, 400, "query"),
        ("/{id}/search", {"query": "x", "max_num_results": 51}, 400, "max_num_results"),
        ("/{id}/search", {"query": "x", "filters": {"type": "eq"}}, 400, "filters.key"),
        ("/{id}/search", {"query": "x", "filters": {"type": "or"}}, 400, "filters.filters"),
        ("/{id}/search", {"query": "x", "filters": {}}, 400, "filters.type"),
        ("/{id}/search", {"query": [5]}, 400, "query[0]"),
        ("", {"chunking_strategy": {"type": "static"}}, 400, "chunking_strategy.static"),
        ("", {"file_ids": ["file-x", 5]}, 400, "file_ids[1]"),
        ("/{id}/search", {"query": "x", "filters": {"type": "like", "key": "a", "value": "b"}}, 400, "filters.type"),
        (
            "/{id}/search",
            {"query": "x", "filters": {"type": "and", "filters": [{"type": "gt", "key": "a", "value": {}}]}},
            400,
            "filters.filters[0].value",
        ),
        (
            "/{id}/search",
            {"query": "x", "ranking_options": {"score_threshold": 2}},
            400,
            "ranking_options.score_threshold",
        ),
        ("/vs_nobody/search", {"query": "x"}, 404, None),
        ("/nobody/search", {"query": "x"}, 400, "vector_store_id"),
    ],
)
def test_what_the_service_would_refuse_is_refused(
    client: OpenAI, http: httpx2.Client, path: str, body: dict[str, Any], status: int, param: str | None
) -> None:
    raw = http.post(f"vector_stores{path.replace('{id}', store_of(client))}", json=body)
    assert (raw.status_code, raw.json()["error"]["param"]) == (status, param)


def test_a_kind_of_file_that_is_not_for_searching_is_refused_as_reported(client: OpenAI) -> None:
    error = refused(client.vector_stores.create, file_ids=[upload(client, b"a,b\n1,2\n", "rides.csv"), upload(client)])
    assert error["status"] == 400
    assert (error["param"], error["code"]) == ("file_ids", "unsupported_file")
    assert error["message"].startswith("Files with extensions [.csv] are not supported for retrieval.")
    assert client.vector_stores.list().data == []


def test_a_chunking_that_cannot_be_is_refused(client: OpenAI) -> None:
    for size, overlap in ((99, 0), (5000, 100), (200, 101)):
        strategy: Any = {"type": "static", "static": {"max_chunk_size_tokens": size, "chunk_overlap_tokens": overlap}}
        error = refused(client.vector_stores.create, file_ids=[upload(client)], chunking_strategy=strategy)
        assert error["param"] == "chunking_strategy.static"


def test_no_odd_value_of_any_member_breaks_it(client: OpenAI, http: httpx2.Client) -> None:
    store_id, file_id = store_of(client), upload(client)
    chunking = {"type": "static", "static": {"max_chunk_size_tokens": 200, "chunk_overlap_tokens": 50}}
    comparison = {"type": "eq", "key": "a", "value": 1}
    file = {"file_id": file_id, "attributes": {"a": 1}, "chunking_strategy": chunking}
    sound: dict[str, dict[str, Any]] = {
        "": {"name": "x", "file_ids": [file_id], "expires_after": {"anchor": "last_active_at", "days": 1}},
        f"/{store_id}": {"name": "x", "metadata": {"a": "b"}, "expires_after": None},
        f"/{store_id}/files": file,
        f"/{store_id}/files/{file_id}": {"attributes": {"a": 1}},
        f"/{store_id}/file_batches": {"files": [file]},
        f"/{store_id}/search": {
            "query": ["a", "b"],
            "filters": {"type": "and", "filters": [comparison]},
            "ranking_options": {"ranker": "auto", "score_threshold": 0.1},
            "max_num_results": 3,
            "rewrite_query": True,
        },
    }
    for path, body in sound.items():
        assert http.post(f"vector_stores{path}", json=body).status_code == 200, path
        for spot in spots(body):
            for value in ODD:
                wrong = json.dumps(changed(body, spot, value)).encode("utf-8", "surrogatepass")
                answer = http.post(f"vector_stores{path}", content=wrong)
                assert answer.status_code in (200, 400, 404), (path, wrong, answer.text)


def spots(body: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to each member and element of some JSON."""
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    return [way for key, value in inner for way in ((*path, key), *spots(value, (*path, key)))]


def changed(body: Any, spot: tuple[Any, ...], value: Any) -> Any:
    """Return a copy of some JSON with another value at one spot."""
    copied = copy.deepcopy(body)
    at = copied
    for key in spot[:-1]:
        at = at[key]
    at[spot[-1]] = value
    return copied


# -- one world ---------------------------------------------------------------------------------------------------------


def replay(exchanges: list[Any], service: Service) -> None:
    for exchange in exchanges:
        request, answer = exchange.request, exchange
        path = request.url.raw_path.decode().removeprefix("/openai/v1")
        service.adopt(request.method, path, request.read(), answer.status_code, answer.content, answer.headers)


def test_a_recorded_store_goes_on_in_another_service(client: OpenAI, http: httpx2.Client) -> None:
    italy = client.files.with_raw_response.create(file=("italy.txt", ITALY), purpose="assistants")
    raw = client.vector_stores.with_raw_response
    made = raw.create(name="docs")
    store_id = json.loads(made.text)["id"]
    batch = client.vector_stores.file_batches.with_raw_response.create(
        store_id, files=[{"file_id": json.loads(italy.text)["id"], "attributes": {"country": "it"}}]
    )
    renamed = raw.update(store_id, name="documents")
    other = Service(seed="other", clock=SteppedClock())
    replay([one.http_response for one in (italy, made, batch, renamed)], other)
    (store,) = other.state()["vector_stores"]
    assert (store["id"], store["name"], store["file_counts"]["total"]) == (store_id, "documents", 1)
    assert [file.body["attributes"] for file in other.world.store.table("vector_stores")[store_id].files.values()] == [
        {"country": "it"}
    ]
    replay([raw.delete(store_id).http_response], other)
    assert other.state()["vector_stores"] == []


def test_what_is_no_array_is_told_so_in_the_words_of_the_service(client: OpenAI) -> None:
    error = refused(client.vector_stores.create, file_ids="x")
    assert (error["code"], error["message"]) == (
        "invalid_type",
        "Invalid type for 'file_ids': expected an array of strings, but got a string instead.",
    )
