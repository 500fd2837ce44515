"""The student edition: no solution in it, checks that wait for the work, and it runs from any folder, offline."""

import asyncio
import os
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
import yaml
from nbclient import NotebookClient

from tools import launch
from tools import student as tool

PATHS = sorted(tool.NOTEBOOKS.glob("*.ipynb"))
FOLDER = "Für Anna (2)"
EMPTY = re.compile(r"# Your answer:|\w+ = None|(def|class) .*:|raise NotImplementedError")
OFFLINE = """
import sys
def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise OSError(f"no network here: {event} {arguments}")
sys.addaudithook(refuse)
import emcore
print(emcore.__file__)
"""


def lines(cells):
    return Counter(line.strip() for cell in cells for line in cell.source.splitlines() if line.strip())


def printed(cells):
    return Counter(output.get("text", "") for cell in cells for output in cell.get("outputs", []))


def leaks(source, copy):
    """Lines of the source's solutions, code or output, that the copy holds although nothing else in the source does."""
    solutions = [cell for cell in source.cells if tool.is_solution(cell)]
    rest = [cell for cell in source.cells if not tool.is_solution(cell)]
    found = (lines(copy.cells) - lines(rest)) & lines(solutions)
    outputs = (printed(copy.cells) - printed(rest)) & printed(solutions)
    return [line for line in [*found, *outputs] if not EMPTY.fullmatch(line)]


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def pair(request):
    source = nbformat.read(request.param, as_version=4)
    return source, tool.student(source)


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    """The archive, unpacked into a folder with a space and letters beyond ASCII."""
    folder = tmp_path_factory.mktemp("student")
    tool.build(folder / "built")
    tool.pack(folder / "built", folder / "student.zip")
    with zipfile.ZipFile(folder / "student.zip") as archive:
        archive.extractall(folder / FOLDER)
    return folder / FOLDER / "em-course"


def test_no_solution_is_left(pair):
    source, copy = pair
    assert leaks(source, copy) == []
    assert "SOLUTION" not in nbformat.writes(copy)


def test_a_leak_is_found(pair):
    source, copy = pair
    region = next(cell for cell in source.cells if tool.is_solution(cell))
    for line in region.source.splitlines()[1:-1]:
        spoiled = nbformat.from_dict({**copy, "cells": [*copy.cells, nbformat.v4.new_code_cell(f"if 1:\n    {line}")]})
        assert EMPTY.fullmatch(line.strip()) or not line.strip() or leaks(source, spoiled) == [line.strip()]


def test_stubs_hold_nothing_but_names(pair):
    source, copy = pair
    stubs = [filled for cell, filled in zip(source.cells, copy.cells, strict=True) if tool.is_solution(cell)]
    assert stubs
    for cell in stubs:
        assert [line for line in lines([cell]) if not EMPTY.fullmatch(line)] == []
        assert not cell.metadata and not cell.outputs


def test_everything_else_is_intact(pair):
    source, copy = pair
    solved = {i for i, cell in enumerate(source.cells) if tool.is_solution(cell)}
    for i, (old, new) in enumerate(zip(source.cells, copy.cells, strict=True)):
        if i - 1 in solved:
            assert (new.source, new.outputs, new.metadata.tags) == (old.source, [], ["raises-exception"])
        elif i not in solved:
            assert new == old


def test_a_solution_that_is_a_class_leaves_its_signatures():
    solution = "class Mine(Mixture):\n    def m_step(self, x, q):\n        return 1 / x\n\n\nstart = Mine()"
    assert tool.stub(solution, "check(Mine(), start, data.coins())").splitlines()[1:] == [
        "start = None", "class Mine(Mixture):", "", "    def m_step(self, x, q):", "        raise NotImplementedError",
    ]  # fmt: skip


