"""Get an answer as a Pydantic object.

From notebooks/06_structured_outputs.ipynb, cell model-snippet. Made by `make snippets`.
Needs: pip install openai azure-identity pydantic
"""

import os
from typing import Literal

from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import OpenAI
from pydantic import BaseModel

# AZURE_OPENAI_ENDPOINT is https://YOUR-RESOURCE-NAME.openai.azure.com; without AZURE_OPENAI_API_KEY: az login.
client = OpenAI(
    base_url=os.environ["AZURE_OPENAI_ENDPOINT"].rstrip("/") + "/openai/v1/",
    api_key=os.environ.get("AZURE_OPENAI_API_KEY")
    or get_bearer_token_provider(DefaultAzureCredential(), "https://ai.azure.com/.default"),
)


class Report(BaseModel):
    station: str | None
    problem: Literal["tyre", "brakes", "dock", "other"]
    danger: bool


response = client.responses.parse(
    model="gpt-5.4-mini",  # the name of your deployment
    input="The brakes of 204 hardly work, near Central Station. I almost rode into a bus.",
    text_format=Report,
)
report = response.output_parsed
if report is None:
    raise RuntimeError("no object: a refusal, or a call of a tool")
print(report.problem, "is dangerous" if report.danger else "can wait", "at", report.station)
