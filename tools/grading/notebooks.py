"""From a submission to points: what this course has nbgrader do where nbgrader would run the notebook.

Judge runs the cells of a submission in a box, and the checks here, on what the functions in the box return. What
the points of a project are given for stands in assignments/checks; a chapter's check is worth all or nothing.
"""

import ast
import builtins
import contextlib
import importlib.util
import io
import re
from functools import cache
from inspect import signature
from pathlib import Path

import numpy as np
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Integer

from emcore import data, exercises
from emcore.exercises import NotYet, verdict
from tools.grading.box import Box, apart
from tools.grading.inside import LIMIT, PICTURE, PICTURES
from tools.grading.submission import grade_id

CHECKS = Path(__file__).resolve().parents[2] / "assignments" / "checks"
CUT = "[cut here while grading:"
NOT_APART = "NOT SHUT OFF: here a submission can read your files and use the network; the teaching guide has more."
SCRIPT = re.compile(r"<\s*script|javascript:|<[^<>]*\son\w+\s*=", re.I)
TELLTALES = {
    "walks up the stack": re.compile(r"\b(?:f_back|tb_frame|gi_frame|_getframe|currentframe)\b"),
    "reads the environment": re.compile(r"\b(?:environb?|getenv)\b"),
}


class Judge(NbGraderPreprocessor):
    """Run a submission in a box, judge its functions from outside, and note what a teacher should know."""

    seconds = Integer(30, help="seconds that a cell or a call of a function may take").tag(config=True)
    seed = Integer(allow_none=True, help="the number that the checks draw their data from").tag(config=True)

    def preprocess(self, nb, resources):
        parts = parts_of(resources["nbgrader"]["assignment"])
        if not apart():
            self.log.warning(NOT_APART)
        space = {"np": np, "data": data, "exercises": Plainly()}
        nb.metadata.setdefault("remarks", [])
        with Box(whole=parts is None, seconds=self.seconds) as box, drawing_from(self.seed):
            box.ask({"run": ""})  # if not even this can be done, it is not the student's fault
            for number, cell in enumerate(nb.cells, start=1):
                if cell.cell_type == "code":
                    noted = len(box.noted)
                    cell.outputs = self.outputs(cell, box, space, parts)
                    said = remarks(cell, box.noted[noted:])
                    nb.metadata.remarks += [f"cell {grade_id(cell) or number} {remark}" for remark in said]
                if SCRIPT.search(cell.source):
                    nb.metadata.remarks.append(f"cell {grade_id(cell) or number} holds a script: no page runs it")
        return nb, resources

    def outputs(self, cell, box, space, parts):
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("grade") and not marks.get("solution"):
            return judged(cell, box, space, parts)
        if marks.get("locked"):  # what the checks stand on
            with contextlib.redirect_stdout(io.StringIO()):
                exec(cell.source, space)
        return [output for shown in box.run(cell.source)[:200] if (output := as_output(shown))]


class Plainly:
    """The checks of the exercises, each saying its one line or raising NotYet."""

    def __getattr__(self, name):
        check = getattr(exercises, name)
        return lambda *answers: print(f"Right: {check.__wrapped__(*answers)}")


@contextlib.contextmanager
def drawing_from(seed):
    """All checks draw their data from this number, and keep their right values to themselves."""
    before, verdict.seed = verdict.seed, seed
    try:
        yield
    finally:
        verdict.seed = before


@cache
def parts_of(assignment):
    """What the points of a project are given for: {cell: {check: points}}; None for a chapter."""
    path = CHECKS / f"{assignment}.py"
    if not path.exists():
        return None
    spec = importlib.util.spec_from_file_location(assignment, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.PARTS


def judged(cell, box, space, parts):
    """What a check cell says about the functions in the box, and last the points, where nbgrader looks for them."""
    points = cell.metadata.nbgrader.points
    said, earned = io.StringIO(), 0
    with contextlib.redirect_stdout(said), np.errstate(all="ignore"):
        functions = {name: fetched(box, name) for name in asked(cell.source, space)}
        right, text = verdict_of(lambda: exec(cell.source, {**space, **functions}))
        if not right:
            print(text)
        if parts is None:
            earned = points * right
        for check, worth in (parts or {}).get(grade_id(cell), {}).items():
            (taken,) = signature(check).parameters
            right, text = verdict_of(lambda check=check, taken=taken: check(functions[taken]))
            print(f"{worth * right} of {worth}: {text}")
            earned += worth * right
    text = new_output("stream", name="stdout", text=said.getvalue()[:LIMIT])
    return [text, new_output("execute_result", {"text/plain": str(float(earned))}, execution_count=1)]


def verdict_of(judging):
    """Whether it raises nothing, and what there is to say."""
    try:
        return True, judging()
    except NotYet as why:
        return False, f"Not yet: {why}"
    except Exception as error:
        return False, f"Not yet: {type(error).__name__}: {error}"


def asked(code, space):
    """The names that a check takes from the student."""
    nodes = list(ast.walk(ast.parse(code)))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    own = {*space, *dir(builtins), *(node.id for node in names if isinstance(node.ctx, ast.Store))}
    own |= {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    own |= {alias.asname or alias.name for node in nodes for alias in getattr(node, "names", ())}
    return list(dict.fromkeys(node.id for node in names if node.id not in own))


def fetched(box, name):
    """What a name stands for in the box; where there is none, a function that nobody has written yet."""
    try:
        return box.get(name)
    except NameError:

        def missing(*_):
            raise NotImplementedError

        missing.__name__ = name
        return missing


def as_output(shown):
    """What a cell showed, in nbformat's words; None for what is no output."""
    try:
        if "error" in shown:
            name, text, lines = shown["error"]
            name, lines = str(name)[:100], [str(line)[:200] for line in lines[:20]]
            text = str(text)[:LIMIT]
            return new_output("error", ename=name, evalue=text, traceback=[*lines, f"{name}: {text}"])
        if "text" in shown:
            text, length = str(shown["text"])[:LIMIT], int(shown["length"])
            cut = f"\n{CUT} {length / 1e6:.1f} MB in all]\n" if length > len(text) else ""
            return new_output("stream", name="stdout", text=text + cut)
        data = {kind: str(shown["data"][kind])[:PICTURE] for kind in PICTURES if kind in shown["data"]}
        data = {kind: picture for kind, picture in data.items() if re.fullmatch(r"[\w+/=\s]+", picture)}
        return new_output("display_data", data | {"text/plain": str(shown["data"].get("text/plain", ""))[:LIMIT]})
    except (TypeError, KeyError, ValueError, AttributeError):
        pass
    return None


def remarks(cell, noted):
    """What a teacher should know about a cell, in words."""
    for output in cell.outputs:
        error, text = output.get("ename"), output.get("evalue")
        if error == "CellTimeoutError":
            yield "ran too long and was stopped"
        elif error == "DeadKernelError":
            yield "ended Python, or used too much memory"
        elif error in ("SyntaxError", "IndentationError", "TabError"):
            yield f"is not Python: {text}"
        elif error == "ModuleNotFoundError" and "emcore" not in text:
            yield f"needs a module that is not here: {text}"
        elif cell.metadata.get("nbgrader", {}).get("locked") and error:
            yield f"fails, though nobody may change it: {error}"
        if CUT in output.get("text", ""):
            yield "printed too much, cut"
        if "ran longer than" in output.get("text", ""):
            yield "called a function that ran too long and was stopped"
    yield from noted
    if not cell.metadata.get("nbgrader", {}).get("locked"):
        yield from (what for what, pattern in TELLTALES.items() if pattern.search(cell.source))
