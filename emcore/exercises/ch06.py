"""Chapter 06, Two coins."""

import numpy as np

from ..models import Coins
from .old import answer_of, judge
from .verdict import rng


def check_expected_counts(heads_a, tails_a, heads_b, tails_b):
    """Set 2 of the coins (9 heads, 1 tail) at p = (0.6, 0.5): what each coin is credited with."""
    share = Coins(10).e_step([9], Coins.Theta((0.6, 0.5)))[0]
    right = [9 * share[0], share[0], 9 * share[1], share[1]]
    joint = np.array([0.6**9 * 0.4, 0.5**10])
    judge(
        [heads_a, tails_a, heads_b, tails_b],
        right,
        {
            "that gives the whole set to coin A: a hard decision. Split it by the responsibilities.": [9, 1, 0, 0],
            "that splits the set evenly; split it by the responsibilities.": [4.5, 0.5, 4.5, 0.5],
            "A and B are exchanged.": [*right[2:], *right[:2]],
            "those are credited by the joint probabilities: divide both by their sum first.": [
                9 * joint[0], joint[0], 9 * joint[1], joint[1]
            ],
            "those are rounded to one decimal; keep two.": np.round(right, 1),
        },
        what="the list heads A, tails A, heads B, tails B",
        tol=6e-3,
    )  # fmt: skip
    print("Right: the four numbers sum to the ten tosses of the set.")


def check_coin_e_step(e_step):
    """e_step(heads, tosses, p) must return the (N, K) responsibilities of K equally likely coins."""
    heads, tosses, p, right = random_coins(rng())
    joint = p ** heads[:, None] * (1 - p) ** (tosses - heads[:, None])
    only_heads = p ** heads[:, None]
    judge(
        answer_of(e_step, heads, tosses, p),
        right,
        {
            "your rows do not sum to 1: divide each row by its own sum.": joint,
            "your columns sum to 1, your rows do not: divide by the sum over coins, axis=1.": joint / joint.sum(axis=0),
            "the tails are missing: each of them contributes a factor 1 - p.": only_heads
            / only_heads.sum(axis=1, keepdims=True),
            "that is (K, N); transpose it, so that each row is one set.": right.T,
            "that is a hard decision, 0 or 1; keep the doubt.": (right == right.max(axis=1, keepdims=True)) * 1.0,
        },
        what="the array of responsibilities",
    )
    print("Right: every set is shared out among the coins.")


def check_coin_em(run):
    """run(heads, tosses, p, iterations) must return p after that many iterations of EM."""

    def iterate(sharpen, times):
        now = p
        for _ in range(times):
            now = share(heads, tosses, sharpen(Coins(tosses).e_step(heads, (now,))))
        return now

    def soft(q):
        return q

    def hard(q):
        return np.eye(2)[q.argmax(axis=1)]

    draw = rng()
    while True:  # until EM is still moving at the fourth iteration, so that a miscount shows
        heads, tosses, p, _ = random_coins(draw)
        if np.abs(iterate(soft, 5) - iterate(soft, 4)).min() > 1e-4:
            break
    judge(
        answer_of(run, heads, tosses, p, 4),
        iterate(soft, 4),
        {
            "p did not move: return the new p, not the start.": p,
            "that is one iteration: compute the responsibilities anew from each new p.": iterate(soft, 1),
            "that is one iteration too few.": iterate(soft, 3),
            "that is one iteration too many.": iterate(soft, 5),
            "that is hard EM: you gave every set wholly to one coin.": iterate(hard, 4),
        },
        what="p after four iterations",
    )
    print("Right: E and M in turn, each from the other's last answer.")


def check_coin_m_step(m_step):
    """m_step(heads, tosses, q) must return p, shape (K,)."""
    heads, tosses, _, q = random_coins(rng())
    right = share(heads, tosses, q)
    judge(
        answer_of(m_step, heads, tosses, q),
        right,
        {
            "you divided by all tosses; divide by the tosses that each coin is credited with.": heads
            @ q
            / (tosses * len(heads)),
            "those are expected heads: divide them by the expected tosses of each coin.": heads @ q,
            "those are heads per set: divide by the tosses of a set too.": right * tosses,
            "that is heads against tails, the odds; divide by heads plus tails.": right / (1 - right),
        },
        what="p",
    )
    print("Right: expected heads over expected tosses, coin by coin.")


def check_dice_m_step(m_step):
    """m_step(counts, q) must return p (K, S): the probability of each side of each die."""
    draw = rng()
    counts, q = draw.multinomial(12, np.full(6, 1 / 6), size=8) + 1.0, draw.dirichlet([1, 1], 8)
    expected = q.T @ counts
    right = expected / expected.sum(axis=1, keepdims=True)
    judge(
        answer_of(m_step, counts, q),
        right,
        {
            "those are expected counts: divide each row by its sum, so that each die's sides sum to 1.": expected,
            "you divided by the expected number of sets; divide by the expected rolls of each die.": expected
            / q.sum(axis=0)[:, None],
            "your columns sum to 1, your rows do not: each die is a row.": expected / expected.sum(axis=0),
            "that is (sides, dice); transpose it, so that each row is one die.": right.T,
            "both dice came out alike: weight each set by its responsibilities.": np.tile(
                counts.sum(axis=0) / counts.sum(), (2, 1)
            ),
        },
        what="the array of probabilities",
    )
    print("Right: expected counts of each side, over all expected rolls of that die.")


def random_coins(draw):
    """Heads, tosses per set, p and the posterior, drawn at random."""
    tosses = 2 * int(draw.integers(6, 10)) + 1  # odd: no set is half heads, a tie in hard EM
    heads = np.array([4.0, tosses - 4, *draw.integers(4, tosses - 3, 5)])  # both coins get a set, even in hard EM
    p = draw.uniform([0.53, 0.43], [0.57, 0.47])  # almost alike: the first iterations still move far
    return heads, tosses, p, Coins(tosses).e_step(heads, (p,))


def share(heads, tosses, q):
    """Expected heads over expected tosses."""
    return heads @ q / (tosses * q.sum(axis=0))
