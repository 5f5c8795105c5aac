"""Loads as protocols: PyBaMM's sentences and every older form, one mechanism for all."""

from joulestack.case.protocol.steps import End, Mode, Protocol, Step

__all__ = ["End", "Mode", "Protocol", "Step"]
