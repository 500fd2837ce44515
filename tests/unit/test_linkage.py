"""The linkage model, whose q is one number: the laws, the published numbers, bad input."""

from itertools import pairwise
from math import lgamma, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emcore import BinomialMixture, CollapseError, Linkage, PoissonMixture, data, em, fit

MODEL, X = Linkage(), data.linkage()
ANY = st.lists(st.integers(0, 200), min_size=4, max_size=4).map(lambda counts: np.array(counts, float))
COUNTS = ANY.filter(lambda counts: counts.sum() > 0)
T, R = st.floats(0.001, 0.999), st.floats(0, 1)


def slack(*values):
    return 1e-9 * (1 + max(abs(v) for v in values if np.isfinite(v)))


@given(COUNTS, R, T)
def test_the_bound_never_exceeds_l_and_the_e_step_closes_the_gap(x, r, t):
    loglik = MODEL.loglik(x, (t,))
    assert MODEL.lower_bound(x, r, (t,)) <= loglik + slack(loglik)
    assert MODEL.lower_bound(x, MODEL.e_step(x, (t,)), (t,)) == pytest.approx(loglik, rel=1e-9, abs=1e-9)


@given(COUNTS, T)
def test_the_log_likelihood_is_that_of_the_four_cells(x, t):
    cells = np.array([0.5 + t / 4, (1 - t) / 4, (1 - t) / 4, t / 4])
    assert MODEL.loglik(x, (t,)) == pytest.approx((x * np.log(cells)).sum(), rel=1e-9, abs=1e-9)


@given(COUNTS, R, T)
def test_the_gap_is_the_divergence_of_every_animal_of_the_first_cell(x, r, t):
    s = t / (2 + t)
    kl = sum(a * np.log(a / b) for a, b in ((r, s), (1 - r, 1 - s)) if a > 0)
    gap = MODEL.loglik(x, (t,)) - MODEL.lower_bound(x, r, (t,))
    assert gap == pytest.approx(x[0] * kl, rel=1e-6, abs=1e-9 * (1 + x.sum()))


@given(ANY, R, T)
def test_no_theta_beats_the_m_step(x, r, t):
    if x[0] * r + x[1:].sum() == 0:
        with pytest.raises(CollapseError, match="start from a t above 0"):
            MODEL.m_step(x, r)
    else:
        best = MODEL.lower_bound(x, r, MODEL.m_step(x, r))
        assert MODEL.lower_bound(x, r, (t,)) <= best + slack(best)


@given(COUNTS, T)
def test_no_iteration_lowers_l(x, t):
    trace = [step.loglik for step in fit(MODEL, x, (t,), tol=0, max_iter=4)]
    assert all(a <= b + slack(a, b) for a, b in pairwise(trace))


def test_the_iterates_of_dempster_laird_and_rubin_1977_table_1():
    published = [
        0.608247423, 0.624321050, 0.626488879, 0.626777322, 0.626815632, 0.626820719, 0.626821394, 0.626821484
    ]  # fmt: skip
    found = [step.theta.t for step in fit(MODEL, X, (0.5,), tol=0, max_iter=8)[2::2]]
    assert np.allclose(found, published, rtol=0, atol=2e-9)  # the paper's last digits are rounded by hand


def test_the_fixed_point_is_the_root_of_the_quadratic():
    limit = fit(MODEL, X, (0.5,), tol=0, max_iter=60)[-1].theta.t
    assert limit == pytest.approx((15 + np.sqrt(53809)) / 394, abs=1e-14)
    assert limit == pytest.approx(0.626821497871, abs=5e-13)


def test_the_error_ratios_and_the_information():
    path = np.array([step.theta.t for step in fit(MODEL, X, (0.5,), tol=0, max_iter=60)[::2]])
    errors = path[-1] - path
    assert np.allclose(errors[1:5] / errors[:4], [0.1465, 0.1346, 0.1330, 0.1328], atol=5e-5)
    t, (x1, x2, x3, x4) = path[-1], X
    observed = x1 / (2 + t) ** 2 + (x2 + x3) / (1 - t) ** 2 + x4 / t**2
    complete = (x1 * t / (2 + t) + x4) / t**2 + (x2 + x3) / (1 - t) ** 2
    assert observed == pytest.approx(377.5169, abs=5e-5) and complete == pytest.approx(435.3179, abs=5e-5)
    assert 1 - observed / complete == pytest.approx(0.1327787337, abs=5e-11)
    assert 1 / np.sqrt(observed) == pytest.approx(0.0514673491, abs=2e-10)  # printed digits, the last cut off


@pytest.mark.parametrize("t", [1.0, 0.999999999999])
def test_the_edge_of_the_parameter_space_is_no_trouble(t):
    steps = fit(MODEL, [5, 0, 0, 3], (t,), max_iter=5)
    assert all(np.isfinite([step.loglik, step.bound or 0]).all() for step in steps)


