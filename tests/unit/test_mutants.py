"""Proof that the laws bite: six bugs that people really write, each of which turns a named law red."""

from dataclasses import astuple

import numpy as np
import pytest
from laws import LAWS
from models import MODELS

from emcore import GMM1D, Coins

GAUSSIANS, COINS = MODELS["GMM1D, free"].example, MODELS["Coins"].example


class ForgottenWeight(GMM1D):
    """Responsibilities from the densities alone, without the mixing weights."""

    def e_step(self, x, theta):
        return super().e_step(x, theta._replace(pi=np.full_like(theta.pi, 1 / len(theta.pi))))


class OneTooFew(GMM1D):
    """n - 1 for n in the variances."""

    def m_step(self, x, q):
        theta, sizes = super().m_step(x, q), q.sum(axis=0)
        return theta._replace(sigma=theta.sigma * np.sqrt(sizes / (sizes - 1)))


class WrongAxis(GMM1D):
    """Each component's responsibilities sum to 1, instead of each observation's."""

    def e_step(self, x, theta):
        joint = np.exp(self.log_joint(x, theta))
        return joint / joint.sum(axis=0, keepdims=True)


class BoundIsLoglik(Coins):
    """The bound is not computed: it is set to l, where it ought to arrive."""

    def lower_bound(self, x, q, theta):
        return self.loglik(x, theta)


class StaleQ(Coins):
    """Each E-step answers with the q of the E-step before."""

    def e_step(self, x, theta):
        q = super().e_step(x, theta)
        before = getattr(self, "last", q)
        object.__setattr__(self, "last", q)
        return before


class DroppedEntropy(Coins):
    """E_q[log p(x, z)] alone, without H(q)."""

    def lower_bound(self, x, q, theta):
        return float((q * self.log_joint(x, theta)).sum())


@pytest.mark.parametrize(
    "mutant, example, law",
    [
        (ForgottenWeight, GAUSSIANS, "e_step_is_the_posterior"),
        (ForgottenWeight, GAUSSIANS, "e_step_closes_the_gap"),
        (OneTooFew, GAUSSIANS, "no_m_step_lowers_the_bound"),
        (WrongAxis, GAUSSIANS, "rows_of_q_sum_to_1"),
        (BoundIsLoglik, COINS, "gap_is_kl_from_q_to_the_posterior"),
        (StaleQ, COINS, "e_step_closes_the_gap"),
        (DroppedEntropy, COINS, "gap_is_kl_from_q_to_the_posterior"),
        (DroppedEntropy, COINS, "e_step_closes_the_gap"),
    ],
)
def test_a_planted_bug_turns_its_law_red(mutant, example, law):
    model, x, theta = example
    q = np.random.default_rng(0).dirichlet([1, 1], len(x))
    LAWS[law](model, x, theta, q)
    with pytest.raises(AssertionError):
        LAWS[law](mutant(*astuple(model)), x, theta, q)
