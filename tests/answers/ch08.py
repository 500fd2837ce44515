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


KL = 0.5 * np.log(0.5 / 0.2) + 0.5 * np.log(0.5 / 0.8)

RIGHT = {
    check_two_corners: [(0.2, 59 / 97, 125 * KL), (1 / 5, 0.6082, 27.893)],
    check_ascend: [ascend, lambda u, v, rho, t: [v * rho ** (2 * t - 1), v * rho ** (2 * t)]],
    check_one_pass: [one_pass, in_place],
    check_scaled_slope: [
        scaled_slope,
        lambda heads, tosses, q, p: (heads @ q / (tosses * q.sum(axis=0)) - p).tolist(),
    ],
}

WRONG = {
    check_two_corners: [
        ((0.25, 59 / 97, 125 * KL), "without the sum below"),
        ((0.8, 59 / 97, 125 * KL), "other part's probability"),
        ((0.5, 59 / 97, 125 * KL), "that is the old r"),
        ((0.2, 96.5 / 134.5, 125 * KL), "uses the old r"),
        ((0.2, 59 / 197, 125 * KL), "divided by all 197"),
        ((0.2, 38 / 97, 125 * KL), "that is 1 - t"),
        ((0.2, 59 / 97, KL), "for one animal"),
        ((0.2, 59 / 97, -125 * KL), "the sign is flipped"),
        ((0.2, 59 / 97, 12.114), "to base 10"),
        ((0.2, 59 / 97, 125 * (0.2 * np.log(0.4) + 0.8 * np.log(1.6))), "wrong way around"),
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
        (lambda *given: (one_pass(*given)[0], full(*given)[1]), "that is the M-step of full EM"),
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
        (lambda *given: -scaled_slope(*given), "the sign is flipped"),
    ],
}
