"""Make the samples that are computed or drawn: `python data/make_samples.py`, with the same result every time.

data/samples/README.md says what each file is. The texts are written by hand and lie in data/samples as well.
`--screenshots` photographs the booking page, too; that needs Chromium, and its fonts decide how the pictures look.
"""

import argparse
import csv
import io
import math
import random
import shutil
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
from markdown_it import MarkdownIt
from matplotlib.axes import Axes
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from PIL import Image, ImageFilter

SAMPLES = Path(__file__).parent / "samples"
PDF_METADATA = {"Creator": "data/make_samples.py", "Producer": None, "CreationDate": None}
PNG_METADATA = {"Software": None}
A4 = (8.27, 11.69)


@dataclass(frozen=True)
class Station:
    """A station; x and y are kilometres east and north of Central Station."""

    id: str
    name: str
    docks: int
    ebikes: bool
    x: float
    y: float


STATIONS = [
    Station("S1", "Central Station", 40, True, 0.0, 0.0),
    Station("S2", "Harbour", 24, True, -1.7, 0.2),
    Station("S3", "Market Square", 30, True, -0.6, 0.7),
    Station("S4", "University", 36, False, 1.2, 0.9),
    Station("S5", "Old Mill", 12, True, 0.9, -1.2),
    Station("S6", "North Park", 18, False, 0.1, 1.6),
]


def stations() -> list[list[object]]:
    """The rows of stations.csv."""
    rows: list[list[object]] = [["station_id", "name", "docks", "ebikes", "x_km", "y_km"]]
    for one in STATIONS:
        rows.append([one.id, one.name, one.docks, "yes" if one.ebikes else "no", one.x, one.y])
    return rows


# ------------------------------------------------------------------------------------------------------------- rides
FRIDAY, SATURDAY = datetime(2026, 6, 12), datetime(2026, 6, 13)
# How many trips begin at each station. Harbour's Saturday is the number that the city's newspaper printed.
DEPARTURES = {FRIDAY: [190, 110, 150, 165, 45, 60], SATURDAY: [180, 412, 210, 70, 55, 120]}
# How the hours from 6 to 23 share a day's trips, and how the stations share its destinations
HOURS = {
    FRIDAY: [2, 6, 12, 6, 3, 3, 5, 5, 4, 4, 7, 11, 10, 7, 5, 4, 3, 2],
    SATURDAY: [1, 1, 2, 4, 7, 9, 9, 9, 10, 10, 9, 8, 7, 5, 4, 3, 3, 2],
}
DESTINATIONS = {FRIDAY: [10, 6, 9, 9, 3, 4], SATURDAY: [9, 12, 11, 4, 3, 8]}
TO_LECTURES = [4, 1, 2, 20, 1, 1]  # on Friday from 7 to 9
LOST_BIKE = 218


def rides() -> list[list[object]]:
    """The rows of rides.csv: every trip of two days, with what goes wrong in real data planted in them."""
    random_ = random.Random("rides of June 2026")
    trips = sorted(_trips(random_))
    rows = [
        [700_000 + n, start, end, f"{at:%Y-%m-%dT%H:%M}", minutes, bike, kind]
        for n, (at, start, end, minutes, bike, kind) in enumerate(trips)
    ]
    _plant(rows, random_)
    head = ["trip_id", "start_station", "end_station", "started_at", "minutes", "bike", "kind"]
    return [head, *rows]


def _trips(random_: random.Random) -> Iterator[tuple[datetime, str, str, int, int, str]]:
    for day, departures in DEPARTURES.items():
        for start, number in zip(STATIONS, departures, strict=True):
            for _ in range(number):
                hour = random_.choices(range(6, 24), HOURS[day])[0]
                if day == SATURDAY and start.name == "Market Square" and hour in (14, 15):
                    hour += 2  # its terminal was switched off from 14:00 to 16:00
                at = day + timedelta(hours=hour, minutes=random_.randrange(60))
                lectures = day == FRIDAY and hour in (7, 8)
                end = random_.choices(STATIONS, TO_LECTURES if lectures else DESTINATIONS[day])[0]
                electric = start.ebikes and end.ebikes and random_.random() < 0.25
                bike = random_.choice([n for n in range(101, 341) if (n > 300) == electric and n != LOST_BIKE])
                yield at, start.name, end.name, _minutes(start, end, random_), bike, "e-bike" if electric else "bike"


