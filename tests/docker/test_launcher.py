"""docker/joulestack: words, routes, builds that fail, signals. Needs no network, root or engine."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

DOCKER = Path(__file__).resolve().parents[2] / "docker"


@pytest.fixture(scope="module")
def launcher():
    loader = SourceFileLoader("joulestack_launcher", str(DOCKER / "joulestack"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    path, bytecode = list(sys.path), sys.dont_write_bytecode
    try:
        loader.exec_module(module)
    finally:
        sys.path[:], sys.dont_write_bytecode = path, bytecode
    return module


@pytest.fixture
def env(launcher, monkeypatch):
    monkeypatch.setattr(launcher, "dolfinx_is_here", lambda environ: False)
    monkeypatch.setitem(launcher.env.GIGABYTES, "solver", 0.0)
    return launcher.env


BUILDER = """
for word; do target=$word; done
echo "I: running apt-get update..." >&2
echo built >> "{log}"
{action}
if [ "$target" = - ]; then
  mkdir -p "$TMPDIR/tree/usr/bin"; touch "$TMPDIR/tree/usr/bin/python3"
  tar -c -C "$TMPDIR/tree" .
  exec rm -r "$TMPDIR/tree"
fi
mkdir -p "$target/usr/bin"; touch "$target/usr/bin/python3"
"""

# Runs what bubblewrap would run, without any mount.
BWRAP = """
if [ "$1" = --info-fd ]; then
  printf '{"child-pid": %d}' $$ > /proc/self/fd/$2
  while [ "$1" != env ]; do shift; done
  exec "$@"
