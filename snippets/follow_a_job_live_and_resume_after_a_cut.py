"""Follow a job live and resume after a cut.

From notebooks/04_background.ipynb, cell cut-follow. Made by `make snippets`.
Needs: pip install openai azure-identity
It defines follow, for you to call; run as it is, it prints nothing.
"""

import os
import time

import openai
from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import OpenAI

# AZURE_OPENAI_ENDPOINT is https://YOUR-RESOURCE-NAME.openai.azure.com; without AZURE_OPENAI_API_KEY: az login.
client = OpenAI(
    base_url=os.environ["AZURE_OPENAI_ENDPOINT"].rstrip("/") + "/openai/v1/",
    api_key=os.environ.get("AZURE_OPENAI_API_KEY")
    or get_bearer_token_provider(DefaultAzureCredential(), "https://ai.azure.com/.default"),
)


def follow(client, *, reconnects=5, **request):
    """Start a job and yield each of its events once, however often the line breaks."""
    stream = client.responses.create(**request, background=True, stream=True)
    response_id = last = None
    for attempt in range(reconnects + 1):
        try:
            if attempt:
                time.sleep(min(2 ** (attempt - 1), 30) - 1)  # again at once, then after 1, 3, 7 … seconds
                stream = client.responses.retrieve(response_id, stream=True, starting_after=last)
            for event in stream:
                response_id, last = response_id or event.response.id, event.sequence_number
                yield event
                if event.type in ("response.completed", "response.incomplete", "response.failed"):
                    return
        except (openai.APIConnectionError, openai.InternalServerError) as error:
            print(f" [{error}] ", end="")
            if response_id is None:
                raise ConnectionError("The line broke before it had brought the job's id. The job runs on.") from error
    raise ConnectionError(f"{response_id}: lost the line {reconnects + 1} times, last after event {last}.")
