"""The numbers that the prose claims, each bound to an expression that the page itself evaluates.

python -m tools.claims 06            what is unbound or wrong in chapter 06 (or: errata, home)
python -m tools.claims 06 --draft    write tests/numbers/06_two_coins.yml, with guesses where it has no entry

`tests/numbers/NN_title.yml` lists for each Markdown cell, in reading order, every number as the prose writes it
and what computes it. CONTRIBUTING.md says which numbers count, and how to bind one.
"""
