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


def assign_by_scan(x, mu):
    """The nearest by expanding the square, one centroid after the other."""
    nearest, least = np.zeros(len(x), int), np.full(len(x), np.inf)
    for k, center in enumerate(mu):
        distance = (x**2).sum(axis=1) - 2 * x @ center + center @ center
        nearest[distance < least] = k
        least = np.minimum(least, distance)
    return nearest[:, None] == range(len(mu))


def move_one_by_one(x, q):
    sums, sizes = np.zeros((q.shape[1], x.shape[1])), [0] * q.shape[1]
    for point, row in zip(x, q, strict=True):
        k = int(np.argmax(row))
        sums[k] += point
        sizes[k] += 1
    return [total / size for total, size in zip(sums, sizes, strict=True)]


def hard_step_in_loops(heads, tosses, p):
    won, thrown = [0] * len(p), [0] * len(p)
    for x in heads:
        k = max(range(len(p)), key=lambda k: x * np.log(p[k]) + (tosses - x) * np.log(1 - p[k]))
        won[k] += x
        thrown[k] += tosses
    return [w / t for w, t in zip(won, thrown, strict=True)]


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
    return [heads[score.argmax(axis=1) == k].mean() / tosses for k in range(len(p))]


RIGHT = {
    check_kmeans_by_hand: [((0, 6.6), (1, 10)), ([0.0, 33 / 5], np.array([1, 10]))],
    check_assign: [assign, assign_in_loops, assign_by_scan],
    check_move: [move, lambda x, q: [x[q[:, k] == 1].mean(axis=0) for k in range(q.shape[1])], move_one_by_one],
    check_hard_step: [
        lambda heads, tosses, p: count(heads, tosses, hard(posterior(heads, tosses, p))),
        by_masks,
        hard_step_in_loops,
    ],
}

SAME = {
    "check_assign": {
        "`((x[:, None] - mu) ** 2).sum` is `((x[:, None] - mu) ** 2).mean`": "the nearest stays the nearest",
    },
}

WRONG = {
    check_kmeans_by_hand: [
        (((0.5, 8), (1, 10)), "gives the point 1 to the first"),
        (((1, 10), (1, 10)), "those are the centroids after two"),
        (((0, 5.5), (1, 10)), "you divided by 6 points"),
        (((0, 33), (1, 10)), "those are sums"),
        (((6.6, 0), (1, 10)), "first: the pair is exchanged"),
        (((0, 6.6), (0, 6.6)), "nothing was assigned anew"),
        (((0, 6.6), (0.5, 8)), "the point 2 is nearer to 0"),
        (((0, 6.6), (10, 1)), "second: the pair is exchanged"),
    ],
    check_assign: [
        (lambda x, mu: squares(x, mu).argmin(axis=1), "those are indices"),
        (lambda x, mu: np.eye(len(mu))[squares(x, mu).argmax(axis=1)], "the farthest centroid"),
        (lambda x, mu: assign(x, mu).T, "that is transposed"),
        (soft, "those are soft responsibilities"),
        (squares, "those are squared distances"),
        (lambda x, mu: hard(-np.abs(x[:, None] - mu).sum(axis=2)), "sums absolute differences"),
        (lambda x, mu: hard(-np.abs(x[:, None] - mu).max(axis=2)), "looks at one axis only"),
        (lambda x, mu: hard(x @ mu.T), "a long mu wins"),
        (lambda x, mu: assign(x[:, :1], mu[:, :1]), "is off at position"),
        (lambda x, mu: np.eye(len(mu))[assign(x, mu)[:, 0].astype(int)], "is off at position"),
    ],
    check_move: [
        (lambda x, q: q.T @ x / (len(x) / q.shape[1]), "by the same number"),
        (lambda x, q: q.T @ x / len(x), "divides by all points"),
        (lambda x, q: q.T @ x, "those are sums"),
        (lambda x, q: [x.mean(axis=0)] * len(q.T), "the mean of all points"),
        (lambda x, q: move(x, q).T, "that is transposed"),
    ],
    check_hard_step: [
        (lambda heads, tosses, p: count(heads, tosses, posterior(heads, tosses, p)), "that is EM: each set was split"),
        (
            lambda heads, tosses, p: count(heads, tosses, hard(-posterior(heads, tosses, p))),
            "went to the least likely coin",
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
