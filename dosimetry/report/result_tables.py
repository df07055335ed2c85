"""The results of a plan as tables: activities by territory, doses by compartment."""

from collections.abc import Iterator
from dataclasses import dataclass

from dosimetry import compartment_names, figures
from dosimetry.plan_record import Plan, TerritoryPlan
from dosimetry.report.document import Column, Table
from dosimetry.report.dose_bounds import About
from dosimetry.report.inputs import prescribed, shown
from dosimetry.report.numbers import activity, gy, kg, limits_gbq, vial_of
from dosimetry.report.worksheet import (
    ALL_SESSIONS,
    LUNGS,
    NORMAL_PERFUSED,
    PERFUSED,
    SESSION,
    WHOLE,
    WHOLE_NORMAL,
    of_lesion,
    titled,
)


def activities(plan: Plan) -> Table:
    """What is administered and what is ordered, by territory and in both units."""
    rows = [
        (
            f"{territory.name}, {shown('perfused_volume_ml', plan.case.territories[row].perfused_volume_ml)}",
            prescribed(plan.case, row),
            *activity(territory.administered_activity_gbq, limits_gbq(territory.bounds)),
            *vial_of(territory),
        )
        for row, territory in enumerate(plan.territories)
    ]
    if len(rows) > 1:
        rows.append(("Session", "", *activity(plan.administered_activity_total_gbq), "", ""))
    columns = (
        Column("Territory"),
        Column("Prescription"),
        Column("Administered", "GBq", True),
        Column("Administered", "mCi", True),
        Column("Vial at treatment", "GBq", True),
        Column("Vial at treatment", "mCi", True),
    )
    return Table(columns, tuple(rows), (3, 5, 0, 0, 0, 0))


@dataclass(frozen=True, slots=True)
class DoseRow:
    """A row of the doses, and where in the worksheet its dose is worked out; empty where nothing is.

    ``about`` is what limits and goals call the dose.
    """

    cells: tuple[str, str, str, str]
    worksheet: str = ""
    step: str = ""
    about: About | None = None


def doses(plan: Plan) -> Table:
    """Mass and mean absorbed dose of every compartment."""
    columns = (Column("Territory"), Column("Compartment"), Column("Mass", "kg", True), Column("Mean dose", "Gy", True))
    return Table(columns, tuple(row.cells for row in dose_rows(plan)), (3, 5, 0, 0))


def dose_rows(plan: Plan) -> tuple[DoseRow, ...]:
    """The rows of the doses: territory by territory, then the session."""
    rows = [row for territory in plan.territories for row in _of_territory(territory)]
    return (*rows, *_of_session(plan))


def _of_territory(territory: TerritoryPlan) -> Iterator[DoseRow]:
    sheet, name = titled(territory.name), territory.name
    perfused = kg(territory.perfused_mass_kg), gy(territory.perfused_dose_gy)
    yield DoseRow((name, compartment_names.PERFUSED, *perfused), sheet, PERFUSED, About("perfused_dose_gy", name))
    normal = compartment_names.NORMAL_PERFUSED if territory.lesions else "perfused liver, no tumor delineated"
    cells = kg(territory.normal_perfused_mass_kg), gy(territory.normal_perfused_dose_gy)
    yield DoseRow(("", normal, *cells), sheet, NORMAL_PERFUSED, About("normal_perfused_dose_gy", name))
    for lesion in territory.lesions:
        cells = kg(lesion.mass_kg), gy(lesion.dose_gy)
        about = About("dose_gy", name, lesion.name)
        yield DoseRow(("", f"lesion {lesion.name}, viable", *cells), sheet, of_lesion(lesion.name), about)


def _of_session(plan: Plan) -> Iterator[DoseRow]:
    first = SESSION
    for lesion in plan.lesions:
        if sum(lesion.name == part.name for territory in plan.territories for part in territory.lesions) > 1:
            yield DoseRow((first, f"lesion {lesion.name}, all parts", kg(lesion.mass_kg), gy(lesion.dose_gy)))
            first = ""
    lung_mass = plan.case.lung.mass_kg if plan.case.lung else None
    cells = kg(lung_mass), gy(plan.lung_dose_gy)
    yield DoseRow((first, compartment_names.LUNGS, *cells), SESSION, LUNGS, About("lung_dose_gy"))
    cells, about = (kg(lung_mass), gy(plan.lung_dose_cumulative_gy)), About("lung_dose_cumulative_gy")
    yield DoseRow(("", compartment_names.LUNGS_ALL_SESSIONS, *cells), SESSION, ALL_SESSIONS, about)
    cells = kg(plan.whole_normal_liver_mass_kg), gy(plan.whole_normal_liver_dose_gy)
    about = About("whole_normal_liver_dose_gy")
    yield DoseRow(("", compartment_names.WHOLE_NORMAL, *cells), SESSION, WHOLE_NORMAL, about)
    if plan.cumulative is not None and plan.cumulative.whole_normal_liver_dose_gy is not None:
        dose = gy(plan.cumulative.whole_normal_liver_dose_gy)
        yield DoseRow(("", compartment_names.WHOLE_NORMAL_ALL_SESSIONS, figures.MISSING, dose))
    cells = kg(plan.whole_liver_mass_kg), gy(plan.whole_liver_dose_gy)
    yield DoseRow(("", compartment_names.WHOLE_LIVER, *cells), SESSION, WHOLE, About("whole_liver_dose_gy"))
