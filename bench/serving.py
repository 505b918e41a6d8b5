"""What a call of the simulator costs over HTTP, beside a Starlette route that returns the same bytes."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import yaml

from bench import samples
from bench.measure import Row, ratio

SCRIPT = [{"when": {"input": samples.PROMPT}, "say": "The otter sleeps on its back and holds a paw."}]
BODY = {"model": samples.MODEL, "input": samples.PROMPT}


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        script, same = Path(folder) / "script.yaml", Path(folder) / "answer.json"
        script.write_text(yaml.safe_dump(SCRIPT))
        with server("simulator", "--port", "0", "--script", str(script)) as simulator:
            answer = httpx2.post(f"{simulator}responses", headers={"api-key": "any"}, json=BODY)
            own = {"date", "server", "content-length"}  # which the server adds itself
            headers = {name: value for name, value in answer.headers.items() if name not in own}
            same.write_text(json.dumps({"headers": headers, "body": answer.text}))
            with server("bench.plain", str(same)) as plain:
                yield ratio(
                    "simulator call over HTTP / a Starlette route returning the same bytes, headers included",
                    posting(simulator),
                    posting(plain),
                    1.5,
                )


@contextmanager
def server(module: str, *arguments: str) -> Iterator[str]:
    """Run a module that says `... ready at URL` on its standard output or error; the URL."""
    command = [sys.executable, "-u", "-m", module, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if " ready at " in line:
                yield line.split(" ready at ")[1].strip()
                return
        raise RuntimeError(f"{module} did not start:\n{''.join(said)}")
    finally:
        process.terminate()
        process.wait(timeout=10)


def posting(url: str):
    client = httpx2.Client(base_url=url, headers={"api-key": "any"})

    def post() -> None:
        response = client.post("responses", json=BODY)
        assert response.status_code == 200, response.text

    return post
