"""The code that a reader sees reads by itself: a visible cell needs no name that only a folded cell defines."""

import symtable

import nbformat
import pytest

from tools.notebooks import NOTEBOOKS

FOLDED = {"hide-input", "hide-cell", "remove-cell", "remove-input"}
PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))


def used(table):
    """The global names that a symbol table and the functions inside it read."""
    module = table.get_type() == "module"
    names = {s.get_name() for s in table.get_symbols() if s.is_referenced() and (module or s.is_global())}
    return names.union(*map(used, table.get_children()))


def hidden(cells):
    """(cell, names) for each visible cell that uses what was last defined in a folded one."""
    folded_names, found = set(), []
    for source, folded in cells:
        table = symtable.symtable(source, "cell", "exec")
        defined = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
        if not folded and (missing := (used(table) & folded_names) - defined):
            found.append((source, missing))
        folded_names = folded_names | defined if folded else folded_names - defined
    return found


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_visible_cell_needs_no_name_from_a_folded_one(path):
    code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    cells = [(cell.source, bool(FOLDED & set(cell.metadata.get("tags", [])))) for cell in code]
    assert hidden([(source, folded) for source, folded in cells if not source.startswith("exercises.")]) == []


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        ([("f = 1", True), ("f", False)], [{"f"}]),
        ([("def f(): return 1", True), ("def g(): return f()", False)], [{"f"}]),
        ([("import a.b as f", True), ("f", False)], [{"f"}]),
        ([("f = 1", True), ("f = 2\nf", False)], []),
        ([("f = 1", True), ("f = 2", False), ("f", False)], []),
        ([("f = 1", False), ("f", True), ("lambda f: f", False)], []),
    ],
)
def test_such_a_name_is_found(cells, names):
    assert [missing for _, missing in hidden(cells)] == names
