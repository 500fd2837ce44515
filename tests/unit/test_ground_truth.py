"""Published numbers that the models must reproduce, each with its source.

A tolerance of half a unit in the last printed digit is written `digits(n)`: n digits after the point.
Numbers marked "computed" were computed once for the course, apart from this code; the others are printed
in the source that is named.
"""

from itertools import permutations

import numpy as np
import pytest
from models import HEADS

from emcore import GMM1D, BinomialMixture, Coins, OneMean, data, fit

ERUPTION, WAITING = data.old_faithful()
HEIGHT, _, SEX = data.heights()
COINS, START = Coins(10), Coins.Theta([0.6, 0.5])
FREE, ONE_SIGMA = GMM1D(), GMM1D(shared_sigma=True)
ONE_HOT = np.eye(2)


def digits(n) -> dict:
    """Room for the rounding of a number printed with n digits after the point."""
    return {"rtol": 0, "atol": 0.5001 * 10.0**-n}


def close(found, expected, n) -> bool:
    return np.shape(found) == np.shape(expected) and np.allclose(found, expected, **digits(n))


def limit(model, x, theta):
    """Where EM leads: the theta that no longer moves, and its l. (A small gain in l is no sign of being there.)"""
    x, theta = model.check(x, theta)
    for _ in range(20_000):
        before, theta = theta, model.m_step(x, model.e_step(x, theta))
        if all(np.allclose(b, t, rtol=1e-12, atol=0) for b, t in zip(before, theta, strict=True)):
            return theta, model.loglik(x, theta)
    raise AssertionError(f"no limit after 20,000 iterations: {theta}")


def after(iterations, model, x, theta0):
    return fit(model, x, theta0, tol=0, max_iter=iterations)[-1]


def curvatures(model, x, theta, h=1e-4):
    """Eigenvalues of the Hessian of l over the two entries of theta's p, by central differences."""

    def l(*p):  # noqa: E743
        return model.loglik(x, model.Theta(np.array(p)))

    (a, b) = theta
    aa = (l(a + h, b) - 2 * l(a, b) + l(a - h, b)) / h**2
    bb = (l(a, b + h) - 2 * l(a, b) + l(a, b - h)) / h**2
    ab = (l(a + h, b + h) - l(a + h, b - h) - l(a - h, b + h) + l(a - h, b - h)) / (4 * h**2)
    return np.linalg.eigvalsh([[aa, ab], [ab, bb]])


# Two coins: Do & Batzoglou, Nature Biotechnology 26 (2008) 897, figure 1.


def test_coins_with_known_labels():
    """Figure 1a, labels B A A B A: 24 heads of 30, 9 of 20."""
    (p,) = COINS.m_step(HEADS, ONE_HOT[[1, 0, 0, 1, 0]])
    assert np.allclose(p, [24 / 30, 9 / 20], rtol=1e-15)


def test_one_hard_step_gives_the_answer_for_known_labels():
    """Computed: from (.6, .5) the likelier coins are the true ones. There l is lower than at the soft answer."""
    hard = COINS.m_step(HEADS, ONE_HOT[COINS.e_step(HEADS, START).argmax(axis=1)])
    assert np.allclose(hard.p, [0.80, 0.45], rtol=1e-15)
    assert close(COINS.loglik(HEADS, hard), -31.7071, 4)
    assert COINS.loglik(HEADS, hard) < limit(COINS, HEADS, START)[1]


def test_the_first_iteration_of_the_coins():
    """Figure 1b prints .45 .80 .73 .35 .65; counts 21.3 H 8.6 T, 11.7 H 8.4 T. More digits: computed."""
    q = COINS.e_step(HEADS, START)
    assert close(q[:, 0], [0.4491, 0.8050, 0.7335, 0.3522, 0.6472], 4)
    assert close(HEADS @ q, [21.30, 11.70], 2)
    assert close((10 - HEADS) @ q, [8.57, 8.43], 2)
    assert close(np.outer([9, 1], q[1]), [[7.24, 1.76], [0.80, 0.20]], 2)  # set 2, figure 1b
    assert close(COINS.m_step(HEADS, q).p, [0.7130122354, 0.5813393083], 10)


