"""`python -m simulator`: the Responses API on this machine, with a scripted model. Loopback only."""

from __future__ import annotations

import argparse
import errno
import logging
import os
import sys
from pathlib import Path

from .clock import SteppedClock
from .model.scripts import ScriptError
from .service import Service


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description="Serves a simulated Responses API on 127.0.0.1: /openai/v1/ as Azure has it, /v1/ as OpenAI. "
        "No model is in it: a script speaks, and where that has nothing, a page that shows what the service saw.",
    )
    parser.add_argument("--port", type=int, default=8000, help="0 takes any that is free (default: 8000)")
    parser.add_argument(
        "--script",
        type=Path,
        metavar="PATH",
        help="what the scripted model says: a file, or a folder with several, as data/scripts, which has the lessons'",
    )
    parser.add_argument("--log", action="store_true", help="log each request on standard error")
    parser.add_argument("--key", help="the one API key to accept (default: any)")
    parser.add_argument("--seed", help="make ids the same every time")
    parser.add_argument(
        "--no-wait", action="store_true", help="no pacing: streams come at once, jobs step with requests"
    )
    parser.add_argument("--strict-models", action="store_true", help="refuse models past their retirement date")
    parser.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="a web page's origin that may call, as http://localhost:5173 (default: none)",
    )
    given = parser.parse_args(arguments)
    logging.basicConfig(format="%(message)s", level=logging.INFO if given.log else logging.WARNING, stream=sys.stderr)
    if given.script is not None and not given.script.exists():
        print(f"There is no script {given.script}.", file=sys.stderr)
        return 2
    from .server import serve  # after the arguments: --help needs no web server

    waits = not given.no_wait and os.environ.get("LAB_PACE") != "none"
    try:
        service = Service(
            given.script,
            given.seed,
            None if waits else SteppedClock(),
            key=given.key,
            strict_models=given.strict_models,
            over_http=True,
        )
        serve(service, given.port, given.allow_origin)
    except KeyboardInterrupt:
        return 0  # stopped, as asked
    except ScriptError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        why = "is in use" if error.errno == errno.EADDRINUSE else "may not be used by you"
        print(
            f"Port {given.port} {why}. Choose another with --port, or --port 0 for any that is free.", file=sys.stderr
        )
        return 1
    except OverflowError:
        print(f"There is no port {given.port}: ports go from 0 to 65535.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
