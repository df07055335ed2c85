"""The table of limits and goals against a second list, typed from the sources apart from the table."""

import itertools

import pytest

from dosimetry import quantities, reference
from dosimetry.clauses import Clause, clauses

LIMITS = {limit.limit_id: limit for limit in reference.limits()}

# Tables 2 (G, glass), 3 (R, resin) and 4 (H, holmium) of the EANM guideline of 2022.
GUIDELINE = """
EANM-G-HCC-SEG-PVD        >   400
EANM-G-HCC-LOB-PVD        >   150
EANM-G-HCC-LOB-PVD-LO     >=  140
EANM-G-HCC-LOB-PVD-HI     <=  150
EANM-G-HCC-LOB-NPL        >=   88
EANM-G-HCC-UNI-PVD        >   150
EANM-G-HCC-UNI-PVD-LO     >=   80
EANM-G-HCC-UNI-PVD-HI     <=  150
EANM-G-HCC-UNI-NPL120     <   120
EANM-G-HCC-BI-PVD-LO      >=   80
EANM-G-HCC-BI-PVD-HI      <=  150
EANM-G-HCC-WNL            <    75
EANM-G-HCC-BI-WNL         <=   50
EANM-G-HCC-WNL-BILI-HI    <=   50
EANM-G-HCC-WNL-BILI-LO    <    90
EANM-G-HCC-TUM            >=  205
EANM-G-HCC-TUM-OPT        >=  250
EANM-G-ICC-SEG-PVD        >   400
EANM-G-ICC-LOB-PVD-LO     >=  140
EANM-G-ICC-LOB-PVD-HI     <=  150
EANM-G-ICC-UNI-PVD-LO     >=   80
EANM-G-ICC-UNI-PVD-HI     <=  150
EANM-G-ICC-WNL            <    75
EANM-G-ICC-WNL-BILI-HI    <=   50
EANM-G-ICC-WNL-BILI-LO    <    90
EANM-G-ICC-TUM            >=  260
EANM-G-mCRC-SEG-PVD       >   400
EANM-G-mCRC-LOB-PVD-LO    >=  140
EANM-G-mCRC-LOB-PVD-HI    <=  150
EANM-G-mCRC-UNI-PVD-LO    >=   80
EANM-G-mCRC-UNI-PVD-HI    <=  150
EANM-G-mCRC-WNL           <    75
EANM-G-mCRC-WNL-BILI-HI   <=   50
EANM-G-mCRC-WNL-BILI-LO   <    90
EANM-G-mCRC-TUM           >=  189
EANM-R-HCC-SEG-PVD        >   150
EANM-R-HCC-LOB-NPL        >    70
EANM-R-HCC-LOB-RES        >    30
EANM-R-HCC-UNI-NPL        <    40
EANM-R-HCC-BI-NPL         <    40
EANM-R-HCC-BI-NPL-PRE     <    30
EANM-R-HCC-BI-NPL-IMP     <    30
EANM-R-HCC-TUM            >=  100
EANM-R-HCC-TUM-OPT        >=  120
EANM-R-ICC-SEG-PVD        >   150
EANM-R-ICC-LOB-NPL        >    70
EANM-R-ICC-LOB-RES        >    30
EANM-R-ICC-UNI-NPL        <    40
EANM-R-ICC-BI-NPL         <    40
EANM-R-ICC-BI-NPL-PRE     <    30
EANM-R-ICC-BI-NPL-IMP     <    30
EANM-R-ICC-TUM            >=  100
EANM-R-ICC-TUM-OPT        >=  120
EANM-R-ICC-OS             >=   86
EANM-R-mCRC-SEG-PVD       >   150
EANM-R-mCRC-LOB-NPL       >    70
EANM-R-mCRC-LOB-RES       >    30
EANM-R-mCRC-UNI-NPL       <    40
EANM-R-mCRC-BI-NPL        <    40
EANM-R-mCRC-BI-NPL-PRE    <    30
EANM-R-mCRC-BI-NPL-IMP    <    30
EANM-R-mCRC-TUM           >   100
EANM-R-mCRC-TUM-PR-LO     >    40
EANM-R-mCRC-TUM-PR-HI     >    60
EANM-H-HCC-PVD            =    60
EANM-H-HCC-WNL            <    60
EANM-H-HCC-WNL-BI         <    40
EANM-H-ICC-PVD            =    60
EANM-H-ICC-WNL            <    60
EANM-H-ICC-WNL-BI         <    40
EANM-H-ICC-TUM            >   150
EANM-H-mCRC-PVD           =    60
EANM-H-mCRC-WNL           <    60
EANM-H-mCRC-WNL-BI        <    40
EANM-H-mCRC-TUM           >    90
"""
LABELS = """
TS-LUNG-ACT    <=   0.61
TS-GI          <=   0
TS-REPL        <=  70
TS-BILI        <=   2
TS-VOLALB      <=  50
LUNG-RESIN-25  <=  25
LSF-RESIN-20   <   20
HO-LABEL-WL    =   60
"""
OTHERS = """
DOSI-TUM             >=  205
DOSI-TUM-OPT         >   250
DOSI-PVD-OS          >=  150
DOSI-NPL             <=  120
DOSI-LUNG            <    30
DOSI-HR              >    30
GARIN12-TUM          >=  205
GARIN20-G-LO         >=  205
GARIN20-G-HI         >=  257
GARIN20-R-LO         >=  100
GARIN20-R-HI         >=  210
ROOSEN-HCC-LO        >=  100
ROOSEN-HCC-HI        >=  250
ROOSEN-CRC-LO        >=   40
ROOSEN-CRC-HI        >=   60
LEGACY-PVD           >=  400
SEG190               >=  190
PALARD-HILD          >=   88
ICC-CR-541           >=  541.7
ICC-ABL              >=  190
CHIESA15-75          <=   75
HERMANN-TUM          >=  100
ABBOTT-MEAN          >=   48.3
CREM-40              <=   40
HEPARP-TUM-90PV      >=  155
HEPARP-TUM-100PV     >=  184.5
VROEKEL-TUM          >    90
VROEKEL-PAR          <    55
HEPAR1-WL            <=   60
LUNG-SINGLE          <=   30
LUNG-CUM             <=   50
KR-LUNG-R            <    15
KR-LUNG-GM           <    25
KR-LUNG-GF           <    20
RES-SEG-250          >=  250
RES-OR-176           >=  176
"""
NAMES = {"glass": "G", "resin": "R", "holmium": "H", "hcc": "HCC", "icc": "ICC", "mcrc": "mCRC"}
QUANTITIES = {
    "-WNL": "whole_normal_liver_dose_gy",
    "-PVD": "perfused_dose_gy",
    "-NPL": "normal_perfused_dose_gy",
    "-TUM": "dose_gy",
    "-OS": "dose_gy",
    "-RES": "hepatic_reserve_fraction",
}
INTENTS = {"-SEG-": "segmentectomy", "-LOB-": "lobectomy", "-UNI-": "unilobar", "-BI-": "bilobar"}
UNVERIFIED = {
    "LUNG-RESIN-25", "LSF-RESIN-20", "KR-LUNG-R", "KR-LUNG-GM", "KR-LUNG-GF", "DOSI-NPL", "DOSI-LUNG", "LEGACY-PVD",
    "CHIESA15-75", "HERMANN-TUM", "RES-SEG-250", "RES-OR-176", "ABBOTT-MEAN", "VROEKEL-PAR", "HEPAR1-WL",
}  # fmt: skip


