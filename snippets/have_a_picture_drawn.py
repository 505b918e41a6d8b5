"""Have a picture drawn.

From notebooks/09_images.ipynb, cell draw-otter. Made by `make snippets`.
Needs: pip install openai azure-identity
"""

import base64
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
    input="Generate an image of gray tabby cat hugging an otter with an orange scarf",
    tools=[{"type": "image_generation", "size": "1024x1024", "quality": "low"}],
    extra_headers={"x-ms-oai-image-generation-deployment": "gpt-image-2"},  # the deployment that draws
)
drawn = [item for item in response.output if item.type == "image_generation_call"]
for item in drawn:
    if not item.result:  # refused by a filter, or failed
        print("Nothing was drawn:", item.status)
        continue
    content = base64.b64decode(item.result)
    print(item.status, item.size, item.output_format, content[:4])
    # open(f"{item.id}.{item.output_format}", "wb").write(content)
