"""What each number is bound to: the sidecar files, what they must hold, and whether the values agree.

An entry is `"written": expression`, evaluated at the end of the page, `"written": expression after CELL`, evaluated
when that code cell has run, or `"written": given CELL`, a choice of the text that the code cell's source repeats.
"""

import ast
import builtins
import re
from dataclasses import dataclass

import numpy as np
import yaml

from tools.claims import pages
from tools.claims.text import Number, numbers

HOLDS = "every number holds"
PRINTED = re.compile(r"(?<![\w.])[-+]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)?\.?\d+(?:e[-+]?\d+)?")
BUILTINS = set(dir(builtins))


@dataclass(frozen=True)
class Entry:
    written: str
    how: str

    @property
    def given(self):
        return self.how.startswith("given ")

    @property
    def place(self):
        """The code cell after which it holds; None is the end of the page."""
        return (
            self.how.removeprefix("given ").strip() if self.given else self.how.partition(" after ")[2].strip() or None
        )

    @property
    def expression(self):
        return self.how.partition(" after ")[0].strip()


def sidecar(path):
    return pages.ROOT / "tests" / "numbers" / f"{path.stem}.yml"


def bound(path):
    """{id of a Markdown cell: its entries}."""
    file = sidecar(path)
    listed = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}
    return {
        key: [Entry(str(written), str(how)) for entry in entries for written, how in entry.items()]
        for key, entries in (listed or {}).items()
    }


def unlisted(path, cells):
    """Where prose and sidecar do not agree, and entries that can bind nothing; no page is executed."""
    listed, claimed, problems = bound(path), pages.claimed(cells), []
    for key in [*claimed, *(key for key in listed if key not in claimed)]:
        said, have = [n.written for n in claimed.get(key, [])], [entry.written for entry in listed.get(key, [])]
        if said != have:
            at = next(
                (i for i, pair in enumerate(zip(said, have, strict=False)) if pair[0] != pair[1]),
                min(len(said), len(have)),
            )
            problems.append(
                f"{key}: number {at + 1}: the prose has {said[at : at + 4]}, the sidecar {have[at : at + 4]}"
            )
    code = {cell.id: cell for cell in cells if cell.kind == "code"}
    for key, entries in listed.items():
        problems += [f"{key}: {entry.written}: {problem}" for entry in entries for problem in refused(entry, code)]
    return problems


def refused(entry, code):
    """What is wrong with an entry as it stands."""
    if entry.place is not None and entry.place not in code:
        return [f"there is no code cell {entry.place!r}"]
    number = Number.read(entry.written)
    if entry.given:
        return (
            []
            if any(number.fits(value) for value in literals(code[entry.place].source))
            else [f"not in cell {entry.place}"]
        )
    try:
        nodes = list(ast.walk(ast.parse(entry.expression, mode="eval")))
    except SyntaxError:
        return [f"{entry.expression!r} is no expression"]
    names = {node.id for node in nodes if isinstance(node, ast.Name)} - BUILTINS - {"np", "math"}
    if not names or names <= {"TODO", "given"}:
        return [f"{entry.expression!r} computes nothing from the page"]
    indices = {id(node) for sub in nodes if isinstance(sub, ast.Subscript) for node in ast.walk(sub.slice)}
    itself = [n for n in nodes if isinstance(n, ast.Constant) and id(n) not in indices and _is(n.value, number.value)]
    if itself and abs(number.value) not in (0, 1, 2):
        return [f"{entry.expression!r} holds the number itself"]
    if names == {"printed"} and code.get(entry.place) and code[entry.place].printed:
        return compared(entry, {}, code[entry.place])  # the output that is committed: no need to run
    return []


def _is(constant, value):
    return type(constant) in (int, float) and abs(constant) == abs(value)


def literals(source):
    """The numbers that a code cell's source holds, in its strings too; with either sign, as code may say x - 7."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            yield from (node.value, -node.value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (number.value for number in numbers(node.value))


def compared(entry, namespace, cell):
    """What is wrong with the value of an entry."""

    def printed(text):
        """The numbers behind this text in the first line with it that the cell printed."""
        lines = [line for line in cell.printed.splitlines() if text in line]
        if not lines:
            raise LookupError(f"{cell.id} prints no line with {text!r}")
        return [float(n.replace(",", "")) for n in PRINTED.findall(lines[0].partition(text)[2])]

    try:
        value = np.asarray(eval(entry.expression, {**namespace, **({"printed": printed} if cell else {})}))
    except Exception as error:
        return [f"{entry.expression}: {type(error).__name__}: {error}"]
    if value.size != 1 or value.dtype.kind not in "iuf":
        return [f"{entry.expression} is {value.dtype} of shape {value.shape}, no number"]
    return [] if Number.read(entry.written).fits(value.item()) else [f"{entry.expression} is {value.item():.10g}"]


def wrong(path, cells, place, namespace):
    """The entries that hold at this place whose value is another."""
    cell = next((cell for cell in cells if cell.id == place), None)
    return [
        f"{key}: {entry.written}: {problem}"
        for key, entries in bound(path).items()
        for entry in entries
        if entry.place == place and not entry.given
        for problem in compared(entry, namespace, cell)
    ]


def problems(path):
    """All that is wrong with a page's numbers; it is executed here, once."""
    cells, found = pages.cells(path), []
    namespace = pages.run(path, cells, lambda cell, names: found.extend(wrong(path, cells, cell.id, names)))
    return unlisted(path, cells) + found + wrong(path, cells, None, namespace)
