"""Environments of docker/joulestack: a package list and a Debian base, built once and cached."""

import contextlib
import fcntl
import hashlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
BASES = {"trixie": "debian:trixie-slim", "sid": "debian:sid-slim"}
PACKAGE_LISTS = {"solver": "packages.txt", "paraview": "packages-paraview.txt"}
GIGABYTES = {"solver": 5.0, "paraview": 3.0}  # needed while building, downloads included
TOOLS = {"mmdebstrap": "mmdebstrap", "bwrap": "bubblewrap"}
RECIPE = "1"  # raise it when the way of building changes what comes out


class NoEnvironment(Exception):
    """The environment could not be had; the message says why and what helps. Exit code 4."""


class Interrupted(Exception):
    """A signal arrived while building."""

    def __init__(self, number):
        super().__init__(number)
        self.number = number


class Environment(NamedTuple):
    """What is installed on which base."""

    name: str
    base: str

    @property
    def packages(self):
        """The package names, without comments."""
        text = (HERE / PACKAGE_LISTS[self.name]).read_text(encoding="utf-8")
        return [word for line in text.splitlines() for word in line.partition("#")[0].split()]

    @property
    def key(self):
        """A name that changes with the content."""
        content = [RECIPE, self.base, *sorted(self.packages), (HERE / "dpkg.cfg").read_text()]
        digest = hashlib.sha256("\n".join(content).encode()).hexdigest()
        return f"{self.name}-{self.base}-{digest[:12]}"


def say(text):
    """Tell the user, apart from the output of what runs."""
    print(f"joulestack environment: {text}", file=sys.stderr, flush=True)


def cache_folder(environ):
    """Where environments and caches live, outside the repository."""
    if environ.get("JOULESTACK_CACHE"):
        return Path(environ["JOULESTACK_CACHE"]).absolute()
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").absolute() / "joulestack"


