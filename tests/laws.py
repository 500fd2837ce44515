"""The laws of EM, each a plain function of a model, data, a theta and any q: it asserts, and returns nothing.

A law that needs an M-step says nothing about a case in which a component has collapsed; that every
refusal is a true collapse is checked where the M-step is taken (`models.m_step`, `models.run`).
"""

from itertools import islice, permutations, product
from math import exp, fsum

import numpy as np
from models import entry, log_joint, log_sum_exp, m_step, run, steady, well_conditioned

from emcore import CollapseError, em

ROUNDING = 1e-9  # relative to 1 + the size of what is compared


def same(a, b) -> bool:
    """Whether two thetas, arrays, steps or histories are equal to the last bit."""
    if a is None or b is None or isinstance(a, str):
        return a is b or a == b
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(map(same, a, b))
    return np.array_equal(a, b)


def slack(*values) -> float:
    return ROUNDING * (1 + max(abs(v) for v in values if np.isfinite(v)))


def at_most(a, b) -> bool:
    return a <= b + slack(a, b)


def posterior(model, x, theta) -> list[list[float]]:
    """p(z_n = k | x_n, theta) in logs, by the definition of the model and Bayes' rule."""
    return [[term - log_sum_exp(row) for term in row] for row in log_joint(model, x, theta)]


# Every model.


def law_bound_never_exceeds_loglik(model, x, theta, q):
    assert at_most(model.lower_bound(x, q, theta), model.loglik(x, theta))


def law_gap_is_kl_from_q_to_the_posterior(model, x, theta, q):
    cells = zip(np.ravel(q), np.ravel(posterior(model, x, theta)), strict=True)
    kl = fsum(q_nk * (np.log(q_nk) - log_p) for q_nk, log_p in cells if q_nk > 0)
    bound, loglik = model.lower_bound(x, q, theta), model.loglik(x, theta)
    assert abs(loglik - bound - kl) <= slack(loglik, bound, kl)


def law_l_and_bound_agree_with_every_label_vector(model, x, theta, q):
    """log p(x) = log sum_z p(x, z), and F = sum_z q(z) log[p(x, z) / q(z)], over all K^N vectors z."""
    x, q = x[:4], q[:4]
    log_p = log_joint(model, x, theta)
    joint, expected = [], []
    for z in product(range(len(log_p[0])), repeat=len(x)):
        joint.append(fsum(row[k] for row, k in zip(log_p, z, strict=True)))
        share = np.prod([row[k] for row, k in zip(q, z, strict=True)])
        if share > 0:
            expected.append(share * (joint[-1] - np.log(share)))
    loglik, bound = log_sum_exp(joint), fsum(expected)
    assert abs(model.loglik(x, theta) - loglik) <= slack(loglik)
    assert abs(model.lower_bound(x, q, theta) - bound) <= slack(bound)


def law_rows_of_q_sum_to_1(model, x, theta, q):
    found = model.e_step(x, theta)
    assert found.shape == q.shape and (found >= 0).all()
    assert np.allclose(found.sum(axis=1), 1, rtol=0, atol=1e-12)


def law_no_e_step_lowers_the_bound(model, x, theta, q):
    """Not from any q that the model may choose: for an exact model, from any q at all."""
    if not entry(model).exact:
        q = np.eye(q.shape[1])[q.argmax(axis=1)]
    assert at_most(model.lower_bound(x, q, theta), model.lower_bound(x, model.e_step(x, theta), theta))


def law_no_m_step_lowers_the_bound(model, x, theta, q):
    """Not from theta, nor from anywhere between it and the answer, in all fields at once or in one alone."""
    best = m_step(model, x, q)
    if best is None or not well_conditioned(best):
        return
    top = model.lower_bound(x, q, best)
    for share in (1, 0.1, 0.01, 0.001):
        between = type(theta)(*(b + share * (t - b) for b, t in zip(best, theta, strict=True)))
        alone = [best._replace(**{name: field}) for name, field in between._asdict().items()]
        for rival in [between, *alone]:
            assert at_most(model.lower_bound(x, q, rival), top)


