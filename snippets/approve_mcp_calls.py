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


tools = [{"type": "mcp", "server_label": "learn", "server_url": "https://learn.microsoft.com/api/mcp"}]
response = client.responses.create(
    model="gpt-5.4-mini",  # the name of your deployment
    tools=tools,
    input="Does the service keep the headers that I send to an MCP server?",
)
while requests := [item for item in response.output if item.type == "mcp_approval_request"]:
    decisions = [
        {"type": "mcp_approval_response", "approval_request_id": request.id, "approve": may_run(request)}
        for request in requests
    ]
    response = client.responses.create(
        model="gpt-5.4-mini", tools=tools, previous_response_id=response.id, input=decisions
    )
print(response.output_text)
