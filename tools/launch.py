"""Write the repository's public address, which stands in _config.yml, into the files that cannot look it up.

    python tools/launch.py                 the README's links, and the first cell of every notebook
    python tools/launch.py URL [BRANCH]    first put another address into _config.yml (make repository URL=…)

The book's launch buttons are the theme's: it reads _config.yml itself.
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple

import nbformat
import yaml

if __name__ == "__main__":  # run as a script, it finds its neighbors too
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tools import notebooks

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(?<=<!-- links: `make repository` writes them -->\n).*?(?=<!-- end of links -->)", re.S)
SETTING = r"(?m)^(  {}: )\S+"


class Address(NamedTuple):
    """Where the public can find the repository."""

    owner: str
    name: str
    branch: str

    @classmethod
    def read(cls, url, branch):
        """The parts of an address; ValueError where Binder, Colab and pip could not all use it."""
        found = re.fullmatch(r"https://github\.com/([\w.-]+)/([\w.-]+?)(?:\.git)?/?", url)
        if not found:
            raise ValueError(
                f"expected an address like https://github.com/OWNER/NAME (Colab opens no other), got {url}"
            )
        if not re.fullmatch(r"[\w.-]+(/[\w.-]+)*", branch):
            raise ValueError(f"expected the name of a branch, such as main, got {branch!r}")
        return cls(*found.groups(), branch)

    @property
    def url(self):
        return f"https://github.com/{self.owner}/{self.name}"

    @property
    def book(self):
        return f"https://{self.owner}.github.io/{self.name}/"

    @property
    def lite(self):
        return f"{self.book}lite/lab/index.html"

    def binder(self, path):
        return f"https://mybinder.org/v2/gh/{self.owner}/{self.name}/{self.branch}?urlpath=lab/tree/{path}"

    def colab(self, path):
        return f"https://colab.research.google.com/github/{self.owner}/{self.name}/blob/{self.branch}/{path}"


def setting(root=ROOT):
    """The address that _config.yml names."""
    repository = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["repository"]
    return Address.read(repository["url"], repository["branch"])


def links(address, root=ROOT):
    """The README's lines on where to read and run the course."""
    first = sorted(root.glob("notebooks/*.ipynb"))[0].relative_to(root)
    return (
        f"- Read: [the book]({address.book})\n"
        f"- Run on a server: [all chapters on Binder]({address.binder('notebooks')}), "
        f"[chapter 01 on Colab]({address.colab(first)})\n"
        f"- Run in your browser, with nothing installed: [all chapters in JupyterLite]({address.lite})\n"
    )


def readme(text, address, root=ROOT):
    """The README with its links brought up to date."""
    if not BLOCK.search(text):
        raise ValueError("README.md has lost the two comments between which its links are written")
    return BLOCK.sub(lambda _: links(address, root), text)


def first_cell(address, number):
    """The cell that makes emcore importable on Colab. It does nothing elsewhere, and the book leaves it out."""
    cell = nbformat.v4.new_code_cell(
        "# @title On Colab, run this cell first. Elsewhere it does nothing.\n"
        "import sys\n\n"
        'if "google.colab" in sys.modules:\n'
        f'    get_ipython().run_line_magic("pip", "install -q git+{address.url}@{address.branch}")',
        metadata={"cellView": "form", "jupyter": {"source_hidden": True}, "tags": ["remove-cell"]},
    )
    return cell | {"id": f"{number}-00"}


def notebook(path, address):
    """The notebook's text with its first cell brought up to date; execution counts still run 1 to n."""
    nb, cell = nbformat.read(path, as_version=4), first_cell(address, path.name[:2])
    old = nb.cells[0].id == cell["id"]
    nb.cells[: 1 if old else 0] = [nbformat.from_dict(cell)]
    return notebooks.text(notebooks.clean(nb))


def wanted(root=ROOT):
    """path -> text, for every file that must hold the address."""
    address, page = setting(root), root / "README.md"
    texts = {path: notebook(path, address) for path in sorted(root.glob("notebooks/*.ipynb"))}
    return texts | {page: readme(page.read_text(encoding="utf-8"), address, root)}


def stale(root=ROOT):
    """The files that do not say what _config.yml says."""
    return [path for path, text in wanted(root).items() if path.read_text(encoding="utf-8") != text]


def change(address, root=ROOT):
    """Put an address into _config.yml."""
    config = root / "_config.yml"
    text = config.read_text(encoding="utf-8")
    for key, value in {"url": address.url, "branch": address.branch}.items():
        text = re.sub(SETTING.format(key), lambda found, value=value: found[1] + value, text, count=1)
    config.write_text(text, encoding="utf-8")


def main(url=None, branch="main"):
    if url:
        change(Address.read(url, branch))
    texts = wanted()
    for path in stale():
        path.write_text(texts[path], encoding="utf-8")
        print(f"address: {path.relative_to(ROOT)} brought up to date")
    print(f"address: {setting().url}, branch {setting().branch}, in _config.yml and {len(texts)} files")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except ValueError as error:
        sys.exit(f"address: {error}")
