"""The figures of a notebook, drawn again from its own cells, and every page compared with what matplotlib draws."""

import ast
import contextlib
import io
import os
import pickle
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import nbformat
import numpy as np
from hypothesis import settings
from matplotlib.backends.backend_svg import FigureCanvasSVG
from pictures import difference, laid_out, marks

from emcore.figures import Stepper, style
from emcore.figures.pages import draw_pages

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = [ROOT / "book" / "home.md", *sorted((ROOT / "notebooks").glob("*.ipynb"))]


def without_drawing(monkeypatch) -> None:
    """Figures are made with their words and their plan, and nothing is drawn."""
    for name in ("draw_pages", "handles", "spread", "_asked"):
        monkeypatch.setattr(sys.modules[Stepper.__module__], name, lambda *given, **options: None)


class Drawn(NamedTuple):
    """One figure: its name, the figure, what stands on each of its axes, and where matplotlib draws something else."""

    name: str
    figure: Stepper
    stands: list[list[int]]  # artists that stay, by panel and axes
    differs: list[str]


def cells(path: Path) -> list[str]:
    """The code cells of a notebook, or of a page in Markdown."""
    if path.suffix == ".ipynb":
        return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    blocks = path.read_text(encoding="utf-8").split("```{code-cell}")[1:]
    lines = [block.split("```")[0].splitlines()[1:] for block in blocks]
    return ["\n".join(line for line in block if not line.startswith(":")) for block in lines]


def _defined(tree: ast.AST) -> set[str]:
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    names |= {n.name for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    names |= {
        (alias.asname or alias.name).split(".")[0]
        for n in ast.walk(tree)
        if isinstance(n, (ast.Import, ast.ImportFrom))
        for alias in n.names
    }
    filled = (n.value for n in ast.walk(tree) if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store))
    return names | {n.id for n in filled if isinstance(n, ast.Name)}


def _used(tree: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}


def needed(sources: list[str], last: int | None = None) -> list[ast.Module]:
    """The cells that end with a figure, or of them the last so many; those before whose names these use, and so on."""
    trees = [ast.parse("" if source.lstrip().startswith(("%", "!")) else source) for source in sources]
    ends = [i for i, tree in enumerate(trees) if tree.body and ast.unparse(tree.body[-1]).startswith("figures.")]
    wanted, found = ends[-last:] if last else ends, set()
    while wanted:
        i = wanted.pop()
        if i in found:
            continue
        found.add(i)
        for name in _used(trees[i]):
            before = [j for j in range(i) if name in _defined(trees[j])]
            wanted += before[-1:]
    return [trees[i] for i in sorted(found)]


def run(path: Path, trees: list[ast.Module]) -> Iterator[tuple[str, Stepper]]:
    """Run a notebook's cells where it stands; every figure that one ends with, after its name."""
    names, folder = {"__name__": "__main__"}, os.getcwd()
    try:
        os.chdir(path.parent)
        for tree in trees:
            *body, last = tree.body
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(ast.Module(body, []), path.name, "exec"), names)
                if isinstance(last, ast.Expr):
                    value = eval(compile(ast.Expression(last.value), path.name, "eval"), names)
                else:
                    value = exec(compile(ast.Module([last], []), path.name, "exec"), names)
            if isinstance(value, Stepper):
                yield ast.unparse(last).split("(")[0], value
    finally:
        os.chdir(folder)


@cache
def figures_of(path: Path) -> list[Drawn]:
    """Every figure of a notebook, with what its pages get wrong."""
    record: list[tuple] = []

    def compare(axes, draw, series, *, salt):
        series = [list(run) for run in series]
        copy = pickle.loads(pickle.dumps(np.ravel(axes)))
        pages = draw_pages(axes, draw, series, salt=salt)
        record.append((copy.reshape(np.shape(axes)) if np.ndim(axes) else copy[0], draw, series, pages))
        return pages

    with mock.patch.object(sys.modules[Stepper.__module__], "draw_pages", compare):
        return [_drawn(name, figure, *record.pop()) for name, figure in run(path, needed(cells(path)))]


@style()
def _drawn(name, figure, axes, draw, series, pages) -> Drawn:
    panels = laid_out(axes)
    stands = [[_artists(ax) for ax in panel.axes] for panel in panels]
    around = [Counter()] * len(panels)
    differs, compared = [], _compared([len(frames) for frames in series])
    for s, frames in enumerate(series):
        for i, frame in enumerate(frames):
            if (s, i) not in compared:
                continue
            whole = i in (0, len(frames) - 1)  # elsewhere without what frames the axes: it stands as it stood there
            before = [set(ax.get_children()) for panel in panels for ax in panel.axes]
            draw(axes, frame)
            for p, (panel, svg) in enumerate(zip(panels, pages.compose(s, i), strict=True)):
                shown = marks(svg) if whole else _without(marks(svg), around[p])
                if i == 0:
                    around[p] = _around(shown, _print(panel, whole=False))
                if said := difference(shown, _print(panel, whole)):
                    differs.append(f"start {s}, page {i}, panel {p}: {said}")
            for ax, there in zip((ax for panel in panels for ax in panel.axes), before, strict=True):
                for artist in set(ax.get_children()) - there:
                    artist.remove()
    return Drawn(name, figure, stands, differs)


def _compared(lengths: list[int]) -> set[tuple[int, int]]:
    """Pages (start, page) to compare: each week all of them, else as many of a figure as the profile has examples."""
    every = [(s, i) for s, length in enumerate(lengths) for i in range(length)]
    most = settings.default.max_examples
    some = every if most >= 100 else [every[j] for j in np.unique(np.linspace(0, len(every) - 1, most).astype(int))]
    return {*some, *((s, 0) for s, _ in some)}


def _print(panel, whole=True) -> list[tuple]:
    """The marks of a panel as matplotlib writes it, with its axes' frames and ticks or without."""
    text, seen = io.StringIO(), [ax.axison for ax in panel.axes]
    for ax, on in zip(panel.axes, seen, strict=True):
        ax.axison = on and whole
    FigureCanvasSVG(panel).print_svg(text)
    for ax, on in zip(panel.axes, seen, strict=True):
        ax.axison = on
    return marks(text.getvalue())


def _around(shown: list[tuple], bare: list[tuple]) -> Counter:
    """What a page shows beside what is inside its axes: their frames, ticks and words."""
    left, bare = Counter(), list(bare)
    for mark in shown:
        if bare and not difference([mark], bare[:1]):
            bare.pop(0)
        else:
            left[repr(mark)] += 1
    return left


def _without(shown: list[tuple], leave: Counter) -> list[tuple]:
    """The marks but those to leave out, each as often as it is there."""
    leave, kept = Counter(leave), []
    for mark in shown:
        if leave[repr(mark)]:
            leave[repr(mark)] -= 1
        else:
            kept.append(mark)
    return kept


def _artists(ax) -> int:
    return len([*ax.lines, *ax.patches, *ax.collections, *ax.texts, *ax.images, *ax.artists])
