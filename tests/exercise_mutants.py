"""Lazy and wrong answers to every exercise, made from its official solution: which of them does the check accept?

    python tests/exercise_mutants.py [--seeds 200] [06 ...]      a table of exercises and mutants

A mutant changes one thing: a place in the solution's source, an argument before the call, or what is returned.
The wrong answers of tests/answers are tried beside them. A check must reject every wrong answer with any data,
and accept every right one. Mutants that are right in another spelling stand in tests/answers, in SAME.
"""

import argparse
import ast
import copy
import inspect
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import nbformat
import numpy as np

from emcore.exercises import NotYet, verdict

TESTS = Path(__file__).resolve().parent
CHAPTERS = {path.stem: import_module(f"answers.{path.stem}") for path in sorted(TESTS.glob("answers/ch[0-9]*.py"))}
WRONG = {check: wrong for module in CHAPTERS.values() for check, wrong in module.WRONG.items()}
SAME = {check: why for module in CHAPTERS.values() for check, why in getattr(module, "SAME", {}).items()}


class Exercise(NamedTuple):
    """An exercise with its official answer: a function with its source, or a tuple of values."""

    check: Callable
    answer: Any
    source: str | None
    space: dict  # what the source needs to run


def exercises(chapter: str) -> Iterator[Exercise]:
    """The exercises of a chapter ("06"), their answers read off its notebook; values come from tests/answers."""
    (path,) = (TESTS.parent / "notebooks").glob(f"{chapter}_*.ipynb")
    space = {"np": np}
    for cell in nbformat.read(path, as_version=4).cells:
        if "### BEGIN SOLUTION" not in cell.source:
            continue
        tree = ast.parse(cell.source)
        tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ImportFrom)]
        exec(compile(tree, path.name, "exec"), space)
        name, asked = re.search(r"exercises\.(check_\w+)\((.*)\)", cell.source).groups()
        module = CHAPTERS[f"ch{chapter}"]
        check = next(check for check in module.RIGHT if check.__name__ == name)
        if asked in space:
            yield Exercise(check, space[asked], ast.unparse(tree), dict(space))
        else:
            yield Exercise(check, module.RIGHT[check][0], None, {})


def accepts(check: Callable, answer: Any, seed: int) -> bool:
    """Does the check take the answer for a right one, on the data of that seed?"""
    with patch.multiple(verdict, seed=seed, chain=lambda *given: ()), np.errstate(all="ignore"):  # no slip to name
        try:
            inspect.unwrap(check)(*(answer if isinstance(answer, tuple) else (answer,)))
        except NotYet:
            return False
    return True


def mutants(exercise: Exercise) -> dict[str, Any]:
    """The wrong answers to an exercise, by name."""
    found = {f"wrong answer {i}: {named}": answer for i, (answer, named) in enumerate(WRONG[exercise.check])}
    for name, answer in of_values(exercise.answer) if exercise.source is None else of_function(exercise):
        places = sum(other.split(" (place")[0] == name for other in found)
        found[f"{name} (place {places + 1})" if places else name] = answer
    return found


def of_function(exercise: Exercise) -> Iterator[tuple[str, Callable]]:
    """The mutants of a solution that is a function."""
    calls = []
    accepts(exercise.check, lambda *given: calls.append((given, exercise.answer(*given))) or calls[-1][1], seed=10**6)
    (given, sample), *_ = calls
    yield "an answer copied from other data", lambda *other: copy.deepcopy(sample)
    yield from of_source(exercise)
    yield from of_arguments(exercise.answer, given)
    yield from of_returns(exercise.answer, sample)


def of_values(values: tuple) -> Iterator[tuple[str, Any]]:
    """Values on paper: each one off by a hundredth, lost, or in another's place."""
    for i in range(len(values)):
        for how, change in {"times 1.01": 1.01, "times 0.99": 0.99, "negated": -1, "doubled": 2, "zero": 0}.items():
            yield f"value {i} {how}", (*values[:i], np.multiply(values[i], change), *values[i + 1 :])
    if len(values) > 1:
        yield "values in reverse", values[::-1]


