"""A server that reads a request and returns the same answer every time: `python -m bench.plain FILE`."""

import asyncio
import json
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ANSWER = json.loads(Path(sys.argv[1]).read_text())
BYTES = ANSWER["body"].encode()


async def answer(request: Request) -> Response:
    await request.json()
    return Response(BYTES, headers=ANSWER["headers"])


async def main() -> None:
    app = Starlette(routes=[Route("/openai/v1/responses", answer, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    print(f"Plain server ready at http://127.0.0.1:{port}/openai/v1/", flush=True)
    await serving


asyncio.run(main())