def writable(folder):
    """The folder, made where missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(13, "Permission denied", str(folder))
    except OSError as error:
        raise NoEnvironment(f"cannot write to the cache {folder}: {error.strerror}. "
                            "JOULESTACK_CACHE=<folder> puts it elsewhere") from error
    return folder


# --- the root file system ---------------------------------------------------------------------


def root_file_system(environment, cache):
    """The folder of a whole environment, built now where it is missing."""
    folder = writable(cache / "environments")
    root = folder / environment.key
    install_tools(["bwrap"] if root.is_dir() else list(TOOLS))
    if root.is_dir():
        return root
    check_namespaces()
    with lock(folder, environment.key) as held:
        if root.is_dir():  # another process built it while we waited
            return root
        remove_dead_builds(folder, environment.key)
        check_space(folder, environment)
        partial = folder / f".partial-{environment.key}"
        log = folder / f"{environment.key}.log"
        say(f"building {environment.key} in {folder} (once; a few minutes)")
        started = time.monotonic()
        try:
            with stoppable():
                debootstrap(environment, partial, log, held)
                os.sync()  # no half-written files under the final name after a power cut
                partial.rename(root)
        except BaseException as error:
            remove(partial)
            if isinstance(error, OSError):  # the disk got full under our own log
                raise NoEnvironment(f"building {environment.key} failed: "
                                    f"{reason(str(error))}") from error
            raise
        say(f"ready after {time.monotonic() - started:.0f} s")
    return root


@contextlib.contextmanager
def lock(folder, key):
    """Hold the right to build this key. The builder inherits it: free means nobody builds."""
    with open(folder / f".lock-{key}", "w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another process is building this environment; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


def remove_dead_builds(folder, own_key):
    """Remove what killed builds left behind; builds that are alive hold their lock."""
    for partial in folder.glob(".partial-*"):
        key = partial.name[len(".partial-"):]
        with open(folder / f".lock-{key}", "w", encoding="utf-8") as file:
            if key != own_key:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
            say(f"removing an unfinished build ({key})")
            remove(partial)


def remove(partial):
    """Remove an unfinished root file system, never crossing into something mounted in it."""
    if not partial.exists():
        return
    scratch = scratch_folder(partial)
    if scratch.exists():  # holds files of the builder's own user ids, which only it may remove
        subprocess.run(["mmdebstrap", "--unshare-helper", "rm", "-rf", str(scratch)],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        shutil.rmtree(scratch, ignore_errors=True)
    subprocess.run(["rm", "-rf", "--one-file-system", str(partial)], check=False)


def scratch_folder(partial):
    """Where a build without root works: the user ids it takes on cannot enter a private home."""
    return Path(os.environ.get("TMPDIR", "/var/tmp")) / f"joulestack-{os.getuid()}{partial.name}"


def check_space(folder, environment):
    """Refuse before starting what cannot end well."""
    need, places = GIGABYTES[environment.name], [folder]
    if os.getuid() != 0:  # there twice for a moment: where it is built, and where it is kept
        need, places = 1.5 * need, [folder, scratch_folder(folder).parent]
    for place in places:
        free = shutil.disk_usage(place).free / 1e9
        if free < need:
            raise NoEnvironment(
                f"{place} has {free:.1f} GB free, building {environment.key} needs {need:.1f} GB. "
                "Make room, or choose another disk: JOULESTACK_CACHE for environments, TMPDIR for "
                "what is needed while building without root")


def install_tools(commands):
    """Install mmdebstrap and bubblewrap where they are missing, if that is ours to do."""
    missing = [TOOLS[command] for command in commands if not shutil.which(command)]
    if not missing:
        return
    packages = [*missing, "debian-archive-keyring", "gpg"] if "mmdebstrap" in missing else missing
    by_hand = f"apt-get install {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise NoEnvironment(f"no working docker or podman, and no {' or '.join(missing)} "
                            "to do without. Install one of the engines, or DOLFINx itself "
                            "(docs/installation.md)")
    if os.getuid() != 0:
        raise NoEnvironment(f"no working docker or podman, and no {' or '.join(missing)} "
                            f"to do without. Install an engine, or: sudo {by_hand} uidmap")
    say(f"no container engine: installing {' '.join(missing)} with apt-get")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    output = ""
    for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", *step], env=quiet, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        output += done.stdout
    if done.returncode:
        raise NoEnvironment(f"`{by_hand}` failed: {reason(output)}")


def check_namespaces():
    """Ask the kernel whether bubblewrap may do its work, before anything is built for it."""
    trial = subprocess.run(["bwrap", "--ro-bind", "/", "/", "--proc", "/proc", "true"], text=True,
                           stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if trial.returncode:
        raise NoEnvironment("bubblewrap may not make namespaces here "
                            f"({trial.stderr.strip()}). In a container, run joulestack's own image "
                            "instead; elsewhere allow user namespaces (docs/installation.md)")


def debootstrap(environment, partial, log, held):
    """Fill `partial` with Debian and the packages, or raise NoEnvironment."""
    command = ["mmdebstrap", "--variant=minbase", f"--include={','.join(environment.packages)}",
               f"--dpkgopt={HERE / 'dpkg.cfg'}",
               # the index of a frozen copy of sid is out of date by design
               '--aptopt=Acquire::Check-Valid-Until "false"']
    remove(partial)
    partial.mkdir()
    # The kernel ends the builder when we are killed; nothing it mounts is seen outside.
    guard = ["setpriv", "--pdeathsig", "KILL"]
    unpack = None
    variables = {**os.environ, "LC_ALL": "C.UTF-8"}
    if os.getuid() == 0:
        guard += ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        command += ["--mode=root", "--format=directory", environment.base, str(partial)]
    else:
        # Through a tar archive, so that every file belongs to the caller.
        scratch = scratch_folder(partial)
        scratch.mkdir()
        scratch.chmod(0o1777)  # others of the machine may write, and not remove
        variables["TMPDIR"] = str(scratch)
        command += ["--mode=unshare", "--format=tar", environment.base, "-"]
        unpack = ["tar", "-x", "-C", str(partial), "--exclude=./dev/*"]
    with open(log, "w", encoding="utf-8") as record:
        builder = subprocess.Popen(
            guard + command, env=variables, stdin=subprocess.DEVNULL, start_new_session=True,
            pass_fds=(held,), stdout=subprocess.PIPE if unpack else record, stderr=subprocess.PIPE)
        tar = unpack and subprocess.Popen(unpack, stdin=builder.stdout, stderr=record)
        try:
            show_progress(builder, record, partial)
        finally:
            stop(builder)
            if tar:
                builder.stdout.close()
                tar.wait()
    if builder.returncode or (tar and tar.returncode):
        text = log.read_text(encoding="utf-8", errors="replace")
        raise NoEnvironment(f"building {environment.key} failed: {reason(text)}\n"
                            f"the whole log: {log}")
    if unpack:
        scratch.rmdir()  # the builder has emptied it


def show_progress(process, record, partial):
    """Follow the builder's phases: one live line on a terminal, a line per phase elsewhere."""
    lines = queue.Queue()

    def read():
        for line in process.stderr:
            lines.put(line.decode(errors="replace"))
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    live, started, phase = sys.stderr.isatty(), time.monotonic(), "starting"
    while True:
        try:
            line = lines.get(timeout=1)
        except queue.Empty:
            line = ""
        if line is None:
            break
        record.write(line)
        new = line[3:].rstrip(". \n") if line.startswith("I: ") else phase
        changed, phase = new != phase, new
        text = f"{time.monotonic() - started:4.0f} s  {phase}"
        if live:
            text += unpacked(partial)
            print(f"\r\033[K  {text[:76]}", end="", file=sys.stderr, flush=True)
        elif changed:
            print(f"  {text}", file=sys.stderr, flush=True)
    if live:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    process.wait()


