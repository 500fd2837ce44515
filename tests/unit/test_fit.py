"""The bookkeeping of em and fit: the order of the steps, when to stop, what is kept, and what a model must have."""

import tracemalloc
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np
import pytest
from laws import LAWS, same
from models import HEADS, MODELS

from emcore import GMM1D, Coins, CollapseError, Mixture, em, fit

COINS, START = Coins(10), Coins.Theta((0.6, 0.5))


def test_em_alternates_e_and_m_without_end():
    steps = list(islice(em(COINS, HEADS, START), 2001))
    assert [step.kind for step in steps] == ["init"] + ["E", "M"] * 1000
    assert steps[0].q is None and steps[0].bound is None
    for before, step in pairwise(steps):
        if step.kind == "E":
            assert same((step.theta, step.loglik), (before.theta, before.loglik))
        else:
            assert same(step.q, before.q)


@pytest.mark.parametrize("name", MODELS)
def test_an_e_step_that_is_not_the_posterior_leaves_the_gap_open(name):
    """bound and loglik are both computed: neither is assigned from the other."""
    model, x, theta = MODELS[name].example

    class Half(type(model)):
        def e_step(self, x, theta):
            return (super().e_step(x, theta) + 1 / 2) / 2

    half = Half(**vars(model))
    for step in islice(em(half, x, theta), 1, 7):
        assert step.bound < step.loglik - 1e-4
        LAWS["gap_is_kl_from_q_to_the_posterior"](half, x, step.theta, step.q)


def test_tol_0_never_stops_early():
    """Not even at a fixed point, where every gain is 0."""
    history = fit(COINS, HEADS, ([0.66, 0.66],), tol=0, max_iter=50)
    assert len(history) == 101 and history[-1].loglik == history[50].loglik


def test_max_iter_counts_iterations():
    assert [step.kind for step in fit(COINS, HEADS, START, max_iter=0)] == ["init"]
    assert [step.kind for step in fit(COINS, HEADS, START, max_iter=1)] == ["init", "E", "M"]


def test_keep_q_false_keeps_the_last_q_and_everything_else():
    kept, lean = (fit(COINS, HEADS, START, keep_q=keep) for keep in (True, False))
    assert all(step.q is None for step in lean[:-1]) and same(lean[-1], kept[-1])
    assert all(step.q is not None for step in kept[1:])
    assert same([step._replace(q=None) for step in lean], [step._replace(q=None) for step in kept])


def test_twenty_iterations_over_a_hundred_thousand_points_stay_under_20_mb():
    x = np.random.default_rng(0).normal(size=10**5) * 2
    tracemalloc.start()
    try:
        history = fit(GMM1D(), x, ([0.5, 0.5], [-1, 1], [1, 1]), tol=0, max_iter=20, keep_q=False)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(history) == 41 and peak < 2e7


def test_a_collapse_carries_the_history_so_far():
    x, theta = [0, 1, 2, 9], ([0.5, 0.5], [1, 9], [1, 1])
    with pytest.raises(CollapseError) as caught:
        fit(GMM1D(), x, theta)
    history = caught.value.history
    assert [step.kind for step in history[:3]] == ["init", "E", "M"] and history[-1].kind == "E"
    assert same(history, list(islice(em(GMM1D(), x, theta), len(history))))
    with pytest.raises(CollapseError) as caught:
        list(em(GMM1D(), x, theta))
    assert caught.value.history == []


class Linkage:
    """Genetic linkage (Dempster, Laird & Rubin 1977): a model by its four functions, with no check.

    Counts with cell probabilities (1/2 + t/4, (1-t)/4, (1-t)/4, t/4); q is the share of the first cell
    that belongs to t/4.
    """

    def e_step(self, x, theta):
        return theta / (2 + theta)

    def m_step(self, x, q):
        return (x[0] * q + x[3]) / (x[0] * q + x[1] + x[2] + x[3])

    def lower_bound(self, x, q, theta):
        split = (1 - q) * np.log(0.5 / (1 - q)) + q * np.log(theta / 4 / q)
        return x[0] * split + (x[1] + x[2]) * np.log((1 - theta) / 4) + x[3] * np.log(theta / 4)

    def loglik(self, x, theta):
        return x @ np.log([0.5 + theta / 4, (1 - theta) / 4, (1 - theta) / 4, theta / 4])


