"""Chapter 07, Does it converge?"""

import numpy as np

from .. import data
from ..models import Coins
from .answers import unpack
from .old import answer_of, judge
from .verdict import rng


def check_linkage_step(split, t):
    """One iteration for the linkage data from t = 1/2: animals moved to the part with t/4, and the new t."""
    x1, x2, x3, x4 = data.linkage()
    mistakes = {
        "that is the other part, with probability 1/2.": 100,
        "that splits the first cell evenly; split it as 1/2 to t/4.": x1 / 2,
        "that is the share; multiply it by the animals of the cell.": 0.2,
        "that multiplies by t/4 without dividing by 1/2 + t/4.": x1 / 8,
    }
    judge(split, x1 / 5, mistakes, what="split", tol=1e-3)
    right = (x1 / 5 + x4) / (x1 / 5 + x2 + x3 + x4)
    mistakes = {
        "you divided by all animals: those with probability 1/2 say nothing about t.": (x1 / 5 + x4) / 197,
        "the animals of the fourth cell are missing above.": (x1 / 5) / (x1 / 5 + x2 + x3 + x4),
        "the fourth cell is missing below: divide by all animals that speak for t, its 34 among them.": (x1 / 5 + x4)
        / (x1 / 5 + x2 + x3),
        "you divided by the first cell; divide by the animals that speak for t.": (x1 / 5 + x4) / x1,
        "that is 1 - t.": 1 - right,
        "the whole first cell is counted; only the part with t/4 speaks for t.": (x1 + x4) / 197,
    }
    judge(t, right, mistakes, what="t", tol=1e-3)
    print("Right: the first iterate that Dempster, Laird and Rubin printed.")


def check_gains(gains):
    """gains(model, x, theta) must return the sure gain and the bonus of one iteration from theta."""
    draw = rng()
    model, x = Coins(12), np.array([2.0, 10.0, *draw.integers(2, 11, 4)])
    theta = model.Theta(draw.uniform([0.52, 0.4], [0.6, 0.48]))  # far from the top: both gains are large
    q = model.e_step(x, theta)
    new = model.m_step(x, q)
    before, after = model.loglik(x, theta), model.loglik(x, new)
    top = model.lower_bound(x, q, new)
    answer = unpack(answer_of(gains, model, x, theta), "sure", "bonus")
    mistakes = {
        "that is the whole gain of the log-likelihood; the sure gain is the bound's part of it.": after - before,
        "that is the bonus; the sure gain comes first.": after - top,
        "the sign is flipped: the M-step never lowers the bound.": before - top,
        "that is the bound itself; its rise is asked.": top,
    }
    judge(answer[0], top - before, mistakes, what="the sure gain")
    mistakes = {
        "that is the whole gain of the log-likelihood; subtract the sure gain.": after - before,
        "the sign is flipped: the log-likelihood lies above the bound.": top - after,
        "that is the gap after the next E-step, which is zero: use the old q.": 0.0,
        "that is the log-likelihood itself; its height above the bound is asked.": after,
    }
    judge(answer[1], after - top, mistakes, what="the bonus")
    print("Right: together they are the whole gain, and neither is negative.")


def check_ratio(ratio):
    """ratio(t1, t2, t3) must return (t3 - t2) / (t2 - t1)."""
    draw = rng()
    limit, rate = draw.uniform(0.3, 0.7), draw.uniform(0.2, 0.45)
    t1, t2, t3 = limit - 0.2 * rate ** np.arange(3)
    mistakes = {
        "that is upside down: the later step belongs above, so that the ratio is below 1.": 1 / rate,
        "that is the ratio of the estimates; take the ratio of the steps between them.": t3 / t2,
        "that is 1 minus the ratio.": 1 - rate,
        "that compares with the first estimate twice; the later step runs from t2 to t3.": (t3 - t1) / (t2 - t1),
    }
    judge(answer_of(ratio, t1, t2, t3), rate, mistakes, what="the ratio")
    print("Right: each step is that share of the one before, and so is each error.")


def check_aitken(aitken):
    """aitken(t1, t2, t3) must return the limit of a sequence whose errors shrink by a constant ratio."""
    draw = rng()
    limit, rate = draw.uniform(0.3, 0.7), draw.uniform(0.2, 0.45)
    t1, t2, t3 = limit - 0.2 * rate ** np.arange(3)
    mistakes = {
        "that is the last estimate; add what is still missing.": t3,
        "that adds one more step only; add all of them, a geometric series.": t3 + rate * (t3 - t2),
        "that adds the last step over (1 - ratio); the first missing step is the last one times the ratio.": t3
        + (t3 - t2) / (1 - rate),
        "that adds to t2 what is missing after t3.": t2 + rate / (1 - rate) * (t3 - t2),
    }
    judge(answer_of(aitken, t1, t2, t3), limit, mistakes, what="the limit")
    print("Right: the remaining steps form a geometric series.")
