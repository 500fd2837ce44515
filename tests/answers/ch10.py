"""Chapter 10, K-means is hard EM."""

import numpy as np

from emcore.exercises import check_assign, check_hard_step, check_kmeans_by_hand, check_move


def squares(x, mu):
    return ((x[:, None] - mu) ** 2).sum(axis=2)


def assign(x, mu):
    return np.eye(len(mu))[squares(x, mu).argmin(axis=1)]


def assign_in_loops(x, mu):
    rows = [[sum((point - center) ** 2) for center in mu] for point in x]
    return [[float(s == min(row)) for s in row] for row in rows]


def soft(x, mu):
    joint = np.exp(-squares(x, mu) / 2)
    return joint / joint.sum(axis=1, keepdims=True)


def move(x, q):
    return q.T @ x / q.sum(axis=0)[:, None]


def posterior(heads, tosses, p):
    joint = p ** heads[:, None] * (1 - p) ** (tosses - heads[:, None])
    return joint / joint.sum(axis=1, keepdims=True)


def count(heads, tosses, q):
    return heads @ q / (tosses * q.sum(axis=0))


def hard(q):
    return np.eye(q.shape[1])[q.argmax(axis=1)]


def by_masks(heads, tosses, p):
    score = heads[:, None] * np.log(p) + (tosses - heads[:, None]) * np.log(1 - p)
    return [heads[score.argmax(axis=1) == k].mean() / tosses for k in (0, 1)]


RIGHT = {
    check_kmeans_by_hand: [((0, 6.6), (1, 10)), ([0.0, 33 / 5], np.array([1, 10]))],
    check_assign: [assign, assign_in_loops],
    check_move: [move, lambda x, q: [x[q[:, k] == 1].mean(axis=0) for k in range(q.shape[1])]],
    check_hard_step: [lambda heads, tosses, p: count(heads, tosses, hard(posterior(heads, tosses, p))), by_masks],
}

WRONG = {
    check_kmeans_by_hand: [
        (((0.5, 8), (1, 10)), "gives the point 1 to the first"),
        (((1, 10), (1, 10)), "those are the centroids after two"),
        (((0, 5.5), (1, 10)), "you divided by 6 points"),
        (((6.6, 0), (1, 10)), "first: the pair is exchanged"),
        (((0, 6.6), (0, 6.6)), "nothing was assigned anew"),
        (((0, 6.6), (0.5, 8)), "the point 2 is nearer to 0"),
        (((0, 6.6), (10, 1)), "second: the pair is exchanged"),
    ],
    check_assign: [
        (lambda x, mu: squares(x, mu).argmin(axis=1), "those are indices"),
        (lambda x, mu: np.eye(len(mu))[squares(x, mu).argmax(axis=1)], "the farthest centroid"),
        (lambda x, mu: assign(x, mu).T, "transpose it"),
        (soft, "those are soft responsibilities"),
        (squares, "those are squared distances"),
    ],
    check_move: [
        (lambda x, q: q.T @ x / (len(x) / q.shape[1]), "by the same number"),
        (lambda x, q: q.T @ x / len(x), "divides by all points"),
        (lambda x, q: q.T @ x, "those are sums"),
        (lambda x, q: move(x, q).T, "transpose it"),
    ],
    check_hard_step: [
        (lambda heads, tosses, p: count(heads, tosses, posterior(heads, tosses, p)), "that is EM: each set was split"),
        (
            lambda heads, tosses, p: count(heads, tosses, 1 - hard(posterior(heads, tosses, p))),
            "went to the less likely coin",
        ),
        (lambda heads, tosses, p: p, "p did not move"),
        (lambda heads, tosses, p: count(heads, tosses, hard(-np.abs(heads[:, None] / tosses - p))), "compared shares"),
        (lambda heads, tosses, p: np.multiply(tosses, by_masks(heads, tosses, p)), "heads per set"),
        (
            lambda heads, tosses, p: heads @ hard(posterior(heads, tosses, p)) / (tosses * len(heads)),
            "you divided by all tosses",
        ),
    ],
}
