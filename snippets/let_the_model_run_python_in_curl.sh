#!/usr/bin/env bash
# Let the model run Python in curl.
# From notebooks/07_code_interpreter.ipynb, cell tutor-curl. Made by `make snippets`.
# AZURE_OPENAI_ENDPOINT: https://YOUR-RESOURCE-NAME.openai.azure.com; AZURE_OPENAI_API_KEY its key.
set -euo pipefail

curl "${AZURE_OPENAI_ENDPOINT%/}/openai/v1/responses" \
  -H "Content-Type: application/json" \
  -H "api-key: $AZURE_OPENAI_API_KEY" \
  -d '{
    "model": "gpt-5.4-mini",
    "tools": [{"type": "code_interpreter", "container": {"type": "auto"}}],
    "instructions": "You are a personal math tutor. When asked a math question, write and run code to answer it.",
    "input": "I need to solve the equation 3x + 11 = 14. Can you help me?"
  }'
