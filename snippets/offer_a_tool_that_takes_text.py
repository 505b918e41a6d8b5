"""Offer a tool that takes text.

From notebooks/12_custom_tools.ipynb, cell text-ask. Made by `make snippets`.
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

run_sql = {
    "type": "custom",
    "name": "run_sql",
    "description": (
        "Run one SQLite SELECT on the table rides: trip_id, start_station, end_station, "
        "started_at (as 2026-06-12T06:00), minutes, bike. The data is raw: a trip can be in it twice, "
        "and names of stations differ in case and spaces."
    ),
}
trips = client.responses.create(
    model="gpt-5.4-mini",  # the name of your deployment
    input="How many trips began at Harbour on Saturday 13 June 2026?",
    tools=[run_sql],
)
for item in trips.output:
    if item.type == "custom_tool_call":
        print(item.input)
