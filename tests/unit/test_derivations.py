"""Each line of the derivations in chapters 03, 05 and 07, checked with numbers."""

import numpy as np
import pytest

from emcore import GMM1D, Coins, Linkage, PoissonMixture, data, fit

MODEL = GMM1D()
X = data.heights().height
THETA = GMM1D.Theta(np.array([0.4, 0.6]), np.array([176.0, 164.0]), np.array([6.0, 5.0]))
Q = MODEL.e_step(X, THETA)
OTHER = np.random.default_rng(5).dirichlet([1, 1], len(X))  # any q


def normal(x, mu, sigma):
    return np.exp(-0.5 * ((x - mu) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))


def slope(f, at, h=1e-5):
    return (f(at + h) - f(at - h)) / (2 * h)


def bend(f, at, h=1e-3):
    return (f(at + h) - 2 * f(at) + f(at - h)) / h**2


def with_entry(field, k, value):
    changed = np.array(getattr(THETA, field), float)
    changed[k] = value
    return THETA._replace(**{field: changed})


JOINT = THETA.pi * normal(X[:, None], THETA.mu, THETA.sigma)
POSTERIOR = JOINT / JOINT.sum(axis=1, keepdims=True)


# Chapter 03: where the recipe gets stuck


def test_03_the_marginal_is_the_sum_of_the_joint():
    assert MODEL.loglik(X, THETA) == pytest.approx(np.log(JOINT.sum(axis=1)).sum(), rel=1e-12)


@pytest.mark.parametrize("k", [0, 1])
def test_03_the_score_in_mu_is_responsibility_times_the_slope_of_one_log_density(k):
    formula = np.sum(POSTERIOR[:, k] * (X - THETA.mu[k]) / THETA.sigma[k] ** 2)
    assert slope(lambda m: MODEL.loglik(X, with_entry("mu", k, m)), THETA.mu[k]) == pytest.approx(formula, rel=1e-6)


def test_03_the_solved_score_equation_still_has_mu_on_both_sides():
    right = POSTERIOR[:, 0] @ X / POSTERIOR[:, 0].sum()
    moved = MODEL.e_step(X, with_entry("mu", 0, right))[:, 0]
    assert abs(right - THETA.mu[0]) > 0.01
    assert abs(moved @ X / moved.sum() - right) > 0.01


# Chapter 05: the bound, the identity, the two steps


def test_05_multiplying_and_dividing_by_q_changes_nothing():
    assert np.log((OTHER * (JOINT / OTHER)).sum(axis=1)).sum() == pytest.approx(MODEL.loglik(X, THETA))


def test_05_jensen_holds_for_each_observation():
    assert (np.log(JOINT.sum(axis=1)) >= (OTHER * np.log(JOINT / OTHER)).sum(axis=1)).all()


def test_05_the_second_line_of_the_identity():
    px = JOINT.sum(axis=1)
    line = np.sum(np.log(px) * OTHER.sum(axis=1) - (OTHER * np.log(OTHER / POSTERIOR)).sum(axis=1))
    assert line == pytest.approx(MODEL.lower_bound(X, OTHER, THETA))


def test_05_l_is_the_bound_plus_the_divergence():
    kl = np.sum(OTHER * np.log(OTHER / POSTERIOR))
    assert MODEL.loglik(X, THETA) == pytest.approx(MODEL.lower_bound(X, OTHER, THETA) + kl)


def test_05_the_bound_is_the_expected_complete_loglik_plus_the_entropy():
    entropy = -np.sum(OTHER * np.log(OTHER))
    assert MODEL.lower_bound(X, OTHER, THETA) == pytest.approx(np.sum(OTHER * np.log(JOINT)) + entropy)


def test_05_the_slope_of_the_bound_in_mu_is_the_weighted_sum_of_deviations():
    formula = np.sum(OTHER[:, 1] * (X - THETA.mu[1]) / THETA.sigma[1] ** 2)
    assert slope(lambda m: MODEL.lower_bound(X, OTHER, with_entry("mu", 1, m)), THETA.mu[1]) == pytest.approx(formula)


def test_05_the_slope_of_the_bound_in_sigma_as_derived():
    s, m = THETA.sigma[1], THETA.mu[1]
    formula = np.sum(OTHER[:, 1] * (-1 / s + (X - m) ** 2 / s**3))
    assert slope(lambda v: MODEL.lower_bound(X, OTHER, with_entry("sigma", 1, v)), s) == pytest.approx(formula)


def test_05_the_multiplier_of_the_weights_is_N():
    sizes = OTHER.sum(axis=0)
    pi = sizes / len(X)
    assert np.allclose(sizes / pi, len(X)) and pi.sum() == pytest.approx(1)
    best = sizes @ np.log(pi)
    assert all(sizes @ np.log([p, 1 - p]) <= best for p in np.linspace(0.01, 0.99, 99))


@pytest.mark.parametrize("field, k", [("mu", 0), ("mu", 1), ("sigma", 0), ("sigma", 1)])
def test_05_all_slopes_vanish_at_the_m_step(field, k):
    new = MODEL.m_step(X, OTHER)

    def bound(value):
        changed = np.array(getattr(new, field))
        changed[k] = value
        return MODEL.lower_bound(X, OTHER, new._replace(**{field: changed}))

    assert slope(bound, getattr(new, field)[k], 1e-4) == pytest.approx(0, abs=1e-4)
    assert bend(bound, getattr(new, field)[k]) < 0


