"""Chapter 09, Gaussian mixtures in practice."""

import numpy as np

from emcore.exercises import check_clip, check_counting, check_log_density, check_m_step_in_d


def m_step(x, q):
    size = q.sum(axis=0)
    mu = q.T @ x / size[:, None]
    return size / len(x), mu, covariances(x, q, mu, size)


def covariances(x, q, mu, size):
    return np.array([(q[:, [k]] * (x - mu[k])).T @ (x - mu[k]) / size[k] for k in range(len(size))])


def by_numpy(x, q):
    mu = [np.average(x, axis=0, weights=w) for w in q.T]
    return [q.mean(axis=0), mu, [np.atleast_2d(np.cov(x.T, aweights=w, bias=True)) for w in q.T]]


def in_loops(x, q):
    N, d = x.shape
    pi, mu, cov = [], [], []
    for weights in q.T:
        total = sum(weights)
        pi.append(total / N)
        mu.append([sum(weights * column) / total for column in x.T])
        away = x - mu[-1]
        cov.append([[sum(weights * away[:, i] * away[:, j]) / total for j in range(d)] for i in range(d)])
    return pi, mu, cov


def with_cov(change):
    def answer(x, q):
        pi, mu, cov = m_step(x, q)
        return pi, mu, change(x, q, mu, cov)

    return answer


def log_density(x, mu, cov, *, power=None, det=0.5, inverse=np.linalg.inv):
    away = x - mu
    power = x.shape[1] if power is None else power
    squares = np.sum(away @ inverse(cov) * away, axis=1)
    return -0.5 * squares - 0.5 * power * np.log(2 * np.pi) - det * np.log(np.linalg.det(cov))


def by_cholesky(x, mu, cov):
    root = np.linalg.cholesky(cov)
    z = np.linalg.solve(root, (x - mu).T)
    return list(-0.5 * (z**2).sum(axis=0) - np.log(np.diag(root)).sum() - len(mu) / 2 * np.log(2 * np.pi))


def point_by_point(x, mu, cov):
    norm = len(mu) * np.log(2 * np.pi) + np.linalg.slogdet(cov)[1]
    return tuple(-((row - mu) @ np.linalg.solve(cov, row - mu) + norm) / 2 for row in x)


def clip_by_adding(cov, floor):
    """To each thin direction, what it lacks."""
    values, vectors = np.linalg.eigh(cov)
    return cov + sum(max(floor - value, 0) * np.outer(v, v) for value, v in zip(values, vectors.T, strict=True))


def clip(cov, floor):
    values, vectors = np.linalg.eigh(cov)
    return (vectors * np.maximum(values, floor)) @ vectors.T


def clip_by_svd(cov, floor):
    u, values, vt = np.linalg.svd(cov)
    return (u @ np.diag(np.maximum(values, floor)) @ vt).tolist()


def clipped_diagonal(cov, floor):
    cov = cov.copy()
    np.fill_diagonal(cov, np.maximum(np.diag(cov), floor))
    return cov


def rows_for_columns(cov, floor):
    values, vectors = np.linalg.eigh(cov)
    return (vectors.T * np.maximum(values, floor)) @ vectors


RIGHT = {
    check_counting: [(41, 44), (np.int64(41), 44.0)],
    check_m_step_in_d: [m_step, by_numpy, in_loops],
    check_log_density: [log_density, by_cholesky, point_by_point],
    check_clip: [clip, clip_by_svd, clip_by_adding],
}

SAME = {
    "check_m_step_in_d": {
        **{
            f"`x - mu[k]` is `{other}`{place}": "the other factor's weighted sum is 0"
            for other in ("x", "x + mu[k]")
            for place in ("", " (place 2)")
        },
        "`x` is `q` (place 2)": "len(x) is len(q)",
        "`np.array(cov)` is `cov`": "a list will do",
    },
    "check_log_density": {
        "`x - mu` is `mu - x`": "its square is asked",
        "`x` is `cov` (place 2)": "x has as many columns as cov",
    },
    "check_clip": {
        "`np.linalg.eigh` is `np.linalg.eig`": "the matrix is symmetric",
        "the answer is transposed": "the matrix is symmetric",
    },
}

