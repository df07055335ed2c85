"""Random cases. Every range is that of the input rules; volumes are nested as a liver nests them."""

from typing import Any

from hypothesis import strategies as st

from dosimetry import reference
from dosimetry.conventions import convention_names

LARGEST_SHUNT = 0.99  # one minus a shunt nearer to one has too few digits left
LEAST_REST = 0.01  # part that stays normal liver, so that a difference of volumes keeps its digits
NAMES = ("A", "B", "C")


def numbers(name: str, *, lowest: float | None = None, highest: float | None = None) -> st.SearchStrategy[float]:
    """Numbers that the input rule of a flat name allows; ``lowest`` and ``highest`` narrow the range."""
    rule = reference.field(name)
    lower = rule.lower if lowest is None else lowest
    upper = rule.upper if highest is None else highest
    return st.floats(
        lower,
        upper,
        exclude_min=bool(rule.lower_open and lower == rule.lower),
        exclude_max=bool(rule.upper_open and upper == rule.upper),
        allow_nan=False,
        allow_infinity=False,
        allow_subnormal=False,
    )


def shunts(name: str = "lung_shunt_fraction") -> st.SearchStrategy[float]:
    """None at all, or enough of one that its products with an activity keep their digits."""
    return st.just(0.0) | numbers(name, lowest=1e-6, highest=LARGEST_SHUNT)


def parts_of_a_whole() -> st.SearchStrategy[float]:
    """Nothing at all, or enough to be a volume: a product of less has no digits left."""
    return st.just(0.0) | st.floats(1e-9, 0.9)


def doses() -> st.SearchStrategy[float]:
    return numbers("target_dose_gy")


def ratios() -> st.SearchStrategy[float]:
    return numbers("tumor_normal_ratio", lowest=0.01)


def counts() -> st.SearchStrategy[int]:
    return st.integers(1_000, 10_000_000)


@st.composite
def shares(draw: st.DrawFn, count: int, *, highest: float) -> list[float]:
    """Parts of a whole that sum to less than ``highest``, none of them vanishing."""
    weights = [draw(st.floats(0.05, 1.0)) for _ in range(count)]
    filled = draw(st.floats(0.1, highest))
    return [filled * weight / sum(weights) for weight in weights]


def sometimes(draw: st.DrawFn, made: dict[str, Any], key: str, values: st.SearchStrategy[Any]) -> None:
    """Put a field in, or leave it out."""
    if draw(st.booleans()):
        made[key] = draw(values)


@st.composite
def lesions(draw: st.DrawFn, name: str, volume_ml: float, *, all_ratios: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"name": name, "volume_ml": volume_ml}
    kind = draw(st.sampled_from(("typed", "typed", "counts") if all_ratios else ("typed", "counts", "unknown")))
    if kind == "typed":
        made["tumor_normal_ratio"] = draw(ratios())
    if kind == "counts":
        made["tumor_normal_counts"] = {
            "lesion_counts": draw(counts()),
            "lesion_volume_ml": draw(st.floats(10, 20)),
            "normal_counts": draw(st.integers(1_000_000, 10_000_000)),
            "normal_volume_ml": draw(st.floats(100, 150)),
        }
    if draw(st.booleans()):
        made["necrotic_volume_ml"] = volume_ml * draw(parts_of_a_whole())
    sometimes(draw, made, "density_g_per_ml", numbers("lesion_density_g_per_ml"))
    return made


@st.composite
def prescriptions(draw: st.DrawFn, names: list[str], *, model: str | None) -> dict[str, Any]:
    """Each model; partition to any of the named lesions or to the normal liver."""
    chosen = model or draw(st.sampled_from(("single_compartment", "partition", "activity")))
    if chosen == "activity":
        return {"model": chosen, "activity_gbq": draw(numbers("prescribed_activity_gbq", lowest=0.01))}
    made = {"model": chosen, "dose_gy": draw(doses())}
    if chosen == "partition":
        to_lesions = [f"lesion:{name}" for name in names]
        made["target"] = draw(st.sampled_from(("normal_perfused", *to_lesions, *to_lesions)))
    return made


