"""`py.typed` is true: every public function and method says its types. (`mypy` holds them against the bodies.)"""

import ast
from pathlib import Path

import pytest

EMCORE = Path(__file__).resolve().parents[2] / "emcore"
FILES = sorted(path.relative_to(EMCORE).as_posix() for path in EMCORE.glob("**/*.py"))
LATER = [name for name in FILES if name == "checkup.py" or name.startswith("exercises/")]


def untyped(source):
    """The public functions and methods with a parameter or a result that has no type."""
    tree = ast.parse(source)
    scopes = [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]
    return [
        function.name
        for scope in scopes
        for function in scope.body
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_")
        if function.returns is None or not all(has_type(function, argument) for argument in arguments(function))
    ]


def arguments(function):
    a = function.args
    return [*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, [a.vararg, a.kwarg])]


def has_type(function, argument):
    return argument.annotation is not None or (argument.arg in ("self", "cls") and argument is function.args.args[0])


@pytest.mark.parametrize("name", [name for name in FILES if name not in LATER])
def test_every_public_function_says_its_types(name):
    assert untyped((EMCORE / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "def f(x) -> int: ...",
        "def f(x: int): ...",
        "def f(*x) -> int: ...",
        "def f(x: int, self) -> int: ...",
        "class A:\n def f(self, *, x) -> int: ...",
    ],
)
def test_a_function_without_types_is_found(source):
    assert untyped(source) == ["f"]


def test_types_travel_with_the_package():
    assert (EMCORE / "py.typed").exists() and untyped("class A:\n def f(self) -> int: ...\ndef _g(x): ...") == []
