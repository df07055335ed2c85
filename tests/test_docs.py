"""What the documents show runs, and the examples are cases a physicist can report."""

import doctest
import importlib
import json
import re

import pytest
import reference_documents
from cases import EXAMPLES, ROOT, planned

PACKAGE = ROOT / "dosimetry"
WITH_EXAMPLES = sorted(path for path in PACKAGE.rglob("*.py") if ">>> " in path.read_text("utf-8"))


def module_name(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=module_name)
def test_the_examples_of_a_docstring_run(path):
    failed, tried = doctest.testmod(importlib.import_module(module_name(path)))
    assert (failed, tried > 0) == (0, True)


def test_the_package_shows_how_it_is_used():
    assert PACKAGE / "__init__.py" in WITH_EXAMPLES


def test_the_examples_of_the_readme_run(monkeypatch):
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False, encoding="utf-8")
    assert (failed, tried > 0) == (0, True)


def test_files_that_the_documents_link_to_exist():
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")):
        links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", path.read_text("utf-8"))
        assert [link for link in links if not (path.parent / link).exists()] == [], path.name


@pytest.mark.parametrize("name", reference_documents.DOCUMENTS)
def test_a_document_that_is_made_from_tables_is_fresh(name):
    made = reference_documents.DOCUMENTS[name]()
    assert (ROOT / "docs" / name).read_text("utf-8") == made, f"run {reference_documents.COMMAND}"


def test_the_guide_for_scripts_runs(monkeypatch):
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(ROOT / "docs" / "scripts.md"), module_relative=False, encoding="utf-8")
    assert (failed, tried > 0) == (0, True)


def test_four_examples_stand_beside_the_package():
    named = {path.stem for path in EXAMPLES}
    assert {"abs-case-0003", "glass-lobar", "resin-two-lesions", "two-territories"} <= named


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_can_be_reported_without_a_question(path):
    made = planned(json.loads(path.read_text("utf-8")))
    assert made.unacknowledged == ()
    assert [finding.id for finding in made.findings if finding.severity == "stop"] == []


def test_case_0003_of_the_brachytherapy_society_comes_out_as_it_was_given():
    """0.629 GBq for 340 Gy in 90 mL."""
    path = next(path for path in EXAMPLES if path.stem == "abs-case-0003")
    activity = planned(json.loads(path.read_text("utf-8"))).territories[0].administered_activity_gbq
    assert activity == pytest.approx(0.629, rel=0.004)
