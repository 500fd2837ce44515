"""Why fit stops: little is left to climb, theta stays, the limit of iterations, or a half-step that lowers F."""

from itertools import islice
from math import inf

import numpy as np
import pytest
from models import HEADS, HEIGHT, NOTICES

from emcore import (
    GMM,
    GMM1D,
    Coins,
    CollapseError,
    FallError,
    History,
    KMeans,
    PoissonMixture,
    Step,
    data,
    em,
    fit,
    left_to_climb,
)

COINS, START = Coins(10), Coins.Theta((0.6, 0.5))
TALL = GMM1D.Theta((0.5, 0.5), (160, 180), (5, 5))


# What is left to climb.


@pytest.mark.parametrize("r", [0.01, 0.5, 0.9, 0.99])
def test_gains_that_shrink_by_one_factor_leave_the_rest_of_their_geometric_series(r):
    assert np.isclose(left_to_climb([7 - r**t for t in range(4)]), r**3, rtol=1e-9)


def test_the_slower_of_the_last_two_ratios_counts():
    """Gains of 8, 4, 1: the last ratio alone promises 1/3 more, half the gain each time promises 1."""
    assert np.isclose(left_to_climb([0, 8, 12, 13]), 1)
    assert np.isclose(left_to_climb([0, 8, 9, 9.5]), 0.5)


def test_only_the_last_four_heights_count():
    assert left_to_climb([-100, 50, 0, 8, 12, 13]) == left_to_climb([0, 8, 12, 13])


@pytest.mark.parametrize("heights", [[], [1], [1, 2], [1, 2, 2.5], [0, 1, 2, 3], [0, 1, 1.5, 2.1], [0, 0, 1, 1.5]])
def test_it_is_unknown_after_few_heights_and_while_gains_do_not_shrink(heights):
    assert left_to_climb(heights) == inf


def test_a_gain_that_is_only_rounding_leaves_nothing():
    assert left_to_climb([1e6, 1e6 + 1e-9]) == left_to_climb([0, 1, 1]) == left_to_climb([3, 2]) == 0
    assert left_to_climb([1, 1 + 1e-9]) == inf


def test_what_rounding_may_have_made_of_the_ratio_is_no_promise():
    """At a height of a million, 2e-9 is rounding: gains of 3.0e-8 and 2.9e-8 may not shrink at all."""
    assert left_to_climb([1e6, 1e6 + 1, 1e6 + 1 + 3e-8, 1e6 + 1 + 5.9e-8]) == inf
    assert left_to_climb([1e6, 1e6 + 1, 1e6 + 1 + 1e-9, 1e6 + 1 + 2e-8]) == inf


# When fit stops.


@pytest.mark.parametrize("tol", [1e-3, 1e-5, 1e-7])
@pytest.mark.parametrize(
    "model, x, theta, late, limit",
    [(COINS, HEADS, START, 2, -31.570200235997), (GMM1D(), HEIGHT, TALL, 10, -717.952430059685)],
)
def test_fit_stops_when_tol_is_left_and_at_most_late_iterations_after(model, x, theta, late, limit, tol):
    history = fit(model, x, theta, tol=tol)
    assert history.stopped.startswith("settled: about ") and history.left <= tol
    assert limit - history[-1].loglik <= tol < limit - history[-1 - 2 * late].loglik


@pytest.mark.parametrize("unit", [1e-9, 1e-2, 10.0, 1e9])
def test_fit_stops_at_the_same_iteration_in_any_unit_of_x(unit):
    """l shifts by N log(unit): 4,145 nats for a factor of 10^9."""
    here = fit(GMM1D(), HEIGHT, TALL, tol=1e-3)
    there = fit(GMM1D(), unit * HEIGHT, (TALL.pi, unit * np.array(TALL.mu), unit * np.array(TALL.sigma)), tol=1e-3)
    assert len(here) == len(there) and np.allclose(there[-1].theta.mu / unit, here[-1].theta.mu, rtol=1e-9)


def test_the_weight_of_the_death_notices_reaches_its_limit():
    """Hasselblad's mixture is slow: each gain is .991 of the one before."""
    history = fit(PoissonMixture(), data.death_notices(), NOTICES, keep_q=False)
    assert history.stopped.startswith("settled")
    assert abs(history[-1].theta.pi[0] - 0.35988543) < 1e-5


