"""The graded projects: right answers earn their points, wrong ones are named, known numbers alone earn nothing."""

import contextlib
import io
import re

import nbformat
import numpy as np
import pytest
from answers.projects import RIGHT, WRONG
from submissions import HARD_CODED, answer, part
from test_notebooks import prose, unprinted

from assignments.checks import missing_data, poisson_mixture
from emcore import PoissonMixture, data, fit
from emcore.exercises import NotYet, verdict
from tools import notebooks, student

SOURCE = student.ROOT / "assignments" / "source"
PATHS = {name: SOURCE / name / f"{name}.ipynb" for name in HARD_CODED}
PARTS = {"poisson_mixture": poisson_mixture.PARTS, "missing_data": missing_data.PARTS}
SOLUTION = re.compile(r"(?m)^ *### BEGIN SOLUTION\n.*?### END SOLUTION", re.S)


@pytest.fixture(params=PATHS)
def project(request):
    return request.param


@pytest.fixture
def source(project):
    return nbformat.read(PATHS[project], as_version=4)


@pytest.fixture
def handed_out(source):
    """The notebook without what nbgrader takes out of it."""
    for cell in source.cells:
        cell.source = SOLUTION.sub("", cell.source)
    return source


def reply(check, function, seed=0):
    """What a check says: its praise, or why not yet."""
    with pytest.MonkeyPatch.context() as patch, np.errstate(all="ignore"):
        patch.setattr(verdict, "seed", seed)
        try:
            return f"Right: {check(function)}"
        except NotYet as why:
            return f"Not yet: {why}"


def outcome(nb, project):
    """Run a notebook's code: what it prints, and the points of each check that is kept back."""
    space = {}
    with contextlib.redirect_stdout(io.StringIO()) as out:
        for cell in nb.cells:
            if cell.cell_type == "code":
                exec(cell.source, space)
    earned = {
        check: reply(check, space[name.removesuffix("_check")]).startswith("Right")
        for name, checks in PARTS[project].items()
        for check in checks
    }
    return out.getvalue(), earned


@pytest.mark.parametrize("check, function", [(check, f) for check, functions in RIGHT.items() for f in functions])
def test_every_right_answer_earns_its_points(check, function):
    for seed in range(5):
        assert reply(check, function, seed).startswith("Right: ")


@pytest.mark.parametrize("check, function, named", [(check, *wrong) for check, all_ in WRONG.items() for wrong in all_])
def test_every_wrong_answer_is_named_and_earns_nothing(check, function, named):
    for seed in range(5):
        said = reply(check, function, seed)
        assert said.startswith("Not yet: ") and named in said


def test_every_check_has_its_answers():
    assert (
        {check for parts in PARTS.values() for checks in parts.values() for check in checks} == set(RIGHT) == set(WRONG)
    )
    assert all(len(answers) >= 2 for answers in RIGHT.values())


def test_a_check_keeps_its_right_values_to_itself():
    """Else the first who hands in could tell the others."""
    x, pi, rate = poisson_mixture.random_counts(np.random.default_rng(0))
    right = PoissonMixture().loglik(x, (pi, rate))
    said = reply(poisson_mixture.check_notices_loglik, lambda *given: right * 1.01)
    assert "is too small" in said and f"{right:.4g}" not in said


def test_every_project_is_here():
    assert sorted(SOURCE.glob("[!0-9]*/*.ipynb")) == sorted(PATHS.values())


def test_the_sources_hold_no_outputs_and_are_clean_but_for_counts(project, source):
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in source.cells)
    cleaned = notebooks.clean(source)
    for cell in cleaned.cells:
        if cell.cell_type == "code":
            cell.execution_count = None
    assert PATHS[project].read_text(encoding="utf-8") == notebooks.text(cleaned)


