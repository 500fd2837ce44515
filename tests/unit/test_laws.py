"""Every law over random cases of every model, and agreement with an independent implementation."""

from collections import Counter
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from laws import EXACT_LAWS, LAWS
from models import EXACT, HEIGHT, MODELS, m_step, run

from emcore import GMM1D, data, fit

PERMUTED = [name for name in EXACT if MODELS[name].permuted]
PAIRS = [
    (name, law)
    for law in LAWS
    for name in (PERMUTED if law.startswith("permuting") else EXACT if law in EXACT_LAWS else MODELS)
]


@cache
def drawn(name):
    """Random cases of a model, twice as many as the profile asks for: drawn once, for every law."""
    cases = []
    settings(max_examples=2 * settings.default.max_examples)(
        given(MODELS[name].cases)(lambda case: cases.append(case))
    )()
    return cases


@pytest.mark.parametrize("name, law", PAIRS)
def test_law(name, law):
    try:
        for case in drawn(name):
            LAWS[law](*case)
    except Exception:
        given(MODELS[name].cases)(lambda case: LAWS[law](*case))()  # find the smallest case that fails
        raise


@pytest.mark.parametrize("name", MODELS)
def test_the_cases_exercise_the_laws(name):
    """Few of them collapse, and among the q's are one-hot rows, very peaked rows and soft ones."""
    seen = Counter()
    for model, x, theta, q in drawn(name):
        top = q.max(axis=1)
        seen.update(
            cases=1,
            m_steps=int(m_step(model, x, q) is not None),
            runs=int(len(run(model, x, theta)) == 7),
            one_hot=int((top == 1).any() and q.shape[1] > 1),
            peaked=int(((top > 0.999) & (top < 1)).any()),
            soft=int((top < 0.9).any()),
        )
    assert seen["cases"] >= 2 * settings.default.max_examples
    assert min(seen["m_steps"], seen["runs"]) >= 0.3 * seen["cases"], seen
    assert min(seen["one_hot"], seen["peaked"], seen["soft"]) >= 0.05 * seen["cases"], seen


@pytest.mark.parametrize("shared, covariance_type", [(False, "full"), (True, "tied")])
@pytest.mark.parametrize(
    "x, mu, sigma", [(data.old_faithful().waiting, (55, 80), 5), (HEIGHT, (160, 180), 6)], ids=["geyser", "heights"]
)
def test_gmm_agrees_with_scikit_learn(x, mu, sigma, shared, covariance_type):
    """From the same start: the same theta after as many iterations, and the same l at the end."""
    from sklearn.mixture import GaussianMixture  # here, for the other tests also run where it is not installed

    reference = GaussianMixture(
        2, covariance_type=covariance_type, tol=1e-12, reg_covar=0, max_iter=20_000,
        weights_init=[0.5, 0.5], means_init=[[m] for m in mu],
        precisions_init=[[sigma**-2.0]] if shared else [[[sigma**-2.0]]] * 2,
    ).fit(x[:, None])  # fmt: skip
    model, theta0 = GMM1D(shared_sigma=shared), ([0.5, 0.5], mu, [sigma, sigma])
    expected = reference.weights_, reference.means_.ravel(), np.sqrt(reference.covariances_.ravel())
    after_as_many = fit(model, x, theta0, tol=0, max_iter=reference.n_iter_, keep_q=False)[-1]
    for field, value in zip(after_as_many.theta, expected, strict=True):
        assert np.allclose(field / value, 1, rtol=0, atol=1e-6)
    at_the_end = fit(model, x, theta0, tol=1e-14)[-1]
    assert np.isclose(at_the_end.loglik, reference.score_samples(x[:, None]).sum(), rtol=0, atol=1e-6)
