"""Chapter 08, EM is coordinate ascent."""

import numpy as np

from ..models import GMM1D, Coins
from .answers import unpack
from .old import answer_of, judge
from .verdict import rng


def check_two_corners(r, t, rise):
    """Linkage from t = 1/2, r = 1/2: r after the E-step, t after the M-step, and the rise of F in the E-step."""
    mistakes = {
        "that is t/4 over 1/2, without the sum below: divide by 1/2 + t/4.": 0.25,
        "that is the other part's probability; r belongs to the part with t/4.": 0.8,
        "that is the old r: the E-step changes it.": 0.5,
    }
    judge(r, 0.2, mistakes, what="r", tol=1e-3)
    mistakes = {
        "that uses the old r, 1/2; the M-step uses the one from the E-step.": 96.5 / 134.5,
        "you divided by all 197 animals: those with probability 1/2 say nothing of t.": 59 / 197,
        "that is 1 - t.": 38 / 97,
    }
    judge(t, 59 / 97, mistakes, what="t", tol=1e-3)
    kl = 0.5 * np.log(0.5 / 0.2) + 0.5 * np.log(0.5 / 0.8)
    mistakes = {
        "that is the divergence for one animal; there are 125.": kl,
        "the sign is flipped: an E-step never lowers F.": -125 * kl,
        "that is the logarithm to base 10; log is the natural one here.": 125 * kl / np.log(10),
        "the divergence is the wrong way around: the old q does the averaging.": 125
        * (0.2 * np.log(0.2 / 0.5) + 0.8 * np.log(0.8 / 0.5)),
    }
    judge(rise, 125 * kl, mistakes, what="rise", tol=2e-3)
    print("Right: the E-step gains exactly the gap that it closes.")


def check_ascend(ascend):
    """ascend(u, v, rho, iterations) must do coordinate ascent on -u^2 - v^2 + 2 rho u v."""
    draw = rng()
    u, v, rho, times = draw.uniform(1, 2), draw.uniform(-2, -1), draw.uniform(0.5, 0.8), 3
    last = v * rho ** (2 * times)
    right = last / rho, last
    stale = (rho * v, rho * u)
    for _ in range(times - 1):
        stale = rho * stale[1], rho * stale[0]
    mistakes = {
        "both were updated from the old values; v must already see the new u.": stale,
        "that is one iteration too few.": (right[0] / rho**2, right[1] / rho**2),
        "that is one iteration too many.": (right[0] * rho**2, right[1] * rho**2),
        "the order is reversed: first u with v held, then v.": (u * rho ** (2 * times), u * rho ** (2 * times - 1)),
    }
    answer = unpack(answer_of(ascend, u, v, rho, times), "u", "v")
    judge(answer, right, mistakes, what="(u, v) after three iterations")
    print("Right: every iteration multiplies the error by rho squared.")


def check_one_pass(one_pass):
    """one_pass(model, x, q, theta) must refresh one row of q at a time, with an M-step after each."""
    draw = rng()
    x = np.concatenate([draw.normal(-2, 1, 6), draw.normal(2, 1, 6)])
    model, theta = GMM1D(min_sigma=0.1), GMM1D.Theta(np.array([0.4, 0.6]), np.array([-1.0, 0.5]), np.array([2.0, 1.5]))
    q = draw.dirichlet([2, 2], len(x))
    one, now = q.copy(), theta
    for n in range(len(x)):
        one[n] = model.e_step(x[n : n + 1], now)[0]
        now = model.m_step(x, one)
    full = model.e_step(x, theta)
    answer = unpack(answer_of(one_pass, model, x, q, theta), "q", "theta")
    mistakes = {
        "that is full EM: all rows met the old theta. Do the M-step inside the loop.": full,
        "q is unchanged: return the refreshed one.": q,
    }
    judge(answer[0], one, mistakes, what="q")
    mistakes = {
        "that is the M-step of full EM; use the refreshed rows as they come.": model.m_step(x, full).mu,
        "theta is unchanged: return the last M-step's.": theta.mu,
    }
    _, mu, _ = unpack(answer[1], "pi", "mu", "sigma")
    judge(mu, now.mu, mistakes, what="mu")
    print("Right: each observation meets the parameters that the ones before it made.")


def check_scaled_slope(scaled_slope):
    """scaled_slope(heads, tosses, q, p) must return p(1 - p)/T times the slope of l: how far EM moves p."""
    draw = rng()
    tosses = int(draw.integers(12, 20))
    heads = draw.integers(3, tosses - 2, 7).astype(float)
    p = draw.uniform([0.55, 0.3], [0.65, 0.4])
    q = Coins(tosses).e_step(heads, (p,))
    credit, total = heads @ q, tosses * q.sum(axis=0)
    slope = credit / p - (total - credit) / (1 - p)
    mistakes = {
        "that is the slope itself; multiply it by p (1 - p) / T.": slope,
        "that is where EM moves p to; its movement is asked.": credit / total,
        "the factor T is missing: divide by the expected tosses of each coin.": p * (1 - p) * slope,
        "q counts sets, not tosses: multiply by the tosses of a set.": p * (1 - p) * slope / q.sum(axis=0),
        "you divided by all tosses; T is what each coin is credited with.": p * (1 - p) * slope / (tosses * len(heads)),
        "the sign is flipped.": p - credit / total,
    }
    judge(answer_of(scaled_slope, heads, tosses, q, p), credit / total - p, mistakes, what="the scaled slope")
    print("Right: it is exactly how far EM moves p.")