def test_a_plateau_beside_a_saddle_is_no_end():
    """From two nearly equal coins the gains fall to 5e-10 and grow again."""
    history = fit(COINS, HEADS, ([0.66, 0.66 - 3e-6],))
    gains = np.diff([step.loglik for step in history[::2]])
    assert gains.min() < 1e-9 and np.isclose(history[-1].loglik, -31.5702002, atol=1e-7)


def test_a_sudden_drop_of_the_gains_is_no_end():
    """The first iteration gains 100 nats and the second 1e-4: a ratio of a millionth, as near a saddle."""

    class Slow:
        """Its gains: 100, then 1e-4 a time, shrinking by a tenth."""

        def e_step(self, x, t):
            return t

        def m_step(self, x, q):
            return q + 1.0

        def lower_bound(self, x, q, t):
            return self.loglik(x, t)

        def loglik(self, x, t):
            return 0.0 if t == 0 else 100 + 1e-4 * (1 - 0.9 ** (t - 1)) / 0.1

    history = fit(Slow(), None, 0.0)
    assert 1e-3 - (history[-1].loglik - 100) <= 1e-9 * 1.01 and len(history) > 200


def test_a_theta_that_stays_is_the_end_even_at_a_saddle():
    history = fit(COINS, HEADS, ([0.66, 0.66],))
    assert len(history) == 3 and history.stopped == "settled: theta stays as it is" and history.left == 0


def test_the_limit_of_iterations_says_what_is_left():
    history = fit(COINS, HEADS, START, max_iter=6)
    assert history.stopped == "max_iter: 6 iteration(s), and about 0.003 of F is left to climb"
    top = -31.570200236
    assert top - history[-1].bound < history.left < 4 * (top - history[-1].bound)
    assert fit(COINS, HEADS, START, max_iter=2).left == inf
    assert fit(COINS, HEADS, START, max_iter=0).stopped.startswith("max_iter: 0 iteration(s), and an unknown part")


def test_tol_0_runs_to_the_limit_of_iterations_and_says_whether_it_settled():
    assert fit(COINS, HEADS, START, tol=0, max_iter=100).stopped.startswith("settled")
    assert fit(COINS, HEADS, START, tol=0, max_iter=5).stopped.startswith("max_iter: 5 ")


def test_a_run_that_goes_on_after_a_pause_has_not_settled():
    history = History()
    history.add(Step("init", 0.0, None, None, 0.0))
    for kind, theta, bound in [("E", 0.0, 0.0), ("M", 0.0, 0.0)]:
        history.add(Step(kind, theta, 0.0, bound, bound))
    assert history.settles(0) and history.stopped == "settled: theta stays as it is"
    for kind, theta, bound in [("E", 0.0, 0.0), ("M", 1.0, 5.0)]:
        history.add(Step(kind, theta, 0.0, bound, bound))
    assert not history.settles(0) and history.stopped.startswith("max_iter: 2 ")


# K-means: q is not the posterior, l may fall while F rises, and gains mean little.


def assert_k_means_has_settled(model, x, theta):
    history = fit(model, x, theta)
    mu = history[-1].theta.mu
    assert np.array_equal(model.m_step(x, model.e_step(x, history[-1].theta)).mu, mu)
    assert history.stopped == "settled: theta stays as it is"
    return history


def test_k_means_goes_on_until_no_assignment_changes():
    """Here l falls, by .4, while an assignment has still to change: a rule that looked at l would stop short."""
    history = assert_k_means_has_settled(KMeans(5), [29, 28, 14, 25, 0, 29, 20, 27, 26, 21], ([15, 29, 26],))
    assert min(np.diff([step.loglik for step in history])) < -0.1


@pytest.mark.parametrize("unit", [1e-12, 1e-3, 1e3, 1e12])
@pytest.mark.parametrize("sigma", [1, 10])
def test_k_means_goes_on_in_any_unit(unit, sigma):
    rng = np.random.default_rng(3)
    x = rng.normal(0, 3, (200, 2)) * unit
    assert len(assert_k_means_has_settled(KMeans(sigma), x, (x[:4],))) > 11


