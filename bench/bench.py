"""Measure the library against itself: `python bench/bench.py [territories]`. Prints, asserts nothing.

Times are the best of several runs on this machine; ratios compare two programs in the same run.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dosimetry import energy_balance, plan, read_case  # noqa: E402
from dosimetry.case_file import plain_from_case  # noqa: E402
from dosimetry.case_reader import checked  # noqa: E402
from dosimetry.columns import Columns, Table, words_of  # noqa: E402
from dosimetry.compartments import compartments  # noqa: E402
from dosimetry.conventions import resolve  # noqa: E402
from dosimetry.evaluation import Evaluated, evaluate  # noqa: E402
from dosimetry.ordering.search import candidates, single_vials  # noqa: E402
from dosimetry.ordering.sheet import order_sheet  # noqa: E402
from dosimetry.report import render  # noqa: E402
from dosimetry.what_if.scenarios import with_numbers  # noqa: E402

EXAMPLE = ROOT / "examples" / "two-territories.json"


def best_s(job: Callable[[], object], runs: int) -> float:
    """Shortest time of several runs. [s]"""
    job()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return min(times)


def import_s() -> float:
    """Time to import the library in a new interpreter, less that of an empty one. [s]"""

    def run(code: str) -> float:
        return best_s(lambda: subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True), 5)

    return run("import dosimetry") - run("pass")


def numbers_s() -> float:
    """What a plan computes from a case: door, activities, doses and the second route, without findings. [s]"""
    plain = plain_from_case(read_case(EXAMPLE))

    def numbers() -> None:
        """Read, check, evaluate, confirm."""
        _, columns, constants, parts = checked(plain)
        energy_balance.check(columns, parts, evaluate(columns, constants, parts))

    return best_s(numbers, 200)


def order_s() -> float:
    """Full search of an order: six sizes, twelve calibrations, all pairs, with doses and windows. [s]"""
    case, columns, constants, parts = checked(plain_from_case(read_case(EXAMPLE)))
    residual = np.full(columns.territory.rows, 0.01)
    columns = replace(columns, territory=with_numbers(columns.territory, {"residual_fraction": residual}))
    evaluated = Evaluated(columns, constants, parts, evaluate(columns, constants, parts))
    sizes, ages = np.array([3.0, 5.0, 7.0, 10.0, 15.0, 20.0]), 24.0 * np.arange(12)

    def search() -> object:
        """All candidates of the first territory."""
        vials = single_vials(device=case.device, sizes_gbq=sizes, vial_age_h=ages, half_life_h=64.1)
        return candidates(evaluated, 0, vials, tolerance_fraction=0.1, pairs=True)

    return best_s(search, 20)


def order_sheet_s() -> float:
    """The whole order sheet of an example, every vial and pair on file as records with their sentences. [s]"""
    case = read_case(ROOT / "examples" / "segmentectomy-tokyo.json")
    if case.order is None:
        raise RuntimeError("the example has no order")
    planned = plan(replace(case, order=replace(case.order, pairs=True)))
    return best_s(lambda: order_sheet(planned), 10)


def rerun_s(runs: int = 30) -> float:
    """95th percentile of a rerun of the form with a case and its result on screen. [s]"""
    from streamlit.testing.v1 import AppTest

    form = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    form.selectbox(key="example").set_value(EXAMPLE.stem).run()
    form.button(key="open_example").click().run()
    form.button(key="calculate").click().run()
    if not form.metric:
        raise RuntimeError("the form shows no result; its rerun would be measured without one")
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        form.run()
        times.append(time.perf_counter() - start)
    return float(np.percentile(times, 95))


def synthetic(territories: int, seed: int = 1) -> Columns:
    """Cases of one territory with one lesion each, treated by partition."""
    random = np.random.default_rng(seed)
    rows = np.arange(territories)
    case = {
        "lung_shunt_fraction": random.uniform(0.01, 0.15, territories),
        "lung_mass_kg": random.uniform(0.7, 1.2, territories),
        "whole_liver_volume_ml": random.uniform(1300, 2200, territories),
        "untreated_tumor_volume_ml": np.zeros(territories),
    }
    territory = {
        "perfused_volume_ml": random.uniform(200, 900, territories),
        "target_dose_gy": random.uniform(150, 350, territories),
        "residual_fraction": random.uniform(0.0, 0.03, territories),
    }
    lesion = {
        "lesion_volume_ml": random.uniform(5, 150, territories),
        "tumor_normal_ratio": random.uniform(1.5, 6, territories),
    }
    return Columns(
        case=Table(territories, case, {"device": _all("glass", territories), "convention": _all("eanm", territories)}),
        territory=Table(territories, territory, {"prescription_model": _all("partition", territories)}),
        territory_case=rows,
        lesion=Table(territories, lesion, {}),
        lesion_territory=rows,
        target_lesion=rows,
    )


def _all(word: str, rows: int) -> object:
    words = words_of([word])
    return type(words)(np.zeros(rows, dtype=np.int64), words.values)


def library(columns: Columns) -> None:
    """The column function: constants, masses, activities, doses."""
    constants = resolve(columns)
    evaluate(columns, constants, compartments(columns, constants))


def bare_numpy(columns: Columns) -> None:
    """The same arithmetic written out, with the same sums over children."""
    case, territory, lesion = columns.case.numbers, columns.territory.numbers, columns.lesion.numbers
    owner, parent, rows = columns.territory_case, columns.lesion_territory, columns.case.rows
    density, energy = 1.03, 49.67

    def to_territory(values: np.ndarray) -> np.ndarray:
        return np.bincount(parent, weights=values, minlength=len(owner))

    def to_case(values: np.ndarray) -> np.ndarray:
        return np.bincount(owner, weights=values, minlength=rows)

    shunt, lung_mass = case["lung_shunt_fraction"][owner], case["lung_mass_kg"][owner]
    lesion_mass = lesion["lesion_volume_ml"] * density / 1000
    normal = (territory["perfused_volume_ml"] - to_territory(lesion["lesion_volume_ml"])) * density / 1000
    perfused = normal + to_territory(lesion_mass)
    uptake = normal + to_territory(lesion["tumor_normal_ratio"] * lesion_mass)
    activity = (
        territory["target_dose_gy"]
        / lesion["tumor_normal_ratio"][columns.target_lesion]
        * uptake
        / (energy * (1 - shunt))
    )
    liver = energy * activity * (1 - shunt)
    normal_dose, perfused_dose = liver / uptake, liver / perfused
    lesion_dose = lesion["tumor_normal_ratio"] * (liver / uptake)[parent]
    lung_share = energy * activity * shunt / lung_mass
    vial = activity / (1 - territory["residual_fraction"])
    outside = case["whole_liver_volume_ml"] - to_case(territory["perfused_volume_ml"])
    whole_normal = to_case(normal) + (outside - case["untreated_tumor_volume_ml"]) * density / 1000
    whole = to_case(perfused) + outside * density / 1000
    normal_energy = to_case(normal_dose * normal)
    _ = (
        perfused_dose, lesion_dose, vial, to_case(lung_share), to_case(activity), to_case(activity * shunt),
        normal_energy / to_case(normal), normal_energy / whole_normal, to_case(liver) / whole,
        outside / case["whole_liver_volume_ml"], 1 - outside / case["whole_liver_volume_ml"],
    )  # fmt: skip


def main(territories: int) -> None:
    """Print every figure with its aim."""
    case = read_case(EXAMPLE)
    planned = plan(case)
    columns = synthetic(territories)
    core, bare = best_s(lambda: library(columns), 5), best_s(lambda: bare_numpy(columns), 5)
    print(f"import dosimetry             {import_s() * 1000:8.0f} ms    aim < 500")
    print(f"numbers of a plan            {numbers_s() * 1000:8.2f} ms    aim < 1")
    print(f"plan with all its findings   {best_s(lambda: plan(case), 50) * 1000:8.2f} ms    aim < 1")
    print(f"PDF report, in process       {best_s(lambda: render(planned, '.pdf'), 10) * 1000:8.0f} ms    aim < 100")
    print(f"order, pairs of 72 vials     {order_s() * 1000:8.0f} ms    aim < 50")
    print(f"order sheet, 90 options      {order_sheet_s() * 1000:8.0f} ms    aim < 50")
    print(f"rerun of the form, p95       {rerun_s() * 1000:8.0f} ms    aim < 100")
    print(f"core, {territories:,} territories {core * 1000:8.0f} ms")
    print(f"bare numpy, the same         {bare * 1000:8.0f} ms")
    print(f"core / bare numpy            {core / bare:8.2f}       aim <= 3")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
