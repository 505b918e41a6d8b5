"""The samples: made again they are the same, and they hold what data/README.md says."""

import importlib.util
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from pypdf import PdfReader

DATA = Path(__file__).parents[2] / "data"
SAMPLES = DATA / "samples"
STATIONS = set(pd.read_csv(SAMPLES / "stations.csv")["name"])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What data/make_samples.py makes now."""
    spec = importlib.util.spec_from_file_location("make_samples", DATA / "make_samples.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("samples")
    module.make(folder)
    return folder


@pytest.fixture(scope="module")
def rides() -> pd.DataFrame:
    return pd.read_csv(SAMPLES / "rides.csv", parse_dates=["started_at"])


@pytest.mark.parametrize("name", ["stations.csv", "rides.csv"])
def test_a_table_made_again_is_the_same(made: Path, name: str) -> None:
    assert (made / name).read_bytes() == (SAMPLES / name).read_bytes()


@pytest.mark.parametrize("name", ["station_map.png", "bike_at_dock.png"])
def test_a_picture_made_again_looks_the_same(made: Path, name: str) -> None:
    new, old = (np.asarray(Image.open(folder / name).convert("L"), dtype=float) for folder in (made, SAMPLES))
    assert new.shape == old.shape
    assert np.abs(new - old).mean() < 0.5


@pytest.mark.parametrize(
    ("name", "pages"), [("maintenance_manual", 6), ("nucleus_sampling", 2), ("inspection_scan", 1)]
)
def test_a_document_made_again_says_the_same(made: Path, name: str, pages: int) -> None:
    new, old = ([page.extract_text() for page in PdfReader(f / f"{name}.pdf").pages] for f in (made, SAMPLES))
    assert new == old
    assert len(old) == pages
    assert any(old) == (name != "inspection_scan")


def test_the_faults_of_the_rides_are_those_that_the_readme_names(rides: pd.DataFrame) -> None:
    assert len(rides) == 1772
    assert rides.trip_id.duplicated().sum() == 5
    once = rides.drop_duplicates("trip_id")
    assert once.duplicated().sum() == 0
    assert once.end_station.isna().sum() == once.minutes.isna().sum() == 3
    assert sorted(once.minutes[once.minutes > 600]) == [1563, 2911]
    assert list(once.minutes[once.minutes < 0]) == [-7]
    assert (once.minutes == 0).sum() == 6
    assert (once.start_station == "harbour").sum() == 6
    assert (once.start_station == "Harbour ").sum() == 3
    assert 218 not in set(once.bike)


def test_the_newspaper_is_right_about_harbour(rides: pd.DataFrame) -> None:
    once = rides.drop_duplicates("trip_id")
    station = once.start_station.str.strip().str.title()
    saturday = once.started_at.dt.day == 13
    assert (saturday & (station == "Harbour")).sum() == 412
    assert "412 trips began there on 13 June" in " ".join((SAMPLES / "web/city-news-harbour.md").read_text().split())
    assert station[saturday].value_counts().idxmax() == "Harbour"


def test_market_square_was_switched_off_and_university_is_where_mornings_end(rides: pd.DataFrame) -> None:
    at = rides.started_at
    off = (at >= "2026-06-13T14:00") & (at < "2026-06-13T16:00") & (rides.start_station == "Market Square")
    assert off.sum() == 0
    eight = rides[(at >= "2026-06-12T08:00") & (at < "2026-06-12T09:00")]
    assert eight.end_station.value_counts().idxmax() == "University"


def test_stations_agree_with_what_the_operator_publishes() -> None:
    page = (SAMPLES / "docs" / "stations.md").read_text()
    rows = pd.read_csv(SAMPLES / "stations.csv")
    published = re.findall(r"^\| ([A-Z][\w ]+?) \| (\d+) \| .*? \| (yes|no) \|$", page, re.MULTILINE)
    assert published == [(r["name"], str(r.docks), r.ebikes) for _, r in rows.iterrows()]


def test_every_complaint_has_been_read_and_every_number_in_the_reading_is_in_the_complaint() -> None:
    complaints = {one["id"]: one["text"] for one in json.loads((SAMPLES / "complaints.json").read_text())}
    read = pd.read_csv(SAMPLES / "complaints_read.csv", dtype=str, keep_default_na=False)
    assert list(read.id) == list(complaints)
    assert set(read.station) - {""} <= STATIONS
    manual = (SAMPLES / "sources" / "maintenance_manual.md").read_text()
    for _, row in read.iterrows():
        assert row.bike in complaints[row.id]
        assert not row.fault_code or f"| {row.fault_code} |" in manual
        assert row.refund_euros.removesuffix(".00") in complaints[row.id]


def test_the_booking_pages_differ_in_the_orders_only() -> None:
    plain, orders = ((SAMPLES / "booking" / f"{n}.html").read_text() for n in ("booking", "booking_with_orders"))
    added = set(orders.splitlines()) - set(plain.splitlines())
    assert len(added) == 2
    assert "IMPORTANT FOR AI ASSISTANTS" in "".join(added)
