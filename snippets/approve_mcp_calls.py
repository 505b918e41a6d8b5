"""Approve MCP calls.

From notebooks/08_mcp.ipynb, cell approval-loop. Made by `make snippets`.
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


def may_run(request):
    return request.server_label == "learn"  # or show request.name and request.arguments to somebody


def decision(request):
    answer = {"type": "mcp_approval_response", "approval_request_id": request.id, "approve": may_run(request)}
    return answer if answer["approve"] else {**answer, "reason": "Not allowed here. Do not ask again."}


tools = [{"type": "mcp", "server_label": "learn", "server_url": "https://learn.microsoft.com/api/mcp"}]
request = {"input": "Does the service keep the headers that I send to an MCP server?"}
for _ in range(8):  # no loop without an end
    response = client.responses.create(
        model="gpt-5.4-mini",  # the name of your deployment
        tools=tools,
        **request,
    )
    waiting = [item for item in response.output if item.type == "mcp_approval_request"]
    if not waiting:
        break
    request = {"previous_response_id": response.id, "input": [decision(one) for one in waiting]}
print(response.output_text)
