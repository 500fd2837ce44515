"""Censored lifetimes, EM without clusters: the laws, the exact numbers, bad input, edges."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laws import at_most
from test_bad_input import refuses

from emcore import CensoredLifetimes, em, fit

MODEL = CensoredLifetimes()
X = [[1, 0], [2, 0], [3, 0], [2, 1], [4, 1]]
TIMES = st.floats(0.01, 100)
CASES = st.lists(st.tuples(TIMES, st.sampled_from([0.0, 1.0])), min_size=1, max_size=8).map(
    lambda rows: np.array([(1, 0), *rows])
)


def test_the_iterates_and_the_limit():
    """Exact: m' = (12 + 2m)/5, limit 4, error ratio .4, the censored share."""
    means = np.array([step.theta.mean for step in fit(MODEL, X, (2.4,), tol=0, max_iter=60)[::2]])
    assert np.allclose(means[:4], [2.4, 3.36, 3.744, 3.8976], rtol=1e-14)
    assert np.isclose(means[-1], 4, rtol=1e-14)
    assert np.allclose((4 - means[1:15]) / (4 - means[:14]), 0.4, rtol=1e-6)


@settings(max_examples=settings.default.max_examples // 4)
@given(CASES, TIMES)
def test_the_limit_is_total_time_by_lifetimes_seen_to_end(x, start):
    m, (time, censored) = start, x.T
    for _ in range(1000):
        (m,) = MODEL.m_step(x, MODEL.e_step(x, (m,)))
    assert np.isclose(m, time.sum() / (1 - censored).sum(), rtol=1e-6)


@given(CASES, TIMES, TIMES)
def test_the_bound_never_exceeds_l_and_the_gap_is_the_divergence(x, s, m):
    """KL of an exponential of mean s from one of mean m, for each censored lifetime."""
    kl = x[:, 1].sum() * (s / m - 1 - np.log(s / m))
    loglik, bound = MODEL.loglik(x, (m,)), MODEL.lower_bound(x, s, (m,))
    assert at_most(bound, loglik)
    assert abs(loglik - bound - kl) <= 1e-9 * (1 + abs(loglik) + abs(bound))
    assert np.isclose(MODEL.lower_bound(x, MODEL.e_step(x, (m,)), (m,)), loglik, rtol=1e-9, atol=1e-9)


@given(CASES, TIMES)
def test_l_and_the_bound_are_those_of_the_definition(x, m):
    """By quadrature: l integrates the hidden part out, F averages over it."""
    s, (time, censored) = 1.7 * m, x.T
    u = (np.arange(20_000) + 0.5) / 20_000
    past = -np.log(u) * s  # quantiles of what goes on past x_n
    log_q, log_p = -past / s - np.log(s), -past / m - np.log(m)
    bound = sum((-t / m - np.log(m)) if not c else (-t / m + (log_p - log_q).mean()) for t, c in zip(time, censored))  # noqa: B905
    assert np.isclose(MODEL.lower_bound(x, s, (m,)), bound, rtol=1e-3, atol=1e-2)
    seen = -time[censored == 0] / m - np.log(m)
    assert np.isclose(MODEL.loglik(x, (m,)), seen.sum() - (time[censored == 1] / m).sum(), rtol=1e-9)


@given(CASES, TIMES, TIMES)
def test_no_theta_beats_the_m_step(x, s, rival):
    best = MODEL.m_step(x, s)
    for mean in (rival, best.mean * 1.001, best.mean * 0.999):
        assert at_most(MODEL.lower_bound(x, s, (mean,)), MODEL.lower_bound(x, s, best))


@given(CASES, TIMES)
def test_no_half_step_lowers_the_bound_and_no_iteration_l(x, m):
    steps = fit(MODEL, x, (m,), tol=0, max_iter=6)
    assert all(at_most(a.bound, b.bound) for a, b in pairwise(steps[1:]))
    assert all(at_most(a.loglik, b.loglik) for a, b in pairwise(steps))


def test_without_censoring_one_step_is_the_mean():
    steps = fit(MODEL, [[1, 0], [4, 0]], (100,), tol=0, max_iter=2)
    assert steps[2].theta.mean == steps[4].theta.mean == 2.5
    assert steps[1].bound == steps[1].loglik


@pytest.mark.parametrize("door", [em, fit])
@pytest.mark.parametrize(
    "x, theta, argument, given_, expected",
    [
        ([1, 2], (1,), "x", "[1, 2]", "2 dimension"),
        ([[1, 0, 0]], (1,), "x", "[[1.0, 0.0, 0.0]]", "rows of (time, 0 or 1 for censored)"),
        ([[1, 0.5]], (1,), "x", "[[1.0, 0.5]]", "0 or 1"),
        ([[-1, 0]], (1,), "x", "-1 at position 0, 0", "at least 0"),
        ([[np.nan, 0]], (1,), "x", "nan at position 0, 0", "finite"),
        ([[1, 1], [2, 1]], (1,), "x", "got none", "at least one lifetime that was seen to end"),
        ([[0, 0], [0, 1]], (1,), "x", "got none", "times above 0"),
        ([["a", 0]], (1,), "x", "[['a', 0]]", "numbers"),
        (X, (0,), "mean", "0", "above 0"),
        (X, (np.inf,), "mean", "inf", "finite"),
        (X, ([1, 2],), "mean", "shape (2,)", "shape ()"),
        (X, (1, 2), "theta", "(1, 2)", "CensoredLifetimes.Theta(mean)"),
    ],
)
def test_bad_input_is_refused(door, x, theta, argument, given_, expected):
    refuses(lambda: door(MODEL, x, theta), argument, given_, expected)


@pytest.mark.parametrize("m", [1e-140, 1e-3, 1e150])
def test_far_starts_are_no_trouble(m):
    steps = fit(MODEL, X, (m,), tol=0, max_iter=500)
    assert np.isclose(steps[-1].theta.mean, 4, rtol=1e-9)
    assert all(np.isfinite([step.loglik, step.bound]).all() for step in steps[1:])


@pytest.mark.parametrize("q", [float("nan"), -1.0])
def test_a_q_of_no_time_is_refused(q):
    for call in lambda: MODEL.m_step(X, q), lambda: MODEL.lower_bound(X, q, MODEL.Theta(2.4)):
        refuses(call, "q", f"{q:g}", "finite" if np.isnan(q) else "at least 0")


def test_numbers_beyond_the_edge():
    with pytest.raises(ValueError, match="positive probability"):
        em(MODEL, X, (1e-320,))
    assert MODEL.lower_bound(X, 0.0, (1.0,)) == -np.inf
    lot = fit(MODEL, np.tile(X, (2000, 1)), (2.4,), tol=0, max_iter=3)
    assert np.isclose(lot[-1].theta.mean, 3.8976, rtol=1e-12)
