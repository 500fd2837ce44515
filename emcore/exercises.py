"""The checks behind "Check yourself": each draws its data at random, and says what is off in words.

A check prints one line when the answer is right and raises NotYet when it is not. The common wrong
answers are computed on the same data as the right one, so each is recognized and named.
"""

import numpy as np

from .coins import Coins
from .gmm import GMM1D

seed = None  # None: other data at every check; a number: the same data for everybody


class NotYet(AssertionError):
    """An answer that is not right yet; notebooks show its message alone, without a traceback."""

    def _render_traceback_(self):
        return [f"Not yet: {self}"]


def judge(answer, right, mistakes, *, what, tol=1e-6):
    """Raise NotYet unless answer equals right within tol; say which of mistakes {message: value} it equals."""
    right = np.asarray(right, float)
    try:
        given = np.asarray(answer, float)
    except (TypeError, ValueError):
        raise NotYet(f"{what} should be numbers; yours is {type(answer).__name__}.") from None
    if given.shape == right.shape and np.allclose(given, right, rtol=tol, atol=tol):
        return
    for message, wrong in mistakes.items():
        if given.shape == np.shape(wrong) and np.allclose(given, wrong, rtol=tol, atol=tol):
            raise NotYet(message)
    if given.shape != right.shape:
        raise NotYet(f"{what} should have shape {right.shape}; yours has {given.shape}.")
    if not np.isfinite(given).all():
        raise NotYet(f"{what} should be finite; yours holds {given[~np.isfinite(given)][0]}.")
    worst = np.unravel_index(np.argmax(np.abs(given - right)), right.shape)
    place = f" at position {', '.join(str(int(i)) for i in worst)}" if worst else ""
    raise NotYet(f"{what} is off{place}: {given[worst]:.4g} where {right[worst]:.4g} is right.")


def answer_of(function, *arguments):
    """The student's function at work; a stub that is not written yet is not a wrong answer."""
    try:
        answer = function(*arguments)
    except NotImplementedError:
        answer = None
    if answer is None:
        raise NotYet(f"`{function.__name__}` returns nothing yet: write it, then run this check again.")
    return answer


def unpack(answer, *names):
    """The student's several answers, one by one."""
    if not isinstance(answer, tuple | list | np.ndarray) or len(answer) != len(names):
        raise NotYet(f"return {len(names)} things, in this order: {', '.join(names)}.")
    return answer


# Chapter 05


def check_first_step(q, mu):
    """Data -1, 0, 2, 3 under N(0, 1) and N(mu, 1), equal weights, mu = 2: q of the second, then the new mu."""
    x = np.array([-1.0, 0.0, 2.0, 3.0])
    right = 1 / (1 + np.exp(2 - 2 * x))
    judge(
        q,
        right,
        {
            "those are the responsibilities of the first Gaussian; asked are those of the second.": 1 - right,
            "that is a hard decision, 0 or 1; a responsibility keeps the doubt.": right > 0.5,
            "those are densities: divide each by the sum of both densities at the same point.": normal(x, 2, 1),
        },
        what="q",
        tol=6e-3,
    )
    judge(
        mu,
        right @ x / right.sum(),
        {
            "you divided by the number of points; divide by the sum of the responsibilities.": right @ x / 4,
            "that is the mean of all points, each counted fully; weight each by its q.": x.mean(),
            "that is the mean of the points nearer to 2: hard assignment. Weight every point by its q.": 2.5,
        },
        what="mu",
        tol=2e-3,
    )
    print("Right: the second Gaussian moves to the mean of the points, each weighted by its q.")


def check_e_step(e_step):
    """e_step(x, pi, mu, sigma) must return the (N, K) responsibilities of a Gaussian mixture."""
    x, theta, right = random_mixture(np.random.default_rng(seed))
    joint = np.stack([p * normal(x, m, s) for p, m, s in zip(*theta, strict=True)], axis=1)
    density = joint / theta.pi
    narrow = np.stack([p * normal(x, m, np.sqrt(s)) for p, m, s in zip(*theta, strict=True)], axis=1)
    judge(
        answer_of(e_step, x, *theta),
        right,
        {
            "your rows do not sum to 1: that is the joint. Divide each row by its own sum.": joint,
            "your columns sum to 1, your rows do not: divide by the sum over components, axis=1.": joint
            / joint.sum(axis=0),
            "the weights pi are missing: multiply each density by its pi before you divide.": density
            / density.sum(axis=1, keepdims=True),
            "sigma is a standard deviation here; you used it as a variance.": narrow
            / narrow.sum(axis=1, keepdims=True),
            "that is (K, N); transpose it, so that each row is one observation.": right.T,
        },
        what="the array of responsibilities",
    )
    print("Right: every row sums to 1, and the weights are in.")


