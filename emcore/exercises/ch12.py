"""Chapter 12, when EM goes wrong."""

from itertools import permutations

import numpy as np

from ..models import GMM1D, BinomialMixture
from .answers import unpack
from .old import answer_of, finite_answer_of, judge
from .verdict import rng


def check_three_coins(new_weight, new_p):
    """Li Hang's three coins from (.4, .6, .7), six 1s of ten: pi_1, and p, after one iteration."""
    model, x = BinomialMixture(1), np.repeat([1, 0], [6, 4])

    def after(pi):
        return model.m_step(x, model.e_step(x, (pi, (0.6, 0.7))))

    right, unweighted = after((0.4, 0.6)), after((0.5, 0.5))
    for_a_one, for_a_zero = model.e_step(x, ((0.4, 0.6), (0.6, 0.7)))[[0, -1]]
    mistakes = {
        "that is the start; do one iteration.": 0.4,
        "that is the other coin's weight.": right.pi[1],
        "new_weight: the responsibilities lack the weights .4 and .6.": unweighted.pi[0],
        "that is the responsibility for a 1; take the mean over all ten results.": for_a_one[0],
        "that is the responsibility for a 0; take the mean over all ten results.": for_a_zero[0],
    }
    judge(new_weight, right.pi[0], mistakes, what="new_weight", tol=1e-3)
    mistakes = {
        "those are the start; do one iteration.": (0.6, 0.7),
        "the two are exchanged: p_1 belongs to the coin with weight pi_1.": right.p[::-1],
        "new_p: the responsibilities lack the weights .4 and .6.": unweighted.p,
        "divide by all that each coin is credited with, not by ten results.": 0.6 * for_a_one,
    }
    judge(new_p, right.p, mistakes, what="new_p", tol=1e-3)
    print(f"Right: and pi_1 p_1 + pi_2 p_2 is {right.pi @ right.p:.1f}, where it stays.")


def check_safe_e_step(safe_e_step):
    """safe_e_step(x, pi, mu, sigma) must give responsibilities (N, K) for extreme x too."""
    draw = rng()
    x, pi = draw.normal(0, 3, 7), draw.dirichlet([3, 3])
    mu, sigma = np.array([-1.0, 2.0]), draw.uniform(0.5, 2, 2)
    right = GMM1D().e_step(x, (pi, mu, sigma))
    log_p = -0.5 * ((x[:, None] - mu) / sigma) ** 2
    mistakes = {
        "the weights pi are missing.": _shares(log_p - np.log(sigma)),
        "the division by sigma is missing.": _shares(log_p + np.log(pi)),
        "that is (K, N); transpose it, so that each row is one observation.": right.T,
        "the rows do not sum to 1: divide by their sums.": np.exp(log_p - np.log(sigma) + np.log(pi))
        / np.exp(log_p - np.log(sigma) + np.log(pi)).max(axis=1, keepdims=True),
        "those are logs of responsibilities; exponentiate.": np.log(right),
    }
    judge(answer_of(safe_e_step, x, pi, mu, sigma), right, mistakes, what="the array of responsibilities")
    far = np.array([-500.0, 300.0])
    otherwise = "right for moderate x, but 0/0 for x = -500 or 300: work with logs, and subtract each row's largest."
    answer = finite_answer_of(safe_e_step, far, pi, mu, sigma, otherwise=otherwise)
    mistakes = {
        "a small number against 0/0 leaves far points undecided; subtract each row's top log.": np.full((2, 2), 0.5),
        "a small number against 0/0 loses far points: their rows sum to 0.": np.zeros((2, 2)),
    }
    judge(answer, GMM1D().e_step(far, (pi, mu, sigma)), mistakes, what="the array for extreme x")
    print("Right: for moderate x, and for x a thousand sigmas away.")


def _shares(log_p):
    p = np.exp(log_p - log_p.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


def check_in_order(in_order):
    """in_order(pi, mu, sigma) must return the same mixture, ordered by mean."""
    draw = rng()
    mu = np.array([2.0, -1.0, 0.5]) + draw.uniform(-0.2, 0.2, 3)
    pi, sigma = np.array([0.2, 0.3, 0.5]), np.array([1.5, 2.5, 1.0])
    order = np.argsort(mu)
    right = np.array([pi[order], mu[order], sigma[order]])
    mistakes = {
        "each array is sorted by itself: that is another mixture. Use one order for all three.": np.sort(
            [pi, mu, sigma]
        ),
        "only mu was rearranged; pi and sigma must follow.": [pi, np.sort(mu), sigma],
        "the order is reversed: the smallest mean first.": right[:, ::-1],
        "that is ordered by weight; order by mean.": [pi, mu, sigma],
    }
    answer = unpack(answer_of(in_order, pi, mu, sigma), "pi", "mu", "sigma")
    judge(answer, right, mistakes, what="(pi, mu, sigma)")
    print("Right: the same density, with names that do not depend on the run.")


def check_agreement_of(agreement_of):
    """agreement_of(labels, truth, K) must be the largest share of agreement over all renamings."""
    draw = rng()
    truth = np.repeat([0, 1, 2], [14, 6, 4])

    def agree(*renamings):
        return max(np.mean(np.array(names)[labels] == truth) for names in renamings)

    while True:  # until the common mistakes differ from what is right and from each other
        labels = np.array([1, 2, 0])[np.where(draw.random(24) < 0.5, draw.permutation(truth), truth)]
        right, unnamed = agree(*permutations(range(3))), agree((0, 1, 2))
        swapped = agree((0, 1, 2), (1, 0, 2), (0, 2, 1), (2, 1, 0))
        purity = sum(np.bincount(truth[labels == k]).max() for k in set(labels)) / 24
        if len({round(24 * share) for share in (right, 1 - right, unnamed, swapped, purity)}) == 5:
            break
    mistakes = {
        "labels have no names: try all ways to rename them.": unnamed,
        "that is the share that disagrees.": 1 - right,
        "that gives each label its commonest truth, so two may get the same name; give each its own.": purity,
        "that is a count; divide by the number of observations.": 24 * right,
        "that swaps two labels only; with K = 3 there are six ways to rename.": swapped,
    }
    judge(answer_of(agreement_of, labels, truth, 3), right, mistakes, what="the agreement")
    print("Right: whatever the labels are called.")


def check_map_step(map_step):
    """map_step(heads, tosses, q, a) must return p with a heads and a tails added for each coin."""
    draw = rng()
    tosses, a = int(draw.integers(6, 12)), draw.uniform(1, 3)
    heads, q = draw.integers(0, tosses + 1, 8).astype(float), draw.dirichlet([2, 2], 8)
    credit, total = heads @ q, tosses * q.sum(axis=0)
    mistakes = {
        "that is the M-step without the prior; a is not used.": credit / total,
        "a tails were not counted: add 2a to the tosses.": (credit + a) / (total + a),
        "the tosses did not grow: add 2a below.": (credit + a) / total,
        "the heads did not grow: add a above.": credit / (total + 2 * a),
        "those are expected heads; divide by the expected tosses.": credit + a,
        "that is for a - 1 heads and tails in advance; here a heads and a tails are added.": (credit + a - 1)
        / (total + 2 * a - 2),
        "q counts sets, not tosses: multiply by the tosses of a set.": (credit + a) / (q.sum(axis=0) + 2 * a),
    }
    judge(answer_of(map_step, heads, tosses, q, a), (credit + a) / (total + 2 * a), mistakes, what="p")
    print("Right: no coin gets p = 0 or p = 1.")
