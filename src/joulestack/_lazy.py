"""Public names of a package that are imported when they are first used."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from joulestack._needs import needed
from joulestack.spelling import did_you_mean


def attach(
    package: str,
    names: Mapping[str, Sequence[str]],
    modules: Sequence[str] = (),
    former: Mapping[str, str] | None = None,
) -> tuple[Callable[[str], Any], list[str]]:
    """Make a package's `__getattr__` and the list of its public names.

    Args:
        package: its name.
        names: module -> what it has.
        modules: of the package that are public themselves.
        former: name that is public no more -> the one in its place.

    Returns:
        Function of a name, which raises EnvironmentMissing where what it needs is not installed;
        and the names.
    """
    home = {name: module for module, found in names.items() for name in found}
    public = sorted([*home, *modules])

    def find(name: str) -> Any:
        if name in modules:
            with needed():
                return import_module(f"{package}.{name}")
        if name in home:
            with needed():
                return getattr(import_module(home[name]), name)
        hint = "" if name.startswith("_") else did_you_mean(name, public)
        if former and name in former:
            hint = f"it is called {former[name]}"
        said = f"module {package!r} has no attribute {name!r}"
        raise AttributeError(f"{said}; {hint}" if hint else said, name=name)

    return find, public
