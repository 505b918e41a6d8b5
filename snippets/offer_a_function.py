"""Offer a function.

From notebooks/05_tools.ipynb, cell loop-ask. Made by `make snippets`.
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

get_weather = {
    "type": "function",
    "name": "get_weather",
    "description": "Get the weather for a location",
    "parameters": {
        "type": "object",
        "properties": {"location": {"type": "string"}},
        "required": ["location"],
        "additionalProperties": False,
    },
    "strict": True,
}
weather = client.responses.create(
    model="gpt-5.4-mini",  # the name of your deployment
    input="What's the weather in San Francisco?",
    tools=[get_weather],
)
print(weather.status, [item.type for item in weather.output])
