"""A first sidecar: for every number the likeliest expressions of the page whose values round to it."""

import contextlib
import re
from types import ModuleType

import numpy as np
import yaml

from tools.claims import bound, pages

MANY = 80  # elements of a list that are looked at


def reach(value, text, depth=3):
    """(expression, number) for every number in a value: elements, fields, sizes, sums."""
    if isinstance(value, bool | str | bytes | ModuleType | type):
        return
    if isinstance(value, int | float | np.integer | np.floating):
        yield text, float(value)
    elif isinstance(value, np.ndarray):
        yield from _in_array(value, text)
    elif depth == 0:
        return
    elif fields := getattr(value, "_fields", None) or list(getattr(value, "__dataclass_fields__", ())):
        for field in fields:
            yield from reach(getattr(value, field), f"{text}.{field}", depth)
    elif isinstance(value, dict):
        yield f"len({text})", float(len(value))
        for key, inner in list(value.items())[:MANY]:
            yield from reach(inner, f"{text}[{key!r}]", depth - 1)
    elif isinstance(value, list | tuple):
        yield f"len({text})", float(len(value))
        last = [(-1, value[-1])] if len(value) > 1 else []
        for i, inner in [*last, *enumerate(value[:MANY])]:
            yield from reach(inner, f"{text}[{i}]", depth - 1)


def _in_array(array, text):
    if array.dtype.kind not in "iuf" or not array.size:
        return
    if array.ndim == 0:
        yield text, float(array)
        return
    yield f"len({text})", float(len(array))
    yield from ((f"{text}.{name}()", float(getattr(array, name)())) for name in ("sum", "mean", "min", "max", "std"))
    if array.ndim == 1 and array.size > 1:
        yield f"{text}[-1]", float(array[-1])
    if array.size <= 5 * MANY:
        yield from ((f"{text}[{', '.join(map(str, i))}]", float(array[i])) for i in np.ndindex(array.shape))


def _printed(cell):
    lines = cell.printed.splitlines()
    for i, line in enumerate(lines):
        ends = [match.end() for match in re.finditer(r"\S+\s?(?=\s|$)|\b", line) if line[: match.end()].strip()]
        label = next((line[:k] for k in ends if not any(line[:k] in other for other in lines[:i])), None)
        for j, number in enumerate(bound.PRINTED.findall(line[len(label) :]) if label else []):
            yield f"printed({label!r})[{j}] after {cell.id}", float(number.replace(",", ""))


def _pool(path, cells):
    """[(index of a code cell, expression, value)] for all that it can reach when it has run, and all that it prints."""
    seen, end = [], {}
    where = {cell.id: i for i, cell in enumerate(cells)}

    def look(cell, namespace):
        for name in set(re.findall(r"[A-Za-z_]\w*", cell.source)) & namespace.keys() - {"_"}:
            seen.extend((where[cell.id], cell.id, *pair) for pair in reach(namespace[name], name))
        seen.extend((where[cell.id], None, *pair) for pair in _printed(cell))

    for name, value in pages.run(path, cells, look).items():
        with contextlib.suppress(Exception):
            end |= dict(reach(value, name))
    return [(i, e if not place or end.get(e) == v else f"{e} after {place}", v) for i, place, e, v in seen]


def candidates(number, index, pool, count=4):
    """The likeliest expressions for a number of the Markdown cell at this index: near cells and short names first."""

    def unlikely(item):
        i, expression, value = item
        far = 2 * (index - i) if i < index else 3 * (i - index)
        rounded = 0 if abs(value - number.value) < 1e-9 else 6
        left_over = 2 * bool(re.match(r"[a-z]\b(?![\[.])", expression))  # a loop's variable
        deep = 5 * bool(re.search(r"\[[2-9]\d|\[\d{3}", expression))  # any number stands somewhere in a long array
        words = 4 * ("printed" in expression) + 2 * (" after " in expression) + 2 * (")" in expression)
        return far + rounded + left_over + deep + words + len(expression) / 8

    fits = sorted((item for item in pool if np.isfinite(item[2]) and number.fits(item[2])), key=unlikely)
    best = {}
    for _, expression, _ in fits:
        best.setdefault(re.split(r"[\[(]", expression)[0], expression)  # one of each array
    return list(best.values())[:count]


def draft(path):
    """Write the sidecar: entries that are there are kept; guesses stand beside the first guess."""
    cells = pages.cells(path)
    pool, listed = _pool(path, cells), bound.bound(path)
    index = {cell.id: i for i, cell in enumerate(cells)}
    lines = []
    for key, said in pages.claimed(cells).items():
        lines.append(f"{_yaml(key)}:")
        old = listed.get(key, [])
        for number in said:
            kept = next((entry for entry in old if entry.written == number.written), None)
            if kept:
                old.remove(kept)
                guesses = [kept.how]
            else:
                guesses = candidates(number, index[key], pool) + _given(number, index[key], cells) or ["TODO"]
            beside = "  # or " + " | ".join(guesses[1:]) if guesses[1:] else ""
            lines.append(f"- {_yaml(number.written)}: {_yaml(guesses[0])}{beside}")
    bound.sidecar(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _given(number, index, cells):
    """The nearest code cell that holds the number."""
    near = sorted(
        ((abs(i - index - 0.5), c) for i, c in enumerate(cells) if c.kind == "code"), key=lambda pair: pair[0]
    )
    return next(([f"given {c.id}"] for _, c in near if any(map(number.fits, bound.literals(c.source)))), [])


def _yaml(text):
    """The text as YAML: bare where it is an expression that YAML leaves alone, else quoted."""
    if re.match(r"[A-Za-z]", text) and yaml.safe_load(f"a: {text}") == {"a": text}:
        return text
    return "'" + text.replace("'", "''") + "'" if '"' in text or "\\" in text else f'"{text}"'
