"""The results of a plan as tables: activities by territory, doses by compartment."""

from collections.abc import Iterator

from dosimetry.plan_record import Plan, TerritoryPlan
from dosimetry.report.document import Column, Table
from dosimetry.report.inputs import prescribed, shown
from dosimetry.report.numbers import activity, gy, kg


def activities(plan: Plan) -> Table:
    """What is administered and what is ordered, by territory and in both units."""
    rows = [
        (
            f"{territory.name}, {shown('perfused_volume_ml', plan.case.territories[row].perfused_volume_ml)}",
            prescribed(plan.case, row),
            *activity(territory.administered_activity_gbq, limits_gbq(territory)),
            *activity(territory.vial_activity_gbq),
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


def limits_gbq(territory: TerritoryPlan) -> Iterator[float]:
    """Activities at which a territory reaches its limits. [GBq]"""
    for bound in territory.bounds:
        if bound.kind == "limit" and bound.activity_gbq is not None:
            yield bound.activity_gbq


def doses(plan: Plan) -> Table:
    """Mass and mean absorbed dose of every compartment."""
    rows: list[tuple[str, str, str, str]] = []
    for territory in plan.territories:
        rows.append((territory.name, "perfused volume", kg(territory.perfused_mass_kg), gy(territory.perfused_dose_gy)))
        rows.append(
            (
                "",
                "normal perfused liver" if territory.lesions else "perfused liver, no tumor delineated",
                kg(territory.normal_perfused_mass_kg),
                gy(territory.normal_perfused_dose_gy),
            )
        )
        rows += [
            ("", f"lesion {lesion.name}, viable", kg(lesion.mass_kg), gy(lesion.dose_gy))
            for lesion in territory.lesions
        ]
    in_parts = [
        lesion
        for lesion in plan.lesions
        if sum(lesion.name == part.name for t in plan.territories for part in t.lesions) > 1
    ]
    rows += [
        ("Session", f"lesion {lesion.name}, all parts", kg(lesion.mass_kg), gy(lesion.dose_gy)) for lesion in in_parts
    ]
    lung_mass = plan.case.lung.mass_kg if plan.case.lung else None
    rows += [
        ("Session" if not in_parts else "", "lungs", kg(lung_mass), gy(plan.lung_dose_gy)),
        ("", "lungs, all sessions", kg(lung_mass), gy(plan.lung_dose_cumulative_gy)),
        ("", "whole normal liver", kg(plan.whole_normal_liver_mass_kg), gy(plan.whole_normal_liver_dose_gy)),
        ("", "whole liver, tumor included", kg(plan.whole_liver_mass_kg), gy(plan.whole_liver_dose_gy)),
    ]
    columns = (Column("Territory"), Column("Compartment"), Column("Mass", "kg", True), Column("Mean dose", "Gy", True))
    return Table(columns, tuple(rows), (3, 5, 0, 0))