def law_no_half_step_of_em_lowers_the_bound(model, x, theta, q):
    bounds = [step.bound for step in steady(run(model, x, theta))[1:]]
    assert all(map(at_most, bounds, bounds[1:]))


def law_bound_and_loglik_of_a_step_are_those_of_its_theta_and_q(model, x, theta, q):
    for step in steady(run(model, x, theta)):
        loglik = log_sum_exp_rows(model, x, step.theta)
        assert abs(step.loglik - loglik) <= slack(loglik)
        if step.kind != "init":
            assert step.bound == model.lower_bound(x, step.q, step.theta)


def log_sum_exp_rows(model, x, theta) -> float:
    return fsum(map(log_sum_exp, log_joint(model, x, theta)))


def law_em_is_pure(model, x, theta, q):
    """Nothing given is changed, no step is changed by a later one, and the same run is the same again."""
    given = (x.copy(), [np.copy(field) for field in theta], q.copy())
    history = []
    try:
        for step in islice(em(model, x, theta), 5):
            history.append((step, snapshot(step)))
    except CollapseError:
        pass
    m_step(model, x, q)
    model.lower_bound(x, q, theta)
    assert same((x, list(theta), q), given)
    assert all(same(step, then) for step, then in history)
    assert same([step for step, _ in history], run(model, x, theta, 2)[: len(history)])


def snapshot(value):
    if isinstance(value, tuple):
        return tuple(map(snapshot, value))
    return value.copy() if isinstance(value, np.ndarray) else value


def law_lists_and_tuples_are_welcome(model, x, theta, q):
    for kind in (list, tuple):
        x_, theta_, q_ = plain(kind, x), kind(plain(kind, field) for field in theta), plain(kind, q)
        assert same(model.log_joint(x_, theta_), model.log_joint(x, theta))
        assert same(model.e_step(x_, theta_), model.e_step(x, theta))
        assert same(m_step(model, x_, q_), m_step(model, x, q))
        assert model.lower_bound(x_, q_, theta_) == model.lower_bound(x, q, theta)
        assert model.loglik(x_, theta_) == model.loglik(x, theta)
        assert same(model.check(x_, theta_), model.check(x, theta))
        assert same(run(model, x_, theta_, 1), run(model, x, theta, 1))


def plain(kind, value):
    """The same numbers without numpy: nested lists, or nested tuples."""
    value = np.asarray(value).tolist()
    return kind(plain(kind, item) for item in value) if isinstance(value, list) else value


# Exact models: the E-step is the posterior.


def law_e_step_is_the_posterior(model, x, theta, q):
    expected = [[exp(log_p) for log_p in row] for row in posterior(model, x, theta)]
    assert np.allclose(model.e_step(x, theta), expected, rtol=1e-9, atol=1e-12)


def law_e_step_closes_the_gap(model, x, theta, q):
    """Each time: at theta, and again wherever the M-steps lead from there."""
    for step in run(model, x, theta):
        if step.kind == "E":
            assert abs(step.loglik - step.bound) <= ROUNDING * abs(step.loglik) + 1e-12


def law_no_m_step_lowers_loglik(model, x, theta, q):
    heights = [step.loglik for step in steady(run(model, x, theta, 5))]
    assert all(map(at_most, heights, heights[1:]))


def law_permuting_the_components_permutes_the_answer(model, x, theta, q):
    best = m_step(model, x, q)
    for order in map(list, permutations(range(q.shape[1]))):
        twin, twin_theta = entry(model).permuted(model, theta, order)
        assert np.isclose(twin.loglik(x, twin_theta), model.loglik(x, theta), rtol=ROUNDING)
        assert np.allclose(twin.e_step(x, twin_theta), model.e_step(x, theta)[:, order], rtol=0, atol=1e-12)
        if best is not None:
            fields = zip(m_step(twin, x, q[:, order]), best, strict=True)
            assert all(np.allclose(field, b[order], rtol=ROUNDING, atol=1e-12) for field, b in fields)


LAWS = {name.removeprefix("law_"): law for name, law in list(globals().items()) if name.startswith("law_")}
EXACT_LAWS = [
    "e_step_is_the_posterior",
    "e_step_closes_the_gap",
    "no_m_step_lowers_loglik",
    "permuting_the_components_permutes_the_answer",
]