def unpacked(partial):
    """How many packages have arrived, in words; nothing where that cannot be seen."""
    count = 0
    with contextlib.suppress(OSError):
        for place in (partial, *scratch_folder(partial).glob("mmdebstrap.*")):
            count += sum(1 for _ in place.glob("var/lib/dpkg/info/*.list"))
    return f", {count} packages so far" if count else ""


def stop(process):
    """End the builder and all it started; nothing happens to one that has ended."""
    for number, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
        if process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)


@contextlib.contextmanager
def stoppable():
    """Turn signals into an exception, so that what is half-built gets removed."""

    def interrupt(number, _frame):
        for each in before:  # once is enough; cleaning up is not to be interrupted
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(number)

    before = {number: signal.signal(number, interrupt)
              for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


REASONS = (
    (("No space left on device", "not have enough space"),
     "the disk is full. Make room, or set JOULESTACK_CACHE (and TMPDIR) to another disk"),
    (("Unable to locate package", "has no installation candidate", "unmet dependencies"),
     "this base does not have all the packages at present"),
    (("Could not resolve", "Temporary failure", "Could not connect", "Unable to connect",
      "Failed to fetch", "Connection timed out", "Network is unreachable", "403 ", "404 "),
     "Debian's mirror cannot be reached. Is the network up? http_proxy is honoured"),
    (("NO_PUBKEY", "is not signed"),
     "Debian's archive keys are missing. Install debian-archive-keyring"),
    (("newuidmap", "subuid", "unshare syscall"),
     "building without root needs uidmap and /etc/subuid; or run once as root"),
    (("Permission denied", "Operation not permitted"), "no permission"),
)


def reason(log):
    """Why a build failed, in words, with the line that shows it."""
    for marks, words in REASONS:
        for line in log.splitlines():
            if any(mark in line for mark in marks):
                return f"{words}\n  ({line.strip()[:300]})"
    return "\n  ".join(["its last words were:", *log.strip().splitlines()[-5:]])


# --- the image ----------------------------------------------------------------------------------


def image(engine, environment, repo):
    """The name of a container image with this environment, built now where it is missing."""
    recipe = hashlib.sha256((HERE / "Dockerfile").read_bytes()).hexdigest()[:6]
    tag = f"joulestack-{environment.name}:{environment.key.partition('-')[2]}-{recipe}"
    found = subprocess.run([engine, "image", "inspect", tag], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=False)
    if found.returncode == 0:
        return tag
    base = BASES[environment.base]
    command = [engine, "build", "--tag", tag, "--target", "environment", "--file",
               str(HERE / "Dockerfile"), "--build-arg", f"BASE={base}",
               "--build-arg", f"PACKAGES={PACKAGE_LISTS[environment.name]}"]
    for proxy in ("http_proxy", "https_proxy", "no_proxy"):
        if os.environ.get(proxy):
            command += ["--build-arg", f"{proxy}={os.environ[proxy]}"]
    bridge = subprocess.run([engine, "network", "inspect", "bridge"], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, check=False)
    if bridge.returncode:  # an engine without its own network can still use the machine's
        command.append("--network=host")
    say(f"building the {engine} image {tag} (once; a few minutes)")
    started = time.monotonic()
    # An image gets its name only when it is whole, so a stopped build leaves none.
    with stoppable():
        built = subprocess.run([*command, str(repo)], stdin=subprocess.DEVNULL, stdout=sys.stderr,
                               check=False)
    if built.returncode:
        raise NoEnvironment(
            f"{engine} build failed; the reason is above. Where {base} itself cannot be pulled, it "
            f"can be made: mmdebstrap --variant=minbase {environment.base} - | {engine} import - "
            f"{base}. JOULESTACK_ENGINE=rootfs does without {engine}")
    say(f"ready after {time.monotonic() - started:.0f} s")
    return tag


def child_pid(information):
    """The process id that bubblewrap writes to the read end of --info-fd, or None."""
    text = b""
    with os.fdopen(information, "rb", buffering=0) as pipe:
        while b"}" not in text:
            chunk = pipe.read(4096)
            if not chunk:
                break
            text += chunk
    try:
        return json.loads(text)["child-pid"]
    except (ValueError, KeyError):
        return None


def below(init, patience=2.0):
    """The process that the first one of a process namespace runs: signals would not reach that one.

    It may not be there yet; a first process without any stands for itself.
    """
    until = time.monotonic() + patience
    while True:
        try:
            found = Path(f"/proc/{init}/task/{init}/children").read_text(encoding="ascii").split()
        except OSError:
            found = []
        if found or time.monotonic() > until:
            return int(found[0]) if found else init
        time.sleep(0.02)
