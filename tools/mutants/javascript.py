"""The same for the figure's element: change a line of element.js a little, and see whether a node test notices.

python -m tools.mutants.javascript [--sample 40] [--seed 3]
"""

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools import frontend
from tools.mutants.changes import ROOT, equivalents

ELEMENT = ROOT / "emcore" / "figures" / "element.js"
SWAPS = [
    (r" === ", " !== "), (r" !== ", " === "), (r" < ", " <= "), (r" < ", " > "), (r" >= ", " > "), (r" && ", " || "),
    (r" \|\| ", " && "), (r" \? ", " && false ? "), (r" \+ ", " - "), (r" - ", " + "), (r" \* ", " / "),
    (r" / ", " * "),
    (r"\btrue\b", "false"), (r"\bfalse\b", "true"), (r"Math\.max", "Math.min"), (r"Math\.min", "Math.max"),
    (r"(?<![\w.#$])!(?=[\w(])", ""), (r"\bif \((.*)\) (?=\S)", "if (true) "), (r"\bif \((.*)\) (?=\S)", "if (false) "),
    (r"(?<![\w.#-])\d+(?![\w.])", lambda n: str(int(n[0]) + 1)), (r"\?\?= ", "= "), (r" \?\? ", " && "),
]  # fmt: skip
STATEMENT = re.compile(r"\s*(?!const|let|return|class|import|export|//|\}|if|for)[\w$.\[(][^{}]*;$")
WORDS = re.compile(r"\"[^\"]*\"|`[^`$]*`|/\(\?.*?/g|//.*$")  # strings, templates, the pattern of numbers, comments


def mutants(source):
    """(line, change, the whole text) for every small change of a line."""
    lines = source.splitlines()
    for i, line in enumerate(lines):
        words = [match.span() for match in WORDS.finditer(line)]
        for pattern, other in SWAPS:
            for match in re.finditer(pattern, line):
                if any(a <= match.start() < b for a, b in words):
                    continue
                text = other(match) if callable(other) else other
                yield (
                    i + 1,
                    f"{match[0].strip()} -> {text.strip()}",
                    _with(lines, i, line[: match.start()] + text + line[match.end() :]),
                )
        if STATEMENT.match(line):
            yield i + 1, "left out", _with(lines, i, "")


def _with(lines, i, line):
    return "\n".join([*lines[:i], line, *lines[i + 1 :]])


def killed(text, figure):
    """Whether a test of the element fails beside this script."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "element.js"
        script.write_text(text, encoding="utf-8")
        command = [frontend.program("node"), "--test", "tests/element.test.mjs"]
        env = os.environ | {"FIGURE": str(figure), "ELEMENT": str(script)}
        try:
            return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, timeout=120).returncode != 0
        except subprocess.TimeoutExpired:
            return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "unit")]
    from test_element import write_figures

    source = ELEMENT.read_text(encoding="utf-8")
    name, lines, same = ELEMENT.relative_to(ROOT).as_posix(), source.splitlines(), equivalents()
    found = [m for m in mutants(source) if (name, lines[m[0] - 1].strip(), m[1]) not in same]
    if args.sample:
        found = random.Random(args.seed).sample(found, min(args.sample, len(found)))
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        figure = write_figures(Path(folder))
        if killed(source, figure):
            sys.exit("the tests of the element fail without any mutant")
        results = list(pool.map(lambda mutant: killed(mutant[2], figure), found))
    for (line, change, _), dead in zip(found, results, strict=True):
        if not dead:
            print(f"SURVIVED {name}:{line}  {change}  |  {lines[line - 1].strip()}")
    share = sum(results) / len(results)
    print(f"{sum(results)} of {len(results)} killed, {share:.1%}")
    sys.exit(share < 0.9)


if __name__ == "__main__":
    main()