@pytest.mark.parametrize(
    "iteration, p, n",
    [
        (1, [0.71, 0.58], 2),  # figure 1b
        (10, [0.80, 0.52], 2),  # figure 1b
        (1, [0.7130122354, 0.5813393083], 10),  # computed, as the rest
        (2, [0.7452920361, 0.5692557502], 10),
        (10, [0.7967441495, 0.5196586622], 10),
        (1000, [0.7967890669, 0.5195831201], 10),
    ],
)
def test_the_iterates_of_the_coins(iteration, p, n):
    assert close(after(iteration, COINS, HEADS, START).theta.p, p, n)


def test_loglik_of_the_coins():
    """Computed: without binomial coefficients (Coins), and with them (BinomialMixture)."""
    (best,), _ = limit(COINS, HEADS, START)
    for p, without, with_them in [
        (START.p, -33.0938625198, -11.3205865761),
        (best, -31.5702002360, -9.7969242922),
    ]:
        assert close(COINS.loglik(HEADS, [p]), without, 10)
        assert close(BinomialMixture(10).loglik(HEADS, ([0.5, 0.5], p)), with_them, 10)


def test_gain_and_bonus_of_the_first_iteration_of_the_coins():
    """Computed: the M-step raises F by 1.0966, and l by .1380 more."""
    _, e, m = fit(COINS, HEADS, START, max_iter=1)
    assert close(m.bound - e.bound, 1.0966, 4)
    assert close(m.loglik - m.bound, 0.1380, 4)


def test_estimating_the_mixing_weight_too_gives_other_numbers():
    """Computed: .7899 / .5089 at iteration 10, not the published .80 / .52."""
    last = after(10, BinomialMixture(10), HEADS, ([0.5, 0.5], START.p))
    assert close(last.theta.p, [0.7899, 0.5089], 4)


def test_equal_coins_stick_at_a_saddle():
    """33 heads of 50. Overdispersed sets make it a saddle; with heads 6, 7, 7, 6, 7 it is the maximum."""
    for start in (0.3, 0.66):
        assert np.allclose(after(50, COINS, HEADS, [[start, start]]).theta.p, 0.66, rtol=1e-12)
    low, high = curvatures(COINS, HEADS, (0.66, 0.66))
    assert low < -1 and high > 1
    even = np.array([6, 7, 7, 6, 7])
    assert curvatures(COINS, even, (0.66, 0.66))[1] < -1
    grid = np.linspace(0.02, 0.98, 49)
    heights = [COINS.loglik(even, [[a, b]]) for a in grid for b in grid]
    assert np.isclose(max(heights), COINS.loglik(even, [[0.66, 0.66]]), rtol=1e-12)


def test_swapped_coins_give_the_swapped_answer():
    found = [limit(COINS, HEADS, [p])[0].p for p in permutations(START.p)]
    assert np.allclose(found[0], found[1][::-1], rtol=1e-12)


# Old Faithful: Azzalini & Bowman 1990; fits by mixtools (Benaglia et al., JSS 32 (2009) 6) and mclust.

GEYSER = [0.5, 0.5], [55, 80], [5, 5]


def test_waiting_times_with_one_sigma():
    """mixtools, section 2: nine iterations from pi .5, mu (55, 80), sigma 5."""
    last = after(9, ONE_SIGMA, WAITING, GEYSER)
    assert close(last.theta.pi[0], 0.3608498, 7)
    assert close(last.theta.mu, [54.61364, 80.09031], 5)
    assert close(last.theta.sigma, [5.869089, 5.869089], 6)
    assert close(last.loglik, -1034.002, 3)


def test_waiting_times_with_two_sigmas():
    """Computed at convergence; the means that mixtools prints come from stopping early (within 5e-5)."""
    theta, loglik = limit(FREE, WAITING, GEYSER)
    assert close(theta.pi[0], 0.360886, 6)
    assert close(theta.mu, [54.614856, 80.091069], 6)
    assert close(theta.sigma, [5.871219, 5.867734], 6)
    assert close(loglik, -1034.002, 3)
    assert np.allclose(theta.mu, [54.614893, 80.091093], rtol=0, atol=5e-5)


def test_eruption_lengths():
    """Computed at convergence, with two sigmas."""
    theta, loglik = limit(FREE, ERUPTION, ([0.5, 0.5], [2, 4], [0.5, 0.5]))
    assert close(theta.pi[0], 0.3484046, 7)
    assert close(theta.mu, [2.0186078, 4.2733434], 7)
    assert close(theta.sigma, [0.2356218, 0.4370631], 7)
    assert close(loglik, -276.36004, 5)


