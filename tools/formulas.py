"""Typeset the built book's formulas once, when it is built: pages need no script for them, and do not jump."""

import json
import re
import subprocess
from html import unescape
from pathlib import Path

from tools import frontend

ROOT = Path(__file__).resolve().parent.parent
FORMULA = re.compile(
    r'(<(span|div) class="math [^>]*>(?:<span class="eqno">.*?</span>)?)\s*\\([(\[])(.*?)\\[)\]]\s*(?=</\2>)', re.DOTALL
)


def typeset(folder):
    """Put MathJax's HTML in the place of TeX in every page below a folder; its style goes to _static/formulas.css."""
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(Path(folder).glob("*/*.html"))}
    wanted = dict.fromkeys(_key(found) for text in pages.values() for found in FORMULA.finditer(text))
    command = [frontend.program("node"), ROOT / "tools" / "formulas.mjs"]
    done = subprocess.run(command, input=json.dumps(list(wanted)), capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"the formulas cannot be typeset: {done.stderr[-600:]}")
    drawn = json.loads(done.stdout)
    (Path(folder) / "_static" / "formulas.css").write_text(drawn["css"], encoding="utf-8")
    known = dict(zip(wanted, drawn["formulas"], strict=True))
    for path, text in pages.items():
        path.write_text(FORMULA.sub(lambda found: found[1] + known[_key(found)], text), encoding="utf-8")


def _key(found):
    return unescape(found[4]).strip(), found[3] == "["
