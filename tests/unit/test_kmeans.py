"""K-means as hard EM: published numbers, scikit-learn, bad input, edges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import ROUNDING, at_most
from models import GEYSER, HEADS, HEIGHT, HardCoins, kmeans_cases
from test_bad_input import NO_DATA, refuses
from test_ground_truth import close, limit

from emcore import GMM1D, Coins, CollapseError, KMeans, em, fit

NAN, INF = float("nan"), float("inf")


def squares(x, q, mu):
    """The sum of squared distances to one's own centroid."""
    return sum(((x - center) ** 2 * share.reshape(-1, *[1] * (np.ndim(x) - 1))).sum() for center, share in zip(mu, q.T))  # noqa: B905


# Numbers computed once for the course (exercises.md, chapter 10).


def test_a_far_point_is_given_up_in_two_steps():
    x = np.array([0, 1, 2, 8, 9, 13])
    steps = fit(KMeans(), x, ([0, 1],), tol=0, max_iter=5)
    assert np.allclose(steps[2].theta.mu, [0, 6.6]) and np.isclose(squares(x, steps[2].q, steps[2].theta.mu), 101.2)
    assert np.allclose(steps[-1].theta.mu, [1, 10]) and np.isclose(squares(x, steps[-1].q, steps[-1].theta.mu), 16)
    assert np.allclose(steps[4].theta.mu, [1, 10])


def test_a_bad_start_is_stuck():
    x = np.array([0, 1, 10, 11, 20, 21])
    found = [
        squares(x, last.q, last.theta.mu)
        for start in ([0, 1, 10], [0, 10, 20])
        for last in [fit(KMeans(), x, (start,), tol=0, max_iter=20)[-1]]
    ]
    assert np.allclose(found, [101, 1.5])


@pytest.fixture(scope="module")
def heights():
    return fit(KMeans(), HEIGHT, ([160, 180],), tol=0, max_iter=50)[-1]


def test_heights_are_cut_farther_apart_and_narrower_than_by_em(heights):
    groups = [HEIGHT[heights.q[:, k] == 1] for k in (0, 1)]
    assert close(heights.theta.mu, [164.07, 179.00], 2)
    assert close([group.std() for group in groups], [4.76, 5.21], 2)
    soft, _ = limit(GMM1D(), HEIGHT, ([0.5, 0.5], [160, 180], [5, 5]))
    assert np.ptp(heights.theta.mu) > np.ptp(soft.mu)
    assert all(group.std() < sigma for group, sigma in zip(groups, soft.sigma, strict=True))


@pytest.mark.parametrize("sigma, gap, n", [(10, 65.9, 1), (5, 18.37, 2), (2, 1.51, 2), (1, 0.0065, 4)])
def test_the_gap_stays_open_and_closes_with_sigma(heights, sigma, gap, n):
    model, theta = KMeans(sigma), heights.theta
    e = fit(model, HEIGHT, theta, tol=0, max_iter=3)[-2]
    assert np.array_equal(e.q, heights.q) and np.allclose(e.theta.mu, theta.mu, rtol=1e-12)  # it stays for good
    assert close(e.loglik - e.bound, gap, n)
    soft = GMM1D().loglik(HEIGHT, ([0.5, 0.5], theta.mu, [sigma, sigma]))
    assert np.isclose(e.loglik, soft, rtol=1e-12)


def test_one_hard_step_from_the_soft_optimum_of_the_coins():
    """F rises and l falls: what the law of hard EM allows."""
    soft, loglik = limit(Coins(10), HEADS, ([0.6, 0.5],))
    hard = HardCoins(10)
    q = hard.e_step(HEADS, soft)
    theta = hard.m_step(HEADS, q)
    assert np.allclose(theta.p, [0.8, 0.45])
    assert close([loglik, hard.loglik(HEADS, theta)], [-31.5702, -31.7071], 4)
    assert close([hard.lower_bound(HEADS, q, t) for t in (soft, theta)], [-32.4354, -32.2406], 4)


