"""The glass box: what an unscripted prompt gets. It says that no model is here, and shows what the service saw.

It is useful all the same: a function tool that is on offer is called once, with arguments that fit its schema; a JSON
schema is filled in; a fenced Python block is run where code_interpreter is on offer. So a learner's own tools, schemas
and prompts go round the whole loop.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator
from typing import Any

from .. import documents, grammars, toolbox
from ..attachments import Measured
from ..items import hosted_text, text_of
from ..tools import mcp, web_search
from . import CustomCall, FunctionCall, Hosted, Reasoning, Step, Turn, code_writer, examples

_QUOTED = re.compile(r"```\w*\n(.*?)\n?```|`([^`\n]+)`|\"([^\"\n]+)\"", re.DOTALL)


_DRAW = re.compile(r"\b(draw|paint|sketch|illustrat|picture|image|poster|photo|logo|icon|generate|edit|make)", re.I)


# How to hear a real model, for who reads a lesson and for who asks over HTTP and has no lesson to switch.
_IN_A_LESSON = "set `AZURE_OPENAI_ENDPOINT` and `AZURE_OPENAI_API_KEY`, then `LAB_MODE=live`, and run this again."
_OVER_HTTP = (
    "send the same request to your Azure resource; or start the simulator with `--script data/scripts`, and it says "
    "what the lessons' model says."
)


class GlassBox:
    """A speaker that is no model and says so. over_http: its advice is for who asks over HTTP, outside a lesson."""

    def __init__(self, over_http: bool = False) -> None:
        self._advice = _OVER_HTTP if over_http else _IN_A_LESSON

    async def speak(self, turn: Turn) -> AsyncGenerator[Step, dict[str, Any] | None]:
        prompt = text_of(turn.users()[-1]) if turn.users() else ""
        answered = turn.answered()
        yield Reasoning(("No model is here: the simulator looks at the request and says what it sees.",))
        done = any(hosted_text(item) is not None for item in turn.output)
        if (turn.must_call or not answered) and not done and not mcp.denied(turn.context):
            called = False
            for step in self._calls(turn, prompt):
                called = True
                yield step
            if called and not isinstance(step, Hosted):
                return
        text_format = turn.request.text["format"]
        if text_format["type"] == "json_schema":
            yield examples.write(text_format["schema"], prompt)
        elif text_format["type"] == "json_object":
            yield json.dumps({"answer": "An example, written by the simulator: no model is here."})
        else:
            for piece in _findings(page(turn, prompt, answered, self._advice), turn, prompt):
                yield piece

    def _calls(self, turn: Turn, prompt: str) -> list[Step]:
        """Return what it calls: what it must, else the one function whose name or description the prompt touches."""
        hosted: list[Step] = []
        steps: list[Step] = []
        for tool in turn.tools:
            if tool["type"] == "code_interpreter":
                container = tool["container"]
                files = bool(isinstance(container, dict) and container.get("file_ids"))
                if code := code_writer.write(prompt, turn.must_call, files):
                    hosted.append(Hosted("code_interpreter", {"code": code}))
            elif tool["type"] in ("computer", "computer_use_preview"):
                if not turn.answered():  # look first
                    hosted.append(Hosted("computer", {"actions": [{"type": "screenshot"}]}))
            elif tool["type"] == "image_generation" and (_DRAW.search(prompt) or turn.must_call):
                hosted.append(Hosted("image_generation", {"prompt": prompt}))
            elif tool["type"] == "function" and (turn.must_call or touches(prompt, tool)):
                steps.append(
                    FunctionCall(tool["name"], examples.write(tool["parameters"] or {"type": "object"}, prompt))
                )
            elif tool["type"] == "custom" and (turn.must_call or touches(prompt, tool)):
                said = custom_input(tool["format"], prompt)
                steps += [] if said is None else [CustomCall(tool["name"], said)]
        if steps:
            return steps[:1]
        return hosted[:1] or _mcp_call(turn, prompt) or _search(turn, prompt)


def _search(turn: Turn, prompt: str) -> list[Step]:
    """Return a search for the prompt: of the web only where it finds something, or the page that the prompt names."""
    asks = turn.must_call or len(documents.words(prompt)) > 1
    if asks and any(tool["type"] == "file_search" for tool in turn.tools):
        return [Hosted("file_search", {"query": prompt})]
    tool = next((one for one in turn.tools if one["type"].startswith("web_search")), None)
    if tool is None:
        return []
    url = web_search.known_url(prompt)
    if url and turn.request.model.reasons:
        return [Hosted("web_search", {"open": url})]
    if turn.must_call or web_search.search([prompt], tool):
        return [Hosted("web_search", {"query": prompt})]
    return []


def _findings(said: str, turn: Turn, prompt: str) -> list[Step]:
    """Return the page with what searches of this turn found, a sentence each, cited as a model would."""
    if not any(item["type"] in ("web_search_call", "file_search_call") for item in turn.output):
        return [said]
    notice, _, rest = said.partition("\n\n")
    if not turn.found:
        return [f"{notice}\n\nThe service searched, and found nothing.\n\n{rest}"]
    steps: list[Step] = [f"{notice}\n\nThe service searched, and found:\n\n"]
    for source in turn.found:
        space = "" if source.file_id else " "
        steps += [f"- {documents.sentence(prompt, source.text)}{space}", *source.cited(), "\n"]
    return [*steps, f"\n{rest}"]


def _attached(turn: Turn) -> list[str]:
    """Return what there is to see in the context beside text, in words."""
    seen: list[str] = []
    for item in turn.context:
        parts = item.get("content") or item.get("output")
        for part in parts if isinstance(parts, list) else (parts,):
            if isinstance(part, Measured) and part.seen:
                seen.append(part.seen)
    return seen


def _mcp_call(turn: Turn, prompt: str) -> list[Step]:
    """Return a call of the MCP tool that the prompt touches most, searching for what the prompt says."""
    offered = mcp.on_offer(turn)
    about = [f"{tool['name'].replace('_', ' ')} {tool.get('description') or ''}" for _, tool in offered]
    found = documents.rank(prompt, about)
    if not found and not (offered and turn.must_call):
        return []
    label, tool = offered[found[0].index if found else 0]
    schema = tool.get("input_schema")
    arguments = json.loads(examples.write(schema if isinstance(schema, dict) else {"type": "object"}, prompt))
    arguments = {name: prompt if name in ("query", "question") else value for name, value in arguments.items()}
    return [Hosted("mcp", {"server": label, "name": tool["name"], "arguments": arguments})]


def custom_input(text_format: dict[str, Any], prompt: str) -> str | None:
    """Return an input for a custom tool: what the prompt quotes or says, if a grammar takes it, else a sentence of it.

    None where no sentence of the grammar was found.
    """
    if text_format["type"] != "grammar":
        return prompt
    syntax, definition = text_format["syntax"], text_format["definition"]
    compiled = grammars.grammar(syntax, definition)
    for quoted in (*_QUOTED.findall(prompt), prompt):
        said = next(filter(None, quoted), "") if isinstance(quoted, tuple) else quoted
        if said and grammars.accepts(compiled, said):
            return said
    return grammars.sentence(syntax, definition)


def touches(prompt: str, tool: dict[str, Any]) -> bool:
    """Whether a prompt shares a word of four letters or more with a tool's name or description."""
    words = set(re.findall(r"[a-z]{4,}", prompt.lower()))
    about = f"{tool['name'].replace('_', ' ')} {tool.get('description') or ''}".lower()
    return any(word.rstrip("s") in about for word in words - _COMMON)


