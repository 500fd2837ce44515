"""The mutants of a file: every small change of its syntax tree that is worth a try."""

import ast
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
EQUIVALENT = ROOT / "tests" / "equivalent_mutants.yml"
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


def equivalents():
    """The listed mutants that mean the same as the code: {(file, line of text, change)}."""
    listed = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or [] if EQUIVALENT.exists() else []
    return {(entry["file"], entry["line"], entry["change"]) for entry in listed}


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
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
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
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("rng.", "draw.")):
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


def select(where):
    """The mutants of these files, folders and FILE:LINE places."""
    found = []
    for place in where:
        name, _, line = place.partition(":")
        path = ROOT / name
        files = sorted(path.glob("**/*.py")) if path.is_dir() else [path]
        found += [m for f in files for m in mutants(f.relative_to(ROOT)) if not line or m.line == int(line)]
    return sorted(found, key=lambda m: (m.path, m.line))
