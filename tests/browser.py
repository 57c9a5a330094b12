"""Makes sure that a browser and a Chinese font are on the machine: the front is tested in Debian's Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = ("chromium", "fonts-noto-cjk")
CHROMIUM = "/usr/bin/chromium"


def missing() -> list[str]:
    """The packages that are not installed."""
    lacking = [] if Path(CHROMIUM).exists() else ["chromium"]
    if not Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists():
        lacking.append("fonts-noto-cjk")
    return lacking


def install(packages: list[str]) -> int:
    """Installs Debian packages, as root or through sudo. Returns the exit code."""
    if not shutil.which("apt-get"):
        print(f"install {', '.join(packages)} by hand: this is no Debian", file=sys.stderr)
        return 2
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(
            [*prefix, *command], env=quiet, capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(done.stdout[-2000:], done.stderr[-2000:], file=sys.stderr)
            return done.returncode
    return 0


if __name__ == "__main__":
    wanted = missing()
    sys.exit(install(wanted) if wanted else 0)
