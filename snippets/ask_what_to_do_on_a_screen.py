"""Ask what to do on a screen.

From notebooks/13_computer_use.ipynb, cell hands-ask. Made by `make snippets`.
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
    model="gpt-5.4",  # the name of your deployment
    tools=[{"type": "computer"}],
    input="Book a bike for me at Harbour, 2026-12-04 at 08:30, on https://www.bikes.example/booking.html.",
)
for item in response.output:
    if item.type == "message":
        words = [part.text for part in item.content if part.type == "output_text"]
        print("says: ", item.phase, "·", *words)
    if item.type == "computer_call":
        print("wants:", [action.to_dict() for action in item.actions])
