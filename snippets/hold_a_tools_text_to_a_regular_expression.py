"""Hold a tool's text to a regular expression.

From notebooks/12_custom_tools.ipynb, cell regex-snippet. Made by `make snippets`.
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

response = client.responses.create(
    model="gpt-5.4-mini",  # the name of your deployment
    input="Put the inspection of Old Mill on the last day of February 2027, at nine in the morning.",
    tools=[
        {
            "type": "custom",
            "name": "book_inspection",
            "description": "Book an inspection. Takes the time as YYYY-MM-DD HH:MM, 24 hours.",
            "format": {
                "type": "grammar",
                "syntax": "regex",
                "definition": r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]) ([01][0-9]|2[0-3]):[0-5][0-9]",
            },
        }
    ],
    tool_choice={"type": "custom", "name": "book_inspection"},
)
print(response.output[-1].input)
