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

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from synthetic_cases import bare_numpy, library, records, synthetic  # noqa: E402

from dosimetry import Case, Lesion, Liver, Lung, Prescription, Territory, plan  # noqa: E402

PIECE = 250_000
LOOPED = 300
RUNS = 2
"""Of each size, where sizes are compared."""


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


def quietest(table: Path, output: Path, runs: int) -> dict[str, float]:
    """The run of several that took the least processor time: what the machine does beside it makes it longer only."""
    return min((alone(table, output, "local") for _ in range(runs)), key=lambda found: found["cpu_s"])


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
            found = quietest(table, Path(folder) / "out.parquet", RUNS if linear else 1)
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