# A half-step that lowers F is an error, and says which.


class WithPrior(Coins):
    """One head and one toss of tails in advance for each coin: a Beta(2, 2) prior in the M-step."""

    def m_step(self, x, q):
        heads, tails = x @ q, (self.tosses - x) @ q
        return self.Theta((heads + 1) / (heads + tails + 2))


class ItsModel(WithPrior):
    def log_prior(self, theta):
        (p,) = map(np.asarray, theta)
        return (np.log(p) + np.log1p(-p)).sum()


def test_a_prior_in_the_m_step_alone_is_a_fall_of_f():
    with pytest.raises(FallError, match=r"the M-step of iteration 1 lowers F by 0.0355.*log_prior\(theta\)") as caught:
        fit(WithPrior(10), HEADS, ([0.8, 0.52],))
    history = caught.value.history
    assert [step.kind for step in history] == ["init", "E", "M"] and history.stopped.startswith("fell: the M-step")
    assert history[1].bound - history[2].bound == pytest.approx(0.0355, abs=5e-5)


def test_with_its_prior_in_the_model_fit_climbs_to_the_top_of_the_posterior():
    history = fit(ItsModel(10), HEADS, ([0.8, 0.52],))
    assert np.allclose(history[-1].theta.p, (0.7632, 0.5199), atol=5e-5)
    assert history.stopped.startswith("settled") and history.stopped.endswith("of F + log_prior is left to climb")
    assert history[-1].loglik == COINS.loglik(HEADS, history[-1].theta)
    assert min(np.diff([step.loglik for step in history[::2]])) < 0


def test_a_theta_that_the_prior_rules_out_is_a_fall_and_a_start_there_is_none():
    class Fair(Coins):
        """A prior without a coin above .75, of which the M-step knows nothing."""

        def log_prior(self, theta):
            return 0.0 if max(theta[0]) <= 0.75 else -inf

    with pytest.raises(FallError, match="the M-step of iteration 3 lowers F \\+ log_prior by inf"):
        fit(Fair(10), HEADS, START)
    assert fit(Fair(10), [5, 6], ([0.8, 0.5],))[-1].theta.p.max() < 0.75


class Regularized(GMM):
    """A constant added to the variances, as libraries do: no M-step, and no prior's either."""

    def m_step(self, x, q):
        theta = super().m_step(x, q)
        return theta._replace(cov=theta.cov + 1e-6 * np.eye(2))


def test_a_constant_added_to_the_variances_is_a_fall_of_f():
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.normal(m, 1e-3, (60, 2)) for m in (0, 3e-3)])
    theta = ([0.5, 0.5], [[0, 0], [3e-3, 3e-3]], [1e-6 * np.eye(2)] * 2)
    with pytest.raises(FallError, match="the M-step of iteration 1 lowers F"):
        fit(Regularized(), x, theta)
    assert len(list(islice(em(Regularized(), x, theta), 11))) == 11


class Blurred(Coins):
    """From the fourth iteration on, its E-step mixes the posterior with one half."""

    def e_step(self, x, theta):
        q = super().e_step(x, theta)
        return q if theta[0][0] < 0.78 else (q + 1 / 2) / 2


def test_an_e_step_that_lowers_f_is_named():
    with pytest.raises(FallError, match=r"the E-step of iteration 5 lowers F by"):
        fit(Blurred(10), HEADS, START)


def test_a_bound_that_is_no_number_is_named():
    class NoNumber(Coins):
        def lower_bound(self, x, q, theta):
            return np.nan

    with pytest.raises(ValueError, match="lower_bound and log_prior must give numbers; got nan after the E-step"):
        fit(NoNumber(10), HEADS, START)


def test_a_collapse_is_told_too():
    with pytest.raises(CollapseError) as caught:
        fit(GMM1D(), [0, 1, 2, 9], ([0.5, 0.5], [1, 9], [1, 1]))
    assert caught.value.history.stopped.startswith("collapsed: component 2 has")


def test_steps_can_be_compared():
    one, other = fit(COINS, HEADS, START), fit(COINS, HEADS, START)
    assert one == other and not one[-1] != other[-1] and one[-1] != one[-2] and one[0] != "init"
