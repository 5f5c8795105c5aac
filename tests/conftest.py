"""Settings of all tests."""

from hypothesis import HealthCheck, settings

# The first text drawn takes a table of Unicode, which a slow machine needs more than a second for;
# and a busy machine is slow.
settings.register_profile("any", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("any")