WRONG = {
    check_counting: [
        ((42, 44), "two: the weights are not all free"),
        ((61, 44), "two: a covariance is symmetric"),
        ((40, 44), "two: the weights are missing"),
        ((31, 44), "two: the means are missing"),
        ((26, 44), "two: that is with one covariance"),
        ((41, 45), "three: the weights are not all free"),
        ((41, 62), "three: a covariance is symmetric"),
        ((41, 42), "three: the weights are missing"),
        ((41, 29), "that is for K = 2"),
        ((41, 32), "three: the means are missing"),
        ((41, 24), "three: that is with one covariance"),
        ((41, 63), "three: count the free weights only"),
        ((41, 43.9), "three is off: 43.9 is too small."),
    ],
    check_m_step_in_d: [
        (lambda x, q: (q.sum(axis=0), *m_step(x, q)[1:]), "a sum where a mean is asked"),
        (lambda x, q: (np.ones(len(q.T)) / len(q.T), *m_step(x, q)[1:]), "pi is not updated"),
        (lambda x, q: (q.mean(axis=0), q.T @ x / len(x), 0), "mu is divided by the number"),
        (lambda x, q: (q.mean(axis=0), q.T @ x, 0), "those are weighted sums"),
        (lambda x, q: (q.mean(axis=0), m_step(x, q)[1].T, 0), "that is transposed"),
        (lambda x, q: (q.mean(axis=0), [x.mean(axis=0)] * len(q.T), 0), "the same mean"),
        (
            with_cov(lambda x, q, mu, cov: covariances(x, q, [x.mean(axis=0)] * len(mu), q.sum(axis=0))),
            "about the mean of all data",
        ),
        (with_cov(lambda x, q, mu, cov: covariances(x, q, mu, [len(x)] * len(mu))), "cov is divided by the number"),
        (with_cov(lambda x, q, mu, cov: [np.diag(np.diag(c)) for c in cov]), "only the variances are there"),
        (with_cov(lambda x, q, mu, cov: np.sign(cov) * np.sqrt(np.abs(cov))), "the square roots were taken"),
        (with_cov(lambda x, q, mu, cov: covariances(x, q, mu, [1] * len(mu))), "those are sums, not averages"),
        (with_cov(lambda x, q, mu, cov: covariances(x, np.ones_like(q), mu, q.sum(axis=0))), "are not weighted"),
        (with_cov(lambda x, q, mu, cov: covariances(x, q**2, mu, q.sum(axis=0))), "q counts twice"),
        (with_cov(lambda x, q, mu, cov: covariances(x, q, 0 * mu, q.sum(axis=0))), "mu is not subtracted"),
        (with_cov(lambda x, q, mu, cov: covariances(x, q, mu, q.sum(axis=0) - 1)), "N - 1 stands where N belongs"),
    ],
    check_log_density: [
        (lambda *given: log_density(*given, power=1), "2 pi stands to the power d"),
        (lambda *given: log_density(*given, power=2), "the log-density in 3 dimensions is off"),
        (lambda *given: log_density(*given, power=3), "the log-density in 2 dimensions is off"),
        (lambda *given: log_density(*given, det=1), "no square root yet"),
        (lambda *given: log_density(*given, det=0), "the determinant is missing"),
        (lambda *given: log_density(*given, inverse=np.asarray), "cov was not inverted"),
        (lambda *given: np.exp(log_density(*given)), "that is the density"),
        (lambda x, mu, cov: log_density(x, mu, np.diag(np.diag(cov))), "only the variances were used"),
    ],
    check_clip: [
        (lambda cov, floor: cov + floor * np.eye(len(cov)), "was added to all eigenvalues"),
        (np.maximum, "the entries were clipped"),
        (clipped_diagonal, "the diagonal was clipped"),
        (lambda cov, floor: cov, "nothing changed"),
        (rows_for_columns, "the eigenvectors are the columns"),
        (lambda cov, floor: np.diag(np.maximum(np.linalg.eigvalsh(cov), floor)), "turn them back"),
    ],
}
