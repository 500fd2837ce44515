"""Gaussian mixtures in several dimensions: published numbers, scikit-learn, bad input, edges."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laws import at_most, same
from models import ELLIPSES, GEYSER, HEIGHT, gmm_vector_cases, read_only, steady
from test_bad_input import refuses
from test_ground_truth import close, digits, limit

from emcore import GMM, GMM1D, CollapseError, Mixture, em, fit

FREE, FLOORED, UNIT = GMM(), GMM(min_var=0.01), np.eye(2).tolist()
TWO = ([0.5, 0.5], [[0, 0], [4, 4]], [UNIT, UNIT])
NAN, INF = float("nan"), float("inf")
HALF = np.full(2, 0.5)


def bic(loglik, parameters):
    return -2 * loglik + parameters * np.log(len(GEYSER))


# Old Faithful in two columns: Benaglia et al. (2009), mclust; digits computed once.


def test_old_faithful_in_two_columns():
    theta, loglik = limit(FREE, GEYSER, ELLIPSES)
    assert close(theta.pi, [0.355873, 0.644127], 6)
    assert close(theta.mu, [[2.03639, 54.47852], [4.28966, 79.96812]], 5)
    assert close(loglik, -1130.26396, 5)
    assert close(bic(loglik, 1 + 4 + 6), 2322.192, 3)


def starts(K, tries):
    """Observations as means, the covariance of all as every covariance, equal weights."""
    rng = np.random.default_rng(0)
    for _ in range(tries):
        mu = GEYSER[rng.choice(len(GEYSER), K, replace=False)]
        yield GMM.Theta(np.full(K, 1 / K), mu, np.array([np.cov(GEYSER.T)] * K))


def test_bic_of_full_covariances_picks_two_components():
    best = max(fit(FREE, GEYSER, theta, tol=1e-10)[-1].loglik for theta in starts(3, 2))
    assert close(bic(best, 2 + 6 + 9), 2333.73, 2)
    one = fit(FREE, GEYSER, next(starts(1, 1)))[-1]
    assert np.allclose(one.theta.cov[0], np.cov(GEYSER.T, bias=True), rtol=1e-12)
    assert bic(one.loglik, 2 + 3) > 2333.73 > 2322.19


class Tied(GMM):
    """One covariance for all components: the exact M-step is the weighted mean of theirs."""

    def m_step(self, x, q):
        theta = super().m_step(x, q)
        return theta._replace(cov=np.array([np.tensordot(theta.pi, theta.cov, 1)] * len(theta.pi)))


@pytest.mark.parametrize("K, published", [(2, 2325.22), (3, 2314.30)])
def test_bic_of_a_tied_covariance_picks_three(K, published):
    """The other answer to the same question: a model of the reader's own, by overriding one function."""
    best = max(fit(Tied(), GEYSER, theta, tol=1e-10)[-1].loglik for theta in starts(K, 2))
    assert close(bic(best, K - 1 + 2 * K + 3), published, 2)


# Others' implementations.


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("theta", [ELLIPSES, *starts(3, 1)], ids=["K=2", "K=3"])
def test_gmm_agrees_with_scikit_learn(theta):
    from sklearn.mixture import GaussianMixture  # here, for it takes long to import

    reference = GaussianMixture(
        len(theta.pi), tol=1e-12, reg_covar=0, max_iter=300, weights_init=theta.pi,
        means_init=theta.mu, precisions_init=np.linalg.inv(theta.cov),
    ).fit(GEYSER)  # fmt: skip
    ours = fit(FREE, GEYSER, theta, tol=0, max_iter=reference.n_iter_, keep_q=False)[-1]
    for field, value in zip(ours.theta, (reference.weights_, reference.means_, reference.covariances_), strict=True):
        assert np.allclose(field / value, 1, rtol=0, atol=1e-6)
    assert np.isclose(ours.loglik, reference.score_samples(GEYSER).sum(), rtol=0, atol=1e-6)
    assert np.allclose(FREE.e_step(GEYSER, ours.theta), reference.predict_proba(GEYSER), rtol=0, atol=1e-6)


