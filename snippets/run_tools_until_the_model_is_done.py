"""Run tools until the model is done.

From notebooks/05_tools.ipynb, cell whole-loop. Made by `make snippets`.
Needs: pip install openai azure-identity
It defines run_tools, for you to call; run as it is, it prints nothing.
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


def run_tools(prompt, tools, functions, may_run=lambda call: True, rounds=8):
    request = {"input": prompt}
    for _ in range(rounds):
        response = client.responses.create(model="gpt-5.4-mini", tools=tools, **request)
        calls = [item for item in response.output if item.type == "function_call"]
        if not calls:
            return response
        outputs = []
        for call in calls:
            try:
                if not may_run(call):
                    raise PermissionError("This call was not allowed. Do not repeat it.")
                result = json.dumps(functions[call.name](**json.loads(call.arguments)))
            except Exception as error:  # whatever it was: the model is told, and may do better
                result = json.dumps({"error": f"{type(error).__name__}: {error}"})
            outputs.append({"type": "function_call_output", "call_id": call.call_id, "output": result})
        request = {"previous_response_id": response.id, "input": outputs}
    raise RuntimeError(f"Out of rounds ({rounds}): the model was still calling tools.")
