"""The page's engine, computed by node on thousands of cases, against emcore; and the laws of EM in its own numbers."""

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from emcore import GMM1D, BinomialMixture, CollapseError
from tools import frontend

ROOT = Path(__file__).resolve().parents[2]
CASES, NEAR = 2000, 1e-9
EXTREMES = ["far", "narrow", "wide", "tiny unit", "huge unit", "light weight", "one observation", "one-hot", "zeros"]
TOO_MANY = 2**-1000  # what is smaller has lost digits to the end of the range of floats


def shares(rng, N, K, extreme):
    if extreme == "one-hot":
        return np.eye(K)[rng.integers(K, size=N)]
    q = rng.dirichlet(np.full(K, rng.choice([0.05, 1.0, 20.0])), size=N)
    if extreme == "zeros":
        q = np.where(rng.random((N, K)) < 0.5, 0, q)
    q[q.sum(axis=1) == 0] = 1
    return q / q.sum(axis=1, keepdims=True)


def draw(rng, number):
    """A case: its kind, what is extreme about it, x, q and theta."""
    K, extreme = 1 + number // 2 % 4, (EXTREMES + [""] * len(EXTREMES))[number // 8 % (2 * len(EXTREMES))]
    N = 1 if extreme == "one observation" else int(rng.integers(2, 12))
    pi = rng.dirichlet(np.ones(K))
    if extreme == "light weight" and K > 1:
        pi = np.concatenate([[1e-12], rng.dirichlet(np.ones(K - 1)) * (1 - 1e-12)])
    pi = np.maximum(pi, 1e-12)
    pi = pi / pi.sum()
    case = {"q": shares(rng, N, K, extreme), "tosses": 0}
    if number % 2:
        n = int(rng.choice([1000, 10_000] if extreme == "huge unit" else [1, 2, 10, 40]))
        p = rng.uniform(0.01, 0.99, K)
        if extreme in ("far", "narrow", "wide", "tiny unit"):
            p = rng.choice([1e-12, 1e-300, 1 - 2**-50, 0.0, 1.0, 0.5], K)
        x = rng.integers(0, n + 1, N) if rng.random() < 0.7 else rng.choice([0, n], N)
        if extreme == "tiny unit" and K > 1 and N > 3:  # heads of so little weight that their share would round to 0
            x, case["q"] = np.where(np.arange(N) > 0, 0, n), np.eye(K)[np.zeros(N, int)]
            case["q"][0] = np.eye(K)[1] + np.eye(K)[0] * 5e-324
        return extreme, {**case, "tosses": n, "x": x.astype(float), "theta": {"pi": pi, "p": p}}
    unit = {"tiny unit": 1e-9, "huge unit": 1e12}.get(extreme, 1.0)
    x, mu, sigma = rng.normal(0, 3, N), rng.normal(0, 3, K), rng.uniform(0.5, 3, K)
    if extreme == "far":
        x = x + rng.choice([-1, 1], N) * sigma.min() * rng.uniform(100, 900, N)
    sigma = sigma * {"narrow": 1e-4, "wide": 1e6}.get(extreme, 1.0)
    if rng.random() < 0.2:  # far from 0, where the mean's rounding is seen in the widths
        x, mu = x + 1e4, mu + 1e4
    if rng.random() < 0.2:
        x, mu = np.round(x), np.round(mu)  # ties
        sigma, pi = np.full(K, sigma[0]), np.full(K, 1 / K)
    return extreme, {**case, "x": x * unit, "theta": {"pi": pi, "mu": mu * unit, "sigma": sigma * unit}}


class Solved(NamedTuple):
    extreme: str
    case: dict
    model: object
    theta: tuple
    rows: np.ndarray
    answer: dict


@cache
def cases():
    rng = np.random.default_rng(20)
    return [draw(rng, number) for number in range(CASES)]


