"""Ask about a PDF.

From notebooks/10_files.ipynb, cell upload-ask. Made by `make snippets`.
Needs: pip install openai azure-identity matplotlib
"""

import io
import os

import matplotlib.pyplot as plt
from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import OpenAI

# AZURE_OPENAI_ENDPOINT is https://YOUR-RESOURCE-NAME.openai.azure.com; without AZURE_OPENAI_API_KEY: az login.
client = OpenAI(
    base_url=os.environ["AZURE_OPENAI_ENDPOINT"].rstrip("/") + "/openai/v1/",
    api_key=os.environ.get("AZURE_OPENAI_API_KEY")
    or get_bearer_token_provider(DefaultAzureCredential(), "https://ai.azure.com/.default"),
)

plt.figtext(0.1, 0.9, "The desk is open Monday to Friday, 7:00 to 19:00.")
page = io.BytesIO()
plt.savefig(page, format="pdf", metadata={"CreationDate": None})
plt.close()
content = page.getvalue()  # a PDF made on the spot; in its place any of yours: Path("manual.pdf").read_bytes()

file = client.files.create(file=("hours.pdf", content), purpose="assistants")  # give it the name of yours
try:
    question = [{"type": "input_file", "file_id": file.id}, {"type": "input_text", "text": "When is it open?"}]
    response = client.responses.create(
        model="gpt-5.4-mini",  # the name of your deployment
        input=[{"role": "user", "content": question}],
    )
    print(response.output_text)
finally:
    client.files.delete(file.id)  # it does not go away by itself
