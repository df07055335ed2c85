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

from synthetic_cases import bare_numpy, library, synthetic  # noqa: E402

from dosimetry import energy_balance, plan, read_case  # noqa: E402
from dosimetry.case_file import plain_from_case  # noqa: E402
from dosimetry.case_reader import checked  # noqa: E402
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


def order_sheet_s(*, custom: bool) -> float:
    """The whole order sheet of an example, every vial and pair as records: sizes on file, or all custom ones. [s]"""
    case = read_case(ROOT / "examples" / "segmentectomy-tokyo.json")
    if case.order is None:
        raise RuntimeError("the example has no order")
    planned = plan(replace(case, order=replace(case.order, pairs=True, custom_steps=custom)))
    return best_s(lambda: order_sheet(planned), 10)


def rerun_s(runs: int = 30) -> float:
    """95th percentile of a rerun of the form in which an input changed, and the result with it. [s]"""
    from streamlit.testing.v1 import AppTest

    form = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    form.selectbox(key="example").set_value(EXAMPLE.stem).run()
    form.button(key="open_example").click().run()
    times = []
    for run in range(runs):
        form.text_input(key="lung_mass_kg").set_value(f"1.{run:02}")
        start = time.perf_counter()
        form.run()
        times.append(time.perf_counter() - start)
        if not form.metric:
            raise RuntimeError("the form shows no result; its rerun was measured without one")
    return float(np.percentile(times, 95))


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
    print(f"order sheet, 90 options      {order_sheet_s(custom=False) * 1000:8.0f} ms    aim < 50")
    print(f"order sheet, 2,555 options   {order_sheet_s(custom=True) * 1000:8.0f} ms    aim < 50")
    print(f"rerun of the form, p95       {rerun_s() * 1000:8.0f} ms    aim < 100")
    print(f"core, {territories:,} territories {core * 1000:8.0f} ms")
    print(f"bare numpy, the same         {bare * 1000:8.0f} ms")
    print(f"core / bare numpy            {core / bare:8.2f}       aim <= 3")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
