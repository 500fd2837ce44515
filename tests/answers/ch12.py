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
    order = sorted(range(len(fields[1])), key=lambda k: fields[1][k])
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


def safe_in_loops(x, pi, mu, sigma):
    rows = []
    for value in x:
        log_p = [np.log(p / s) - ((value - m) / s) ** 2 / 2 for p, m, s in zip(pi, mu, sigma, strict=True)]
        rows.append([1 / sum(np.exp(min(other - own, 700)) for other in log_p) for own in log_p])
    return rows


def by_insertion(pi, mu, sigma):
    """Components as triples, put in order one by one."""
    ordered = []
    for triple in zip(mu, pi, sigma, strict=True):
        place = sum(other[0] < triple[0] for other in ordered)
        ordered.insert(place, triple)
    mu, pi, sigma = zip(*ordered, strict=True)
    return np.array(pi), np.array(mu), np.array(sigma)


def by_recursion(labels, truth, K):
    def best(label, free):
        if label == K:
            return 0
        return max(np.sum((labels == label) & (truth == k)) + best(label + 1, free - {k}) for k in free)

    return [best(0, frozenset(range(K))) / len(labels)]


def circles_only(labels, truth, K):
    return max(np.mean((labels + shift) % K == truth) for shift in range(K))


def greedy(labels, truth, K):
    table = np.array([[np.sum((labels == j) & (truth == k)) for k in range(K)] for j in range(K)])
    agree = 0
    for _ in range(K):
        j, k = np.unravel_index(table.argmax(), table.shape)
        agree += table[j, k]
        table[j], table[:, k] = -1, -1
    return agree / len(truth)


def label_by_label(labels, truth, K):
    """The labels choose in turn, the first one first."""
    free, agree = list(range(K)), 0
    for label in range(K):
        choice = max(free, key=lambda k: np.sum((labels == label) & (truth == k)))
        free.remove(choice)
        agree += np.sum((labels == label) & (truth == choice))
    return agree / len(truth)


RIGHT = {
    check_three_coins: [(0.3337, (0.3799, 0.7102)), (0.334, np.array([0.379913, 0.710204]))],
    check_safe_e_step: [
        lambda *a: shares(log_joint(*a)),
        lambda *a: np.exp(log_joint(*a) - np.logaddexp.reduce(log_joint(*a), axis=1, keepdims=True)).tolist(),
        safe_in_loops,
    ],
    check_in_order: [in_order, by_hand, by_insertion],
    check_agreement_of: [agreement_of, by_table, by_recursion],
    check_map_step: [
        map_step,
        lambda heads, tosses, q, a: [
            (sum(heads * q[:, k]) + a) / (sum(tosses * q[:, k]) + a + a) for k in range(q.shape[1])
        ],
        lambda heads, tosses, q, a: 1 - ((tosses - heads) @ q + a) / (tosses * np.sum(q, axis=0) + 2 * a),
    ],
}

SAME = {
    "check_agreement_of": {
        "labels and truth are exchanged": "a renaming has an inverse",
        "K is ignored": "names that no label needs change nothing",
        "K is counted with one more": "names that no label needs change nothing",
    },
}

WRONG = {
    check_three_coins: [
        ((0.3, (0.3799, 0.7102)), "that is the start"),
        ((0.6663, (0.3799, 0.7102)), "the other coin's weight"),
        ((0.516484, (0.3799, 0.7102)), "new_weight: the responsibilities lack the weights"),
        ((0.211268, (0.3799, 0.7102)), "the responsibility for a 1"),
        ((0.517241, (0.3799, 0.7102)), "the responsibility for a 0"),
        ((3.336571, (0.3799, 0.7102)), "a sum where a mean is asked"),
        ((0.3337, (0.5, 0.8)), "those are the start"),
        ((0.3337, (0.7102, 0.3799)), "the two are exchanged"),
        ((0.3337, (0.446809, 0.763636)), "new_p: the responsibilities lack the weights"),
        ((0.3337, (0.126761, 0.473239)), "credited with"),
    ],
    check_safe_e_step: [
        (naive, "right for moderate x"),
        (lambda *a: by_row(np.exp(log_joint(*a)) + 1e-300), "leaves far points undecided"),
        (lambda *a: np.exp(log_joint(*a)) / (np.exp(log_joint(*a)).sum(1)[:, None] + 1e-300), "loses far points"),
        (lambda x, pi, mu, sigma: shares(log_joint(x, np.ones(len(pi)), mu, sigma)), "the weights pi are missing"),
        (
            lambda x, pi, mu, sigma: shares(np.log(pi) - (x[:, None] - mu) ** 2 / (2 * sigma**2)),
            "the division by sigma is missing",
        ),
        (lambda *a: shares(log_joint(*a)).T, "that is transposed"),
        (lambda *a: np.exp(log_joint(*a) - log_joint(*a).max(axis=1, keepdims=True)), "do not sum to 1"),
        (lambda *a: np.log(shares(log_joint(*a))), "that is the logarithm of what is asked"),
    ],
    check_in_order: [
        (lambda *a: tuple(np.sort(field) for field in a), "each array is sorted by itself"),
        (lambda pi, mu, sigma: (pi, np.sort(mu), sigma), "only mu was rearranged"),
        (lambda *a: tuple(field[::-1] for field in in_order(*a)), "the order is reversed"),
        (lambda pi, mu, sigma: tuple(field[np.argsort(pi)] for field in (pi, mu, sigma)), "ordered by weight"),
        (lambda pi, mu, sigma: tuple(field[np.argsort(sigma)] for field in (pi, mu, sigma)), "ordered by sigma"),
        (lambda *a: a, "nothing was rearranged"),
        (lambda *a: tuple(field[np.argsort(np.argsort(a[1]))] for field in a), "place for an order"),
    ],
    check_agreement_of: [
        (lambda labels, truth, K: np.mean(labels == truth), "labels have no names"),
        (lambda *a: 1 - agreement_of(*a), "1 minus what is asked"),
        (lambda labels, truth, K: agreement_of(labels, truth, K) * len(truth), "the list of five agreements is off"),
        (swaps_only, "swaps two labels only"),
        (purity, "each label its commonest truth"),
        (circles_only, "in a circle only"),
        (greedy, "the largest overlap first"),
        (label_by_label, "each label in turn"),
        (lambda labels, truth, K: agreement_of(labels, truth, 3), "stops"),
    ],
    check_map_step: [
        (lambda heads, tosses, q, a: map_step(heads, tosses, q, 0), "a is not used"),
        (lambda heads, tosses, q, a: (heads @ q + a) / (tosses * q.sum(axis=0) + a), "a tails were not counted"),
        (lambda heads, tosses, q, a: (heads @ q + a) / (tosses * q.sum(axis=0)), "the tosses did not grow"),
        (lambda heads, tosses, q, a: heads @ q / (tosses * q.sum(axis=0) + 2 * a), "the heads did not grow"),
        (lambda heads, tosses, q, a: heads @ q + a, "those are expected heads"),
        (lambda heads, tosses, q, a: map_step(heads, tosses, q, a - 1), "that adds a - 1 heads"),
        (lambda heads, tosses, q, a: (heads @ q + a) / (q.sum(axis=0) + 2 * a), "q counts sets, not tosses"),
    ],
}
