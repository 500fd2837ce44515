"""Data as people have them, numbers at the edge of what floats can say, and answers that must not depend on either."""

from typing import NamedTuple

import numpy as np
import pytest
from models import GEYSER, HEADS
from test_bad_input import refuses

from emcore import (
    GMM,
    GMM1D,
    HMM,
    BinomialMixture,
    CensoredLifetimes,
    Coins,
    CollapseError,
    HMMSequences,
    KMeans,
    Linkage,
    Mixture,
    OneMean,
    PoissonMixture,
    check_model,
    data,
    fit,
)

HALF, START = [0.5, 0.5], ([0.6, 0.5],)


# A collapse is a component whose data are one point but for rounding, wherever the others are.


@pytest.mark.parametrize("away", [1e3, 1e8, 1e11])
def test_heaps_far_apart_are_no_collapse(away):
    last = fit(GMM1D(), [0, 1, 2, away, away + 1, away + 2], (HALF, [0, away], [1, 1]))[-1]
    assert np.allclose(last.theta.sigma, (2 / 3) ** 0.5, rtol=1e-4)
    assert np.isclose(last.loglik, -11.456118958263215, rtol=1e-4)


@pytest.mark.parametrize("away", [1e3, 1e8, 1e11])
def test_clouds_far_apart_are_no_collapse(away):
    corner = np.array([[0, 0], [1, 0], [0, 1], [1, 1.0]])
    last = fit(GMM(), np.vstack([corner, corner + away]), (HALF, [[0, 0], [away, away]], [np.eye(2)] * 2))[-1]
    assert np.allclose(last.theta.cov, np.eye(2) / 4, rtol=1e-4)


@pytest.mark.parametrize("x", [[0.1] * 7, [0.0] * 3, [1e-9] * 9, [-1 / 3] * 3 + [1e8] * 3])
@pytest.mark.parametrize("shared", [False, True])
def test_equal_data_are_a_collapse_though_rounding_gives_them_a_spread(x, shared):
    theta = (HALF, [x[0] - 1, x[-1] + 1], [1, 1]) if x[0] != x[-1] else ([1], [x[0]], [1])
    with pytest.raises(CollapseError, match="has collapsed onto x = "):
        fit(GMM1D(shared_sigma=shared), x, theta)


def test_a_floor_however_low_keeps_equal_data_from_a_collapse():
    assert fit(GMM1D(min_sigma=1e-13), [3] * 5, ([1], [3], [1]))[-1].theta.sigma == 1e-13
    last = fit(GMM(1e-26), [[3, 4]] * 5, ([1], [[3, 4]], [np.eye(2)]))[-1]
    assert np.array_equal(last.theta.cov[0], 1e-26 * np.eye(2))


@pytest.mark.parametrize(
    "x", [[[0.1, 0.2]] * 7, [[0.1, k] for k in range(5)], np.outer(np.arange(5), [0.1, 1 / 3]) + 7]
)
def test_data_that_are_flat_but_for_rounding_are_a_collapse(x):
    with pytest.raises(CollapseError, match="component 1 has collapsed: it is flat"):
        fit(GMM(), x, ([1], [[0, 0]], [np.eye(2)]))


@pytest.mark.parametrize("origin", [0, 1e4])
def test_a_correlation_near_1_is_neither_a_collapse_nor_a_fall(origin):
    """Two columns that differ in the sixth digit: the rounding of the covariance begins to show in F."""
    rng = np.random.default_rng(0)
    x = rng.normal(np.repeat([0, 3], 100), 1)
    x = np.column_stack([x, x + 1e-5 * rng.normal(size=200)]) + origin
    history = fit(GMM(), x, (HALF, [[origin] * 2, [origin + 3] * 2], [np.cov(x.T)] * 2))
    assert history.stopped.startswith("settled")
    assert (np.linalg.eigvalsh(history[-1].theta.cov)[:, 0] < 1e-10).all()


@pytest.mark.parametrize("noise", [1e-6, 1e-7, 1e-8])
def test_columns_that_all_but_agree_are_flat(noise):
    rng = np.random.default_rng(0)
    x = rng.normal(size=200)
    with pytest.raises(CollapseError, match="flat"):
        fit(GMM(), np.column_stack([x, x + noise * rng.normal(size=200)]), ([1], [[0, 0]], [np.eye(2)]))


