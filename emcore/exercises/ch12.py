"""Chapter 12, when EM goes wrong."""

from collections.abc import Sequence
from itertools import permutations

import numpy as np

from ..models import BinomialMixture
from .answers import Function, answer_of, finite_answer_of, numbers, unpack
from .draws import by_row, draw_coins, draw_gaussians, draw_q, draw_weights
from .verdict import Slip, check, judge, rng


@check
def check_three_coins(new_weight: float, new_p: Sequence[float]) -> str:
    """Li Hang's three coins from (.3, .5, .8), six 1s of ten: pi_1, and p, after one iteration."""
    model, x = BinomialMixture(1), np.repeat([1, 0], [6, 4])

    def after(pi: tuple[float, float]) -> BinomialMixture.Theta:
        return model.m_step(x, model.e_step(x, (pi, (0.5, 0.8))))

    right, unweighted = after((0.3, 0.7)), after((0.5, 0.5))
    for_a_one, for_a_zero = model.e_step(x, ((0.3, 0.7), (0.5, 0.8)))[[0, -1]]
    slips = [
        Slip(0.3, "that is the start; do one iteration."),
        Slip(right.pi[1], "that is the other coin's weight."),
        Slip(unweighted.pi[0], "new_weight: the responsibilities lack the weights .3 and .7."),
        Slip(for_a_one[0], "that is the responsibility for a 1; take the mean over all ten results."),
        Slip(for_a_zero[0], "that is the responsibility for a 0; take the mean over all ten results."),
    ]
    judge(new_weight, right.pi[0], slips, what="new_weight", decimals=3, n=10)
    slips = [
        Slip((0.5, 0.8), "those are the start; do one iteration."),
        Slip(right.p[::-1], "the two are exchanged: p_1 belongs to the coin with weight pi_1."),
        Slip(unweighted.p, "new_p: the responsibilities lack the weights .3 and .7."),
        Slip(0.6 * for_a_one, "divide by all that each coin is credited with, not by ten results."),
    ]
    judge(new_p, right.p, slips, what="new_p", decimals=3)
    return f"and pi_1 p_1 + pi_2 p_2 is {right.pi @ right.p:.1f}, where it stays."


@check
def check_safe_e_step(safe_e_step: Function) -> str:
    """safe_e_step(x, pi, mu, sigma) must give responsibilities (N, K) for extreme x too."""
    draw = rng()
    otherwise = "right for moderate x, but 0/0 for x = -500 or 300: work with logs, and subtract each row's largest."
    for K in (2, 3, 4):
        x, pi, mu, sigma = draw_gaussians(draw, K)
        right, joint = posterior(x, pi, mu, sigma)
        slips = [
            Slip(posterior(x, np.ones(K), mu, sigma)[0], "the weights pi are missing."),
            Slip(posterior(x, pi * sigma, mu, sigma)[0], "the division by sigma is missing."),
            Slip(joint / joint.max(axis=1, keepdims=True), "the rows do not sum to 1: divide by their sums."),
        ]
        answer = answer_of(safe_e_step, x=x, pi=pi, mu=mu, sigma=sigma)
        judge(answer, right, slips, what=f"the array of responsibilities for K = {K}")
        far = np.array([-500.0, 300.0, *x])
        answer = finite_answer_of(safe_e_step, x=far, pi=pi, mu=mu, sigma=sigma, otherwise=otherwise)
        alike, lost = posterior(far, pi, mu, sigma)[0], posterior(far, pi, mu, sigma)[0]
        alike[:2], lost[:2] = 1 / K, 0
        slips = [
            Slip(alike, "a small number against 0/0 leaves far points undecided; subtract each row's top log."),
            Slip(lost, "a small number against 0/0 loses far points: their rows sum to 0."),
        ]
        judge(answer, posterior(far, pi, mu, sigma)[0], slips, what="the array for extreme x")
    return "for moderate x, and for x hundreds of sigmas away."


