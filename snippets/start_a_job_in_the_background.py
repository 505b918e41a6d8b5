"""Start a job in the background.

From notebooks/04_background.ipynb, cell receipt-create. Made by `make snippets`.
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
    input="Write me a very long story",
    background=True,
)
print("status:", response.status)
print("output:", response.output, " usage:", response.usage)
print("id:    ", response.id)
