"""Ids in the service's layouts (read off recordings of 2026; see docs/simulator.md).

A response and its items share 16 hex digits, which a chained response inherits from its parent: `resp_` + 16 shared
+ `00` (`01` with store: false) + 8 digits of the time of creation + 24 more. Other objects have layouts of their own.
"""

from __future__ import annotations

import random
import string

_BASE62 = string.ascii_letters + string.digits

# What the id of each item type begins with.
ITEM_PREFIX = {
    "message": "msg",
    "reasoning": "rs",
    "function_call": "fc",
    "function_call_output": "fc",
    "custom_tool_call": "ctc",
    "custom_tool_call_output": "ctco",
    "code_interpreter_call": "ci",
    "mcp_list_tools": "mcpl",
    "mcp_call": "mcp",
    "mcp_approval_request": "mcpr",
    "mcp_approval_response": "mcpa",
    "image_generation_call": "ig",
    "web_search_call": "ws",
    "file_search_call": "fs",
    "computer_call": "cu",
    "computer_call_output": "cuo",
    "compaction": "cmp",
    "apply_patch_call": "apc",
    "apply_patch_call_output": "apco",
    "shell_call": "sh",
    "shell_call_output": "sho",
    "local_shell_call": "lsh",
    "local_shell_call_output": "lsho",
    "tool_search_call": "tsc",
    "tool_search_output": "tso",
}


class Ids:
    """Makes ids; the same seed makes the same ids in the same order."""

    def __init__(self, seed: str | None = None) -> None:
        self._random = random.Random(seed) if seed is not None else random.Random()

    def hex(self, digits: int) -> str:
        """Return `digits` random hexadecimal digits."""
        return f"{self._random.getrandbits(4 * digits):0{digits}x}"

    def base62(self, length: int) -> str:
        """Return `length` random letters and digits."""
        return "".join(self._random.choices(_BASE62, k=length))

    def family(self) -> str:
        """Return the 16 digits that a chain of responses and their items share."""
        return self.hex(16)

    def response(self, family: str, stored: bool, now: float) -> str:
        """Return a response id."""
        return f"resp_{family}{'00' if stored else '01'}{int(now):08x}{self.hex(24)}"

    def item(self, kind: str, family: str, stored: bool, now: float) -> str:
        """Return the id of an item of type `kind`."""
        return f"{ITEM_PREFIX.get(kind, 'item')}_{family}{'00' if stored else '01'}{int(now):08x}{self.hex(24)}"

    def conversation(self, family: str, now: float) -> str:
        """Return a conversation id; its responses and items get its family."""
        return f"conv_{int(now):08x}{self.hex(24)}{family}"

    def call(self) -> str:
        """Return a call_id."""
        return "call_" + self.base62(24)

    def request(self) -> str:
        """Return a request id, in the form of a UUID."""
        digits = self.hex(32)
        return "-".join((digits[:8], digits[8:12], "4" + digits[13:16], "a" + digits[17:20], digits[20:]))

    def padding(self, length: int) -> str:
        """Return `length` characters of obfuscation."""
        return self.base62(length) if length else ""


def family_of_conversation(conversation_id: str) -> str:
    """Return the 16 digits that a conversation shares with its responses: its last (recorded 2025-10)."""
    return conversation_id[-16:]


def family_of(some_id: str) -> str:
    """Return the 16 shared digits of a response or item id in the current layout."""
    return some_id.partition("_")[2][:16]
