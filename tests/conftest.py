"""Settings of hypothesis: no deadline, and the same examples in every run; lists into which a text may be typed."""

from effort import examples
from hypothesis import HealthCheck, Phase, settings
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1.element_tree import Selectbox

settings.register_profile(
    "same-everywhere",
    deadline=None,
    derandomize=True,
    max_examples=examples(60),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
# For mutants.py, which wants to know whether a test fails and not why.
settings.register_profile(
    "without-shrinking", settings.get_profile("same-everywhere"), phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("same-everywhere")


def _as_a_browser_sends_it(box: Selectbox) -> WidgetState:
    """What stands in a list, also where it is none of its choices: Streamlit's own test driver fails on that."""
    state = WidgetState(id=box.id)
    if box.value is not None:
        state.string_value = str(box.format_func(box.value))
    return state


Selectbox._widget_state = property(_as_a_browser_sends_it)
