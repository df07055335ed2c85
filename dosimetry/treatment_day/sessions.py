"""Physical doses over earlier sessions, the scout and this one: sums, without any biological claim."""

from collections.abc import Iterator

from dosimetry import figures
from dosimetry.case import Case
from dosimetry.comparison import on_bound
from dosimetry.evaluation import Evaluated, Results, predict
from dosimetry.finding_records import remark
from dosimetry.plan_record import Finding
from dosimetry.treatment_day.earlier_doses import SCOUT_NUCLIDE, has_nuclide_of_scout, scout_activity_gbq
from dosimetry.treatment_day.records import Cumulative
from dosimetry.what_if.planned_doses import known

_DOSES = ("lung_dose_gy", "whole_normal_liver_dose_gy")


def cumulative(case: Case, evaluated: Evaluated, delivered: Results | None) -> Cumulative | None:
    """Doses over all sessions; ``None`` for a case that names neither earlier sessions nor a scout."""
    if case.sessions is None and case.scout is None:
        return None
    sessions = case.sessions or ()
    scout = _scout(case, evaluated)
    lungs, normal = _earlier_doses(case)
    of_scout = [known(scout.case[name], 0) if scout else 0.0 for name in _DOSES]
    now = [known(evaluated.results.case[name], 0) for name in _DOSES]
    given = [known(delivered.case[name], 0) if delivered else None for name in _DOSES]
    return Cumulative(
        sessions=len(sessions),
        earlier_activity_gbq=_sum([each.activity_gbq for each in sessions])
        if case.sessions or _is_first(case)
        else None,
        earlier_lung_dose_gy=lungs,
        earlier_whole_normal_liver_dose_gy=normal,
        scout_lung_dose_gy=of_scout[0] if scout else None,
        scout_whole_normal_liver_dose_gy=of_scout[1] if scout else None,
        lung_dose_gy=_sum([lungs, of_scout[0], now[0]]),
        whole_normal_liver_dose_gy=_sum([normal, of_scout[1], now[1]]),
        lung_dose_as_delivered_gy=_sum([lungs, of_scout[0], given[0]]),
        whole_normal_liver_dose_as_delivered_gy=_sum([normal, of_scout[1], given[1]]),
    )


def _earlier_doses(case: Case) -> tuple[float | None, float | None]:
    """What lungs and whole normal liver received before: by the sessions, else as the case states it."""
    if case.sessions is not None:
        lungs, normal = ([getattr(each, name) for each in case.sessions] for name in _DOSES)
        return _sum(lungs), _sum(normal)
    return case.lung.previous_dose_gy if case.lung else None, 0.0 if _is_first(case) else None


def _is_first(case: Case) -> bool:
    """Whether the case says that there was no radioembolization before."""
    return case.prior is not None and case.prior.tare is False


def _sum(values: list[float | None]) -> float | None:
    """A sum, ``None`` where any part is not known."""
    parts = [value for value in values if value is not None]
    return float(sum(parts)) if len(parts) == len(values) else None


def _scout(case: Case, evaluated: Evaluated) -> Results | None:
    """Doses of the scout activity, which goes where the treatment goes: same shunts, same ratios."""
    if case.scout is None:
        return None
    return predict(evaluated.columns, evaluated.constants, evaluated.parts, scout_activity_gbq(case))


def of_sessions(case: Case, evaluated: Evaluated) -> Iterator[Finding]:
    """What must be said about retreatment: which doses are added, and what the sum does not mean."""
    if case.sessions:
        text = (
            f"{len(case.sessions)} earlier session(s): doses are added as physical doses, without regard to time, "
            "repair or regrowth. Limits of a first treatment were not derived for a second one."
            f"{_summed(case, evaluated)}"
        )
        yield remark("earlier_sessions", "sessions", text)
        others = sorted({each.device for each in case.sessions} - {case.device})
        if others:
            named = ", ".join(others)
            text = f"Earlier sessions used another device ({named}): a gray of one device is not one of another."
            yield remark("other_device", "sessions", text)
        yield from _copied(case, evaluated)
        yield from _unknown(case)
        yield from _masses(case, evaluated)
    elif case.prior and case.prior.tare:
        text = "Earlier radioembolization is stated, but no earlier session: cumulative doses leave it out."
        yield remark("no_earlier_dose", "sessions", text, kind="not_checked", severity="note")
    elif case.scout is not None and not _is_first(case):
        text = "Earlier radioembolization is not stated: no sum over all sessions is given for the normal liver."
        yield remark("no_earlier_dose", "sessions", text, kind="not_checked", severity="note")
    if case.scout is not None:
        if has_nuclide_of_scout(case):
            text = "The scout activity adds to the doses of liver and lungs; it is counted in the cumulative doses."
            yield remark("scout", "scout", text, severity="note")
        else:
            text = (
                f"A scout activity of {SCOUT_NUCLIDE} is stated, and the treatment is with another nuclide: the doses "
                "of the scout, and the cumulative doses, are not computed."
            )
            yield remark("scout_device", "scout", text)


def _summed(case: Case, evaluated: Evaluated) -> str:
    made = cumulative(case, evaluated, None)
    summed = made.whole_normal_liver_dose_gy if made else None
    if summed is None:
        return ""
    scout = " and the scout" if case.scout is not None else ""
    dose = figures.in_unit(summed, "Gy")
    return f" With them{scout} the whole normal liver has {dose} as planned, which no limit was checked on."


def _copied(case: Case, evaluated: Evaluated) -> Iterator[Finding]:
    """An activity that an earlier session had as well: a case that was copied keeps the number of the other lobe."""
    now = evaluated.results.territory["administered_activity_gbq"]
    for row, each in enumerate(case.sessions or ()):
        if each.activity_gbq is None:
            continue
        for place in on_bound(now, each.activity_gbq).nonzero()[0]:
            gbq, name = float(now[place]), case.territories[place].name
            text = (
                f"The activity of {figures.trimmed(gbq, 5)} GBq is that of the session of {each.date}: "
                "was it copied from there?"
            )
            path = f"sessions[{row}].activity_gbq"
            yield remark("same_activity", path, text, territory=name, value=gbq, to_acknowledge=True)


def _unknown(case: Case) -> Iterator[Finding]:
    for row, each in enumerate(case.sessions or ()):
        for name, label in (("lung_dose_gy", "lung dose"), ("whole_normal_liver_dose_gy", "whole normal liver dose")):
            if getattr(each, name) is None:
                text = f"The {label} of the session of {each.date} is not stated: no sum over all sessions is given."
                yield remark(f"no_{name}", f"sessions[{row}].{name}", text, kind="not_checked", severity="note")


def _masses(case: Case, evaluated: Evaluated) -> Iterator[Finding]:
    """Mean doses refer to the liver of their own day; where its mass is known it is said beside that of today."""
    now = known(evaluated.results.case["whole_normal_liver_mass_kg"], 0)
    for row, each in enumerate(case.sessions or ()):
        then = each.whole_normal_liver_mass_kg
        if then is not None and now is not None:
            text = (
                f"The whole normal liver had {figures.trimmed(then, 4)} kg on {each.date} and has "
                f"{figures.trimmed(now, 4)} kg now; mean doses refer to the mass of their own day."
            )
            yield remark(
                "liver_mass_then", f"sessions[{row}].whole_normal_liver_mass_kg", text, value=then, severity="note"
            )