def typed(*texts):
    """Id, comparator and bound of each line."""
    lines = [line.split() for text in texts for line in text.strip().splitlines()]
    return [(name, comparator, float(bound)) for name, comparator, bound in lines]


def words(cell):
    return set(cell.split("|"))


def of_guideline():
    return [limit for limit in LIMITS.values() if limit.limit_id.startswith("EANM-")]


@pytest.mark.parametrize(("name", "comparator", "bound"), typed(GUIDELINE, LABELS, OTHERS))
def test_a_row_says_what_its_source_prints(name, comparator, bound):
    assert (LIMITS[name].comparator, LIMITS[name].bound) == (comparator, bound)


def test_no_row_is_missing_and_none_is_made_up():
    names = [name for name, *_ in typed(GUIDELINE, LABELS, OTHERS)]
    assert len(names) == len(set(names))
    assert set(LIMITS) == set(names)


def test_no_id_stands_twice():
    assert len(LIMITS) == len(reference.limits())


def test_what_only_describes_a_cohort_is_no_limit():
    cohorts = ("RP-KR-", "PLT-", "WLV-", "MIX-", "DOSI-SIZE", "TS-SIZE", "TS-AST")
    assert [name for name in LIMITS if name.startswith(cohorts)] == []


@pytest.mark.parametrize("limit", of_guideline(), ids=lambda limit: limit.limit_id)
def test_a_row_of_the_guideline_stands_where_its_id_says(limit):
    table = {"glass": "Table 2", "resin": "Table 3", "holmium": "Table 4"}[limit.device]
    assert limit.limit_id.startswith(f"EANM-{NAMES[limit.device]}-{NAMES[limit.disease]}-")
    assert limit.locator.startswith(f"{table}, {NAMES[limit.disease]}, ")
    assert limit.quantity == next(name for part, name in QUANTITIES.items() if part in limit.limit_id)
    assert (limit.source_id, limit.evidence, limit.verified) == ("eanm-guideline-2022", "guideline", True)
    for part, intent in INTENTS.items():
        assert part not in limit.limit_id or intent in words(limit.intent)


