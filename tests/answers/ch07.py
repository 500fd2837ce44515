"""Chapter 07, Does it converge?"""

from fractions import Fraction

import numpy as np

from emcore import fit
from emcore.exercises import check_aitken, check_gains, check_linkage_step, check_ratio


def half_steps(model, x, theta):
    q = model.e_step(x, theta)
    return q, model.m_step(x, q)


def gains(model, x, theta):
    q, new = half_steps(model, x, theta)
    bound = model.lower_bound(x, q, new)
    return bound - model.lower_bound(x, q, theta), model.loglik(x, new) - bound


def gains_of_fit(*given):
    _, e, m = fit(*given, max_iter=1)
    return [m.bound - e.bound, m.loglik - m.bound]


def gains_by_kl(model, x, theta):
    q, new = half_steps(model, x, theta)
    bonus = np.sum(q * np.log(q / model.e_step(x, new)))
    return np.array([model.loglik(x, new) - model.loglik(x, theta) - bonus, bonus])


def whole(model, x, theta):
    return model.loglik(x, half_steps(model, x, theta)[1]) - model.loglik(x, theta)


def top(model, x, theta):
    return model.lower_bound(x, *half_steps(model, x, theta))


def gap_after_the_next_e_step(model, x, theta):
    _, new = half_steps(model, x, theta)
    return model.loglik(x, new) - model.lower_bound(x, model.e_step(x, new), new)


def with_bonus(bonus):
    """The right sure gain, and another bonus."""
    return lambda *given: (gains(*given)[0], bonus(*given))


def ratio(t1, t2, t3):
    return (t3 - t2) / (t2 - t1)


def all_that_is_missing(t1, t2, t3):
    estimate, step = t3, t3 - t2
    for _ in range(200):
        step *= ratio(t1, t2, t3)
        estimate += step
    return estimate


RIGHT = {
    check_linkage_step: [
        (125 / 9, 431 / 773),
        (13.889, 0.558),
        (np.float64(125 * 0.0625 / 0.5625), Fraction(431, 773)),
    ],
    check_gains: [gains, gains_of_fit, gains_by_kl],
    check_ratio: [
        ratio,
        lambda *t: np.divide(*np.diff(t)[::-1]),
        lambda t1, t2, t3: [t3 / (t2 - t1) - t2 / (t2 - t1)],
    ],
    check_aitken: [
        lambda *t: t[2] + ratio(*t) / (1 - ratio(*t)) * (t[2] - t[1]),
        lambda t1, t2, t3: t1 - (t2 - t1) ** 2 / (t3 - 2 * t2 + t1),
        all_that_is_missing,
    ],
}

SAME = {"check_aitken": {"t1 and t3 are exchanged": "the formula is symmetric in the two ends"}}

WRONG = {
    check_linkage_step: [
        ((111.111, 0.558), "the other part"),
        ((62.5, 0.558), "splits the first cell evenly"),
        ((0.111, 0.558), "that is the share"),
        ((125 / 16, 0.558), "without dividing"),
        ((13.9, 0.558), "rounded to 1 decimal; keep 3"),
        ((13.889, 47.889 / 197), "divided by all animals"),
        ((13.889, 13.889 / 85.889), "the fourth cell are missing above"),
        ((13.889, 47.889 / 51.889), "the fourth cell is missing below"),
        ((13.889, 47.889 / 125), "divided by the first cell"),
        ((13.889, 38 / 85.889), "1 minus what is asked"),
        ((13.889, 159 / 197), "the whole first cell"),
        ((13.889, 0.25), "t is off: 0.25 is too small"),
    ],
    check_gains: [
        (lambda *given: (whole(*given), gains(*given)[1]), "the sure gain is the bound's part"),
        (lambda *given: gains(*given)[::-1], "that is the bonus"),
        (lambda *given: (-gains(*given)[0], gains(*given)[1]), "the M-step never lowers the bound"),
        (lambda *given: (top(*given), gains(*given)[1]), "that is the bound itself"),
        (with_bonus(whole), "subtract the sure gain"),
        (with_bonus(lambda *given: -gains(*given)[1]), "lies above the bound"),
        (with_bonus(gap_after_the_next_e_step), "use the old q"),
        (with_bonus(lambda *given: top(*given) + gains(*given)[1]), "that is the log-likelihood itself"),
        (whole, "return 2 things, in this order: sure, bonus"),
    ],
    check_ratio: [
        (lambda t1, t2, t3: (t2 - t1) / (t3 - t2), "upside down"),
        (lambda t1, t2, t3: t3 / t2, "the ratio of the estimates"),
        (lambda *t: 1 - ratio(*t), "1 minus what is asked"),
        (lambda t1, t2, t3: (t3 - t1) / (t2 - t1), "the first estimate twice"),
    ],
    check_aitken: [
        (lambda *t: t[2], "that is the last estimate"),
        (lambda *t: t[2] + ratio(*t) * (t[2] - t[1]), "one more step only"),
        (lambda *t: t[2] + (t[2] - t[1]) / (1 - ratio(*t)), "the first missing step"),
        (lambda *t: t[1] + ratio(*t) / (1 - ratio(*t)) * (t[2] - t[1]), "adds to t2"),
        (lambda *t: t[2] + ratio(*t) / (1 + ratio(*t)) * (t[2] - t[1]), "the sum of rho"),
    ],
}
