"""Ask about a picture.

From notebooks/09_images.ipynb, cell show-data. Made by `make snippets`.
Needs: pip install openai azure-identity
"""

import base64
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

path = Path("../data/samples/bike_at_dock.png")
if path.exists():
    data = base64.b64encode(path.read_bytes()).decode()
else:  # outside this repository: one red pixel
    data = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"

response = client.responses.create(
    model="gpt-5.4-mini",  # the name of your deployment
    input=[
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "what is in this image?"},
                {"type": "input_image", "image_url": f"data:image/png;base64,{data}"},
            ],
        }
    ],
)
print(response.output_text)
