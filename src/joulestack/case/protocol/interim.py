"""A protocol of durations as the load over absolute time that the solver takes today."""

from __future__ import annotations

from joulestack.case.profiles import Load, Profile, Segment
from joulestack.case.protocol.steps import Protocol


def as_load(protocol: Protocol) -> Load:
    """Segments over absolute time.

    Raises:
        ValueError: "what; remedy": the protocol has ends, powers or surroundings, which need the
            solver to follow it step by step.
    """
    segments, start = [], 0.0
    for step in protocol.steps:
        around = (step.stack_pressure, step.ambient, step.cooling)
        if step.mode == "power" or step.ends or step.must_end or any(a is not None for a in around):
            raise ValueError(
                f'"{step.text}" is understood but not solved yet; '
                "runs take currents, voltages and rests with durations"
            )
        end = float("inf") if step.duration is None else start + step.duration
        profile = Profile(tuple(start + t for t in step.value.times), step.value.values)
        segments.append(Segment(start, end, step.mode, profile))
        start = end
    return Load(tuple(segments))
