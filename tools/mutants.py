"""Mutation run: change the code a little, again and again, and see whether a test of tests/unit notices.

    python -m tools.mutants                                all of core, models, checkup and the exercises' checks
    python -m tools.mutants emcore/models --sample 100 --seed 3
    python -m tools.mutants emcore/core.py:81              only the mutants of that line

A mutant is one small change of the syntax tree: a comparison, an operator, a number, `and`, a slice's axis, a call's
name turned into its neighbor, a statement or a guard removed. Strings are left alone. The tests run once to learn
which of them call which function; then each mutant meets, in a process of its own, the tests that call its function,
the quickest first, until one fails. Mutants that mean the same as the code, so that no test can tell, stand with the
reason in tests/equivalent_mutants.yml.
"""

import argparse
import ast
import hashlib
import importlib.machinery
import inspect
import json
import os
import random
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
EQUIVALENT = ROOT / "tests" / "equivalent_mutants.yml"
KNOWN = ROOT / "_build" / "mutants.json"  # which tests call which function, for one state of the tree
WHAT = ["core", "history", "mixture", "numerics", "theta", "validate", "models", "checkup", "laws", "exercises"]

FAULT = 99  # the exit status of a child whose mutant stopped even pytest
OPTIONS = ["-qq", "--no-header", "--no-summary", "-s", "-p", "no:cacheprovider"]


COMPARE = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
TURNED = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
NEIGHBORS = dict(
    pair
    for a, b in [("min", "max"), ("argmin", "argmax"), ("any", "all"), ("minimum", "maximum"), ("sum", "mean"),
                 ("log", "log1p"), ("zeros", "ones"), ("floor", "ceil")]
    for pair in [(a, b), (b, a)]
)  # fmt: skip


# --- mutants -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mutant:
    path: str
    function: str  # the outermost function it is in; "" for the module's own lines
    line: int
    text: str  # the line as it stands
    change: str
    where: int  # the node's place in ast.walk
    kind: int  # which of the node's changes

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}\n    {self.change}"

    def code(self):
        tree = ast.parse((ROOT / self.path).read_text(encoding="utf-8"))
        node = list(ast.walk(tree))[self.where]
        list(changes(node))[self.kind][1]()
        return compile(ast.fix_missing_locations(tree), str(ROOT / self.path), "exec")


def changes(node):
    """(what changes, a function that changes the node in place)."""

    def put(field, value):
        return partial(setattr, node, field, value)

    match node:
        case ast.Compare(ops=[op, *more]):
            for table in (COMPARE, TURNED):
                if type(op) in table:
                    yield f"{type(op).__name__} -> {table[type(op)].__name__}", put("ops", [table[type(op)](), *more])
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in ARITHMETIC:
            yield f"{type(op).__name__} -> {ARITHMETIC[type(op)].__name__}", put("op", ARITHMETIC[type(op)]())
        case ast.BoolOp(op=op, values=values):
            yield "and <-> or", put("op", ast.Or() if isinstance(op, ast.And) else ast.And())
            for i, value in enumerate(values):
                rest = values[:i] + values[i + 1 :]
                yield (
                    f"without {ast.unparse(value)}",
                    put("values", rest) if rest[1:] else partial(_become, node, rest[0]),
                )
        case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert(), operand=operand):
            yield f"{ast.unparse(node)} -> {ast.unparse(operand)}", partial(_become, node, operand)
        case ast.Constant(value=bool()):
            yield f"{node.value} -> {not node.value}", put("value", not node.value)
        case ast.Constant(value=int() | float() as value):
            for other in _others(value):
                yield f"{value} -> {other}", put("value", other)
        case ast.Attribute(attr=name) if name in NEIGHBORS:
            yield f".{name} -> .{NEIGHBORS[name]}", put("attr", NEIGHBORS[name])
        case ast.Call(func=ast.Name(id=name)) if name in NEIGHBORS:
            yield f"{name} -> {NEIGHBORS[name]}", partial(setattr, node.func, "id", NEIGHBORS[name])
        case ast.IfExp(body=body, orelse=other):
            yield f"always {ast.unparse(body)}", put("test", ast.Constant(True))
            yield f"always {ast.unparse(other)}", put("test", ast.Constant(False))
        case ast.If(test=test):
            yield f"if {ast.unparse(test)}: never", put("test", ast.Constant(False))
            yield f"if {ast.unparse(test)}: always", put("test", ast.Constant(True))
        case ast.Return(value=ast.expr()):
            yield "return None", put("value", ast.Constant(None))
        case ast.comprehension(ifs=[test, *_]):
            yield f"without if {ast.unparse(test)}", put("ifs", [])
    for field in ("body", "orelse"):
        statements = getattr(node, field, None)
        for i, statement in enumerate(statements if isinstance(statements, list) else []):
            removable = isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Constant)
            if removable or isinstance(statement, ast.AugAssign | ast.Raise | ast.Break | ast.Continue):
                yield (
                    f"without {ast.unparse(statement)[:70]}",
                    put(field, [*statements[:i], ast.Pass(), *statements[i + 1 :]]),
                )


