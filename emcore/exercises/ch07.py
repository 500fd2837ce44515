"""Chapter 07, Does it converge?"""

import numpy as np

from .. import data
from .answers import Function, answer_of, unpack
from .draws import draw_models
from .verdict import Slip, check, judge, rng


@check
def check_linkage_step(split: float, t: float) -> str:
    """One iteration for the linkage data from t = 1/4: animals moved to the part with t/4, and the new t."""
    x1, x2, x3, x4 = data.linkage()
    moved = x1 / 9
    slips = [
        Slip(x1 - moved, "that is the other part, with probability 1/2."),
        Slip(x1 / 2, "that splits the first cell evenly; split it as 1/2 to t/4."),
        Slip(1 / 9, "that is the share; multiply it by the animals of the cell."),
        Slip(x1 / 16, "that multiplies by t/4 without dividing by 1/2 + t/4."),
    ]
    judge(split, moved, slips, what="split", decimals=3)
    right = (moved + x4) / (moved + x2 + x3 + x4)
    slips = [
        Slip((moved + x4) / 197, "you divided by all animals: those with probability 1/2 say nothing about t."),
        Slip(moved / (moved + x2 + x3 + x4), "the animals of the fourth cell are missing above."),
        Slip((moved + x4) / (moved + x2 + x3), "the fourth cell is missing below: its 34 animals speak for t too."),
        Slip((moved + x4) / x1, "you divided by the first cell; divide by the animals that speak for t."),
        Slip((x1 + x4) / 197, "the whole first cell is counted; only the part with t/4 speaks for t."),
    ]
    judge(t, right, slips, what="t", decimals=3)
    return "an expected count need not be a whole number."


@check
def check_gains(gains: Function) -> str:
    """gains(model, x, theta) must return the sure gain and the bonus of one iteration from theta."""
    for model, x, theta in draw_models(rng()):
        q = model.e_step(x, theta)
        new = model.m_step(x, q)
        before, after, top = model.loglik(x, theta), model.loglik(x, new), model.lower_bound(x, q, new)
        sure, bonus = unpack(answer_of(gains, model=model, x=x, theta=theta), "sure", "bonus")
        slips = [
            Slip(after - before, "that is the log-likelihood's whole gain; the sure gain is the bound's part of it."),
            Slip(after - top, "that is the bonus; the sure gain comes first."),
            Slip(before - top, "the sign is flipped: the M-step never lowers the bound."),
            Slip(top, "that is the bound itself; its rise is asked."),
        ]
        judge(sure, top - before, slips, what="the sure gain")
        slips = [
            Slip(after - before, "that is the whole gain of the log-likelihood; subtract the sure gain."),
            Slip(top - after, "the sign is flipped: the log-likelihood lies above the bound."),
            Slip(0, "that is the gap after the next E-step, which is zero: use the old q."),
            Slip(after, "that is the log-likelihood itself; its height above the bound is asked."),
        ]
        judge(bonus, after - top, slips, what="the bonus")
    return "together they are the whole gain, and neither is negative."


@check
def check_ratio(ratio: Function) -> str:
    """ratio(t1, t2, t3) must return (t3 - t2) / (t2 - t1)."""
    t1, t2, t3, rate, _ = three_estimates(rng())
    slips = [
        Slip(1 / rate, "that is upside down: the later step belongs above, so that the ratio is below 1."),
        Slip(t3 / t2, "that is the ratio of the estimates; take the ratio of the steps between them."),
        Slip((t3 - t1) / (t2 - t1), "that compares with the first estimate twice; the later step runs from t2 to t3."),
    ]
    judge(answer_of(ratio, t1=t1, t2=t2, t3=t3), rate, slips, what="the ratio")
    return "each step is that share of the one before, and so is each error."


@check
def check_aitken(aitken: Function) -> str:
    """aitken(t1, t2, t3) must return the limit of a sequence whose errors shrink by a constant ratio."""
    t1, t2, t3, rate, limit = three_estimates(rng())
    step = t3 - t2
    slips = [
        Slip(t3, "that is the last estimate; add what is still missing."),
        Slip(t3 + rate * step, "that adds one more step only; add all of them, a geometric series."),
        Slip(t3 + step / (1 - rate), "the first missing step is not the last one, it is rho times that."),
        Slip(t2 + rate / (1 - rate) * step, "that adds to t2 what is missing after t3."),
        Slip(t3 + rate / (1 + rate) * step, "the sum of rho + rho^2 + ... is rho / (1 - rho)."),
    ]
    judge(answer_of(aitken, t1=t1, t2=t2, t3=t3), limit, slips, what="the limit")
    return "the remaining steps form a geometric series."


def three_estimates(draw: np.random.Generator) -> tuple[float, ...]:
    """Three estimates in a row, from above or below, with the ratio of their errors and their limit."""
    limit, rate, error = draw.uniform(0.3, 0.7), draw.uniform(0.2, 0.45), draw.choice([-0.2, 0.2])
    return *(limit + error * rate ** np.arange(3)).tolist(), rate, limit