# A state that is seen on the last day alone has a free row of A: it keeps its own.


@pytest.mark.parametrize("row", [[0, 1], [0.3, 0.7]])
def test_a_row_of_a_of_which_no_day_tells_is_kept(row):
    history = fit(HMM(2), [0, 0, 0, 1], ([1, 0], [[0.5, 0.5], row], [[1, 0], [0, 1]]))
    assert np.allclose(history[-1].theta.A, [[2 / 3, 1 / 3], row], rtol=1e-12)
    assert np.isclose(history[-1].loglik, -1.9095425048844388)


def test_a_move_that_was_not_seen_is_0_where_others_were():
    """The second sequence leaves state 2 by the move to state 1 alone; the first ends there and adds nothing."""
    theta = ([1, 0], [[0.5, 0.5], [0.3, 0.7]], [[1, 0], [0, 1]])
    last = fit(HMMSequences(2), [[0, 0, 0, 1], [0, 1, 0]], theta)[-1]
    assert np.array_equal(last.theta.A[1], [1, 0])


# 1 - p where p is small.


@pytest.mark.parametrize("n, right", [(10**9, -84.35596212546494), (10**12, -111.98698324529722)])
def test_heads_may_be_as_rare_as_one_in_a_trillion(n, right):
    p = np.array([2 / n, 1 / n])
    assert abs(Coins(n).loglik([3, 1], (p,)) - right) < 1e-12 * abs(right)
    heights = [step.loglik for step in fit(Coins(n), [3, 1], (p,), tol=0, max_iter=30)]
    assert np.diff(heights).min() >= -1e-12 * abs(heights[0])


# q is a distribution over the labels of each observation, or it is refused.

