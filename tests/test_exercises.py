"""The checks accept every right answer, name the wrong answers that people give, and forgive a stub."""

import numpy as np
import pytest

from emcore import exercises
from emcore.exercises import NotYet

DRAWS = 20


def normal(x, mu, sigma):
    return np.exp(-0.5 * ((x - mu) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))


def joint(x, pi, mu, sigma):
    return pi * normal(x[:, None], mu, sigma)


def by_row(table):
    return table / table.sum(axis=1, keepdims=True)


def by_column(table):
    return table / table.sum(axis=0)


def tosses_of(heads, tosses, p):
    return p ** heads[:, None] * (1 - p) ** (tosses - heads[:, None])


def m_step(x, q, *, size=None, about=None, power=0.5):
    size = q.sum(axis=0) if size is None else size
    mu = x @ q / q.sum(axis=0)
    center = mu if about is None else about
    return q.mean(axis=0), mu, ((q * (x[:, None] - center) ** 2).sum(axis=0) / size) ** power


def coin_m_step(heads, tosses, q):
    return heads @ q / (tosses * q.sum(axis=0))


def coin_em(e_step, heads, tosses, p, iterations):
    for _ in range(iterations):
        p = coin_m_step(heads, tosses, e_step(tosses_of(heads, tosses, p)))
    return p


def harden(table):
    return np.eye(table.shape[1])[table.argmax(axis=1)]


def dice(counts, q):
    expected = q.T @ counts
    return expected / expected.sum(axis=1, keepdims=True)


Q1 = np.array([0.0180, 0.1192, 0.8808, 0.9820])

RIGHT = [
    (exercises.check_first_step, (Q1, 2.3448)),
    (exercises.check_first_step, ([0.018, 0.119, 0.881, 0.982], np.float64(2.345))),
    (exercises.check_e_step, (lambda x, *theta: by_row(joint(x, *theta)),)),
    (exercises.check_e_step, (lambda x, *theta: by_row(joint(x, *theta)).tolist(),)),
    (exercises.check_m_step, (m_step,)),
    (exercises.check_m_step, (lambda x, q: list(m_step(x, q)),)),
    (exercises.check_exponential_m_step, (lambda x, q: m_step(x, q)[:2],)),
    (exercises.check_expected_counts, (7.24, 0.80, 1.76, 0.20)),
    (exercises.check_expected_counts, (7.2449, 0.805, 1.7551, 0.195)),
    (exercises.check_coin_e_step, (lambda *given: by_row(tosses_of(*given)),)),
    (exercises.check_coin_m_step, (coin_m_step,)),
    (exercises.check_coin_em, (lambda *given: coin_em(by_row, *given),)),
    (exercises.check_coin_em, (lambda *given: tuple(coin_em(by_row, *given)),)),
    (exercises.check_dice_m_step, (dice,)),
]

