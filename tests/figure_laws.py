"""What must hold of every stepped figure: each law reads the drawings and words back, and says what it finds wrong.

A law is a function of a figure that gives complaints in words; LAWS holds them all.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from pictures import path

from emcore.figures import Stepper
from emcore.figures.page import data as element_data

PIXEL = 0.6  # of a picture's units, of which a phone shows 360: what is nearer than that is seen to touch
LEAST_MOVE = 1.5
RING = 16  # the radius of a ring
NUMBER = re.compile(r"[+\u2212]?\d+(?:\.\d+)?$")


class View(NamedTuple):
    """One axes of one page: where it is, what its parts show, and what the page says."""

    panel: int
    axes: dict  # its box in units, its limits and scales
    parts: dict[str, list[np.ndarray]]  # by name: the points of each path or marker, in units, shape (n, 2)
    numbers: dict[str, float]
    kind: str

    def data(self, points: np.ndarray) -> np.ndarray:
        """Units of the picture as data."""
        (left, top, right, bottom), logs = self.axes["box"], self.axes["log"]
        shares = (points[:, 0] - left) / (right - left), (bottom - points[:, 1]) / (bottom - top)
        sides = []
        for share, limits, log in zip(shares, (self.axes["x"], self.axes["y"]), logs, strict=True):
            low, high = np.log(limits) if log else limits
            sides.append(np.exp(low + share * (high - low)) if log else low + share * (high - low))
        return np.stack(sides, axis=1)

    def units(self, places: np.ndarray) -> np.ndarray:
        """Data as units of the picture."""
        (left, top, right, bottom), logs = self.axes["box"], self.axes["log"]
        shares = []
        for side, limits, log in zip(places.T, (self.axes["x"], self.axes["y"]), logs, strict=True):
            low, high = np.log(limits) if log else limits
            shares.append(((np.log(side) if log else side) - low) / (high - low))
        return np.stack([left + shares[0] * (right - left), bottom - shares[1] * (bottom - top)], axis=1)

    @property
    def unit(self) -> float:
        """How much of the data one unit of the picture is, upwards."""
        return float(np.ptp(self.axes["y"]) / np.ptp(self.axes["box"][1::2]))


@cache
def points(part: str) -> list[np.ndarray]:
    """The points of every path and marker of a part's SVG."""
    if not part:
        return []
    found, root = [], ET.fromstring(part)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == "defs":
                parent.remove(child)
    for node in root.iter():
        if node.tag == "path":
            found.append(path(node.get("d", "")))
        elif node.tag == "use":
            found.append(np.array([[float(node.get("x", 0)), float(node.get("y", 0))]]))
    return found


@cache
def places(scene: str) -> list[list[int]]:
    """The slots of each axes of a panel."""
    root = ET.fromstring(scene)
    groups = [group for group in root.iter("g") if group.get("data-name") == "axes"]
    return [[int(g.get("data-slot")) for g in group.iter("g") if g.get("data-slot")] for group in groups]


def views(figure: Stepper, start: int) -> Iterator[list[View]]:
    """The pages of one start, each as the views of its axes."""
    pages = figure.pages
    for step, (shown, words) in enumerate(zip(pages.pages[start], figure.says[start], strict=True)):
        numbers = {name: float(value.replace("−", "-")) for name, value in words.numbers.items() if NUMBER.match(value)}
        kind = (figure.plan["kinds"] or [""] * (step + 1))[step]
        yield [
            View(p, pages.panels[p][a], {pages.slots[j]: points(pages.parts[shown[j]]) for j in slots}, numbers, kind)
            for p, scene in enumerate(pages.scenes)
            for a, slots in enumerate(places(scene))
        ]


def every_view(figure: Stepper) -> Iterator[tuple[str, View]]:
    for start in range(len(figure.says)):
        for step, page in enumerate(views(figure, start)):
            for view in page:
                yield f"start {start}, page {step}, panel {view.panel}", view


def curve(view: View, name: str) -> np.ndarray | None:
    """The points of a part that is one line from left to right, or None."""
    lines = [line for line in view.parts.get(name, []) if len(line) > 1]
    return lines[0] if len(lines) == 1 and (np.diff(lines[0][:, 0]) >= -0.02).all() else None


def dot(view: View, name: str) -> np.ndarray | None:
    """The place of a part that is one marker, or None."""
    marks = view.parts.get(name, [])
    return marks[0][0] if len(marks) == 1 and len(marks[0]) == 1 else None


def apart(point: np.ndarray, line: np.ndarray) -> float:
    """The distance of a point from a line of many segments."""
    a, d = line[:-1], np.diff(line, axis=0)
    share = np.clip(((point - a) * d).sum(axis=1) / np.maximum((d**2).sum(axis=1), 1e-12), 0, 1)
    return float(np.hypot(*(a + share[:, None] * d - point).T).min())


# The laws