@st.composite
def territories(
    draw: st.DrawFn, name: str, volume_ml: float, *, all_ratios: bool, model: str | None, own_shunt: bool | None
) -> dict[str, Any]:
    count = draw(st.integers(0, len(NAMES)))
    parts = draw(shares(count, highest=1 - LEAST_REST)) if count else []
    all_known = all_ratios or draw(st.sampled_from((True, True, False)))
    held = [
        draw(lesions(own, volume_ml * part, all_ratios=all_known))
        for own, part in zip(NAMES[:count], parts, strict=True)
    ]
    known = all("tumor_normal_ratio" in lesion or "tumor_normal_counts" in lesion for lesion in held)
    chosen = model if known or model == "activity" else draw(st.sampled_from(("single_compartment", "activity")))
    made: dict[str, Any] = {"name": name, "perfused_volume_ml": volume_ml, "lesions": held}
    made["prescription"] = draw(prescriptions([lesion["name"] for lesion in held], model=chosen))
    sometimes(draw, made, "residual_fraction", numbers("residual_fraction", highest=LARGEST_SHUNT))
    sometimes(draw, made, "density_g_per_ml", numbers("territory_density_g_per_ml"))
    if own_shunt or (own_shunt is None and draw(st.booleans())):
        made["shunt_fraction"] = draw(shunts("territory_lung_shunt_fraction"))
    return made


@st.composite
def lungs(draw: st.DrawFn) -> dict[str, Any]:
    """A shunt that is typed, or comes from planar or tomographic counts; lung mass and earlier dose where known."""
    way = draw(st.sampled_from(("typed", "planar", "tomographic")))
    made: dict[str, Any] = {}
    if way == "typed":
        made["shunt_fraction"] = draw(shunts())
    elif way == "tomographic":
        made["counts"] = {"lung": draw(counts()), "liver": draw(counts())}
    else:
        organs = ("lung_anterior", "lung_posterior", "liver_anterior", "liver_posterior")
        made["counts"] = {name: draw(counts()) for name in organs}
        if draw(st.booleans()):
            made["counts"] |= {"background_anterior": draw(st.integers(0, 9)), "background_posterior": 7}
            made["counts"] |= {"pixels_lung": draw(st.integers(1, 50)), "pixels_liver": 40, "pixels_background": 1}
    sometimes(draw, made, "mass_kg", numbers("lung_mass_kg"))
    sometimes(draw, made, "previous_dose_gy", numbers("previous_lung_dose_gy"))
    return made


@st.composite
def cases(
    draw: st.DrawFn,
    *,
    all_ratios: bool = False,
    model: str | None = None,
    own_shunt: bool | None = None,
    most_territories: int = 3,
    all_models: bool = False,
) -> dict[str, Any]:
    """A valid case as plain values: every device, one to three territories, none to three lesions in each.

    ``all_models`` prescribes some of them by body surface, by involvement or to the lungs, and gives ages of vials.
    ``all_ratios`` gives every lesion a ratio; ``model`` prescribes every territory by one model where it can;
    ``own_shunt`` gives every territory a shunt of its own, or none.
    """
    device = draw(st.sampled_from(reference.devices()))
    whole = draw(numbers("whole_liver_volume_ml"))
    count = draw(st.integers(1, most_territories))
    parts = draw(shares(count, highest=1 - LEAST_REST))
    options = {"all_ratios": all_ratios, "model": model, "own_shunt": own_shunt}
    made: dict[str, Any] = {
        "format": "dosimetry-case",
        "format_version": 1,
        "label": "random",
        "device": device.device,
        "convention": draw(st.sampled_from(convention_names(device.nuclide))),
        "lung": draw(lungs()),
        "territories": [
            draw(territories(f"territory {row}", whole * part, **options)) for row, part in enumerate(parts, start=1)
        ],
    }
    if draw(st.booleans()):
        made["constants"] = {"tissue_density_g_per_ml": draw(numbers("tissue_density_g_per_ml"))}
    if all("shunt_fraction" in one for one in made["territories"]) and draw(st.booleans()):
        made["lung"].pop("shunt_fraction", None)
        made["lung"].pop("counts", None)
    if draw(st.booleans()):
        made["liver"] = {"whole_volume_ml": whole}
        untreated = whole * (1 - sum(parts)) * draw(parts_of_a_whole())
        sometimes(draw, made["liver"], "untreated_tumor_volume_ml", st.just(untreated))
    if all_models:
        sometimes(draw, made, "patient", patients())
        for territory in made["territories"]:
            sometimes(draw, territory, "vial_age_h", numbers("vial_age_h"))
        draw(st.sampled_from((by_resin_rule, to_the_lungs, unchanged)))(draw, made)
    return made


