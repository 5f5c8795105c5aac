"""pyvista where there is no screen: pictures off-screen, and never the end of the process.

A VTK that knows no window but X's (Debian 13's 9.3) draws through an X server even off-screen, and
ends the process where none answers: a notebook's kernel, a job on a cluster.
"""

from __future__ import annotations

import ctypes
import os
import sys
import warnings
from typing import Any

from joulestack._needs import needed
from joulestack.errors import EnvironmentMissing


def library() -> Any:
    """The module pyvista, made safe for machines without a screen.

    Without one it draws off-screen, in a notebook as a still picture; a warning says so, once.
    Where VTK cannot even do that, every plot raises EnvironmentMissing.

    Raises:
        EnvironmentMissing: pyvista is not installed.
    """
    with needed():
        import pyvista

    if _needs_x():
        pyvista.Plotter.__new__ = _refuse
    if not has_screen() and not getattr(library, "told", False):
        library.told = True  # type: ignore[attr-defined]
        pyvista.OFF_SCREEN = True
        if "ipykernel" in sys.modules:
            pyvista.set_jupyter_backend("static")
        elif not _needs_x():
            text = 'no screen: pyvista draws off-screen; plot(screenshot="picture.png") writes it'
            warnings.warn(text, stacklevel=3)
    return pyvista


def has_screen() -> bool:
    """Whether windows can be expected to open."""
    named = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(named) or not sys.platform.startswith("linux")


def _needs_x() -> bool:
    """Whether VTK was built for windows of X alone."""
    from vtkmodules import vtkRenderingOpenGL2 as windows

    others = ("vtkEGLRenderWindow", "vtkOSOpenGLRenderWindow")
    return hasattr(windows, "vtkXOpenGLRenderWindow") and not any(
        hasattr(windows, name) for name in others
    )


def _x_answers() -> bool:
    """Whether the X server that DISPLAY names answers; asks as VTK will."""
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return False
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = x11.XOpenDisplay(None)
    if display:
        x11.XCloseDisplay(display)
    return bool(display)


def _refuse(plotter: type[Any], *_: Any, **__: Any) -> Any:
    """A plotter's `__new__` that raises where VTK would end the process."""
    if _x_answers():
        return object.__new__(plotter)
    raise EnvironmentMissing(
        "VTK cannot draw here: this one needs an X server even off-screen, and none answers; "
        "start under xvfb-run, or draw with result.plot(), which needs none; ParaView opens "
        "fields.pvd"
    )
