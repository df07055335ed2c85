"""The shape of the code: imports point down, functions are short and documented, no module keeps a state."""

import ast
import itertools
from pathlib import Path

from cases import ROOT
from each import each
from isolated import run_python

PACKAGE = ROOT / "dosimetry"
LADDER = [
    "version", "arrays", "problems", "number_text", "typed_text", "comparison", "figures", "units", "decay",
    "quantities", "compartment_names",
    "instants", "time_spans", "treatment_day.case", "case",
    "clauses", "reference_rows", "tace_rows", "treatment_day.rows", "reference_reading", "reference",
    "case_fields", "columns",
    "bands", "lesion_geometry", "scores", "activity_bands", "body_surface", "spheres", "tumor_volume",
    "conventions", "lung_shunt", "compartments", "liver_state", "expression",
    "treatment_day.records", "plan_record", "treatment_day.order_records",
    "ranges", "rules", "finding_columns",
    "dose", "models", "treatment_day.residual", "treatment_day.vial_decay", "treatment_day.swaps",
    "delivery.amounts", "treatment_day.earlier_doses", "treatment_day.instant_rules",
    "treatment_day.delivery_rules", "treatment_day.rules",
    "evaluation", "energy_balance",
    "count_rules", "prescription_rules", "checks", "staging_rules", "case_rules",
    "liver_volume_caution", "body_size_caution", "child_pugh_caution",
    "strict_json", "record_reader", "tace", "case_reader", "case_file", "schema",
    "finding_records", "future_dates",
    "limits", "what_if",
    "tace.plan_record", "tace.steps", "tace.limits", "tace.completeness", "tace.input_cautions", "tace.cautions",
    "tace.preparation", "tace.planning",
    "unusual", "model_cautions", "cautions", "lobes", "findings", "completeness",
    "ordering", "delivery", "second_check", "treatment_day",
    "planning", "plan_file", "budgets", "chart_data", "treatment_day.day_file", "order_chart",
    "report",
    "",  # the package itself: its public names
    "audit",
    "web.settings",
    "cli", "__main__",
    "web",
]  # fmt: skip
"""Modules and packages of the library; each imports only what stands before it. A package counts as one step."""
HEAVY = ("altair", "dask", "distributed", "jinja2", "pandas", "pyarrow", "scipy", "streamlit", "typst")
ONLY_IN = {
    "streamlit": "web",
    "typst": "report",
    "jinja2": "report",
    "dask": "audit",
    "distributed": "audit",
}
LONGEST_FUNCTION = 40
LONGEST_FILE = 300
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MUTABLE_CALLS = {"list", "dict", "set", "defaultdict", "Counter", "OrderedDict", "deque", "bytearray"}
FILES = sorted(PACKAGE.rglob("*.py"))


def module_of(path: Path) -> str:
    """The dotted name of a file below the package; the package itself is the empty name."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").removesuffix(".")


TREES = {module_of(path): ast.parse(path.read_text("utf-8")) for path in FILES}


def imported(tree: ast.Module) -> set[str]:
    """Every dotted name that is imported anywhere in a module, also inside functions."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def own_imports(module: str) -> set[str]:
    """The modules of the library that a module imports."""
    inside = [name.removeprefix("dosimetry").removeprefix(".") for name in imported(TREES[module]) if is_own(name)]
    return {next(known for known in outwards(name) if known in TREES) for name in inside}


def is_own(name: str) -> bool:
    return name.partition(".")[0] == "dosimetry"


def outwards(name: str) -> list[str]:
    """A dotted name, its parent, and so on to the package: ``a.b.c``, ``a.b``, ``a``, ``''``."""
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(len(parts), -1, -1)]


def step(module: str) -> str:
    """The step of the ladder a module stands on."""
    return next((name for name in outwards(module) if name in LADDER and (name or not module)), "not on the ladder")


@each(module=TREES)
def test_a_module_stands_on_the_ladder_and_imports_only_from_below(module):
    assert step(module) in LADDER, f"{module} has no place in the ladder of this test"
    below = LADDER[: LADDER.index(step(module))]
    upwards = [name for name in own_imports(module) if step(name) not in below and step(name) != step(module)]
    assert upwards == []


def test_the_ladder_names_only_what_exists_and_once():
    assert [name for name in LADDER if name not in TREES] == []
    assert len(set(LADDER)) == len(LADDER)


