"""Tables with their results as Parquet or CSV, on disk or in memory; no cell of a CSV is one that would be run."""

import io
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from dosimetry.audit import names
from dosimetry.report.csv_report import inert

_NUMBER = r"-?[0-9.]+(?:[eE][+-]?[0-9]+)?"


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a piece: completely or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    _to_parquet(frame, partial)
    partial.replace(path)


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """A table as the content of a Parquet file."""
    buffer = io.BytesIO()
    _to_parquet(frame, buffer)
    return buffer.getvalue()


def _to_parquet(frame: pd.DataFrame, where: Path | BinaryIO) -> None:
    """Texts stand once and are pointed to; compressing numbers takes longer than writing them as they are."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({str(name): _arrow(frame[name]) for name in frame.columns})
    numbers = {field.name for field in table.schema if _is_numeric(field.type)}
    pq.write_table(
        table,
        where,
        compression={name: "none" if name in numbers else "snappy" for name in table.column_names},
        use_dictionary=[name for name in table.column_names if name not in numbers],
        write_statistics=[name for name in (names.CASE_ID, *names.GROUPS) if name in table.column_names],
    )


def _arrow(series: "pd.Series[Any]") -> Any:
    """A column as Arrow; what is not a number is missing."""
    import pyarrow as pa

    kind = series.dtype
    if isinstance(kind, np.dtype) and kind.kind in "fiub":
        values = series.to_numpy()
        return pa.array(values, from_pandas=kind.kind == "f" and bool(np.isnan(values).any()))
    return pa.Array.from_pandas(_texts(series) if _is_object(kind) else series)


def _texts(series: "pd.Series[Any]") -> "pd.Series[Any]":
    """Objects as texts; bytes that are no text are shown by their numbers."""
    try:
        return series.astype("str")
    except UnicodeDecodeError:
        return series.map(_decoded).astype("str")


def _decoded(cell: Any) -> Any:
    return cell.decode("utf-8", "backslashreplace") if isinstance(cell, bytes) else cell


def _is_numeric(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))


def _is_object(kind: Any) -> bool:
    """Whether a column holds Python objects; categories do not count."""
    return isinstance(kind, np.dtype) and kind.kind == "O"


def write_csv(frame: pd.DataFrame, path: Path, *, header: bool = True) -> None:
    """Write a piece, completely or not at all; no cell is one that a spreadsheet would run."""
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(csv_text(frame, header=header), encoding="utf-8", newline="")
    partial.replace(path)


def csv_text(frame: pd.DataFrame, *, header: bool = True) -> str:
    """A table as the text of a CSV file; no cell is one that a spreadsheet would run."""
    shown = frame.copy(deep=False)
    for name, kind in frame.dtypes.items():
        if isinstance(kind, pd.CategoricalDtype):
            shown[name] = frame[name].astype(object)
        if isinstance(kind, pd.StringDtype | pd.CategoricalDtype) or _is_object(kind):
            shown[name] = _inert(shown[name], str(name))
    shown.columns = [inert(str(name)) for name in frame.columns]
    return str(shown.to_csv(index=False, header=header, lineterminator="\n"))


def _inert(series: "pd.Series[Any]", name: str) -> "pd.Series[Any]":
    """Texts that no spreadsheet takes for a formula; a number in a column of numbers stays one."""
    texts = series.map(lambda cell: inert(cell) if isinstance(cell, str) else cell)
    if name in _text_columns():
        return texts
    is_text = series.map(lambda cell: isinstance(cell, str)).to_numpy(dtype=np.bool_)
    is_number = _texts(series).str.fullmatch(_NUMBER).fillna(False).to_numpy(dtype=np.bool_)
    return series.where(~is_text | is_number, texts)


def _text_columns() -> frozenset[str]:
    texts = {each.name for each in names.inputs() if each.kind is str}
    return frozenset({*texts, names.CASE_ID, *names.GROUPS, names.PROBLEMS, names.REMARKS})
