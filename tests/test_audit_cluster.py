"""The audit on a dask cluster gives what it gives here, also with a worker killed; memory has a ceiling."""

import os
import signal
import threading
import time

import pandas as pd
import pytest
from audit_frames import random_frame
from isolated import PRINT_PEAK_KB, run_python

from dosimetry import audit
from dosimetry.audit import cluster, running

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]
ROWS, PIECE = 40_000, 1_000


@pytest.fixture
def table(tmp_path):
    frame = random_frame(ROWS)
    frame["recorded_administered_activity_gbq"] = audit.replan(frame)["administered_activity_gbq"].round(3)
    frame.loc[::97, "recorded_administered_activity_gbq"] *= 27
    frame.loc[::501, "lung_mass_kg"] = 50.0
    path = tmp_path / "table.parquet"
    frame.to_parquet(path, index=False, row_group_size=3_000)
    return path


def rows_of(job: running.Job) -> pd.DataFrame:
    return pd.concat([pd.read_parquet(part) for part in sorted(job.output.glob("part-*.parquet"))], ignore_index=True)


@pytest.fixture
def workers():
    """Two workers of our own, which nobody else can reach."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, memory_limit=0
    ) as own:
        yield own


def test_dask_equals_local_also_when_a_worker_is_killed(tmp_path, table, workers):
    here = running.Job((table,), tmp_path / "local.parquet", rows=PIECE)
    counted = running.run(here)
    there = running.Job((table,), tmp_path / "dask.parquet", rows=PIECE)
    victim = next(iter(workers.workers.values())).pid
    killed: list[int] = []

    def kill_when_some_parts_are_done() -> None:
        while len(list(there.output.glob("_part-*.json"))) < 5:
            time.sleep(0.01)
        os.kill(victim, signal.SIGKILL)
        killed.append(len(list(there.output.glob("_part-*.json"))))

    killer = threading.Thread(target=kill_when_some_parts_are_done)
    killer.start()
    by_cluster = cluster.run(there, workers.scheduler_address)
    killer.join()
    assert killed[0] < ROWS / PIECE / 2
    assert by_cluster.plain() == counted.plain()
    pd.testing.assert_frame_equal(rows_of(there), rows_of(here), check_exact=True)


def test_a_cluster_is_started_where_none_is_named_and_parts_that_are_done_stay(tmp_path, table):
    here = running.Job((table,), tmp_path / "local.parquet", rows=PIECE)
    counted = running.run(here)
    there = running.Job((table,), tmp_path / "dask.parquet", rows=PIECE)
    running.prepare(there)
    for done in (*here.output.glob("part-00000*"), *here.output.glob("_part-00000*")):
        (there.output / done.name).write_bytes(done.read_bytes())
    before = (there.output / "part-000003.parquet").stat().st_mtime_ns
    assert cluster.run(there, None).plain() == counted.plain()
    assert (there.output / "part-000003.parquet").stat().st_mtime_ns == before
    pd.testing.assert_frame_equal(rows_of(there), rows_of(here), check_exact=True)


def test_tables_that_differ_in_their_columns_are_refused_and_their_order_does_not_matter(tmp_path, table, workers):
    frame = pd.read_parquet(table).assign(case_id=lambda f: f["case_id"] + ROWS)
    turned, wider = tmp_path / "turned.parquet", tmp_path / "wider.parquet"
    frame[frame.columns[::-1]].to_parquet(turned, index=False)
    frame.assign(nurse="x").to_parquet(wider, index=False)
    job = running.Job((table, wider), tmp_path / "out.parquet", rows=PIECE)
    with pytest.raises(audit.TableError, match=r"wider\.parquet has other columns than table\.parquet: nurse"):
        cluster.run(job, workers.scheduler_address)
    assert not job.output.exists()
    here = running.Job((table, turned), tmp_path / "local.parquet", rows=PIECE)
    there = running.Job((table, turned), tmp_path / "dask.parquet", rows=PIECE)
    counted = running.run(here)
    assert cluster.run(there, workers.scheduler_address).plain() == counted.plain()
    pd.testing.assert_frame_equal(rows_of(there), rows_of(here), check_exact=True)


def test_memory_does_not_grow_with_the_table(tmp_path, table):
    """Twenty times the rows may cost a little more [kB], not twenty times as much."""
    frame = pd.concat(
        [pd.read_parquet(table).assign(case_id=lambda f, n=n: f["case_id"] + n * ROWS) for n in range(20)]
    )
    large = tmp_path / "large.parquet"
    frame.to_parquet(large, index=False, row_group_size=20_000)
    program = (
        "import sys; from pathlib import Path; from dosimetry.audit import running;"
        f"running.run(running.Job((Path(sys.argv[1]),), Path(sys.argv[2]), rows=20_000))\n{PRINT_PEAK_KB}"
    )
    peaks = [int(run_python("-c", program, str(path), str(tmp_path / f"{path.stem}-out.parquet")).split()[-1])
             for path in (table, large)]  # fmt: skip
    assert peaks[1] < peaks[0] + 150 * 1024


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nowhere", "tcp://"])
def test_a_scheduler_that_does_not_answer_is_refused_with_its_address(tmp_path, table, address):
    import dask
    import distributed  # its settings must be there before one of them is changed for a while

    job = running.Job((table,), tmp_path / "out.parquet", rows=PIECE)
    with (
        dask.config.set({f"{distributed.__name__}.comm.timeouts.connect": "1s"}),
        pytest.raises(audit.TableError, match=f"--scheduler {address}: no scheduler of dask answers there"),
    ):
        cluster.run(job, address)
    assert not job.output.exists(), "nothing could go on from an audit without a part"
