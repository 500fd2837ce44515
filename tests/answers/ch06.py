"""Chapter 06, Two coins."""

import numpy as np

from emcore.exercises import (
    check_coin_e_step,
    check_coin_em,
    check_coin_m_step,
    check_dice_m_step,
    check_expected_counts,
)

from . import by_column, by_row, harden


def tosses_of(heads, tosses, p):
    return p ** heads[:, None] * (1 - p) ** (tosses - heads[:, None])


def in_logs(heads, tosses, p):
    log_odds = np.log(p / (1 - p))
    scores = heads[:, None] * log_odds + tosses * np.log(1 - p)
    return (np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)).tolist()


def e_step(heads, tosses, p):
    return by_row(tosses_of(heads, tosses, np.array(p)))


def m_step(heads, tosses, q):
    return heads @ q / (tosses * q.sum(axis=0))


def em(heads, tosses, p, iterations):
    for _ in range(iterations):
        p = m_step(heads, tosses, e_step(heads, tosses, p))
    return p


def em_in_place(heads, tosses, p, iterations):
    for _ in range(iterations):
        p[:] = m_step(heads, tosses, e_step(heads, tosses, p))
    return tuple(p)


def hard_em(heads, tosses, p, iterations):
    for _ in range(iterations):
        likelier = tosses_of(heads, tosses, p).argmax(axis=1)
        p = np.array([heads[likelier == k].sum() / (tosses * np.sum(likelier == k)) for k in (0, 1)])
    return p


def q_of_the_start(heads, tosses, p, iterations):
    q = e_step(heads, tosses, p)
    for _ in range(iterations):
        p = m_step(heads, tosses, q)
    return p


def dice(counts, q):
    return by_row(q.T @ counts)


def dice_in_loops(counts, q):
    expected = [[sum(q[:, k] * counts[:, s]) for s in range(counts.shape[1])] for k in range(q.shape[1])]
    return [[side / sum(die) for side in die] for die in expected]


SHARE = 0.6**9 * 0.4 / (0.6**9 * 0.4 + 0.5**10)

RIGHT = {
    check_expected_counts: [
        (9 * SHARE, SHARE, 9 * (1 - SHARE), 1 - SHARE),
        (7.24, 0.80, 1.76, 0.20),
        (*np.multiply(SHARE, [9, 1]), np.float64(1.755), 0.195),
    ],
    check_coin_e_step: [
        lambda *given: by_row(tosses_of(*given)),
        in_logs,
    ],
    check_coin_m_step: [
        m_step,
        lambda heads, tosses, q: list(heads @ q / (heads @ q + (tosses - heads) @ q)),
        lambda heads, tosses, q: tuple(np.average(heads / tosses, weights=weights) for weights in q.T),
    ],
    check_coin_em: [
        em,
        em_in_place,
        lambda heads, tosses, p, iterations: em(heads, tosses, em(heads, tosses, p, 1), iterations - 1).tolist(),
    ],
    check_dice_m_step: [
        dice,
        dice_in_loops,
        lambda counts, q: (counts.T @ q / np.sum(counts.T @ q, axis=0)).T,
    ],
}

WRONG = {
    check_expected_counts: [
        ((9, 1, 0, 0), "hard decision"),
        ((4.5, 0.5, 4.5, 0.5), "evenly"),
        ((1.76, 0.20, 7.24, 0.80), "exchanged"),
        ((9 * 0.00403, 0.00403, 9 / 1024, 1 / 1024), "joint probabilities"),
        ((7.2, 0.8, 1.8, 0.2), "rounded to one decimal"),
        ((7.24, 1.76, 0.80, 0.20), "heads A, tails A, heads B, tails B is off at position"),
    ],
    check_coin_e_step: [
        (tosses_of, "your rows do not sum to 1: divide"),
        (lambda *given: by_column(tosses_of(*given)), "your columns sum to 1"),
        (lambda heads, tosses, p: by_row(p ** heads[:, None]), "the tails are missing"),
        (lambda *given: e_step(*given).T, "transpose it"),
        (lambda *given: harden(tosses_of(*given)), "hard decision"),
    ],
    check_coin_m_step: [
        (lambda heads, tosses, q: heads @ q / (tosses * len(heads)), "divided by all tosses"),
        (lambda heads, tosses, q: (q * heads[:, None]).sum(axis=0), "those are expected heads"),
        (lambda heads, tosses, q: heads @ q / ((tosses - heads) @ q), "the odds"),
        (lambda heads, tosses, q: heads @ q / q.sum(axis=0), "heads per set"),
    ],
    check_coin_em: [
        (lambda heads, tosses, p, iterations: p, "did not move"),
        (lambda heads, tosses, p, iterations: em(heads, tosses, p, 1), "that is one iteration:"),
        (q_of_the_start, "that is one iteration:"),
        (lambda heads, tosses, p, iterations: em(heads, tosses, p, iterations - 1), "too few"),
        (lambda heads, tosses, p, iterations: em(heads, tosses, p, iterations + 1), "too many"),
        (hard_em, "hard EM"),
    ],
    check_dice_m_step: [
        (lambda counts, q: q.T @ counts, "those are expected counts"),
        (lambda counts, q: by_column(q.T @ counts), "your columns sum to 1"),
        (lambda counts, q: (q.T @ counts) / q.sum(axis=0)[:, None], "the expected number of sets"),
        (lambda counts, q: dice(counts, q).T, "transpose it"),
        (lambda counts, q: [counts.sum(axis=0) / counts.sum()] * 2, "came out alike"),
        (lambda counts, q: dice(counts + 1, q), "is off at position"),
    ],
}