def posterior(x: np.ndarray, pi: np.ndarray, mu: np.ndarray, sigma: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The responsibilities of K Gaussians, and the joint that they come from, each row up to a factor."""
    log_p = np.log(pi / sigma) - 0.5 * ((x[:, None] - mu) / sigma) ** 2
    joint = np.exp(log_p - log_p.max(axis=1, keepdims=True))
    return by_row(joint), joint


@check
def check_in_order(in_order: Function) -> str:
    """in_order(pi, mu, sigma) must return the same mixture, ordered by mean."""
    draw = rng()
    for K in (3, 4, 5):
        orders: list[np.ndarray] = []
        while len({tuple(order) for order in orders}) < 6:  # no order is another one
            pi, sigma, mu = draw_weights(draw, K), draw.uniform(0.5, 2, K), draw.uniform(-3, 3, K)
            orders = [np.argsort(mu), np.argsort(-mu), np.argsort(pi), np.argsort(sigma), np.arange(K)]
            orders.append(np.argsort(orders[0]))  # the places in the order, not the order
        right, backward, by_weight, by_sigma, unchanged, by_place = (
            np.array([pi, mu, sigma])[:, order] for order in orders
        )
        slips = [
            Slip(unchanged, "nothing was rearranged: return the arrays in the order of the means."),
            Slip(np.sort([pi, mu, sigma]), "each array is sorted by itself: that is another mixture."),
            Slip([pi, np.sort(mu), sigma], "only mu was rearranged; pi and sigma must follow."),
            Slip(backward, "the order is reversed: the smallest mean first."),
            Slip(by_weight, "that is ordered by weight; order by mean."),
            Slip(by_sigma, "that is ordered by sigma; order by mean."),
            Slip(by_place, "that takes each mean's place for an order: one np.argsort is enough."),
        ]
        answer = unpack(answer_of(in_order, pi=pi, mu=mu, sigma=sigma), "pi", "mu", "sigma")
        judge(answer, right, slips, what="(pi, mu, sigma)")
    return "the same density, with names that do not depend on the run."


@check
def check_agreement_of(agreement_of: Function) -> str:
    """agreement_of(labels, truth, K) must be the largest share of agreement over all renamings."""
    draw, found, answers = rng(), [], []
    for K in (4, 3, 2, 4, 3):
        counts: list[int] = []
        while len(set(counts)) < (7 if K == 4 else 1):  # with K = 4, until every incomplete search falls short
            table = draw.integers(0, 9, (K, K))  # rows: labels, columns: truth
            counts = agreements(table)
        order = draw.permutation(table.sum())
        labels, truth = (np.repeat(axis.ravel(), table.ravel())[order] for axis in np.indices((K, K)))
        answer = numbers(answer_of(agreement_of, labels=labels, truth=truth, K=K), "the agreement")
        if answer.size != 1:
            judge(answer, counts[0] / len(truth), what="the agreement")
        answers.append(answer.item())
        found.append(np.array(counts) / len(truth))
    right, unnamed, purity, swapped, turned, greedy, in_turn = np.transpose(found)
    slips = [
        Slip(unnamed, "labels have no names: try all ways to rename them."),
        Slip(purity, "that gives each label its commonest truth, so two may get the same name; give each its own."),
        Slip(swapped, "that swaps two labels only; there are more ways to rename."),
        Slip(turned, "that turns the names in a circle only; there are more ways to rename."),
        Slip(greedy, "that gives out names by the largest overlap first; a smaller one may be better in all."),
        Slip(in_turn, "that gives each label in turn the best name that is left; an earlier one may cost more in all."),
    ]
    judge(answers, right, slips, what="the list of five agreements")
    return "whatever the labels are called."


def agreements(table: np.ndarray) -> list[int]:
    """How many agree under the best renaming, and under those that incomplete searches find."""
    K, rest, greedy, in_turn = len(table), table.copy(), 0, 0
    free = list(range(K))
    named = {names: sum(table[j, names[j]] for j in range(K)) for names in permutations(range(K))}
    for _ in range(K):
        j, k = np.unravel_index(rest.argmax(), rest.shape)
        greedy += table[j, k]
        rest[j], rest[:, k] = -1, -1
    for row in table:
        in_turn += row[taken := max(free, key=lambda k: row[k])]
        free.remove(taken)
    circles = [tuple(np.roll(range(K), shift).tolist()) for shift in range(K)]
    swaps = [names for names in named if sum(name != j for j, name in enumerate(names)) <= 2]
    searched = [max(named[names] for names in some) for some in (swaps, circles)]
    return [max(named.values()), named[tuple(range(K))], table.max(axis=1).sum(), *searched, greedy, in_turn]


@check
def check_map_step(map_step: Function) -> str:
    """map_step(heads, tosses, q, a) must return p with a heads and a tails added for each coin."""
    draw = rng()
    for K in (2, 3, 4):
        heads, tosses, _ = draw_coins(draw, K)
        q, a = draw_q(draw, len(heads), K), draw.uniform(1.2, 3)
        credit, total = heads @ q, tosses * q.sum(axis=0)
        slips = [
            Slip(credit / total, "that is the M-step without the prior; a is not used."),
            Slip((credit + a) / (total + a), "a tails were not counted: add 2a to the tosses."),
            Slip((credit + a) / total, "the tosses did not grow: add 2a below."),
            Slip(credit / (total + 2 * a), "the heads did not grow: add a above."),
            Slip(credit + a, "those are expected heads; divide by the expected tosses."),
            Slip((credit + a - 1) / (total + 2 * a - 2), "that adds a - 1 heads and tails; here it is a of each."),
            Slip((credit + a) / (q.sum(axis=0) + 2 * a), "q counts sets, not tosses: multiply by the tosses of a set."),
        ]
        answer = answer_of(map_step, heads=heads, tosses=tosses, q=q, a=a)
        judge(answer, (credit + a) / (total + 2 * a), slips, what=f"p for K = {K}")
    return "no coin gets p = 0 or p = 1."
