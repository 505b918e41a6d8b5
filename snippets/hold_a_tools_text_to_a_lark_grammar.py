"""Hold a tool's text to a Lark grammar.

From notebooks/12_custom_tools.ipynb, cell grammar-snippet. Made by `make snippets`.
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

ticket_language = r"""
start: "bike " BIKE " at " STATION ": " FAULT
BIKE: /[1-9][0-9]{2}/
STATION: "Central Station" | "Harbour" | "Market Square" | "University" | "Old Mill" | "North Park"
FAULT: "flat tyre" | "brakes" | "chain" | "lights" | "other"
"""
response = client.responses.create(
    model="gpt-5.4-mini",  # the name of your deployment
    input="Number 127 by the market has no air in the front wheel.",
    tools=[
        {
            "type": "custom",
            "name": "open_ticket",
            "description": "Open a ticket for the workshop, such as: bike 204 at Harbour: chain",
            "format": {"type": "grammar", "syntax": "lark", "definition": ticket_language},
        }
    ],
    tool_choice={"type": "custom", "name": "open_ticket"},
)
print(response.output[-1].input)
