"""Cancel a job.

From notebooks/04_background.ipynb, cell cancel-twice. Made by `make snippets`.
Needs: pip install openai azure-identity
"""

import os

from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import OpenAI

# AZURE_OPENAI_ENDPOINT is https://YOUR-RESOURCE-NAME.openai.azure.com; without AZURE_OPENAI_API_KEY: az login.
client = OpenAI(
    base_url=os.environ["AZURE_OPENAI_ENDPOINT"].rstrip("/") + "/openai/v1/",
    api_key=os.environ.get("AZURE_OPENAI_API_KEY")
    or get_bearer_token_provider(DefaultAzureCredential(), "https://ai.azure.com/.default"),
)

job = client.responses.create(model="gpt-5.4-mini", input="Tell me a story that never ends", background=True)

for attempt in (1, 2):
    cancelled = client.responses.cancel(job.id)
    print(attempt, cancelled.status, cancelled.output, cancelled.usage)