def _others(number):
    """A whole number's neighbor, a tolerance that is no longer one, or twice a number."""
    if isinstance(number, int):
        return [0, 2] if number == 1 else [number + 1]
    return [1e3 * number, 0.0] if 0 < abs(number) < 1e-3 else [2 * number if number else 1.0]


def _become(node, other):
    node.__class__, node.__dict__ = type(other), dict(other.__dict__)


def mutants(path):
    """All mutants of a file. Annotations, decorators, and what a random generator is asked for are left alone."""
    source = (ROOT / path).read_text(encoding="utf-8")
    tree, lines = ast.parse(source), source.splitlines()
    home, skipped = {}, set()

    def visit(node, function):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            skipped.update(id(n) for part in node.decorator_list for n in ast.walk(part))
        if isinstance(node, ast.FunctionDef):
            parts = [node.returns, *(a.annotation for a in [*node.args.args, *node.args.kwonlyargs])]
            skipped.update(id(n) for part in parts if part for n in ast.walk(part))
            defaults = [part for part in [*node.args.defaults, *node.args.kw_defaults] if part]
            home.update((id(n), "") for part in defaults for n in ast.walk(part))
        if isinstance(node, ast.AnnAssign):
            skipped.update(id(n) for n in ast.walk(node.annotation))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("rng."):
            skipped.update(id(n) for n in ast.walk(node))
        if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
            skipped.add(id(node.operand))  # -1 becomes 1, not -2 too
        home.setdefault(id(node), function[0])
        inside = function[1]
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef) and not function[0]:
                visit(child, (f"{inside}{child.name}", ""))
            elif isinstance(child, ast.ClassDef) and not function[0]:
                visit(child, ("", f"{inside}{child.name}."))
            else:
                visit(child, function)

    visit(tree, ("", ""))
    for where, node in enumerate(ast.walk(tree)):
        if id(node) in skipped or isinstance(node, ast.Module):
            continue
        for kind, (change, _) in enumerate(changes(node)):
            line = getattr(node, "lineno", None) or node.iter.lineno
            yield Mutant(str(path), home[id(node)], line, lines[line - 1].strip(), change, where, kind)


# --- tests -------------------------------------------------------------------------------------------------------