@pytest.mark.parametrize(
    "x, theta, said",
    [
        ([125, 18, 20], (0.5,), "x must have shape"),
        ([125, 18, 20, -1], (0.5,), "x must be at least 0; got -1 at position 3"),
        ([125, 18, 20, 3.5], (0.5,), "x must be whole numbers; got 3.5 at position 3"),
        ([125, 18, 20, np.nan], (0.5,), "x must be finite"),
        ("1234", (0.5,), "x must hold numbers; got '1234'"),
        (X, (1.5,), "t must be at most 1; got 1.5"),
        (X, (np.nan,), "t must be finite"),
        (X, (0.5, 0.5), "theta must be Linkage.Theta"),
        (X, (0.0,), "theta0 must make the data possible"),
    ],
)
def test_bad_input_for_linkage(x, theta, said):
    with pytest.raises(ValueError, match=said):
        em(MODEL, x, theta)


# Death notices of women of 80 and over, The Times 1910-12: Hasselblad (1969)


def test_one_poisson():
    x = data.death_notices()
    assert np.array_equal(np.bincount(x.astype(int)), [162, 267, 271, 185, 111, 61, 27, 8, 3, 1]) and len(x) == 1096
    assert PoissonMixture().loglik(x, ([1.0], [x.mean()])) == pytest.approx(-2001.39785, abs=5e-6)


def test_two_poissons_the_textbook_case_of_slow_em():
    x, model = data.death_notices(), PoissonMixture()
    run = fit(model, x, ((0.3, 0.7), (1, 2.5)), tol=0, max_iter=1000, keep_q=False)
    assert run[2].theta.pi[0] == pytest.approx(0.28569, abs=5e-6)
    assert np.allclose(run[2].theta.rate, [1.0614, 2.5951], atol=5e-5)
    assert run[200].theta.pi[0] == pytest.approx(0.3104, abs=5e-5)
    assert run[2000].theta.pi[0] == pytest.approx(0.3589, abs=5e-5)
    end = PoissonMixture.Theta(np.array([0.3599, 0.6401]), np.array([1.2561, 2.6634]))
    for _ in range(1500):
        end = model.m_step(x, model.e_step(x, end))
    assert np.allclose([end.pi[0], *end.rate], [0.3598854, 1.2560951, 2.6634044], atol=2e-7)
    assert model.loglik(x, end) == pytest.approx(-1989.94586, abs=5e-6)


@pytest.mark.parametrize(
    "x, theta, said",
    [
        ([1, 2.5], ((0.5, 0.5), (1, 2)), "x must be whole numbers; got 2.5 at position 1"),
        ([1, -2], ((0.5, 0.5), (1, 2)), "x must be at least 0; got -2"),
        ([], ((0.5, 0.5), (1, 2)), "x must not be empty"),
        ([1, 2], ((0.5, 0.6), (1, 2)), "pi must sum to 1; got"),
        ([1, 2], ((0.5, 0.5), (1, -1)), "rate must be at least 0; got -1 at position 1"),
        ([1, 2], ((0.5, 0.5), (1, 2, 3)), r"rate must have shape \(2,\); got shape \(3,\)"),
        ([1, 2], ((0.5, 0.5),), "theta must be PoissonMixture.Theta"),
    ],
)
def test_bad_input_for_poissons(x, theta, said):
    with pytest.raises(ValueError, match=said):
        em(PoissonMixture(), x, theta)


def test_a_component_of_zeros_is_a_poisson_too():
    """Half the days have no notice, and those of the other half have a rate of their own: EM ends at rate 0."""
    x = np.repeat([0, 3, 4, 5], [40, 5, 10, 5])
    end = fit(PoissonMixture(), x, ((0.5, 0.5), (0, 4)))[-1]
    assert end.theta.rate[0] == 0 and np.isfinite(end.loglik)
    assert fit(PoissonMixture(), x, end.theta)[-1].loglik == pytest.approx(end.loglik)
    assert fit(PoissonMixture(), [0, 0, 0], ((0.5, 0.5), (1, 2)))[-1].theta.rate.tolist() == [0, 0]
    with pytest.raises(ValueError, match="positive probability"):
        em(PoissonMixture(), x, ((0.5, 0.5), (0, 0)))


def test_a_million_tosses_are_counted_to_the_last_digits():
    x, n, p = [3, 250_000], 10**6, 0.25
    exact = [lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log(1 - p) for k in x]
    assert BinomialMixture(n).loglik(x, ((1,), (p,))) == pytest.approx(sum(exact), rel=1e-9)
    with pytest.raises(ValueError, match=r"tosses must be at most 1e\+06"):
        BinomialMixture(10**7)
