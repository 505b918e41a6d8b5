"""Get an answer that fits a JSON schema.

From notebooks/06_structured_outputs.ipynb, cell hand-ask. Made by `make snippets`.
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

schema = {
    "type": "object",
    "properties": {
        "station": {"type": ["string", "null"]},
        "bike": {"type": ["integer", "null"]},
        "problem": {"type": "string", "enum": ["tyre", "brakes", "dock", "payment", "other"]},
    },
    "required": ["station", "bike", "problem"],
    "additionalProperties": False,
}
response = client.responses.create(
    model="gpt-5.4-mini",  # the name of your deployment
    input="Bike 127 at Market Square has a flat front tyre. Walked the whole way to work.",
    text={"format": {"type": "json_schema", "name": "report", "schema": schema, "strict": True}},
)
print(response.output_text)
