"""Numbers at the edge: valid steps without a warning, or a refusal that says what to do. NaN never."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import at_most
from models import HEADS, HEIGHT, MODELS

from emcore import GMM1D, BinomialMixture, Coins, CollapseError, OneMean, PoissonMixture, fit

FREE, FLOOR, ONE_SIGMA = GMM1D(), GMM1D(min_sigma=0.1), GMM1D(shared_sigma=True)
UNIT = OneMean((0.5, 0.5), 0, (1, 1))
TEN = Coins(10)
HALVES = ([0.5, 0.5], [1, 2], [1, 1])


def valid(model, x, theta, iterations=5):
    """Run EM and check every step: finite, rows that sum to 1, a bound below l that never falls."""
    history = fit(model, x, theta, tol=0, max_iter=iterations)
    assert len(history) == 2 * iterations + 1
    for step in history:
        assert all(np.isfinite(field).all() for field in step.theta) and np.isfinite(step.loglik)
    for step in history[1:]:
        assert np.isfinite(step.bound) and at_most(step.bound, step.loglik)
        assert (step.q >= 0).all() and np.allclose(step.q.sum(axis=1), 1, rtol=0, atol=1e-12)
    assert all(at_most(a.bound, b.bound) for a, b in pairwise(history[1:]))
    return history[-1].theta


EDGES = {
    "one set": (TEN, [7], ([0.6, 0.5],)),
    "one toss": (Coins(1), [0, 1, 1], ([0.6, 0.5],)),
    "equal sets": (TEN, [5, 5, 5], ([0.6, 0.5],)),
    "no heads at all": (TEN, [0, 0], ([0.6, 0.5],)),
    "p = 0 and p = 1": (TEN, [0, 10, 10], ([0.0, 1.0],)),
    "p = 0 beside a coin": (TEN, [0, 3, 10], ([0.0, 0.5],)),
    "equal coins": (TEN, HEADS, ([0.5, 0.5],)),
    "p near 0 and 1": (TEN, [0, 0, 10, 10], ([1e-300, 1 - 1e-16],)),
    "opposite coins": (TEN, [0, 10, 0, 10], ([0.1, 0.9],)),
    "opposite coins, pi unknown": (BinomialMixture(3), [0, 3], ([0.5, 0.5], [0.5, 0.9375])),
    "tiny pi of a coin": (BinomialMixture(10), HEADS, ([1e-300, 1.0], [0.6, 0.5])),
    "a thousand tosses": (BinomialMixture(1000), [0, 500, 1000], ([0.5, 0.5], [0.01, 0.99])),
    "one point, one mean": (UNIT, [3], (5,)),
    "two means a million sigmas apart": (UNIT, [-1, 0, 1, 1e6], (1e6 + 1,)),
    "no one left beside a fixed mean": (UNIT, [1e6, 1e6 + 1], (1e6,)),
    "every point a million sigmas away": (FREE, [1e6, 1e6 + 1, 1e6 + 3], ([0.5, 0.5], [0, 0], [1, 1])),
    "a start a million sigmas away": (FREE, HEIGHT, ([0.5, 0.5], [160, 180], [1e-6, 1e-6])),
    "an origin a million sigmas away": (FREE, 1e6 + np.arange(9), ([0.5, 0.5], [1e6, 1e6 + 9], [1, 2])),
    "one point, floor": (FLOOR, [3], ([0.5, 0.5], [2, 5], [1, 1])),
    "equal points, floor": (FLOOR, [0.1] * 7, ([0.5, 0.5], [0, 1], [1, 1])),
    "two heaps of ties, floor": (FLOOR, [0, 0, 0, 1, 1, 1], ([0.5, 0.5], [0, 1], [0.1, 0.1])),
    "equal components": (FREE, [0, 1, 5], ([0.5, 0.5], [2, 2], [1, 1])),
    "one component": (FREE, [0, 1, 5], ([1.0], [0], [1])),
    "tiny pi": (FLOOR, [0, 1, 5, 6], ([1e-300, 1.0], [0, 5], [1, 1])),
    "tiny data": (FREE, [1e-140, 2e-140, 5e-140], ([1.0], [0], [1e-140])),
    "huge data": (ONE_SIGMA, [-1e149, 1e149, 5e149], ([0.5, 0.5], [0, 1e149], [1e149, 1e149])),
    "huge start": (FREE, [1, 2, 4], ([0.5, 0.5], [0, 1], [1e150, 1e149])),
}


@pytest.mark.parametrize("name", EDGES)
def test_steps_at_the_edge_are_valid(name):
    valid(*EDGES[name])


def test_far_from_the_origin_is_the_same_mixture():
    """Heights in another unit, 10^6 sigmas from 0: the same answer, moved and scaled."""
    here = valid(FREE, HEIGHT, ([0.5, 0.5], [160, 180], [5, 5]), 20)
    far = valid(FREE, 1e3 * HEIGHT + 6e9, ([0.5, 0.5], [6e9 + 160e3, 6e9 + 180e3], [5e3, 5e3]), 20)
    assert np.allclose(far.pi, here.pi, rtol=1e-6)
    assert np.allclose((far.mu - 6e9) / 1e3, here.mu, rtol=1e-6)
    assert np.allclose(far.sigma / 1e3, here.sigma, rtol=1e-6)


@pytest.mark.parametrize("name", MODELS)
def test_a_hundred_thousand_observations_are_five_hundred_copies_of_two_hundred(name):
    model, x, theta = MODELS[name].example
    copies = 10**5 // len(x)
    once, often = (fit(model, data, theta, max_iter=1)[-1] for data in (x, np.concatenate([x] * copies)))
    assert np.isclose(often.loglik, copies * once.loglik, rtol=1e-9)
    assert all(np.allclose(a, b, rtol=1e-9) for a, b in zip(often.theta, once.theta, strict=True))


def test_a_tie_is_shared_by_the_weights():
    assert np.allclose(FREE.e_step([5], ([0.3, 0.7], [0, 10], [2, 2])), [[0.3, 0.7]], rtol=1e-12)
    assert np.allclose(TEN.e_step([5], ([0.2, 0.8],)), [[0.5, 0.5]], rtol=1e-12)


class Naive(GMM1D):
    """The formula of the responsibilities as it stands: far from both components it divides 0 by 0."""

    def e_step(self, x, theta):
        with np.errstate(all="ignore"):
            joint = np.exp(self.log_joint(x, theta))
            return joint / joint.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("model", [FREE, TEN, PoissonMixture(), Naive()], ids=lambda model: type(model).__name__)
@pytest.mark.parametrize("value", [np.nan, -0.1])
def test_a_q_of_no_probabilities_is_refused(model, value):
    x, theta = [1, 2, 3], {Coins: ([0.6, 0.5],), PoissonMixture: ([0.5, 0.5], [1, 2])}.get(type(model), HALVES)
    q = np.array([[0.5, 0.5], [0.5, value], [0.5, 0.5]])
    for call in lambda: model.m_step(x, q), lambda: model.lower_bound(x, q, theta):
        with pytest.raises(ValueError, match=rf"q must be .*; got {value:g} at position 1, 1"):
            call()


def test_nan_of_a_naive_e_step_does_not_get_past_fit():
    with pytest.raises(ValueError, match="q must be finite"):
        fit(Naive(), HEIGHT, ([0.5, 0.5], [170, 150], [0.1**0.5, 0.2**0.5]))


def test_a_rate_is_not_rounded_to_a_zero():
    valid(PoissonMixture(), [0] * 100 + [1.0], ([0.5, 0.5], [1e-323, 1.0]), 3)


def test_bound_is_minus_infinity_where_q_claims_the_impossible():
    """And 0 log 0 is 0: a q that claims nothing impossible has a finite bound."""
    theta = [[0.0, 0.5]]
    assert TEN.lower_bound([0, 3], [[0.5, 0.5], [0.1, 0.9]], theta) == -np.inf
    assert np.isclose(TEN.lower_bound([0, 3], [[1, 0], [0, 1]], theta), 2 * np.log(0.5) + 10 * np.log(0.5))


@pytest.mark.parametrize(
    "model, x, theta, says",
    [
        (FREE, [3], ([1.0], [2], [1]), "min_sigma"),
        (FREE, [0.1] * 7, ([0.5, 0.5], [0, 1], [1, 1]), "min_sigma"),
        (ONE_SIGMA, [3, 3], ([0.5, 0.5], [0, 1], [1, 1]), "min_sigma"),
        (ONE_SIGMA, [0, 0, 1, 1], ([0.5, 0.5], [0, 1], [0.1, 0.1]), "min_sigma"),
        (FREE, [0, 1, 2, 1e6], ([0.5, 0.5], [1, 1e6], [1, 1]), "min_sigma"),
        (FREE, [0, 1, 2], ([0.5, 0.5], [1, 1e6], [1, 1]), "fewer components"),
        (FLOOR, [0, 1, 2], ([0.5, 0.5], [1, 1e6], [1, 1]), "fewer components"),
        (UNIT, [0, 1], (1e6,), "nearer the data"),
        (TEN, [10, 10], ([0.5, 0.0],), "nearer the data"),
    ],
)
def test_a_collapse_says_what_to_do(model, x, theta, says):
    with pytest.raises(CollapseError, match=rf"component [12] has .*{says}") as caught:
        fit(model, x, theta, tol=0, max_iter=1000)
    assert caught.value.history[-1].kind == "E"


def test_a_floor_is_kept_and_prevents_the_collapse():
    theta = valid(FLOOR, [0, 1, 2, 1e6], ([0.5, 0.5], [1, 1e6], [1, 1]), 20)
    assert theta.sigma[1] == 0.1 and theta.mu[1] == 1e6


# Anything finite: the answers are valid steps, ValueError or CollapseError, and there is no warning.


def refused(model, x, theta) -> bool:
    try:
        valid(model, x, theta, 3)
    except (ValueError, CollapseError) as error:
        assert str(error)
        return True
    return False


FINITE = st.floats(allow_nan=False, allow_infinity=False)
REASONABLE = st.floats(-1e150, 1e150) | st.floats(-1e6, 1e6) | st.sampled_from([0.0, 5e-324, 1e-160, 1.0])
SMALL = st.floats(0, 1) | st.sampled_from([5e-324, 1e-300, 1e-16, 1 - 2**-53])


@given(x=st.lists(REASONABLE, min_size=1, max_size=6), mu=st.tuples(REASONABLE, REASONABLE),
       sigma=st.tuples(REASONABLE, REASONABLE), pi=SMALL, floor=st.sampled_from([0, 1e-6, 1, 1e150]))  # fmt: skip
def test_no_finite_numbers_break_a_gaussian_mixture(x, mu, sigma, pi, floor):
    sigma = np.maximum(np.abs(sigma), floor)
    refused(GMM1D(floor), x, ([pi, 1 - pi], mu, sigma))
    refused(GMM1D(floor, shared_sigma=True), x, ([pi, 1 - pi], mu, sigma[[0, 0]]))


@given(x=st.lists(REASONABLE, min_size=1, max_size=6), mu=st.tuples(REASONABLE, REASONABLE),
       sigma=st.tuples(REASONABLE, REASONABLE).map(np.abs), pi=SMALL)  # fmt: skip
def test_no_finite_numbers_break_one_mean(x, mu, sigma, pi):
    try:
        model = OneMean((pi, 1 - pi), mu[0], sigma)
    except ValueError:
        return
    refused(model, x, (mu[1],))


@given(tosses=st.sampled_from([1, 2, 10, 1000]), shares=st.lists(SMALL, min_size=1, max_size=6),
       p=st.tuples(SMALL, SMALL), pi=SMALL)  # fmt: skip
def test_no_finite_numbers_break_coins(tosses, shares, p, pi):
    x = np.round(np.multiply(shares, tosses))
    refused(BinomialMixture(tosses), x, ([pi, 1 - pi], p))
    if 0 < pi < 1:
        refused(Coins(tosses, (pi, 1 - pi)), x, (p,))


@given(x=st.lists(FINITE, min_size=1, max_size=3), theta=st.lists(st.tuples(FINITE, FINITE), max_size=4))
def test_no_finite_numbers_at_all_break_the_door(x, theta):
    for model in (FREE, TEN, BinomialMixture(10), UNIT):
        refused(model, x, theta)


@pytest.mark.parametrize(
    "model, x, theta",
    [
        (FLOOR, [0.0] * 3 + [-1.0] * 5, ([0.5, 0.5], [0, 38.59], [1, 1])),  # responsibilities of 5e-324
        (FREE, [1e150, -1e150] * 4, ([1.0], [0], [1e-4])),  # the squares overflow only when they are added
    ],
)
def test_underflow_and_overflow_in_the_middle(model, x, theta):
    refused(model, x, theta)


def test_what_theta_makes_impossible_has_no_posterior():
    with pytest.raises(ValueError, match=r"observation 1 \(x = 1\) has probability 0 in every component"):
        BinomialMixture(1).e_step(np.array([0, 1]), BinomialMixture.Theta(np.array([0.5, 0.5]), np.array([0.0, 0.0])))
