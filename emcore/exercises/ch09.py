"""Chapter 09, Gaussian mixtures in practice."""

import numpy as np

from .answers import Function, answer_of, unpack
from .draws import draw_q
from .verdict import Slip, check, judge, rng


@check
def check_counting(two: int, three: int) -> str:
    """Free parameters of a mixture with full covariances: K = 2 in 5 dimensions, K = 3 in 4."""
    slips = [
        Slip(42, "two: the weights are not all free: they sum to 1, so K - 1 of them count."),
        Slip(61, "two: a covariance is symmetric: d (d + 1) / 2 entries are free, not d squared."),
        Slip(40, "two: the weights are missing."),
        Slip(31, "two: the means are missing."),
        Slip(26, "two: that is with one covariance for all components; each has its own."),
    ]
    judge(two, 41, slips, what="two", decimals=0)
    slips = [
        Slip(45, "three: the weights are not all free: they sum to 1, so K - 1 of them count."),
        Slip(62, "three: a covariance is symmetric: d (d + 1) / 2 entries are free, not d squared."),
        Slip(42, "three: the weights are missing."),
        Slip(32, "three: the means are missing."),
        Slip(24, "three: that is with one covariance for all components; each has its own."),
        Slip(63, "three: count the free weights only, and d (d + 1) / 2 entries of a covariance."),
        Slip(29, "that is for K = 2."),
    ]
    judge(three, 44, slips, what="three", decimals=0)
    return "these are the P of the BIC."


@check
def check_m_step_in_d(m_step: Function) -> str:
    """m_step(x, q) must return pi (K,), mu (K, d) and cov (K, d, d)."""
    draw = rng()
    for K, d in ((2, 3), (3, 2), (4, 1)):
        x, q = draw.normal(0, [1, 2, 3][:d], (20, d)), draw_q(draw, 20, K)
        pi, mu, cov = unpack(answer_of(m_step, x=x, q=q), "pi", "mu", "cov")
        sizes = q.sum(axis=0)
        judge(pi, sizes / 20, [Slip(np.full(K, 1 / K), "pi is not updated: it is the mean of q.")], what="pi", n=20)
        right = q.T @ x / sizes[:, None]
        slips = [
            Slip(q.T @ x / 20, "mu is divided by the number of observations; divide by the sum of each column of q."),
            Slip(q.T @ x, "those are weighted sums; divide each row of mu by the sum of that column of q."),
            Slip(np.tile(x.mean(axis=0), (K, 1)), "every component got the same mean: weight x by q."),
        ]
        judge(mu, right, slips, what="mu")
        judge(cov, *covariances(x, q, right), what="cov", n=sizes[:, None, None])
    return "weighted means and weighted covariances."


def covariances(x: np.ndarray, q: np.ndarray, mu: np.ndarray) -> tuple[np.ndarray, list[Slip]]:
    """The weighted covariances, (K, d, d), and what slips make of them."""

    def products(weights: np.ndarray, about: np.ndarray | float) -> np.ndarray:
        away = x[:, None] - about
        return np.einsum("nk,nki,nkj->kij", weights, away, away)

    sizes, d = q.sum(axis=0)[:, None, None], x.shape[1]
    right = products(q, mu) / sizes
    slips = [
        Slip(products(q, x.mean(axis=0)) / sizes, "cov is taken about the mean of all data, not about each mu."),
        Slip(products(q, 0) / sizes, "mu is not subtracted: cov is taken about it."),
        Slip(products(q, mu) / len(x), "cov is divided by the number of observations, not by the sums of q."),
        Slip(products(np.ones_like(q), mu) / sizes, "the products are not weighted: multiply each by its q."),
        Slip(products(q**2, mu) / sizes, "q counts twice: weight one factor of each product only."),
        Slip(products(q, mu), "those are sums, not averages: divide by the sum of each column of q."),
        Slip(np.sqrt(np.abs(right)) * np.sign(right), "the square roots were taken: cov holds no deviations."),
    ]
    if d > 1:
        slips.append(Slip(right * np.eye(d), "only the variances are there: the entries off the diagonal are missing."))
    return right, slips


@check
def check_log_density(log_density: Function) -> str:
    """log_density(x, mu, cov) must return log N(x_n; mu, cov), shape (N,)."""
    draw = rng()
    for d in (2, 3, 5, 1):
        x, mu, root = draw.normal(0, 2, (6, d)), draw.normal(0, 1, d), draw.normal(0, 1, (d, d)) + 2 * np.eye(d)
        cov, away = root @ root.T, x - mu
        squares, log_det = np.sum(away @ np.linalg.inv(cov) * away, axis=1), np.log(np.linalg.det(cov))
        flat = d * np.log(2 * np.pi)
        uncorrelated = (away**2 / np.diag(cov)).sum(axis=1) + np.log(np.diag(cov)).sum()
        slips = [
            Slip(-0.5 * (squares + flat) - log_det, "the determinant has no square root yet: its log counts one half."),
            Slip(-0.5 * (squares + flat), "the determinant is missing."),
            Slip(-0.5 * (np.sum(away @ cov * away, axis=1) + flat + log_det), "cov was not inverted in the exponent."),
            Slip(np.exp(-0.5 * (squares + flat + log_det)), "that is the density; its logarithm is asked."),
        ]
        if d > 1:
            slips += [
                Slip(-0.5 * (squares + flat / d + log_det), "2 pi stands to the power d under the root."),
                Slip(-0.5 * (uncorrelated + flat), "only the variances were used, not the covariances."),
            ]
        answer = answer_of(log_density, x=x, mu=mu, cov=cov)
        judge(answer, -0.5 * (squares + flat + log_det), slips, what=f"the log-density in {d} dimensions")
    return "in any number of dimensions."


@check
def check_clip(clip: Function) -> str:
    """clip(cov, floor) must raise every eigenvalue of cov to at least floor."""
    draw = rng()
    for thin, wide in ((1, 2), (2, 2), (0, 3), (2, 0)):  # how many eigenvalues lie below the floor, how many above
        d, floor, drawn = thin + wide, draw.uniform(0.8, 1.2), False
        while not drawn:  # until an entry of the diagonal lies below the floor, where an eigenvalue does
            turn = np.linalg.qr(draw.normal(0, 1, (d, d)))[0]
            cov = turn @ np.diag([*draw.uniform(0.1, 0.6, thin), *draw.uniform(1.5, 4, wide)]) @ turn.T
            drawn = np.diag(cov).min() < floor or not thin
        values, vectors = np.linalg.eigh(cov)
        raised = np.maximum(values, floor)
        slips = [
            Slip(cov + floor * np.eye(d), "the floor was added to all eigenvalues; raise only those below it."),
            Slip(np.maximum(cov, floor), "the entries were clipped; clip the eigenvalues."),
            Slip(cov + np.diag(np.maximum(floor - np.diag(cov), 0)), "the diagonal was clipped; clip the eigenvalues."),
            Slip(cov, "nothing changed: an eigenvalue lies below the floor."),
            Slip((vectors.T * raised) @ vectors, "the eigenvectors are the columns: scale the columns, not the rows."),
            Slip(np.diag(raised), "those are the eigenvalues on a diagonal; turn them back with the eigenvectors."),
        ]
        answer = answer_of(clip, cov=cov, floor=floor)
        judge(answer, (vectors * raised) @ vectors.T, slips if thin and wide else [], what="the clipped matrix")
    return "the same directions, and none thinner than the floor."