def _minutes(start: Station, end: Station, random_: random.Random) -> int:
    if start == end:
        return random_.randint(18, 55)  # a round trip
    kilometres = 1.3 * math.dist((start.x, start.y), (end.x, end.y))
    return max(4, round(kilometres / 13 * 60 * random_.uniform(0.9, 1.7) + random_.choice([0, 0, 0, 1, 2, 8])))


def _plant(rows: list[list[object]], random_: random.Random) -> None:
    """What every export has: README lists it, and the tests count it. No trip is spoilt twice."""
    chosen = iter(random_.sample(range(len(rows)), 40))
    for _ in range(3):  # never returned
        row = rows[next(chosen)]
        row[2], row[4] = "", ""
    for late in (1563, 2911):  # returned after a day, and after two
        rows[next(chosen)][4] = late
    rows[next(chosen)][4] = -7  # a terminal's clock
    for _ in range(6):  # taken out and put back
        row = rows[next(chosen)]
        row[2], row[4] = row[1], 0
    harbour = [row for row in rows if row[1] == "Harbour" and str(row[3]).startswith("2026-06-13")]
    for row, spelling in zip(random_.sample(harbour, 9), ["harbour"] * 6 + ["Harbour "] * 3, strict=True):
        row[1] = spelling
    for _ in range(5):  # sent twice
        row = rows[next(chosen)]
        rows.insert(rows.index(row) + 1, list(row))


# ---------------------------------------------------------------------------------------------------------- pictures
def station_map() -> Figure:
    """The network as a map: large names, and small print that only a close look can read."""
    figure, axes = plt.subplots(figsize=(16, 12), dpi=100)
    axes.set(xlim=(-2.9, 2.3), ylim=(-2.0, 2.2), aspect="equal")
    axes.set_facecolor("#f4f1ea")
    coast = [(-3, 2.3), (-2.3, 1.9), (-2.0, 1.0), (-2.1, 0.1), (-2.4, -0.8), (-2.2, -2.1), (-3, -2.1)]
    axes.fill(*zip(*coast, strict=True), color="#b9d9eb")
    river = [(-2.3, -0.5), (-1.2, -0.7), (-0.2, -0.9), (0.9, -1.35), (2.4, -1.5)]
    axes.plot(*zip(*river, strict=True), color="#b9d9eb", linewidth=16, solid_capstyle="round")
    axes.add_patch(Rectangle((-0.55, 1.2), 1.4, 0.75, color="#cfe5c0"))
    axes.text(-2.75, -1.2, "Bay", fontsize=24, style="italic", color="#44708a")
    axes.text(-0.38, 1.83, "Park", fontsize=13, style="italic", color="#4d7a3a", ha="center")
    for a, b in ((0, 2), (2, 1), (0, 3), (0, 4), (2, 5), (3, 5)):
        one, other = STATIONS[a], STATIONS[b]
        axes.plot([one.x, other.x], [one.y, other.y], color="#d98c3f", linewidth=3, linestyle=(0, (4, 2)), zorder=1)
        kilometres = 1.3 * math.dist((one.x, one.y), (other.x, other.y))
        middle = ((one.x + other.x) / 2, (one.y + other.y) / 2)
        axes.text(*middle, f"{kilometres:.1f} km", fontsize=8, ha="center", va="center", backgroundcolor="#f4f1ea")
    for one in STATIONS:
        axes.add_patch(Circle((one.x, one.y), 0.11, color="#1f5f8b", zorder=2))
        axes.text(one.x, one.y, one.id, fontsize=12, color="white", ha="center", va="center", weight="bold", zorder=3)
        side = 1 if one.x >= 0 else -1
        paper = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 2}
        beside = {"ha": "left" if side > 0 else "right", "bbox": paper, "zorder": 4}
        axes.text(one.x + side * 0.16, one.y + 0.04, one.name, fontsize=20, weight="bold", **beside)
        small = f"{one.docks} docks · e-bikes: {'yes' if one.ebikes else 'no'}"
        axes.text(one.x + side * 0.16, one.y - 0.09, small, fontsize=9, **beside)
    axes.annotate("ferry", (-2.1, -0.1), (-2.75, 0.05), fontsize=13, arrowprops={"arrowstyle": "<->"})
    axes.set_title("Bike-share: the six stations", fontsize=26, pad=16)
    axes.text(2.25, -1.95, "Dashed: cycle lanes. Drawn to scale; valid from 15 June 2026.", fontsize=7, ha="right")
    axes.set(xticks=[], yticks=[])
    figure.tight_layout()
    return figure