fi
"""


class Tools:
    """A PATH of stand-ins that come before the real programs."""

    def __init__(self, folder):
        self.folder = folder
        self.log = folder.parent / "built"
        folder.mkdir()
        self.add("setpriv", 'shift 2; exec "$@"')
        self.add("unshare", 'while [ "${1#-}" != "$1" ]; do shift; done; exec "$@"')
        self.add("bwrap", BWRAP)
        self.builder("")

    def add(self, name, script):
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def builder(self, action):
        self.add("mmdebstrap", BUILDER.replace("{log}", str(self.log)).replace("{action}", action))

    def builds(self):
        return len(self.log.read_text().split()) if self.log.exists() else 0


@pytest.fixture
def tools(tmp_path, monkeypatch):
    made = Tools(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{made.folder}:{os.environ['PATH']}")
    for name in ("JOULESTACK_INSIDE", "JOULESTACK_ENGINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JOULESTACK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return made


def left_over(cache):
    return sorted(path.name for path in cache.parent.glob("**/*.partial-*"))


# --- words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("run case.toml", (None, None, [], ["run", "case.toml"])),
        ("-n 2 run case.toml -n 3", (2, None, [], ["run", "case.toml", "-n", "3"])),
        ("-n4 --base=sid test -q", (4, "sid", [], ["test", "-q"])),
        ("--base trixie -n=1 python", (1, "trixie", [], ["python"])),
        ("--mount /a --mount=b python x.py", (None, None, ["/a", "b"], ["python", "x.py"])),
    ],
)
def test_own_options_come_before_the_command(launcher, line, expected):
    assert launcher.parse(line.split()) == expected


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("-n", "-n needs a value"),
        ("-n 0 test", "-n 0: the number of MPI ranks is a whole number from 1"),
        ("-n two test", "-n two"),
        ("--base bookworm test", "choose from trixie, sid"),
        ("--ranks 2 test", "unknown option --ranks"),
        ("--mount= test", "--mount needs the name of a folder"),
        ("-n 2", "no command given"),
    ],
)
def test_wrong_words_are_named(launcher, line, message):
    with pytest.raises(launcher.UsageError) as caught:
        launcher.parse(line.split())
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("line", "ranks", "expected"),
    [
        ("run a.toml", None, "python3 -P -m joulestack run a.toml"),
        ("run a.toml", 2, "mpirun -n 2 python3 -P -m joulestack run a.toml"),
        ("test -k heat", None, "python3 -m pytest -n 2 --dist loadscope -k heat"),
        ("test -n0 -k heat", None, "python3 -m pytest -n0 -k heat"),
        ("test", 3, "mpirun -n 3 python3 -m pytest"),
        ("python x.py 1", 2, "mpirun -n 2 python3 x.py 1"),
        ("shell", None, "bash"),
        ("pvpython read.py out", None, "pvpython read.py out"),
    ],
)
def test_command_inside(launcher, line, ranks, expected):
    assert launcher.inner_command(line.split(), ranks) == expected.split()


@pytest.mark.parametrize("name", ["shell", "pvpython"])
def test_ranks_without_effect_are_an_error(launcher, name):
    with pytest.raises(launcher.UsageError, match=f"-n does not go with {name}"):
        launcher.inner_command([name], 2)


# --- routes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("docker", "podman", "route"),
    [
        ("exit 0", "exit 0", "docker"),
        ("exit 1", "exit 0", "podman"),  # a docker client whose daemon is not there
        ("exit 1", "exit 1", "rootfs"),
    ],
)
def test_route_by_what_works(launcher, env, tools, docker, podman, route):
    tools.add("docker", docker)
    tools.add("podman", podman)
    assert launcher.choose_route({}) == route
    assert launcher.choose_route({"JOULESTACK_ENGINE": "rootfs"}) == "rootfs"


def test_forced_engine_that_does_not_work(launcher, env, tools):
    tools.add("docker", "exit 1")
    with pytest.raises(env.NoEnvironment, match="`docker info` fails"):
        launcher.choose_route({"JOULESTACK_ENGINE": "docker"})
    with pytest.raises(launcher.UsageError, match="JOULESTACK_ENGINE=lxc: choose from"):
        launcher.choose_route({"JOULESTACK_ENGINE": "lxc"})


def test_inside_is_native(launcher, env, tools):
    inside = {"JOULESTACK_INSIDE": "solver-trixie"}
    assert launcher.choose_route(inside) == "native"
    assert launcher.choose_route(inside, "trixie") == "native"
    with pytest.raises(launcher.UsageError, match="already inside solver-trixie"):
        launcher.choose_route(inside, "sid")
    with pytest.raises(launcher.UsageError, match="--mount: already inside"):
        launcher.choose_route(inside, mounts=["/a"])


def test_where_dolfinx_is_installed_nothing_is_built(launcher, env, tools, monkeypatch):
    monkeypatch.setattr(launcher, "dolfinx_is_here", lambda environ: True)
    tools.add("docker", "exit 0")
    assert launcher.choose_route({}) == "native"
    assert launcher.choose_route({}, "sid") == "docker"
    assert launcher.choose_route({}, None, "paraview") == "docker"


# --- what an environment is -------------------------------------------------------------------


def test_key_follows_the_content(env, monkeypatch, tmp_path):
    for name in ("packages.txt", "packages-paraview.txt", "dpkg.cfg"):
        (tmp_path / name).write_bytes((DOCKER / name).read_bytes())
    monkeypatch.setattr(env, "HERE", tmp_path)
    solver = env.Environment("solver", "trixie")
    key = solver.key
    assert key.startswith("solver-trixie-")
    assert env.Environment("solver", "sid").key != key
    assert env.Environment("paraview", "trixie").key != key
    listed = tmp_path / "packages.txt"
    listed.write_text("# a comment\n" + listed.read_text())
    assert solver.key == key
    listed.write_text(listed.read_text() + "python3-new\n")
    assert "python3-new" in solver.packages
    assert solver.key != key


def test_cache_folder(env):
    assert env.cache_folder({"JOULESTACK_CACHE": "/a"}) == Path("/a")
    assert env.cache_folder({"XDG_CACHE_HOME": "/b"}) == Path("/b/joulestack")
    assert env.cache_folder({}) == Path.home() / ".cache/joulestack"


# --- building ---------------------------------------------------------------------------------


def test_built_once(env, tools, tmp_path, capsys):
    solver = env.Environment("solver", "trixie")
    root = env.root_file_system(solver, tmp_path / "cache")
    assert (root / "usr/bin/python3").exists()
    assert "running apt-get update" in capsys.readouterr().err
    assert env.root_file_system(solver, tmp_path / "cache") == root
    assert tools.builds() == 1
    assert left_over(tmp_path / "cache") == []


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("E: write: No space left on device", "the disk is full"),
        ("E: Failed to fetch x  Could not connect to y", "mirror cannot be reached"),
        ("E: Unable to locate package python3-dolfinx", "does not have all the packages"),
        ("E: mkdir /x: Permission denied", "no permission"),
        ("E: newuidmap 12 failed", "uidmap"),
        ("E: something new", "something new"),
    ],
)
def test_failed_build_says_why_and_leaves_nothing(env, tools, tmp_path, said, message):
    tools.builder(f'mkdir -p "$target/usr"; echo "{said}" >&2; exit 1')
    with pytest.raises(env.NoEnvironment) as caught:
        env.root_file_system(env.Environment("solver", "sid"), tmp_path / "cache")
    assert message in str(caught.value)
    assert said[3:] in str(caught.value)
    assert left_over(tmp_path / "cache") == []
    assert [path for path in (tmp_path / "cache/environments").iterdir() if path.is_dir()] == []


def test_disk_that_fills_up_under_the_log(env, tools, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(env, "show_progress", full)
    with pytest.raises(env.NoEnvironment, match="the disk is full"):
        env.root_file_system(env.Environment("solver", "sid"), tmp_path / "cache")
    assert left_over(tmp_path / "cache") == []


def test_too_little_space_is_said_before(env, tools, tmp_path, monkeypatch):
    monkeypatch.setitem(env.GIGABYTES, "solver", 1e9)
    with pytest.raises(env.NoEnvironment, match="GB free, building solver-sid"):
        env.root_file_system(env.Environment("solver", "sid"), tmp_path / "cache")
    assert tools.builds() == 0


def test_cache_that_cannot_be_written(env, tools, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(env.NoEnvironment, match="JOULESTACK_CACHE=<folder> puts it elsewhere"):
        env.root_file_system(env.Environment("solver", "sid"), tmp_path / "file/cache")


def test_kernel_that_forbids_namespaces(env, tools, tmp_path):
    tools.add("bwrap", 'echo "bwrap: Operation not permitted" >&2; exit 1')
    with pytest.raises(env.NoEnvironment, match="may not make namespaces here"):
        env.root_file_system(env.Environment("solver", "sid"), tmp_path / "cache")
    assert tools.builds() == 0


def test_missing_tools(env, tools, tmp_path, monkeypatch):
    for name in ("mmdebstrap", "bwrap"):
        (tools.folder / name).unlink()
    monkeypatch.setenv("PATH", str(tools.folder))
    with pytest.raises(env.NoEnvironment, match="Install one of the engines"):
        env.install_tools(["mmdebstrap", "bwrap"])
    tools.add("apt-get", 'echo "E: Could not resolve the mirror"; exit 100')
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    with pytest.raises(env.NoEnvironment, match="sudo apt-get install mmdebstrap bubblewrap"):
        env.install_tools(["mmdebstrap", "bwrap"])
    monkeypatch.setattr(os, "getuid", lambda: 0)
    with pytest.raises(env.NoEnvironment, match="mirror cannot be reached"):
        env.install_tools(["mmdebstrap", "bwrap"])


BUILD = f"""
import sys; sys.dont_write_bytecode = True; sys.path.insert(0, {str(DOCKER)!r})
import environment as env, os
env.GIGABYTES["solver"] = 0
try:
    env.root_file_system(env.Environment("solver", "trixie"), env.cache_folder(os.environ))