def test_l_may_fall_while_the_bound_rises():
    rng = np.random.default_rng(0)
    fell = 0
    for _ in range(20):
        steps = fit(KMeans(3.0), rng.normal(0, 3, 30), (rng.normal(0, 3, 2),), tol=0, max_iter=5)
        fell += any(b.loglik < a.loglik - 1e-6 for a, b in zip(steps[::2], steps[2::2], strict=False))
        bounds = [step.bound for step in steps[1:]]
        assert all(map(at_most, bounds, bounds[1:]))
    assert fell > 0


# Laws of its own.


@given(kmeans_cases())
def test_no_other_assignment_beats_the_e_step(case):
    """q is one-hot, and the best of all one-hot q's; the bound is -(squares)/(2 sigma^2) and constants."""
    model, x, theta, _ = case
    q, (mu,) = model.e_step(x, theta), theta
    K, N, d = len(mu), len(x), x[0].size
    assert set(np.unique(q)) <= {0, 1} and (q.sum(axis=1) == 1).all()
    distances = ((x.reshape(N, 1, d) - mu.reshape(1, K, d)) ** 2).sum(axis=2)
    assert np.allclose((q * distances).sum(axis=1), distances.min(axis=1), rtol=1e-9, atol=1e-12)
    constant = -N * np.log(K) - N * d * np.log(model.sigma * np.sqrt(2 * np.pi))
    bound = constant - squares(x, q, mu) / (2 * model.sigma**2)
    assert abs(model.lower_bound(x, q, theta) - bound) <= ROUNDING * (1 + abs(bound) + abs(constant))


@given(kmeans_cases(), st.floats(0.1, 10))
def test_sigma_changes_neither_labels_nor_centroids(case, sigma):
    model, x, theta, q = case
    other = KMeans(sigma)
    soft = (q + 0.5) / (q + 0.5).sum(axis=1, keepdims=True)
    assert np.array_equal(other.m_step(x, soft).mu, model.m_step(x, soft).mu)
    distances = -model.log_joint(x, theta)
    close_call = np.sort(distances, axis=1)[:, :2]
    clear = np.ptp(close_call, axis=1) > 1e-6 * (1 + close_call[:, 0])
    assert np.array_equal(other.e_step(x, theta)[clear], model.e_step(x, theta)[clear])


