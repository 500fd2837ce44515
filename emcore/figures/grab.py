"""Where the picture can be grabbed: the marks that follow the page, and where they stand on each."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from .pages import Pages

LEAST_WAY = 8  # units of the picture: a mark that hardly moves is no handle


def end(part: str) -> np.ndarray | None:
    """Where the last marker of a part's SVG is, or else where its last line ends."""
    if marks := re.findall(r'<use [^>]*?x="([^"]+)" y="([^"]+)"', part):
        return np.array(marks[-1], float)
    if not (lines := re.findall(r'<path d="([^"]+)"', part)):
        return None
    points = np.array(re.findall(r"-?[\d.]+", lines[-1].rpartition("M")[2]), float).reshape(-1, 2)
    return points.sum(axis=0) if " l " in lines[-1] else points[-1]


def handles(pages: Pages, names: Sequence[str], folded: Sequence[int]) -> list[dict]:
    """For each part of these names that moves: its panel, and its place on every page, in percent of the panel.

    walk: whether it only ever goes to one side, so that a drag need not follow its ups and downs. A place outside
    the axes stands at their edge; what is in a folded panel is no handle.
    """
    found = [(panel, _ways(pages, slot)) for panel, slot in _slots(pages, names, folded)]
    return [_handle(pages, panel, ways) for panel, ways in found if _moves(ways)]


def spread(pages: Pages, panel: int, places: Sequence[tuple[float, float]], label: str) -> dict:
    """A handle for pages that are places of their own in a panel: places, in data coordinates, one for each page."""
    left, top, right, bottom = pages.panels[panel][0]["box"]
    across, up = shares(pages, panel, places).T
    spots = np.column_stack([left + across * (right - left), bottom - up * (bottom - top)])
    return {"panel": panel, "at": [[percent(pages, panel, spot) for spot in spots]], "walk": False, "name": label}


def shares(pages: Pages, panel: int, places: Sequence[tuple[float, float]]) -> np.ndarray:
    """Places in data coordinates as shares of a panel's axes, from their lower left, shape (n, 2)."""
    axes = pages.panels[panel][0]
    ends = np.array([axes["x"], axes["y"]], float)
    values = np.array(places, float)
    for i, log in enumerate(axes["log"]):
        if log:
            ends[i], values[:, i] = np.log(ends[i]), np.log(values[:, i])
    return (values - ends[:, 0]) / (ends[:, 1] - ends[:, 0])


def _slots(pages: Pages, names: Sequence[str], folded: Sequence[int]) -> Iterator[tuple[int, int]]:
    for panel, scene in enumerate(pages.scenes):
        for slot in map(int, re.findall(r'data-slot="(\d+)"', scene)):
            if pages.slots[slot] in names and panel not in folded:
                yield panel, slot


def _ways(pages: Pages, slot: int) -> list[list[np.ndarray | None]]:
    return [[end(pages.parts[page[slot]]) for page in run] for run in pages.pages]


def _moves(ways: list[list[np.ndarray | None]]) -> bool:
    spots = np.array([spot for way in ways for spot in way if spot is not None])
    return bool(np.ptp(spots, axis=0).max() >= LEAST_WAY)


def _handle(pages: Pages, panel: int, ways: list[list[np.ndarray | None]]) -> dict:
    left, top, right, bottom = pages.panels[panel][0]["box"]

    def share(spot: np.ndarray | None) -> list[float] | None:
        return None if spot is None else percent(pages, panel, np.clip(spot, [left, top], [right, bottom]))

    every = [np.diff([spot[0] for spot in way if spot is not None]) for way in ways]
    steps = [step for step in every if step.any()]  # a way that stands still goes to no side
    return {
        "panel": panel,
        "at": [[share(spot) for spot in way] for way in ways],
        "walk": bool(steps) and all((step > 0).all() or (step < 0).all() for step in steps),
    }


def percent(pages: Pages, panel: int, spot: np.ndarray) -> list[float]:
    """A place in a panel's units, as shares of its width and height in percent."""
    size = re.search(r'viewBox="0 0 (\S+) ([^"]+)"', pages.scenes[panel])
    return [round(100 * float(value) / float(whole), 2) for value, whole in zip(spot, size.groups(), strict=True)]  # type: ignore[union-attr]
