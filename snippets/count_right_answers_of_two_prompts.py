"""Count right answers of two prompts.

From notebooks/14_prompting.ipynb, cell measure-snippet. Made by `make snippets`.
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

CASES = {
    "The tyre of bike 88 is flat.": "tyre",
    "My dock had a red light.": "dock",
    "Thank you for the new station!": "none",
}
PROMPTS = {
    "before": "What is broken?",
    "after": "What is broken? Answer with one word: tyre, dock or none, in small letters, without a full stop.",
}
for name, prompt in PROMPTS.items():
    right = 0
    for text, wanted in CASES.items():
        response = client.responses.create(model="gpt-5.4-mini", instructions=prompt, input=text)
        right += response.output_text.strip() == wanted
    print(f"{name}: {right} of {len(CASES)}")
