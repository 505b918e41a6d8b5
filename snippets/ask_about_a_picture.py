"""Ask about a picture.

From notebooks/09_images.ipynb, cell show-data. Made by `make snippets`.
Needs: pip install openai azure-identity
"""

import base64
import mimetypes
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

path = Path("../data/samples/bike_at_dock.png")  # a picture of yours
if path.exists():
    url = f"data:{mimetypes.guess_type(path)[0]};base64,{base64.b64encode(path.read_bytes()).decode()}"
else:
    print(f"There is no {path}: one red pixel goes in its place.")
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
    url = f"data:image/png;base64,{pixel}"

response = client.responses.create(
    model="gpt-5.4-mini",  # the name of your deployment
    input=[
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "what is in this image?"},
                {"type": "input_image", "image_url": url},
            ],
        }
    ],
)
print(response.output_text)
