#!/usr/bin/env bash
# Ask with an MCP server in curl.
# From notebooks/08_mcp.ipynb, cell first-curl. Made by `make snippets`.
# AZURE_OPENAI_ENDPOINT: https://YOUR-RESOURCE-NAME.openai.azure.com; AZURE_OPENAI_API_KEY its key.
set -euo pipefail

curl "${AZURE_OPENAI_ENDPOINT%/}/openai/v1/responses" \
  -H "Content-Type: application/json" \
  -H "api-key: $AZURE_OPENAI_API_KEY" \
  -d '{
    "model": "gpt-5.4-mini",
    "tools": [
      {
        "type": "mcp",
        "server_label": "learn",
        "server_url": "https://learn.microsoft.com/api/mcp",
        "require_approval": "never"
      }
    ],
    "input": "How long is a response kept?"
  }'
