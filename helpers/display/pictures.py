"""Pictures, small enough for a notebook. A picture that is somewhere else is named and never fetched."""

import base64
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from io import BytesIO

from helpers.display.blocks import Block, Line
from helpers.display.inline import Mono
from helpers.display.text import one_line, size

_SIDE = 384  # pixels of the longer side: about 20 kB as WebP
_MOST = 40_000_000  # pixels that are decoded at all; a "bomb" of a few kB can claim billions


@dataclass
class Picture:
    """A picture that is carried inside the output (never fetched), with its text alternative."""

    uri: str
    alt: str
    width: int | None = None

    def html(self) -> str:
        width = f' width="{self.width}"' if self.width else ""
        return f'<p style="margin:.4em 0"><img src="{escape(self.uri)}" alt="{escape(self.alt)}"{width}></p>'

    def plain(self) -> str:
        return f"(picture: {self.alt})"


@lru_cache(maxsize=8)  # a stream draws the same picture many times
def picture(uri: str, alt: str) -> Block:
    """The picture in a data: address as a thumbnail; any other address as words."""
    head, comma, data = uri.partition(",")
    if not (comma and head.startswith("data:image/") and head.endswith(";base64")):
        return Line(["picture, not loaded: ", Mono(one_line(uri, 120))])
    try:
        raw = base64.b64decode(data, validate=False)
    except ValueError as error:
        return Line(f"a picture that is not base64: {error}")
    return from_bytes(raw, alt)


def from_bytes(raw: bytes, alt: str) -> Block:
    """The picture in these bytes (PNG, JPEG, WebP, GIF) as a thumbnail with its size in the alternative text."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(raw), formats=["PNG", "JPEG", "WEBP", "GIF"]) as image:
            width, height = image.size
            if width * height > _MOST:
                return Line(f"a picture of {width}×{height} pixels ({size(len(raw))}) is too large to show here")
            thumb = image.convert("RGBA" if "A" in image.getbands() or image.mode == "P" else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        return Line(f"picture data that cannot be read ({size(len(raw))}): {one_line(error, 120)}")
    thumb.thumbnail((_SIDE, _SIDE))
    small = BytesIO()
    thumb.save(small, "WEBP", quality=80)
    words = f"{alt} ({width}×{height}, {size(len(raw))})"
    return Picture("data:image/webp;base64," + base64.b64encode(small.getvalue()).decode(), words, thumb.width)
