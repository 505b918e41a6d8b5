"""Who is let in: a key, an Entra ID token of the right audience and age; everybody else is told as the service does."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx2
import openai
import pytest
from openai import OpenAI

from simulator import Service, Transport
from simulator.clock import EPOCH, SteppedClock

AZURE, OPENAI = "https://lab.openai.azure.com/openai/v1/", "https://api.openai.com/v1/"


def client(key: Any, base: str = AZURE, only: str | None = None) -> OpenAI:
    http = httpx2.Client(transport=Transport(Service(key=only, clock=SteppedClock())))
    return OpenAI(base_url=base, api_key=key, http_client=http, max_retries=0)


def token(**claims: Any) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'RS256'})}.{part({'exp': EPOCH + 3600, **claims})}.signature"


def ask(one: OpenAI) -> Any:
    return one.responses.create(model="gpt-5.4-mini", input="Hi")


@pytest.mark.parametrize("audience", ["https://ai.azure.com", "https://cognitiveservices.azure.com/"])
def test_a_token_for_either_scope_is_taken(audience: str) -> None:
    assert ask(client(token(aud=audience))).status == "completed"


def test_a_provider_of_tokens_is_asked_before_each_request() -> None:
    given: list[str] = []

    def provide() -> str:
        given.append(token(aud="https://ai.azure.com"))
        return given[-1]

    one = client(provide)
    ask(one)
    ask(one)
    assert len(given) == 2


@pytest.mark.parametrize(
    "claims",
    [{"aud": "https://graph.microsoft.com"}, {"aud": "https://ai.azure.com", "exp": EPOCH - 1}, {}],
    ids=["another audience", "expired", "no audience"],
)
def test_another_token_is_refused_in_azures_flat_words(claims: dict[str, Any]) -> None:
    with pytest.raises(openai.AuthenticationError) as refused:
        ask(client(token(**claims)))
    assert refused.value.code is None  # field notes 79: the body is flat
    body = json.loads(refused.value.response.text)
    assert body["statusCode"] == 401
    assert "audience is incorrect" in body["message"]


def test_a_token_that_is_none() -> None:
    with pytest.raises(openai.AuthenticationError):
        ask(client("eyJub3Q.a-token.x"))


@pytest.mark.parametrize("payload", ["[1]", "5", "null", '{"aud": "https://ai.azure.com", "exp": "soon"}', "[" * 9_000])
def test_a_token_whose_claims_are_none(payload: str) -> None:
    claims = base64.urlsafe_b64encode(payload.encode()).decode().rstrip("=")
    with pytest.raises(openai.AuthenticationError):
        ask(client(f"eyJhbGciOiJSUzI1NiJ9.{claims}.signature"))


def test_the_one_key_and_no_other() -> None:
    assert ask(client("right", only="right")).status == "completed"
    with pytest.raises(openai.AuthenticationError, match="invalid subscription key"):
        ask(client("wrong", only="right"))
    with pytest.raises(openai.AuthenticationError, match="Incorrect API key provided: wrong-ke"):
        ask(client("wrong-key-of-mine", OPENAI, only="right"))


@pytest.mark.parametrize(
    "headers", [{}, {"api-key": ""}, {"authorization": "Bearer "}, {"authorization": "Basic eDp5"}]
)
@pytest.mark.parametrize("base", [AZURE, OPENAI])
def test_nobody_is_let_in(headers: dict[str, str], base: str) -> None:
    http = httpx2.Client(transport=Transport(Service()), base_url=base, headers=headers)
    answer = http.post("responses", json={"model": "gpt-5.4-mini", "input": "Hi"})
    assert answer.status_code == 401
    assert answer.json()["error"]["message"]


def test_azure_s_own_header_works_too() -> None:
    http = httpx2.Client(transport=Transport(Service(key="right")), base_url=AZURE, headers={"api-key": "right"})
    assert http.post("responses", json={"model": "gpt-5.4-mini", "input": "Hi"}).status_code == 200