WRONG = [
    (exercises.check_first_step, (1 - Q1, 2.3448), "first Gaussian"),
    (exercises.check_first_step, ([0, 0, 1, 1], 2.5), "hard decision"),
    (exercises.check_first_step, (normal(np.array([-1, 0, 2, 3]), 2, 1), 2.3448), "densities"),
    (exercises.check_first_step, (Q1, 1.0), "each counted fully"),
    (exercises.check_first_step, (Q1, Q1 @ [-1, 0, 2, 3] / 4), "number of points"),
    (exercises.check_first_step, (Q1, 2.5), "hard assignment"),
    (exercises.check_first_step, ("none", 2.3448), "should be numbers"),
    (exercises.check_e_step, (joint,), "your rows do not sum to 1"),
    (exercises.check_e_step, (lambda x, *theta: by_column(joint(x, *theta)),), "your columns sum to 1"),
    (exercises.check_e_step, (lambda x, pi, mu, s: by_row(joint(x, 1, mu, s)),), "weights pi are missing"),
    (exercises.check_e_step, (lambda x, pi, mu, s: by_row(joint(x, pi, mu, np.sqrt(s))),), "as a variance"),
    (exercises.check_e_step, (lambda x, *theta: by_row(joint(x, *theta)).T,), "transpose"),
    (exercises.check_e_step, (lambda x, *theta: x * np.nan,), "shape"),
    (exercises.check_m_step, (lambda x, q: (q.sum(axis=0), *m_step(x, q)[1:]),), "pi sums to the number"),
    (exercises.check_m_step, (lambda x, q: ([0.5, 0.5], *m_step(x, q)[1:]),), "pi is not updated"),
    (exercises.check_m_step, (lambda x, q: (q.mean(axis=0), x @ q / len(x), q),), "mu is divided"),
    (exercises.check_m_step, (lambda x, q: (q.mean(axis=0), [x.mean()] * 2, q),), "same mean"),
    (exercises.check_m_step, (lambda x, q: m_step(x, q, power=1),), "that is the variance"),
    (exercises.check_m_step, (lambda x, q: m_step(x, q, about=x.mean()),), "mean of all data"),
    (exercises.check_m_step, (lambda x, q: m_step(x, q, size=len(x)),), "sigma is divided"),
    (exercises.check_m_step, (lambda x, q: m_step(x, q)[:2],), "return 3 things"),
    (exercises.check_exponential_m_step, (lambda x, q: (q.sum(axis=0), m_step(x, q)[1]),), "pi sums"),
    (exercises.check_exponential_m_step, (lambda x, q: (q.mean(axis=0), 1 / m_step(x, q)[1]),), "rates"),
    (exercises.check_exponential_m_step, (lambda x, q: (q.mean(axis=0), x @ q / len(x)),), "each column"),
    (exercises.check_exponential_m_step, (lambda x, q: (q.mean(axis=0), [x.mean()] * 2),), "same mean"),
    (exercises.check_expected_counts, (9, 1, 0, 0), "hard decision"),
    (exercises.check_expected_counts, (4.5, 0.5, 4.5, 0.5), "evenly"),
    (exercises.check_expected_counts, (1.76, 0.20, 7.24, 0.80), "exchanged"),
    (exercises.check_coin_e_step, (tosses_of,), "your rows do not sum to 1"),
    (exercises.check_coin_e_step, (lambda *given: by_column(tosses_of(*given)),), "your columns sum to 1"),
    (exercises.check_coin_e_step, (lambda h, n, p: by_row(p ** h[:, None]),), "tails are missing"),
    (exercises.check_coin_e_step, (lambda *given: by_row(tosses_of(*given)).T,), "transpose"),
    (exercises.check_coin_e_step, (lambda *given: harden(tosses_of(*given)),), "hard decision"),
    (exercises.check_coin_m_step, (lambda h, n, q: h @ q / (n * len(h)),), "divided by all tosses"),
    (exercises.check_coin_m_step, (lambda h, n, q: h @ q,), "expected heads"),
    (exercises.check_coin_m_step, (lambda h, n, q: h @ q / ((n - h) @ q),), "odds"),
    (exercises.check_coin_em, (lambda h, n, p, t: p,), "did not move"),
    (exercises.check_coin_em, (lambda h, n, p, t: coin_em(by_row, h, n, p, 1),), "one iteration:"),
    (exercises.check_coin_em, (lambda h, n, p, t: coin_em(by_row, h, n, p, t - 1),), "too few"),
    (exercises.check_coin_em, (lambda h, n, p, t: coin_em(by_row, h, n, p, t + 1),), "too many"),
    (exercises.check_coin_em, (lambda *given: coin_em(lambda j: harden(by_row(j)) + 1e-300, *given),), "hard EM"),
    (exercises.check_dice_m_step, (lambda c, q: q.T @ c,), "expected counts"),
    (exercises.check_dice_m_step, (lambda c, q: by_column(q.T @ c),), "your columns sum to 1"),
    (exercises.check_dice_m_step, (lambda c, q: dice(c, q).T,), "transpose"),
    (exercises.check_dice_m_step, (lambda c, q: dice(c, q * 0 + 1),), "came out alike"),
    (exercises.check_dice_m_step, (lambda c, q: dice(c, q) + 0.01,), "is off at position"),
    (exercises.check_dice_m_step, (lambda c, q: dice(c, q) * np.inf,), "finite"),
]  # fmt: skip

CHECKS = {check for check, _ in RIGHT}


def stub(*given):
    raise NotImplementedError


@pytest.mark.parametrize("check, answer", RIGHT)
def test_every_right_answer_is_accepted(check, answer, capsys, monkeypatch):
    for seed in range(DRAWS):
        monkeypatch.setattr(exercises, "seed", seed)
        check(*answer)
    assert capsys.readouterr().out.count("Right") == DRAWS


@pytest.mark.parametrize("check, answer, named", WRONG)
def test_every_common_wrong_answer_is_named(check, answer, named, monkeypatch):
    for seed in range(DRAWS):
        monkeypatch.setattr(exercises, "seed", seed)
        with pytest.raises(NotYet, match=named):
            check(*answer)


@pytest.mark.parametrize(
    "check", [c for c in CHECKS if c not in (exercises.check_first_step, exercises.check_expected_counts)]
)
@pytest.mark.parametrize("unfinished", [stub, lambda *given: None], ids=["raises", "returns nothing"])
def test_a_stub_is_not_a_wrong_answer(check, unfinished):
    with pytest.raises(NotYet, match="returns nothing yet"):
        check(unfinished)


def test_every_check_names_at_least_three_wrong_answers():
    for check in CHECKS:
        assert len({named for other, _, named in WRONG if other is check}) >= 3, check.__name__


def test_every_check_is_tested():
    assert {f for name, f in vars(exercises).items() if name.startswith("check_")} == CHECKS


def test_a_notebook_shows_the_message_without_a_traceback():
    assert NotYet("look again")._render_traceback_() == ["Not yet: look again"]


def test_the_data_of_a_check_differ_from_time_to_time_unless_a_seed_is_set(monkeypatch):
    seen = []
    for seed in (None, None, 7, 7):
        monkeypatch.setattr(exercises, "seed", seed)
        exercises.check_coin_m_step(lambda *given: seen.append(given[2]) or coin_m_step(*given))
    assert not np.array_equal(seen[0], seen[1]) and np.array_equal(seen[2], seen[3])
