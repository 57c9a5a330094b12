"""Task logs: one file per attempt, so they pile up."""

from __future__ import annotations

import time
from pathlib import Path

_DAY_SECONDS = 86_400


def delete_older_than(days: int) -> int:
    """Deletes Airflow's log files not written for so many days, and emptied folders.

    Returns how many files.
    """
    from airflow.configuration import conf

    folder = Path(conf.get("logging", "base_log_folder"))
    return delete_files_older_than(folder, time.time() - days * _DAY_SECONDS)


def delete_files_older_than(folder: Path, moment: float) -> int:
    """`moment` is seconds since 1970. The folder itself stays."""
    deleted = 0
    # Deepest first, so that a folder is looked at when its content is gone.
    for path in sorted(folder.rglob("*"), key=lambda p: len(p.parts), reverse=True):
        if path.is_symlink() or path.is_file():
            if path.lstat().st_mtime < moment:
                path.unlink(missing_ok=True)
                deleted += 1
        elif path.stat().st_mtime < moment and not any(path.iterdir()):
            path.rmdir()
    return deleted
