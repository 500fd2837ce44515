"""Chapter 10, K-means is hard EM."""

import numpy as np

from ..models import Coins
from .old import answer_of, judge
from .verdict import rng


def check_kmeans_by_hand(first, second):
    """Points 0, 1, 2, 8, 9, 13 from centroids 0 and 1: the centroids after one iteration and after two."""
    mistakes = {
        "that gives the point 1 to the first centroid; it is nearer to 1, at distance 0.": (0.5, 8),
        "those are the centroids after two iterations.": (1, 10),
        "you divided by 6 points; each centroid is the mean of its own.": (0, 33 / 6),
        "first: the pair is exchanged.": (6.6, 0),
    }
    judge(first, (0, 6.6), mistakes, what="first", tol=1e-3)
    mistakes = {
        "nothing was assigned anew: the points 1 and 2 are now nearer to the first centroid.": (0, 6.6),
        "the point 2 is nearer to 0 than to 6.6.": (0.5, 8),
        "second: the pair is exchanged.": (10, 1),
    }
    judge(second, (1, 10), mistakes, what="second", tol=1e-3)
    print("Right: the sum of squares fell from 101.2 to 16.")


def check_assign(assign):
    """assign(x, mu) must return one-hot rows, (N, K): 1 for the nearest centroid."""
    draw = rng()
    x, mu = draw.normal(0, 2, (9, 3)), draw.normal(0, 2, (4, 3))
    squares = ((x[:, None] - mu) ** 2).sum(axis=2)
    right = np.eye(4)[squares.argmin(axis=1)]
    weights = np.exp(-squares / 2)
    mistakes = {
        "those are indices; return one-hot rows.": squares.argmin(axis=1),
        "that is the farthest centroid.": np.eye(4)[squares.argmax(axis=1)],
        "that is (K, N); transpose it, so that each row is one point.": right.T,
        "those are soft responsibilities; K-means gives all to the nearest.": weights
        / weights.sum(axis=1, keepdims=True),
        "those are squared distances; turn the smallest of each row into a 1.": squares,
    }
    judge(answer_of(assign, x, mu), right, mistakes, what="the array of assignments")
    print("Right: every point is wholly its nearest centroid's.")


def check_move(move):
    """move(x, q) must return the mean of each group, (K, d)."""
    draw = rng()
    x, q = draw.normal(0, 2, (10, 2)), np.eye(3)[[0, 0, 0, 0, 0, 1, 1, 1, 2, 2]]
    right = q.T @ x / q.sum(axis=0)[:, None]
    mistakes = {
        "that divides every group by the same number; divide by its own size.": q.T @ x / (10 / 3),
        "that divides by all points; divide by the size of each group.": q.T @ x / 10,
        "those are sums; divide by the size of each group.": q.T @ x,
        "that is (d, K); transpose it, so that each row is one centroid.": right.T,
    }
    judge(answer_of(move, x, q), right, mistakes, what="the centroids")
    print("Right: the mean of each group, whatever its size.")


def check_hard_step(hard_step):
    """hard_step(heads, tosses, p) must return p after one iteration of hard EM."""
    draw = rng()
    tosses, p = 19, draw.uniform([0.89, 0.54], [0.91, 0.56])
    heads = np.concatenate([[14.0], draw.integers(4, 13, 3), draw.integers(16, 19, 3)])  # 14 of 19 is nearer to .9
    soft = Coins(tosses).e_step(heads, (p,))
    hard = np.eye(2)[soft.argmax(axis=1)]
    right = heads @ hard / (tosses * hard.sum(axis=0))
    near = np.eye(2)[np.abs(heads[:, None] / tosses - p).argmin(axis=1)]
    mistakes = {
        "that is EM: each set was split. Give it wholly to its likeliest coin.": heads
        @ soft
        / (tosses * soft.sum(axis=0)),
        "you compared shares of heads; compare the probabilities of the heads under each coin.": heads
        @ near
        / (tosses * near.sum(axis=0)),
        "those are heads per set; divide by the tosses.": right * tosses,
        "every set went to the less likely coin.": heads @ (1 - hard) / (tosses * (1 - hard).sum(axis=0)),
        "p did not move: return the new p.": p,
        "you divided by all tosses; divide by those of each coin's own sets.": heads @ hard / (tosses * len(heads)),
    }
    judge(answer_of(hard_step, heads, tosses, p), right, mistakes, what="p")
    print("Right: assign, then count.")