def test_one_gaussian_on_the_waiting_times():
    assert close(after(1, FREE, WAITING, ([1], [70], [10])).loglik, -1095.28880, 5)  # computed


# Heights: Davis, Appetite 15 (1990) 13-21. All computed; the two starts are those of the source documents.

GOOD_START = [0.5, 0.5], [160, 180], [5, 5]
WIDE_START = [0.5, 0.5], [150, 165], [5, 5]
TALL_SHORT = [0.5, 0.5], [172, 162], [5, 5]  # N(172, 25) and N(162, 25)
NARROW = [0.5, 0.5], [170, 150], np.sqrt([0.1, 0.2])


def labeled(x, sex):
    return GMM1D().m_step(x, np.column_stack([sex == "F", sex == "M"]))


def test_heights_with_known_labels():
    """Women 164.714 (5.659), men 178.011 (6.441): the published form divides by n - 1, the M-step by n."""
    sizes = np.array([112, 88])
    pi, mu, sigma = labeled(HEIGHT, SEX)
    assert np.allclose(pi * 200, sizes, rtol=1e-12)
    assert close(mu, [164.714, 178.011], 3)
    assert close(sigma * np.sqrt(sizes / (sizes - 1)), [5.659, 6.441], 3)


def test_known_labels_used_as_a_classifier():
    q = FREE.e_step(HEIGHT, labeled(HEIGHT, SEX))
    assert np.mean((q[:, 1] > 0.5) == (SEX == "M")) == 0.865


def test_one_gaussian_on_the_heights():
    last = after(1, FREE, HEIGHT, ([1], [170], [10]))
    assert close(last.theta.mu, [170.565], 3)
    assert close(last.theta.sigma, [8.90987], 5)
    assert close(last.loglik, -721.21963, 5)


@pytest.mark.parametrize("mu", [[160, 180], [162, 172]])
def test_the_good_fit_of_the_heights(mu):
    theta, loglik = limit(FREE, HEIGHT, ([0.5, 0.5], mu, [5, 5]))
    assert close(theta.pi, [0.59965, 0.40035], 5)
    assert close(theta.mu, [165.26899, 178.49743], 5)
    assert close(theta.sigma, [5.94544, 6.35704], 5)
    assert close(loglik, -717.95243, 5)
    assert np.mean((FREE.e_step(HEIGHT, theta)[:, 1] > 0.5) == (SEX == "M")) == 0.87


def test_the_higher_fit_whose_labels_carry_no_information():
    theta, loglik = limit(FREE, HEIGHT, WIDE_START)
    assert close(loglik, -717.27725, 5)
    assert loglik > limit(FREE, HEIGHT, GOOD_START)[1]
    assert (FREE.e_step(HEIGHT, theta).argmax(axis=1) == np.argmax(theta.sigma)).all()


def test_the_first_step_from_two_overlapping_gaussians():
    theta = after(1, FREE, HEIGHT, TALL_SHORT).theta
    assert close(theta.pi, [0.6145, 0.3855], 4)
    assert close(theta.mu, [175.503, 162.695], 3)


def test_two_spikes_as_a_start():
    """Variances .1 and .2 at 170 and 150: the naive E-step is 0/0 for the 23 people of 183 cm and more."""
    assert close(limit(FREE, HEIGHT, NARROW)[1], -717.277, 3)
    pi, mu, sigma = NARROW
    joint = pi * np.exp(-(((HEIGHT[:, None] - mu) / sigma) ** 2) / 2) / sigma
    naive = joint.sum(axis=1) == 0
    assert naive.sum() == 23 and (naive == (HEIGHT >= 183)).all()
    assert np.allclose(FREE.e_step(HEIGHT, NARROW).sum(axis=1), 1, rtol=1e-12)


@pytest.mark.parametrize("sigma, loglik", [(5, -721.45), (0.1, -718.51), (1e-4, -711.63), (1e-20, -674.79)])
def test_a_spike_on_one_person(sigma, loglik):
    """.005 at 197 cm beside N(170.4, 8.8^2): l grows without end as sigma shrinks."""
    assert close(FREE.loglik(HEIGHT, ([0.005, 0.995], [197, 170.4], [sigma, 8.8])), loglik, 2)


