"""Many cases in one table give what each gives alone, to the last bit."""

import math
from collections import Counter

import numpy as np
from cases import changed, lobar, planned, text_of, two_lobes
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import cases, clinical_cases

from dosimetry import cautions, checks, limits, model_cautions, unusual
from dosimetry.case_file import case_from_text
from dosimetry.columns import Columns, Table, Words, from_case, words_of
from dosimetry.compartments import compartments
from dosimetry.conventions import resolve
from dosimetry.evaluation import Evaluated, evaluate
from dosimetry.limits import cautions as limit_cautions
from dosimetry.limits.scope import LimitScope
from dosimetry.plan_file import plain_from_plan

many_cases = st.lists(cases(all_models=True) | clinical_cases(), min_size=2, max_size=5)


def one_table(tables: list[Table]) -> Table:
    """Tables of one level, one under the other."""
    numbers = dict.fromkeys(name for table in tables for name in table.numbers)
    words = dict.fromkeys(name for table in tables for name in table.words)
    return Table(
        sum(table.rows for table in tables),
        {name: np.concatenate([table.number(name) for table in tables]) for name in numbers},
        {name: words_of([word for table in tables for word in spelled(table.word(name))]) for name in words},
    )


def spelled(words: Words) -> list[str | None]:
    return [words.values[code] if code >= 0 else None for code in words.codes]


def one_set(parts: list[Columns]) -> Columns:
    """The columns of many cases from the columns of each."""
    territories = np.cumsum([0, *(part.territory.rows for part in parts)])
    lesions = np.cumsum([0, *(part.lesion.rows for part in parts)])
    return Columns(
        case=one_table([part.case for part in parts]),
        territory=one_table([part.territory for part in parts]),
        territory_case=np.repeat(np.arange(len(parts)), [part.territory.rows for part in parts]),
        lesion=one_table([part.lesion for part in parts]),
        lesion_territory=np.concatenate([part.lesion_territory + territories[at] for at, part in enumerate(parts)]),
        target_lesion=np.concatenate(
            [np.where(part.target_lesion >= 0, part.target_lesion + lesions[at], part.target_lesion)
             for at, part in enumerate(parts)]
        ),
    )  # fmt: skip


def columns_of(plain: dict) -> Columns:
    return from_case(case_from_text(text_of(plain)))


def evaluated(plain_cases: list[dict]) -> Evaluated:
    columns = one_set([columns_of(plain) for plain in plain_cases])
    constants = resolve(columns)
    parts = compartments(columns, constants)
    return Evaluated(columns, constants, parts, evaluate(columns, constants, parts))


def or_none(value: np.float64) -> float | None:
    return None if math.isnan(value) else float(value)


@settings(max_examples=examples(60))
@given(many_cases)
def test_each_row_is_the_plan_of_its_case_exactly(plain_cases):
    many = evaluated(plain_cases)
    plans = [plain_from_plan(planned(plain)) for plain in plain_cases]
    territories = [territory for plan in plans for territory in plan["territories"]]
    lesions = [lesion for territory in territories for lesion in territory["lesions"]]
    for level, records in (("case", plans), ("territory", territories), ("lesion", lesions)):
        for name, values in many.results.level(level).items():
            if records and name in records[0]:
                assert [or_none(value) for value in values] == [record[name] for record in records], name


OF_WORDS = ("lesion_in_parts", "identifying_text", "no_earlier_dose")
"""Findings made from names and texts, which columns do not hold."""


@settings(max_examples=examples(60))
@given(many_cases)
def test_findings_of_many_are_the_findings_of_each(plain_cases):
    many = evaluated(plain_cases)
    owners = {
        "case": np.arange(len(plain_cases)),
        "territory": many.columns.territory_case,
        "lesion": many.columns.territory_case[many.columns.lesion_territory],
    }
    scope = LimitScope(many.columns, many.results)
    judged = limits.judged(scope)
    found = [
        *limits.finding_columns(judged, many.results),
        *unusual.finding_columns(many),
        *limit_cautions.finding_columns(many, scope, judged),
        *model_cautions.finding_columns(many),
        *cautions.finding_columns(many),
    ]
    together = Counter((int(owners[one.level][row]), one.rule, one.severity) for one in found for row in one.rows)
    alone = Counter(
        (row, finding.id.partition("@")[0], finding.severity)
        for row, plain in enumerate(plain_cases)
        for finding in planned(plain).findings
        if finding.quantity not in OF_WORDS and not finding.quantity.startswith("conflict_")
    )
    assert together == alone


@settings(max_examples=examples(40))
@given(many_cases, st.integers(0, 4))
def test_a_bad_case_among_good_ones_is_the_only_one_refused(plain_cases, place):
    bad = columns_of(lobar())
    bad.case.numbers["lung_shunt_fraction"][:] = 5
    good = [columns_of(plain) for plain in plain_cases]
    place = min(place, len(good))
    columns = one_set([*good[:place], bad, *good[place:]])
    constants = resolve(columns)
    found = checks.broken(columns, constants, compartments(columns, constants))
    assert [(one.name, one.level, list(one.rows)) for one in found] == [("lung_shunt_fraction", "case", [place])]


def test_the_columns_of_two_cases_keep_their_words_and_their_owners_apart():
    """Nothing above would be worth much otherwise."""
    columns = one_set([columns_of(lobar()), columns_of(changed(two_lobes(), {"device": "resin"}))])
    assert spelled(columns.case.word("device")) == ["glass", "resin"]
    assert list(columns.territory_case) == [0, 1, 1]
    assert list(columns.lesion_territory) == [1, 2]
