"""Each layer of emcore knows only the ones before it; what the issue promises is importable."""

import ast
import subprocess
import sys
from importlib.util import resolve_name
from pathlib import Path

import pytest

import emcore

FOLDER = Path(emcore.__file__).parent
CODE = {str(path.relative_to(FOLDER)): path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.py")}
BELOW = {"numpy", ".validate", ".numerics", ".theta"}  # what knows nothing of EM
MAY_IMPORT = {  # beside the standard library
    "validate": {"numpy", ".numerics"},
    "numerics": {"numpy"},
    "theta": {"numpy"},
    "history": {".theta"},
    "core": {*BELOW, ".history"},
    "mixture": {*BELOW, ".history"},
    "models": {*BELOW, ".history", ".mixture"},
    "data": {"numpy", ".validate"},
    "words": {"numpy", ".theta", ".validate"},
    "nearby": {*BELOW, ".core"},
    "turn": {*BELOW, ".core", ".history", ".nearby", ".words"},
    "rivals": {*BELOW, ".turn"},
    "laws": {*BELOW, ".core", ".mixture", ".rivals", ".turn", ".words"},
    "checkup": {*BELOW, ".core", ".laws", ".turn"},
    "exercises": {"numpy", ".data", ".models"},
    "figures": {*BELOW, "matplotlib", "ipywidgets", "anywidget", "traitlets", ".core", ".models"},
}


def imports(code, package="emcore") -> set:
    """What a module imports, anywhere in it: "numpy" for a package, ".core" for a layer of emcore."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = resolve_name("." * node.level + (node.module or ""), package)
            found |= {f"emcore.{alias.name}" for alias in node.names} if module == "emcore" else {module}
    parts = [name.split(".") for name in found]
    return {f".{name[1]}" if name[0] == "emcore" and name[1:] else name[0] for name in parts} - sys.stdlib_module_names


def test_imports_are_seen_wherever_they_hide():
    code = "from .. import validate\ndef f():\n    import os, matplotlib.pyplot as plt\n    from emcore.core import em"
    assert imports(code, "emcore.exercises") == {".validate", "matplotlib", ".core"}
    assert imports("import emcore\nfrom .verdict import judge", "emcore.exercises") == {"emcore", ".exercises"}


@pytest.mark.parametrize("name", sorted(set(CODE) - {"__init__.py"}))
def test_a_module_knows_only_the_layers_before_it(name):
    folders, layer = Path(name).parts[:-1], Path(name).parts[0].removesuffix(".py")
    assert imports(CODE[name], ".".join(["emcore", *folders])) <= MAY_IMPORT[layer] | (
        {f".{layer}"} if folders else set()
    )


@pytest.mark.parametrize("name", ["look", "pages", "stepper", "page", "widget"])
def test_what_makes_pages_knows_no_model(name):
    attributes = {n.attr for n in ast.walk(ast.parse(CODE[f"figures/{name}.py"])) if isinstance(n, ast.Attribute)}
    assert not attributes & {"e_step", "m_step", "lower_bound", "loglik", "log_joint"}


def test_importing_emcore_loads_neither_matplotlib_nor_ipywidgets():
    code = "import sys, emcore; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert "numpy" in loaded
    assert not {"matplotlib", "ipywidgets", "anywidget", "IPython", "sklearn", "scipy"} & set(loaded)


def test_the_public_names_are_importable():
    names = "em fit Step Model Mixture CollapseError Coins BinomialMixture GMM1D OneMean".split()
    assert set(names) <= set(emcore.__all__)
    assert all(hasattr(emcore, name) for name in emcore.__all__)
    loaders = "coins one_bump two_bumps heights old_faithful".split()
    assert all(getattr(emcore.data, loader).__doc__ for loader in loaders)
