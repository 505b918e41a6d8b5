"""The paths and api-versions that reach Azure's Responses API, and what the others are told."""

import httpx2
import openai
import pytest
from openai import AzureOpenAI

from simulator import Service, Transport

ENDPOINT = "https://lab.openai.azure.com"


def azure(version: str, **where: str) -> AzureOpenAI:
    client = httpx2.Client(transport=Transport(Service()))
    return AzureOpenAI(api_key="k", api_version=version, max_retries=0, http_client=client, **where)


@pytest.mark.parametrize("version", ["2025-03-01-preview", "2025-04-01-preview", "preview"])
def test_the_dated_path_still_works(version: str) -> None:
    response = azure(version, azure_endpoint=ENDPOINT).responses.create(model="gpt-5.4-mini", input="Hi")
    assert response.model == "gpt-5.4-mini"
    assert "content_filters" in response.to_dict()


@pytest.mark.parametrize("version", ["v1", "preview", "latest"])
def test_v1_takes_a_version_that_says_no_more(version: str) -> None:
    client = azure(version, base_url=f"{ENDPOINT}/openai/v1/")
    assert client.responses.create(model="gpt-5.4-mini", input="Hi").status == "completed"


def test_a_version_from_before_there_were_responses() -> None:
    with pytest.raises(openai.BadRequestError, match="only for api-version 2025-03-01-preview and later"):
        azure("2024-10-21", azure_endpoint=ENDPOINT).responses.create(model="gpt-5.4-mini", input="Hi")


def test_a_model_s_date_is_no_version() -> None:
    with pytest.raises(openai.BadRequestError, match="API version not supported"):
        azure("5.4-mini", azure_endpoint=ENDPOINT).responses.create(model="gpt-5.4-mini", input="Hi")


def test_a_dated_version_on_v1() -> None:
    with pytest.raises(openai.BadRequestError, match="API version not supported"):
        azure("2025-04-01-preview", base_url=f"{ENDPOINT}/openai/v1/").responses.create(model="gpt-5.4-mini", input="H")


def test_neither_v1_nor_a_version() -> None:
    client = httpx2.Client(transport=Transport(Service()), headers={"api-key": "k"})
    answer = client.post(f"{ENDPOINT}/openai/responses", json={"model": "gpt-5.4-mini", "input": "Hi"})
    assert (answer.status_code, answer.json()["error"]["message"]) == (404, "Resource not found")


def test_a_base_url_that_ends_in_responses() -> None:
    client = httpx2.Client(transport=Transport(Service()))
    doubled = openai.OpenAI(base_url=f"{ENDPOINT}/openai/v1/responses", api_key="k", http_client=client, max_retries=0)
    with pytest.raises(openai.NotFoundError):
        doubled.responses.create(model="gpt-5.4-mini", input="Hi")
