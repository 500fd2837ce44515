"""The course's models once more, in plain numpy and apart from emcore: what the book's drawings are measured with.

A model is data x, joint(theta) -> p(x_n, z_n = k | theta) of shape (N, K), and best(q) -> theta. theta is a tuple.
"""

import numpy as np

from emcore import data


def normal(x, mu, sigma):
    return np.exp(-(((x - mu) / sigma) ** 2) / 2) / (np.sqrt(2 * np.pi) * sigma)


class WomensMean:
    """Two normal densities of heights; only the second mean is unknown."""

    x = data.heights().height

    def joint(self, theta):
        (mu,) = theta
        return np.stack([0.44 * normal(self.x, 178, 6.4), 0.56 * normal(self.x, mu, 5.6)], axis=1)

    def best(self, q):
        return (q[:, 1] @ self.x / q[:, 1].sum(),)


class Gaussians:
    """Two normal densities, all five numbers unknown."""

    def __init__(self, x):
        self.x = x

    def joint(self, theta):
        pi, mu, sigma = map(np.asarray, theta)
        return pi * normal(self.x[:, None], mu, sigma)

    def best(self, q):
        size = q.sum(axis=0)
        mu = self.x @ q / size
        return size / len(self.x), mu, np.sqrt(np.sum(q * (self.x[:, None] - mu) ** 2, axis=0) / size)


class TwoMeans(Gaussians):
    """Two normal densities, only the means unknown."""

    def joint(self, theta):
        return super().joint(((0.36, 0.64), theta[0], (5.87, 5.87)))

    def best(self, q):
        return super().best(q)[1:2]


class TwoCoins:
    """Ten tosses a set, one of two coins, each as likely."""

    def __init__(self, x):
        self.x = x

    def joint(self, theta):
        p, heads = np.asarray(theta[0]), self.x[:, None]
        return 0.5 * p**heads * (1 - p) ** (10 - heads)

    def best(self, q):
        return (self.x @ q / (10 * q.sum(axis=0)),)


def loglik(model, theta) -> float:
    return float(np.log(model.joint(theta).sum(axis=1)).sum())


def bound(model, q, theta) -> float:
    joint = model.joint(theta)
    return float(q_log(q, joint).sum() - q_log(q, q).sum())


def q_log(q, y):
    """q log y, with 0 log 0 = 0."""
    return q * np.log(np.where(q > 0, y, 1))


def posterior(model, theta):
    joint = model.joint(theta)
    return joint / joint.sum(axis=1, keepdims=True)


def turns(model, theta):
    """theta_t, q_t, theta_t+1 of one iteration after another."""
    while True:
        q = posterior(model, theta)
        after = model.best(q)
        yield theta, q, after
        theta = after


def along(start, end, share):
    """theta a share of the way from start to end."""
    return tuple(np.asarray(a) + share * (np.asarray(b) - np.asarray(a)) for a, b in zip(start, end, strict=True))
