"""The graded projects: the model answers pass, empty cells wait, and known numbers alone earn nothing."""

import contextlib
import io
import re

import nbformat
import numpy as np
import pytest
from scipy.optimize import minimize
from submissions import HARD_CODED, answer, part
from test_notebooks import prose, unprinted

from emcore import PoissonMixture, data, fit
from emcore.exercises import NotYet, projects, verdict
from tools import grading, notebooks, student

SOURCE = student.ROOT / "assignments" / "source"
PATHS = {name: SOURCE / name / f"{name}.ipynb" for name in HARD_CODED}
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n.*### END HIDDEN TESTS", re.S)


@pytest.fixture(params=PATHS)
def project(request):
    return request.param


@pytest.fixture
def source(project):
    return nbformat.read(PATHS[project], as_version=4)


@pytest.fixture
def handed_out(source):
    """The notebook with stubs, its hidden checks still in it."""
    copy, _ = grading.Stubs().preprocess(nbformat.from_dict(source), {})
    return copy


def outcome(nb, hidden=True):
    """Run a notebook's code: what each check says, None where it passes, and all that is printed."""
    space, said = {}, {}
    with contextlib.redirect_stdout(io.StringIO()) as out:
        for cell in nb.cells:
            if cell.cell_type != "code":
                continue
            code = cell.source if hidden else HIDDEN.sub("", cell.source)
            if not cell.metadata.nbgrader.grade:
                exec(code, space)
                continue
            try:
                said[cell.metadata.nbgrader.grade_id] = exec(code, space)
            except NotYet as message:
                said[cell.metadata.nbgrader.grade_id] = str(message)
    return said, out.getvalue()


def test_every_project_is_here():
    assert sorted(SOURCE.glob("[!0-9]*/*.ipynb")) == sorted(PATHS.values())


def test_the_sources_hold_no_outputs_and_are_clean_but_for_counts(project, source):
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in source.cells)
    cleaned = notebooks.clean(source)
    for cell in cleaned.cells:
        if cell.cell_type == "code":
            cell.execution_count = None
    assert PATHS[project].read_text(encoding="utf-8") == notebooks.text(cleaned)


def test_the_points_add_up_to_what_the_rubric_says(source):
    points = {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points
        for cell in source.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    promised = [int(n) for n in re.findall(r"^\| \d\..*?\| (\d+) \|", part(source, "rubric").source, flags=re.M)]
    assert list(points.values()) == promised
    assert sum(promised) == 20


def test_the_model_answers_pass_every_check(source, monkeypatch):
    for seed in (1, 2):
        monkeypatch.setattr(verdict, "seed", seed)
        said, _ = outcome(source)
        assert len(said) == 4 and set(said.values()) == {None}


def test_every_number_of_the_model_texts_is_printed(source):
    assert unprinted(prose(source), outcome(source)[1]) == []


def test_an_empty_cell_is_told_what_to_do(handed_out):
    for hidden in (False, True):
        said, _ = outcome(handed_out, hidden)
        assert all("returns nothing yet" in message for message in said.values())


def test_known_numbers_pass_what_is_seen_and_fail_what_is_hidden(project, handed_out):
    copied = answer(handed_out, HARD_CODED[project])
    assert set(outcome(copied, hidden=False)[0].values()) == {None}
    assert None not in outcome(copied)[0].values()


def test_the_visible_numbers_are_the_courses_own():
    x, start = data.death_notices(), ((0.3, 0.7), (1.0, 2.5))
    text = part(nbformat.read(PATHS["poisson_mixture"], as_version=4), "run_check").source
    for iterations, name in ((1, "once"), (10, "ten")):
        theta = fit(PoissonMixture(), x, start, tol=0, max_iter=iterations)[-1].theta
        stated = eval(re.search(rf"{name} = (.*)", text)[1])
        np.testing.assert_allclose(stated, theta, atol=5e-7)


def test_em_with_gaps_ends_where_direct_maximization_ends():
    x, mu, cov = projects.random_gaps(np.random.default_rng(8))
    for _ in range(2000):
        mu, cov = projects.moments(*projects.fill_in(x, mu, cov))

    def down(entries):
        root = np.array([[entries[2], 0], [entries[3], entries[4]]])
        return -projects.seen_loglik(x, entries[:2], root @ root.T)

    begin = np.array([*np.nanmean(x, axis=0), *np.nanstd(x, axis=0)])
    best = minimize(down, [*begin[:3], 0.0, begin[3]], method="BFGS")
    root = np.array([[best.x[2], 0], [best.x[3], best.x[4]]])
    assert projects.seen_loglik(x, mu, cov) >= -best.fun - 1e-9
    np.testing.assert_allclose(mu, best.x[:2], rtol=1e-4)
    np.testing.assert_allclose(cov, root @ root.T, rtol=1e-3)


def test_no_iteration_with_gaps_lowers_the_loglik():
    for draw in range(20):
        x, mu, cov = projects.random_gaps(np.random.default_rng(draw))
        for _ in range(10):
            before = projects.seen_loglik(x, mu, cov)
            mu, cov = projects.moments(*projects.fill_in(x, mu, cov))
            assert projects.seen_loglik(x, mu, cov) > before