def plain(case):
    return {key: {k: v.tolist() for k, v in value.items()} if isinstance(value, dict) else np.asarray(value).tolist()
            for key, value in case.items()}  # fmt: skip


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    """Each case with what is extreme about it, emcore's model, theta and log joint, and the engine's answer."""
    folder = tmp_path_factory.mktemp("engine")
    (folder / "cases.json").write_text(json.dumps([plain(case) for _, case in cases()]), encoding="utf-8")
    command = [frontend.program("node"), "tests/engine.mjs", folder / "cases.json", folder / "answers.json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return beside_emcore(json.loads((folder / "answers.json").read_text(encoding="utf-8")))


def beside_emcore(answers):
    """Each case with the engine's answer to it."""
    return [Solved(*case, *of_emcore(case[1]), answer) for case, answer in zip(cases(), answers, strict=True)]


def of_emcore(case):
    model = BinomialMixture(case["tosses"]) if case["tosses"] else GMM1D()
    theta = model.Theta(**case["theta"])
    return model, theta, model.log_joint(case["x"], theta)


def numbers(value):
    return np.array(value, dtype=float)  # infinite ones come as words


def off(found, expected, scale):
    """The largest error as a multiple of what is near: NEAR times the scale; equal infinities are no error."""
    found, expected = np.broadcast_arrays(numbers(found), numbers(expected))
    with np.errstate(all="ignore"):
        errors = np.where(found == expected, 0, np.abs(found - expected) / (NEAR * scale))
    return float(np.nan_to_num(errors, nan=np.inf).max())


def test_the_cases_hold_what_they_should(solved):
    """Every extreme with both models and all K; M-steps that can and that cannot be taken; impossible data; ties."""
    seen = {(extreme, bool(case["tosses"]), case["q"].shape[1]) for extreme, case, *_ in solved}
    assert len(seen) == (len(EXTREMES) + 1) * 2 * 4
    assert {case["q"].shape[1] for _, case, *_ in solved} == {1, 2, 3, 4}
    failed = [answer for *_, answer in solved if "error" in answer["next"]]
    assert 50 < len(failed) < len(solved) / 4 and sum("error" in answer["soft"] for *_, answer in solved) > 10
    tied = [np.sum(rows == rows.max(axis=1, keepdims=True), axis=1) > 1 for *_, rows, _ in solved]
    assert sum(map(np.any, tied)) > 20
    away = [np.abs(case["x"][:, None] - case["theta"]["mu"]) / case["theta"]["sigma"]
            for extreme, case, *_ in solved if extreme == "far" and not case["tosses"]]  # fmt: skip
    assert max(a.max() for a in away) > 500


def test_the_log_joint_is_emcores(solved):
    """To 1e-9 of its terms, log pi and the log-density, whose sum may cancel."""
    for _, case, _model, theta, rows, answer in solved:
        terms = np.abs(np.log(theta.pi)) + np.abs(rows - np.log(theta.pi)) + 1e-300
        assert off(answer["rows"], rows, terms) <= 1, case


def test_the_posterior_is_emcores_also_for_one_observation_and_its_hard_step_the_first_of_the_largest(solved):
    """To 1e-9 of each share; shares at the end of the range of floats have fewer digits in both."""
    for _, case, model, theta, rows, answer in solved:
        if "error" in answer["soft"]:
            n = int(np.argmin(np.isfinite(rows.max(axis=1))))
            assert not np.isfinite(rows[n].max()) and f"observation {n + 1} " in answer["soft"]["error"]
            continue
        with np.errstate(all="ignore"):
            q = model.e_step(case["x"], theta)
        assert off(answer["soft"], q, q + TOO_MANY / NEAR) <= 1, case
        assert answer["one"] == answer["soft"][0]
        assert np.array_equal(numbers(answer["hard"]), np.eye(rows.shape[1])[numbers(answer["rows"]).argmax(axis=1)])


def test_f_and_l_are_emcores(solved):
    """To 1e-9 of the sum of the sizes of their terms, which may cancel."""
    for _, case, model, theta, rows, answer in solved:
        with np.errstate(all="ignore"):
            loglik, bound = model.loglik(case["x"], theta), model.lower_bound(case["x"], case["q"], theta)
            terms = np.where(case["q"] > 0, case["q"] * (np.abs(rows) + np.abs(np.log(case["q"]))), 0).sum()
        assert off(answer["loglik"], loglik, np.abs(rows.max(axis=1)).sum() + len(rows)) <= 1, case
        assert off(answer["bound"], bound, terms) <= 1, case


def test_the_m_step_is_emcores_and_fails_where_emcores_does(solved):
    """Weights and p to 1e-9 of themselves; means of the largest |x|, as a mean near 0 is what is left of larger ones.

    Widths to 1e-9 of themselves and of 1e-5 |mu|: of widths smaller than that the mean's own rounding takes digits.
    """
    for _, case, model, theta, _rows, answer in solved:
        try:
            expected = model.m_step(case["x"], case["q"])._asdict()
        except CollapseError as error:
            assert answer["next"]["error"].split()[:2] == str(error).split()[:2]
            continue
        assert list(answer["next"]) == list(expected)
        scale = {name: np.abs(value) for name, value in expected.items()}
        if not case["tosses"]:
            scale["mu"] = np.abs(case["x"]).max()
            scale["sigma"] = scale["sigma"] + 1e-5 * np.abs(expected["mu"])
        for name, value in expected.items():
            assert off(answer["next"][name], value, scale[name] + 1e-300) <= 1, (name, case)
        held = {"pi": theta.pi.tolist(), **({} if case["tosses"] else {"sigma": theta.sigma.tolist()})}
        moved = "p" if case["tosses"] else "mu"
        assert answer["held"] == {**answer["held"], **held, moved: answer["next"][moved]}


def test_the_density_is_what_the_log_joint_says(solved):
    for _, case, _model, _theta, _rows, answer in solved:
        if not case["tosses"]:
            expected = np.exp(numbers(answer["rows"][0]))
            assert off(answer["density"], expected, expected + TOO_MANY / NEAR) <= 1


def test_no_half_step_lowers_f_and_it_never_exceeds_l(solved):
    """For any painted q; the E-step closes the gap; the hard one is the best of its kind. To rounding: of 1 + |F|."""
    for _, case, _model, _theta, _rows, answer in solved:
        bound, loglik = numbers(answer["bound"]), numbers(answer["loglik"])
        near = 1e-11 * (1 + abs(loglik)) if np.isfinite(loglik) else 0
        assert bound <= loglik + near, case
        if answer["touch"] is not None:
            assert abs(answer["touch"] - loglik) <= near and answer["best"] <= loglik + near
            hot = np.eye(case["q"].shape[1])[case["q"].argmax(axis=1)]
            with np.errstate(all="ignore"):
                assert answer["best"] >= np.where(hot > 0, numbers(answer["rows"]), 0).sum() - near
        for after in ("after", "heldAfter"):
            if answer[after] is not None and np.isfinite(bound):
                assert numbers(answer[after]) >= bound - 1e-11 * (1 + abs(bound)), (after, case)