SWAPS = {
    ast.Add: ast.Sub(), ast.Sub: ast.Add(), ast.Mult: ast.Div(), ast.Div: ast.Mult(), ast.Pow: ast.Mult(),
    ast.Gt: ast.Lt(), ast.Lt: ast.Gt(), ast.Eq: ast.NotEq(),
}  # fmt: skip
NAMES = {
    "argmax": "argmin", "argmin": "argmax", "max": "min", "min": "max", "maximum": "minimum", "sum": "mean",
    "mean": "sum", "log": "log2", "eigh": "eig",
}  # fmt: skip


def replacements(node: ast.AST, names: list[str], backward: bool) -> Iterator[ast.AST]:
    """What may stand in a node's place by mistake."""
    if isinstance(node, ast.BinOp):
        if type(node.op) in SWAPS:
            yield ast.BinOp(node.left, SWAPS[type(node.op)], node.right)
        yield from (node.left, node.right)
        if isinstance(node.op, ast.Sub | ast.Div) and backward:
            yield ast.BinOp(node.right, node.op, node.left)
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield ast.Constant(node.value + 1)
        if node.value:
            yield ast.Constant(type(node.value)(node.value - 1))
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        yield ast.Compare(node.left, [SWAPS[type(node.ops[0])]], node.comparators)
    elif isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield ast.Attribute(node.value, NAMES[node.attr], ast.Load())
    elif isinstance(node, ast.Call):
        if len(node.args) == 1:
            yield node.args[0]
        for i in range(len(node.keywords)):
            yield ast.Call(node.func, node.args, node.keywords[:i] + node.keywords[i + 1 :])
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield node.value
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
        yield from (ast.Name(name, ast.Load()) for name in names if name != node.id)


def of_source(exercise: Exercise) -> Iterator[tuple[str, Any]]:
    """The solution with one place of its source changed."""
    tree = ast.parse(exercise.source)
    (function,) = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    names = [argument.arg for argument in function.args.args]
    places = list(ast.walk(function))
    squared = {id(part) for node in places for part in factors_of_a_square(node)}
    for i, node in enumerate(places):
        for new in replacements(node, names, backward=id(node) not in squared):
            changed = copy.deepcopy(tree)
            twin = next(n for n in changed.body if isinstance(n, ast.FunctionDef))
            put(twin, list(ast.walk(twin))[i], copy.deepcopy(new))
            space = dict(exercise.space)
            try:
                exec(compile(ast.fix_missing_locations(changed), "<mutant>", "exec"), space)
            except SyntaxError:
                continue
            yield f"`{ast.unparse(node)}` is `{ast.unparse(new)}`", space[function.name]


def factors_of_a_square(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of (a - b)**2 or ((a - b) / c)**2 whose sign does not matter."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        part = node.left
        while isinstance(part, ast.BinOp):
            yield part
            part = part.left


def put(root: ast.AST, old: ast.AST, new: ast.AST) -> None:
    """Replace a node of a tree."""
    for parent in ast.walk(root):
        for field, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, field, new)
            elif isinstance(value, list) and any(item is old for item in value):
                value[[item is old for item in value].index(True)] = new


def blank(value: Any) -> Any:
    """The same kind of argument with nothing to say: shares alike, ones, always four iterations."""
    if isinstance(value, np.ndarray):
        shares = value.ndim and value.min(initial=0) >= 0 and np.allclose(value.sum(axis=-1), 1)
        return np.full(value.shape, 1 / value.shape[-1]) if shares else np.ones_like(value)
    return 4 if isinstance(value, int) else 1.0 if isinstance(value, float) else value


COMPONENTS = {"q": [-1], "log_joint": [-1], "posterior": [-1], "gamma": [-1], "A": [0, 1], "xi": [1, 2]}  # axes of K
COMPONENTS |= {name: [0] for name in ("pi", "mu", "sigma", "mean", "m", "p", "rate", "cov", "B")}


def two(name: str, value: Any) -> Any:
    """An argument as somebody sees it who thinks of two components only."""
    if isinstance(value, np.ndarray) and value.ndim:
        for axis in COMPONENTS.get(name, []):
            value = np.take(value, range(2), axis=axis) if value.shape[axis] > 1 else value
    return value


