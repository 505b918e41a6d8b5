"""Give Python a file and fetch what it made.

From notebooks/07_code_interpreter.ipynb, cell chart-paste. Made by `make snippets`.
Needs: pip install openai azure-identity
"""

import os
from pathlib import Path

from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import OpenAI

# AZURE_OPENAI_ENDPOINT is https://YOUR-RESOURCE-NAME.openai.azure.com; without AZURE_OPENAI_API_KEY: az login.
client = OpenAI(
    base_url=os.environ["AZURE_OPENAI_ENDPOINT"].rstrip("/") + "/openai/v1/",
    api_key=os.environ.get("AZURE_OPENAI_API_KEY")
    or get_bearer_token_provider(DefaultAzureCredential(), "https://ai.azure.com/.default"),
)

sales = client.files.create(file=("sales.csv", b"month,sales\n1,20\n2,35\n3,31\n"), purpose="assistants")
response = client.responses.create(
    model="gpt-5.4-mini",  # the name of your deployment
    tools=[{"type": "code_interpreter", "container": {"type": "auto", "file_ids": [sales.id]}}],
    input="Draw the sales by month and save the picture.",
)
client.files.delete(sales.id)  # the container has a copy
print(response.output_text)

for item in response.output:
    for part in item.content if item.type == "message" else []:
        for annotation in part.annotations:
            if annotation.type == "container_file_citation":
                content = client.containers.files.content.retrieve(
                    annotation.file_id, container_id=annotation.container_id
                )
                name = Path(annotation.filename).name  # the name is the model's: let it say no folder
                print(name, len(content.read()), "bytes")  # or content.write_to_file(name)
