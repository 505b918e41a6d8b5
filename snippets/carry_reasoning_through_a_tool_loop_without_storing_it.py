"""Carry reasoning through a tool loop without storing it.

From notebooks/11_reasoning.ipynb, cell sealed-loop. Made by `make snippets`.
Needs: pip install openai azure-identity
"""

import json
import os

from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import OpenAI

# AZURE_OPENAI_ENDPOINT is https://YOUR-RESOURCE-NAME.openai.azure.com; without AZURE_OPENAI_API_KEY: az login.
client = OpenAI(
    base_url=os.environ["AZURE_OPENAI_ENDPOINT"].rstrip("/") + "/openai/v1/",
    api_key=os.environ.get("AZURE_OPENAI_API_KEY")
    or get_bearer_token_provider(DefaultAzureCredential(), "https://ai.azure.com/.default"),
)

bikes = {"Harbour": 3, "Market Square": 17}
station = {"type": "string", "enum": list(bikes)}
schema = {"type": "object", "properties": {"station": station}, "required": ["station"], "additionalProperties": False}
tool = {"type": "function", "name": "bikes_at", "description": "Count bikes.", "parameters": schema, "strict": True}
history = [{"role": "user", "content": "Five of us would start at Harbour, or at Market Square. Which has enough?"}]

for _ in range(6):  # no loop without an end
    response = client.responses.create(
        model="gpt-5.4-mini",  # the name of your deployment
        input=history,
        tools=[tool],
        reasoning={"effort": "low"},
        store=False,
        include=["reasoning.encrypted_content"],
    )
    history += response.output  # all of it, in this order
    calls = [item for item in response.output if item.type == "function_call"]
    for call in calls:
        count = bikes[json.loads(call.arguments)["station"]]
        history.append({"type": "function_call_output", "call_id": call.call_id, "output": str(count)})
    if not calls:
        break
print(response.output_text)
