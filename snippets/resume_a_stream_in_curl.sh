#!/usr/bin/env bash
# Resume a stream in curl.
# From notebooks/04_background.ipynb, cell cut-curl. Made by `make snippets`.
# AZURE_OPENAI_ENDPOINT: https://YOUR-RESOURCE-NAME.openai.azure.com; AZURE_OPENAI_API_KEY its key.
set -euo pipefail

url="${AZURE_OPENAI_ENDPOINT%/}/openai/v1/responses"

# start a job; grep hangs up as soon as it has the id
id=$(curl -sN "$url" \
  -H "Content-Type: application/json" \
  -H "api-key: $AZURE_OPENAI_API_KEY" \
  -d '{"model": "gpt-5.4-mini", "input": "Tell me a short story.", "background": true, "stream": true}' |
  grep -o -m 1 'resp_[0-9a-f]*' || true)

# go on after event 2
curl -N "$url/$id?stream=true&starting_after=2" \
  -H "api-key: $AZURE_OPENAI_API_KEY"
