"""Models with a bug that people really write, and what `check_model` must say of each."""

import numpy as np
from models import ELLIPSES, GEYSER, MODELS
from zoo import (
    HEIGHTS,
    LINES,
    LOG_2PI,
    NOTICES,
    PAUSES,
    RATES,
    START,
    SWITCH,
    T5,
    ZOO,
    Bell,
    BloodGroups,
    ChangePoint,
    Counts,
    FactorAnalysis,
    HeavyTails,
    Lines,
    MixtureOfExperts,
    Rates,
    Reach,
    Regressions,
    Tied,
    Waits,
    WithHoles,
)

from emcore import GMM, GMM1D, CensoredLifetimes, Coins
from emcore.theta import between

GRID = np.linspace(0, 200, 40_001)[:-1] + 0.0025
QUADRATURE = GRID, np.full(len(GRID), 0.005)
LIFETIMES = [[1, 0], [2, 0], [3, 0], [2, 1], [4, 1]]


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


class NoLog(Waits):
    def log_joint(self, x, theta):
        return np.log(1 - theta.rate * np.asarray(x)[:, None])


class DividesInPlace(Waits):
    def m_step(self, x, q):
        q /= q.sum(axis=0)
        return Rates(np.array([0.5, 0.5]), 1 / (x @ q))


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


class WholeRates(Counts):
    def m_step(self, x, q):
        theta = super().m_step(x, q)
        return theta._replace(rate=np.floor(theta.rate))


class DroppedCorrelations(GMM):
    """Variances only, from a start that is diagonal: the others stay exactly 0."""

    def m_step(self, x, q):
        theta = super().m_step(x, q)
        return theta._replace(cov=theta.cov * np.eye(theta.cov.shape[1]))


class StuckLocation(HeavyTails):
    def m_step(self, x, q):
        return Reach(0.0, float(q[:, 0] / q[:, 1] @ x**2 / len(x)))


class SquaredWeights(HeavyTails):
    def m_step(self, x, q):
        return super().m_step(x, q**2)


class StuckSlopes(Regressions):
    """The slopes of the start stay."""

    slope = np.zeros((2, 2))

    def m_step(self, x, q):
        return self.with_slope(x, q, self.slope)


class StuckMeans(GMM1D):
    def m_step(self, x, q):
        sigma = np.sqrt(x**2 @ q / q.sum(axis=0))
        return self.Theta(q.mean(axis=0), np.zeros(2), sigma)


class UnlearnedGate(MixtureOfExperts):
    def gate(self, u, share):
        return np.zeros(2)


class OneNewtonStep(MixtureOfExperts):
    """A step of Newton's method from 0, said to be the maximum."""

    def gate(self, u, share):
        return super().gate(u, share, steps=1)


class TiedRidge(Tied):
    def m_step(self, x, q):
        theta = super().m_step(x, q)
        return theta._replace(cov=theta.cov + 1e-3 * np.eye(2))


class ImputedMeans(WithHoles):
    """The holes are filled with their means, and taken as seen."""

    def m_step(self, x, q):
        return super().m_step(x, (q[0], 0 * q[1]))


class NoPosteriorCovariance(FactorAnalysis):
    def m_step(self, x, q):
        loadings = np.linalg.lstsq(q[0], x)[0].T
        return self.with_loadings(x, q, loadings)


class AllAreAA(BloodGroups):
    """Every A is counted as two genes A."""

    def m_step(self, x, q):
        return super().m_step(x, (1.0, q[1]))


class MissingWeight(Counts):
    """The log weight is forgotten in the joint, and estimated all the same."""

    def log_joint(self, x, theta):
        return super().log_joint(x, theta) - np.log(theta.pi)


class Sample:
    """A Gaussian, of rows of (value, how often): nothing is hidden, and N may be as large as you like."""

    lost = 1

    def e_step(self, x, theta):
        return None

    def m_step(self, x, q):
        value, times = x.T
        mean = value @ times / times.sum()
        return Bell(mean, np.sqrt((value - mean) ** 2 @ times / (times.sum() - self.lost)))

    def loglik(self, x, theta):
        (value, times), (mu, sigma) = x.T, theta
        return float(-times @ (((value - mu) / sigma) ** 2 + LOG_2PI) / 2 - times.sum() * np.log(sigma))

    def lower_bound(self, x, q, theta):
        return self.loglik(x, theta)


class ReverseDivergence(Waits):
    """KL the wrong way round: 0 where it ought to be, and never negative."""

    def lower_bound(self, x, q, theta):
        p = self.e_step(x, theta)
        return self.loglik(x, theta) - float((p * np.log(p / q)).sum())


