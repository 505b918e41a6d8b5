"""Read a stream to whatever end it has.

From notebooks/03_streaming.ipynb, cell ends-robust. Made by `make snippets`.
Needs: pip install openai azure-identity
"""

import os

import openai
from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import OpenAI

# AZURE_OPENAI_ENDPOINT is https://YOUR-RESOURCE-NAME.openai.azure.com; without AZURE_OPENAI_API_KEY: az login.
client = OpenAI(
    base_url=os.environ["AZURE_OPENAI_ENDPOINT"].rstrip("/") + "/openai/v1/",
    api_key=os.environ.get("AZURE_OPENAI_API_KEY")
    or get_bearer_token_provider(DefaultAzureCredential(), "https://ai.azure.com/.default"),
)


def read(stream):
    """Print a stream as it comes; return its response, or raise what went wrong."""
    response = None
    with stream:
        for event in stream:
            match event.type:
                case "response.output_text.delta" | "response.refusal.delta":
                    print(event.delta, end="", flush=True)
                case "response.completed" | "response.incomplete":
                    response = event.response
                case "response.failed":
                    raise openai.OpenAIError(event.response.error.message)
                case "error":  # sent flat, as by some gateways: then the SDK does not raise
                    raise openai.OpenAIError(event.message)
    if response is None:
        raise EOFError("The stream ended before the response did.")
    return response


prompt = "Name three things to check before you ride off."
response = read(client.responses.create(model="gpt-5.4-mini", input=prompt, stream=True))
print(f"\n[{response.status}]")
