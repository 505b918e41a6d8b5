"""Every failure that can be asked for comes as the service has it, plain, streamed, async; and is over when asked."""

from __future__ import annotations

from typing import Any

import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from simulator import failures

MODEL = "gpt-5.4-mini"
INSTEAD = {
    "unauthorized": (openai.AuthenticationError, 401, "Access denied"),
    "forbidden": (openai.PermissionDeniedError, 403, "Access denied due to Virtual Network"),
    "deployment_not_found": (openai.NotFoundError, 404, "does not exist"),
    "rate_limit": (openai.RateLimitError, 429, "Try again in 2 seconds"),
    "server_error": (openai.InternalServerError, 500, "The server had an error"),
    "unavailable": (openai.InternalServerError, 503, "temporarily unable"),
    "content_filter": (openai.BadRequestError, 400, "content management policy"),
}


def asked(name: str, **more: Any) -> dict[str, Any]:
    return {"model": MODEL, "input": "Tell me about bikes.", "extra_headers": {"x-simulate": name}, **more}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("name", INSTEAD)
def test_an_error_comes_in_place_of_an_answer(client: OpenAI, name: str, stream: bool) -> None:
    kind, status, message = INSTEAD[name]
    with pytest.raises(kind) as failed:
        client.responses.create(**asked(name, stream=stream))
    assert failed.value.status_code == status  # type: ignore[attr-defined]
    assert message in str(failed.value)


@pytest.mark.parametrize("name", INSTEAD)
async def test_and_for_an_async_client(async_client: AsyncOpenAI, name: str) -> None:
    with pytest.raises(INSTEAD[name][0]):
        await async_client.responses.create(**asked(name))


def test_a_rate_limit_says_when_to_come_back(client: OpenAI) -> None:
    with pytest.raises(openai.RateLimitError) as failed:
        client.responses.create(**asked("rate_limit"))
    assert failed.value.response.headers["retry-after"] == "2"


def test_a_failure_can_be_over_after_some_tries(client: OpenAI) -> None:
    patient = client.with_options(max_retries=2)
    patient._calculate_retry_timeout = lambda *_: 0.0  # type: ignore[method-assign]
    assert patient.responses.create(**asked("server_error:2")).status == "completed"
    with pytest.raises(openai.InternalServerError):
        patient.responses.create(**asked("server_error:3"))


@pytest.mark.parametrize("count", ["", "many", "1.5", "-1", "9" * 5_000])
def test_a_count_of_retries_that_is_none_counts_nothing(client: OpenAI, count: str) -> None:
    with pytest.raises(openai.InternalServerError):
        client.responses.create(
            model=MODEL, input="Hi", extra_headers={"x-simulate": "server_error:1", "x-stainless-retry-count": count}
        )


def test_the_prompt_s_filter_says_which_category(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as failed:
        client.responses.create(**asked("content_filter"))
    [found] = failed.value.body["content_filters"]  # type: ignore[call-overload, index]
    assert found["content_filter_results"]["violence"] == {"filtered": True, "severity": "high"}


def test_the_answer_s_filter_leaves_it_incomplete(client: OpenAI, check: Any) -> None:
    response = client.responses.create(**asked("content_filter_completion"))
    check.response(response.to_dict())
    assert (response.status, response.incomplete_details.reason) == ("incomplete", "content_filter")
    assert any(one["blocked"] for one in response.to_dict()["content_filters"])  # type: ignore[union-attr]


def test_a_refusal_is_no_error(client: OpenAI, check: Any) -> None:
    response = client.responses.create(**asked("refusal"))
    check.response(response.to_dict())
    assert [part.type for part in response.output[0].content] == ["refusal"]
    check.stream([event.to_dict() for event in client.responses.create(**asked("refusal", stream=True))])


@pytest.mark.parametrize(
    ("name", "code"), [("stream_error", "server_error"), ("stream_rate_limit", "rate_limit_exceeded")]
)
def test_an_error_in_the_middle_of_a_stream(client: OpenAI, name: str, code: str) -> None:
    raw = client.responses.with_raw_response.create(**asked(name, stream=True)).http_response.read().decode()
    kinds = [line[7:] for line in raw.splitlines() if line.startswith("event: ")]
    assert kinds[-2:] == ["error", "response.failed"]
    assert "response.output_text.delta" in kinds
    with pytest.raises(openai.APIError) as failed:
        list(client.responses.create(**asked(name, stream=True)))
    assert failed.value.code == code


def test_a_stream_that_is_cut(client: OpenAI) -> None:
    seen: list[int] = []
    stream = client.responses.create(**asked("stream_cut", stream=True))
    with pytest.raises(openai.APIConnectionError):
        seen.extend(event.sequence_number for event in stream)
    assert seen == list(range(12))


def test_a_chunk_that_is_no_json(client: OpenAI) -> None:
    with pytest.raises(ValueError, match=r"Expecting|JSON|expected"):
        list(client.responses.create(**asked("malformed_chunk", stream=True)))


def test_silence_ends_with_the_client_s_patience(client: OpenAI) -> None:
    with pytest.raises(openai.APITimeoutError):
        client.with_options(timeout=0.2).responses.create(**asked("timeout"))
    assert client.responses.create(model=MODEL, input="And now?").status == "completed"


async def test_silence_for_an_async_client(async_client: AsyncOpenAI) -> None:
    with pytest.raises(openai.APITimeoutError):
        await async_client.with_options(timeout=0.2).responses.create(**asked("timeout"))


def test_a_slow_start_takes_its_time_on_the_clock(client: OpenAI, clock: Any) -> None:
    before = clock.now()
    list(client.responses.create(**asked("slow_start", stream=True)))
    assert clock.now() - before >= 5


def test_unknown_names_are_told_the_list(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as failed:
        client.responses.create(**asked("earthquake"))
    assert all(f"'{name}'" in str(failed.value) for name in failures.NAMES)
    with pytest.raises(openai.BadRequestError, match="first N tries"):
        client.responses.create(**asked("rate_limit:" + "9" * 5_000))