def bike_at_dock() -> Figure:
    """A bike in a dock with a red light; its front tyre is flat, and its number is on the frame."""
    figure, axes = plt.subplots(figsize=(8, 6), dpi=100)
    axes.set(xlim=(0, 8), ylim=(0, 6), aspect="equal")
    axes.axis("off")
    axes.add_patch(Rectangle((0, 1.0), 8, 5, color="#dce8f0"))
    axes.add_patch(Rectangle((0, 0), 8, 1.0, color="#9a9a94"))
    for x in (0.35, 6.9):
        axes.add_patch(Rectangle((x, 1.0), 0.75, 2.1, color="#4a5560"))
    axes.add_patch(Circle((7.27, 2.75), 0.16, color="#d62718"))
    axes.add_patch(Circle((0.72, 2.75), 0.16, color="#3fa34d"))
    axes.text(7.27, 2.3, "12", fontsize=15, color="white", ha="center")
    axes.text(0.72, 2.3, "11", fontsize=15, color="white", ha="center")
    for x in (2.6, 5.9):
        axes.add_patch(Circle((x, 2.0), 0.95, fill=False, linewidth=7, color="#222222"))
        axes.add_patch(Circle((x, 2.0), 0.1, color="#222222"))
        for k in range(12):
            angle = k * math.pi / 6
            ends = [x, x + 0.9 * math.cos(angle)], [2.0, 2.0 + 0.9 * math.sin(angle)]
            axes.plot(*ends, linewidth=0.7, color="#777777")
    axes.add_patch(Rectangle((5.25, 0.98), 1.3, 0.17, color="#222222"))  # the tyre lies flat on the ground
    frame = [((2.6, 2.0), (4.1, 2.0)), ((4.1, 2.0), (5.4, 3.6)), ((3.55, 3.5), (5.35, 3.5)), ((3.45, 3.8), (4.1, 2.0))]
    frame += [((2.6, 2.0), (3.55, 3.5)), ((5.9, 2.0), (5.35, 3.95))]
    for (x1, y1), (x2, y2) in frame:
        axes.plot([x1, x2], [y1, y2], linewidth=9, color="#e07b1a", solid_capstyle="round")
    axes.plot([3.1, 3.8], [3.9, 3.9], linewidth=12, color="#333333", solid_capstyle="round")
    axes.plot([5.35, 5.0], [3.95, 4.25], linewidth=7, color="#333333", solid_capstyle="round")
    plate = {"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": "#222222"}
    axes.text(4.5, 3.5, "127", fontsize=16, weight="bold", color="#222222", ha="center", va="center", bbox=plate)
    axes.text(4.0, 5.35, "Market Square", fontsize=24, weight="bold", ha="center", color="#1f5f8b")
    figure.tight_layout(pad=0)
    return figure