@pytest.mark.parametrize("K", [1, 2, 3, 5])
@pytest.mark.parametrize("x", [GEYSER, HEIGHT], ids=["geyser", "heights"])
def test_kmeans_agrees_with_scikit_learn(x, K):
    from sklearn.cluster import KMeans as Reference  # here, for it takes long to import

    start = np.unique(x, axis=0)[:: len(np.unique(x, axis=0)) // K][:K].astype(float)
    reference = Reference(K, init=start.reshape(K, -1), n_init=1, tol=0, max_iter=1000).fit(x.reshape(len(x), -1))
    ours = fit(KMeans(), x, (start,), tol=0, max_iter=reference.n_iter_ + 5)[-1]
    assert np.array_equal(ours.q.argmax(axis=1), reference.labels_)
    assert np.allclose(ours.theta.mu.reshape(K, -1), reference.cluster_centers_, rtol=1e-9)
    assert np.isclose(squares(x, ours.q, ours.theta.mu), reference.inertia_, rtol=1e-9)


# Bad input.

PLANE = [[1, 2], [3, 4]]


@pytest.mark.parametrize("door", [em, fit])
@pytest.mark.parametrize(
    "x, theta, argument, given_, expected",
    [
        *[(x, ([0, 1],), "x", g, e) for x, g, e in NO_DATA if x not in (5, [[1, 2], [3, 4]])],
        (5, ([0, 1],), "x", "0: 5", "at least 1"),
        (PLANE, ([0, 1],), "mu", "shape (2,): [0, 1]", "shape (K, 2)"),
        ([1, 2], ([[0, 1]],), "mu", "shape (1, 2): [[0, 1]]", "shape (K,)"),
        (PLANE, ([[0, 1, 2]],), "mu", "shape (1, 3)", "shape (K, 2)"),
        (PLANE, ([[0, NAN]],), "mu", "nan at position 0, 1", "finite"),
        ([1, 2], ([0, INF],), "mu", "inf at position 1", "finite"),
        ([1, 2], ([],), "mu", "[]", "empty"),
        ([1, 2], (3,), "mu", "shape (): 3", "shape (K,)"),
        ([1, 2], ("ab",), "mu", "'ab'", "numbers"),
        ([1, 2], ([0, 1], [1, 1]), "theta", "([0, 1], [1, 1])", "KMeans.Theta(mu)"),
        ([1, 2], None, "theta", "None", "KMeans.Theta(mu)"),
    ],
)
def test_bad_input_is_refused(door, x, theta, argument, given_, expected):
    refuses(lambda: door(KMeans(), x, theta), argument, given_, expected)


@pytest.mark.parametrize("sigma, said", [(0, "above 0"), (-1, "above 0"), (NAN, "finite"), ("big", "numbers")])
def test_a_bad_sigma_is_refused(sigma, said):
    refuses(lambda: KMeans(sigma), "sigma", said)


# Edges.


@pytest.mark.parametrize(
    "model, x, mu, expected",
    [
        (KMeans(), [3], [5], [3]),
        (KMeans(), [2, 2, 2], [5], [2]),
        (KMeans(), [[2, 1]] * 3, [[5, 5]], [[2, 1]]),
        (KMeans(), [-1, 1], [-2, 2], [-1, 1]),
        (KMeans(), [0, 1, 1e6, 1e6 + 1], [0, 1e6], [0.5, 1e6 + 0.5]),
        (KMeans(1e-6), [0, 1, 10, 11], [0, 10], [0.5, 10.5]),
        (KMeans(1e-150), [0, 1e-140], [0, 1e-140], [0, 1e-140]),
        (KMeans(1e149), [-1e150, 1e149, 1e150], [-1e150, 1e149], [-1e150, 5.5e149]),
    ],
)
def test_right_answers_at_the_edge(model, x, mu, expected):
    steps = fit(model, x, (mu,), tol=0, max_iter=4)
    assert np.allclose(steps[-1].theta.mu, expected, rtol=1e-12, atol=0)
    assert all(np.isfinite([step.bound, step.loglik]).all() for step in steps[1:])


@pytest.mark.parametrize("sigma", [1, 1e9])
@pytest.mark.parametrize("unit", [1e-100, 1e-9, 1, 1e100])
def test_the_nearest_is_the_nearest_in_any_unit(unit, sigma):
    q = KMeans(sigma).e_step(np.array([0, 1, 2, 10, 11, 12]) * unit, (np.array([0, 10]) * unit,))
    assert q.argmax(axis=1).tolist() == [0, 0, 0, 1, 1, 1]


def test_a_tie_goes_to_the_first():
    assert KMeans().e_step([5], ([0, 10],)).tolist() == [[1, 0]]
    assert KMeans().e_step([5], ([10, 0],)).tolist() == [[1, 0]]


@pytest.mark.parametrize(
    "x, mu, component",
    [([0, 1, 2], [1, 1e6], 2), ([2, 2, 2], [2, 2], 2), ([[0, 0], [1, 1]], [[9, 9], [0, 0], [1, 1]], 1)],
)
def test_an_empty_cluster_says_what_to_do(x, mu, component):
    with pytest.raises(CollapseError, match=f"component {component} has lost all its data.*fewer components") as caught:
        fit(KMeans(), x, (mu,))
    assert [step.kind for step in caught.value.history] == ["init", "E"]


NUMBERS = st.floats(-1e150, 1e150) | st.floats(-10, 10) | st.sampled_from([0.0, 5e-324, 1e-160])


@given(st.lists(NUMBERS, min_size=1, max_size=6), st.lists(NUMBERS, min_size=1, max_size=3), NUMBERS)
def test_no_finite_numbers_break_it(x, mu, sigma):
    try:
        steps = fit(KMeans(abs(sigma)), x, (mu,), tol=0, max_iter=3)
    except (ValueError, CollapseError) as error:
        assert str(error)
        return
    assert all(np.isfinite(step.theta.mu).all() and np.isfinite(step.loglik) for step in steps)
    assert all(np.isfinite(step.bound) for step in steps[1:])
