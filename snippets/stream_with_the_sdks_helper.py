"""Stream with the SDK's helper.

From notebooks/03_streaming.ipynb, cell helper-stream. Made by `make snippets`.
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

with client.responses.stream(model="gpt-5.4-mini", input="Name the parts of a bike's drivetrain.") as stream:
    for event in stream:
        if event.type == "response.output_text.delta":
            last = event
    response = stream.get_final_response()

print(last.snapshot == response.output_text)
print(response.output_text)