def test_the_points_add_up_to_what_the_rubric_says(project, source):
    graded = [cell.metadata.nbgrader for cell in source.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    rubric = part(source, "rubric").source
    promised = re.findall(r"^\d\. .*?, \*\*(\d+)\*\*[:,](.*)", rubric, flags=re.M)
    assert [str(marks.points) for marks in graded] == [total for total, _ in promised]
    assert sum(marks.points for marks in graded) == 20
    for marks, (_, how) in zip(graded, promised, strict=True):
        if marks.grade_id in PARTS[project]:
            worth = list(PARTS[project][marks.grade_id].values())
            named = [int(n) for n in re.findall(r"(\d) for", how)] or worth
            assert sum(worth) == marks.points
            assert named == (worth if len(set(worth)) > 1 else worth[: len(named)])


def test_the_model_answers_earn_everything_and_print_every_number_of_the_model_texts(project, source):
    printed, earned = outcome(source, project)
    assert all(earned.values()) and printed.count("Right: ") == len(PARTS[project])
    assert unprinted(prose(source), printed) == []


def test_an_empty_cell_is_told_what_to_do(project, handed_out):
    printed, earned = outcome(handed_out, project)
    assert printed.count("returns nothing yet") == len(PARTS[project]) and not any(earned.values())


def test_known_numbers_pass_what_is_seen_and_earn_nothing(project, handed_out):
    printed, earned = outcome(answer(handed_out, HARD_CODED[project]), project)
    assert printed.count("Right: ") == len(PARTS[project]) and not any(earned.values())


def test_the_visible_numbers_are_the_courses_own():
    x, start = data.death_notices(), ((0.3, 0.7), (1.0, 2.5))
    text = part(nbformat.read(PATHS["poisson_mixture"], as_version=4), "run_check").source
    for iterations, name in ((1, "once"), (10, "ten")):
        theta = fit(PoissonMixture(), x, start, tol=0, max_iter=iterations)[-1].theta
        stated = eval(re.search(rf"{name} = (.*)", text)[1])
        np.testing.assert_allclose(stated, theta, atol=5e-7)


def em(x, iterations, doubt=1):
    now = np.array([170.0, 60.0]), np.array([[80.0, 60.0], [60.0, 150.0]])
    for _ in range(iterations):
        filled, extra = missing_data.fill_in(x, *now)
        now = missing_data.moments(filled, doubt * extra)
    return now


def test_em_with_gaps_ends_where_direct_maximization_ends():
    from scipy.optimize import minimize  # here, for it takes long to import

    x, mu, cov = missing_data.random_gaps(np.random.default_rng(8))
    for _ in range(2000):
        mu, cov = missing_data.moments(*missing_data.fill_in(x, mu, cov))

    def down(entries):
        root = np.array([[entries[2], 0], [entries[3], entries[4]]])
        return -missing_data.seen_loglik(x, entries[:2], root @ root.T)

    begin = np.array([*np.nanmean(x, axis=0), *np.nanstd(x, axis=0)])
    best = minimize(down, [*begin[:3], 0.0, begin[3]], method="BFGS")
    root = np.array([[best.x[2], 0], [best.x[3], best.x[4]]])
    assert missing_data.seen_loglik(x, mu, cov) >= -best.fun - 1e-9
    np.testing.assert_allclose(mu, best.x[:2], rtol=1e-4)
    np.testing.assert_allclose(cov, root @ root.T, rtol=1e-3)


def test_no_iteration_with_gaps_lowers_the_loglik():
    for draw in range(20):
        x, mu, cov = missing_data.random_gaps(np.random.default_rng(draw))
        for _ in range(10):
            before = missing_data.seen_loglik(x, mu, cov)
            mu, cov = missing_data.moments(*missing_data.fill_in(x, mu, cov))
            assert missing_data.seen_loglik(x, mu, cov) > before


def test_that_the_run_without_extra_ends_nearer_is_luck():
    """Made-up surveys with the moments of the real one: EM's mean weight is right on average, the other's too high."""
    people = data.heights()
    everybody = np.stack([people.height, people.weight], axis=1)
    draw, truth = np.random.default_rng(0), everybody.mean(axis=0)
    misses = []
    for _ in range(100):
        x = draw.multivariate_normal(truth, np.cov(everybody.T, bias=True), 200)
        tenth = np.arange(200) % 10 == 0
        gaps = np.where(np.stack([tenth, ~tenth & (x[:, 0] > 175)], axis=1), np.nan, x)
        misses.append([em(gaps, 60, doubt)[0][1] - truth[1] for doubt in (1, 0)])
    with_extra, without = np.array(misses).T
    assert abs(with_extra.mean()) < 2 * with_extra.std() / 10
    assert (without > with_extra).all() and 0.4 < (without - with_extra).mean() < 0.6
    text = nbformat.writes(nbformat.read(PATHS["missing_data"], as_version=4))
    assert "about half a kilogram higher than EM's, every time" in text