class Loop:
    """In place of pytest's own loop over the tests that it collected: the mutation run."""

    def __init__(self, found, processes, budget):
        self.found, self.processes, self.budget, self.results = found, processes, budget, {}

    def pytest_runtestloop(self, session):
        if session.testsfailed:
            sys.exit("the tests cannot be collected: run pytest to see why")
        self.items = {item.nodeid: item for item in session.items}
        self.known = measured(session.items)
        waiting, running = list(reversed(self.found)), {}
        while waiting or running:
            while waiting and len(running) < self.processes:
                mutant = waiting.pop()
                if tests := choose(mutant, self.known, self.budget):
                    running[in_child(partial(self.meet, mutant, tests))] = mutant
                else:
                    self.note(mutant, "no test")
            if running:
                child, status = os.wait()
                self.note(running.pop(child), "killed" if status else "survived")
        return True

    def note(self, mutant, what):
        self.results[mutant] = what
        if what != "killed":
            print(f"{what.upper()} {mutant}", flush=True)

    def meet(self, mutant, tests):
        """In a child: 1 when a test fails beside the mutant, 0 when none does."""
        resource.setrlimit(resource.RLIMIT_CPU, (int(30 + 5 * sum(tests.values())),) * 2)
        resource.setrlimit(resource.RLIMIT_AS, (8 * 2**30,) * 2)
        if put_in_place(mutant) and execute([self.items[test] for test in tests]):
            return 1
        return afresh(mutant, list(tests))  # what was computed when the tests were collected, too


