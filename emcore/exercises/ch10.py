"""Chapter 10, K-means is hard EM."""

from collections.abc import Sequence

import numpy as np

from .answers import Function, answer_of
from .draws import by_row, log_tosses, share
from .verdict import Slip, check, judge, rng


@check
def check_kmeans_by_hand(first: Sequence[float], second: Sequence[float]) -> str:
    """Points 0, 1, 2, 8, 9, 13 from centroids 0 and 1: the centroids after one iteration and after two."""
    slips = [
        Slip((0.5, 8), "that gives the point 1 to the first centroid; it is nearer to 1, at distance 0."),
        Slip((1, 10), "those are the centroids after two iterations."),
        Slip((0, 33 / 6), "you divided by 6 points; each centroid is the mean of its own."),
        Slip((0, 33), "those are sums; each centroid is the mean of its points."),
        Slip((6.6, 0), "first: the pair is exchanged."),
    ]
    judge(first, (0, 6.6), slips, what="first", decimals=2)
    slips = [
        Slip((0, 6.6), "nothing was assigned anew: the points 1 and 2 are now nearer to the first centroid."),
        Slip((0.5, 8), "the point 2 is nearer to 0 than to 6.6."),
        Slip((10, 1), "second: the pair is exchanged."),
    ]
    judge(second, (1, 10), slips, what="second", decimals=2)
    return "the next iteration would change nothing."


@check
def check_assign(assign: Function) -> str:
    """assign(x, mu) must return one-hot rows, (N, K): 1 for the nearest centroid."""
    draw = rng()
    for K, d in ((3, 2), (4, 3), (2, 4)):
        x, mu = draw.normal(0, 2, (200, d)), draw.normal(0, 2, (K, d))  # so many that another norm shows
        squares = ((x[:, None] - mu) ** 2).sum(axis=2)
        nearest = squares.argmin(axis=1)
        slips = [
            Slip(nearest, "those are indices; return one-hot rows."),
            Slip(np.eye(K)[squares.argmax(axis=1)], "that is the farthest centroid."),
            Slip(by_row(np.exp(-squares / 2)), "those are soft responsibilities; K-means gives all to the nearest."),
            Slip(squares, "those are squared distances; turn the smallest of each row into a 1."),
            Slip(one_hot(np.abs(x[:, None] - mu).sum(axis=2)), "that sums absolute differences; sum their squares."),
            Slip(one_hot(np.abs(x[:, None] - mu).max(axis=2)), "that looks at one axis only; sum the squares."),
            Slip(one_hot(-x @ mu.T), "that is the largest product x mu: a long mu wins. Compare distances."),
        ]
        judge(answer_of(assign, x=x, mu=mu), np.eye(K)[nearest], slips, what=f"the array of assignments for K = {K}")
    return "every point is wholly its nearest centroid's."


@check
def check_move(move: Function) -> str:
    """move(x, q) must return the mean of each group, (K, d)."""
    draw = rng()
    for sizes, d in (([5, 2], 3), ([1, 5, 3], 2), ([2, 1, 6, 4], 1)):
        K, N = len(sizes), sum(sizes)
        x, q = draw.normal(3, 2, (N, d)), draw.permutation(np.repeat(np.eye(K), draw.permutation(sizes), axis=0))
        sums = q.T @ x
        slips = [
            Slip(sums / (N / K), "that divides every group by the same number; divide by its own size."),
            Slip(sums / N, "that divides by all points; divide by the size of each group."),
            Slip(sums, "those are sums; divide by the size of each group."),
            Slip(np.tile(x.mean(axis=0), (K, 1)), "every group got the mean of all points; take its own only."),
        ]
        judge(answer_of(move, x=x, q=q), sums / q.sum(axis=0)[:, None], slips, what=f"the {K} centroids")
    return "the mean of each group, whatever its size."


@check
def check_hard_step(hard_step: Function) -> str:
    """hard_step(heads, tosses, p) must return p after one iteration of hard EM."""
    draw = rng()
    for K in (2, 3, 4):
        tosses = int(draw.integers(80, 99))
        heads = draw.permutation(np.repeat(np.arange(5.0, tosses - 4), draw.integers(1, 4, tosses - 9)))
        p = draw.permutation([0.97, 0.6, 0.3, 0.1][:K]) + draw.uniform(-0.02, 0.02, K)
        log_p = log_tosses(heads, tosses, p)
        hard, near = one_hot(-log_p), one_hot(np.abs(heads[:, None] / tosses - p))
        soft, least = by_row(np.exp(log_p)), one_hot(log_p)
        right = share(heads, tosses, hard)
        slips = [
            Slip(share(heads, tosses, soft), "that is EM: each set was split. Give it wholly to its likeliest coin."),
            Slip(share(heads, tosses, near), "you compared shares of heads; compare probabilities."),
            Slip(right * tosses, "those are heads per set; divide by the tosses."),
            Slip(share(heads, tosses, least), "every set went to the least likely coin."),
            Slip(p, "p did not move: return the new p."),
            Slip(heads @ hard / (tosses * len(heads)), "you divided by all tosses, not by the coin's own."),
        ]
        judge(answer_of(hard_step, heads=heads, tosses=tosses, p=p), right, slips, what=f"p of {K} coins")
    return "assign, then count."


def one_hot(distances: np.ndarray) -> np.ndarray:
    """1 where each row is smallest, 0 elsewhere."""
    return np.eye(distances.shape[1])[distances.argmin(axis=1)]