def the_bound_is_nowhere_above_the_log_likelihood(figure):
    for where, view in every_view(figure):
        bound, loglik = curve(view, "bound"), curve(view, "loglik")
        if bound is None or loglik is None:
            continue
        if len(bound) == len(loglik) and np.abs(bound[:, 0] - loglik[:, 0]).max() <= 0.05:
            above = loglik[:, 1] - bound[:, 1]
        else:
            inside = (bound[:, 0] >= loglik[0, 0]) & (bound[:, 0] <= loglik[-1, 0])
            above = np.interp(bound[inside, 0], *loglik.T) - bound[inside, 1]
        if above.size and above.max() > PIXEL:
            yield f"{where}: F is drawn {above.max():.2f} above the log-likelihood"


def theta_stands_on_the_log_likelihood(figure):
    for where, view in every_view(figure):
        theta, loglik = dot(view, "theta"), curve(view, "loglik")
        if theta is None or loglik is None:
            continue
        at_the_foot = (
            loglik[-1, 1] > view.axes["box"][3] and view.axes["box"][3] - theta[1] < 0.05 * view.axes["box"][3]
        )
        if not at_the_foot and (off := apart(theta, loglik)) > PIXEL:
            yield f"{where}: theta is drawn {off:.2f} off the log-likelihood"


def what_is_drawn_at_theta_is_what_the_words_say(figure):
    """Where an axes is in nats: the height of theta is the number l, that of F below it the number F."""
    for where, view in every_view(figure):
        theta, bound, numbers = dot(view, "theta"), curve(view, "bound"), view.numbers
        if theta is None or "ℓ" not in numbers or view.panel in figure.plan["details"] or "loglik" not in view.parts:
            continue
        low, high = view.axes["y"]
        height, floor = view.data(theta[None])[0, 1], low + 0.05 * (high - low)
        near = PIXEL * view.unit + 0.002
        if numbers["ℓ"] > floor and abs(height - numbers["ℓ"]) > near:
            yield f"{where}: theta is drawn at {height:.3f}, the words say {numbers['ℓ']}"
        if bound is not None and "F" in numbers and numbers["F"] > floor:
            at = view.data(np.array([[theta[0], np.interp(theta[0], *bound.T)]]))[0, 1]
            slope = np.abs(np.diff(bound[:, 1]) / np.maximum(np.diff(bound[:, 0]), 0.05)).max() if len(bound) > 1 else 0
            if abs(at - numbers["F"]) > near * (1 + slope):
                yield f"{where}: F is drawn at {at:.3f}, the words say {numbers['F']}"


def an_e_step_that_leaves_no_gap_is_drawn_touching(figure):
    for where, view in every_view(figure):
        theta, bound = dot(view, "theta"), curve(view, "bound")
        if view.kind == "E" and view.numbers.get("gap") == 0 and theta is not None and bound is not None:
            if (off := apart(theta, bound)) > PIXEL:
                yield f"{where}: no gap, and F is drawn {off:.2f} off theta"


def the_log_likelihood_never_falls_from_page_to_page(figure):
    if not figure.plan["kinds"]:
        return
    for start, words in enumerate(figure.says):
        heights = [float(w.numbers["ℓ"].replace("−", "-")) for w in words if NUMBER.match(w.numbers.get("ℓ", ""))]
        for step, rise in enumerate(np.diff(heights)):
            if rise < -1e-9:
                yield f"start {start}, page {step + 1}: l falls by {-rise:.3g}"


def shares_fill_the_same_bars_on_every_page(figure):
    tops: dict = {}
    for where, view in every_view(figure):
        shares = [p for name, found in view.parts.items() if re.fullmatch(r"share\d", name) for p in found]
        if not shares:
            continue
        every = np.concatenate(shares)
        extent = np.round([every[:, 1].min(), every[:, 1].max()], 1)
        known = tops.setdefault((where.split(",")[0], view.panel), extent)
        if np.abs(known - extent).max() > PIXEL:
            yield f"{where}: the bars reach from {extent[1]} to {extent[0]}, before from {known[1]} to {known[0]}"


def half_steps_take_turns(figure):
    kinds = figure.plan["kinds"]
    if kinds and kinds != ["init", *["E", "M"] * len(kinds)][: len(kinds)]:
        yield f"the half-steps are {kinds}"


def no_figure_opens_on_its_answer(figure):
    for start, pages in enumerate(figure.pages.pages):
        if pages[0] == pages[-1] and any(page != pages[0] for page in pages):
            yield f"start {start}: the last page is the first"


def every_page_moves(figure):
    for start, pages in enumerate(figure.pages.pages):
        for step, (one, other) in enumerate(pairwise(pages)):
            if (far := moved(figure, one, other)) < LEAST_MOVE:
                yield f"start {start}, page {step + 1}: nothing moves by more than {far:.2f}"


def moved(figure: Stepper, one: list[int], other: list[int]) -> float:
    """The farthest that anything moves from page to page; infinite where a part comes, goes or changes its words."""
    far = 0.0
    for a, b in zip(one, other, strict=True):
        if a != b:
            before, after = points(figure.pages.parts[a]), points(figure.pages.parts[b])
            if [p.shape for p in before] != [p.shape for p in after] or not before:
                return np.inf
            far = max(far, *(float(np.hypot(*(p - q).T).max()) for p, q in zip(before, after, strict=True) if p.size))
    return far


