"""Send as little as possible.

From notebooks/16_responsible_use.ipynb, cell kept-little. Made by `make snippets`.
Needs: pip install openai azure-identity
"""

import hashlib
import hmac
import os

from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import OpenAI

# AZURE_OPENAI_ENDPOINT is https://YOUR-RESOURCE-NAME.openai.azure.com; without AZURE_OPENAI_API_KEY: az login.
client = OpenAI(
    base_url=os.environ["AZURE_OPENAI_ENDPOINT"].rstrip("/") + "/openai/v1/",
    api_key=os.environ.get("AZURE_OPENAI_API_KEY")
    or get_bearer_token_provider(DefaultAzureCredential(), "https://ai.azure.com/.default"),
)

# A secret of your application keeps others from guessing who it was by hashing addresses.
SECRET = os.environ.get("USER_HASH_SECRET", "only for trying this out").encode()
user = "Ada@bikes.example"
who = hmac.new(SECRET, user.strip().lower().encode(), hashlib.sha256).hexdigest()

response = client.responses.create(
    model="gpt-5.4-mini",  # the name of your deployment
    input="Complaint C-101: bike 127 at Market Square has a flat front tyre. Say in one word what is broken.",
    store=False,
    safety_identifier=who,
    max_output_tokens=200,
)
print(response.output_text)