@pytest.mark.parametrize("field, k", [("mu", 0), ("mu", 1), ("sigma", 0), ("sigma", 1)])
def test_05_the_curves_touch_with_the_same_slope_and_the_bound_bends_more(field, k):
    at = getattr(THETA, field)[k]
    l_slope, l_bend = (d(lambda v: MODEL.loglik(X, with_entry(field, k, v)), at) for d in (slope, bend))
    f_slope, f_bend = (d(lambda v: MODEL.lower_bound(X, Q, with_entry(field, k, v)), at) for d in (slope, bend))
    assert f_slope == pytest.approx(l_slope, rel=1e-5) and f_bend < l_bend


def test_05_the_chain_of_inequalities():
    new = MODEL.m_step(X, Q)
    chain = [MODEL.loglik(X, new), MODEL.lower_bound(X, Q, new), MODEL.lower_bound(X, Q, THETA)]
    assert chain[0] > chain[1] > chain[2] and chain[2] == pytest.approx(MODEL.loglik(X, THETA), rel=1e-12)


# Chapter 06: the second derivative across the diagonal


@pytest.mark.parametrize("heads", [[5, 9, 8, 4, 7], [6, 7, 7, 6, 7]])
def test_06_the_second_derivative_across_the_diagonal(heads):
    x, model = np.array(heads, float), Coins(10)
    p = x.mean() / 10
    formula = (np.sum((x - 10 * p) ** 2) - 10 * len(x) * p * (1 - p)) / (p * (1 - p)) ** 2
    assert bend(lambda d: model.loglik(x, ((p + d, p - d),)), 0.0) == pytest.approx(formula, rel=1e-4)


# Chapter 07: the proof, and the rate


def complete(theta, q):
    return np.sum(q * MODEL.log_joint(X, theta))


def conditional(theta, q):
    return np.sum(q * np.log(MODEL.e_step(X, theta)))


def test_07_l_is_Q_minus_H_for_any_theta():
    elsewhere = GMM1D.Theta([0.5, 0.5], [171.0, 163.0], [7.0, 6.0])
    assert MODEL.loglik(X, elsewhere) == pytest.approx(complete(elsewhere, Q) - conditional(elsewhere, Q))


def test_07_the_gain_is_the_sure_gain_plus_the_bonus_and_the_bonus_is_a_divergence():
    new = MODEL.m_step(X, Q)
    sure = complete(new, Q) - complete(THETA, Q)
    bonus = conditional(THETA, Q) - conditional(new, Q)
    assert MODEL.loglik(X, new) - MODEL.loglik(X, THETA) == pytest.approx(sure + bonus)
    assert bonus == pytest.approx(np.sum(Q * np.log(Q / MODEL.e_step(X, new)))) and sure > 0 and bonus > 0


def test_07_H_at_theta_t_is_minus_the_entropy():
    assert conditional(THETA, Q) == pytest.approx(np.sum(Q * np.log(Q)))


def test_07_the_error_ratio_is_one_minus_the_ratio_of_the_curvatures():
    model, x = Linkage(), data.linkage()
    path = [step.theta.t for step in fit(model, x, (0.5,), tol=0, max_iter=30)[::2]]
    top = path[-1]
    r = model.e_step(x, (top,))
    observed = bend(lambda t: model.loglik(x, (t,)), top, 1e-4)
    information = bend(lambda t: model.lower_bound(x, r, (t,)), top, 1e-4)
    assert (path[6] - top) / (path[5] - top) == pytest.approx(1 - observed / information, rel=1e-3)
    assert 1 - observed / information == pytest.approx(0.1327787337, abs=1e-6)  # Dempster, Laird & Rubin (1977)


def test_07_the_rate_with_several_parameters_is_the_largest_eigenvalue():
    model, x = PoissonMixture(), data.death_notices()
    start = ((0.35988, 0.64012), (1.25609, 2.6634))
    end = fit(model, x, start, tol=0, max_iter=300)[-1].theta
    top = np.array([end.pi[0], *end.rate])

    def theta(v):
        return ((v[0], 1 - v[0]), v[1:])

    def hessian(f, h=1e-4):
        e = np.eye(3) * h
        corners = [[f(top + a + b) - f(top + a - b) - f(top - a + b) + f(top - a - b) for b in e] for a in e]
        return np.array(corners) / (4 * h * h)

    q = model.e_step(x, theta(top))
    missing = np.eye(3) - np.linalg.solve(
        hessian(lambda v: model.lower_bound(x, q, theta(v))), hessian(lambda v: model.loglik(x, theta(v)))
    )
    assert np.linalg.eigvals(missing).real.max() == pytest.approx(0.99567, abs=5e-6)


def test_07_censored_lifetimes_lose_two_fifths_of_the_error_in_each_iteration():
    mean, seen, censored = 2.4, np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0])
    path = [mean]
    for _ in range(4):  # E: an exponential lifetime past c has expectation c + mean; M: the average
        path.append((seen.sum() + (censored + path[-1]).sum()) / 5)
    assert np.allclose(path[1:4], [3.36, 3.744, 3.8976])
    assert np.allclose(np.diff(np.abs(np.array(path) - 4)) / np.abs(np.array(path[:-1]) - 4), 0.4 - 1)


def test_07_a_partial_e_step_can_lower_l_while_the_bound_rises():
    model, heads = Coins(10), data.coins()
    q = np.column_stack([[0.5, 0.99, 0.25, 0.15, 0.6], [0.5, 0.01, 0.75, 0.85, 0.4]])
    theta = model.m_step(heads, q)
    before = model.lower_bound(heads, q, theta), model.loglik(heads, theta)
    q[1] = model.e_step(heads, theta)[1]
    theta = model.m_step(heads, q)
    after = model.lower_bound(heads, q, theta), model.loglik(heads, theta)
    assert after[0] > before[0] and after[1] < before[1]
    assert np.allclose([*before, *after], [-32.545, -31.810, -32.357, -31.894], atol=6e-4)
