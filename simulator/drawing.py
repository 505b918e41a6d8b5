"""Draws the pictures of image_generation: a stand-in that says so, the same for the same prompt, small in bytes."""

from __future__ import annotations

import hashlib
import io
import math
import textwrap
from typing import TYPE_CHECKING

from .images import Wanted

if TYPE_CHECKING:
    from PIL.Image import Image

SAYS = "STAND-IN: drawn by the simulator, no model"
_MOST_PIXELS = 50_000_000  # of a picture that is read
_SKIES = ("#cfe8f3", "#fde3c8", "#d9d2f0", "#d6efd8", "#f6d5dc")
_HILLS = ("#4d7c5b", "#8a6f4d", "#4a6b8a", "#7a5c86", "#63803f")
_THINGS = ("#e07a2f", "#2f7ae0", "#c23b5a", "#f0b429", "#2b9d8f")


class NoPicture(ValueError):
    """Bytes that are no picture, or one too large."""


def draw(prompt: str, wanted: Wanted, base: bytes | None = None, mask: bytes | None = None) -> Image:
    """Return the picture for a prompt; with `base`, that picture with the prompt put on it, where `mask` lets it.

    `mask`: a picture whose transparent part is what may change. Raises NoPicture for bytes that are none.
    """
    size = (wanted.width, wanted.height)
    if base is None:
        return _say(_scene(prompt, size, wanted.background == "transparent"), prompt)
    picture = opened(base).convert("RGBA").resize(size)
    _put(picture, prompt, _free(mask, size))
    return _say(picture, f"Edit: {prompt}")


def partial(picture: Image, number: int, of: int) -> Image:
    """Return the picture as it looks after `number` of `of` steps (from 0): coarse, then finer."""
    from PIL import Image as Pillow

    cells = 8 * 4 ** (number * 3 // max(of, 1) + 1)
    scale = min(1.0, cells / max(picture.size))
    small = picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))
    return small.resize(picture.size, Pillow.Resampling.NEAREST)


def encoded(picture: Image, wanted: Wanted) -> bytes:
    """Return the file: few colours and no noise, so that it is small."""
    from PIL import Image as Pillow

    file = io.BytesIO()
    if wanted.output_format == "png":
        few = picture.quantize(colors=64, method=Pillow.Quantize.FASTOCTREE, dither=Pillow.Dither.NONE)
        few.save(file, "PNG", optimize=True)
    elif wanted.output_format == "webp":
        picture.save(file, "WEBP", quality=min(70, wanted.compression), method=2)
    else:
        flat = Pillow.new("RGB", picture.size, "white")
        flat.paste(picture, mask=picture.getchannel("A"))
        flat.save(file, "JPEG", quality=max(5, min(60, wanted.compression)), optimize=True)
    return file.getvalue()


def opened(data: bytes) -> Image:
    """Return the picture in some bytes; raises NoPicture."""
    from PIL import Image as Pillow

    try:
        picture = Pillow.open(io.BytesIO(data))
        if picture.width * picture.height > _MOST_PIXELS:
            raise NoPicture(f"{picture.width} x {picture.height} pixels are too many")
        picture.load()
    except (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError) as fault:
        raise NoPicture(str(fault)) from fault
    return picture


def _chosen(prompt: str) -> bytes:
    return hashlib.sha256(" ".join(prompt.lower().split()).encode()).digest()


def _scene(prompt: str, size: tuple[int, int], transparent: bool) -> Image:
    """A sky, a sun, two rows of hills and three round things: which of each, the prompt decides."""
    from PIL import Image as Pillow
    from PIL import ImageDraw

    width, height = size
    chosen = _chosen(prompt)
    picture = Pillow.new("RGBA", size, (0, 0, 0, 0) if transparent else _SKIES[chosen[0] % len(_SKIES)])
    pen = ImageDraw.Draw(picture)
    if not transparent:
        sun = width * (0.15 + 0.7 * chosen[1] / 255)
        radius = min(size) * 0.09
        pen.circle((sun, height * 0.22), radius, fill="#fff4c2")
        for row in range(2):
            colour = _HILLS[(chosen[2] + row) % len(_HILLS)]
            top = height * (0.45 + 0.13 * row)
            line = [
                (x, top + height * 0.07 * math.sin(x / width * (4 + chosen[3 + row] % 5) + chosen[5 + row]))
                for x in range(0, width + 16, 16)
            ]
            pen.polygon([*line, (width, height), (0, height)], fill=colour)
    for number in range(3):
        x = width * (0.2 + 0.3 * number + 0.1 * chosen[8 + number] / 255)
        radius = min(size) * (0.06 + 0.05 * chosen[11 + number] / 255)
        _thing(pen, (x, height * 0.66), radius, chosen[14 + number])
    return picture


def _thing(pen: object, at: tuple[float, float], radius: float, kind: int) -> None:
    from PIL import ImageDraw

    assert isinstance(pen, ImageDraw.ImageDraw)
    x, y = at
    colour = _THINGS[kind % len(_THINGS)]
    if kind % 3 == 0:
        pen.circle(at, radius, fill=colour)
    else:
        pen.regular_polygon((x, y, radius), 3 + kind % 4, rotation=kind, fill=colour)
    for side in (-1, 1):  # eyes: it is alive
        pen.circle((x + side * radius * 0.3, y - radius * 0.15), radius * 0.13, fill="#222222")


def _free(mask: bytes | None, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the box that may change: where the mask is transparent, else the middle."""
    width, height = size
    if mask is not None:
        alpha = opened(mask).convert("RGBA").resize(size).getchannel("A")
        box = alpha.point(lambda value: 255 if value < 128 else 0).getbbox()
        if box is not None:
            return box
    return (width * 3 // 8, height * 3 // 8, width * 5 // 8, height * 5 // 8)


def _put(picture: Image, prompt: str, box: tuple[int, int, int, int]) -> None:
    from PIL import ImageDraw

    pen = ImageDraw.Draw(picture)
    left, top, right, bottom = box
    chosen = _chosen(prompt)
    radius = max(4.0, min(right - left, bottom - top) * 0.4)
    _thing(pen, ((left + right) / 2, (top + bottom) / 2), radius, chosen[0])
    pen.rectangle(box, outline=_THINGS[chosen[0] % len(_THINGS)], width=max(2, min(picture.size) // 200))


def _say(picture: Image, words: str) -> Image:
    """Put the notice and the prompt at the foot of a picture."""
    from PIL import ImageDraw, ImageFont

    width, height = picture.size
    large, small = max(14, width // 34), max(11, width // 46)
    lines = textwrap.wrap(words, max(10, int(width / small * 1.75)), max_lines=3, placeholder=" …")
    top = height - round(large * 1.6 + small * 1.35 * len(lines) + small * 0.6)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, top, width, height), fill="#1f2430")
    pen.text((small, top + large * 0.3), SAYS, fill="#ffd166", font=ImageFont.load_default(large))
    for number, line in enumerate(lines):
        at = (small, top + large * 1.6 + number * small * 1.35)
        pen.text(at, line, fill="#ffffff", font=ImageFont.load_default(small))
    return picture