def patients() -> st.SearchStrategy[dict[str, float]]:
    return st.fixed_dictionaries(
        {"height_cm": numbers("height_cm", lowest=140), "weight_kg": numbers("weight_kg", lowest=35)}
    )


def unchanged(draw: st.DrawFn, made: dict[str, Any]) -> None:
    """Prescribed as drawn."""


def by_resin_rule(draw: st.DrawFn, made: dict[str, Any]) -> None:
    """Body surface in either reading, or the empirical table, where resin and volumes allow it."""
    if made["device"] != "resin" or "patient" not in made or "untreated_tumor_volume_ml" not in made.get("liver", {}):
        return
    rules = [{"model": "resin_bsa", "reading": "lobe"}, {"model": "resin_bsa", "reading": "share"}]
    if any(territory["lesions"] for territory in made["territories"]):
        rules.append({"model": "empirical"})
    for territory in made["territories"]:
        territory["shunt_fraction"] = draw(shunts_of_the_bands())
        territory["prescription"] = draw(st.sampled_from(rules))


def shunts_of_the_bands() -> st.SearchStrategy[float]:
    """Every band of the resin rule below its last, and the edges between them."""
    return st.sampled_from((0.0, 0.1, 0.15)) | numbers("territory_lung_shunt_fraction", lowest=1e-6, highest=0.1999)


def to_the_lungs(draw: st.DrawFn, made: dict[str, Any]) -> None:
    """One territory to a lung dose that the others, of typed activity, do not reach by themselves."""
    *others, last = made["territories"]
    made["lung"]["mass_kg"] = draw(numbers("lung_mass_kg"))
    last["shunt_fraction"] = draw(numbers("territory_lung_shunt_fraction", lowest=0.001, highest=LARGEST_SHUNT))
    for territory in others:
        territory["prescription"] = {"model": "activity", "activity_gbq": draw(st.floats(0.01, 5))}
        territory["shunt_fraction"] = draw(shunts("territory_lung_shunt_fraction"))
    reached = sum(51 * one["prescription"]["activity_gbq"] * one["shunt_fraction"] for one in others)
    dose = reached / made["lung"]["mass_kg"] * 1.1 + draw(st.floats(1, 100))
    if dose <= 2000:
        last["prescription"] = {"model": "lung_limit", "dose_gy": dose}


@st.composite
def clinical_cases(draw: st.DrawFn, *, most_territories: int = 3) -> dict[str, Any]:
    """A case of usual size of which limits can be asked: disease, intents, what was treated before, blood, sex.

    Activities stay far from the largest that can be typed, so that a person could type those of its bounds.
    """
    made = draw(cases(most_territories=most_territories))
    made["lung"] = {"shunt_fraction": draw(st.just(0.0) | st.floats(0.001, 0.3))}
    sometimes(draw, made["lung"], "mass_kg", st.floats(0.5, 1.5))
    sometimes(draw, made["lung"], "previous_dose_gy", st.floats(0, 20))
    for territory in made["territories"]:
        if "shunt_fraction" in territory:
            territory["shunt_fraction"] = draw(st.just(0.0) | st.floats(0.001, 0.3))
        sometimes(draw, territory, "intent", words("territory_intent"))
        prescription = territory["prescription"]
        if "dose_gy" in prescription:
            prescription["dose_gy"] = draw(st.floats(1, 60))
        else:
            prescription["activity_gbq"] = draw(st.floats(0.05, 4))
    sometimes(draw, made, "disease", st.sampled_from(("hcc", "hcc", "icc", "mcrc", "net")))
    sometimes(draw, made, "intent", words("intent"))
    made["prior"] = {name: draw(st.booleans()) for name in ("tare", "resection", "systemic") if draw(st.booleans())}
    made["patient"] = draw(clinical_patients())
    return {name: value for name, value in made.items() if value != {}}


@st.composite
def clinical_patients(draw: st.DrawFn) -> dict[str, Any]:
    made: dict[str, Any] = {}
    sometimes(draw, made, "bilirubin_mg_dl", st.sampled_from((0.6, 1.1, 1.4)))
    sometimes(draw, made, "albumin_g_dl", st.sampled_from((2.8, 3.0, 4.1)))
    sometimes(draw, made, "sex", words("sex"))
    sometimes(draw, made, "child_pugh", words("child_pugh"))
    if draw(st.booleans()):
        made |= draw(patients())
    return made


def words(name: str) -> st.SearchStrategy[str]:
    """The words that a field may have."""
    return st.sampled_from(list(reference.choices(name)))
