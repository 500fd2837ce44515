"""The checks accept every right answer, name the wrong answers that people give, and forgive a stub.

The answers themselves stand in tests/answers, one file a chapter; exercise_mutants.py makes more wrong ones from the
official solutions. test_projects.py has the projects.
"""

import ast
import inspect
import re
import sys
from collections import Counter
from itertools import combinations, product

import exercise_mutants
import numpy as np
import pytest
from exercise_mutants import CHAPTERS

from emcore import exercises
from emcore.exercises import NotYet, paths, slips, verdict

DRAWS = 3  # here; 200 in `make exercises`
MODULES = list(CHAPTERS.values())
RIGHT = {check: answers for module in MODULES for check, answers in module.RIGHT.items()}
WRONG = {check: answers for module in MODULES for check, answers in module.WRONG.items()}
OF_CHAPTERS = [check for module in CHAPTERS.values() for check in module.RIGHT]
OF_FUNCTIONS = [check for check in OF_CHAPTERS if not isinstance(RIGHT[check][0], tuple)]


def one_by_one(table):
    """The table's entries as test parameters, each named after its check."""
    return [
        pytest.param(check, *(entry if table is WRONG else (entry,)), id=f"{check.__name__.removeprefix('check_')}-{i}")
        for check, entries in table.items()
        for i, entry in enumerate(entries)
    ]


def ask(check, answer, seed=0):
    """What the judging behind a check returns for an answer, with numpy's warnings off as in a notebook."""
    with pytest.MonkeyPatch.context() as patch, np.errstate(all="ignore"):
        patch.setattr(verdict, "seed", seed)
        return inspect.unwrap(check)(*(answer if isinstance(answer, tuple) else (answer,)))


def reply(check, answer, seed=0):
    """What a check says to a wrong answer."""
    with pytest.raises(NotYet) as caught:
        ask(check, answer, seed)
    return str(caught.value)