def test_the_page_on_architecture_names_every_module_outside_the_packages():
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    alone = [path.stem for path in PACKAGE.glob("*.py") if not path.stem.startswith("_")]
    assert [name for name in alone if f"`{name}.py`" not in text] == []


def test_no_module_imports_itself_by_a_detour():
    finished: set[str] = set()

    def walk(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " -> ".join((*way, module))
        if module not in finished:
            for name in own_imports(module) - {module}:
                walk(name, (*way, module))
            finished.add(module)

    for module in TREES:
        walk(module, ())


@each(module=TREES)
def test_a_heavy_package_is_imported_only_where_it_belongs(module):
    roots = {name.partition(".")[0] for name in imported(TREES[module])}
    strangers = [name for name, place in ONLY_IN.items() if name in roots and module.partition(".")[0] != place]
    assert strangers == []


def test_importing_the_library_loads_numpy_and_nothing_heavy():
    loaded = run_python("-c", "import sys, dosimetry; print(*{name.partition('.')[0] for name in sys.modules})").split()
    assert "numpy" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def functions(tree: ast.AST):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def code_lines(function: ast.FunctionDef, lines: list[str]) -> int:
    """Lines of a function without its docstring, blank lines and comments."""
    spoken = function.body[0].end_lineno if ast.get_docstring(function, clean=False) else function.lineno
    own = itertools.chain(lines[function.lineno - 1 : function.body[0].lineno - 1], lines[spoken : function.end_lineno])
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in own)


@each(path=FILES)
def test_files_and_functions_are_short(path):
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) <= LONGEST_FILE
    counted = {function.name: code_lines(function, lines) for function in functions(ast.parse("\n".join(lines)))}
    assert {name: count for name, count in counted.items() if count > LONGEST_FUNCTION} == {}


@each(module=TREES)
def test_what_is_public_is_documented(module):
    public = [TREES[module], *(node for node in public_definitions(TREES[module]))]
    assert [getattr(node, "name", "the module") for node in public if not ast.get_docstring(node)] == []


def public_definitions(tree: ast.AST):
    """Public classes and functions of a module, and the public methods of the classes."""
    for node in tree.body:
        is_overload = "overload" in map(ast.unparse, getattr(node, "decorator_list", ()))
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_") and not is_overload:
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node)


def assigned(tree: ast.Module):
    """The names and values that are assigned at the level of a module."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            yield from ((target, node.value) for target in node.targets)
        elif isinstance(node, ast.AnnAssign) and node.value:
            yield node.target, node.value


def is_mutable(value: ast.expr) -> bool:
    called = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in MUTABLE_CALLS
    return called or isinstance(value, MUTABLE)


@each(module=TREES)
def test_no_module_keeps_a_state(module):
    kept = [ast.unparse(target) for target, value in assigned(TREES[module]) if is_mutable(value)]
    assert [name for name in kept if name != "__all__" and not name.lstrip("_").isupper()] == []
    assert [node.lineno for node in ast.walk(TREES[module]) if isinstance(node, ast.Global)] == []


@each(module=TREES)
def test_no_constant_of_a_module_is_changed_by_a_function(module):
    constants = {ast.unparse(target) for target, value in assigned(TREES[module]) if is_mutable(value)}
    changed = [node for node in ast.walk(TREES[module]) if changes(node) and ast.unparse(node.value) in constants]
    assert [f"line {node.lineno}: {ast.unparse(node)}" for node in changed] == []


def changes(node: ast.AST) -> bool:
    """Whether a node puts something into what stands before its bracket or point, or takes something away."""
    changers = {"append", "add", "update", "extend", "insert", "pop", "clear", "remove", "setdefault", "discard"}
    is_stored = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del)
    return is_stored or (isinstance(node, ast.Attribute) and node.attr in changers)


@each(module=TREES)
def test_nothing_is_validated_by_assert(module):
    assert [node.lineno for node in ast.walk(TREES[module]) if isinstance(node, ast.Assert)] == []


def test_the_public_names_are_listed_in_order_and_exist():
    import dosimetry

    assert sorted(dosimetry.__all__) == dosimetry.__all__
    assert [name for name in dosimetry.__all__ if not hasattr(dosimetry, name)] == []
    records = {"Case", "Territory", "Lesion", "Prescription", "Plan", "Finding", "CaseError"}
    assert records | {"read_case", "plan", "write_report"} <= set(dosimetry.__all__)
    assert (PACKAGE / "py.typed").is_file()
