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


def e_step_in_loops(heads, tosses, p):
    rows = [[k**x * (1 - k) ** (tosses - x) for k in p] for x in heads]
    return np.array([np.divide(row, sum(row)) for row in rows])


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
        p = np.array([heads[likelier == k].sum() / (tosses * np.sum(likelier == k)) for k in range(len(p))])
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


def dice_set_by_set(counts, q):
    found = np.zeros((q.shape[1], counts.shape[1]))
    for row, shares in zip(counts, q, strict=True):
        found += np.outer(shares, row)
    return found / np.sum(found, 1)[:, None]


A, B = 0.7**6 * 0.3**4, 0.4**6 * 0.6**4
SHARE = A / (A + B)

RIGHT = {
    check_expected_counts: [
        (6 * SHARE, 4 * SHARE, 6 * (1 - SHARE), 4 * (1 - SHARE)),
        (3.85, 2.57, 2.15, 1.43),
        (*np.multiply(SHARE, [6, 4]), np.float64(2.147), 1.431),
    ],
    check_coin_e_step: [
        lambda *given: by_row(tosses_of(*given)),
        in_logs,
        e_step_in_loops,
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
        dice_set_by_set,
        lambda counts, q: (counts.T @ q / np.sum(counts.T @ q, axis=0)).T,
    ],
}

WRONG = {
    check_expected_counts: [
        ((6, 4, 0, 0), "hard decision"),
        ((3, 2, 3, 2), "evenly"),
        ((2.15, 1.43, 3.85, 2.57), "A and B are exchanged"),
        ((6 * A, 4 * A, 6 * B, 4 * B), "credited by the joint"),
        ((SHARE, SHARE, 1 - SHARE, 1 - SHARE), "those are the responsibilities"),
        ((3.9, 2.6, 2.1, 1.4), "rounded to 1 decimal; keep 2"),
        ((3.85, 2.15, 2.57, 1.43), "not in the right order"),
        ((3.8, 2.57, 2.2, 1.43), "the list of all four is off at position"),
    ],
    check_coin_e_step: [
        (tosses_of, "your rows do not sum to 1: divide"),
        (lambda *given: by_column(tosses_of(*given)), "your columns sum to 1"),
        (lambda heads, tosses, p: by_row(p ** heads[:, None]), "the tails are missing"),
        (lambda heads, tosses, p: by_row((1 - p) ** (tosses - heads[:, None])), "the heads are missing"),
        (lambda heads, tosses, p: by_row(p * tosses_of(heads, tosses, p)), "how often a coin is drawn"),
        (lambda *given: e_step(*given).T, "that is transposed"),
        (lambda *given: harden(tosses_of(*given)), "hard decision"),
    ],
    check_coin_m_step: [
        (lambda heads, tosses, q: heads @ q / (tosses * len(heads)), "divided by all tosses"),
        (lambda heads, tosses, q: (q * heads[:, None]).sum(axis=0), "those are expected heads"),
        (lambda heads, tosses, q: heads @ q / ((tosses - heads) @ q), "the odds"),
        (lambda heads, tosses, q: heads @ q / q.sum(axis=0), "heads per set"),
        (lambda heads, tosses, q: [np.mean(heads) / tosses] * len(q.T), "all coins came out alike"),
        (lambda heads, tosses, q: heads @ q / (tosses * len(heads) / len(q.T)), "is off at position"),
    ],
    check_coin_em: [
        (lambda heads, tosses, p, iterations: p, "did not move"),
        (lambda heads, tosses, p, iterations: em(heads, tosses, p, 1), "that is one iteration:"),
        (q_of_the_start, "that is one iteration:"),
        (lambda heads, tosses, p, iterations: em(heads, tosses, p, iterations - 1), "too few"),
        (lambda heads, tosses, p, iterations: em(heads, tosses, p, iterations + 1), "too many"),
        (hard_em, "hard EM"),
        (lambda heads, tosses, p, iterations: em(heads, tosses, p, 4), "one iteration too many"),
        (lambda heads, tosses, p, iterations: em(heads, tosses, p, 1000), "is off"),
    ],
    check_dice_m_step: [
        (lambda counts, q: q.T @ counts, "those are expected counts"),
        (lambda counts, q: by_column(q.T @ counts), "your columns sum to 1"),
        (lambda counts, q: (q.T @ counts) / q.sum(axis=0)[:, None], "the expected number of sets"),
        (lambda counts, q: (q.T @ counts) / q.sum(axis=0)[:, None] / counts[0].sum(), "the sets differ in length"),
        (lambda counts, q: by_row(q.T @ by_row(counts)), "a long set should count more"),
        (lambda counts, q: q.T @ by_row(counts) / q.sum(axis=0)[:, None], "a long set should count more"),
        (lambda counts, q: dice(counts, q).T, "that is transposed"),
        (lambda counts, q: [counts.sum(axis=0) / counts.sum()] * len(q.T), "dice came out alike"),
        (lambda counts, q: dice(counts + 1, q), "is off at position"),
    ],
}
