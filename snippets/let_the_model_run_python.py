"""Let the model run Python.

From notebooks/07_code_interpreter.ipynb, cell tutor-ask. Made by `make snippets`.
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
    model="gpt-5.4-mini",  # the name of your deployment
    tools=[{"type": "code_interpreter", "container": {"type": "auto"}}],
    instructions=(
        "You are a personal math tutor. When asked a math question, "
        "write and run code using the python tool to answer the question."
    ),
    input="I need to solve the equation 3x + 11 = 14. Can you help me?",
    include=["code_interpreter_call.outputs"],
)
for item in response.output:
    if item.type == "code_interpreter_call":
        print(item.code)
print(response.output_text)
