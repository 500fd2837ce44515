"""The checks accept every right answer, name the wrong answers that people give, and forgive a stub.

The answers themselves stand in tests/answers, one file a chapter and one for the projects.
"""

import ast
import inspect
from collections import Counter
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from emcore import exercises
from emcore.exercises import NotYet, verdict

DRAWS = 20
CHAPTERS = [
    import_module(f"answers.{path.stem}") for path in sorted(Path(__file__).parents[1].glob("answers/[!_]*.py"))
]
RIGHT = {check: answers for chapter in CHAPTERS for check, answers in chapter.RIGHT.items()}
WRONG = {check: answers for chapter in CHAPTERS for check, answers in chapter.WRONG.items()}


def one_by_one(table):
    """The table's entries as test parameters, each named after its check."""
    return [
        pytest.param(check, *(entry if table is WRONG else (entry,)), id=f"{check.__name__.removeprefix('check_')}-{i}")
        for check, entries in table.items()
        for i, entry in enumerate(entries)
    ]


def ask(check, answer, seed=0):
    """Run a check on an answer as a notebook would, where numpy's warnings stop nothing."""
    with pytest.MonkeyPatch.context() as patch, np.errstate(all="ignore"):
        patch.setattr(verdict, "seed", seed)
        check(*(answer if isinstance(answer, tuple) else (answer,)))


def reply(check, answer, seed=0):
    """What a check says to a wrong answer."""
    with pytest.raises(NotYet) as caught:
        ask(check, answer, seed)
    return str(caught.value)


def messages(check):
    """Every message that a check has in store, read off its source: keys of mistakes, and what may not break down."""
    for node in ast.walk(ast.parse(inspect.getsource(check))):
        if isinstance(node, ast.Dict):
            yield from (key.value for key in node.keys)
        elif (
            isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        ):
            yield node.value.value


@pytest.mark.parametrize("check, answer", one_by_one(RIGHT))
def test_every_right_answer_is_accepted(check, answer, capsys):
    for seed in range(DRAWS):
        ask(check, answer, seed)
    assert capsys.readouterr().out.count("Right: ") == DRAWS


@pytest.mark.parametrize("check, answer, named", one_by_one(WRONG))
def test_every_common_wrong_answer_is_named(check, answer, named):
    assert sum(named in message for message in set(messages(check))) <= 1
    for seed in range(DRAWS):
        assert named in reply(check, answer, seed)


@pytest.mark.parametrize("check", WRONG)
def test_every_message_of_a_check_is_met(check):
    met = Counter(reply(check, answer) for answer, _ in WRONG[check])
    assert not Counter(messages(check)) - met


@pytest.mark.parametrize("check", WRONG)
def test_every_check_names_at_least_three_wrong_answers(check):
    assert len(set(messages(check))) >= 3


def test_every_check_is_tested_with_two_spellings_of_the_right_answer():
    assert {getattr(exercises, name) for name in exercises.__all__ if name != "NotYet"} == set(RIGHT) == set(WRONG)
    assert all(len(answers) >= 2 for answers in RIGHT.values())


def stub(*given):
    raise NotImplementedError


def empty(*given):
    return None


@pytest.mark.parametrize("check", RIGHT)
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


def test_a_notebook_shows_the_message_without_a_traceback():
    assert NotYet("look again")._render_traceback_() == ["Not yet: look again"]


def test_the_data_of_a_check_differ_from_time_to_time_unless_a_seed_is_set():
    seen = []
    for seed in (None, None, 7, 7):
        ask(exercises.check_best_rate, lambda x: seen.append(x) or 1 / x.mean(), seed)
    assert not np.array_equal(seen[0], seen[1]) and np.array_equal(seen[2], seen[3])


@pytest.mark.parametrize("given, seed", [("7", 7), ("0", 0), (None, None)])
def test_a_teachers_seed_comes_from_the_environment(monkeypatch, given, seed):
    monkeypatch.delenv("EM_COURSE_SEED", raising=False)
    if given is not None:
        monkeypatch.setenv("EM_COURSE_SEED", given)
    assert verdict.seed_of_the_class() == seed


@pytest.mark.parametrize("given", ["", "-1", "7.5", "abc"])
def test_a_seed_that_is_no_number_is_refused(monkeypatch, given):
    monkeypatch.setenv("EM_COURSE_SEED", given)
    with pytest.raises(ValueError, match=f"whole number, 0 or more; got {given!r}"):
        verdict.seed_of_the_class()


@pytest.mark.parametrize("answer", ["0.5", ["0.5"], 0.5 + 2j, np.array([0.5 + 0j])])
def test_text_and_complex_numbers_are_no_answer(answer):
    with pytest.raises(NotYet, match="should be numbers"):
        verdict.judge(answer, np.full(np.shape(answer), 0.5), {}, what="x")