def test_four_functions_are_a_model():
    """Iterates of Dempster, Laird & Rubin (1977), table 1, recomputed; the limit in closed form."""
    history = fit(Linkage(), np.array([125, 18, 20, 34]), 0.5, tol=1e-15)
    thetas = [step.theta for step in history if step.kind == "M"]
    expected = [0.608247423, 0.624321050, 0.626488879, 0.626777322, 0.626815632, 0.626820719, 0.626821394]
    assert np.allclose(thetas[:7], expected, rtol=0, atol=6e-10)
    assert np.isclose(thetas[-1], (15 + 53809**0.5) / 394, rtol=0, atol=1e-8)
    assert all(np.isclose(step.bound, step.loglik, rtol=1e-12) for step in history if step.kind == "E")


class Poissons(Mixture):
    """Two Poissons: a mixture by its two functions. x: numbers of notices. Theta: P(first), two rates."""

    class Theta(NamedTuple):
        pi: float
        rates: np.ndarray

    def log_joint(self, x, theta):
        pi, rates = theta
        log_factorial = np.array([np.log(np.arange(1, n + 1)).sum() for n in x])
        return np.log([pi, 1 - pi]) + np.outer(x, np.log(rates)) - rates - log_factorial[:, None]

    def m_step(self, x, q):
        return self.Theta(q[:, 0].mean(), x @ q / q.sum(axis=0))


def test_two_functions_are_a_mixture():
    """Death notices (Hasselblad 1969): the first step, and the log-likelihood at the published answer."""
    x = np.repeat(np.arange(10), [162, 267, 271, 185, 111, 61, 27, 8, 3, 1])
    start, e, m = fit(Poissons(), x, Poissons.Theta(0.3, np.array([1, 2.5])), max_iter=1)
    assert np.isclose(e.bound, start.loglik, rtol=1e-12) and m.bound > e.bound
    assert np.isclose(m.theta.pi, 0.28569, rtol=0, atol=5e-6)
    assert np.allclose(m.theta.rates, [1.0614, 2.5951], rtol=0, atol=5e-5)
    best = Poissons.Theta(0.3598854, np.array([1.2560951, 2.6634044]))
    assert np.isclose(Poissons().loglik(x, best), -1989.94586, rtol=0, atol=5e-6)
    with pytest.raises(ValueError, match=r"x must be finite.*got nan"):
        em(Poissons(), [1, np.nan], best)


def test_a_mixture_says_which_function_it_lacks():
    with pytest.raises(NotImplementedError, match="Mixture needs log_joint"):
        Mixture().loglik([1], None)
    with pytest.raises(NotImplementedError, match="Mixture needs m_step"):
        Mixture().m_step([1], [[1]])


class Undefined(Poissons):
    """Its M-step divides 0 by 0."""

    def m_step(self, x, q):
        return self.Theta(float("nan"), np.array([1.0, 2.0]))


def test_an_m_step_that_gives_nan_is_named():
    with pytest.raises(ValueError, match=r"m_step must give a theta that has a log-likelihood; got .*whose is nan"):
        fit(Undefined(), [1, 2, 5], Poissons.Theta(0.3, np.array([1, 2.5])))


class NoReturn(Poissons):
    """Its M-step forgets to return."""

    def m_step(self, x, q):
        super().m_step(x, q)


def test_an_m_step_that_returns_nothing_is_named():
    with pytest.raises(ValueError, match=r"m_step must return a theta; got None from NoReturn.m_step"):
        fit(NoReturn(), [1, 2, 5], Poissons.Theta(0.3, np.array([1, 2.5])))


def test_lists_are_welcome_in_the_start_of_a_model_of_two_functions():
    x = [1, 2, 5, 0, 3]
    end = [fit(Poissons(), x, Poissons.Theta(0.3, rates))[-1] for rates in ([1, 2.5], (1, 2.5), np.array([1, 2.5]))]
    assert end[0].loglik == end[1].loglik == end[2].loglik
