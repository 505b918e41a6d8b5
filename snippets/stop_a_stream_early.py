"""Stop a stream early.

From notebooks/03_streaming.ipynb, cell stop-with. Made by `make snippets`.
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

with client.responses.create(
    model="gpt-5.4-mini",
    input="Tell me a long story about a bike that found its way home.",
    stream=True,
) as stream:
    text = ""
    for event in stream:
        if event.type == "response.output_text.delta":
            text += event.delta
            if "." in text:  # one sentence is enough
                break
print(text)