def put_in_place(mutant):
    """Give the imported function the mutant's code; False where it is no function's code."""
    owner = sys.modules.get(mutant.path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    for name in mutant.function.split(".") if mutant.function and owner else ():
        owner = vars(owner).get(name)
    function = inspect.unwrap(getattr(owner, "fget", None) or getattr(owner, "__func__", None) or owner)
    if not inspect.isfunction(function):
        return False
    waiting = [mutant.code()]
    while waiting:
        code = waiting.pop()
        if code.co_qualname == mutant.function and code.co_firstlineno == function.__code__.co_firstlineno:
            function.__code__ = code
            return True
        waiting += [constant for constant in code.co_consts if inspect.iscode(constant)]
    return False


def execute(items, before=lambda item: None, after=lambda item: None):
    """Run collected tests until one fails; was there one?"""
    for item, following in zip(items, [*items[1:], None], strict=True):
        before(item)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        after(item)
        if item.session.testsfailed:
            return True
    return False


def afresh(mutant, tests):
    """Import emcore and the tests anew, emcore with the mutant: pytest's exit status."""
    import pytest

    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith((f"{ROOT}/emcore", f"{ROOT}/tests")):
            del sys.modules[name]
    code, path = mutant.code(), str(ROOT / mutant.path)
    loader = importlib.machinery.SourceFileLoader
    as_it_stands = loader.get_code
    loader.get_code = lambda self, name: code if self.path == path else as_it_stands(self, name)
    files = sorted({test.partition("::")[0] for test in tests})
    return int(pytest.main([*OPTIONS, "-x", *files], plugins=[Chosen(tests)]))


class Chosen:
    """Run these tests only, in this order."""

    def __init__(self, tests):
        self.place = {test: i for i, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items):
        items[:] = sorted(
            (item for item in items if item.nodeid in self.place), key=lambda item: self.place[item.nodeid]
        )


def in_child(task):
    """Fork; the child says nothing, and task() is its exit status."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        try:
            os._exit(task())
        except BaseException:
            os._exit(FAULT)
    return child


def measured(items):
    """{test: (seconds, functions of emcore that it calls)}: each file of tests runs once, anew when it changes."""
    shared = [*sorted(ROOT.glob("emcore/**/*.py")), *sorted(ROOT.glob("tests/*.py"))]
    known = json.loads(KNOWN.read_text()) if KNOWN.exists() else {}
    files = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    for path, tests in files.items():
        state = hashlib.sha256(b"".join(file.read_bytes() for file in [*shared, path])).hexdigest()
        if known.get(path.name, {}).get("state") == state:
            continue
        print(f"running {path.name} once, to see which test calls what", flush=True)
        _, status = os.waitpid(in_child(partial(_measure, tests)), 0)
        if status:
            sys.exit(f"{path.name} fails without any mutant")
        known[path.name] = {"state": state, "tests": json.loads(KNOWN.with_suffix(".new").read_text())}
        KNOWN.write_text(json.dumps(known))
    return {test: entry for path in files for test, entry in known[path.name]["tests"].items()}


def _measure(items):
    calls, seconds = {}, {}

    def trace(frame, event, arg):
        if frame.f_code.co_filename.startswith(f"{ROOT}/emcore"):
            function = frame.f_code.co_qualname.partition(".<locals>")[0]
            now.add(f"{os.path.relpath(frame.f_code.co_filename, ROOT)}:{function}")

    def before(item):
        nonlocal now
        now = calls[item.nodeid] = set()
        seconds[item.nodeid] = -time.process_time()
        sys.settrace(trace)

    def after(item):
        sys.settrace(None)
        seconds[item.nodeid] += time.process_time()

    now = set()
    failed = execute(items, before, after)
    KNOWN.parent.mkdir(exist_ok=True)
    KNOWN.with_suffix(".new").write_text(json.dumps({test: (seconds[test], sorted(calls[test])) for test in calls}))
    return int(failed)


def choose(mutant, known, budget):
    """{test: seconds}: those that call the mutant's function (or, for a file's own lines, anything of the file),
    the quickest first, as many as the budget of seconds allows."""
    function = f"{mutant.path}:{mutant.function}"
    calls = {
        test: seconds
        for test, (seconds, called) in known.items()
        if (function in called if mutant.function else any(name.startswith(function) for name in called))
    }
    chosen = {}
    for test in sorted(calls, key=calls.get):
        if chosen and sum(chosen.values()) + calls[test] > budget:
            break
        chosen[test] = calls[test]
    return chosen


# --- the run -----------------------------------------------------------------------------------------------------


def select(where):
    """The mutants of these files, folders and FILE:LINE places."""
    found = []
    for place in where:
        name, _, line = place.partition(":")
        path = ROOT / name
        files = sorted(path.glob("**/*.py")) if path.is_dir() else [path]
        found += [m for f in files for m in mutants(f.relative_to(ROOT)) if not line or m.line == int(line)]
    return sorted(found, key=lambda m: (m.path, m.line))


def main():
    default = [f"emcore/{n}{s}" for n in WHAT for s in ("", ".py") if (ROOT / f"emcore/{n}{s}").exists()]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("where", nargs="*", default=default, help="files, folders, or FILE:LINE")
    parser.add_argument("--tests", nargs="*", default=["tests/unit"], help="test files or folders")
    parser.add_argument("--sample", type=int, help="only so many mutants, drawn at random")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", "-n", type=int, default=os.cpu_count())
    parser.add_argument("--budget", type=float, default=60, help="seconds of tests a mutant meets at most")
    args = parser.parse_args()
    os.chdir(ROOT)

    found = select(args.where)
    listed = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or [] if EQUIVALENT.exists() else []
    same = {(entry["file"], entry["line"], entry["change"]) for entry in listed}
    everywhere = len(found)
    found = [m for m in found if (m.path, m.text, m.change) not in same]
    print(f"{everywhere} mutants, {everywhere - len(found)} of them equivalent")
    if args.sample and args.sample < len(found):
        found = random.Random(args.seed).sample(found, args.sample)

    import pytest

    start, loop = time.monotonic(), Loop(found, args.processes, args.budget)
    pytest.main([*OPTIONS, *args.tests], plugins=[loop])
    total = Counter(m.path for m in loop.results)
    killed = Counter(m.path for m, what in loop.results.items() if what == "killed")
    for path in total:
        print(f"{path:34} {killed[path]:5} of {total[path]:5} killed, {killed[path] / total[path]:.1%}")
    share = killed.total() / max(1, total.total())
    print(f"{killed.total()} of {total.total()} killed, {share:.1%}, in {time.monotonic() - start:.0f} s")
    sys.exit(share < 0.9)


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main()
