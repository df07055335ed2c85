"""Which inputs of an order a device takes: sizes of vials, drawing from a stock vial, or a reference instant."""

from collections.abc import Mapping
from types import MappingProxyType

from dosimetry import reference
from dosimetry.columns import flat_names
from dosimetry.treatment_day.case import Order

_OF_STOCK = ("vial_activities_gbq", "calibrated_at", "shelf_life_h")
TAKEN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "vials": ("pairs", "custom_steps", *_OF_STOCK),
        "stock": ("drawn_at", *_OF_STOCK),
        "reference": ("reference_at", "shelf_life_h"),
    }
)
"""By the way a device is ordered; every other input of an order is one for every device."""
_ANY = frozenset(name for names in TAKEN.values() for name in names)


def not_taken(device: str) -> dict[str, str]:
    """The fields of an order that a device does not take, each with its flat name."""
    taken = TAKEN[reference.device_named(device).ordered_as]
    of_order = {path.removesuffix("[]"): name for path, name in flat_names().items()}
    return {field: of_order[f"order.{field}"] for field in sorted(_ANY) if field not in taken}


def stated_in_vain(order: Order, device: str) -> dict[str, str]:
    """Fields that an order states and its device does not take, each with its flat name."""
    return {field: name for field, name in not_taken(device).items() if getattr(order, field) not in (None, False)}
