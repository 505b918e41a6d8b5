"""Wait for a job, with a limit and back-off.

From notebooks/04_background.ipynb, cell poll-finish. Made by `make snippets`.
Needs: pip install openai azure-identity
"""

import os
import time

from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import OpenAI

# AZURE_OPENAI_ENDPOINT is https://YOUR-RESOURCE-NAME.openai.azure.com; without AZURE_OPENAI_API_KEY: az login.
client = OpenAI(
    base_url=os.environ["AZURE_OPENAI_ENDPOINT"].rstrip("/") + "/openai/v1/",
    api_key=os.environ.get("AZURE_OPENAI_API_KEY")
    or get_bearer_token_provider(DefaultAzureCredential(), "https://ai.azure.com/.default"),
)


def finish(client, response_id, *, seconds=600.0, pause=0.25, longest=10.0):
    """Look at a job until it is over, less and less often; return it, however it ended."""
    deadline = time.monotonic() + seconds
    while (response := client.responses.retrieve(response_id)).status in {"queued", "in_progress"}:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"{response_id} is still {response.status} after {seconds:g} s. It goes on: look later.")
        time.sleep(min(pause, left))
        pause = min(2 * pause, longest)
    return response


prompt = "Old Mill has 12 docks, Harbour 24, Central Station 40. Which needs a roof first? Give one reason."
job = client.responses.create(model="gpt-5.4-mini", input=prompt, background=True)
response = finish(client, job.id)
print(response.status, "|", response.output_text)