_COMMON = {
    "what",
    "when",
    "where",
    "which",
    "with",
    "that",
    "this",
    "have",
    "from",
    "your",
    "please",
    "about",
    "like",
    "does",
    "will",
    "would",
    "there",
    "some",
    "into",
    "than",
    "then",
    "they",
    "them",
    "tell",
    "give",
    "show",
    "find",
    "make",
    "call",
    "tool",
    "function",
    "given",
    "using",
    "should",
    "could",
    "current",
    "today",
    "know",
    "many",
    "much",
    "need",
    "want",
    "used",
    "returns",
    "return",
    "value",
    "list",
}


def page(turn: Turn, prompt: str, answered: list[tuple[dict[str, Any], dict[str, Any]]], advice: str) -> str:
    """Return the page: Markdown, short enough to read at a glance. `advice`: how to hear a real model."""
    request = turn.request
    lines = [
        "**No model is here.** This answer comes from the simulator: nobody has scripted an answer to this prompt, so "
        "instead it shows what the service saw.",
        "",
    ]
    if answered:
        lines += ["Your tool answered:", ""]
        lines += [f"- `{call.get('name') or call['type']}` → {_short(text_of(output))}" for call, output in answered]
        lines += ["", "A model would now put that into words.", ""]
    hosted = [(item.get("name") or item["type"], hosted_text(item)) for item in turn.output]
    if called := [(name, text) for name, text in hosted if text is not None]:
        lines += ["The service called, and was answered:", ""]
        lines += [f"- `{name}` → {_short(text)}" for name, text in called]
        lines += ["", "A model would now put that into words.", ""]
    for wanted, reason in mcp.denied(turn.context):
        because = f", because: {_short(reason)}" if reason else ""
        lines += [f"You did not approve the call of `{wanted['name']}`{because}. So it was not made.", ""]
    lines += ["| What the service saw | |", "|---|---|", f"| Last user message | {_short(prompt) or '(none)'} |"]
    instructions = turn.instructions()
    lines.append(f"| Instructions in force | {_short(' / '.join(instructions)) if instructions else 'none'} |")
    lines.append(f"| In the context | {_context(turn)} |")
    if seen := _attached(turn):
        lines.append(f"| Pictures and files | {_short('; '.join(seen))} |")
    if turn.remembered:
        lines.append(f"| Carried on by compaction | {_short(' / '.join(turn.remembered))} |")
    offered = ", ".join(f"`{tool.get('name') or tool.get('server_label') or tool['type']}`" for tool in turn.tools)
    choice = request.tool_choice if isinstance(request.tool_choice, str) else request.tool_choice["type"]
    lines.append(f"| Tools on offer | {f'{offered} (tool_choice: {choice})' if offered else 'none'} |")
    settings = [f"model `{request.deployment}`", f"format `{request.text['format']['type']}`"]
    if request.effort:
        settings.append(f"effort `{request.effort}`")
    if request.text["verbosity"] != "medium":
        settings.append(f"verbosity `{request.text['verbosity']}`")
    if not request.store:
        settings.append("`store: false`")
    lines.append(f"| Settings | {', '.join(settings)} |")
    lines.append(f"| Input tokens | {turn.input_tokens:,} |")
    if request.text["verbosity"] == "low":  # as a model would: less of the same
        return "\n".join([lines[0].partition(":")[0] + ".", *lines[1:]])
    lines += [
        "",
        f"Next, a model would {_next(turn, answered)}",
        "",
        f"To hear a real one: {advice}",
    ]
    return "\n".join(lines)


def _context(turn: Turn) -> str:
    counts: dict[str, int] = {}
    for item in turn.context:
        name = f"{item['role']} message" if item["type"] == "message" else str(item["type"])
        counts[name] = counts.get(name, 0) + 1
    return ", ".join(f"{number} × {name}" for name, number in counts.items()) or "nothing"


def _next(turn: Turn, answered: list[tuple[dict[str, Any], dict[str, Any]]]) -> str:
    if answered:
        return "answer from the tool output above, or call another tool."
    if any(toolbox.matches({"type": tool["type"], "name": tool.get("name")}, tool) for tool in turn.tools):
        return "decide whether one of the tools helps, or answer from what it knows."
    return "answer this prompt in words."


def _short(text: str, most: int = 160) -> str:
    flat = " ".join(text.split()).replace("|", "\\|").replace("`", "'")
    return flat if len(flat) <= most else flat[: most - 1] + "…"