def check_m_step(m_step):
    """m_step(x, q) must return pi, mu, sigma, each (K,), for a Gaussian mixture."""
    x, _, q = random_mixture(np.random.default_rng(seed))
    pi, mu, sigma = GMM1D().m_step(x, q)
    answer = unpack(answer_of(m_step, x, q), "pi", "mu", "sigma")
    judge(
        answer[0],
        pi,
        {
            "pi sums to the number of observations: divide by it.": pi * len(x),
            "pi is not updated: it is the mean responsibility of each component.": np.full(len(pi), 1 / len(pi)),
        },
        what="pi",
    )
    judge(
        answer[1],
        mu,
        {
            "mu is divided by the number of observations; divide by the sum of each column of q.": x @ q / len(x),
            "every component got the same mean: weight each x by its responsibility.": np.full(len(pi), x.mean()),
        },
        what="mu",
    )
    about = x.mean()
    judge(
        answer[2],
        sigma,
        {
            "that is the variance; sigma is its square root.": sigma**2,
            "sigma is measured about the mean of all data; measure it about each component's own mu.": np.sqrt(
                (q * (x[:, None] - about) ** 2).sum(axis=0) / q.sum(axis=0)
            ),
            "sigma is divided by the number of observations; divide by the sum of each column of q.": sigma
            * np.sqrt(pi),
            "every component got the same sigma: weight each square by its responsibility.": np.full(len(pi), x.std()),
        },
        what="sigma",
    )
    print("Right: weights, means and standard deviations, each weighted by q.")


def check_exponential_m_step(m_step):
    """m_step(x, q) must return pi and mean, each (K,), for a mixture of exponentials."""
    rng = np.random.default_rng(seed)
    x, q = rng.exponential(3, 40), rng.dirichlet([1, 1], 40)
    answer = unpack(answer_of(m_step, x, q), "pi", "mean")
    sizes = q.sum(axis=0)
    judge(
        answer[0],
        sizes / len(x),
        {"pi sums to the number of observations: divide by it.": sizes},
        what="pi",
    )
    mean = x @ q / sizes
    judge(
        answer[1],
        mean,
        {
            "those are the rates, 1 / mean; the mean itself is asked.": 1 / mean,
            "you divided by the number of observations; divide by the sum of each column of q.": x @ q / len(x),
            "every component got the same mean: weight each x by its responsibility.": np.full(2, x.mean()),
        },
        what="mean",
    )
    print("Right: a weighted mean again, though the family is another.")


# Chapter 06


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
        },
        what="the list heads A, tails A, heads B, tails B",
        tol=6e-3,
    )  # fmt: skip
    print("Right: the four numbers sum to the ten tosses of the set.")


def check_coin_e_step(e_step):
    """e_step(heads, tosses, p) must return the (N, K) responsibilities of K equally likely coins."""
    heads, tosses, p, right = random_coins(np.random.default_rng(seed))
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
        return np.eye(2)[q.argmax(axis=1)] + 1e-300

    rng = np.random.default_rng(seed)
    while True:  # until EM is still moving at the fourth iteration, so that a miscount shows
        heads, tosses, p, _ = random_coins(rng)
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
    heads, tosses, _, q = random_coins(np.random.default_rng(seed))
    right = share(heads, tosses, q)
    judge(
        answer_of(m_step, heads, tosses, q),
        right,
        {
            "you divided by all tosses; divide by the tosses that each coin is credited with.": heads
            @ q
            / (tosses * len(heads)),
            "those are expected heads: divide them by the expected tosses of each coin.": heads @ q,
            "that is heads against tails, the odds; divide by heads plus tails.": right / (1 - right),
        },
        what="p",
    )
    print("Right: expected heads over expected tosses, coin by coin.")


def check_dice_m_step(m_step):
    """m_step(counts, q) must return p (K, S): the probability of each side of each die."""
    rng = np.random.default_rng(seed)
    counts, q = rng.multinomial(12, np.full(6, 1 / 6), size=8) + 1.0, rng.dirichlet([1, 1], 8)
    expected = q.T @ counts
    right = expected / expected.sum(axis=1, keepdims=True)
    judge(
        answer_of(m_step, counts, q),
        right,
        {
            "those are expected counts: divide each row by its sum, so that each die's sides sum to 1.": expected,
            "your columns sum to 1, your rows do not: each die is a row.": expected / expected.sum(axis=0),
            "that is (sides, dice); transpose it, so that each row is one die.": right.T,
            "both dice came out alike: weight each set by its responsibilities.": np.tile(
                counts.sum(axis=0) / counts.sum(), (2, 1)
            ),
        },
        what="the array of probabilities",
    )
    print("Right: expected counts of each side, over all expected rolls of that die.")


# The data that the checks draw


def normal(x, mu, sigma):
    return np.exp(-0.5 * ((x - mu) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))


def random_mixture(rng):
    """x, theta and the posterior of a Gaussian mixture drawn at random, its weights unequal."""
    first = rng.uniform(0.15, 0.35)
    theta = GMM1D.Theta(
        np.array([first, 1 - first]), rng.uniform([-3, 0], [-1, 2]), rng.uniform([1.5, 0.4], [2.5, 0.8])
    )
    x = rng.normal(0, 2, 9)
    return x, theta, GMM1D().e_step(x, theta)


def random_coins(rng):
    """Heads, tosses per set, p and the posterior, drawn at random."""
    tosses = int(rng.integers(12, 20))
    heads = rng.integers(4, tosses - 3, 7).astype(float)
    p = rng.uniform([0.53, 0.43], [0.57, 0.47])  # almost alike: the first iterations still move far
    return heads, tosses, p, Coins(tosses).e_step(heads, (p,))


def share(heads, tosses, q):
    """Expected heads over expected tosses."""
    return heads @ q / (tosses * q.sum(axis=0))
