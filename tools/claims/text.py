"""The numbers in a Markdown text: which count, how they are written, what they are."""

import re
from dataclasses import dataclass

WHOLE = r"(?:\d{1,3}(?:(?:,|\{,\}|\\,|[\u2009\u202f])\d{3})+(?!\d)|\d+)"
NUMBER = rf"(?:{WHOLE}(?:\.\d+)?|\.\d+)"
PERCENT = r"(?:\s?(?:\\?%|percent\b))?"
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
IN_TEXT = re.compile(rf"(?:(?<![\w)\].])[-−])?(?<![\w.]){NUMBER}(?:\s?[×·]\s?10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|e[-+]?\d+)?{PERCENT}")
POWER = r"10\^(?:\{-?\d+\}|\d)"
IN_MATH = re.compile(
    rf"(?:(?:^|(?<=[=(\[{{,<>|:;&^+−-]))\s*[-−]\s*)?(?<![\d.])(?:{NUMBER}\s*@\s*{POWER}|{POWER}|{NUMBER}){PERCENT}"
)

# Not read: code, link targets, tags, numbered lists and headings, the labels of hints.
NOT_READ = re.compile(
    r"```.*?```|`[^`]*`|\]\([^)]*\)|<!--.*?-->|</?[a-z][^>]*>|^ *(?:#+ )?\d+\.?(?= )(?<=\.)|^#+ \d+(?= )|(?<=>)Hint \d",
    flags=re.S | re.M,
)
# Not claims: places in a text, years (four digits without a comma), licenses and versions.
LIST = r"\s\d+(?:\.\d+)*(?:(?:,| and| or| to|–)\s?\d+(?:\.\d+)*)*"
NAMES = re.compile(
    rf"\b(?:chapter|section|exercise|equation|figure|table|hint|page|part)s?{LIST}"
    r"|(?<![\d.,])(?:1[6-9]|20)\d\d(?![\d.,]\d)|\b(?:CC BY|BSD|Python|version)\s\d[\d.]*",
    flags=re.I,
)
RELATION = re.compile(
    r"\\(?:approx|leq?|geq?|neq?|in|to|sim|times|cdot|q?quad|(?:Long)?rightarrow|propto|mapsto|log|exp|[Bb]ig|left)\b",
    flags=re.I,
)


@dataclass(frozen=True)
class Number:
    """A number as a text writes it, its value, and half a unit of its last digit."""

    written: str
    value: float
    half: float

    @classmethod
    def read(cls, written):
        written = " ".join(written.split())
        plain = re.sub(r"(?<=\d)(?:,|\{,\}|\\,|[\u2009\u202f])(?=\d{3})", "", written.replace("−", "-"))
        plain, percent = re.subn(r"\s?(\\?%|percent)$", "", plain)
        plain = re.sub(r"\s|[{}]", "", re.sub(r"\\cdot|\\times|×", "·", plain)).translate(RAISED)
        if power := re.fullmatch(r"(-?)(?:(.+)·)?10(?:\^)?(-?\d+)", plain) if re.search(r"[·^]", plain) else None:
            plain = f"{power[1]}{power[2] or 1}e{power[3]}"
        plain, _, power = plain.partition("e")
        power = int(power or 0) - 2 * percent
        digits = len(plain.partition(".")[2])
        return cls(written, float(f"{plain}e{power}"), float(f"0.5e{power - digits}"))

    def fits(self, value):
        """Does the value round to what is written?"""
        return abs(self.value - value) <= self.half * (1 + 1e-9) + 1e-12 * abs(value)


def _blank(match):
    return " " * len(match[0])


def _in_formula(formula):
    """The numbers of a formula, without subscripts, exponents of symbols, and whole 0, 1 and 2."""
    text = re.sub(r"\\[dt]?frac\s?(\d)\s?(\d)", lambda m: f"({m[1]}/{m[2]})".rjust(len(m[0])), formula)
    text = re.sub(r"\\\\\[[^\]]*\]|\\(?:tag|label|hspace)\{[^}]*\}", _blank, text)
    text = re.sub(r"_(?:\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+|\w)", _blank, text)
    text = re.sub(r"\\(?:cdot|times)(?=\s*10\^)", lambda m: "@".ljust(len(m[0])), text)
    text = re.sub(r"(?<![\d\s])\s*\^(?:\{-?\d+\}|\d)", _blank, text)
    text = RELATION.sub(lambda m: "=" * len(m[0]), text)
    text = re.sub(r"\\[A-Za-z]+", lambda m: "a" * len(m[0]), text)
    found = [Number.read(match[0].replace("@", r"\cdot")) for match in IN_MATH.finditer(text)]
    return [number for number in found if number.written.lstrip("-− ") not in ("0", "1", "2")]


def numbers(markdown):
    """The numbers of a Markdown text in reading order."""
    found = []
    for part in re.split(r"(\$\$.*?\$\$|\$[^$]+\$)", NOT_READ.sub(_blank, markdown), flags=re.S):
        if part.startswith("$"):
            found += _in_formula(part.strip("$"))
        else:
            found += [Number.read(match[0]) for match in IN_TEXT.finditer(NAMES.sub(_blank, part))]
    return found
