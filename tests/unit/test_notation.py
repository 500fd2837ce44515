"""One notation, and every term explained: notation.md has each symbol, glossary.md each term."""

import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "notebooks").glob("*.ipynb"))
COMMANDS = (
    "alpha beta gamma delta epsilon varepsilon lambda mu pi sigma theta rho ell phi varphi Phi psi xi omega tau eta "
    "nabla partial"
)
NAMED = re.compile(r"\\(?:" + COMMANDS.replace(" ", "|") + r")(?![A-Za-z])")


@cache
def prose(path):
    nb = nbformat.read(path, as_version=4)
    return "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")


def symbols(markdown):
    """The letters, Latin and Greek, of all formulas: words inside \\text and names of functions are none."""
    markdown = re.sub(r"```.*?```|`[^`]*`", " ", markdown, flags=re.S)
    found = set()
    for display, inline in re.findall(r"\$\$(.*?)\$\$|\$([^$]+)\$", markdown, flags=re.S):
        formula = re.sub(r"\\(text|mathrm|begin|end)\{[^}]*\}", " ", display or inline)
        found |= set(NAMED.findall(formula))
        found |= set(re.findall("[A-Za-z]", re.sub(r"\\[A-Za-z]+", " ", formula)))
    return found


NOTATION = (ROOT / "book" / "notation.md").read_text(encoding="utf-8")
EVERYWHERE, ON_ONE_PAGE = (part.split("\n## Words")[0] for part in NOTATION.split("## On one page only"))


def defined(table):
    """The symbols that a table explains: all columns but the last of four, which tells other people's names."""
    rows = re.findall(r"^\|(.*)\|$", table, flags=re.M)
    cells = [re.split(r"(?<!\\)\|(?!\\|[^$]*\$ )", row) for row in rows]
    return symbols("\n".join(" ".join(row[:-1] if len(row) > 3 else row) for row in cells))


def local():
    """(symbols, pages) of each row of the second table; "the same" is the page of the row above."""
    here = []
    for row in re.findall(r"^\| (\$.*) \|$", ON_ONE_PAGE, flags=re.M):
        symbol, where, _ = re.split(r" \| (?![^$]*\$[^$]*\$ \|)", row)[:3]
        pages = re.findall(r"notebooks/(\w+)\.ipynb", where)
        here = (here[-1:] if "the same" in where else []) + pages or here
        yield symbol, list(here)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_symbol_of_a_chapter_is_in_the_notation(path):
    here = [symbols(symbol) for symbol, pages in local() if path.stem in pages]
    assert symbols(prose(path)) - defined(EVERYWHERE) - set().union(*here) == set()


@pytest.mark.parametrize(("symbol", "pages"), [pytest.param(*row, id=row[0]) for row in local()])
def test_a_symbol_of_one_page_is_used_there(symbol, pages):
    for page in pages:
        used = symbols(prose(ROOT / "notebooks" / f"{page}.ipynb"))
        assert symbols(symbol) - used == set(), page


def test_a_symbol_that_is_not_explained_is_found():
    assert symbols(r"so $\omega_n = \text{weight} \cdot \log x$ here") - defined(NOTATION) == {r"\omega"}


def terms():
    return re.findall(r"^## (.+)$", (ROOT / "book" / "glossary.md").read_text(), flags=re.M)


def anchor(term):
    return re.sub(r"[^\w-]", "", term.lower().replace(" ", "-"))


@pytest.mark.parametrize("term", terms())
def test_every_term_is_linked_from_the_chapter_that_introduces_it(term):
    entry = (ROOT / "book" / "glossary.md").read_text().split(f"\n## {term}\n")[1].split("\n## ")[0]
    introduced = re.search(r"Introduced in \[[^]]*\]\(\.\./notebooks/(\w+)\.ipynb\)", entry)[1]
    linking = [path.stem for path in CHAPTERS if f"(../book/glossary.md#{anchor(term)})" in prose(path)]
    assert linking[:1] == [introduced]


def test_every_link_to_the_glossary_leads_to_a_term():
    links = {a for path in CHAPTERS for a in re.findall(r"glossary\.md#([\w-]+)", prose(path))}
    assert links == {anchor(term) for term in terms()}


def test_the_glossary_is_in_alphabetical_order():
    assert terms() == sorted(terms(), key=str.lower)
