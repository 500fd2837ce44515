"""Chapter 08, EM is coordinate ascent."""

import numpy as np

from .answers import Function, answer_of, unpack
from .draws import by_row, draw_coins, draw_models, draw_q, log_tosses
from .verdict import Slip, check, judge, rng


@check
def check_two_corners(r: float, t: float, rise: float) -> str:
    """Linkage from t = 0.4, r = 1/2: r after the E-step, t after the M-step, and the rise of F in the E-step."""
    slips = [
        Slip(0.2, "that is t/4 over 1/2, without the sum below: divide by 1/2 + t/4."),
        Slip(5 / 6, "that is the other part's probability; r belongs to the part with t/4."),
        Slip(0.5, "that is the old r: the E-step changes it."),
    ]
    judge(r, 1 / 6, slips, what="r", decimals=3)
    moved = 125 / 6
    slips = [
        Slip(96.5 / 134.5, "that uses the old r, 1/2; the M-step uses the one from the E-step."),
        Slip((moved + 34) / 197, "you divided by all 197 animals: those with probability 1/2 say nothing of t."),
        Slip(moved / (moved + 72), "the animals of the fourth cell are missing above."),
    ]
    judge(t, (moved + 34) / (moved + 72), slips, what="t", decimals=3)
    kl = 0.5 * np.log(0.5 * 6) + 0.5 * np.log(0.5 * 6 / 5)
    backward = np.log(2 / 6) / 6 + 5 * np.log(2 * 5 / 6) / 6
    slips = [
        Slip(kl, "that is the divergence for one animal; there are 125."),
        Slip(-125 * kl, "the sign is flipped: an E-step never lowers F."),
        Slip(125 * backward, "the divergence is the wrong way around: the old q does the averaging."),
    ]
    judge(rise, 125 * kl, slips, what="rise", decimals=3)
    return "the E-step gains exactly the gap that it closes."


@check
def check_ascend(ascend: Function) -> str:
    """ascend(u, v, rho, iterations) must do coordinate ascent on -u^2 - v^2 + 2 rho u v."""
    draw = rng()
    for iterations in (3, int(draw.integers(4, 8))):
        u, v, rho = draw.uniform(1, 2), draw.uniform(-4, -3), draw.choice([-1, 1]) * draw.uniform(0.5, 0.8)
        shrunk = rho ** (2 * iterations)
        stale = u, v
        for _ in range(iterations):
            stale = rho * stale[1], rho * stale[0]
        right = np.array([v * shrunk / rho, v * shrunk])
        slips = [
            Slip(stale, "both were updated from the old values; v must already see the new u."),
            Slip(right / rho**2, "that is one iteration too few."),
            Slip(right * rho**2, "that is one iteration too many."),
            Slip((u * shrunk, u * shrunk / rho), "the order is reversed: first u with v held, then v."),
        ]
        answer = unpack(answer_of(ascend, u=u, v=v, rho=rho, iterations=iterations), "u", "v")
        judge(answer, right, slips, what=f"(u, v) after {iterations} iterations")
    return "every iteration multiplies the error by rho squared."


@check
def check_one_pass(one_pass: Function) -> str:
    """one_pass(model, x, q, theta) must refresh one row of q at a time, with an M-step after each."""
    draw = rng()
    for model, x, theta in draw_models(draw):
        q = draw_q(draw, len(x), len(theta[0]))
        one, now, full = q.copy(), theta, model.e_step(x, theta)
        for n in range(len(x)):
            one[n] = model.e_step(x[n : n + 1], now)[0]
            now = model.m_step(x, one)
        answer = unpack(answer_of(one_pass, model=model, x=x, q=q, theta=theta), "q", "theta")
        slips = [
            Slip(full, "that is full EM: all rows met the old theta. Do the M-step inside the loop."),
            Slip(q, "q is unchanged: return the refreshed one."),
        ]
        judge(answer[0], one, slips, what="q")
        names = type(theta)._fields
        fields = zip(names, unpack(answer[1], *names), now, model.m_step(x, full), theta, strict=True)
        for name, given, right, of_full, old in fields:
            slips = [
                Slip(of_full, "theta is the M-step's of full EM; use the refreshed rows as they come."),
                Slip(old, "theta is unchanged: return the last M-step's."),
            ]
            judge(given, right, slips, what=name)
    return "each observation meets the parameters that the ones before it made."


@check
def check_scaled_slope(scaled_slope: Function) -> str:
    """scaled_slope(heads, tosses, q, p) must return p(1 - p)/T times the slope of l: how far EM moves p."""
    draw = rng()
    for K in (2, 3, 4):
        heads, tosses, p = draw_coins(draw, K)
        q = by_row(np.exp(log_tosses(heads, tosses, p)))
        credit, total = heads @ q, tosses * q.sum(axis=0)
        slope = credit / p - (total - credit) / (1 - p)
        slips = [
            Slip(slope, "that is the slope itself; multiply it by p (1 - p) / T."),
            Slip(credit / total, "that is where EM moves p to; its movement is asked."),
            Slip(p * (1 - p) * slope, "the factor T is missing: divide by the expected tosses of each coin."),
            Slip(p * (1 - p) * slope / q.sum(axis=0), "q counts sets, not tosses: multiply by the tosses of a set."),
            Slip(p * (1 - p) * slope / (tosses * len(heads)), "you divided by all tosses, not by the coin's own."),
            Slip(slope / total, "the factor p (1 - p) is missing."),
        ]
        answer = answer_of(scaled_slope, heads=heads, tosses=tosses, q=q, p=p)
        judge(answer, credit / total - p, slips, what=f"the scaled slope for K = {K}")
    return "it is exactly how far EM moves p."