def test_the_archive_holds_what_running_needs_and_no_more(edition):
    held = {path.relative_to(edition).as_posix() for path in edition.rglob("*") if path.is_file()}
    top = {"README.txt", "LICENSE", "LICENSE-TEXT", "requirements.txt", "constraints.txt", "runtime.txt"}
    chapters = {f"notebooks/{path.name}" for path in PATHS}
    package = {
        f"notebooks/emcore/{path.relative_to(tool.ROOT / 'emcore').as_posix()}"
        for path in (tool.ROOT / "emcore").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert top | chapters | package <= held
    assert all(re.fullmatch(r"book/\w+\.md", name) for name in held - top - chapters - package)
    for path in PATHS:
        packed = nbformat.read(edition / "notebooks" / path.name, as_version=4)
        assert packed == tool.student(nbformat.read(path, as_version=4))


def test_every_link_of_a_notebook_leads_somewhere_in_the_archive(edition):
    for path in sorted((edition / "notebooks").glob("*.ipynb")):
        text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
        targets = re.findall(r"\]\((?!http)([^)#\s]+\.\w+)", text)
        assert targets and [target for target in targets if not (path.parent / target).exists()] == []


def test_the_requirements_are_the_courses_without_the_books_tools():
    kept = tool.requirements().splitlines()
    assert set(kept) <= set((tool.ROOT / "requirements.txt").read_text().splitlines())
    assert {line.split("==")[0] for line in kept if "==" in line} == {
        "numpy", "matplotlib", "ipywidgets", "anywidget", "jupyterlab",
    }  # fmt: skip


def test_the_same_files_give_the_same_archive(edition, tmp_path):
    for name in ("one.zip", "two.zip"):
        tool.pack(edition, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_the_links_are_made_from_the_one_setting():
    links = tool.links(launch.Address("someone", "some-course", "v1.0"))
    assert set(links) == {"Binder", "Colab", "JupyterLite", "JupyterHub"}
    for link in links.values():
        assert re.search(r"someone(/|%2F|\.github\.io/)some-course", link) and "student" in link and "v1.0" not in link


def test_the_command_says_what_it_wrote(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(tool, "STUDENT", tmp_path / "student")
    monkeypatch.setattr(tool, "ARCHIVE", tmp_path / "em-course-student.zip")
    tool.main()
    out = capsys.readouterr().out
    assert out.startswith(f"{len(PATHS)} chapters without solutions") and ("mybinder.org" in out) == bool(
        launch.setting()
    )
    assert (tmp_path / "student" / "README.txt").exists() and zipfile.is_zipfile(tmp_path / "em-course-student.zip")


def test_the_workflow_publishes_the_student_edition_as_a_branch(edition, tmp_path):
    """The job's own script, pushing to a repository on disk in place of the public one."""
    jobs = yaml.safe_load((tool.ROOT / ".github" / "workflows" / "ci.yml").read_text())["jobs"]
    uploads = {
        step["with"]["name"]: step["with"]["path"] for step in jobs["test"]["steps"] if "name" in step.get("with", {})
    }
    assert uploads == {"student": tool.STUDENT.relative_to(tool.ROOT).as_posix()}
    assert "test" in jobs["student"]["needs"] and jobs["student"]["if"] == "github.ref_type == 'tag'"
    script = jobs["student"]["steps"][-1]["run"]
    assert "token" not in script.lower() and "://" not in script
    subprocess.run(["git", "init", "-q", "--bare", tmp_path / "public"], check=True)
    environment = {**os.environ, "EDITION": str(edition), "GITHUB_REF_NAME": "v1.0"}
    for clone in (tmp_path / "first", tmp_path / "second"):  # a second time it replaces the branch
        subprocess.run(["git", "clone", "-q", tmp_path / "public", clone], check=True, stderr=subprocess.DEVNULL)
        name = ["-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(["git", *name, "commit", "-q", "--allow-empty", "-m", "main"], cwd=clone, check=True)
        (clone / "solutions.txt").write_text("not for students")
        subprocess.run(["git", "add", "-A"], cwd=clone, check=True)
        subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=clone, env=environment, check=True)
    shown = subprocess.run(
        ["git", "-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", "student"],
        cwd=tmp_path / "public", capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert set(shown.stdout.splitlines()) == {
        path.relative_to(edition).as_posix()
        for path in edition.rglob("*")
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    }


async def run(path, source, turn):
    """Run a student notebook, giving every exercise two tries: as handed out, then with the source's solution."""
    nb = nbformat.read(path, as_version=4)
    nb.cells.insert(0, nbformat.v4.new_code_cell(OFFLINE))
    solutions = {cell.id: cell for cell in source.cells if tool.is_solution(cell)}
    for i in reversed([i for i, cell in enumerate(nb.cells) if cell.get("id") in solutions]):
        solved, again = solutions[nb.cells[i].id].copy(), nb.cells[i + 1].copy()
        solved.id, again.id = f"{solved.id}-solved", f"{again.id}-again"
        nb.cells[i + 2 : i + 2] = [solved, again]
    async with turn:
        client = NotebookClient(nb, timeout=120, kernel_name="python3", resources={"metadata": {"path": path.parent}})
        await client.async_execute()
    return nb


@pytest.fixture(scope="module")
def tried(edition):
    """Every chapter of the archive, run where it was unpacked, two at a time."""

    async def everything():
        turn = asyncio.Semaphore(2)
        sources = [nbformat.read(path, as_version=4) for path in PATHS]
        return await asyncio.gather(
            *(run(edition / "notebooks" / p.name, nb, turn) for p, nb in zip(PATHS, sources, strict=True))
        )

    with ThreadPoolExecutor(1) as pool:  # a thread of its own: Playwright's loop may run in this one
        return dict(zip([path.stem for path in PATHS], pool.submit(asyncio.run, everything()).result(), strict=True))


@pytest.mark.parametrize("chapter", [path.stem for path in PATHS])
def test_a_chapter_runs_from_the_archive_with_no_network(chapter, tried, edition):
    nb = tried[chapter]
    assert nb.cells[0].outputs[0].text.strip() == str(edition / "notebooks" / "emcore" / "__init__.py")
    assert all(cell.execution_count for cell in nb.cells if cell.cell_type == "code" and cell.source)


@pytest.mark.parametrize("chapter", [path.stem for path in PATHS])
def test_each_check_waits_for_the_work_and_then_passes(chapter, tried):
    checks = [cell for cell in tried[chapter].cells if "raises-exception" in cell.metadata.get("tags", [])]
    assert len(checks) >= 8
    for before, after in zip(checks[::2], checks[1::2], strict=True):
        assert [output.ename for output in before.outputs] == ["NotYet"]
        assert re.search(r"returns nothing yet|is still None", before.outputs[0].evalue)
        assert before.outputs[0].traceback == [f"Not yet: {before.outputs[0].evalue}"]
        assert after.outputs[0].text.startswith("Right")