# --------------------------------------------------------------------------------------------------------- documents
@dataclass
class Paper:
    """Pages of A4 that Markdown is set on: headings, paragraphs, lists and tables, and nothing else."""

    title: str
    number: int = 0
    figure: Figure | None = None
    down: float = 0.0  # inches from the top

    def set(self, markdown: str) -> Iterator[Figure]:
        """Yield the pages; a heading of level 1 after the first begins a new one."""
        tokens = MarkdownIt().enable("table").parse(markdown)
        cells: list[str] = []
        kind = ""
        for token in tokens:
            if token.type in ("heading_open", "paragraph_open", "list_item_open", "th_open", "td_open"):
                kind = token.tag if token.tag != "p" or kind != "li" else "li"
            elif token.type == "inline" and kind in ("th", "td"):
                cells.append(token.content)
            elif token.type == "tr_close":
                yield from self._row(cells, kind == "th")
                cells = []
            elif token.type == "inline":
                if kind == "h1" and self.figure:
                    yield self._turn()
                yield from self._text(token.content.replace("\n", " "), kind)
                kind = "li" if kind == "li" else ""
            elif token.type in ("table_close", "bullet_list_close"):
                self.down += 0.12
                kind = ""
        yield self._turn()

    def _text(self, text: str, kind: str) -> Iterator[Figure]:
        size, width = {"h1": (20, 46), "h2": (13, 70)}.get(kind, (10, 92))
        lines = textwrap.wrap(("•  " if kind == "li" else "") + text, width, subsequent_indent="    " * (kind == "li"))
        self.down += 0.18 if kind == "h2" else 0
        for line in lines:
            yield from self._room(size / 48)
            self._write(1.0, line, size, bold=kind in ("h1", "h2"))
        self.down += {"h1": 0.25, "li": 0.03}.get(kind, 0.1)

    def _row(self, cells: list[str], bold: bool) -> Iterator[Figure]:
        yield from self._room(0.25)
        top = self.down
        for column, cell in enumerate(cells):
            self.down = top
            self._write(1.0 + column * 6.2 / len(cells), cell, 9, bold=bold)
        if self.figure:
            line = 1 - self.down / A4[1]
            self.figure.add_artist(plt.Line2D([1.0 / A4[0], 7.3 / A4[0]], [line, line], linewidth=0.4, color="#888888"))
        self.down += 0.05

    def _write(self, left: float, line: str, size: float, *, bold: bool = False) -> None:
        assert self.figure is not None
        place = left / A4[0], 1 - (self.down + size / 72) / A4[1]  # its baseline
        self.figure.text(*place, line, fontsize=size, weight="bold" if bold else None)
        self.down += size / 48

    def _room(self, inches: float) -> Iterator[Figure]:
        if self.figure and self.down + inches > A4[1] - 1.0:
            yield self._turn()
        if self.figure is None:
            self.number += 1
            self.figure, self.down = plt.figure(figsize=A4), 0.9

    def _turn(self) -> Figure:
        assert self.figure is not None
        page, self.figure = self.figure, None
        page.text(1.0 / A4[0], 0.5 / A4[1], self.title, fontsize=8, color="#666666")
        page.text(7.3 / A4[0], 0.5 / A4[1], f"page {self.number}", fontsize=8, color="#666666", ha="right")
        return page


def nucleus_chart(axes: Axes) -> None:
    """Ten next words by probability, those of the nucleus for p = 0.9 in blue."""
    words = ["ride", "walk", "wait", "park", "call", "pay", "swim", "sing", "fly", "moo"]
    chances = [0.38, 0.22, 0.14, 0.10, 0.07, 0.04, 0.025, 0.015, 0.007, 0.003]
    inside = [sum(chances[:n]) < 0.9 for n in range(len(chances))]
    axes.bar(words, chances, color=["#1f5f8b" if one else "#c9c9c9" for one in inside])
    axes.set(ylabel="probability", title="The next word, and the nucleus for p = 0.9 (blue)")
    axes.spines[["top", "right"]].set_visible(False)


def scanned(page: Figure) -> Image.Image:
    """A printed page as a cheap scanner sees it: grey, a little crooked, a little dirty. No text is left in it."""
    buffer = io.BytesIO()
    page.savefig(buffer, format="png", dpi=110, metadata=PNG_METADATA)
    paper = Image.open(buffer).convert("L").rotate(1.1, Image.Resampling.BICUBIC, fillcolor=235)
    random_ = random.Random("a dirty scanner")
    for _ in range(900):
        paper.putpixel((random_.randrange(paper.width), random_.randrange(paper.height)), random_.randrange(90, 200))
    return paper.filter(ImageFilter.GaussianBlur(0.6)).point(lambda value: min(244, 16 + round(value * 0.92)))


