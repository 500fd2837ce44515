"""`check_model`: healthy models pass, and each broken one is told what is wrong with it, in words."""

from dataclasses import dataclass
from itertools import product
from math import lgamma
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from models import ELLIPSES, EXACT, GEYSER, MODELS
from test_hmm import EISNER, ICE, POSSIBLE, STOP

from emcore import GMM, GMM1D, HMM, CensoredLifetimes, Coins, Linkage, Mixture, check_model, data, fit

LIFETIMES = [[1, 0], [2, 0], [3, 0], [2, 1], [4, 1]]
HEALTHY = {name: MODELS[name].example for name in EXACT} | {
    "HMM with a stop": (STOP, ICE, EISNER),
    "HMM": (HMM(3), ICE, ([0.5, 0.5], [[0.8, 0.2], [0.2, 0.8]], EISNER.B)),
    "Linkage": (Linkage(), data.linkage(), (0.5,)),
    "CensoredLifetimes": (CensoredLifetimes(), LIFETIMES, (2.4,)),
    "nothing censored": (CensoredLifetimes(), [[1, 0], [2, 0]], (2.4,)),
    "one component": (GMM(), GEYSER, ([1.0], [[3, 70]], [np.eye(2)])),
    "equal components": (GMM(), GEYSER, ([0.5, 0.5], [[3, 70]] * 2, [np.eye(2)] * 2)),
}


@pytest.mark.parametrize("name", HEALTHY)
def test_nothing_is_found_in_a_healthy_model(name):
    assert check_model(*HEALTHY[name], iterations=8, seed=1) == []


