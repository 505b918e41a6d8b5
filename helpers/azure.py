"""The reader's own Azure OpenAI resource: its endpoint, the credential, and the deployments of the lessons' models.

Sources: Azure's Responses page and API lifecycle page (2026-03): base URLs end in /openai/v1/ and take no api-version;
the Entra ID scope is https://ai.azure.com/.default (older pages: https://cognitiveservices.azure.com/.default).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from helpers import modes
from helpers.errors import MessageAlone

SCOPE = "https://ai.azure.com/.default"

LESSON_MODEL = "gpt-5.4-mini"  # what AZURE_OPENAI_DEPLOYMENT is the reader's deployment of

# Lesson models by the reader's deployment names, as `deployment` gave them out: recordings say the lesson's name.
models: dict[str, str] = {}

_EXAMPLE = "https://YOUR-RESOURCE-NAME.openai.azure.com"


class AzureSetupError(MessageAlone, ValueError):
    """What is missing or wrong in the environment for live mode, and the command that mends it."""


def endpoint() -> str:
    """The base URL for the SDK, from AZURE_OPENAI_ENDPOINT. Raises AzureSetupError where that is missing or wrong."""
    value = os.environ.get("AZURE_OPENAI_ENDPOINT", "").strip().strip("'\"")
    if not value:
        raise AzureSetupError(
            "Live mode needs AZURE_OPENAI_ENDPOINT, the address of your Azure OpenAI resource, and it is not set.\n"
            f"  bash, zsh:     export AZURE_OPENAI_ENDPOINT={_EXAMPLE}\n"
            f'  PowerShell:    $env:AZURE_OPENAI_ENDPOINT = "{_EXAMPLE}"\n'
            f"  in a notebook: %env AZURE_OPENAI_ENDPOINT={_EXAMPLE}\n"
            "Set AZURE_OPENAI_API_KEY in the same way, or sign in with `az login`. No resource? LAB_MODE=offline."
        )
    return base_url(value)


def base_url(address: str) -> str:
    """An endpoint as people paste it, made to end in /openai/v1/.

    Takes a resource's host with or without https://, any of its paths (/openai, /openai/v1, …/responses), and Foundry
    project endpoints (…/api/projects/NAME). Raises AzureSetupError for what cannot be one.
    """
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
    except ValueError as error:  # a bracket that is left open
        raise _wrong(address, str(error)) from error
    host = parts.hostname or ""
    local = host in ("127.0.0.1", "localhost", "::1")
    if not (parts.scheme == "https" or (parts.scheme == "http" and local)):
        raise _wrong(address, "it should start with https://")
    if parts.fragment or host == "portal.azure.com":
        raise _wrong(address, "it is the address of a page in the portal, not of a resource")
    if not local and not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host):
        raise _wrong(address, f"{host!r} is not the host of a resource")
    if "your-resource-name" in host:
        raise _wrong(address, "YOUR-RESOURCE-NAME stands for the name of your own resource")
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise _wrong(address, str(error)) from error
    project = re.match(r"/api/projects/[^/]+", parts.path)
    rest = parts.path[project.end() :] if project else parts.path
    if not re.fullmatch(r"(/openai)?(/v1)?(/responses)?/*", re.sub(r"/+", "/", rest)):
        raise _wrong(address, f"its path {parts.path} is not one of an Azure OpenAI resource")
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}{project[0] if project else ''}/openai/v1/"


def credential() -> str | Callable[[], str]:
    """AZURE_OPENAI_API_KEY, or where it is not set, a provider of Entra ID tokens for a synchronous client.

    The provider itself is what `OpenAI(api_key=…)` takes: the SDK asks it before every request, so that a token is
    renewed in time. A token read once dies within the hour.
    """
    if key := _key():
        return key
    from azure.identity import DefaultAzureCredential, get_bearer_token_provider

    return get_bearer_token_provider(DefaultAzureCredential(), scope())


def credential_async() -> str | Callable[[], Awaitable[str]]:
    """The same for an asynchronous client, whose provider is of azure.identity.aio: the sync one fails late there."""
    if key := _key():
        return key
    from azure.identity.aio import DefaultAzureCredential, get_bearer_token_provider

    return get_bearer_token_provider(DefaultAzureCredential(), scope())


def scope() -> str:
    """The scope to ask Entra ID tokens for: AZURE_OPENAI_SCOPE, else https://ai.azure.com/.default."""
    return os.environ.get("AZURE_OPENAI_SCOPE", "").strip() or SCOPE


def uses_key() -> bool:
    """Whether requests are signed with an API key, and not with Entra ID."""
    return bool(_key())


def deployment(model: str) -> str:
    """What to pass as `model=`: the lesson's model, or in live mode the name of your own deployment of it.

    On Azure, `model` names a deployment. In live mode this is AZURE_OPENAI_DEPLOYMENT_<MODEL> (GPT_5_MINI for
    gpt-5-mini), for the lessons' own model also AZURE_OPENAI_DEPLOYMENT, and else the model's name. Cells that name a
    model in plain text, to be pasted elsewhere, reach the same deployment: see `deployed`.
    """
    if not modes.to_azure():
        return model
    own = "AZURE_OPENAI_DEPLOYMENT_" + re.sub(r"[^A-Z0-9]", "_", model.upper())
    general = os.environ.get("AZURE_OPENAI_DEPLOYMENT", "").strip() if model == LESSON_MODEL else ""
    name = os.environ.get(own, "").strip() or general or model
    if models.setdefault(name, model) != model and modes.active() == "record":
        raise AzureSetupError(
            f"A recording cannot tell {model} from {models[name]} where both are the deployment {name!r}: set {own}."
        )
    return name


def deployed(body: bytes) -> bytes:
    """A request's JSON with the reader's deployment where it names a model that `deployment` was asked for."""
    try:
        members = json.loads(body)
    except ValueError:
        return body
    model = members.get("model") if isinstance(members, dict) else None
    if not isinstance(model, str) or model not in models.values() or (name := deployment(model)) == model:
        return body
    return json.dumps({**members, "model": name}).encode()


def _key() -> str:
    """The API key as people paste it, without the quotes around it; "" where none is set."""
    key = os.environ.get("AZURE_OPENAI_API_KEY", "").strip().strip("'\"")
    if not re.fullmatch("[!-~]*", key):  # else the HTTP client says no more than "Connection error."
        raise AzureSetupError(
            "AZURE_OPENAI_API_KEY cannot be right: there is a space, a line break or a character that is not ASCII in "
            "it. Copy the key again (portal: your resource, Keys and Endpoint)."
        )
    return key


def _wrong(address: str, why: str) -> AzureSetupError:
    return AzureSetupError(
        f"AZURE_OPENAI_ENDPOINT is {address!r}, which cannot be right: {why}. "
        f"It should look like {_EXAMPLE} (portal: your resource, Keys and Endpoint)."
    )
