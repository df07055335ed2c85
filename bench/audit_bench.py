"""Measure the audit: `python bench/audit_bench.py [rows] [--linear] [--skip-dask]`. Prints a table, asserts nothing.

One run compares, on the same synthetic table: bare numpy of the same arithmetic, the column function of the library,
the loop of `plan`, and the audit from Parquet to Parquet on this computer and on dask. Memory is the peak of a process
of its own.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dosimetry import Case, Lesion, Liver, Lung, Prescription, Territory, plan  # noqa: E402
from dosimetry.columns import Columns, Table, Words  # noqa: E402
from dosimetry.compartments import compartments  # noqa: E402
from dosimetry.conventions import resolve  # noqa: E402
from dosimetry.evaluation import evaluate  # noqa: E402

SEVERAL_TERRITORIES, SEVERAL_LESIONS, SLIPPED = 0.2, 0.25, 0.01
PIECE = 250_000
LOOPED = 300


def records(rows: int, seed: int = 1) -> pd.DataFrame:
    """Realistic cases by partition with one pooled tumor; a fifth of the cases have two territories."""
    random = np.random.default_rng(seed)
    second = random.random(rows) < SEVERAL_TERRITORIES / (1 + SEVERAL_TERRITORIES)
    second[0] = False
    second[1:] &= ~second[:-1]
    case = np.cumsum(~second) - 1
    of_case = {
        "lung_shunt_fraction": random.beta(2, 30, rows).round(3),
        "lung_mass_kg": random.uniform(0.7, 1.2, rows).round(2),
        "whole_liver_volume_ml": random.uniform(1300, 2400, rows).round(0),
        "untreated_tumor_volume_ml": np.zeros(rows),
    }
    first = np.flatnonzero(~second)[case]
    perfused = random.uniform(150, 600, rows).round(0)
    lesion = (perfused * random.uniform(0.03, 0.4, rows)).round(1)
    frame = pd.DataFrame(
        {
            "case_id": case,
            "device": pd.Categorical.from_codes(random.integers(0, 2, rows)[first], ["glass", "resin"]),
            "convention": pd.Categorical.from_codes(np.zeros(rows, dtype=np.int8), ["eanm"]),
            "center": pd.Categorical.from_codes(random.integers(0, 5, rows)[first], list("ABCDE")),
            "perfused_volume_ml": perfused,
            "lesion_volume_ml": lesion,
            "tumor_normal_ratio": random.uniform(1.5, 6, rows).round(1),
            "residual_fraction": random.uniform(0.0, 0.03, rows).round(3),
            "prescription_model": pd.Categorical.from_codes(np.zeros(rows, dtype=np.int8), ["partition"]),
            "prescription_target": pd.Categorical.from_codes(np.zeros(rows, dtype=np.int8), ["lesion:tumor"]),
            "target_dose_gy": random.uniform(120, 350, rows).round(0),
        }
        | {name: values[first] for name, values in of_case.items()}
    )
    stays = 1 - frame["lung_shunt_fraction"]
    uptake = (perfused - lesion + frame["tumor_normal_ratio"] * lesion) * 1.03 / 1000
    activity = frame["target_dose_gy"] / frame["tumor_normal_ratio"] * uptake / (49.67 * stays)
    activity = np.where(random.random(rows) < SLIPPED, activity * stays**2, activity)
    frame["recorded_administered_activity_gbq"] = activity.round(3)
    return frame


def synthetic(rows: int, seed: int = 1) -> Columns:
    """The same as columns, with one to three lesions a territory and sessions of one or two territories."""
    frame, random = records(rows, seed), np.random.default_rng(seed)
    case, first = np.unique(frame["case_id"], return_index=True)
    owner = frame["case_id"].to_numpy()
    count = np.where(random.random(rows) < SEVERAL_LESIONS, random.integers(2, 4, rows), 1)
    parent = np.repeat(np.arange(rows), count)
    held = frame.iloc[first]
    names = ("lung_shunt_fraction", "lung_mass_kg", "whole_liver_volume_ml", "untreated_tumor_volume_ml")

    def word(value: str, size: int) -> Words:
        return Words(np.zeros(size, dtype=np.int64), (value,))

    return Columns(
        case=Table(
            len(case),
            {name: held[name].to_numpy() for name in names},
            {"device": word("glass", len(case)), "convention": word("eanm", len(case))},
        ),
        territory=Table(
            rows,
            {name: frame[name].to_numpy() for name in ("perfused_volume_ml", "target_dose_gy", "residual_fraction")},
            {"prescription_model": word("partition", rows)},
        ),
        territory_case=owner,
        lesion=Table(
            len(parent),
            {
                "lesion_volume_ml": (frame["lesion_volume_ml"].to_numpy() / count)[parent],
                "tumor_normal_ratio": random.uniform(1.5, 6, len(parent)),
            },
            {},
        ),
        lesion_territory=parent,
        target_lesion=np.cumsum(count) - count,
    )


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
    volume, ratio = lesion["lesion_volume_ml"], lesion["tumor_normal_ratio"]
    lesion_mass = volume * density / 1000
    normal = (territory["perfused_volume_ml"] - to_territory(volume)) * density / 1000
    perfused = normal + to_territory(lesion_mass)
    uptake = normal + to_territory(ratio * lesion_mass)
    activity = territory["target_dose_gy"] / ratio[columns.target_lesion] * uptake / (energy * (1 - shunt))
    liver = energy * activity * (1 - shunt)
    normal_dose, perfused_dose = liver / uptake, liver / perfused
    lesion_dose = ratio * (liver / uptake)[parent]
    lung_share = energy * activity * shunt / lung_mass
    vial = activity / (1 - territory["residual_fraction"])
    outside = case["whole_liver_volume_ml"] - to_case(territory["perfused_volume_ml"])
    whole_normal = to_case(normal) + (outside - case["untreated_tumor_volume_ml"]) * density / 1000
    whole = to_case(perfused) + outside * density / 1000
    normal_energy = to_case(normal_dose * normal)
    tumor = to_case(to_territory(volume)) + case["untreated_tumor_volume_ml"]
    _ = (
        perfused_dose, lesion_dose, vial, to_case(lung_share), to_case(activity), to_case(activity * shunt),
        normal_energy / to_case(normal), normal_energy / whole_normal, to_case(liver) / whole,
        outside / case["whole_liver_volume_ml"], 1 - outside / case["whole_liver_volume_ml"],
        tumor / case["whole_liver_volume_ml"],
    )  # fmt: skip


def loop(frame: pd.DataFrame) -> None:
    """A case from each row, planned alone."""
    for row in frame.to_dict(orient="records"):
        lesion = Lesion(name="tumor", volume_ml=row["lesion_volume_ml"], tumor_normal_ratio=row["tumor_normal_ratio"])
        territory = Territory(
            name="territory",
            perfused_volume_ml=row["perfused_volume_ml"],
            lesions=(lesion,),
            residual_fraction=row["residual_fraction"],
            prescription=Prescription(model="partition", target="lesion:tumor", dose_gy=row["target_dose_gy"]),
        )
        liver = Liver(whole_volume_ml=row["whole_liver_volume_ml"], untreated_tumor_volume_ml=0.0)
        lung = Lung(shunt_fraction=row["lung_shunt_fraction"], mass_kg=row["lung_mass_kg"])
        plan(Case(label="x", device=row["device"], convention="eanm", liver=liver, lung=lung, territories=(territory,)))


def best_s(job: Callable[[], object], runs: int) -> float:
    """Shortest processor time of several runs: what other programs do at the same time does not count. [s]"""
    times = []
    for _ in range(runs):
        start = time.process_time()
        job()
        times.append(time.process_time() - start)
    return min(times)


def peak_mb() -> float:
    """Peak memory of this process or of a process it started. [MB]"""
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    status = Path("/proc/self/status")
    if not status.is_file():
        return max(children, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    # What getrusage says of this process itself includes the process that started it.
    own = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
    return max(children, float(own.split()[1]) / 1024)


def write_table(path: Path, rows: int) -> None:
    """A synthetic table as Parquet, written in pieces."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer, first = None, 0
    for start in range(0, rows, PIECE):
        frame = records(min(PIECE, rows - start), seed=start + 1)
        frame["case_id"] += first
        first = int(frame["case_id"].iloc[-1]) + 1
        table = pa.Table.from_pandas(frame, preserve_index=False)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def alone(table: Path, output: Path, engine: str) -> dict[str, float]:
    """Time and peak memory of an audit in a process of its own. [s, MB]"""
    shutil.rmtree(output, ignore_errors=True)
    command = [sys.executable, __file__, "--child", engine, str(table), str(output)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def child(engine: str, table: Path, output: Path) -> None:
    """One audit, timed without the start of the interpreter and the first reading of packages and reference tables."""
    from dosimetry.audit import cluster, running
    from dosimetry.audit.table_writing import parquet_bytes

    parquet_bytes(running.audited(records(1000), 0.05))
    job = running.Job((table,), output)
    start, start_cpu = time.perf_counter(), time.process_time()
    if engine == "dask":
        cluster.run(job, None)
    else:
        running.run(job)
    seconds, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    print(json.dumps({"s": seconds, "cpu_s": cpu, "mb": peak_mb()}))


def core_lines(rows: int) -> tuple[list[tuple[str, str, str]], float]:
    """Column function, bare numpy and the loop, in processor time; with the seconds a row takes in the loop."""
    columns = synthetic(rows)
    bare, core = best_s(lambda: bare_numpy(columns), 7), best_s(lambda: library(columns), 7)
    frame = records(LOOPED)
    one_by_one = best_s(lambda: loop(frame), 2) / LOOPED
    return [
        (f"bare numpy, the same arithmetic, {rows:,} rows", f"{bare * 1e9 / rows:.0f} ns a row", ""),
        ("column function of the library", f"{core * 1e9 / rows:.0f} ns a row", ""),
        ("column function / bare numpy", f"{core / bare:.2f}", "<= 2"),
        ("`plan()` row by row, in a loop", f"{one_by_one * 1e3:.1f} ms a row", ""),
    ], one_by_one


def audit_lines(rows: int, one_by_one: float, *, linear: bool, with_dask: bool) -> Iterator[tuple[str, str, str]]:
    """Audits from Parquet to Parquet of several sizes, and how they compare."""
    with tempfile.TemporaryDirectory() as folder:
        sizes = sorted({100_000, 1_000_000, rows, 3 * rows}) if linear else [rows]
        cpu: dict[int, float] = {}
        for size in sizes:
            table = Path(folder) / f"{size}.parquet"
            write_table(table, size)
            found = alone(table, Path(folder) / "out.parquet", "local")
            cpu[size] = found["cpu_s"] / size
            aim = "<= 15 s, <= 700 MB" if size == 10_000_000 else ""
            yield f"audit, Parquet to Parquet, {size:,} rows", shown(found, size), aim
            if size == rows:
                yield "loop / audit, wall time", f"{one_by_one * rows / found['s']:,.0f}", ">= 100"
        if linear:
            yield "largest / smallest time a row", f"{max(cpu.values()) / min(cpu.values()):.2f}", "<= 1.2"
        if with_dask:
            found = alone(Path(folder) / f"{rows}.parquet", Path(folder) / "dask.parquet", "dask")
            yield (
                f"the same on dask, local cluster, {rows:,} rows",
                f"{found['s']:.1f} s, {found['mb']:.0f} MB a process",
                "",
            )


def shown(found: dict[str, float], rows: int) -> str:
    """Wall time, processor time and peak memory of an audit."""
    each = found["cpu_s"] * 1e6 / rows
    return f"{found['s']:.1f} s ({found['cpu_s']:.1f} s of processor, {each:.2f} us a row), {found['mb']:.0f} MB"


def main(rows: int, *, linear: bool, with_dask: bool) -> None:
    """Print every figure with its aim, as a table of Markdown."""
    print(f"| {os.cpu_count()} processors, Python {platform.python_version()} | | aim |\n|---|---|---|")
    lines, one_by_one = core_lines(min(rows, 1_000_000))
    for line in lines:
        print(f"| {' | '.join(line)} |", flush=True)
    for line in audit_lines(rows, one_by_one, linear=linear, with_dask=with_dask):
        print(f"| {' | '.join(line)} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="?", type=int, default=10_000_000)
    parser.add_argument("--linear", action="store_true")
    parser.add_argument("--skip-dask", action="store_true")
    parser.add_argument("--child", nargs=3)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]), Path(options.child[2]))
    else:
        main(options.rows, linear=options.linear, with_dask=not options.skip_dask)
