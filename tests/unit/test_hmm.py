"""Hidden Markov models against the sum over every path; published numbers, bad input, edges."""

from itertools import pairwise, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laws import at_most, plain, same
from models import log_sum_exp, read_only
from test_bad_input import NO_DATA, refuses
from test_ground_truth import close

from emcore import HMM, ChainQ, CollapseError, data, em, fit
from emcore.models import scan

NAN = float("nan")
ICE = data.ice_creams() - 1  # 0 = one ice cream; state 0 is C, 1 is H
STOP, FREE = HMM(3, stop=True), HMM(3)
B = [[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]]
EISNER = HMM.Theta([0.5, 0.5], [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1]], B)
NO_STOP = HMM.Theta([0.5, 0.5], [[0.8, 0.2], [0.2, 0.8]], B)


# The judge: every path, one by one, by the definition.


def paths(model, x, theta):
    """All K^T paths and log p(x, z | theta) of each."""
    pi, A, B = theta
    with np.errstate(divide="ignore"):
        pi, A, B = np.log(pi), np.log(A), np.log(B)
    z = np.array(list(product(range(len(pi)), repeat=len(x))))
    log_p = pi[z[:, 0]] + sum(B[z[:, t], x[t]] for t in range(len(x)))
    log_p = log_p + sum((A[z[:, t], z[:, t + 1]] for t in range(len(x) - 1)), np.zeros(len(z)))
    return z, log_p + (A[z[:, -1], -1] if model.stop else 0)


def chain(z, p, K):
    """The marginals of a distribution p over the paths z."""
    here = np.eye(K)[z]
    gamma = np.einsum("p,ptk->tk", p, here)
    return ChainQ(gamma, np.einsum("p,ptj,ptk->tjk", p, here[:, :-1], here[:, 1:]))