X = np.array([1.0, 2, 3, 7, 8, 9])
MODELS = {
    "Coins": (Coins(10), X, START),
    "BinomialMixture": (BinomialMixture(10), X, (HALF, *START)),
    "PoissonMixture": (PoissonMixture(), X, (HALF, [2, 8])),
    "GMM1D": (GMM1D(), X, (HALF, [2, 8], [1, 1])),
    "OneMean": (OneMean((0.5, 0.5), 2, (1, 1)), X, (8.0,)),
    "GMM": (GMM(), X[:, None] * [1, -1] + np.eye(6, 2), (HALF, [[2, -2], [8, -8]], [np.eye(2)] * 2)),
    "KMeans": (KMeans(), X, ([2, 8],)),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_q_that_is_no_distribution_over_labels_is_refused(name):
    model, x, theta = MODELS[name]
    q = model.e_step(x, theta)
    for wrong, said in [
        (0.1 * q, "sums to 0.1"),
        (q / q.sum(axis=0), "rows that sum to 1"),
        (q.T, "(2, 6)"),
        (q[1:], "(5, 2)"),
    ]:
        refuses(lambda wrong=wrong: model.lower_bound(x, wrong, theta), "q", said)
        refuses(lambda wrong=wrong: model.m_step(x, wrong), "q", said)
    fine = q.astype(np.float32)
    assert abs(model.lower_bound(x, fine, theta) - model.lower_bound(x, q, theta)) < 1e-4
    assert model.lower_bound(x, fine, theta) <= model.loglik(x, theta) + 1e-9


@pytest.mark.parametrize("q", [5, -0.1, np.nan, [0.5], None])
def test_a_share_outside_0_to_1_is_refused(q):
    counts = data.linkage()
    refuses(lambda: Linkage().lower_bound(counts, q, (0.5,)), "q")
    refuses(lambda: Linkage().m_step(counts, q), "q")


@pytest.mark.parametrize("q", [-0.1, np.nan, [2.0], None])
def test_a_remaining_lifetime_below_0_is_refused(q):
    x = [[1, 0], [2, 1]]
    refuses(lambda: CensoredLifetimes().lower_bound(x, q, (2.0,)), "q")
    refuses(lambda: CensoredLifetimes().m_step(x, q), "q")


def test_a_chain_whose_pairs_are_not_its_states_is_refused():
    model, x, theta = HMM(2), [0, 1, 1], (HALF, [[0.6, 0.4], [0.3, 0.7]], [[0.9, 0.1], [0.2, 0.8]])
    gamma, xi = model.e_step(x, theta)
    for wrong in [(gamma, xi[:, ::-1]), (gamma, 0.9 * xi), (gamma, xi.swapaxes(1, 2))]:
        refuses(lambda wrong=wrong: model.lower_bound(x, wrong, theta), "q.xi must sum to q.gamma")
        refuses(lambda wrong=wrong: model.m_step(x, wrong), "q.xi must sum to q.gamma")
    refuses(lambda: model.m_step(x, (0.9 * gamma, 0.9 * xi)), "q.gamma", "sums to 0.9")
    refuses(lambda: model.m_step(x, (gamma[1:], xi[1:])), "q.gamma", "shape (3, K)", "shape (2, 2)")


# x is checked in direct calls too.


@pytest.mark.parametrize(
    "call, said",
    [
        (lambda x: Coins(10).loglik(x, START), "x must be at most 10; got 50 at position 1"),
        (lambda x: BinomialMixture(10).m_step(x, [HALF] * 2), "x must be at most 10; got 50 at position 1"),
        (lambda x: HMM(3).loglik(x, (HALF, [HALF, HALF], [[1, 0, 0]] * 2)), "x must be at most 2; got 5 at position 0"),
        (lambda x: HMM(3).e_step([-1, 2], ([1], [[1]], [[0.2, 0.3, 0.5]])), "at least 0; got -1 at position 0"),
        (lambda x: HMM(3).loglik([0.7], ([1], [[1]], [[0.2, 0.3, 0.5]])), "whole numbers; got 0.7 at position 0"),
        (lambda x: PoissonMixture().e_step([2.5], ([1], [2])), "whole numbers; got 2.5 at position 0"),
        (lambda x: GMM1D().e_step([np.nan], ([1], [2], [1])), "finite"),
        (lambda x: KMeans().e_step([np.inf], ([1, 2],)), "finite"),
        (lambda x: Linkage().loglik([1, 2, 3], (0.5,)), "shape (4,)"),
        (lambda x: CensoredLifetimes().loglik([[1, 2]], (0.5,)), "0 or 1 for censored"),
    ],
)
def test_impossible_data_are_refused_in_direct_calls(call, said):
    refuses(lambda: call([5, 50]), "x", said)


# Kinds of numbers.


class Geometric(Mixture):
    """A mixture by its two functions, for numbers of trials up to the first success."""

    class Theta(NamedTuple):
        pi: np.ndarray
        p: np.ndarray

    def log_joint(self, x, theta):
        pi, p = theta
        return np.log(pi) + (x[:, None] - 1) * np.log1p(-p) + np.log(p)

    def m_step(self, x, q):
        return self.Theta(q.mean(axis=0), q.sum(axis=0) / (x @ q))


TRIALS = (HALF, [0.2, 0.6])


@pytest.mark.parametrize("kind", ["u1", "i1", "u8", "?", "f2", "f4", object])
def test_short_and_unsigned_numbers_do_not_wrap_around(kind):
    """0 - 1 is 255 in eight bits without a sign."""
    x = [0, 1, 0, 1] if kind == "?" else [0, 1, 5, 120]
    found, expected = (fit(Geometric(), given, TRIALS, max_iter=0)[0].loglik for given in (np.array(x, kind), x))
    assert found == expected


def test_whole_numbers_stay_whole_in_a_model_of_ones_own():
    x, _ = Geometric().check(np.array([1, 2], "u1"), TRIALS)
    assert x.dtype == int and Geometric().check([1.0, 2], TRIALS)[0].dtype == float


class Column:
    """What pandas gives: an object that numpy can make an array of, with an index that does not count from 0."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype)

    def __len__(self):
        return len(self.values)

    def __getitem__(self, key):
        raise KeyError(key)


@pytest.mark.parametrize("make", [Column, lambda x: np.array(x, object), lambda x: Column(np.array(x, object))])
def test_columns_of_a_table_are_data(make):
    cases = [
        (Coins(10), HEADS, START),
        (GMM1D(), HEADS, (HALF, [5, 8], [1, 1])),
        (HMM(10), HEADS, (HALF, [[0.6, 0.4], [0.3, 0.7]], [np.full(10, 0.1), np.arange(10) / 45])),
        (Linkage(), data.linkage(), (0.5,)),
        (Geometric(), HEADS, TRIALS),
    ]
    for model, x, theta in cases:
        values = [int(value) for value in x]
        expected = fit(model, values, theta, max_iter=2)[-1]
        assert fit(model, make(values), theta, max_iter=2)[-1].loglik == expected.loglik
        if not isinstance(model, Geometric):  # whose log_joint is a reader's
            assert model.loglik(make(values), expected.theta) == expected.loglik


@pytest.mark.parametrize("odd", ["5", None, 1j, [5]])
def test_a_column_with_something_that_is_no_number_is_refused(odd):
    x = np.array([5, 9, None], object)
    x[2] = odd
    refuses(lambda: fit(Coins(10), x, START), "x must hold numbers", repr(odd))


def test_a_column_of_shape_n_1_is_a_list():
    table = HEADS[:, None]
    assert fit(Coins(10), table, START)[-1].loglik == fit(Coins(10), HEADS, START)[-1].loglik
    assert GMM1D().loglik(table, (HALF, [5, 8], [1, 1])) == GMM1D().loglik(HEADS, (HALF, [5, 8], [1, 1]))
    assert HMM(10).loglik(table, ([1], [[1]], [np.full(10, 0.1)])) == pytest.approx(-5 * np.log(10))
    refuses(lambda: fit(Coins(10), np.column_stack([HEADS, HEADS]), START), "x", "1 dimension")
    refuses(lambda: fit(GMM(), HEADS, (HALF, [[5], [8]], [[[1]], [[1]]])), "x", "shape (N, d)", "shape (5,)")


def test_single_precision_weights_sum_to_1_as_well_as_they_can():
    pi = np.array([0.2, 0.3, 0.5], np.float32)
    assert abs(pi.astype(float).sum() - 1) > 1e-8
    theta = fit(GMM1D(), GEYSER[:, 1], (pi, [50, 60, 80], [5, 5, 5]), max_iter=0)[0].theta
    assert abs(theta.pi.sum() - 1) < 1e-15
    refuses(lambda: Coins(10, np.array([0.3, 0.6], np.float32)), "mixing must sum to 1", "sums to 0.9000000358")


def test_masked_values_are_refused_inside_a_list_too():
    column = np.ma.array([5, 9], mask=[0, 1])
    refuses(lambda: fit(GMM(), [column, [1, 2]], (HALF, [[0, 0], [1, 1]], [np.eye(2)] * 2)), "x", "masked")
    refuses(lambda: fit(Coins(10), [5, np.ma.masked], START), "x", "masked")


def test_rows_of_different_lengths_are_refused():
    refuses(lambda: fit(Geometric(), [1, 2], (HALF, [[0.2], [0.3, 0.4]])), "theta[1]", "rows of one length")
    refuses(lambda: fit(GMM(), [[1, 2], [3]], (HALF, [[0, 0], [1, 1]], [np.eye(2)] * 2)), "x", "rows of one length")


# Other tosses in each set, and several sequences.


@pytest.mark.parametrize("model, start", [(Coins, START), (BinomialMixture, (HALF, *START))])
def test_each_set_may_have_tosses_of_its_own(model, start):
    """Sets of ten and of twenty, against the same tosses: a set of twenty speaks like two of ten by one coin."""
    x, tosses = [5, 9, 18, 4], [10, 10, 20, 10]
    each, ten = model(tosses), model(10)
    theta = (np.array([0.8, 0.5]),) if model is Coins else (np.array(HALF), np.array([0.8, 0.5]))
    rows = ten.log_joint([9, 9], theta)
    prior = np.log(0.5)
    found = each.log_joint(x, theta)
    assert np.allclose(found[[0, 1, 3]], ten.log_joint([5, 9, 4], theta), rtol=1e-12)
    if model is Coins:
        assert np.allclose(found[2], rows.sum(axis=0) - prior, rtol=1e-12)
    assert check_model(each, np.array(x), model.Theta(*map(np.array, start))) == []
    p = each.m_step(x, np.eye(2)[[0, 1, 1, 0]]).p
    assert np.allclose(p, [9 / 20, 27 / 30])
    assert each == model(np.array(tosses)) and hash(each) == hash(model(tuple(tosses)))


def test_tosses_and_sets_must_match():
    refuses(lambda: fit(Coins([10, 20]), [5, 9, 8], START), "x must hold the heads of 2 sets", "got 3")
    refuses(lambda: fit(Coins([10, 20]), [11, 9], START), "x must be at most 10; got 11 at position 0")
    refuses(lambda: Coins([10, 0]), "tosses must be at least 1; got 0 at position 1")


def test_several_sequences_are_one_model():
    """l, F and the counts are sums: one sequence in two copies has its own estimate, and twice its l."""
    theta = ([0.6, 0.4], [[0.5, 0.5], [0.3, 0.7]], [[0.8, 0.2], [0.3, 0.7]])
    x = [0, 0, 1, 0, 1, 1, 1]
    one = fit(HMM(2), x, theta, tol=0, max_iter=5)[-1]
    two = fit(HMMSequences(2), [x, x], theta, tol=0, max_iter=5)[-1]
    assert np.isclose(two.loglik, 2 * one.loglik) and np.isclose(two.bound, 2 * one.bound)
    assert all(np.allclose(a, b) for a, b in zip(two.theta, one.theta, strict=True))
    assert check_model(HMMSequences(2), [[0, 0, 1], [1], [1, 0]], HMM.Theta(*map(np.array, theta))) == []
    refuses(lambda: fit(HMM(2), [[0, 1], [1]], theta), "x must be one sequence", "HMMSequences")
    refuses(lambda: fit(HMMSequences(2), [0, 1], theta), "x must be a list of sequences")


def test_keep_q_is_true_or_false():
    refuses(lambda: fit(Coins(10), HEADS, START, keep_q="no"), "keep_q must be True or False", "'no'")


# Guards of rounding and of 0 times infinity.


@pytest.mark.parametrize("model", [Coins(10), BinomialMixture(10)])
def test_a_coin_that_has_shown_both_sides_is_neither_0_nor_1(model):
    """Of its heads, or of its tails, as good as nothing is credited to the second coin."""
    assert 0 < model.m_step([0, 1], [HALF, [1, 5e-324]]).p[1] < 1e-300
    assert model.m_step([10, 9], [HALF, [1, 1e-300]]).p[1] == 1 - 2**-53
    assert model.m_step([10, 10], [HALF, HALF]).p[1] == 1 and model.m_step([0, 0], [HALF, HALF]).p[1] == 0


def test_cells_without_animals_add_nothing_even_where_they_are_impossible():
    assert np.isclose(Linkage().lower_bound([0, 5, 5, 0], 0.5, (0.0,)), 10 * np.log(1 / 4))
    assert Linkage().lower_bound([1, 5, 5, 0], 0.5, (0.0,)) == -np.inf


def test_no_lifetime_goes_on_where_none_was_censored():
    seen = [[1, 0], [2, 0]]
    assert CensoredLifetimes().lower_bound(seen, 0.0, (2.0,)) == CensoredLifetimes().loglik(seen, (2.0,))
    assert CensoredLifetimes().lower_bound([[1, 0], [2, 1]], 0.0, (2.0,)) == -np.inf


def test_counts_end_where_their_factorials_lose_digits():
    assert len(fit(PoissonMixture(), [10**6, 10**6 - 5], ([1.0], [5.0]), max_iter=1)) == 3
    refuses(lambda: fit(PoissonMixture(), [10**6 + 1], ([1.0], [5.0])), "x must be at most 1e+06")
    refuses(lambda: BinomialMixture(10**6 + 1), "tosses must be at most 1e+06")
    assert Coins(10**6 + 1).tosses == 10**6 + 1


def test_weights_and_covariances_may_miss_by_rounding_and_not_by_more():
    def start(extra, skew):
        return [0.5, 0.5 + extra], [[2, 55], [4, 80]], [[[1, 0.5], [0.5 + skew, 36]]] * 2

    assert len(fit(GMM(), GEYSER, start(5e-9, 2e-9), max_iter=1)) == 3
    refuses(lambda: fit(GMM(), GEYSER, start(2e-8, 0)), "pi must sum to 1", "sums to 1.00000002")
    refuses(lambda: fit(GMM(), GEYSER, start(0, 1e-6)), "cov must hold symmetric matrices")
    wild = np.diag([1e-320, 1e-320, 1e150])
    wild[0, 1] = wild[1, 0] = 1e-10  # 1e310 times the product of the standard deviations
    refuses(lambda: fit(GMM(), np.eye(5, 3), ([1], [[0, 0, 0]], [wild])), "cov must hold positive definite matrices")
