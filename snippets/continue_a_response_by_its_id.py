"""Continue a response by its id.

From notebooks/02_chaining.ipynb, cell by-id-snippet. Made by `make snippets`.
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

first = client.responses.create(
    model="gpt-5.4-mini",  # the name of your deployment
    input="Name a fruit that is red.",
)
follow_up = client.responses.create(
    model="gpt-5.4-mini",
    previous_response_id=first.id,
    input="And one that is not?",
)
print(first.output_text, follow_up.output_text)