def test_in_one_dimension_it_is_the_mixture_on_the_line():
    line = fit(GMM1D(), HEIGHT, ([0.5, 0.5], [160, 180], [5, 6]), tol=0, max_iter=20)
    flat = fit(FREE, HEIGHT[:, None], ([0.5, 0.5], [[160], [180]], [[[25]], [[36]]]), tol=0, max_iter=20)
    for a, b in zip(line, flat, strict=True):
        assert np.isclose(a.loglik, b.loglik, rtol=1e-12)
        assert np.allclose(a.theta.sigma**2, b.theta.cov.ravel(), rtol=1e-9)


@given(gmm_vector_cases(st.just(0.0)))
def test_another_unit_of_a_column_changes_nothing_but_the_unit(case):
    """Scaled and moved columns: the same q, and l moved by the logs of the scales. Units may differ by 10^12."""
    model, x, theta, _ = case
    scale = np.array([1e9, 1e-3, 1.0])[: x.shape[1]]
    there = theta._replace(mu=theta.mu * scale, cov=theta.cov * np.multiply.outer(scale, scale))
    q = model.e_step(x, theta)
    assert np.allclose(model.e_step(x * scale, there), q, rtol=0, atol=1e-7)
    moved = model.loglik(x, theta) - len(x) * np.log(scale).sum()
    assert np.isclose(model.loglik(x * scale, there), moved, rtol=1e-7)
    model.check(x * scale, there)
    try:
        here = model.m_step(x, q)
    except CollapseError:
        return
    assert np.allclose(model.m_step(x * scale, q).mu / scale, here.mu, rtol=0, atol=1e-7)


@given(gmm_vector_cases(st.just(0.0) | st.floats(1e-3, 5)))
def test_an_answer_is_welcome_as_a_start(case):
    model, x, _, q = case
    try:
        theta = model.m_step(x, q)
    except CollapseError:
        return
    assert same(model.check(x, theta)[1], theta)
    assert np.linalg.eigvalsh(theta.cov).min() >= model.min_var * (1 - 1e-6)
    assert np.array_equal(theta.cov, theta.cov.swapaxes(1, 2))


