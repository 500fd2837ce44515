"""Chapter 12, when EM goes wrong."""

from itertools import permutations

import numpy as np

from emcore.exercises import (
    check_agreement_of,
    check_in_order,
    check_map_step,
    check_safe_e_step,
    check_three_coins,
)

from . import by_row


def log_joint(x, pi, mu, sigma):
    return np.log(pi) - np.log(sigma) - (x[:, None] - mu) ** 2 / (2 * sigma**2)


def shares(log_p):
    p = np.exp(log_p - log_p.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


def naive(x, pi, mu, sigma):
    p = np.exp(log_joint(x, pi, mu, sigma))
    return p / p.sum(axis=1, keepdims=True)


def in_order(pi, mu, sigma):
    order = np.argsort(mu)
    return pi[order], mu[order], sigma[order]


def by_hand(*fields):
    order = sorted(range(3), key=lambda k: fields[1][k])
    return [[field[k] for k in order] for field in fields]


def agreement_of(labels, truth, K):
    return max(np.mean(np.array(names)[labels] == truth) for names in permutations(range(K)))


def by_table(labels, truth, K):
    table = np.array([[np.sum((labels == j) & (truth == k)) for k in range(K)] for j in range(K)])
    return max(sum(table[j, k] for j, k in enumerate(names)) for names in permutations(range(K))) / len(truth)


def swaps_only(labels, truth, K):
    names = [list(range(K))]
    for i in range(K):
        for j in range(i):
            swapped = list(range(K))
            swapped[i], swapped[j] = j, i
            names.append(swapped)
    return max(np.mean(np.array(each)[labels] == truth) for each in names)


def map_step(heads, tosses, q, a):
    return (heads @ q + a) / (tosses * q.sum(axis=0) + 2 * a)


def purity(labels, truth, K):
    return sum(max(np.sum(truth[labels == k] == true) for true in range(K)) for k in range(K)) / len(truth)


RIGHT = {
    check_three_coins: [(0.4064, (0.5368, 0.6432)), (0.406417, np.array([0.536842, 0.643243]))],
    check_safe_e_step: [
        lambda *a: shares(log_joint(*a)),
        lambda *a: np.exp(log_joint(*a) - np.logaddexp.reduce(log_joint(*a), axis=1, keepdims=True)).tolist(),
    ],
    check_in_order: [in_order, by_hand],
    check_agreement_of: [agreement_of, by_table],
    check_map_step: [
        map_step,
        lambda heads, tosses, q, a: [
            (sum(heads * q[:, k]) + a) / (sum(tosses * q[:, k]) + a + a) for k in range(q.shape[1])
        ],
    ],
}
WRONG = {
    check_three_coins: [
        ((0.4, (0.5368, 0.6432)), "that is the start"),
        ((0.593583, (0.5368, 0.6432)), "the other coin's weight"),
        ((0.505495, (0.5368, 0.6432)), "new_weight: the responsibilities lack the weights"),
        ((0.363636, (0.5368, 0.6432)), "the responsibility for a 1"),
        ((0.470588, (0.5368, 0.6432)), "the responsibility for a 0"),
        ((0.4064, (0.6, 0.7)), "those are the start"),
        ((0.4064, (0.6432, 0.5368)), "the two are exchanged"),
        ((0.4064, (0.547826, 0.653333)), "new_p: the responsibilities lack the weights"),
        ((0.4064, (0.218182, 0.381818)), "credited with"),
    ],
    check_safe_e_step: [
        (naive, "right for moderate x"),
        (lambda *a: by_row(np.exp(log_joint(*a)) + 1e-300), "leaves far points undecided"),
        (lambda *a: np.exp(log_joint(*a)) / (np.exp(log_joint(*a)).sum(1)[:, None] + 1e-300), "loses far points"),
        (lambda x, pi, mu, sigma: shares(log_joint(x, np.ones(2), mu, sigma)), "the weights pi are missing"),
        (
            lambda x, pi, mu, sigma: shares(np.log(pi) - (x[:, None] - mu) ** 2 / (2 * sigma**2)),
            "the division by sigma is missing",
        ),
        (lambda *a: shares(log_joint(*a)).T, "transpose it"),
        (lambda *a: np.exp(log_joint(*a) - log_joint(*a).max(axis=1, keepdims=True)), "do not sum to 1"),
        (lambda *a: np.log(shares(log_joint(*a))), "those are logs"),
    ],
    check_in_order: [
        (lambda *a: tuple(np.sort(field) for field in a), "each array is sorted by itself"),
        (lambda pi, mu, sigma: (pi, np.sort(mu), sigma), "only mu was rearranged"),
        (lambda *a: tuple(field[::-1] for field in in_order(*a)), "the order is reversed"),
        (lambda pi, mu, sigma: tuple(field[np.argsort(pi)] for field in (pi, mu, sigma)), "ordered by weight"),
    ],
    check_agreement_of: [
        (lambda labels, truth, K: np.mean(labels == truth), "labels have no names"),
        (lambda *a: 1 - agreement_of(*a), "the share that disagrees"),
        (lambda labels, truth, K: agreement_of(labels, truth, K) * len(truth), "that is a count"),
        (swaps_only, "six ways to rename"),
        (purity, "each label its commonest truth"),
    ],
    check_map_step: [
        (lambda heads, tosses, q, a: map_step(heads, tosses, q, 0), "a is not used"),
        (lambda heads, tosses, q, a: (heads @ q + a) / (tosses * q.sum(axis=0) + a), "a tails were not counted"),
        (lambda heads, tosses, q, a: (heads @ q + a) / (tosses * q.sum(axis=0)), "the tosses did not grow"),
        (lambda heads, tosses, q, a: heads @ q / (tosses * q.sum(axis=0) + 2 * a), "the heads did not grow"),
        (lambda heads, tosses, q, a: heads @ q + a, "those are expected heads"),
        (lambda heads, tosses, q, a: map_step(heads, tosses, q, a - 1), "that is for a - 1 heads"),
        (lambda heads, tosses, q, a: (heads @ q + a) / (q.sum(axis=0) + 2 * a), "q counts sets, not tosses"),
    ],
}
