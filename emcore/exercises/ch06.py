"""Chapter 06, Two coins."""

import numpy as np

from .answers import Function, answer_of
from .draws import by_row, draw_coins, draw_q, log_tosses, share
from .verdict import Slip, check, judge, rng


@check
def check_expected_counts(heads_a: float, tails_a: float, heads_b: float, tails_b: float) -> str:
    """A set of 6 heads and 4 tails at p = (0.7, 0.4): what each coin is credited with."""
    joint = np.array([0.7**6 * 0.3**4, 0.4**6 * 0.6**4])
    right = np.outer(joint / joint.sum(), [6, 4]).ravel()
    slips = [
        Slip([6, 4, 0, 0], "that gives the whole set to coin A: a hard decision. Split it by the responsibilities."),
        Slip([3, 2, 3, 2], "that splits the set evenly; split it by the responsibilities."),
        Slip(right[[2, 3, 0, 1]], "A and B are exchanged."),
        Slip(np.outer(joint, [6, 4]).ravel(), "those are credited by the joint: divide both by their sum first."),
        Slip(joint[[0, 0, 1, 1]] / joint.sum(), "those are the responsibilities: multiply heads and tails by them."),
    ]
    judge([heads_a, tails_a, heads_b, tails_b], right, slips, what="the list of all four", decimals=2)
    return "the four numbers sum to the ten tosses of the set."


@check
def check_coin_e_step(e_step: Function) -> str:
    """e_step(heads, tosses, p) must return the (N, K) responsibilities of K equally likely coins."""
    draw = rng()
    for K in (2, 3, 4):
        heads, tosses, p = draw_coins(draw, K)
        joint = np.exp(log_tosses(heads, tosses, p))
        slips = [
            Slip(by_row(p ** heads[:, None]), "the tails are missing: each of them contributes a factor 1 - p."),
            Slip(by_row((1 - p) ** (tosses - heads[:, None])), "the heads are missing: each contributes a factor p."),
            Slip(by_row(p * joint), "p is not how often a coin is drawn: all are drawn equally often."),
        ]
        answer = answer_of(e_step, heads=heads, tosses=tosses, p=p)
        judge(answer, by_row(joint), slips, what=f"the array of responsibilities for K = {K}")
    return "every set is shared out among the coins."


@check
def check_coin_m_step(m_step: Function) -> str:
    """m_step(heads, tosses, q) must return p, shape (K,)."""
    draw = rng()
    for K in (2, 3, 4):
        heads, tosses, _ = draw_coins(draw, K)
        q = draw_q(draw, len(heads), K)
        right = share(heads, tosses, q)
        slips = [
            Slip(heads @ q / (tosses * len(heads)), "you divided by all tosses: which are the coin's own?"),
            Slip(heads @ q, "those are expected heads: divide them by the expected tosses of each coin."),
            Slip(right * tosses, "those are heads per set: divide by the tosses of a set too."),
            Slip(right / (1 - right), "that is heads against tails, the odds; divide by heads plus tails."),
            Slip(np.full(K, heads.mean() / tosses), "all coins came out alike: weight each set by its q."),
        ]
        judge(answer_of(m_step, heads=heads, tosses=tosses, q=q), right, slips, what=f"p for K = {K}")
    return "a coin that is credited with few sets is not starved."


@check
def check_coin_em(run: Function) -> str:
    """run(heads, tosses, p, iterations) must return p after that many iterations of EM."""
    draw = rng()
    for K, iterations in ((2, 4), (3, 3), (4, 6), (2, int(draw.integers(7, 12)))):
        moving = False
        while not moving:  # until a miscount of the iterations shows
            heads, tosses, p = draw_coins(draw, K)
            path, hard = em(heads, tosses, p, iterations + 1), em(heads, tosses, p, iterations, hard=True)[-1]
            moving = np.abs(path[-1] - path[-2]).max() > 1e-4 and np.isfinite(hard).all()
        slips = [
            Slip(p, "p did not move: return the new p, not the start."),
            Slip(path[1], "that is one iteration: compute the responsibilities anew from each new p."),
            Slip(path[-3], "that is one iteration too few."),
            Slip(path[-1], "that is one iteration too many."),
            Slip(hard, "that is hard EM: you gave every set wholly to one coin."),
        ]
        answer = answer_of(run, heads=heads, tosses=tosses, p=p, iterations=iterations)
        judge(answer, path[-2], slips, what=f"p of {K} coins after {iterations} iterations")
    return "E and M in turn, each from the other's last answer."


def em(heads: np.ndarray, tosses: int, p: np.ndarray, iterations: int, hard: bool = False) -> list[np.ndarray]:
    """p at the start and after each iteration, nan where a coin of hard EM loses its sets."""
    path = [p]
    for _ in range(iterations):
        log_p = log_tosses(heads, tosses, path[-1])
        q = np.eye(len(p))[log_p.argmax(axis=1)] if hard else by_row(np.exp(log_p))
        path.append(share(heads, tosses, q))
    return path


@check
def check_dice_m_step(m_step: Function) -> str:
    """m_step(counts, q) must return p (K, S): the probability of each side of each die."""
    draw = rng()
    for K, sides in ((2, 6), (3, 4), (4, 5)):
        rolls = draw.permutation(np.arange(6, 22, 2))  # in each set another number
        counts, q = draw.multinomial(rolls, np.full(sides, 1 / sides)) + 1.0, draw_q(draw, 8, K)
        expected, sets = q.T @ counts, q.sum(axis=0)[:, None]
        slips = [
            Slip(expected, "those are expected counts: divide each row by its sum, so that each die's sides sum to 1."),
            Slip(expected / sets, "you divided by the expected number of sets, not by the expected rolls of each die."),
            Slip(expected / (sets * counts[0].sum()), "the sets differ in length: count each die's rolls."),
            Slip(by_row(q.T @ by_row(counts)), "a long set should count more than a short one."),
            Slip(np.tile(counts.sum(axis=0) / counts.sum(), (K, 1)), "all dice came out alike: weight each set."),
        ]
        judge(answer_of(m_step, counts=counts, q=q), by_row(expected), slips, what=f"the probabilities of {K} dice")
    return "expected counts of each side, over all expected rolls of that die."
