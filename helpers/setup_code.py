"""The plain SDK code that `connect` stands for, in each mode."""

from __future__ import annotations

from helpers import azure, modes
from helpers.modes import Mode

_BASE_URL = "https://YOUR-RESOURCE-NAME.openai.azure.com/openai/v1/"

_OFFLINE = """\
# What connect("{lesson}") makes here: the SDK's own client, with a transport that stays on this machine.
import httpx2
from openai import OpenAI

from helpers.client import transport

client = OpenAI(
    base_url="{base_url}",
    api_key="unused",  # no key is needed: nothing is sent
    http_client=httpx2.Client(transport=transport({which})),
)
"""

_KEY = """\
import os

from openai import OpenAI

client = OpenAI(
    base_url="{base_url}",
    api_key=os.environ["AZURE_OPENAI_API_KEY"],
)
"""

_ENTRA = """\
from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import OpenAI

token_provider = get_bearer_token_provider(DefaultAzureCredential(), "{scope}")

client = OpenAI(
    base_url="{base_url}",
    api_key=token_provider,  # the provider itself: the SDK asks it for a fresh token before each request
)
"""


def code(lesson: str, mode: Mode, *, to_azure: bool) -> str:
    """The code for a lesson in a mode; offline, also the code for the reader's own resource."""
    if to_azure:
        return plain(azure.endpoint(), key=azure.uses_key())
    # The mode is named only where it is not the one that applies anyway: so a lesson prints the same in each of them.
    which = f'"{lesson}"' if mode == modes.mode(None) else f'"{lesson}", "{mode}"'
    here = _OFFLINE.format(lesson=lesson, which=which, base_url=_BASE_URL)
    return f"{here}\n# Against your own Azure resource the same client is:\n{plain(_BASE_URL, key=True)}"


def plain(base_url: str, *, key: bool) -> str:
    """Plain SDK code for a resource, signed in with an API key or with Entra ID."""
    return (_KEY if key else _ENTRA).format(base_url=base_url, scope=azure.scope())
