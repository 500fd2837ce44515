"""What each figure that draws a lower bound should show, frame by frame, by formulas that are not emcore's."""

import re
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from book_helpers import Frame
from drawing import Panel
from formulas import (
    Gaussians,
    Poissons,
    TwoCoins,
    TwoMeans,
    Weather,
    WomensMean,
    along,
    bound,
    loglik,
    posterior,
    turns,
)

from emcore import data

HEIGHTS, GEYSER, HEADS = data.heights().height, data.old_faithful().waiting, data.coins()
HOME, CHAPTER4, CHAPTER5 = "book/home.html", "notebooks/04_lower_bound.html", "notebooks/05_deriving_em.html"
CHAPTER6, CHAPTER7 = "notebooks/06_two_coins.html", "notebooks/07_convergence.html"
CHAPTER11, CHAPTER13 = "notebooks/11_hidden_markov_models.html", "notebooks/13_your_own_model.html"
ICE_CREAMS = data.ice_creams().astype(int) - 1
NUMBERS = re.compile(r" = (?:\(([^)]*)\)|(-?[\d.]*\d))")


class Moment(NamedTuple):
    """One frame of a figure that draws l and F: what it should show, and the panel where it shows it."""

    frame: Frame
    kind: str  # init, E, M, or q where only q has changed
    panel: int
    model: Any
    theta: tuple  # where q was made
    q: np.ndarray
    after: tuple  # where the M-step leads
    line: bool  # drawn along the line from theta to after, or over the only parameter

    @property
    def here(self):
        return self.after if self.kind == "M" else self.theta

    def drawn(self):
        return Panel(self.frame.state.picture, self.panel)

    def axes(self, panel):
        return (panel.axis("x", [0, 1]), panel.axis("y", [0, 1])) if self.line else (panel.axis("x"), panel.axis("y"))

    @property
    def gain(self):
        """What the M-step gains for sure: the unit of height along a line."""
        return bound(self.model, self.q, self.after) - bound(self.model, self.q, self.theta)

    def height(self, function, place):
        """The value of function(theta) at a place along x, in the units of y."""
        if not self.line:
            return function((place,))
        low = bound(self.model, self.q, self.theta)
        return (function(along(self.theta, self.after, place)) - low) / self.gain

    @property
    def noise(self):
        """What the last digits of l may differ by, in the units of y: at the end of a run the gain is that small."""
        return 3 * np.spacing(abs(loglik(self.model, self.theta))) / self.gain if self.line else 0.0


def em_moments(frames, model, panel, line):
    numbers = (
        np.array([float(n) for n in many.split(",")]) if many else float(one)
        for many, one in NUMBERS.findall(frames[0].state.caption)
    )
    theta = model.read(*numbers) if hasattr(model, "read") else tuple(numbers)
    iterations = list(islice(turns(model, theta), len(frames) // 2 + 1))
    for i, frame in enumerate(frames):
        kind = frame.state.caption[0] if i else "init"
        yield Moment(frame, kind, panel, model, *iterations[max(i - 1, 0) // 2], line)


def blend_moments(frames, model, panel):
    half, best = np.full((len(model.x), 2), 0.5), posterior(model, (150.0,))
    for i, frame in enumerate(frames):
        share = i / (len(frames) - 1)
        q = (1 - share) * half + share * best
        yield Moment(frame, "E" if share == 1 else "q", panel, model, (150.0,), q, model.best(q), False)


FIGURES = {  # page and number of each figure that draws a bound -> its moments, by a formula of this test's own
    (CHAPTER5, 0): partial(em_moments, model=WomensMean(), panel=0, line=False),
    (CHAPTER5, 1): partial(blend_moments, model=WomensMean(), panel=0),
    (CHAPTER5, 2): partial(em_moments, model=Gaussians(HEIGHTS), panel=1, line=True),
    (CHAPTER6, 1): partial(em_moments, model=TwoCoins(HEADS), panel=1, line=True),
    (CHAPTER7, 1): partial(em_moments, model=TwoMeans(GEYSER), panel=1, line=True),
    (CHAPTER11, 2): partial(em_moments, model=Weather(ICE_CREAMS), panel=1, line=True),
    (CHAPTER13, 1): partial(em_moments, model=Poissons(data.death_notices()), panel=0, line=True),
    (HOME, 0): partial(em_moments, model=Gaussians(GEYSER), panel=1, line=True),
}
