"""Write a tool as a specification.

From notebooks/14_prompting.ipynb, cell spec-snippet. Made by `make snippets`.
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

STATION = {
    "type": ["string", "null"],
    "enum": ["Harbour", "Market Square", "University", None],
    "description": "Where; null if not said. The fountain is Market Square, the library University.",
}
CODE = {
    "type": ["string", "null"],
    "enum": ["T1", "D4", None],
    "description": "T1 tyre flat, D4 dock has a red light; null unless it is exactly that.",
}
report = {
    "type": "function",
    "name": "report",
    "description": "Report a problem that a rider has with a bike or a dock.",
    "parameters": {
        "type": "object",
        "properties": {"station": STATION, "code": CODE},
        "required": ["station", "code"],
        "additionalProperties": False,
    },
    "strict": True,
}
response = client.responses.create(model="gpt-5.4-mini", tools=[report], input="All docks at the fountain are red.")
print(*(item.arguments for item in response.output if item.type == "function_call"))
