#!/usr/bin/env bash
# Ask for encrypted reasoning in curl.
# From notebooks/11_reasoning.ipynb, cell sealed-curl. Made by `make snippets`.
# AZURE_OPENAI_ENDPOINT: https://YOUR-RESOURCE-NAME.openai.azure.com; AZURE_OPENAI_API_KEY its key.
set -euo pipefail

curl "${AZURE_OPENAI_ENDPOINT%/}/openai/v1/responses" \
  -H "Content-Type: application/json" \
  -H "api-key: $AZURE_OPENAI_API_KEY" \
  -d '{
    "model": "gpt-5.4-mini",
    "store": false,
    "reasoning": {"effort": "medium"},
    "input": "What is the weather like today?",
    "tools": [
      {
        "type": "function",
        "name": "get_weather",
        "description": "Get the weather for a location",
        "parameters": {
          "type": "object",
          "properties": {"location": {"type": "string"}},
          "required": ["location"],
          "additionalProperties": false
        },
        "strict": true
      }
    ],
    "include": ["reasoning.encrypted_content"]
  }'
