"""Sign in with an API key.

From notebooks/01_basics.ipynb, cell own-key-client. Made by `make snippets`.
Needs: pip install openai
"""

import os

from openai import OpenAI

with_key = OpenAI(
    base_url="https://YOUR-RESOURCE-NAME.openai.azure.com/openai/v1/",
    api_key=os.environ.get("AZURE_OPENAI_API_KEY", "not set"),
)
print(with_key.base_url)