@pytest.mark.parametrize("name", EXACT)
def test_nothing_is_found_in_random_healthy_cases(name):
    @settings(max_examples=settings.default.max_examples // 4)
    @given(MODELS[name].cases)
    def healthy(case):
        found = check_model(*case[:3], iterations=3)
        assert all(message.startswith("EM cannot go on: comp") for message in found), found

    healthy()


@settings(max_examples=settings.default.max_examples // 4)
@given(POSSIBLE)
def test_nothing_is_found_in_random_hidden_markov_models(case):
    found = check_model(*case[:3], iterations=3)
    assert all(message.startswith("EM cannot go on: state") for message in found), found


def test_k_means_is_told_what_it_is():
    (message, *rest) = check_model(*MODELS["KMeans"].example)
    assert "E-step leaves a gap" in message and "not the posterior" in message and "entropy" not in message
    assert all("log-likelihood fell" in other for other in rest)


# A model as the reader of chapter 13 writes it: two functions, no check at the door.


class Theta(NamedTuple):
    pi: np.ndarray
    rate: np.ndarray


class Waits(Mixture):
    """Waiting times from two exponential distributions."""

    def log_joint(self, x, theta):
        return np.log(theta.pi * theta.rate) - theta.rate * np.asarray(x)[:, None]

    def m_step(self, x, q):
        sizes = q.sum(axis=0)
        return Theta(sizes / len(x), sizes / (x @ q))


X = np.random.default_rng(0).exponential(np.repeat([1.0, 8.0], 30))
START = Theta(np.array([0.4, 0.6]), np.array([2.0, 0.2]))
GRID = np.linspace(0, 200, 40_001)[:-1] + 0.0025
QUADRATURE = GRID, np.full(len(GRID), 0.005)


class StuckWeights(Waits):
    def m_step(self, x, q):
        return super().m_step(x, q)._replace(pi=np.array([0.5, 0.5]))


class MeanForRate(Waits):
    def m_step(self, x, q):
        theta = super().m_step(x, q)
        return theta._replace(rate=1 / theta.rate)


class HardMStep(Waits):
    def m_step(self, x, q):
        return super().m_step(x, np.eye(2)[q.argmax(axis=1)])


class UndividedWeights(Waits):
    def m_step(self, x, q):
        return super().m_step(x, q)._replace(pi=q.sum(axis=0))


class OneTooFew(GMM1D):
    def m_step(self, x, q):
        theta, sizes = super().m_step(x, q), q.sum(axis=0)
        return theta._replace(sigma=theta.sigma * np.sqrt(sizes / (sizes - 1)))


class Ridge(GMM):
    """A constant added to the covariance, as scikit-learn does."""

    def m_step(self, x, q):
        theta = super().m_step(x, q)
        return theta._replace(cov=theta.cov + 1e-3 * np.eye(2))


class WrongAxisMean(GMM):
    def m_step(self, x, q):
        theta = super().m_step(x, q)
        return theta._replace(mu=theta.mu[:, ::-1])


class LoneField(Waits):
    def m_step(self, x, q):
        return super().m_step(x, q).rate


class BoundIsLoglik(Waits):
    def lower_bound(self, x, q, theta):
        return self.loglik(x, theta)


class EntropyTwice(Waits):
    def lower_bound(self, x, q, theta):
        return super().lower_bound(x, q, theta) - (q * np.log(q)).sum()


class EntropyDropped(Waits):
    def lower_bound(self, x, q, theta):
        return float((q * self.log_joint(x, theta)).sum())


class NaiveEntropy(Coins):
    """0 log 0 taken as it comes."""

    def lower_bound(self, x, q, theta):
        return float((q * (self.log_joint(x, theta) - np.log(q))).sum())


class WrongAxis(Waits):
    def e_step(self, x, theta):
        joint = np.exp(self.log_joint(x, theta))
        return joint / joint.sum(axis=0)


class NotDivided(Waits):
    def e_step(self, x, theta):
        return np.exp(self.log_joint(x, theta))


class Transposed(Waits):
    def e_step(self, x, theta):
        return super().e_step(x, theta).T


class TransposedJoint(Waits):
    def log_joint(self, x, theta):
        return super().log_joint(x, theta).T


class TransposedQ(Waits):
    def e_step(self, x, theta):
        return super().e_step(x, theta).T


class PlainTuple(Waits):
    def m_step(self, x, q):
        return tuple(super().m_step(x, q))


class RateTooHigh(Waits):
    def m_step(self, x, q):
        return super().m_step(x, q)._replace(rate=np.array([np.nan, 1]))


class FlatJoint(Waits):
    def log_joint(self, x, theta):
        return super().log_joint(x, theta).sum(axis=1)


class ForgottenWeight(Waits):
    def e_step(self, x, theta):
        return super().e_step(x, theta._replace(pi=np.array([0.5, 0.5])))


class HardEStep(Waits):
    def e_step(self, x, theta):
        return np.eye(2)[super().e_step(x, theta).argmax(axis=1)]


class Stateful(Waits):
    """Each E-step answers with the q of the one before."""

    last = None

    def e_step(self, x, theta):
        q = super().e_step(x, theta)
        before, self.last = self.last, q
        return q if before is None else before


class Noisy(Waits):
    """A stochastic E-step."""

    rng = np.random.default_rng(0)

    def e_step(self, x, theta):
        q = super().e_step(x, theta) + 0.01 * self.rng.random((len(x), 2))
        return q / q.sum(axis=1, keepdims=True)


class NoFactor(Waits):
    """The density without its factor: exp(-rate x) alone."""

    def log_joint(self, x, theta):
        return np.log(theta.pi) - theta.rate * np.asarray(x)[:, None]


class Poissons(Waits):
    """Counts, with log x! forgotten, which no M-step notices."""

    def log_joint(self, x, theta):
        x = np.asarray(x)[:, None]
        return np.log(theta.pi) + x * np.log(theta.rate) - theta.rate

    def m_step(self, x, q):
        sizes = q.sum(axis=0)
        return Theta(sizes / len(x), x @ q / sizes)


class NoLog(Waits):
    def log_joint(self, x, theta):
        return np.log(1 - theta.rate * np.asarray(x)[:, None])


class DividesInPlace(Waits):
    def m_step(self, x, q):
        q /= q.sum(axis=0)
        return Theta(np.array([0.5, 0.5]), 1 / (x @ q))


class SortsInPlace(Waits):
    def m_step(self, x, q):
        x.sort()
        return super().m_step(x, q)


class EStepChangesTheta(Waits):
    def e_step(self, x, theta):
        theta.pi[:] = 0.5
        return super().e_step(x, theta)


class NoisyMStep(Waits):
    def __init__(self):
        self.rng = np.random.default_rng(0)

    def m_step(self, x, q):
        theta = super().m_step(x, q)
        return theta._replace(rate=theta.rate * (1 + 1e-6 * self.rng.standard_normal(2)))


class NoisyLoglik(NoisyMStep, Waits):
    m_step = Waits.m_step

    def loglik(self, x, theta):
        return super().loglik(x, theta) + 1e-3 * self.rng.standard_normal()


class NoisyBound(NoisyMStep, Waits):
    m_step = Waits.m_step

    def lower_bound(self, x, q, theta):
        return super().lower_bound(x, q, theta) - 1e-3 * self.rng.random()


class LoglikOfEach(Waits):
    def loglik(self, x, theta):
        return np.logaddexp.reduce(self.log_joint(x, theta), axis=1)


class BoundOfEach(Waits):
    def lower_bound(self, x, q, theta):
        return (q * (self.log_joint(x, theta) - np.log(q))).sum(axis=1)


class NoQ(Waits):
    def e_step(self, x, theta):
        super().e_step(x, theta)


class FlatQ(Waits):
    def e_step(self, x, theta):
        return super().e_step(x, theta)[:, 0]


class ListQ(Waits):
    def e_step(self, x, theta):
        return super().e_step(x, theta).tolist()


class WideQ(Waits):
    def e_step(self, x, theta):
        return np.column_stack([super().e_step(x, theta), np.zeros(len(x))])


class LoglikTooHigh(Waits):
    def loglik(self, x, theta):
        return super().loglik(x, theta) + 3


class LoglikOfTheLargest(Waits):
    def loglik(self, x, theta):
        return self.log_joint(x, theta).max(axis=1).sum()


class NoEntropyOfLifetimes(CensoredLifetimes):
    def lower_bound(self, x, q, theta):
        return super().lower_bound(x, q, theta) - np.asarray(x)[:, 1].sum() * (1 + np.log(q))


class WholeRates(Poissons):
    def m_step(self, x, q):
        theta = super().m_step(x, q)
        return theta._replace(rate=np.floor(theta.rate))


WAITS, GAUSSIANS = (X, START), MODELS["GMM1D, free"].example[1:]
COUNTS = data.death_notices()[::10], Theta(np.array([0.3, 0.7]), np.array([1.0, 2.5]))
BROKEN = [  # the model, its data and start, options, what must be said, and what must not
    (StuckWeights(), WAITS, {}, "M-step does not maximize the bound in iteration 1: another pi", "rate gives"),
    (MeanForRate(), WAITS, {}, "M-step does not maximize the bound in iteration 1: another rate", "pi gives"),
    (HardMStep(), WAITS, {}, "M-step does not maximize the bound", "E-step"),
    (UndividedWeights(), WAITS, {}, "M-step does not maximize the bound in iteration 1: another pi", "E-step"),
    (UndividedWeights(), WAITS, {"support": QUADRATURE}, "sums to 60 over the support at the theta of iter", "theta0"),
    (OneTooFew(), GAUSSIANS, {}, "M-step does not maximize the bound in iteration 1: another sigma", "E-step"),
    (Ridge(), (GEYSER, ELLIPSES), {}, "M-step does not maximize the bound in iteration 1: another cov", "E-step"),
    (WrongAxisMean(), (GEYSER, ELLIPSES), {}, "M-step does not maximize the bound in iteration 1: another mu", "E-st"),
    (LoneField(), WAITS, {}, "M-step must give a theta of 2 field(s)", "bound"),
    (BoundIsLoglik(), WAITS, {}, "bound is the same for every q", "step"),
    (EntropyTwice(), WAITS, {}, "bound exceeds the log-likelihood by", "step"),
    (EntropyDropped(), WAITS, {}, "its q is the posterior, so the bound lacks something, such as the entropy", "M-st"),
    (NaiveEntropy(10), ([0, 10, 10], ([0.0, 1.0],)), {}, "bound is nan in iteration 1: take 0 log 0 as 0", "E-step"),
    (WrongAxis(), WAITS, {}, "each row must sum to 1", "bound"),
    (NotDivided(), WAITS, {}, "each row must sum to 1", "bound"),
    (Transposed(), WAITS, {}, "q has 2 rows for 60 observations", "bound"),
    (TransposedJoint(), WAITS, {}, "shape (N, K) = (60, K); it has shape (2, 60)", "bound"),
    (FlatJoint(), WAITS, {}, "shape (N, K) = (60, K); it has shape (60,)", "bound"),
    (PlainTuple(), WAITS, {}, "The M-step must give a Theta, as theta0 is; it gave a plain tuple", "bound"),
    (RateTooHigh(), WAITS, {}, "The M-step gave pi =", "bound"),
    (TransposedQ(), WAITS, {}, "q has 2 rows for 60 observations", "bound"),
    (ForgottenWeight(), WAITS, {}, "E-step leaves a gap of", "M-step"),
    (HardEStep(), WAITS, {}, "its q is not the posterior", "M-step"),
    (Stateful(), WAITS, {}, "E-step gives another q when it is called again in iteration 2", "M-step"),
    (Noisy(), WAITS, {}, "E-step gives another q when it is called again in iteration 1", "M-step"),
    (NoFactor(), WAITS, {"support": QUADRATURE}, "sums to 3.2 over the support at theta0, not to 1", "E-step"),
    (Poissons(), COUNTS, {"support": np.arange(60)}, "over the support at theta0, not to 1", "step"),
    (NoLog(), WAITS, {}, "log-likelihood is nan in iteration 1", "E-step"),
    (DividesInPlace(), WAITS, {}, "The M-step changes its q in iteration 1", "bound"),
    (SortsInPlace(), (X[::-1].copy(), START), {}, "The M-step changes its x in iteration 1", "bound"),
    (EStepChangesTheta(), WAITS, {}, "The E-step changes its theta in", "bound"),
    (NoisyMStep(), WAITS, {}, "M-step gives another theta when it is called again in iteration 1", "maximize"),
    (NoisyLoglik(), WAITS, {}, "loglik gives another number when it is called again", "entropy"),
    (NoisyBound(), WAITS, {}, "lower_bound gives another number when it is called again", "entropy"),
    (LoglikOfEach(), WAITS, {}, "The loglik must give one number, summed over the observations", "step"),
    (BoundOfEach(), WAITS, {}, "The lower_bound must give one number, summed over the observations", "step"),
    (NoQ(), WAITS, {}, "must give an array of floats, shape (N, K) = (60, 2); it gave a NoneType", "bound"),
    (FlatQ(), WAITS, {}, "shape (N, K) = (60, 2); it gave one of float64, shape (60,)", "bound"),
    (ListQ(), WAITS, {}, "must give an array of floats, shape (N, K) = (60, 2); it gave a list", "bound"),
    (WideQ(), WAITS, {}, "shape (N, K) = (60, 2); it gave one of float64, shape (60, 3)", "bound"),
    (LoglikTooHigh(), WAITS, {}, "is not the sum of the joint over the labels in iteration 1", "entropy"),
    (LoglikOfTheLargest(), WAITS, {}, "is not the sum of the joint over the labels in iteration 1", "no bound"),
    (NoEntropyOfLifetimes(), (LIFETIMES, (2.4,)), {}, "not the posterior, or the bound lacks something", "M-step"),
    (WholeRates(), COUNTS, {}, "M-step does not maximize the bound in iteration 1", "E-step"),
]


@pytest.mark.parametrize(
    "model, case, options, says, says_not", BROKEN, ids=[f"{type(b[0]).__name__}-{len(b[2])}" for b in BROKEN]
)
def test_a_broken_model_is_named_rightly(model, case, options, says, says_not):
    found = check_model(model, *case, **options)
    assert any(says in message for message in found), found
    assert not any(says_not in message for message in found), found
    for message in found:
        assert message[0].isupper() and message.endswith(".") and "  " not in message and ".." not in message


@pytest.mark.parametrize("case", [(Waits(), *WAITS), (Poissons(), *COUNTS)])
def test_the_readers_models_are_healthy_without_support(case):
    """Poisson without log x! keeps every law but that of being a probability: only support= can tell."""
    assert check_model(*case) == []


@pytest.mark.parametrize(
    "model, x, theta, support",
    [
        (Waits(), *WAITS, QUADRATURE),
        (MODELS["BinomialMixture"].example[0], *MODELS["BinomialMixture"].example[1:], tuple(range(11))),
        (MODELS["PoissonMixture"].example[0], *MODELS["PoissonMixture"].example[1:], np.arange(60)),
        (Coins(1), [0, 1, 1], ([0.6, 0.5],), (0, 1)),
        (GMM1D(), *GAUSSIANS, (np.arange(100.0, 260, 0.5), np.full(320, 0.5))),
        (GMM(), GEYSER, ELLIPSES,
         (np.array(list(product(np.arange(-3, 10, 0.2), np.arange(10, 130, 2.0)))), np.full(65 * 60, 0.4))),
    ],
)  # fmt: skip
def test_a_joint_that_is_normalized_passes(model, x, theta, support):
    assert check_model(model, x, theta, support=support, iterations=3) == []


def test_a_collapse_is_told_and_bad_input_raised():
    (message,) = check_model(GMM1D(), [0, 1, 2, 1e6], ([0.5, 0.5], [1, 1e6], [1, 1]))
    assert message.startswith("EM cannot go on: component 2 has collapsed") and message.endswith(".")
    with pytest.raises(ValueError, match="pi must sum to 1"):
        check_model(GMM1D(), [0, 1, 2], ([0.5, 0.6], [1, 2], [1, 1]))
    with pytest.raises(ValueError, match="theta0 must be a tuple of its fields"):
        check_model(Waits(), X, np.array([1.0, 2.0]))


def test_the_same_call_gives_the_same_words_and_leaves_x_and_theta_alone():
    x, theta = X.copy(), Theta(*map(np.copy, START))
    assert check_model(StuckWeights(), x, theta) == check_model(StuckWeights(), x, theta)
    assert np.array_equal(x, X) and all(map(np.array_equal, theta, START))


@pytest.mark.parametrize(
    "options, said",
    [
        ({"iterations": 0}, "iterations must be at least 1; got 0"),
        ({"iterations": "a"}, "iterations must hold numbers; got 'a'"),
        ({"support": 3}, "support must be an array of values, or a pair"),
    ],
)
def test_options_that_would_try_nothing_are_refused(options, said):
    with pytest.raises(ValueError, match=said):
        check_model(Waits(), X, START, **options)


def test_one_width_serves_all_points_of_a_quadrature():
    assert check_model(Waits(), X, START, support=(QUADRATURE[0], 0.005)) == []


class Reach(NamedTuple):
    mean: float
    variance: float


class HeavyTails:
    """A t density with five degrees of freedom as an infinite mixture: q is (N, 2), a Gamma for each observation."""

    nu = 5.0

    def e_step(self, x, theta):
        rate = (self.nu + (x - theta.mean) ** 2 / theta.variance) / 2
        return np.stack([np.full(len(x), (self.nu + 1) / 2), rate], axis=1)

    def m_step(self, x, q):
        weight = q[:, 0] / q[:, 1]
        mean = weight @ x / weight.sum()
        return Reach(float(mean), float(weight @ (x - mean) ** 2 / len(x)))

    def loglik(self, x, theta):
        nu, z = self.nu, (x - theta.mean) ** 2 / theta.variance
        scale = lgamma((nu + 1) / 2) - lgamma(nu / 2) - np.log(nu * np.pi * theta.variance) / 2
        return float(np.sum(scale - (nu + 1) / 2 * np.log1p(z / nu)))

    def lower_bound(self, x, q, theta):
        """l minus the divergence of each Gamma(a, b) from the posterior's Gamma(a0, b0)."""
        (a, b), (a0, b0) = q.T, self.e_step(x, theta).T
        psi = np.vectorize(digamma)(a)
        kl = (a - a0) * psi - np.vectorize(lgamma)(a) + np.vectorize(lgamma)(a0)
        kl += a0 * (np.log(b) - np.log(b0)) + a * (b0 - b) / b
        return self.loglik(x, theta) - float(kl.sum())


def digamma(a, h=1e-5):
    return (lgamma(a + h) - lgamma(a - h)) / (2 * h)


def test_a_q_that_is_no_table_of_responsibilities_is_the_models_own_affair():
    x = np.random.default_rng(3).standard_t(5, 200)
    assert check_model(HeavyTails(), x, Reach(0.5, 2.0)) == []


class InADict(HeavyTails):
    """The same, with q in a dict."""

    def e_step(self, x, theta):
        shape, rate = super().e_step(x, theta).T
        return {"shape": shape, "rate": rate}

    def m_step(self, x, q):
        return super().m_step(x, np.stack([q["shape"], q["rate"]], axis=1))

    def lower_bound(self, x, q, theta):
        plain = HeavyTails()
        kl = plain.loglik(x, theta) - plain.lower_bound(x, np.stack([q["shape"], q["rate"]], axis=1), theta)
        return self.loglik(x, theta) - kl


@dataclass
class GammaQ:
    """The q of `HeavyTails` as an object, with something that is no number beside it."""

    shape: np.ndarray
    rate: np.ndarray
    name: str = "gamma"
    prior: None = None


class InAnObject(InADict):
    """The same, with q in an object."""

    def e_step(self, x, theta):
        return GammaQ(**super().e_step(x, theta))

    def m_step(self, x, q):
        return super().m_step(x, vars(q))

    def lower_bound(self, x, q, theta):
        return super().lower_bound(x, vars(q), theta)


def test_a_q_may_be_an_object():
    x = np.random.default_rng(3).standard_t(5, 200)
    assert check_model(InAnObject(), x, Reach(0.5, 2.0)) == []


class Table(NamedTuple):
    pi: np.ndarray
    share: np.ndarray  # (K, S), of each symbol


class Symbols(Mixture):
    """Two symbols a row, both from the table of a hidden component: observations that are indices."""

    def log_joint(self, x, theta):
        return np.log(theta.pi) + np.log(theta.share)[:, x].sum(axis=2).T

    def m_step(self, x, q):
        counts = np.stack([q.T @ (x == s).sum(axis=1) for s in range(3)], axis=1)
        return Table(q.mean(axis=0), counts / counts.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("kind", [tuple, list])
def test_observations_may_be_indices_and_fields_may_be_lists(kind):
    x = np.random.default_rng(4).integers(0, 3, (50, 2))
    theta = Table([0.4, 0.6], [[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]])
    assert check_model(Symbols(), x, theta) == []
    assert fit(Symbols(), kind(map(kind, x.tolist())), theta)[-1].loglik > fit(Symbols(), x, theta)[0].loglik


def test_a_q_may_be_a_dict():
    x = np.random.default_rng(3).standard_t(5, 200)
    assert check_model(InADict(), x, Reach(0.5, 2.0)) == []
