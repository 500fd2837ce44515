"""The mutants that `make mutants` tries: each is other code, and every kind of change is among them."""

import pytest

from tools.mutants.changes import ROOT, mutants


def changes(tmp_path, source):
    file = tmp_path / "code.py"
    file.write_text(source)
    return [mutant.change for mutant in mutants(file)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x < y", ["Lt -> LtE", "Lt -> Gt"]),
        ("a * b", ["Mult -> Div"]),
        ("a and b and c", ["and <-> or", "without a", "without b", "without c"]),
        ("a or b", ["and <-> or", "without a", "without b"]),
        ("not a", ["not a -> a"]),
        ("if a: f(axis=1)", ["if a: never", "if a: always", "without f(axis=1)", "1 -> 0", "1 -> 2"]),
        ("x = 1e-4, 0.5, 3, -1", ["-1 -> 1", "0.0001 -> 0.1", "0.0001 -> 0.0", "0.5 -> 1.0", "3 -> 4"]),
        ("x = a.min() if b else max(c)", ["always a.min()", "always max(c)", "max -> min", ".min -> .max"]),
        ("if a:\n    raise b", ["if a: never", "if a: always", "without raise b"]),
        ("def f(x: int = 2) -> 'a':\n    return x", ["return None", "2 -> 3"]),
        ("x = [a for a in b if a]", ["without if a"]),
        ("x = rng.normal(0, 1, 5)", []),
        ("@dataclass(frozen=True)\nclass A:\n    'words'\n    x: tuple[0] = f'{a}'", []),
    ],
)
def test_the_changes_that_are_tried(tmp_path, source, expected):
    assert sorted(changes(tmp_path, source)) == sorted(expected)


def test_every_mutant_is_other_code_that_compiles():
    path = "emcore/numerics.py"
    code = compile((ROOT / path).read_text(), str(ROOT / path), "exec")
    assert all(mutant.code() != code for mutant in mutants(path))


def test_a_mutant_knows_its_function(tmp_path):
    file = tmp_path / "code.py"
    file.write_text("x = 3\nclass A:\n    def f(self, n=4):\n        def g(): return 5\n        return 6 + n\n")
    where = {mutant.change: mutant.function for mutant in mutants(file)}
    assert where["3 -> 4"] == where["4 -> 5"] == "" and where["5 -> 6"] == where["Add -> Sub"] == "A.f"
