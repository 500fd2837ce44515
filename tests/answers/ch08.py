"""Chapter 08, EM is coordinate ascent."""

import numpy as np

from emcore.exercises import check_ascend, check_one_pass, check_scaled_slope, check_two_corners


def ascend(u, v, rho, iterations):
    for _ in range(iterations):
        u = rho * v
        v = rho * u
    return u, v


def from_old_values(u, v, rho, iterations):
    for _ in range(iterations):
        u, v = rho * v, rho * u
    return u, v


def v_first(u, v, rho, iterations):
    for _ in range(iterations):
        v = rho * u
        u = rho * v
    return u, v


def one_pass(model, x, q, theta):
    q = q.copy()
    for n in range(len(x)):
        q[n] = model.e_step(x[n : n + 1], theta)[0]
        theta = model.m_step(x, q)
    return q, theta


def in_place(model, x, q, theta):
    for n, value in enumerate(x):
        q[n] = model.e_step([value], theta)
        theta = model.m_step(x, q)
    return [q, theta]


def full(model, x, q, theta):
    q = model.e_step(x, theta)
    return q, model.m_step(x, q)


def scaled_slope(heads, tosses, q, p):
    credit, total = heads @ q, tosses * q.sum(axis=0)
    return p * (1 - p) / total * (credit / p - (total - credit) / (1 - p))


def slope(heads, tosses, q, p):
    return np.sum(q * (heads[:, None] / p - (tosses - heads[:, None]) / (1 - p)), axis=0)


def ascend_with_numpy(u, v, rho, iterations):
    for _ in range(iterations):
        v = rho**2 * v
    return np.array([v / rho, v])


def afresh(model, x, q, theta):
    """Each row of q replaced by hand, in a new array."""
    for n in range(len(x)):
        rows = [q[:n], model.e_step(x, theta)[n : n + 1], q[n + 1 :]]
        q = np.concatenate(rows)
        theta = model.m_step(x, q)
    return q.tolist(), tuple(theta)


KL = 0.5 * np.log(0.5 * 6) + 0.5 * np.log(0.5 * 6 / 5)
T = (125 / 6 + 34) / (125 / 6 + 72)

RIGHT = {
    check_two_corners: [(1 / 6, T, 125 * KL), (0.167, 0.591, 36.737)],
    check_ascend: [ascend, lambda u, v, rho, t: [v * rho ** (2 * t - 1), v * rho ** (2 * t)], ascend_with_numpy],
    check_one_pass: [one_pass, in_place, afresh],
    check_scaled_slope: [
        scaled_slope,
        lambda heads, tosses, q, p: (heads @ q / (tosses * q.sum(axis=0)) - p).tolist(),
        lambda *given: given[3] * (1 - given[3]) / (given[1] * given[2].sum(axis=0)) * slope(*given),
    ],
}

SAME = {
    "check_ascend": {"u is ignored": "the first half-step replaces it"},
    "check_one_pass": {
        "`x` is `q`": "len(x) is len(q)",
        "`1` is `2`": "only the first of the two rows is used",
        "`model.e_step(x[n:n + 1], theta)[0]` is `model.e_step(x[n:n + 1], theta)`": "a row of shape (1, K) fits too",
    },
}

WRONG = {
    check_two_corners: [
        ((0.2, T, 125 * KL), "without the sum below"),
        ((0.833, T, 125 * KL), "other part's probability"),
        ((0.5, T, 125 * KL), "that is the old r"),
        ((0.167, 96.5 / 134.5, 125 * KL), "uses the old r"),
        ((0.167, 54.8333 / 197, 125 * KL), "divided by all 197"),
        ((0.167, 20.8333 / 92.8333, 125 * KL), "the fourth cell are missing"),
        ((0.167, 1 - T, 125 * KL), "1 minus what is asked"),
        ((0.167, T, KL), "for one animal"),
        ((0.167, T, -125 * KL), "the sign is flipped"),
        ((0.167, T, 15.955), "to base 10"),
        ((0.167, T, 36.8), "rise is off: 36.8 is too large. Keep more digits on the way."),
        ((0.167, T, 125 * (np.log(1 / 3) + 5 * np.log(5 / 3)) / 6), "wrong way around"),
    ],
    check_ascend: [
        (from_old_values, "both were updated from the old values"),
        (lambda u, v, rho, t: ascend(u, v, rho, t - 1), "too few"),
        (lambda u, v, rho, t: ascend(u, v, rho, t + 1), "too many"),
        (v_first, "the order is reversed"),
    ],
    check_one_pass: [
        (full, "that is full EM: all rows met the old theta"),
        (lambda model, x, q, theta: (q, model.m_step(x, q)), "q is unchanged"),
        (lambda *given: (one_pass(*given)[0], full(*given)[1]), "theta is the M-step's of full EM"),
        (lambda *given: (one_pass(*given)[0], given[3]), "theta is unchanged"),
    ],
    check_scaled_slope: [
        (slope, "that is the slope itself"),
        (lambda heads, tosses, q, p: heads @ q / (tosses * q.sum(axis=0)), "where EM moves p to"),
        (lambda heads, tosses, q, p: p * (1 - p) * slope(heads, tosses, q, p), "the factor T is missing"),
        (
            lambda heads, tosses, q, p: p * (1 - p) / (tosses * len(heads)) * slope(heads, tosses, q, p),
            "you divided by all tosses",
        ),
        (lambda *given: given[1] * scaled_slope(*given), "q counts sets, not tosses"),
        (lambda heads, tosses, q, p: slope(heads, tosses, q, p) / (tosses * q.sum(axis=0)), "the factor p (1 - p)"),
        (lambda *given: -scaled_slope(*given), "the sign is flipped"),
    ],
}
