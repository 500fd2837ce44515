"""The course's models once more, in plain numpy and apart from emcore: what the book's drawings are measured with.

A model is data x, joint(theta) -> p(x_n, z_n = k | theta) of shape (N, K), and best(q) -> theta. theta is a tuple.
A model whose q is no (N, K) table brings its own loglik, bound and posterior.
"""

import math

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


class Poissons:
    """Two Poisson distributions of counts."""

    def __init__(self, x):
        self.x = x
        self.factorial = np.array([float(math.factorial(int(n))) for n in x])

    def joint(self, theta):
        pi, rate = map(np.asarray, theta)
        return pi * rate ** self.x[:, None] * np.exp(-rate) / self.factorial[:, None]

    def best(self, q):
        return q.mean(axis=0), self.x @ q / q.sum(axis=0)


class Weather:
    """A chain of two states that emits symbols and may stop; its q is (gamma, xi). Short enough not to underflow."""

    def __init__(self, x):
        self.x = x

    @staticmethod
    def read(stay, eaten):
        """theta from what a start's caption says; a start stops with probability .1 and eats as the source has it."""
        moves = [[stay[0], 0.9 - stay[0], 0.1], [0.9 - stay[1], stay[1], 0.1]]
        return np.array([0.5, 0.5]), np.array(moves), np.array([[eaten[0], 0.2, 0.1], [eaten[1], 0.2, 0.7]])

    @staticmethod
    def said(theta):
        return np.diag(theta[1]), theta[2][:, 0]

    def sweeps(self, theta):
        pi, A, B = theta
        seen, moves = B[:, self.x].T, A[:, :2]
        alpha, beta = [pi * seen[0]], [A[:, 2]]
        for now, after in zip(seen[1:], seen[:0:-1], strict=True):
            alpha.append(alpha[-1] @ moves * now)
            beta.append(moves @ (after * beta[-1]))
        return np.array(alpha), np.array(beta[::-1])

    def loglik(self, theta):
        alpha, beta = self.sweeps(theta)
        return float(np.log(alpha[-1] @ beta[-1]))

    def posterior(self, theta):
        (alpha, beta), moves, seen = self.sweeps(theta), theta[1][:, :2], theta[2][:, self.x].T
        total = alpha[-1] @ beta[-1]
        xi = alpha[:-1, :, None] * moves * (seen * beta)[1:, None, :] / total
        return alpha * beta / total, xi

    def best(self, q):
        gamma, xi = q
        size = gamma.sum(axis=0)[:, None]
        symbols = np.stack([gamma[self.x == s].sum(axis=0) for s in range(3)], axis=1)
        return gamma[0], np.column_stack([xi.sum(axis=0), gamma[-1]]) / size, symbols / size

    def bound(self, q, theta):
        (gamma, xi), (pi, A, B) = q, theta
        expected = q_log(gamma[0], pi).sum() + q_log(xi, A[:, :2]).sum() + q_log(gamma[-1], A[:, 2]).sum()
        expected += q_log(gamma, B[:, self.x].T).sum()
        return float(expected - q_log(xi, xi).sum() + q_log(gamma[1:-1], gamma[1:-1]).sum())


def loglik(model, theta) -> float:
    if hasattr(model, "loglik"):
        return model.loglik(theta)
    return float(np.log(model.joint(theta).sum(axis=1)).sum())


def bound(model, q, theta) -> float:
    if hasattr(model, "bound"):
        return model.bound(q, theta)
    joint = model.joint(theta)
    return float(q_log(q, joint).sum() - q_log(q, q).sum())


def q_log(q, y):
    """q log y, with 0 log 0 = 0."""
    return q * np.log(np.where(q > 0, y, 1))


def posterior(model, theta):
    if hasattr(model, "posterior"):
        return model.posterior(theta)
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
