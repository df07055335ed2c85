"""Settings of hypothesis: no deadline, and the same examples in every run."""

from effort import examples
from hypothesis import HealthCheck, Phase, settings

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
