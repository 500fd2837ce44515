"""Numbers read back from a drawing: an SVG's paths and dots, measured against its own tick marks."""

import re
import xml.etree.ElementTree as ET

import numpy as np

HREF = "{http://www.w3.org/1999/xlink}href"
NUMBER = r"-?\d+(?:\.\d+)?"


def points(path: str) -> np.ndarray:
    """The vertices (N, 2) of one open or closed polyline, its steps absolute (M, L) or relative (l)."""
    assert re.fullmatch(r"\s*M[-\d.\sLlzZ]*", path), f"not one polyline: {path[:80]}"
    here, vertices = np.zeros(2), []
    for letter, numbers in re.findall(r"([MLl])([^MLlzZ]*)", path):
        for pair in np.reshape([float(n) for n in re.findall(NUMBER, numbers)], (-1, 2)):
            here = here + pair if letter == "l" else pair
            vertices.append(here)
    return np.array(vertices)


class Axis:
    """What a place along one axis of the drawing means, from its outermost tick marks."""

    def __init__(self, marks: dict[float, float]):
        (self.at, self.value), (end, last) = min(marks.items()), max(marks.items())
        assert end > self.at, f"one tick mark is no scale: {marks}"
        self.unit = (last - self.value) / (end - self.at)

    def read(self, place):
        return self.value + (np.asarray(place) - self.at) * self.unit

    def place(self, value):
        return self.at + (np.asarray(value) - self.value) / self.unit


class Panel:
    """One pair of axes in a drawing, and what is drawn in it."""

    def __init__(self, svg: str, number: int):
        self.group = next(g for g in ET.fromstring(svg).iter() if g.get("id", "").endswith(f"-panel{number}"))
        self.box = points(next(self.tagged("path")).get("d"))  # its background: left, bottom, right, top

    def tagged(self, tag, parent=None):
        group = self.group if parent is None else parent
        return (node for node in group.iter() if node.tag.endswith("}" + tag))

    def part(self, name: str):
        """A part by its name, moving or not; None where it is not drawn."""
        for group in self.tagged("g"):
            moving = group.get("data-part") == name and len(group)
            if moving or group.get("id", "").endswith(f"-{name}"):
                return group
        return None

    def curve(self, name: str) -> np.ndarray | None:
        """The vertices of a part's line or outline."""
        part = self.part(name)
        return None if part is None else points(next(self.tagged("path", part)).get("d"))

    def bars(self, name: str) -> np.ndarray:
        """The corners (bars, corners, 2) of a part's bars: one group a bar, named name, name', name'', ..."""
        names = [g.get("data-part") for g in self.tagged("g")]
        return np.array([self.curve(n) for n in names if n and n.rstrip("'") == name])

    def dots(self, name: str) -> np.ndarray:
        """The places (N, 2) of a part's markers."""
        return np.array([[float(use.get("x")), float(use.get("y"))] for use in self.tagged("use", self.part(name))])

    def axis(self, letter: str, values=None) -> Axis:
        """The scale along x or y: from its tick labels, or from values where the labels are formulas."""
        places = [float(next(self.tagged("use", tick)).get(letter)) for tick in self.ticks(letter)]
        numbers = [float(label.replace("−", "-")) for label in self.labels(letter)] if values is None else values
        return Axis(dict(zip(places, numbers, strict=True)))

    def ticks(self, letter: str) -> list:
        return [group for group in self.tagged("g") if f"-{letter}tick_" in group.get("id", "")]

    def labels(self, letter: str) -> list[str]:
        """What is written at the tick marks along x or y."""
        return ["".join("".join(text.itertext()) for text in self.tagged("text", tick)) for tick in self.ticks(letter)]


def panels(svg: str) -> list[Panel]:
    return [Panel(svg, number) for number in range(len(re.findall(r'id="[^"]*-panel\d+"', svg)))]