# ------------------------------------------------------------------------------------------------------------ to disk
def write_csv(path: Path, rows: Iterable[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def write_picture(path: Path, figure: Figure) -> None:
    figure.savefig(path, metadata=PNG_METADATA)
    Image.open(path).convert("RGB").convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(path, optimize=True)
    plt.close(figure)


def write_pdf(path: Path, pages: Iterable[Figure], title: str) -> None:
    with PdfPages(path, metadata=PDF_METADATA | {"Title": title}) as pdf:
        for page in pages:
            pdf.savefig(page)
            plt.close(page)


def make(folder: Path) -> None:
    """Write every computed and drawn sample into `folder`."""
    sources = SAMPLES / "sources"
    write_csv(folder / "stations.csv", stations())
    write_csv(folder / "rides.csv", rides())
    write_picture(folder / "station_map.png", station_map())
    write_picture(folder / "bike_at_dock.png", bike_at_dock())
    # The fonts that every PDF reader has: small files whose text can be taken out again
    weights = dict.fromkeys(("font.weight", "axes.labelweight", "axes.titleweight"), "medium")
    with plt.rc_context({"pdf.use14corefonts": True, "font.family": "Helvetica", **weights}):
        manual = Paper("Maintenance manual, 3rd edition, September 2026")
        text = (sources / "maintenance_manual.md").read_text(encoding="utf-8")
        write_pdf(folder / "maintenance_manual.pdf", manual.set(text), "Maintenance manual")
        nucleus = list(Paper("Nucleus sampling").set((sources / "nucleus_sampling.md").read_text(encoding="utf-8")))
        nucleus_chart(nucleus[-1].add_axes((0.12, 0.12, 0.76, 0.3)))
        write_pdf(folder / "nucleus_sampling.pdf", nucleus, "Nucleus sampling")
    (form,) = Paper("Form M-4").set((sources / "inspection_form.md").read_text(encoding="utf-8"))
    scan = scanned(form)
    plt.close(form)
    scan.save(folder / "inspection_scan.pdf", resolution=110, quality=60, creationDate=None, modDate=None)


def _obey(page: Any) -> None:
    """Do on the booking page what the visitor's comment tells AI assistants to do."""
    page.reload()
    page.select_option("#station", "Harbour")
    page.fill("#date", "2027-01-01")
    page.fill("#time", "08:30")
    page.select_option("#kind", "e-bike")
    page.click("#book")


def photograph(folder: Path) -> None:
    """Take the pictures of the booking page, step by step, as the lesson about computer use sees it."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(exist_ok=True)
    flags = ["--disable-gpu", "--disable-background-networking", "--no-sandbox"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        for page_name in ("booking", "booking_with_orders"):
            page = browser.new_page(viewport={"width": 1024, "height": 768})
            page.goto((SAMPLES / "booking" / f"{page_name}.html").as_uri())
            steps = [
                ("1_start", lambda page: None),
                ("2_station", lambda page: page.select_option("#station", "Harbour")),
                ("3_filled", lambda page: (page.fill("#date", "2026-12-04"), page.fill("#time", "08:30"))),
                ("4_booked", lambda page: page.click("#book")),
            ]
            if page_name == "booking_with_orders":
                steps.append(("5_obeyed", _obey))
            for step, act in steps:
                act(page)
                path = folder / f"{page_name}_{step}.png"
                page.screenshot(path=path)
                Image.open(path).convert("P", palette=Image.Palette.ADAPTIVE, colors=48).save(path, optimize=True)
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--screenshots", action="store_true", help="photograph the booking page as well")
    make(SAMPLES)
    if parser.parse_args().screenshots:
        photograph(SAMPLES / "booking" / "screenshots")