@st.composite
def cases(draw):
    """A model, a sequence, a theta with some zeros, and any chain at all as the probabilities of its paths."""
    K, T, S = draw(st.integers(1, 3)), draw(st.integers(1, 8)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    model, zeros = HMM(S, draw(st.booleans())), draw(st.sampled_from([0, 0.2, 0.4]))

    def rows(*shape):
        values = rng.dirichlet([rng.choice([0.1, 1, 10])] * shape[-1], shape[:-1]) + 1e-6
        holes = rng.random(shape) < zeros
        holes[holes.all(axis=-1)] = False
        values = np.where(holes, 0, values)
        return read_only(values / values.sum(axis=-1, keepdims=True))

    x = read_only(rng.integers(0, S, T).astype(float))
    theta = HMM.Theta(rows(K), rows(K, K + model.stop), rows(K, S))
    z = np.array(list(product(range(K), repeat=T)))
    p = rows(K)[z[:, 0]]  # an inhomogeneous Markov chain: another matrix at every step
    for t in range(T - 1):
        p = p * rows(K, K)[z[:, t], z[:, t + 1]]
    return model, x, theta, z, p


def possible(case):
    return np.isfinite(paths(case[0], case[1].astype(int), case[2])[1]).any()


CASES, POSSIBLE = cases(), cases().filter(possible)
MANY = settings(max_examples=2 * settings.default.max_examples)


@MANY
@given(CASES)
def test_loglik_is_the_sum_over_every_path(case):
    model, x, theta, *_ = case
    expected = log_sum_exp(paths(model, x.astype(int), theta)[1])
    found = model.loglik(x, theta)
    assert found == expected if np.isinf(expected) else np.isclose(found, expected, rtol=1e-10, atol=1e-10)


@MANY
@given(POSSIBLE)
def test_the_e_step_is_the_posterior_over_every_path(case):
    model, x, theta, *_ = case
    z, log_p = paths(model, x.astype(int), theta)
    expected = chain(z, np.exp(log_p - log_sum_exp(log_p)), len(theta.pi))
    q = model.e_step(x, theta)
    for field, value in zip(q, expected, strict=True):
        assert field.shape == value.shape and np.allclose(field, value, rtol=0, atol=1e-10)


@MANY
@given(CASES)
def test_the_bound_is_that_of_every_path_for_any_chain(case):
    model, x, theta, z, p = case
    _, log_p = paths(model, x.astype(int), theta)
    expected = sum(share * (value - np.log(share)) for share, value in zip(p, log_p, strict=True) if share > 0)
    q = chain(z, p, len(theta.pi))
    bound = model.lower_bound(x, q, theta)
    assert bound == expected if np.isinf(expected) else np.isclose(bound, expected, rtol=1e-9, atol=1e-9)
    assert bound == -np.inf or at_most(bound, model.loglik(x, theta))


@MANY
@given(POSSIBLE)
def test_the_gap_is_the_divergence_from_the_posterior_and_the_e_step_closes_it(case):
    model, x, theta, z, p = case
    _, log_p = paths(model, x.astype(int), theta)
    loglik = model.loglik(x, theta)
    kl = sum(share * (np.log(share) - value + loglik) for share, value in zip(p, log_p, strict=True) if share > 0)
    gap = loglik - model.lower_bound(x, chain(z, p, len(theta.pi)), theta)
    assert gap == kl if np.isinf(kl) else np.isclose(gap, kl, rtol=1e-8, atol=1e-8)
    assert np.isclose(model.lower_bound(x, model.e_step(x, theta), theta), loglik, rtol=1e-10, atol=1e-10)


@given(CASES)
def test_no_theta_beats_the_m_step(case):
    """For any chain q: not the theta at hand, nor anything between it and the answer."""
    model, x, theta, z, p = case
    q = chain(z, p, len(theta.pi))
    try:
        best = model.m_step(x, q)
    except CollapseError:
        moves = q.xi.sum(axis=(0, 2)) + model.stop * q.gamma[-1]
        assert min(moves.min(), q.gamma.sum(axis=0).min()) == 0
        return
    assert all(np.allclose(field.sum(axis=-1), 1, rtol=0, atol=1e-12) for field in best)
    top = model.lower_bound(x, q, best)
    for share in (1, 0.1, 0.01):
        between = HMM.Theta(*(b + share * (t - b) for b, t in zip(best, theta, strict=True)))
        for rival in [between, *(best._replace(**{name: f}) for name, f in between._asdict().items())]:
            assert at_most(model.lower_bound(x, q, rival), top)


def run(model, x, theta, iterations=5):
    try:
        return fit(model, x, theta, tol=0, max_iter=iterations)
    except CollapseError as error:
        return error.history


@given(POSSIBLE)
def test_no_half_step_lowers_the_bound_and_no_iteration_l(case):
    model, x, theta, *_ = case
    steps = run(model, x, theta)
    assert all(at_most(a.bound, b.bound) for a, b in pairwise(steps[1:]))
    assert all(at_most(a.loglik, b.loglik) for a, b in pairwise(steps))
    for step in steps:
        if step.kind == "E":
            assert np.isclose(step.bound, step.loglik, rtol=1e-10, atol=1e-10)


@given(POSSIBLE)
def test_a_zero_stays_zero(case):
    model, x, theta, *_ = case
    for step in run(model, x, theta):
        assert all((new[old == 0] == 0).all() for new, old in zip(step.theta, theta, strict=True))


@given(POSSIBLE)
def test_permuting_the_states_permutes_the_answer(case):
    model, x, theta, *_ = case
    pi, A, B = theta
    last = run(model, x, theta, 2)[-1]
    for order in map(list, permutations(range(len(pi)))):
        columns = order + [len(pi)] * model.stop
        twin = run(model, x, (pi[order], A[np.ix_(order, columns)], B[order]), 2)[-1]
        assert np.isclose(twin.loglik, last.loglik, rtol=1e-9, atol=1e-9)
        if last.q is not None:
            assert np.allclose(twin.q.gamma, last.q.gamma[:, order], rtol=0, atol=1e-9)
            assert np.allclose(twin.q.xi, last.q.xi[:, order][:, :, order], rtol=0, atol=1e-9)
        if last.kind == "M":
            assert np.allclose(twin.theta.A, last.theta.A[np.ix_(order, columns)], rtol=0, atol=1e-7)


@given(POSSIBLE)
def test_em_is_pure_and_lists_and_tuples_are_welcome(case):
    model, x, theta, z, p = case
    q = chain(z, p, len(theta.pi))
    for kind in (list, tuple):
        x_, theta_ = plain(kind, x.astype(int)), kind(plain(kind, field) for field in theta)
        q_ = kind(plain(kind, field) for field in q)
        x_int = x.astype(int)
        assert same(model.e_step(x_, theta_), model.e_step(x_int, theta))
        assert model.lower_bound(x_, q_, theta_) == model.lower_bound(x_int, q, theta)
        assert model.loglik(x_, theta_) == model.loglik(x_int, theta)
        assert same(run(model, x_, theta_, 1), run(model, x, theta, 1))
        try:
            expected = model.m_step(x, q)
        except CollapseError:
            continue
        assert same(model.m_step(x_, q_), expected)


# Days and ice creams: Eisner (2002).


def test_ice_creams_with_the_stop():
    assert len(ICE) == 33 and set(ICE) == {0, 1, 2}
    steps = fit(STOP, ICE, EISNER, tol=0, max_iter=10)
    assert close(steps[0].loglik, -41.537818, 6)
    assert close(steps[1].q.gamma[:2, 1], [0.8709, 0.9769], 4)
    perplexity = [np.exp(-step.loglik / 34) for step in steps[:10:2]]
    assert close(perplexity, [3.3930, 2.9466, 2.8794, 2.8535, 2.8400], 4)
    theta = steps[-1].theta
    assert close(np.diag(theta.A[:, :2]), [0.9337, 0.8650], 4)
    assert close(theta.B[1, 0], 1.6e-4, 5)


def test_day_one_changed_to_one_ice_cream():
    changed = np.array([0, *ICE[1:]])
    assert ICE[0] == 1
    assert close(STOP.e_step(changed, EISNER).gamma[:2, 1], [0.4909, 0.9176], 4)


def test_without_stop_the_numbers_are_others():
    assert close(np.exp(-FREE.loglik(ICE, NO_STOP) / 33), 3.0039, 4)
    x = [2, 2, 0]
    assert close(np.exp(FREE.loglik(x, NO_STOP)), 0.05104, 5)
    assert close(FREE.e_step(x, NO_STOP).gamma[:, 1], [0.9244, 0.8750, 0.3225], 4)


def test_the_best_path_is_not_the_path_of_the_best_states():
    x = [2, 0, 2]
    gamma = FREE.e_step(x, NO_STOP).gamma
    assert close(gamma[:, 1], [0.800, 0.498, 0.800], 3) and gamma.argmax(axis=1).tolist() == [1, 0, 1]
    z, log_p = paths(FREE, x, NO_STOP)
    assert z[log_p.argmax()].tolist() == [1, 1, 1]
    assert close(np.exp([log_p.max(), log_p[z.tolist().index([1, 0, 1])]]), [0.01568, 0.00686], 5)


# Bad input.


@pytest.mark.parametrize("door", [em, fit])
@pytest.mark.parametrize(
    "model, x, theta, argument, given_, expected",
    [
        *[(FREE, x, NO_STOP, "x", g, e) for x, g, e in NO_DATA],
        (FREE, [1, 2, 3], NO_STOP, "x", "3 at position 2", "at most 2"),
        (FREE, [-1, 2], NO_STOP, "x", "-1 at position 0", "at least 0"),
        (FREE, [0.5, 2], NO_STOP, "x", "0.5 at position 0", "whole numbers"),
        (FREE, ICE, EISNER, "A", "shape (2, 3)", "shape (2, 2)"),
        (STOP, ICE, NO_STOP, "A", "shape (2, 2)", "shape (2, 3)"),
        (FREE, ICE, ([0.5, 0.6], *NO_STOP[1:]), "pi", "1.1", "sum to 1"),
        (FREE, ICE, ([[0.5, 0.5]], *NO_STOP[1:]), "pi", "shape (1, 2): [[0.5, 0.5]]", "shape (K,)"),
        (FREE, ICE, ([0.5, 0.5, 0], *NO_STOP[1:]), "A", "shape (2, 2)", "shape (3, 3)"),
        (FREE, ICE, ([0.5, 0.5], [[0.8, 0.1], [0.2, 0.8]], B), "A", "sums to 0.9, at position 0", "rows that sum to 1"),
        (FREE, ICE, ([0.5, 0.5], [[1.1, -0.1], [0.2, 0.8]], B), "A", "-0.1 at position 0, 1", "at least 0"),
        (FREE, ICE, ([0.5, 0.5], [[NAN, 1], [0.2, 0.8]], B), "A", "nan at position 0, 0", "finite"),
        (FREE, ICE, (*NO_STOP[:2], [[1, 0], [0, 1]]), "B", "shape (2, 2)", "shape (2, 3)"),
        (FREE, ICE, (*NO_STOP[:2], np.transpose(B)), "B", "shape (3, 2)", "shape (2, 3)"),
        (FREE, ICE, (*NO_STOP[:2], [[0.7, 0.2, 0.2], B[1]]), "B", "sums to 1.1, at position 0", "rows that sum to 1"),
        (FREE, ICE, NO_STOP[:2], "theta", "([0.5, 0.5], [[0.8, 0.2], [0.2, 0.8]])", "HMM.Theta(pi, A, B)"),
        (FREE, ICE, (*NO_STOP[:2], [[0.5, 0.5, 0]] * 2), "theta0", "-inf", "positive probability"),
    ],
)
def test_bad_input_is_refused(door, model, x, theta, argument, given_, expected):
    refuses(lambda: door(model, x, theta), argument, given_, expected)


@pytest.mark.parametrize("n, said", [(0, "at least 1"), (2.5, "whole numbers"), (NAN, "finite"), ("three", "numbers")])
def test_a_bad_number_of_symbols_is_refused(n, said):
    refuses(lambda: HMM(n), "n_symbols", said)


def test_an_impossible_sequence_has_no_posterior():
    refuses(lambda: FREE.e_step([0, 2, 1], (*NO_STOP[:2], [[0.5, 0.5, 0]] * 2)), "theta", "step 1 (x = 2)", "possible")
    never = ([0.5, 0.5], [[0.5, 0.5, 0]] * 2, B)
    refuses(lambda: STOP.e_step([0, 2, 1], never), "theta", "the stop", "possible")
    assert STOP.loglik([0, 2, 1], never) == -np.inf


# Edges.


def finite(steps):
    for step in steps:
        assert np.isfinite(step.loglik) and all(np.isfinite(field).all() for field in step.theta)
        if step.q is not None:
            assert np.isfinite(step.bound) and all(np.isfinite(field).all() for field in step.q)
            assert np.allclose(step.q.gamma.sum(axis=1), 1, rtol=0, atol=1e-9)
    return steps


def test_one_step_with_a_stop():
    steps = finite(fit(STOP, [2], EISNER, tol=0, max_iter=2))
    assert np.isclose(np.exp(steps[0].loglik), 0.5 * 0.1 * (0.1 + 0.7))
    assert np.allclose(steps[1].q.gamma, [[1 / 8, 7 / 8]]) and steps[1].q.xi.shape == (0, 2, 2)
    assert np.allclose(steps[2].theta.A, [[0, 0, 1]] * 2) and np.allclose(steps[2].theta.B, [[0, 0, 1]] * 2)
    assert steps[-1].loglik == pytest.approx(0, abs=1e-12)


def test_one_step_without_a_stop_says_nothing_about_moves():
    assert np.isclose(np.exp(FREE.loglik([2], NO_STOP)), 0.4)
    with pytest.raises(CollapseError, match=r"state 1 is never left.*longer sequence"):
        fit(FREE, [2], NO_STOP)


def test_a_state_that_is_never_visited_says_what_to_do():
    with pytest.raises(CollapseError, match=r"state 2 is never seen.*fewer states") as caught:
        fit(FREE, ICE, ([1, 0], [[1, 0], [0.5, 0.5]], B))
    assert [step.kind for step in caught.value.history] == ["init", "E"]


def test_an_unseen_symbol_gets_probability_zero():
    theta = ([0.5, 0.5], [[0.8, 0.2], [0.2, 0.8]], [[0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4]])
    last = finite(fit(HMM(4), ICE, theta, tol=0, max_iter=5))[-1]
    assert (last.theta.B[:, 3] == 0).all() and np.allclose(last.theta.B.sum(axis=1), 1)


def test_a_hundred_thousand_steps_do_not_underflow():
    x = np.tile(ICE, 3031)[:100_000].astype(int)
    q, loglik = STOP.e_step(x, EISNER), STOP.loglik(x, EISNER)
    assert -150_000 < loglik < -100_000 and all(np.isfinite(field).all() for field in q)
    assert np.allclose(q.gamma.sum(axis=1), 1, rtol=0, atol=1e-9)
    assert np.allclose(q.xi.sum(axis=2), q.gamma[:-1], rtol=0, atol=1e-9)
    assert np.allclose(q.xi.sum(axis=1), q.gamma[1:], rtol=0, atol=1e-9)
    assert np.isclose(STOP.lower_bound(x, q, EISNER), loglik, rtol=1e-10)
    assert STOP.loglik(x, STOP.m_step(x, q)) > loglik


def left_to_right(x, A, B):
    """log p(x) by the step at which the only move happens, one after the other."""
    log_p = np.log(np.take(B, x, axis=1)).cumsum(axis=1)
    stay = np.arange(1, len(x)) - 1
    moved = np.log(A[0][1]) + stay * np.log(A[0][0]) + log_p[0, :-1] + (log_p[1, -1] - log_p[1, :-1])
    return log_sum_exp([*moved, log_p[0, -1] + (len(x) - 1) * np.log(A[0][0])])


@pytest.mark.parametrize("x", [np.repeat([0, 1], [400, 500]), np.repeat([1, 0], [400, 500])])
def test_a_state_that_falls_far_behind_is_not_forgotten(x):
    """By 400 steps the other state is e^879 times less probable: less than the smallest float, and yet it may win."""
    B, apart, later = [[0.9, 0.1], [0.1, 0.9]], np.eye(2), [[0.99, 0.01], [0, 1]]
    each = np.log(0.5) + np.log(np.take(B, x, axis=1)).sum(axis=1)
    q = FREE.e_step(x, ([0.5, 0.5], apart, B))
    assert np.isclose(FREE.loglik(x, ([0.5, 0.5], apart, B)), log_sum_exp(each), rtol=1e-12)
    assert np.allclose(q.gamma, np.exp(each - log_sum_exp(each)), atol=1e-12)
    assert np.isclose(FREE.lower_bound(x, q, ([0.5, 0.5], apart, B)), log_sum_exp(each), rtol=1e-12)
    assert np.isclose(FREE.loglik(x, ([1, 0], later, B)), left_to_right(x, later, B), rtol=1e-12)


def test_a_state_that_falls_far_behind_may_be_the_only_one_left():
    theta = ([0.5, 0.5], np.eye(2), [[0.9, 0.1, 0], [0.1, 0.8, 0.1]])
    x = [0] * 400 + [2]
    assert np.isclose(FREE.loglik(x, theta), np.log(0.5) + 401 * np.log(0.1), rtol=1e-12)
    assert np.array_equal(FREE.e_step(x, theta).gamma, np.tile([0, 1], (401, 1)))


# The scan is the loop, in another order.

FAR = np.repeat([0, 1], [900, 950])  # each state falls e^1900 behind, and comes back
SCANS = {
    "one step": ([2], NO_STOP),
    "two steps": ([2, 0], NO_STOP),
    "three steps": ([2, 0, 1], NO_STOP),
    "ice creams": (ICE, NO_STOP),
    "apart": (FAR, ([0.5, 0.5], np.eye(2), [[0.9, 0.1, 0], [0.1, 0.9, 0]])),
    "left to right": (FAR, ([1, 0], [[0.99, 0.01], [0, 1]], [[0.9, 0.1, 0], [0.1, 0.9, 0]])),
    "the only one left": ([0] * 900 + [2], ([0.5, 0.5], np.eye(2), [[0.9, 0.1, 0], [0.1, 0.8, 0.1]])),
    "a cycle": (np.arange(1001) % 3, ([1, 0, 0], [[0, 1, 0], [0, 0, 1], [1, 0, 0]], np.eye(3))),
    "all but impossible moves": (FAR, ([0.5, 0.5], [[1, 5e-324], [1e-300, 1]], [[1, 1e-300, 0], [1e-300, 1, 0]])),
    "impossible": ([0, 1, 2, 0] * 9, ([0.5, 0.5], [[0.5, 0.5]] * 2, [[0.5, 0.5, 0]] * 2)),
    "five states": (
        np.random.default_rng(0).integers(0, 3, 1300),
        (np.eye(5)[0], np.full((5, 5), 0.05) + 0.75 * np.eye(5), np.random.default_rng(1).dirichlet(np.ones(3), 5)),
    ),
}


@pytest.mark.parametrize("name", SCANS)
def test_the_scan_agrees_with_the_loop(name, monkeypatch):
    x, theta = SCANS[name]
    found = []
    for pays in (False, True):
        monkeypatch.setattr(scan, "pays", lambda T, K, pays=pays: pays and T > 1)
        log_alpha, _ = FREE._forward(np.asarray(x, int), theta)
        try:
            found.append((log_alpha, *FREE.e_step(x, theta)))
        except ValueError as error:
            found.append((log_alpha, str(error)))
    loop, scanned = found
    assert np.allclose(scanned[0], loop[0], rtol=1e-12, atol=1e-12)
    if isinstance(loop[1], str):
        assert name == "impossible" and scanned[1] == loop[1]
    else:
        assert all(np.allclose(a, b, rtol=1e-9, atol=1e-12) for a, b in zip(scanned[1:], loop[1:], strict=True))
        assert np.allclose(scanned[1].sum(axis=1), 1, rtol=0, atol=1e-12)


def test_the_scan_takes_over_in_long_sequences():
    assert scan.pays(10**5, 3) and not scan.pays(33, 2) and not scan.pays(10**5, 50)


def test_an_estimate_is_no_window_on_q():
    steps = fit(FREE, ICE, NO_STOP, tol=0, max_iter=1)
    assert not np.shares_memory(steps[2].theta.pi, steps[1].q.gamma)


@pytest.mark.parametrize("value", [NAN, -0.1])
def test_a_q_of_no_probabilities_is_refused(value):
    gamma, xi = (field.copy() for field in FREE.e_step(ICE, NO_STOP))
    gamma[3, 1] = value
    for call in lambda q: FREE.m_step(ICE, q), lambda q: FREE.lower_bound(ICE, q, NO_STOP):
        refuses(lambda call=call: call(ChainQ(gamma, xi)), "q.gamma", f"{value:g} at position 3, 1", "must be")


def test_a_cycle_is_followed_to_the_end():
    """Zeros everywhere but on the way round: the path is certain, and l is 0."""
    theta = ([1, 0, 0], [[0, 1, 0], [0, 0, 1], [1, 0, 0]], np.eye(3))
    steps = finite(fit(FREE, np.arange(300) % 3, theta, tol=0, max_iter=2))
    assert all(step.loglik == 0 for step in steps) and np.array_equal(steps[1].q.gamma, np.eye(3)[np.arange(300) % 3])


def test_a_count_of_one_denormal_number_is_not_rounded_to_a_zero():
    theta = ([0.5, 0.5], [[0.5, 0.5], [5e-324, 1]], [[0.5, 0.5, 0], [0.5, 0, 0.5]])
    finite(fit(FREE, [0, 0, 0, 2], theta, tol=0, max_iter=3))


TINY = st.floats(0, 1) | st.sampled_from([0.0, 5e-324, 1e-300, 1e-160, 1e-16, 1.0])


@MANY
@given(st.lists(TINY, min_size=14, max_size=14), st.lists(st.integers(0, 2), min_size=1, max_size=6), st.booleans())
def test_no_tiny_probabilities_break_it(values, x, stop):
    values = np.array(values)

    def rows(*entries):
        entries = np.reshape(entries, (2, -1))
        return entries / entries.sum(axis=1, keepdims=True)

    with np.errstate(all="ignore"):
        A, B = rows(*values[: 4 + 2 * stop]), rows(*values[6:12])
        pi = values[12:] / values[12:].sum()
    try:
        steps = finite(fit(HMM(3, stop), x, (pi, A, B), tol=0, max_iter=4))
    except (ValueError, CollapseError) as error:
        assert str(error)
        return
    assert all(at_most(a.bound, b.bound) for a, b in pairwise(steps[1:]))
