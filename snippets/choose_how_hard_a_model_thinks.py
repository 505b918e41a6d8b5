"""Choose how hard a model thinks.

From notebooks/11_reasoning.ipynb, cell hidden-ask. Made by `make snippets`.
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

thinker = client.responses.create(
    model="gpt-5.4-mini",  # the name of your deployment
    input="A van starts at Central Station (0, 0) and visits Harbour (-1.7, 0.2), Market Square (-0.6, 0.7), "
    "University (1.2, 0.9), Old Mill (0.9, -1.2) and North Park (0.1, 1.6). Which order makes the shortest round trip? "
    "Answer with the six names in order, separated by commas.",
    reasoning={"effort": "medium"},
)
print(thinker.output_text)

usage = thinker.usage
thought = usage.output_tokens_details.reasoning_tokens
print(f"{usage.output_tokens} output tokens, and {thought / usage.output_tokens:.0%} of them you never see")
