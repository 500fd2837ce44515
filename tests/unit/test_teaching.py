"""What the teaching guide promises beyond grading: every chapter has goals, the hours add up, its example runs."""

import re
import sys

import nbformat
import numpy as np

from emcore import Coins, data, figures
from tools.student import NOTEBOOKS, ROOT

GUIDE = (ROOT / "book" / "teaching.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", GUIDE, flags=re.S)


def section(title):
    return GUIDE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_every_chapter_has_learning_goals():
    rows = re.findall(r"^\| \[?(\d\d) .*?\| (.+?) \|$", section("What each chapter is for"), flags=re.M)
    assert [number for number, _ in rows] == [f"{n:02d}" for n in range(1, 14)]
    assert {path.name[:2] for path in NOTEBOOKS.glob("*.ipynb")} <= {number for number, _ in rows}


def test_every_class_hour_has_50_minutes():
    for title, hours in (("Four class hours", 4), ("Eight class hours", 8)):
        spent = dict.fromkeys(range(1, hours + 1), 0)
        for hour, minutes in re.findall(r"^\| (\d) \| (\d+) \|", section(title), flags=re.M):
            spent[int(hour)] += int(minutes)
        assert set(spent.values()) == {50}, (title, spent)


def test_exercises_that_the_plans_name_exist():
    for hours in ("Four class hours", "Eight class hours"):
        for numbers, chapter in re.findall(r"[Ee]xercises? ([\d and]+) of chapter (\d\d)", section(hours)):
            text = next(NOTEBOOKS.glob(f"{chapter}_*.ipynb")).read_text(encoding="utf-8")
            for number in re.findall(r"\d+", numbers):
                assert f'"### {number}. ' in text, (chapter, number)


def test_the_example_for_other_data_runs(tmp_path, monkeypatch, capsys):
    rows = "\n".join(f"{minutes:.0f}" for minutes in data.old_faithful().waiting)
    (tmp_path / "waiting.csv").write_text(f"minutes\n{rows}\n")
    monkeypatch.chdir(tmp_path)
    exec(EXAMPLES[0], {})
    found = [float(n) for n in re.findall(r"\d+\.\d+", capsys.readouterr().out)]
    np.testing.assert_allclose(sorted(found)[-2:], [54.61, 80.09], atol=0.05)


def test_the_figure_that_the_guide_changes_gets_one_more_button(monkeypatch):
    nothing = figures.pages.Pages([], [], [""], [], [])
    monkeypatch.setattr(sys.modules["emcore.figures.stepper"], "draw_pages", lambda *given, **options: nothing)
    monkeypatch.setattr(sys.modules["emcore.figures.stepper"], "_asked", lambda predict, *rest: predict)
    assert "in chapter 06, add a pair to `starts`" in GUIDE
    cells = nbformat.read(next(NOTEBOOKS.glob("06_*.ipynb")), as_version=4).cells
    cell = next(cell.source for cell in cells if "starts = [" in cell.source)
    names = {"figures": figures, "model": Coins(10), "heads": data.coins()}
    *before, call = cell.replace("starts = [", "starts = [(0.3, 0.7), ").splitlines()
    exec("\n".join(before), names)
    assert eval(call, names).plan["starts"] == [str(start) for start in names["starts"]]
    assert names["starts"][0] == (0.3, 0.7)


def test_the_figure_that_the_guide_makes_is_one():
    code, call = EXAMPLES[1].rsplit("\n\n\n", 1)
    names = {}
    exec(code, names)
    figure = eval(call, names)
    said = [words.numbers["best p"] for words in figure.says[0]]
    assert said == [f"{heads / 20:.2f}" for heads in range(21)]
    assert len({tuple(page) for page in figure.pages.pages[0]}) == 21  # and each page is another picture


def test_both_plans_hold_the_exercise_that_teaches_logs():
    """The first project asks for them: a day with 900 notices."""
    text = next(NOTEBOOKS.glob("04_*.ipynb")).read_text(encoding="utf-8")
    assert "### 4. The q that closes the gap, safely" in text
    for hours in ("Four class hours", "Eight class hours"):
        assert re.search(r"exercises? (2 and )?4 of chapter 04", section(hours))
