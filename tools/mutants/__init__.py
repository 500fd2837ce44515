"""Mutation run: change the code a little, again and again, and see whether a test of tests/unit notices.

    python -m tools.mutants                                core, models, checkup, the exercises' checks, drawing
    python -m tools.mutants emcore/models --sample 100 --seed 3
    python -m tools.mutants emcore/core.py:81              only the mutants of that line

A mutant is one small change of the syntax tree: a comparison, an operator, a number, `and`, a slice's axis, a call's
name turned into its neighbor, a statement or a guard removed. Strings are left alone. The tests run once to learn
which of them call which function; then each mutant meets, in a process of its own, the tests that call its function,
the quickest first, until one fails. Mutants that mean the same as the code, so that no test can tell, stand with the
reason in tests/equivalent_mutants.yml.
"""
