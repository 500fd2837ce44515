"""emcore as a package: wheel and sdist hold all of it, and the wheel works in environments of its own."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import emcore
import emcore.exercises
from tools import package

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {
    name
    for name in subprocess.check_output(["git", "ls-files", "emcore"], cwd=ROOT, text=True).splitlines()
    if (ROOT / name).exists()
}


def test_the_wheel_holds_every_file_of_emcore_and_nothing_else():
    wheel, _ = package.build()
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == SOURCES and "emcore/py.typed" in names


def test_the_wheel_declares_lower_bounds_and_the_license():
    wheel, _ = package.build()
    with zipfile.ZipFile(wheel) as archive:
        (meta,) = [name for name in archive.namelist() if name.endswith("METADATA")]
        lines = archive.read(meta).decode().split("\n\n")[0].splitlines()
    required = [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist")]
    of_figures = [f'{bound}; extra == "figures"' for bound in package.FIGURES]
    assert sorted(required) == sorted(package.CORE + of_figures)
    assert all(">=" in bound and "," not in bound for bound in package.BOUNDS)
    assert "Requires-Python: >=3.11" in lines and "License-Expression: BSD-3-Clause" in lines


def test_the_sdist_holds_every_file_of_emcore():
    _, sdist = package.build()
    names = {name.split("/", 1)[-1] for name in tarfile.open(sdist).getnames()}
    assert names >= SOURCES | {"pyproject.toml", "LICENSE", "README.md"}


def test_the_wheel_works_in_a_fresh_environment():
    """With the oldest dependencies; the newest, Colab's widgets and other Pythons are the workflow's matrix."""
    assert sys.version_info[:2] == (3, 11), "the oldest dependencies are tested on Python 3.11: use that"
    said = package.check("oldest")
    assert "fits: [0.797 0.52 ]" in said and " passed" in said
    assert "failed" not in said and "skipped" not in said


def test_the_reference_page_documents_every_public_name():
    page = (ROOT / "_build" / "html" / "book" / "reference.html").read_text(encoding="utf8")
    for name in set(emcore.__all__) - {"data"}:
        assert f'.{name}"' in page, name
    loaders = [name for name, value in vars(emcore.data).items() if getattr(value, "__module__", "") == "emcore.data"]
    for name in [*emcore.exercises.__all__, *loaders]:
        assert name.startswith("_") or f'.{name}"' in page, name
