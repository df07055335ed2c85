"""Orders and deliveries as JSON, for programs."""

import json
from typing import Any

from dosimetry.ordering.sheet import order_sheet
from dosimetry.plan_file import plain_from_plan
from dosimetry.plan_record import Plan
from dosimetry.problems import CaseError, Problem

_OF_PLAN = ("label", "input_sha256", "version", "data_fingerprint", "computed_at")
_OF_DAY = ("as_treated", "cumulative", "second_check")


def text_from_order(plan: Plan) -> str:
    """An order file: every option of every territory, unrounded. Raises as `order_sheet`."""
    return _text(plain_from_plan(order_sheet(plan)))


def text_from_delivery(plan: Plan) -> str:
    """A delivery file: the session as treated, with the directive it is compared with, and the findings of the plan."""
    with_delivery(plan)
    plain = {
        "format": "dosimetry-delivery",
        "format_version": 1,
        **{name: getattr(plan, name) for name in _OF_PLAN},
        **{name: plain_from_plan(getattr(plan, name)) for name in (*_OF_DAY, "findings")},
    }
    return _text(plain)


def with_delivery(plan: Plan) -> Plan:
    """The plan itself; a case that records no delivery is refused with a `CaseError`."""
    if plan.as_treated is None:
        raise CaseError(
            [Problem("delivery", "the case records no delivery: nothing was given, or it was not entered.")]
        )
    return plan


def _text(plain: Any) -> str:
    return json.dumps(plain, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
