"""Sign in with Entra ID.

From notebooks/01_basics.ipynb, cell own-entra-client. Made by `make snippets`.
Needs: pip install openai azure-identity
"""

from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import OpenAI

token_provider = get_bearer_token_provider(DefaultAzureCredential(), "https://ai.azure.com/.default")

with_entra_id = OpenAI(
    base_url="https://YOUR-RESOURCE-NAME.openai.azure.com/openai/v1/",
    api_key=token_provider,  # the provider itself, not token_provider()
)
print(with_entra_id.base_url)