def test_a_kind_follows_from_the_comparator():
    kinds = {"<": "limit", "<=": "limit", ">": "goal", ">=": "goal", "=": "target"}
    assert [limit.limit_id for limit in LIMITS.values() if limit.kind != kinds[limit.comparator]] == []


def test_a_segmentectomy_has_no_bound_on_normal_liver():
    for limit in LIMITS.values():
        if limit.quantity in {"normal_perfused_dose_gy", "whole_normal_liver_dose_gy"}:
            assert not words(limit.intent) & {"segmentectomy", "*"}, limit.limit_id


def test_a_tumor_goal_is_for_segmentectomy_only_in_the_row_named_so():
    of_lesions = [limit for limit in LIMITS.values() if limit.quantity == "dose_gy"]
    assert [limit.limit_id for limit in of_lesions if "segmentectomy" in limit.intent] == ["RES-SEG-250"]


def test_the_whole_liver_is_treated_as_both_lobes():
    for limit in LIMITS.values():
        assert ("bilobar" in words(limit.intent)) == ("whole_liver" in words(limit.intent)), limit.limit_id


def test_the_least_doses_of_a_lobectomy_are_goals():
    names = ("EANM-G-HCC-LOB-NPL", "EANM-R-HCC-LOB-NPL", "EANM-R-ICC-LOB-NPL", "EANM-R-mCRC-LOB-NPL", "PALARD-HILD")
    assert {(LIMITS[name].kind, LIMITS[name].intent) for name in names} == {("goal", "lobectomy")}
    on_normal = [limit for limit in LIMITS.values() if "normal" in limit.quantity and limit.kind == "goal"]
    assert {limit.limit_id for limit in on_normal} == set(names)


def test_75_gy_hold_only_as_long_as_the_bilirubin_is_missing():
    of_75 = [limit for limit in of_guideline() if limit.bound == 75]
    assert {limit.disease for limit in of_75} == {"hcc", "icc", "mcrc"}
    assert {clauses(limit.condition) for limit in of_75} == {(Clause("bilirubin_mg_dl", "missing"),)}


@pytest.mark.parametrize("disease", ["hcc", "icc", "mcrc"])
@pytest.mark.parametrize("intent", ["lobectomy", "unilobar", "bilobar", "whole_liver"])
def test_one_limit_on_the_whole_normal_liver_for_each_bilirubin(disease, intent):
    rows = [
        limit for limit in of_guideline()
        if limit.device == "glass" and limit.disease == disease and limit.quantity == "whole_normal_liver_dose_gy"
        and intent in words(limit.intent)
    ]  # fmt: skip
    without = 50 if disease == "hcc" and intent in {"bilobar", "whole_liver"} else 75
    assert {limit.condition: limit.bound for limit in rows} == {
        "bilirubin_mg_dl is missing": without,
        "bilirubin_mg_dl >= 1.1": 50,
        "bilirubin_mg_dl < 1.1": 90,
    }
    assert len(rows) == 3