def messages(check):
    """Every message that a check has in store, read off its source: of slips, and of what may not break down."""
    for node in ast.walk(ast.parse(inspect.getsource(inspect.unwrap(check)))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "Slip":
            if isinstance(node.args[1], ast.Constant):
                yield node.args[1].value
        elif isinstance(node, ast.Name) and node.id == "slips_of":
            yield from paths.MISTAKEN
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and node.targets[0].id != "what":
            yield from [node.value.value] * isinstance(node.value.value, str)


@pytest.mark.parametrize("check, answer", one_by_one(RIGHT))
def test_every_right_answer_is_accepted_with_a_sentence(check, answer):
    for seed in range(DRAWS):
        assert ask(check, answer, seed).rstrip().endswith(".")


@pytest.mark.parametrize("check, answer, named", one_by_one(WRONG))
def test_every_common_wrong_answer_is_named(check, answer, named):
    assert not named or sum(named in message for message in set(messages(check))) <= 1
    for seed in range(DRAWS):
        assert named in reply(check, answer, seed)


@pytest.mark.parametrize("at_the_end", [False, True])
def test_the_best_paths_of_a_close_race_nearly_tie(at_the_end):
    """From every state of the first day, or to every one of the last: over all paths, so that any slip decides."""
    for seed in range(20):
        x, pi, A, B = paths.draw_a_close_race(np.random.default_rng(seed), 2 + seed % 2, 4, at_the_end)
        every = np.array(list(product(range(len(pi)), repeat=4)))
        log_p = np.log(pi)[every[:, 0]] + np.log(A)[every[:, :-1], every[:, 1:]].sum(axis=1)
        log_p += np.log(B)[every, x].sum(axis=1)
        side = every[:, -1 if at_the_end else 0]
        assert np.ptp([log_p[side == state].max() for state in range(len(pi))]) < 0.2


@pytest.mark.parametrize("check", WRONG)
def test_every_message_of_a_check_is_met(check):
    met = Counter(reply(check, answer) for answer, _ in WRONG[check])
    assert not Counter(messages(check)) - met


@pytest.mark.parametrize("check", OF_CHAPTERS)
def test_the_slips_of_a_check_differ_from_what_is_right_and_from_each_other(check, monkeypatch):
    seen = []

    def look(answer, right, slips=(), **options):
        slips = list(slips)
        seen.append([np.asarray(value, float) for value in (right, *(slip.value for slip in slips))])
        verdict.judge(answer, right, slips, **options)

    monkeypatch.setattr(sys.modules[check.__module__], "judge", look)
    for seed in range(DRAWS):
        ask(check, RIGHT[check][0], seed)
    assert seen
    for values in seen:
        for a, b in combinations(values, 2):
            assert not slips.near(a, b, 1e-5, 1e-9), (a, b)


@pytest.mark.parametrize("check", WRONG)
def test_every_check_names_at_least_three_wrong_answers(check):
    assert len({named for _, named in WRONG[check]}) >= 3


def test_every_check_is_tested_with_the_right_answer_in_several_spellings():
    assert {getattr(exercises, name) for name in exercises.__all__ if name != "NotYet"} == set(RIGHT) == set(WRONG)
    assert all(len(answers) >= 2 for answers in RIGHT.values())
    assert {check.__name__: len(RIGHT[check]) for check in OF_FUNCTIONS if len(RIGHT[check]) < 3} == {}


@pytest.mark.parametrize("chapter", sorted(name[2:] for name in CHAPTERS))
def test_every_mutant_of_a_solution_is_rejected(chapter):
    for exercise in exercise_mutants.exercises(chapter):
        assert exercise_mutants.accepts(exercise.check, exercise.answer, 0)
        same = exercise_mutants.SAME.get(exercise.check.__name__, {})
        accepted = {
            name
            for name, answer in exercise_mutants.mutants(exercise).items()
            if exercise_mutants.accepts(exercise.check, answer, 0)
        }
        assert accepted == set(same), exercise.check.__name__


def stub(*given):
    raise NotImplementedError


def empty(*given):
    """As the place to write is handed out."""


@pytest.mark.parametrize("check", OF_CHAPTERS)
def test_a_stub_is_not_a_wrong_answer(check):
    right = RIGHT[check][0]
    if isinstance(right, tuple):
        for i in range(len(right)):
            assert "still None" in reply(check, (*right[:i], None, *right[i + 1 :]))
    else:
        for unfinished in (stub, empty):
            assert f"`{unfinished.__name__}` returns nothing yet" in reply(check, unfinished)


def test_a_half_written_function_hears_which_part_is_missing():
    assert "mu is still None" in reply(exercises.check_fit_normal, lambda x: (None, x.std()))
    assert "sigma is still None" in reply(exercises.check_fit_normal, lambda x: (x.mean(), None))


def slip_of_the_pen(*given):
    return given[0].summ()


@pytest.mark.parametrize("check", OF_FUNCTIONS)
def test_every_check_of_a_function_tells_where_its_author_stumbled(check):
    assert "hand over the function itself" in reply(check, np.ones(3))
    assert "takes (nothing); it is called with" in reply(check, lambda: 1)
    assert re.search(r"stops .*AttributeError: .* has no attribute 'summ'", reply(check, slip_of_the_pen))
    assert re.search("generator|return . things, in this order", reply(check, lambda *given: (v for v in given)))
    assert re.search("parts of different lengths|return . things", reply(check, lambda *given: [[1, 2], [3], [], []]))


def test_the_data_of_a_check_differ_from_time_to_time_unless_a_seed_is_set():
    seen = []
    for seed in (None, None, 7, 7):
        ask(exercises.check_best_rate, lambda x: seen.append(x) or 1 / x.mean(), seed)
    assert not np.array_equal(seen[0], seen[1]) and np.array_equal(seen[2], seen[3])
