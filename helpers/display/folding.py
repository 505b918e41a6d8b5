"""Long text and JSON, folded and cut so that no tool result fills a notebook."""

from helpers.display.blocks import Block, Code, Fold
from helpers.display.shapes import parsed, pretty, shortened
from helpers.display.text import count, cut

LONG = 400  # characters; more than this folds
CAP = 4_000  # characters; more than this is cut


def long(text: str, what: str) -> Block:
    """Code or output, folded when it is long."""
    text = text.rstrip("\n")
    block = Code(cut(text, CAP))
    lines = text.count("\n") + 1
    if len(text) <= LONG and lines <= 12:
        return block
    return Fold(f"{what}, {count(lines, 'line')}, {count(len(text), 'character')}", [block])


def as_json(value: object, what: str = "as JSON") -> Block:
    """A value, or a string that holds JSON, as JSON to read. What is cut anyway is not parsed."""
    if isinstance(value, str) and len(value) > 20 * CAP:
        return long(value, what)
    return long(pretty(shortened(parsed(value), CAP)), what)