except env.Interrupted as error:
    sys.exit(128 + error.number)
"""


def start_build():
    return subprocess.Popen([sys.executable, "-c", BUILD], stderr=subprocess.PIPE, text=True)


def wait_for(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_stopped_build_is_removed(env, tools, tmp_path):
    tools.builder("sleep 30")
    build = start_build()
    wait_for(tools.builds)
    assert left_over(tmp_path / "cache")
    build.terminate()
    assert build.wait(20) == 128 + signal.SIGTERM
    assert left_over(tmp_path / "cache") == []


def test_killed_build_is_never_taken_for_whole(env, tools, tmp_path):
    tools.builder("exec sleep 1")
    build = start_build()
    wait_for(tools.builds)
    build.kill()
    build.wait(20)
    assert left_over(tmp_path / "cache")
    tools.builder("")
    root = env.root_file_system(env.Environment("solver", "trixie"), tmp_path / "cache")
    assert (root / "usr/bin/python3").exists()
    assert tools.builds() == 2
    assert left_over(tmp_path / "cache") == []


def test_another_lists_dead_build_is_removed_too(env, tools, tmp_path):
    old = tmp_path / "cache/environments/.partial-solver-trixie-0123456789ab"
    (old / "usr").mkdir(parents=True)
    env.root_file_system(env.Environment("solver", "trixie"), tmp_path / "cache")
    assert left_over(tmp_path / "cache") == []


def test_two_starts_build_once(tools):
    tools.builder("sleep 0.5")
    builds = [start_build(), start_build()]
    said = [build.communicate(timeout=30)[1] for build in builds]
    assert [build.returncode for build in builds] == [0, 0]
    assert tools.builds() == 1
    assert sum("waiting for it" in text for text in said) == 1


# --- running ----------------------------------------------------------------------------------


def test_folders_to_mount(launcher, tmp_path, monkeypatch):
    monkeypatch.setattr(launcher, "REPO", tmp_path / "repo")
    for name in ("repo/cases", "work", "data", "new"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "data/case.toml").write_text("")
    words = [
        "run",
        str(tmp_path / "data/case.toml"),
        f"--results={tmp_path / 'new/a/b'}",
        "--set",
        "cell.stack_pressure=20 MPa",
        "/usr/bin/env",
        "x" * 5000,
    ]
    assert launcher.folders_to_mount(words, tmp_path / "work") == [
        tmp_path / name for name in ("data", "new", "repo", "work")
    ]
    assert launcher.folders_to_mount([], tmp_path) == [tmp_path]  # parents cover what is below
    with pytest.raises(launcher.UsageError, match="would hide the environment"):
        launcher.folders_to_mount([], Path("/usr"))


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("run c.toml -o /a", [("-o", "/a")]),
        ("run c.toml -o/a -q", [("-o", "/a")]),
        ("run c.toml -qo/a", [("-o", "/a")]),
        ("run c.toml -qo ../a", [("-o", "../a")]),
        ("run -s -o=1 c.toml --output /a", [("--output", "/a")]),
        ("microstructure generate c.toml --output=/a", [("--output", "/a")]),
        ("materials --chart /a/k.png", [("--chart", "/a/k.png")]),
        ("run c.toml -o", [("-o", "")]),
        ("python x.py -o /a", []),
        ("run c.toml --overwrite", []),
    ],
)
def test_outputs_on_the_command_line(launcher, line, named):
    assert list(launcher.outputs(line.split())) == named


@pytest.fixture
def elsewhere(launcher, tmp_path, monkeypatch):
    """A working directory, and a place beside it that nothing else makes visible."""
    monkeypatch.setattr(launcher, "REPO", tmp_path / "repo")
    for name in ("repo", "work", "elsewhere"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "elsewhere"


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ("run c.toml -o {}/a/b", ["a", "a/b"]),
        ("run c.toml -o../elsewhere/a", ["a"]),
        ("impedance c.toml --output={}/a", ["a"]),
        ("fit contact c.csv -o {}/a/stem", ["a"]),
        ("materials LPS --plot --output {}/k.png", []),
        ("report results/cell -o {}/cell.html", []),
        ("compare results/a results/b -o {}/a/b.html", ["a"]),
    ],
)
def test_output_folders_are_made_and_mounted_alone(launcher, elsewhere, line, made):
    words, work = line.format(elsewhere).split(), elsewhere.parent / "work"
    folders, new = launcher.make_outputs(words, work)
    assert new == [elsewhere / name for name in made]
    last = new[-1] if new else elsewhere
    assert set(folders) == {last}
    mounted = launcher.folders_to_mount(words, work, folders)
    assert mounted == sorted([last, elsewhere.parent / "repo", work])
    launcher.remove_empty(new)
    assert not list(elsewhere.iterdir())


def test_what_was_written_stays(launcher, elsewhere):
    words = ["run", "c", "-o", f"{elsewhere}/a/b"]
    assert launcher.make_outputs(words, elsewhere) == ([], [])  # below the working directory
    _, new = launcher.make_outputs(words, elsewhere.parent / "work")
    (elsewhere / "a/summary.json").write_text("{}")
    launcher.remove_empty(new)
    assert [f.name for f in (elsewhere / "a").iterdir()] == ["summary.json"]


def test_targets_of_links_are_mounted_too(launcher, elsewhere):
    work = elsewhere.parent / "work"
    (work / "link").symlink_to(elsewhere / "target")  # which is not there yet
    folders, new = launcher.make_outputs(["run", "c", "-o", "link/x"], work)
    assert new == [elsewhere / "target", elsewhere / "target/x"]
    assert elsewhere / "target/x" in launcher.folders_to_mount([], work, folders)
    (work / "results").symlink_to(elsewhere)  # the default place
    assert elsewhere in launcher.folders_to_mount(["run", "c.toml"], work)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "c", "-o", "/usr/x"], "-o /usr/x: /usr/x belongs to the system"),
        (["run", "c", "-o/"], "-o /: / belongs to the system"),
        (["run", "c", "--output=/dev/shm/x"], "belongs to the system"),
        (["materials", "--chart", "/k.png"], "--chart /k.png: / belongs to the system"),
        (["fit", "contact", "c.csv", "-o", "/var/fit"], "/var belongs to the system"),
        (["run", "c", "-o", "link/x"], "-o link/x: /etc/x belongs to the system"),
        (["run", "c", "-o", "../elsewhere/file/x"], "cannot be made"),
        (["run", "c", "-o", "../elsewhere/" + "x" * 300], "File name too long"),
    ],
)
def test_outputs_that_would_be_lost_are_refused(launcher, elsewhere, words, message):
    work = elsewhere.parent / "work"
    (work / "link").symlink_to("/etc")
    (elsewhere / "file").write_text("")
    with pytest.raises(launcher.UsageError) as caught:
        launcher.make_outputs(words, work)
    assert message in str(caught.value)
    assert [f.name for f in elsewhere.iterdir()] == ["file"]


def test_folders_asked_for_are_mounted(launcher, elsewhere):
    folders, new = launcher.make_outputs(["python", "x.py"], elsewhere.parent / "work",
                                         ["../elsewhere/a"])  # fmt: skip
    assert set(folders) == set(new) == {elsewhere / "a"}
    with pytest.raises(launcher.UsageError, match="--mount /etc: /etc belongs to the system"):
        launcher.make_outputs(["python", "x.py"], elsewhere.parent / "work", ["/etc"])


def test_the_inside_is_told_what_is_seen(tools, tmp_path):
    """And what nothing was written to is not there afterwards."""
    tools.add("docker", '[ "$1" = run ] || exit 0; printf "%s\\n" "$@"; ls "{0}"'.replace(
        "{0}", str(tmp_path / "new")))  # fmt: skip
    (tmp_path / "work").mkdir()
    run = start("run", "case.toml", "-o", "../new/x", engine="docker", cwd=tmp_path / "work")
    out, _ = run.communicate(timeout=30)
    lines = out.splitlines()
    assert lines[-1] == "x"
    assert f"--volume={tmp_path}/new/x:{tmp_path}/new/x" in lines
    assert "--tmpfs=/joulestack-tmp:rw,exec,mode=1777" in lines
    assert "--env=TMPDIR=/joulestack-tmp" in lines
    (told,) = (s for s in lines if s.startswith("--env=JOULESTACK_VISIBLE="))
    seen = json.loads(told.partition("VISIBLE=")[2])
    assert {f"{tmp_path}/new/x", f"{tmp_path}/work", "/joulestack-tmp"} <= set(seen)
    assert not (tmp_path / "new").exists()
    run = start("run", "case.toml", "-o", "/usr/x", engine="docker", cwd=tmp_path / "work")
    assert "/usr/x belongs to the system" in run.communicate(timeout=30)[1]
    assert run.returncode == 2


def test_container_line(launcher):
    def line(engine, terminal):
        return launcher.container_command(
            engine,
            "image:tag",
            Path("/c/home"),
            [Path("/w")],
            Path("/w"),
            {"A": "1 2"},
            ["python3"],
            terminal,
        )

    docker = line("docker", True)
    assert docker[-2:] == ["image:tag", "python3"]
    assert {
        "--tty",
        f"--user={os.getuid()}:{os.getgid()}",
        "--volume=/w:/w",
        "--workdir=/w",
        "--env=A=1 2",
        "--volume=/c/home:/joulestack-home",
    } <= set(docker)
    assert "--tty" not in line("docker", False)
    assert "--security-opt=label=disable" in line("podman", False)


def test_variables_of_another_system_stay_outside(launcher, env):
    outside = {
        "PYTHONPATH": "/x",
        "LD_LIBRARY_PATH": "/y",
        "TERM": "xterm",
        "OMP_NUM_THREADS": "2",
        "JOULESTACK_ENGINE": "rootfs",
        "PYTEST_ADDOPTS": "-q",
    }
    inside = launcher.inside_variables(env.Environment("solver", "sid"), outside)
    assert inside["PYTHONPATH"] == str(DOCKER.parent / "src")
    assert inside["TERM"] == "xterm"
    assert inside["OMP_NUM_THREADS"] == "2"
    assert inside["PYTEST_ADDOPTS"] == "-q"
    assert inside["JOULESTACK_INSIDE"] == "solver-sid"
    assert not {"LD_LIBRARY_PATH", "JOULESTACK_ENGINE"} & set(inside)


def start(*words, engine, cwd, **more):
    environ = {**os.environ, "JOULESTACK_ENGINE": engine, **more}
    return subprocess.Popen(
        [sys.executable, str(DOCKER / "joulestack"), *words],
        env=environ,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("code", [0, 3, 7])
def test_exit_codes_pass_through_containers(tools, tmp_path, code):
    tools.add("docker", f'[ "$1" = run ] || exit 0; echo "$@"; exit {code}')
    run = start("-n", "2", "run", "case.toml", engine="docker", cwd=tmp_path)
    out, _ = run.communicate(timeout=30)
    assert run.returncode == code
    assert out.strip().endswith("mpirun -n 2 python3 -P -m joulestack run case.toml")


def test_exit_codes_and_signals_pass_through_bubblewrap(env, tools, tmp_path):
    (tmp_path / "cache/environments" / env.Environment("solver", "trixie").key).mkdir(parents=True)
    run = start("python", "-c", "raise SystemExit(5)", engine="rootfs", cwd=tmp_path)
    run.communicate(timeout=30)
    assert run.returncode == 5
    script = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *a: sys.exit(9))\n"
        "print('up', flush=True); time.sleep(30)"
    )
    run = start("python", "-c", script, engine="rootfs", cwd=tmp_path)
    assert run.stdout.readline() == "up\n"
    run.terminate()
    run.communicate(timeout=30)
    assert run.returncode == 9


def test_no_environment_is_exit_code_4_and_wrong_words_2(tools, tmp_path):
    tools.add("docker", "exit 1")
    run = start("test", engine="docker", cwd=tmp_path)
    assert "`docker info` fails" in run.communicate(timeout=30)[1]
    assert run.returncode == 4
    run = start("-n", "2", "shell", engine="docker", cwd=tmp_path)
    assert "-n does not go with shell" in run.communicate(timeout=30)[1]
    assert run.returncode == 2


def test_failed_image_build_says_what_helps(tools, tmp_path):
    tools.add("docker", '[ "$1" = info ] && exit 0; exit 1')
    run = start("test", engine="docker", cwd=tmp_path)
    said = run.communicate(timeout=30)[1]
    assert run.returncode == 4
    assert "mmdebstrap --variant=minbase trixie - | docker import - debian:trixie-slim" in said
