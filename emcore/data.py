"""The data sets of the course. Every loader says where its data were published, and their units."""

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np

from . import validate

KINDS = {float: "number", str: "text"}
FOLDER = Path(__file__).parent / "datasets"


class Heights(NamedTuple):
    height: np.ndarray  # cm
    weight: np.ndarray  # kg
    sex: np.ndarray  # "F" or "M"


class OldFaithful(NamedTuple):
    eruption: np.ndarray  # minutes
    waiting: np.ndarray  # minutes


def coins() -> np.ndarray:
    """Heads in five sets of ten tosses, shape (5,). Source: Do & Batzoglou (2008), figure 1."""
    return np.array([5.0, 9.0, 8.0, 4.0, 7.0])


def one_bump() -> np.ndarray:
    """Thirty made-up points in one heap, shape (30,): two evenly spaced rows, not a random sample."""
    return np.sort(np.concatenate([np.linspace(1, 3, 15), np.linspace(1.5, 2, 15)]))


def two_bumps() -> np.ndarray:
    """Forty made-up points in two heaps of twenty, shape (40,): evenly spaced rows, not a random sample."""
    low = [np.linspace(1, 3, 10), np.linspace(1.5, 2, 10)]
    high = [np.linspace(5, 10, 10), np.linspace(6.5, 8.5, 10)]
    return np.sort(np.concatenate(low + high))


def heights() -> Heights:
    """Height (cm), weight (kg) and sex of 112 women and 88 men, each of shape (200,).

    Source: C. Davis, as `Davis` in R's carData (see Appetite 15 (1990) 13-21); one person's exchanged
    height and weight are put right.
    """
    return Heights(*read_csv(FOLDER / "heights.csv", height_cm=float, weight_kg=float, sex=str))


def old_faithful() -> OldFaithful:
    """Length of 272 eruptions of a geyser and the waiting time to the next (minutes), each (272,).

    Source: `faithful` in R, from Haerdle, Smoothing Techniques (1991); a longer record is in Azzalini &
    Bowman, Applied Statistics 39 (1990) 357-365.
    """
    return OldFaithful(*read_csv(FOLDER / "old_faithful.csv", eruption_min=float, waiting_min=float))


def linkage() -> np.ndarray:
    """Animals in four cells of a genetic cross, shape (4,). Source: Dempster, Laird & Rubin (1977)."""
    return np.array([125.0, 18.0, 20.0, 34.0])


def death_notices() -> np.ndarray:
    """Death notices of women of 80 and over in The Times on each of 1096 days, 1910-12, shape (1096,).

    Source: Hasselblad, Journal of the American Statistical Association 64 (1969) 1459-1471.
    """
    deaths, days = read_csv(FOLDER / "death_notices.csv", deaths_per_day=float, days=float)
    return np.repeat(deaths, days.astype(int))


def ice_creams() -> np.ndarray:
    """Ice creams eaten on 33 days, shape (33,): 1, 2 or 3, as in the source.

    Source: Eisner, "An interactive spreadsheet for teaching the forward-backward algorithm" (2002).
    """
    return read_csv(FOLDER / "ice_creams.csv", ice_creams=float)[0]


def read_csv(path: str | Path, **columns: type) -> list[np.ndarray]:
    """Read the named columns of a CSV file with a header row, e.g. read_csv(path, height_cm=float).

    Each keyword is a column's name and its type, float or str; one array a column is returned.
    Raises ValueError naming the file, and the row or column that is wrong.
    """
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:  # Excel puts a mark in front
            reader = csv.DictReader(file, skipinitialspace=True)
            rows, header = list(reader), list(reader.fieldnames or [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path} must be a CSV file in UTF-8; got one that says: {error}") from None
    if not rows:
        raise ValueError(f"{path} must hold a header and at least one row; got no rows")
    if any(header.count(name) != 1 for name in columns):
        raise ValueError(f"{path} must have each of the columns {list(columns)} once; got {header}")
    for number, row in enumerate(rows, start=2):
        if None in row:
            raise ValueError(f"{path}, line {number} must have as many cells as the header; got also {row[None]}")
        for name, kind in columns.items():
            if not row[name]:
                raise ValueError(f"{path}, line {number}: {name} must be a {KINDS[kind]}; got {row[name]!r}")
            try:
                row[name] = kind(row[name])
            except ValueError:
                raise ValueError(f"{path}, line {number}: {name} must be a number; got {row[name]!r}") from None
    values = [[row[name] for row in rows] for name in columns]
    return [
        validate.array(f"{name} in {path}", value) if kind is float else np.array(value)
        for value, (name, kind) in zip(values, columns.items(), strict=True)
    ]
