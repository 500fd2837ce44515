"""The exercises as they stand on the page: a prompt, a place to write, the check, and the solution, folded."""

import ast
import re

import nbformat
import pytest
from exercise_mutants import CHAPTERS
from test_notebooks import PATHS, code

STUB = re.compile(r'(\w+ = None( +#.*)?\n?)+|def \w+\(.*\):\n    """.*\."""')


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def exercises(nb):
    """Prompt, place to write, check and solution of each exercise that has a check."""
    found = [i for i, cell in enumerate(nb.cells) if "### BEGIN SOLUTION" in cell.source]
    assert len(found) == sum(cell.source.startswith("exercises.check_") for cell in code(nb)) >= 4
    return [nb.cells[i - 3 : i + 1] for i in found]


def texts(cell):
    """What a cell shows: its source, and what it printed."""
    outputs = [out.get("text") or out.get("data", {}).get("text/plain", "") for out in cell.get("outputs", [])]
    return "\n".join([cell.source, *outputs])


def test_an_exercise_is_a_prompt_a_place_to_write_a_check_and_a_folded_solution(notebook):
    for prompt, place, check, solution in exercises(notebook):
        assert prompt.source.count("<details><summary>Hint") >= 2, "hints come in stages"
        assert STUB.fullmatch(place.source), place.source
        assert re.fullmatch(r"exercises\.check_\w+\(\w+(, \w+)*\)", check.source)
        assert solution.source.startswith("### BEGIN SOLUTION\n")
        assert solution.source.endswith(f"\n{check.source}\n### END SOLUTION")
        assert "hide-cell" in solution.metadata.tags and solution.metadata.cellView == "form"
        assert solution.metadata.jupyter == {"source_hidden": True, "outputs_hidden": True}


def test_a_check_waits_for_the_reader_and_takes_the_solution(notebook):
    for _, _, check, solution in exercises(notebook):
        assert re.match(r"Not yet: .* (returns nothing yet|is still None)", check.outputs[0].text)
        assert check.metadata.tags == ["remove-output"], "the page shows no verdict before there is an answer"
        assert solution.outputs[-1].text.splitlines()[-1].startswith("Right: ")


def test_a_function_to_write_takes_what_the_solutions_takes(notebook):
    for _, place, _, solution in exercises(notebook):
        taken = {node.name: ast.unparse(node.args) for node in ast.parse(solution.source).body if hasattr(node, "args")}
        for node in ast.parse(place.source).body:
            assert not hasattr(node, "args") or taken[node.name] == ast.unparse(node.args)


def test_no_solution_calls_the_course_for_what_it_must_write_itself(notebook):
    imported = {
        alias.asname or alias.name
        for cell in code(notebook)
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("emcore")
        for alias in node.names
    }
    for *_, solution in exercises(notebook):
        for function in (node for node in ast.walk(ast.parse(solution.source)) if isinstance(node, ast.FunctionDef)):
            names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
            assert not names & imported, f"{function.name} uses {names & imported}"


def shown(value, text):
    """The numbers of a text, of three digits or more, that are the value, rounded."""
    numbers = re.findall(r"(?<![\w.])\d*\.\d{2,}(?![\w.])", text)
    long = [number for number in numbers if sum(map(str.isdigit, number.lstrip("0."))) > 2]
    return [number for number in long if abs(float(number) - abs(value)) <= 0.5 * 10.0 ** -len(number.split(".")[1])]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_no_answer_of_work_on_paper_stands_elsewhere_on_its_page(path):
    nb = nbformat.read(path, as_version=4)
    right = {check.__name__: answers[0] for check, answers in CHAPTERS[f"ch{path.name[:2]}"].RIGHT.items()}
    for *_, check, solution in exercises(nb):
        values = right[check.source.split("(")[0].removeprefix("exercises.")]
        if isinstance(values, tuple):
            elsewhere = "\n".join(texts(cell) for cell in nb.cells if cell is not solution)
            for value in map(float, flat(values)):
                assert value == round(value) or shown(value, elsewhere) == [], check.source


def flat(values):
    for value in values:
        yield from flat(value) if hasattr(value, "__len__") else [value]


def test_an_answer_that_is_shown_is_found():
    assert shown(0.60825, "t = 0.608 and .6082, not 0.6089 or 0.61") == ["0.608", ".6082"]
