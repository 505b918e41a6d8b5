"""Tell an answer that was cut off.

From notebooks/11_reasoning.ipynb, cell empty-guard. Made by `make snippets`.
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

response = client.responses.create(
    model="gpt-5.4-mini",  # the name of your deployment
    input="How many round trips are there through six stations, if direction does not matter?",
    reasoning={"effort": "low"},
    max_output_tokens=25_000,
)
if response.status == "incomplete":
    raise RuntimeError(
        f"No whole answer ({response.incomplete_details.reason}): {response.usage.output_tokens} tokens billed."
    )
print(response.output_text)