def test_one_sigma_on_the_heights_creeps_like_1_over_t():
    """From (150, 165) the means approach each other, and l that of one Gaussian: not the good solution."""
    theta, distance = ONE_SIGMA.Theta(*map(np.array, WIDE_START)), {}
    for t in range(1, 2001):
        theta = ONE_SIGMA.m_step(HEIGHT, ONE_SIGMA.e_step(HEIGHT, theta))
        distance[t] = abs(theta.mu[1] - theta.mu[0])
    assert close(distance[100], 0.779, 3) and close(distance[1000], 0.088, 3)
    assert close(distance[2000], 0.0445, 4)
    assert close(ONE_SIGMA.loglik(HEIGHT, theta), -721.21963, 5)
    assert close(limit(ONE_SIGMA, HEIGHT, GOOD_START)[1], -717.97043, 5)


# From the source documents.


def test_a_height_of_180_is_male():
    """Male N(172, 5^2), female N(162, 5^2), equal weights: .9945."""
    assert close(FREE.e_step([180], TALL_SHORT)[0, 0], 0.9945, 4)


def test_a_height_of_190_between_two_spikes():
    """Male (170, variance .1), female (150, .2): log-odds +2000.35 where both densities underflow to 0."""
    male, female = FREE.log_joint([190], NARROW)[0]
    assert np.exp(male) == np.exp(female) == 0
    assert close(male - female, 2000.35, 2)
    assert FREE.e_step([190], NARROW).tolist() == [[1, 0]]


def test_the_made_up_bumps():
    """linspace(1, 3, 15) with linspace(1.5, 2, 15); two bumps likewise. One bump: computed, chapter 2."""
    one = [np.linspace(1, 3, 15), np.linspace(1.5, 2, 15)]
    low = [np.linspace(1, 3, 10), np.linspace(1.5, 2, 10)]
    high = [np.linspace(5, 10, 10), np.linspace(6.5, 8.5, 10)]
    assert np.array_equal(data.one_bump(), np.sort(np.concatenate(one)))
    assert np.array_equal(data.two_bumps(), np.sort(np.concatenate(low + high)))
    last = after(1, FREE, data.one_bump(), ([1], [2], [1]))
    assert close(last.theta.mu[0], 1.875, 3) and close(last.theta.sigma[0], 0.46691, 5)
    assert close(last.loglik, -19.7197, 4)


# Chapter 5, one unknown mean. All computed.

WOMEN = OneMean(pi=(0.44, 0.56), mu1=178, sigma=(6.4, 5.6))
FOUR, FOUR_POINTS = OneMean(pi=(0.5, 0.5), mu1=0, sigma=(1, 1)), [-1, 0, 2, 3]


def test_the_women_s_mean_from_150():
    thetas = [step.theta.mu2 for step in fit(WOMEN, HEIGHT, [150], tol=0, max_iter=60) if step.kind == "M"]
    assert close(thetas[:3], [160.041, 163.358, 164.335], 3)
    assert close(thetas[-1], 164.766, 3)


def test_the_bound_on_one_mean_is_a_parabola():
    """Its third differences vanish, and its top is where the M-step goes."""
    _, e, m = fit(WOMEN, HEIGHT, [150], max_iter=1)
    grid = m.theta.mu2 + np.arange(-5, 6)
    bounds = np.array([WOMEN.lower_bound(HEIGHT, e.q, [mu]) for mu in grid])
    assert np.allclose(np.diff(bounds, 3), 0, atol=1e-8)
    assert bounds.argmax() == 5 and np.allclose(bounds, bounds[::-1], rtol=1e-12)


def test_four_points_by_hand():
    _, e, m = fit(FOUR, FOUR_POINTS, [2], max_iter=1)
    assert close(e.q[:, 1], [0.0180, 0.1192, 0.8808, 0.9820], 4)
    assert close(m.theta.mu2, 2.3448, 4)
    assert close(m.bound - e.bound, 0.1189, 4)
    assert close(m.loglik - m.bound, 0.0329, 4)
    above, at, below = (FOUR.lower_bound(FOUR_POINTS, e.q, [2 + h]) for h in (1e-3, 0, -1e-3))
    assert np.isclose((above - 2 * at + below) / 1e-6, -2, rtol=1e-6)


@pytest.mark.parametrize("start", [2, -2])
def test_four_points_end_at_the_same_mean_from_both_sides(start):
    assert close(limit(FOUR, FOUR_POINTS, [start])[0].mu2, 2.4633, 4)
