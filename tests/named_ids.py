"""Which rows of the list of wrong inputs a test stands for, read from the tests as they are written.

A row counts by its id at the begin of a value that a test is parametrized with, at the begin of the docstring of the
test itself, several apart by commas, or in the name of the test. Any other mention is a remark, and no test.
"""

import ast
import re
from collections.abc import Iterator

_FIRST = re.compile(r"(B\d{3}(?:, B\d{3})*)\b")
_IN_NAME = re.compile(r"(?<![a-z0-9])b\d{3}(?![0-9])")


def ids_of_tests(source: str) -> set[str]:
    """The ids that the tests of a file stand for."""
    tree = ast.parse(source)
    tables = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return {each for test in _tests(tree) for each in _of_test(test, tables)}


def _tests(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


def _of_test(test: ast.FunctionDef, tables: dict[str, ast.expr]) -> Iterator[str]:
    yield from _first_of(ast.get_docstring(test) or "")
    yield from (each.upper() for each in _IN_NAME.findall(test.name))
    for decorator in test.decorator_list:
        used = (tables[node.id] for node in ast.walk(decorator) if isinstance(node, ast.Name) and node.id in tables)
        for written in (decorator, *used):
            for node in ast.walk(written):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield from _first_of(node.value)


def _first_of(text: str) -> list[str]:
    found = _FIRST.match(text)
    return found.group(1).split(", ") if found else []