def of_arguments(function: Callable, sample: tuple) -> Iterator[tuple[str, Callable]]:
    """The solution, called with arguments that were ignored, cut, swapped or counted wrongly."""
    names = list(inspect.signature(function).parameters)

    def changed(change: Callable) -> Callable:
        return lambda *given: function(*change(list(given)))

    def cut(part: slice) -> Callable:
        def change(given):
            arrays = [i for i, value in enumerate(given) if isinstance(value, np.ndarray) and value.ndim]
            longest = max(len(given[i]) for i in arrays)
            return [value[part] if i in arrays and len(value) == longest else value for i, value in enumerate(given)]

        return changed(change)

    def at(i: int, change: Callable) -> Callable:
        return changed(lambda given: [change(value) if j == i else value for j, value in enumerate(given)])

    def swap(i: int, j: int) -> Callable:
        return changed(lambda given: [given[{i: j, j: i}.get(k, k)] for k in range(len(given))])

    for i, (name, value) in enumerate(zip(names, sample, strict=True)):
        if isinstance(value, np.ndarray | int | float):
            yield f"{name} is ignored", at(i, blank)
        if isinstance(value, int):
            yield f"{name} is counted with one more", at(i, lambda count: count + 1)
        for j in range(i):
            yield f"{names[j]} and {name} are exchanged", swap(i, j)
    if any(np.ndim(value) for value in sample if isinstance(value, np.ndarray)):
        yield "the first is forgotten", cut(slice(1, None))
        yield "the last is forgotten", cut(slice(None, -1))
    if any(name in COMPONENTS and np.ndim(value) for name, value in zip(names, sample, strict=True)):
        yield "two components only", changed(lambda given: [two(*pair) for pair in zip(names, given, strict=True)])


CHANGES = {
    "negated": np.negative, "doubled": lambda a: np.multiply(a, 2), "reversed": lambda a: np.flip(a, -1),
    "upside down": lambda a: np.flip(a, 0), "transposed": np.transpose, "sorted": lambda a: np.sort(a, axis=0),
    "rolled": lambda a: np.roll(a, 1), "all alike": lambda a: np.full(np.shape(a), np.mean(a)),
    "nan": lambda a: np.full(np.shape(a), np.nan), "summed": np.sum, "averaged": np.mean,
}  # fmt: skip


def of_returns(function: Callable, sample: Any) -> Iterator[tuple[str, Callable]]:
    """The solution, with something done to what it returns, or to one part of it, where that makes a difference."""
    parts = list(sample) if isinstance(sample, tuple) else [sample]

    def changed(i: int, change: Callable) -> Callable:
        def mutant(*given):
            answer = function(*given)
            return (*answer[:i], change(answer[i]), *answer[i + 1 :]) if isinstance(sample, tuple) else change(answer)

        return mutant

    for i, part in enumerate(parts):
        for how, change in CHANGES.items():
            try:
                if np.array_equal(change(part), part):
                    continue
            except (ValueError, TypeError):
                continue
            yield f"part {i} is {how}" if len(parts) > 1 else f"the answer is {how}", changed(i, change)
    if len(parts) > 1:
        yield "the parts in reverse order", lambda *given: function(*given)[::-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("chapters", nargs="*", default=sorted(name[2:] for name in CHAPTERS))
    options = parser.parse_args()
    seeds, tried, wrongly, refused = range(options.seeds), 0, 0, 0
    for chapter in options.chapters:
        for exercise in exercises(chapter):
            check = exercise.check
            right = [exercise.answer, *CHAPTERS[f"ch{chapter}"].RIGHT[check]]
            shares = [np.mean([accepts(check, answer, seed) for seed in seeds]) for answer in right]
            refused += sum(share < 1 for share in shares)
            print(f"{chapter} {check.__name__}: {len(right)} right answers, accepted {min(shares):.0%}", flush=True)
            same = SAME.get(check.__name__, {})
            for name, answer in mutants(exercise).items():
                share = np.mean([accepts(check, answer, seed) for seed in seeds])
                tried, wrongly = tried + (name not in same), wrongly + (share > 0 and name not in same)
                print(f"    {share:4.0%}  {name}" + (f"  [right: {same[name]}]" if name in same else ""), flush=True)
    print(f"{tried} wrong answers, {wrongly} of them accepted; {refused} right answers refused; {options.seeds} draws")


if __name__ == "__main__":
    main()
