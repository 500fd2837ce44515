"""Write the public address of the course, which stands in _config.yml, into the files that cannot look it up.

    python -m tools.launch              the README's links, pyproject's addresses, the first cell of every notebook
    python -m tools.launch URL [TAG]    first put another address into _config.yml (make repository URL=…)

Until an address is given, those files say in words what to do. The book's launch menu is tools/book_extension.py's.
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import nbformat
import yaml

from tools import notebooks

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(?<=<!-- links: `make repository` writes them -->\n).*?(?=<!-- end of links -->)", re.S)
URLS = re.compile(r"(?<=# `make repository` writes the addresses here\n)(?:urls = .*\n)?")
SETTING = r"(?m)^(  {}: )\S+"
NO_ADDRESS = """\
- Read: say `make book` and open `_build/html/index.html`.
- Run: say `make serve` and pick JupyterLite under the rocket of a chapter, or `.venv/bin/jupyter lab notebooks`.
- Publish: this copy names no public repository yet. Say `make repository URL=https://github.com/OWNER/NAME`, \
and the links to the book, JupyterLite, Colab and Binder stand here.
"""
ON_COLAB = """\
# @title On Colab, run this cell first. Elsewhere it does nothing.
import sys

if "google.colab" in sys.modules:
"""
INSTALL = """\
    get_ipython().run_line_magic("pip", "install -q 'emcore[figures] @ git+{address.url}@{address.tag}'")"""
CANNOT_INSTALL = """\
    raise RuntimeError(
        "Colab cannot install emcore: this copy of the course names no public repository. "
        "Open it in JupyterLite, or in Jupyter with the folder emcore beside it. "
        "Whoever publishes the course: say `make repository URL=…` first."
    )"""


class Address(NamedTuple):
    """Where the public finds the repository, and the release that readers install."""

    owner: str
    name: str
    tag: str

    @classmethod
    def read(cls, url, tag):
        """The parts of an address; ValueError where Binder, Colab and pip could not all use it."""
        found = re.fullmatch(r"https://github\.com/([\w.-]+)/([\w.-]+?)(?:\.git)?/?", url)
        if not found:
            raise ValueError(
                f"expected an address like https://github.com/OWNER/NAME (Colab opens no other), got {url}"
            )
        if not re.fullmatch(r"v\d[\w.-]*", tag):
            raise ValueError(f"expected the tag of a release, such as v1.0.0 (a branch moves), got {tag!r}")
        return cls(*found.groups(), tag)

    @property
    def url(self):
        return f"https://github.com/{self.owner}/{self.name}"

    @property
    def book(self):
        return f"https://{self.owner}.github.io/{self.name}/"

    @property
    def student(self):
        """The edition without solutions: the branch that the workflow publishes it as."""
        return self._replace(tag="student")

    def lite(self, path):
        return f"{self.book}lite/lab/index.html?path={path}"

    def colab(self, path):
        return f"https://colab.research.google.com/github/{self.owner}/{self.name}/blob/{self.tag}/{path}"

    def binder(self, path):
        return f"https://mybinder.org/v2/gh/{self.owner}/{self.name}/{self.tag}?urlpath=lab/tree/{path}"


def release(root=ROOT):
    """The tag of emcore's version."""
    return "v" + re.search(r'__version__ = "(.+)"', (root / "emcore" / "__init__.py").read_text(encoding="utf-8"))[1]


def setting(root=ROOT):
    """The address that _config.yml names; None where it still is the placeholder, in a domain that nobody can own."""
    repository = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["repository"]
    if urlsplit(repository["url"]).netloc.endswith(".invalid"):
        return None
    return Address.read(repository["url"], repository["branch"])


def links(address, root=ROOT):
    """The README's lines on where to read and run the course."""
    if address is None:
        return NO_ADDRESS
    first = sorted(root.glob("notebooks/*.ipynb"))[0].name
    return (
        f"- Read: [the book]({address.book})\n"
        f"- Run in your browser, with nothing installed: [JupyterLite]({address.lite(f'student/{first}')})\n"
        f"- Run on a server: [Colab]({address.student.colab(f'notebooks/{first}')}), "
        f"[Binder]({address.student.binder('notebooks')})\n"
        f"- The same chapters with their solutions: [JupyterLite]({address.lite(f'notebooks/{first}')})\n"
    )


def readme(text, address, root=ROOT):
    """The README with its links brought up to date."""
    if not BLOCK.search(text):
        raise ValueError("README.md has lost the two comments between which its links are written")
    return BLOCK.sub(lambda _: links(address, root), text)


def pyproject(text, address):
    """pyproject.toml with its addresses brought up to date; without an address it names none."""
    if not URLS.search(text):
        raise ValueError("pyproject.toml has lost the comment below which its addresses are written")
    urls = f'urls = {{ Documentation = "{address.book}", Source = "{address.url}" }}\n' if address else ""
    return URLS.sub(lambda _: urls, text, count=1)


def first_cell(address, number):
    """The cell that makes emcore importable on Colab. It does nothing elsewhere, and the book leaves it out."""
    return nbformat.v4.new_code_cell(
        ON_COLAB + (INSTALL.format(address=address) if address else CANNOT_INSTALL),
        id=f"{number}-00",
        metadata=nbformat.from_dict({"cellView": "form", "jupyter": {"source_hidden": True}, "tags": ["remove-cell"]}),
    )


def notebook(path, address):
    """The notebook's text with its first cell brought up to date; execution counts still run 1 to n."""
    nb, cell = nbformat.read(path, as_version=4), first_cell(address, path.name[:2])
    old = nb.cells[0].id == cell["id"]
    nb.cells[: 1 if old else 0] = [cell]
    return notebooks.text(notebooks.clean(nb))


def wanted(root=ROOT):
    """path -> text, for every file that must hold the address."""
    address, page, project = setting(root), root / "README.md", root / "pyproject.toml"
    return {path: notebook(path, address) for path in sorted(root.glob("notebooks/*.ipynb"))} | {
        page: readme(page.read_text(encoding="utf-8"), address, root),
        project: pyproject(project.read_text(encoding="utf-8"), address),
    }


def stale(root=ROOT):
    """The files that do not say what _config.yml says."""
    return [path for path, text in wanted(root).items() if path.read_text(encoding="utf-8") != text]


def change(address, root=ROOT):
    """Put an address into _config.yml."""
    config = root / "_config.yml"
    text = config.read_text(encoding="utf-8")
    for key, value in {"url": address.url, "branch": address.tag}.items():
        text = re.sub(SETTING.format(key), lambda found, value=value: found[1] + value, text, count=1)
    config.write_text(text, encoding="utf-8")


def main(url=None, tag=None):
    if url:
        change(Address.read(url, tag or release()))
    texts = wanted()
    for path in stale():
        path.write_text(texts[path], encoding="utf-8")
        print(f"address: {path.relative_to(ROOT)} brought up to date")
    address = setting()
    said = f"{address.url}, release {address.tag}," if address else "none yet (make repository URL=…)"
    print(f"address: {said} in _config.yml and {len(texts)} files")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except ValueError as error:
        sys.exit(f"address: {error}")