@settings(max_examples=settings.default.max_examples // 4)
@given(gmm_vector_cases(st.floats(1, 50)))
def test_no_covariance_above_the_floor_beats_the_clipped_one(case):
    """The floor is an exact constrained M-step: random rivals above it, near and far, are no better."""
    model, x, _, q = case
    best = model.m_step(x, q)
    rng, d = np.random.default_rng(0), x.shape[1]
    for size in (1e-3, 1e-1, 10) * 5:
        noise = size * rng.standard_normal(best.cov.shape)
        values, vectors = np.linalg.eigh(best.cov + noise + noise.swapaxes(1, 2))
        cov = vectors * np.maximum(values, model.min_var)[:, None] @ vectors.swapaxes(1, 2)
        assert cov.shape[1:] == (d, d)
        assert at_most(model.lower_bound(x, q, best._replace(cov=cov)), model.lower_bound(x, q, best))


# Bad input.


@pytest.mark.parametrize("door", [em, fit])
@pytest.mark.parametrize(
    "x, theta, argument, given_, expected",
    [
        ([[1, 2], [3, NAN]], TWO, "x", "nan at position 1, 1", "finite"),
        ([[1, 2], [-INF, 1]], TWO, "x", "-inf at position 1, 0", "finite"),
        ([1, 2, 3], TWO, "x", "[1, 2, 3]", "shape (N, d)"),
        ([[[1, 2]]], TWO, "x", "[[[1, 2]]]", "shape (N, d)"),
        ([[1, 2], [3]], TWO, "x", "[[1, 2], [3]]", "numbers"),
        ([[]], TWO, "x", "[[]]", "empty"),
        ("points", TWO, "x", "'points'", "numbers"),
        ([[1, 2, 3]], TWO, "mu", "shape (2, 2)", "shape (2, 3)"),
        ([[1], [2]], TWO, "mu", "shape (2, 2)", "shape (2, 1)"),
        (GEYSER, TWO[:2], "theta", "2 dimension", "GMM.Theta(pi, mu, cov)"),
        (GEYSER, None, "theta", "None", "GMM.Theta(pi, mu, cov)"),
        (GEYSER, ([0.5, 0.6], *TWO[1:]), "pi", "sums to 1.1", "sum to 1"),
        (GEYSER, ([1, 0], *TWO[1:]), "pi", "0 at position 1", "above 0"),
        (GEYSER, (HALF, [[0, 0], [NAN, 1]], TWO[2]), "mu", "nan at position 1, 0", "finite"),
        (GEYSER, (HALF, [0, 1], TWO[2]), "mu", "shape (2,)", "shape (2, 2)"),
        (GEYSER, (HALF, TWO[1], UNIT), "cov", "shape (2, 2)", "shape (2, 2, 2)"),
        (GEYSER, (HALF, TWO[1], [1, 1]), "cov", "shape (2,)", "shape (2, 2, 2)"),
        (GEYSER, (HALF, TWO[1], [UNIT, [[1, 0.5], [0, 1]]]), "cov", "[[1.0, 0.5], [0.0, 1.0]]", "symmetric"),
        (GEYSER, (HALF, TWO[1], [UNIT, [[1, 1], [1, 1]]]), "cov", "component 2", "positive definite"),
        (GEYSER, (HALF, TWO[1], [UNIT, [[0, 0], [0, 0]]]), "cov", "[[0.0, 0.0], [0.0, 0.0]]", "positive definite"),
        (GEYSER, (HALF, TWO[1], [[[1, 2], [2, 1]], UNIT]), "cov", "-1 as the smallest", "positive definite"),
        (GEYSER, (HALF, TWO[1], [UNIT, [[-1, 0], [0, 1]]]), "cov", "component 2", "positive definite"),
        (GEYSER, (HALF, TWO[1], [UNIT, [[1e-180, 1e150], [1e150, 1e-309]]]), "cov", "component 2", "positive definite"),
        (GEYSER, (HALF, TWO[1], [UNIT, [[1, NAN], [NAN, 1]]]), "cov", "nan at position 1, 0, 1", "finite"),
    ],
)
def test_bad_input_is_refused(door, x, theta, argument, given_, expected):
    if argument == "theta" and theta:
        given_ = "[0, 0]"
    refuses(lambda: door(FREE, x, theta), argument, given_, expected)


def test_a_start_below_the_floor_is_refused():
    refuses(lambda: fit(GMM(4), GEYSER, TWO), "cov", "1 as the smallest", "eigenvalues of at least 4")


@pytest.mark.parametrize("floor, said", [(-1, "at least 0"), (NAN, "finite"), ("small", "numbers"), ([1, 2], "shape")])
def test_a_bad_floor_is_refused(floor, said):
    refuses(lambda: GMM(floor), "min_var", said)


# Edges.


def valid(model, x, theta, iterations=5):
    history = fit(model, x, theta, tol=0, max_iter=iterations)
    for step in history:
        assert all(np.isfinite(field).all() for field in step.theta) and np.isfinite(step.loglik)
    for step in history[1:]:
        assert np.isfinite(step.bound) and at_most(step.bound, step.loglik)
        assert np.allclose(step.q.sum(axis=1), 1, rtol=0, atol=1e-12)
    assert all(at_most(a.bound, b.bound) for a, b in pairwise(steady(history)[1:]))
    return history[-1].theta


CLOUD = np.random.default_rng(1).normal(0, 1, (20, 2))
HEAPS = np.vstack([CLOUD, CLOUD[::-1] + 1e6])
LINE = np.outer(np.arange(6), [1, 2])
EDGES = {
    "every point a million sigmas away": (FREE, CLOUD + 1e6, (HALF, [[0, 0], [0, 0]], [UNIT, UNIT])),
    "two heaps a million sigmas apart": (FREE, HEAPS, (HALF, [[0, 0], [1e6, 1e6]], [UNIT, UNIT])),
    "an origin a million sigmas away": (FREE, CLOUD + 1e6, (HALF, [[1e6, 1e6], [1e6 + 1, 1e6]], [UNIT, UNIT])),
    "a start of a millionth of a sigma": (FREE, CLOUD, (HALF, [[0, 0], [1, 1]], [1e-12 * np.eye(2)] * 2)),
    "identical points, floor": (FLOORED, [[3, 4]] * 5, TWO),
    "one point, floor": (FLOORED, [[3, 4]], TWO),
    "points on a line, floor": (FLOORED, LINE, TWO),
    "a constant column, floor": (FLOORED, [[1, 7], [2, 7], [4, 7]], TWO),
    "equal components": (FREE, CLOUD, ([0.5, 0.5], [[0, 0], [0, 0]], [UNIT, UNIT])),
    "tiny pi": (FLOORED, CLOUD, ([1e-300, 1.0], [[0, 0], [1, 1]], [UNIT, UNIT])),
    "huge data": (FREE, 1e149 * CLOUD / np.abs(CLOUD).max(), ([1.0], [[0, 0]], [1e149 * np.eye(2)])),
    "tiny data": (FREE, 1e-130 * CLOUD, ([1.0], [[0, 0]], [1e-130 * np.eye(2)])),
    "one column": (FREE, CLOUD[:, :1], (HALF, [[0], [1]], [[[1]], [[2]]])),
    "ten columns": (FREE, np.random.default_rng(2).normal(0, 1, (40, 10)), ([1.0], [[0] * 10], [np.eye(10)])),
}


@pytest.mark.parametrize("name", EDGES)
def test_steps_at_the_edge_are_valid(name):
    valid(*EDGES[name])


@pytest.mark.parametrize(
    "model, x, theta, says",
    [
        (FREE, [[3, 4]] * 5, TWO, "min_var"),
        (FREE, [[3, 4]], TWO, "min_var"),
        (FREE, LINE, TWO, "flat in some direction.*min_var"),
        (FREE, LINE / 3 + 0.1, TWO, "flat in some direction.*min_var"),
        (FREE, [[1, 7], [2, 7], [4, 7]], TWO, "flat in some direction.*min_var"),
        (FREE, [*CLOUD, [50, 50]], (HALF, [[0, 0], [50, 50]], [UNIT, UNIT]), "component 2 has collapsed.*min_var"),
        (FREE, [*CLOUD, [50, 50], [51, 52]], (HALF, [[0, 0], [50, 50]], [UNIT, UNIT]), "component 2.*flat.*min_var"),
        (FREE, CLOUD, (HALF, [[0, 0], [1e6, 1e6]], [UNIT, UNIT]), "component 2 has lost.*fewer components"),
        (GMM(1e-30), LINE, (HALF, [[0, 0], [4, 4]], [UNIT, UNIT]), "larger.*floor"),
    ],
)
def test_a_collapse_says_what_to_do(model, x, theta, says):
    with pytest.raises(CollapseError, match=says) as caught:
        fit(model, x, theta, tol=0, max_iter=1000)
    assert caught.value.history[-1].kind == "E"


def test_a_floor_that_does_not_bind_changes_nothing_in_any_units():
    x = np.random.default_rng(1).normal(size=(40, 3)) * [10, 1e-3, 1e6]
    start = GMM.Theta([1.0], [[0, 0, 0]], [np.diag(x.var(axis=0))])
    free, floored = (fit(GMM(floor), x, start, tol=0, max_iter=2) for floor in (0, 1e-8))
    assert [step.loglik for step in floored] == [step.loglik for step in free]


def test_a_floor_is_kept_and_prevents_the_collapse():
    theta = valid(FLOORED, [*CLOUD, [50, 50]], (HALF, [[0, 0], [50, 50]], [UNIT, UNIT]), 20)
    assert np.allclose(theta.cov[1], 0.01 * np.eye(2), rtol=1e-9) and np.allclose(theta.mu[1], 50)


REASONABLE = st.floats(-1e6, 1e6) | st.sampled_from([0.0, 5e-324, 1e-160, 1.0, 1e150, -1e150, 1e75])


@given(st.lists(REASONABLE, min_size=2, max_size=12), st.lists(REASONABLE, min_size=10, max_size=10))
def test_no_finite_numbers_break_it(numbers, entries):
    """Any data, means and covariances: valid steps, ValueError or CollapseError, and no warning."""
    x = read_only(np.array(numbers[: len(numbers) // 2 * 2]).reshape(-1, 2))
    a, b, c, d, e, f = entries[4:]
    cov = [[[abs(a), b], [b, abs(c)]], [[abs(d), e], [e, abs(f)]]]
    for model in (FREE, FLOORED, GMM(1e150)):
        try:
            valid(model, x, (HALF, np.reshape(entries[:4], (2, 2)), cov), 2)
        except (ValueError, CollapseError) as error:
            assert str(error) and not isinstance(error, np.linalg.LinAlgError), error


# The three coins of Li Hang, Statistical Learning Methods, chapter 9: a model in ten lines.


class ThreeCoins(Mixture):
    """Toss coin A (heads: pi); heads sends to coin B (p), tails to coin C (q); only the last toss is seen."""

    def log_joint(self, x, theta):
        (weights, p), x = map(np.asarray, theta), np.asarray(x)[:, None]
        return np.log(weights) + np.log(np.where(x == 1, p, 1 - p))

    def m_step(self, x, q):
        sizes = q.sum(axis=0)
        return sizes / sizes.sum(), x @ q / sizes


TOSSES = np.array([1, 1, 0, 1, 0, 0, 1, 0, 1, 1])


@pytest.mark.parametrize(
    "pi, p, q, published", [(0.5, 0.5, 0.5, (0.5, 0.6, 0.6)), (0.4, 0.6, 0.7, (0.4064, 0.5368, 0.6432))]
)
def test_three_coins_are_stuck_after_one_step_at_a_global_maximum(pi, p, q, published):
    history = fit(ThreeCoins(), TOSSES, ((pi, 1 - pi), (p, q)), tol=0, max_iter=5)
    for step in history[2::2]:
        (weight, _), heads = step.theta
        assert np.allclose([weight, *heads], published, **digits(4))
        assert close(step.loglik, -6.7301, 4)
    best = 6 * np.log(0.6) + 4 * np.log(0.4)  # no coin at all explains six heads of ten better
    assert np.isclose(history[-1].loglik, best, rtol=1e-12)


# Murray's twelve points (comment on Dempster, Laird & Rubin, 1977): a missing coordinate instead of a label.

MURRAY = np.array(
    [(1, 1), (1, -1), (-1, 1), (-1, -1), *[(v, NAN) for v in (2, 2, -2, -2)], *[(NAN, v) for v in (2, 2, -2, -2)]]
)


class Murray:
    """A bivariate normal about 0; q: for each row the mean and the covariance of its two coordinates."""

    def e_step(self, x, theta):
        (S,), miss = theta, np.isnan(x)
        slope = np.array([S[0, 1] / S[1, 1], S[0, 1] / S[0, 0]])  # of the missing coordinate on the other
        left = np.linalg.det(S) / np.diag(S)[::-1]
        return np.where(miss, slope * np.nan_to_num(x[:, ::-1]), x), miss * left

    def m_step(self, x, q):
        return ((q[0].T @ q[0] + np.diag(q[1].sum(axis=0))) / len(x),)

    def lower_bound(self, x, q, theta):
        (S,), (mean, var) = theta, q
        second, miss = mean.T @ mean + np.diag(var.sum(axis=0)), var > 0
        expected = -0.5 * len(x) * np.log(np.linalg.det(2 * np.pi * S)) - 0.5 * np.trace(np.linalg.solve(S, second))
        return float(expected + 0.5 * np.log(2 * np.pi * np.e * var[miss]).sum())

    def loglik(self, x, theta):
        one = GMM.Theta([1.0], [[0, 0]], [theta[0]])
        both, rest = ~np.isnan(x).any(axis=1), [x[np.isnan(x[:, 1 - j]), j] for j in (0, 1)]
        lines = (GMM1D().loglik(r, ([1.0], [0], [np.sqrt(theta[0][j, j])])) for j, r in enumerate(rest))
        return FREE.loglik(x[both], one) + sum(lines)


@pytest.mark.parametrize("start, rho, variance, loglik", [(0, 0, 5 / 2, -30.0333), (0.01, 0.5, 8 / 3, -29.9743),
                                                          (-0.01, -0.5, 8 / 3, -29.9743)])  # fmt: skip
def test_murrays_twelve_points(start, rho, variance, loglik):
    history = fit(Murray(), MURRAY, (np.array([[1, start], [start, 1]]),), tol=0, max_iter=250)
    (S,) = history[-1].theta
    assert np.allclose(np.diag(S), variance, rtol=1e-6) and np.isclose(S[0, 1] / S[0, 0], rho, rtol=0, atol=1e-6)
    assert close(history[-1].loglik, loglik, 4)
    assert all(np.isclose(step.bound, step.loglik, rtol=1e-12) for step in history if step.kind == "E")
    assert all(at_most(a.loglik, b.loglik) for a, b in pairwise(history))