@pytest.mark.parametrize("part", ["LOB", "UNI"])
def test_the_perfused_dose_in_hcc_has_a_goal_or_an_upper_bound_by_the_whole_liver(part):
    above, lower, upper = (LIMITS[f"EANM-G-HCC-{part}-PVD{end}"] for end in ("", "-LO", "-HI"))
    assert above.condition == "whole_liver_dose_gy < 150"
    assert lower.condition == upper.condition == "whole_liver_dose_gy >= 150"
    assert [row.if_unknown for row in (above, lower, upper)] == ["", "caution", "caution"]


def test_other_conditions_of_the_guideline():
    assert LIMITS["EANM-G-HCC-UNI-NPL120"].condition == "hepatic_reserve_fraction < 30 % and prior_tare = no"
    for disease in ("HCC", "ICC", "mCRC"):
        assert LIMITS[f"EANM-R-{disease}-LOB-NPL"].condition == "hepatic_reserve_fraction > 30 %"
        fresh, pretreated = (LIMITS[f"EANM-R-{disease}-BI-NPL{end}"] for end in ("", "-PRE"))
        assert (fresh.condition, fresh.if_unknown) == ("pretreated = no", "stop")
        assert (pretreated.condition, pretreated.if_unknown) == ("pretreated = yes", "caution")


def test_rows_that_are_checked_where_their_condition_is_not_known():
    """Upper limits, because they protect, and the lower bound that stands beside one of them."""
    asked = {limit.limit_id for limit in LIMITS.values() if limit.if_unknown}
    with_upper = {f"EANM-G-HCC-{part}-PVD-{end}" for part in ("LOB", "UNI") for end in ("LO", "HI")}
    both = {f"EANM-R-{disease}-BI-NPL{end}" for disease in ("HCC", "ICC", "mCRC") for end in ("", "-PRE")}
    assert asked == with_upper | both


def test_a_word_of_a_condition_may_end_in_a_number():
    assert clauses(LIMITS["CHIESA15-75"].condition) == (Clause("child_pugh", "=", word="A5"),)


def test_unverified_rows_are_marked():
    assert {limit.limit_id for limit in LIMITS.values() if not limit.verified} == UNVERIFIED


def test_an_unverified_goal_is_never_more_than_a_note():
    goals = [limit for limit in LIMITS.values() if limit.kind == "goal" and not limit.verified]
    assert len(goals) == 5
    assert {limit.severity for limit in goals} == {"note"}


def test_goals_that_are_no_main_target_of_a_guideline_are_notes():
    for limit in LIMITS.values():
        context = limit not in of_guideline() or limit.limit_id.endswith(("-OPT", "-PR-LO", "-PR-HI", "-OS"))
        if limit.kind == "goal":
            assert limit.severity == ("note" if context else ""), limit.limit_id


def test_limits_of_a_severity_of_their_own():
    own = {limit.limit_id: limit.severity for limit in LIMITS.values() if limit.kind != "goal" and limit.severity}
    impaired = {f"EANM-R-{disease}-BI-NPL-IMP": "caution" for disease in ("HCC", "ICC", "mCRC")}
    assert own == {"LSF-RESIN-20": "stop", "TS-BILI": "caution", "TS-VOLALB": "caution"} | impaired


def test_a_label_names_one_row_of_a_device_and_disease():
    for one, other in itertools.combinations(LIMITS.values(), 2):
        meet = all("*" in pair or pair[0] == pair[1] for pair in zip(
            (one.device, one.disease), (other.device, other.disease), strict=True
        ))  # fmt: skip
        assert not meet or one.label != other.label, (one.limit_id, other.limit_id)


def test_neuroendocrine_metastases_have_no_row_of_their_own():
    assert not {"net", "other"} & {limit.disease for limit in LIMITS.values()}


def test_no_goal_is_on_a_dose_of_the_whole_session():
    """Of a session delivered in part only the least is known, which says nothing of a goal."""
    by_activity = [each for each in quantities.QUANTITIES if each.unit in quantities.ACTIVITY_UNITS]
    of_session = {each.name for each in by_activity if each.level == "case"}
    goals = {limit.quantity for limit in reference.limits() if limit.kind == "goal"}
    assert {"lung_dose_gy", "whole_normal_liver_dose_gy"} <= of_session
    assert {name for name in goals & of_session if quantities.level_of(name) == "case"} == set()