class DivergenceAdded(HeavyTails):
    """l + KL where l - KL is right: no different at the posterior."""

    def lower_bound(self, x, q, theta):
        return 2 * self.loglik(x, theta) - super().lower_bound(x, q, theta)


class ClippedLog(Waits):
    """No log of less than .05, lest it be that of 0."""

    def lower_bound(self, x, q, theta):
        return float((q * (self.log_joint(x, theta) - np.log(np.maximum(q, 0.05)))).sum())


class LogOfZero(Waits):
    def lower_bound(self, x, q, theta):
        return float((q * (self.log_joint(x, theta) - np.log(q))).sum())


class AlwaysTheFloor(GMM1D):
    """The floor, wherever sigma ought to be."""

    def m_step(self, x, q):
        theta = super().m_step(x, q)
        return theta._replace(sigma=np.full_like(theta.sigma, self.min_sigma))


class OneLate(ChangePoint):
    """A whole number that is off by one: no small change of it says so."""

    def m_step(self, x, q):
        return self.best_low(x, q, super().m_step(x, q).when + 1)


class HalfWay(Counts):
    """Generalized EM: half the way to the maximum, from the theta that it is handed."""

    def m_step(self, x, q, theta):
        return between(theta, super().m_step(x, q), 0.5)


class Remembers(Counts):
    """The same; theta is kept from the E-step before."""

    def e_step(self, x, theta):
        self.theta = theta
        return super().e_step(x, theta)

    def m_step(self, x, q):
        return between(self.theta, super().m_step(x, q), 0.5)


class HalfTheFields(Counts):
    """Half the way for the rates; the weights never move."""

    def m_step(self, x, q, theta):
        return theta._replace(rate=(theta.rate + super().m_step(x, q).rate) / 2)


class TooFar(Counts):
    """Four times as far as the maximum lies."""

    def m_step(self, x, q, theta):
        return between(theta, super().m_step(x, q), 4)


class FourArguments(Waits):
    def m_step(self, x, q, theta, rate):
        return super().m_step(x, q)


class ThetaFirst(Waits):
    def lower_bound(self, theta, x, q):
        return super().lower_bound(x, q, theta)


class NoSelf(Waits):
    def m_step(x, q):
        return START


class OneFunctionShort:
    e_step, m_step, loglik = Waits.e_step, Waits.m_step, Waits.loglik


class ForgottenAxis(Waits):
    def log_joint(self, x, theta):
        return np.log(theta.pi * theta.rate) - theta.rate * x


class Misspelt(Waits):
    def m_step(self, x, q):
        return Rates(q.mean(axis=0), q.summ(axis=0) / (x @ q))


class WideTheta(Waits):
    def m_step(self, x, q):
        theta = super().m_step(x, q)
        return theta._replace(rate=theta.rate[:, None])


