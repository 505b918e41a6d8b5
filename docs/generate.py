"""Write the pages of this folder that come from data: `make reference`."""

from __future__ import annotations

import sys

from . import guide_map, reference
from .tables import ROOT, DataError

PAGES = {"reference.md": reference.page, "what_changed.md": guide_map.page}


def main() -> int:
    """Write the pages; 1 where the data has a fault, which is printed."""
    try:
        texts = {name: make() for name, make in PAGES.items()}
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    for name, text in texts.items():
        (ROOT / "docs" / name).write_text(text, encoding="utf-8")
        print(f"docs/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