def words_are_well_formed(figure):
    plan = figure.plan
    if not 3 <= len(plan["title"].split()) <= 14 or plan["title"].endswith("."):
        yield f"the title must be a short claim: {plan['title']!r}"
    for words in {str(w): w for run in figure.says for w in run}.values():
        said = words.sentence.removeprefix("Start. ")
        if not said.endswith((".", "?", ":")) or re.search(r"\. [A-Zℓθ]", said):
            yield f"one sentence a page: {words.sentence!r}"
        if re.search(r"(?<![\w)])-\d", str(words)):
            yield f"a minus that is a hyphen: {str(words)!r}"
        if any(re.search(r"nan|inf", value) for value in words.numbers.values()):
            yield f"no number: {str(words)!r}"


def colors_are_roles(figure):
    for part in figure.pages.parts:
        if raw := re.search(r"(?:fill|stroke): (?!none|var\(|url\()[^;\"]*", part):
            yield f"a color without a role: {raw[0]}"


def the_taller_group_is_component_1(figure):
    for start in range(len(figure.says)):
        *_, last = views(figure, start)
        for view in last:
            bells = [curve(view, f"component{k}") for k in (1, 2)]
            if view.axes["x"][0] > 130 and view.axes["x"][1] < 215 and all(b is not None for b in bells):
                tops = [bell[bell[:, 1].argmin(), 0] for bell in bells]
                if tops[0] < tops[1] - PIXEL:
                    yield f"start {start}: component 1 ends left of component 2"


def a_prediction_is_held_against_what_is_drawn(figure):
    """On the page that holds the truth, its part passes through the truth: for one direction, at that side."""
    if (asked := figure.plan["predict"]) is None:
        return
    page = list(views(figure, asked.page[0]))[asked.page[1]]
    (view,) = [view for view in page if view.panel == asked.panel]
    marks = [line for name, found in view.parts.items() if name.rstrip("'") == asked.part for line in found]
    for truth in view.units(np.array(asked.truth, float)):
        if asked.kind == "across":
            off = min(np.abs(line[:, 0] - truth[0]).min() for line in marks)
        else:
            off = min(apart(truth, line) if len(line) > 1 else float(np.hypot(*(line[0] - truth))) for line in marks)
        if off > PIXEL:
            yield f"the truth is {off:.2f} from {asked.part} on page {asked.page}"


def a_question_gives_nothing_away(figure):
    """Its mark starts a tenth of the axes off the truth, on the axes, and on nothing that is dragged."""
    if (asked := figure.plan["predict"]) is None:
        return
    if asked.page[0]:
        yield f"it asks about start {asked.page[0]}, and the figure opens on another"
    if asked.kind == "curve" and "press on the picture and sweep" not in asked.question:
        yield f"it does not say how to draw: {asked.question!r}"
    left, top, right, bottom = figure.pages.panels[asked.panel][0]["box"]
    size, foot = np.array([right - left, bottom - top]), np.array([left, bottom])
    up = np.array([1, -1])
    view = next(v for v in next(views(figure, 0)) if v.panel == asked.panel)
    truth = (view.units(np.array(asked.truth, float)) - foot) * up / size
    places = np.array(element_data(figure)["predict"]["places"])
    free = {"across": [0], "height": [1], "curve": [1], "point": [0, 1]}[asked.kind]
    if (far := np.abs(places - truth)[:, free].max()) < 0.1:
        yield f"the mark starts {far:.2f} of the axes from the truth"
    mark = np.clip(places[len(places) // 2] * size, RING if 0 not in free else 0, size - RING)
    if mark.min() < RING or (mark > size - RING).any():
        yield f"the mark starts over the edge of the axes, at {mark}"
    whole = np.array(re.search(r'viewBox="0 0 (\S+) ([^"]+)"', figure.pages.scenes[asked.panel]).groups(), float)
    for handle in figure.plan["handles"]:
        spot = handle["at"][0][min(figure.plan["at"], len(handle["at"][0]) - 1)]
        if handle["panel"] == asked.panel and spot:
            near = np.hypot(*(np.array(spot) / 100 * whole - (foot + mark * up)))
            if near < 2 * RING:
                yield f"the mark starts {near:.0f} from what is dragged"


LAWS = [
    a_prediction_is_held_against_what_is_drawn,
    a_question_gives_nothing_away,
    the_bound_is_nowhere_above_the_log_likelihood,
    theta_stands_on_the_log_likelihood,
    what_is_drawn_at_theta_is_what_the_words_say,
    an_e_step_that_leaves_no_gap_is_drawn_touching,
    the_log_likelihood_never_falls_from_page_to_page,
    shares_fill_the_same_bars_on_every_page,
    half_steps_take_turns,
    no_figure_opens_on_its_answer,
    every_page_moves,
    words_are_well_formed,
    colors_are_roles,
    the_taller_group_is_component_1,
]