WAITS, GAUSSIANS = (PAUSES, START), MODELS["GMM1D, free"].example[1:]
COUNTS = NOTICES, RATES
ZEROS = Lines(np.array([0.4, 0.6]), np.zeros((2, 2)), np.array([1.0, 2.0]))
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
    (PlainTuple(), WAITS, {}, "The M-step must give a Rates, as theta0 is; it gave a plain tuple", "bound"),
    (RateTooHigh(), WAITS, {}, "The M-step gave pi =", "bound"),
    (TransposedQ(), WAITS, {}, "q has 2 rows for 60 observations", "bound"),
    (ForgottenWeight(), WAITS, {}, "E-step leaves a gap of", "M-step"),
    (HardEStep(), WAITS, {}, "its q is not the posterior", "M-step"),
    (Stateful(), WAITS, {}, "E-step gives another q when it is called again in iteration 2", "M-step"),
    (Noisy(), WAITS, {}, "E-step gives another q when it is called again in iteration 1", "M-step"),
    (NoFactor(), WAITS, {"support": QUADRATURE}, "sums to 3.2 over the support at theta0, not to 1", "E-step"),
    (Counts(), COUNTS, {"support": np.arange(60)}, "over the support at theta0, not to 1", "step"),
    (NoLog(), WAITS, {}, "log-likelihood is nan in iteration 1", "E-step"),
    (DividesInPlace(), WAITS, {}, "The M-step changes its q in iteration 1", "bound"),
    (SortsInPlace(), (PAUSES[::-1].copy(), START), {}, "The M-step changes its x in iteration 1", "bound"),
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
    (DroppedCorrelations(), (GEYSER, ELLIPSES), {}, "another cov gives it", "E-step"),
    (StuckLocation(), (T5, Reach(0.0, 2.0)), {}, "another mean gives it", "E-step"),
    (SquaredWeights(), (T5, Reach(0.5, 2.0)), {}, "M-step does not maximize", "E-step"),
    (StuckSlopes(), (LINES, ZEROS), {}, "another slope gives it", "E-step"),
    (StuckSlopes(), (LINES, ZEROS), {"generalized": True}, "It leaves slope = [[0 0] [0 0]]", "E-step"),
    (StuckMeans(), (HEIGHTS, GMM1D.Theta([0.5, 0.5], [0, 0], [150, 180])), {}, "another mu gives it", "E-step"),
    (StuckMeans(), (1e-12 * HEIGHTS, GMM1D.Theta([0.5, 0.5], [0, 0], [1.5e-10, 1.8e-10])), {}, "another mu", "E-step"),
    (UnlearnedGate(), (SWITCH, ZOO["experts"][2]._replace(gate=np.zeros(2))), {}, "another gate gives it", "E-step"),
    (OneNewtonStep(), ZOO["experts"][1:], {}, "another gate gives it", "E-step"),
    (TiedRidge(), (GEYSER, ELLIPSES), {}, "another cov gives it", "E-step"),
    (ImputedMeans(), ZOO["holes"][1:], {}, "another cov gives it", "E-step"),
    (NoPosteriorCovariance(), ZOO["factors"][1:], {}, "another loadings gives it", "E-step"),
    (AllAreAA(), ZOO["blood groups"][1:], {}, "another share gives it", "E-step"),
    (MissingWeight(), COUNTS, {}, "The bound is the same whatever pi is in iteration 1", "step"),
    (Sample(), (np.array([[1.0, 400], [2, 500], [4, 100]]), Bell(1.0, 1.0)), {}, "another sigma gives it", "E-step"),
    (Sample(), (np.array([[1.0, 4e5], [2, 5e5], [4, 1e5]]), Bell(1.0, 1.0)), {}, "another sigma gives it", "E-step"),
    (ReverseDivergence(), WAITS, {}, "the divergence of that q from the posterior is", "step"),
    (DivergenceAdded(), (T5, Reach(0.5, 2.0)), {}, "The bound exceeds the log-likelihood by", "step"),
    (
        ClippedLog(),
        (PAUSES, Rates(np.array([0.4, 0.6]), np.array([0.2, 0.25]))),
        {},
        "below the log-likelihood",
        "step",
    ),
    (LogOfZero(), WAITS, {}, "bound is nan in iteration 1: take 0 log 0 as 0", "step"),
    (AlwaysTheFloor(3.0), GAUSSIANS, {}, "another sigma gives it", "E-step"),
    (OneLate(), ZOO["a whole number"][1:], {}, "another theta gives it", "E-step"),
    (HalfWay(), COUNTS, {}, "It lowers it in no iteration: generalized EM, if that is meant.", "fell"),
    (Remembers(), COUNTS, {}, "It lowers it in no iteration: generalized EM, if that is meant.", "fell"),
    (HalfTheFields(), COUNTS, {"generalized": True}, "It leaves pi = [0.3 0.7]", "fell"),
    (TooFar(), COUNTS, {}, "this is not EM, nor generalized EM", "if that is meant"),
    (TooFar(), COUNTS, {"generalized": True}, "this is not EM, nor generalized EM", "maximize"),
    (
        FourArguments(),
        WAITS,
        {},
        "The m_step must take (x, q) or (x, q, theta); yours takes (x, q, theta, rate)",
        "bound",
    ),
    (ThetaFirst(), WAITS, {}, "The lower_bound must take (x, q, theta); yours takes (theta, x, q)", "step"),
    (NoSelf(), WAITS, {}, "The m_step must take (x, q) or (x, q, theta); yours takes (q)", "bound"),
    (OneFunctionShort(), WAITS, {}, "The model has no lower_bound(x, q, theta)", "step"),
    (ForgottenAxis(), WAITS, {}, "The log_joint raises ValueError in iteration 1 (`return np.log(theta.pi", "step"),
    (ForgottenAxis(), WAITS, {}, "x[:, None] has shape (N, 1)", "step"),
    (ForgottenAxis(), WAITS, {}, "It was given x of shape (60,), pi of shape (2,), rate of shape (2,).", "step"),
    (Misspelt(), WAITS, {}, "The M-step raises AttributeError in iteration 1", "bound"),
    (WideTheta(), WAITS, {}, "The M-step's rate must have shape (2,), as in theta0; it has (2, 1)", "bound"),
]
