"""What a request costs, and what says so: cached tokens, tiers, truncation, limits, identifiers, filters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from openai import OpenAI

from simulator import Service, Transport, usage
from simulator.clock import SteppedClock
from simulator.service import REQUESTS_A_MINUTE, TOKENS_A_MINUTE

MODEL = "gpt-5.4-mini"
PDF = Path(__file__).parents[2] / "data" / "samples" / "nucleus_sampling.pdf"
RULES = "Answer for the bike-share of this city, shortly, and never guess a number. " * 100  # about 1,600 tokens


def cache(client: OpenAI, **request: Any) -> tuple[int, int, int]:
    """Return (input_tokens, cached_tokens, cache_write_tokens)."""
    usage: Any = client.responses.create(**{"model": MODEL, "input": "Hi", **request}).usage
    details = usage.input_tokens_details
    assert details.cached_tokens + details.cache_write_tokens <= usage.input_tokens
    return usage.input_tokens, details.cached_tokens, details.cache_write_tokens


# -- the prompt cache --------------------------------------------------------------------------------------------------


def test_a_repeated_beginning_of_1024_tokens_is_cached_in_steps_of_128(client: OpenAI) -> None:
    total, cached, _ = cache(client, instructions=RULES, input="How many stations?")
    assert total > 1024
    assert cached == 0
    again, cached, written = cache(client, instructions=RULES, input="And how many bikes?")
    assert cached % 128 == 0
    assert again - 2 * 128 < cached < again
    assert written == 0


def test_less_than_1024_tokens_are_never_cached(client: OpenAI) -> None:
    for _ in range(2):
        total, cached, _ = cache(client, instructions=RULES[: len(RULES) // 2])
        assert total < 1024
        assert cached == 0


def test_a_difference_at_the_beginning_loses_the_cache_and_one_at_the_end_does_not(client: OpenAI) -> None:
    cache(client, instructions=RULES)
    assert cache(client, instructions="It is Monday. " + RULES)[1] == 0
    assert cache(client, instructions=RULES + "It is Monday.")[1] >= 1024


def test_tools_come_before_everything_in_the_prefix(client: OpenAI) -> None:
    tool = {"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}}, "strict": False}
    cache(client, instructions=RULES, tools=[tool])
    assert cache(client, instructions=RULES, tools=[{**tool, "name": "g"}])[1] == 0
    assert cache(client, instructions=RULES, tools=[tool])[1] > 0


def test_chaining_and_sending_the_history_again_hit_the_same_cache(client: OpenAI) -> None:
    first = client.responses.create(model=MODEL, input=RULES)
    chained: Any = client.responses.create(model=MODEL, input="Next.", previous_response_id=first.id).usage
    assert chained.input_tokens_details.cached_tokens >= 1024
    history: list[Any] = [{"role": "user", "content": RULES}, *first.output, {"role": "user", "content": "Next."}]
    assert cache(client, input=history)[1] >= chained.input_tokens_details.cached_tokens
    told = [{"role": "assistant", "content": first.output_text}]
    assert cache(client, input=[history[0], *told, {"role": "user", "content": "Else."}])[1] >= 1024


def test_what_comes_before_a_question_in_its_message_is_cached(client: OpenAI) -> None:
    note = {"type": "input_file", "file_id": client.files.create(file=PDF, purpose="assistants").id}

    def asked(*parts: dict[str, str]) -> tuple[int, int, int]:
        return cache(client, input=[{"role": "user", "content": [*parts]}])

    first, second = ({"type": "input_text", "text": text} for text in ("What is it about?", "Who wrote it?"))
    assert asked(note, first)[1] == 0
    total, cached, _ = asked(note, second)
    assert max(1024, total - 2 * 128) <= cached < total
    assert asked(second, note)[1] == 0


def test_a_prompt_cache_key_keeps_prompts_apart(client: OpenAI) -> None:
    cache(client, instructions=RULES, prompt_cache_key="a")
    assert cache(client, instructions=RULES, prompt_cache_key="b")[1] == 0
    assert cache(client, instructions=RULES, prompt_cache_key="a")[1] > 0


def test_models_do_not_share_a_cache(client: OpenAI) -> None:
    cache(client, instructions=RULES)
    assert cache(client, instructions=RULES, model="gpt-5.4-nano")[1] == 0


def test_the_cache_is_kept_for_minutes_in_memory_and_for_a_day_where_asked(client: OpenAI, clock: SteppedClock) -> None:
    for retention, kept, lost in (("in_memory", 240, 310), ("24h", 23 * 3600, 25 * 3600)):
        request: dict[str, Any] = {"instructions": retention + RULES, "prompt_cache_retention": retention}
        cache(client, **request)
        clock.advance(kept)
        assert cache(client, **request)[1] > 0
        clock.advance(lost)
        assert cache(client, **request)[1] == 0


def test_gpt_5_6_bills_what_it_writes_to_the_token_as_recorded(client: OpenAI) -> None:
    # Recorded: 1,217 of 1,220 written. Reported: 3,207 written, then 3,207 read.
    total, cached, written = cache(client, model="gpt-5.6-sol", instructions=RULES)
    assert (cached, written) == (0, total - 3)
    assert cache(client, model="gpt-5.6-sol", instructions=RULES) == (total, written, 0)
    # A longer prompt reads what is there and writes the rest.
    longer, cached, rest = cache(client, model="gpt-5.6-sol", instructions=RULES, input="Hi, and how many stations?")
    assert cached >= 1024
    assert cached + rest == longer - 3


def test_an_explicit_cache_without_breakpoints_is_not_used(client: OpenAI) -> None:
    request: dict[str, Any] = {
        "model": "gpt-5.6-sol",
        "instructions": RULES,
        "prompt_cache_options": {"mode": "explicit"},
    }
    assert [cache(client, **request)[1:] for _ in range(2)] == [(0, 0), (0, 0)]


def test_retention_is_shown_as_the_model_has_it(client: OpenAI) -> None:
    for model, retention in (("gpt-5.4-mini", "in_memory"), ("gpt-5.5", "24h"), ("gpt-5.6-luna", "24h")):
        assert client.responses.create(model=model, input="Hi").prompt_cache_retention == retention


# -- tiers -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "asked", "served"),
    [
        (MODEL, None, "default"),
        (MODEL, "auto", "default"),
        (MODEL, "priority", "priority"),
        (MODEL, "fast", "priority"),
        ("gpt-5.6-sol", "flex", "flex"),
        (MODEL, "flex", "default"),  # on Azure, flex is there for gpt-5.6-sol only
    ],
)
def test_the_tier_that_served_is_in_the_body_and_the_header(
    client: OpenAI, model: str, asked: Any, served: str
) -> None:
    given = {} if asked is None else {"service_tier": asked}
    raw = client.responses.with_raw_response.create(model=model, input="Hi", **given)
    assert raw.parse().service_tier == served
    assert raw.headers["azureai-processed-tier"] == served
    assert raw.headers["azureai-requested-tier"] == ("default" if asked in (None, "auto") else asked)


def test_openai_serves_flex_for_more_models(openai_client: OpenAI) -> None:
    assert openai_client.responses.create(model="gpt-5", input="Hi", service_tier="flex").service_tier == "flex"


# -- the window --------------------------------------------------------------------------------------------------------


def test_input_past_the_window_is_refused_unless_truncation_is_auto(client: OpenAI) -> None:
    document = "The manual says nothing about it. " * 2_000  # 14,000 tokens; the window has 8,192
    history: list[Any] = [{"role": "user", "content": document}, {"role": "user", "content": "Hi"}]
    with pytest.raises(openai.BadRequestError) as error:
        client.responses.create(model="computer-use-preview", input=history)
    assert error.value.code == "context_length_exceeded"
    answer = client.responses.create(model="computer-use-preview", input=history, truncation="auto")
    assert answer.truncation == "auto"
    assert answer.usage is not None
    assert answer.usage.input_tokens < 100
    # What was dropped for the model is still what the response was made from.
    assert len(client.responses.input_items.list(answer.id).data) == 2


# -- what is repeated --------------------------------------------------------------------------------------------------


def test_identifiers_and_metadata_come_back(client: OpenAI) -> None:
    given: dict[str, Any] = {
        "metadata": {"lesson": "08", "team": "docs"},
        "safety_identifier": "u" * 128,
        "prompt_cache_key": "k" * 64,
        "user": "reader-7",
        "max_tool_calls": 3,
    }
    answer = client.responses.create(model=MODEL, input="Hi", **given).to_dict()
    assert {name: answer[name] for name in given} == given


@pytest.mark.parametrize(
    ("request_", "param", "code"),
    [
        ({"metadata": {f"k{n}": "v" for n in range(17)}}, "metadata", "object_above_max_properties"),
        ({"metadata": {"k": "v" * 513}}, "metadata.k", "string_above_max_length"),
        ({"metadata": {"k" * 65: "v"}}, "metadata", "string_above_max_length"),
        ({"safety_identifier": "u" * 129}, "safety_identifier", "string_above_max_length"),
        ({"prompt_cache_key": "k" * 65}, "prompt_cache_key", "string_above_max_length"),
        ({"max_tool_calls": 0}, "max_tool_calls", "integer_below_min_value"),
    ],
)
def test_what_is_too_long_or_too_many_is_refused(
    client: OpenAI, request_: dict[str, Any], param: str, code: str
) -> None:
    with pytest.raises(openai.BadRequestError) as error:
        client.responses.create(model=MODEL, input="Hi", **request_)
    assert (error.value.param, error.value.code) == (param, code)


def test_azures_content_filters_judge_prompt_and_completion(client: OpenAI, openai_client: OpenAI) -> None:
    answer: Any = client.responses.create(model=MODEL, input="Hi").to_dict()
    prompt, completion = answer["content_filters"]
    assert (prompt["source_type"], completion["source_type"]) == ("prompt", "completion")
    assert prompt["content_filter_results"]["jailbreak"] == {"detected": False, "filtered": False}
    assert completion["content_filter_results"]["violence"] == {"filtered": False, "severity": "safe"}
    assert completion["content_filter_offsets"]["end_offset"] == len(answer["output"][0]["content"][0]["text"])
    assert "content_filters" not in openai_client.responses.create(model=MODEL, input="Hi").to_dict()


# -- rate limits -------------------------------------------------------------------------------------------------------


def test_rate_limit_headers_count_down_and_start_over_with_the_minute(client: OpenAI, clock: SteppedClock) -> None:
    def left() -> tuple[int, int]:
        headers = client.responses.with_raw_response.create(model=MODEL, input="Hi").headers
        assert headers["x-ratelimit-limit-requests"] == str(REQUESTS_A_MINUTE)
        assert headers["x-ratelimit-limit-tokens"] == str(TOKENS_A_MINUTE)
        assert 0 <= int(headers["x-ratelimit-reset-requests"]) <= 60
        return int(headers["x-ratelimit-remaining-requests"]), int(headers["x-ratelimit-remaining-tokens"])

    first, second = left(), left()
    assert second[0] == first[0] - 1
    assert second[1] < first[1]
    clock.advance(60)
    assert left()[0] == first[0]


def test_a_used_up_limit_says_zero_and_refuses_nothing(clock: SteppedClock) -> None:
    service = Service(seed="test", clock=SteppedClock(seconds=0.0))
    with httpx2.Client(transport=Transport(service)) as http:
        client = OpenAI(base_url="https://a.openai.azure.com/openai/v1/", api_key="k", http_client=http, max_retries=0)
        for _ in range(REQUESTS_A_MINUTE + 2):
            raw = client.responses.with_raw_response.create(model="gpt-4.1", input="Hi")
        assert raw.headers["x-ratelimit-remaining-requests"] == "0"
        assert raw.parse().status == "completed"


@pytest.mark.parametrize("letter", ["a", "=", " ", "\n", "中"])
def test_five_million_times_the_same_character_is_counted(letter: str) -> None:
    """One run is one word for the encoder, which takes time by its square: hours, if runs were not cut."""
    assert usage.count(letter * 5_000_000) > 10_000
    assert "".join(usage.pieces(letter * 1_000)) == letter * 1_000
    assert usage.head(letter * 1_000, 10_000) == letter * 1_000
