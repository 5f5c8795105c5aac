"""Headless Chromium, driven over a pipe with its own protocol: standard library alone."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ENOUGH = 30.0  # s that a browser may take to answer


def found() -> str | None:
    """The browser: JOULESTACK_BROWSER, or what is on the path."""
    named = os.environ.get("JOULESTACK_BROWSER")
    return named or next((p for n in NAMES if (p := shutil.which(n))), None)


class Browser:
    """One page in headless Chromium, without WebGL and without a network.

    Attributes:
        said: what the page has written to the console, and exceptions that nobody caught.
        asked: addresses that it has asked for.
    """

    def __init__(self, program: str, width: int = 1280, height: int = 900, dark: bool = False):
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        down, self._down = os.pipe()
        self._up, up = os.pipe()
        command = [
            program, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu",
            "--disable-webgl", "--disable-webgl2", "--disable-dev-shm-usage", "--hide-scrollbars",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={self._folder.name}",
            f"--window-size={width},{height}", "about:blank",
        ]  # fmt: skip

        def wire() -> None:
            # Chromium reads from 3 and writes to 4; copies first, for the pipes may be 3 or 4.
            a, b = os.dup(down), os.dup(up)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self._process = subprocess.Popen(
            command, preexec_fn=wire, close_fds=False, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(down)
        os.close(up)
        self._number, self._rest = 0, b""
        self.said: list[str] = []
        self.asked: list[str] = []
        self._session = ""
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(t["targetId"] for t in targets if t["type"] == "page")
        attached = self.call("Target.attachToTarget", targetId=page, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.size(width, height)

    def size(self, width: int, height: int) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)  # fmt: skip

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Ask, and wait for the answer; events on the way are kept."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._down, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + ENOUGH
        while time.monotonic() < until:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]
            self._event(answer)
        raise TimeoutError(method)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            more = os.read(self._up, 1 << 20)
            if not more:
                raise EOFError("the browser has gone")
            self._rest += more
        one, _, self._rest = self._rest.partition(b"\0")
        return json.loads(one)

    def _event(self, event: dict[str, Any]) -> None:
        method, told = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            found = told["exceptionDetails"]
            self.said.append(found.get("exception", {}).get("description") or found["text"])
        elif method == "Runtime.consoleAPICalled":
            self.said.append(" ".join(str(a.get("value")) for a in told["args"]))
        elif method == "Log.entryAdded":
            self.said.append(told["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.asked.append(told["request"]["url"])

    def open(self, file: Path) -> float:
        """Open a page; gives the time until its script has run [s]."""
        begin = time.monotonic()
        self.call("Page.navigate", url=file.resolve().as_uri())
        while not self.run("document.readyState === 'complete'"):
            time.sleep(0.01)
        return time.monotonic() - begin

    def run(self, script: str) -> Any:
        """Value of an expression in the page."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """A key, as people press it."""
        codes = {"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Enter": 13,
                 "Tab": 9, " ": 32}  # fmt: skip
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode=codes[key])  # fmt: skip

    def pointer(self, kind: str, x: float, y: float) -> None:
        """mouseMoved, mousePressed or mouseReleased at a place of the window."""
        button = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **button)

    def click(self, x: float, y: float) -> None:
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.pointer(kind, x, y)

    def picture(self, file: Path, whole: bool = True) -> None:
        """A screenshot, of the whole page or of the window."""
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(shot["data"]))

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        os.close(self._down)
        os.close(self._up)
        self._folder.cleanup()

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
