"""A local Responses API: the real protocol, a scripted model. `python -m simulator` serves it over HTTP.

Service is the API itself; Transport and AsyncTransport put it behind an openai client without a socket.
"""

from .service import Service
from .transport import AsyncTransport, Transport

__all__ = ["AsyncTransport", "Service", "Transport"]
