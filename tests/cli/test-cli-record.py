#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings on the command line: made, stopped, looked at like a process. Prints TAP."""

import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile

from cli import CLI, main, run, show, test, zoo

# Grows by 4 KiB for every line that it is sent, and answers each.
GROWING = """
import ctypes, mmap, sys
memory = mmap.mmap(-1, 64 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
print(flush=True)
for i, line in enumerate(sys.stdin):
    memory[i * 4096] = 1
    print(flush=True)
"""


@contextlib.contextmanager
def growing():
    """A process, and a function that makes it touch some pages more."""
    process = subprocess.Popen(["/usr/bin/python3", "-c", GROWING], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)

    def grow(pages):
        for _ in range(pages):
            process.stdin.write("\n")
            process.stdin.flush()
            process.stdout.readline()

    try:
        process.stdout.readline()
        yield process, grow
    finally:
        process.kill()
        process.communicate()


def start_recording(*args):
    return subprocess.Popen([CLI, "record", *args], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def moments(path):
    """Times of what is recorded so far, as anyone can ask; none before there is a file."""
    with contextlib.suppress(sqlite3.Error):
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return [time for time, in database.execute("SELECT time_usec FROM moments")]
    return []


def wait_for_moments(recorder, path, count):
    while len(moments(path)) < count:
        assert recorder.poll() is None, recorder.communicate()
    return moments(path)


def without_smaps(value):
    """Recording doesn't read it, show does."""
    if isinstance(value, list):
        return [without_smaps(item) for item in value]
    if isinstance(value, dict):
        return {key: without_smaps(item) for key, item in value.items()
                if key not in ("pss", "smaps")}
    return value


@test
def record_and_look():
    with tempfile.TemporaryDirectory() as folder, growing() as (process, grow):
        path = os.path.join(folder, "a.pagescape")
        recorder = start_recording(str(process.pid), "-o", path, "--interval", "10ms")
        first = wait_for_moments(recorder, path, 2)
        grow(100)
        wait_for_moments(recorder, path, len(moments(path)) + 2)
        recorder.send_signal(signal.SIGINT)
        output, errors = recorder.communicate(timeout=60)
        assert (recorder.returncode, errors) == (0, "")
        assert re.fullmatch(rf"{re.escape(path)}: \d+ moments in [\d.]+ m?s, [\d.]+ KiB\n",
                            output), output
        assert os.listdir(folder) == ["a.pagescape"]
        assert os.stat(path).st_mode & 0o777 == 0o600
        now, end, start = (show(target) for target in [process.pid, path, f"{path}@start"])
        for key in ["totals", "kinds", "mappings", "owners"]:
            assert without_smaps(end[key]) == without_smaps(now[key]), key
        assert end["totals"]["resident"] - start["totals"]["resident"] >= 100 * 4096
        diff = json.loads(run("diff", f"{path}@start", path, "--json"))
        assert diff["totals"]["resident"]["delta"] >= 100 * 4096, diff["totals"]
        assert show(f"{path}@0")["totals"] == start["totals"]
        with contextlib.closing(sqlite3.connect(path)) as database:
            meta = dict(database.execute("SELECT key, value FROM meta"))
        assert meta["ended"] == "stopped" and int(meta["pid"]) == process.pid
        assert first[0] == moments(path)[0]


@test
def record_until_the_end():
    with tempfile.TemporaryDirectory() as folder, growing() as (process, _):
        path = os.path.join(folder, "a.pagescape")
        recorder = start_recording(str(process.pid), "-o", path, "--interval", "10ms")
        wait_for_moments(recorder, path, 2)
        process.kill()
        process.wait()
        _, errors = recorder.communicate(timeout=60)
        assert (recorder.returncode, errors) == (0, "")
        with contextlib.closing(sqlite3.connect(path)) as database:
            (ended,), = database.execute("SELECT value FROM meta WHERE key = 'ended'")
        assert ended == "the process ended"


@test
def killed_recorder_leaves_what_there_was():
    with tempfile.TemporaryDirectory() as folder, growing() as (process, grow):
        path = os.path.join(folder, "a.pagescape")
        recorder = start_recording(str(process.pid), "-o", path, "--interval", "10ms")
        wait_for_moments(recorder, path, 3)
        grow(10)
        seen = wait_for_moments(recorder, path, len(moments(path)) + 2)
        recorder.kill()
        recorder.communicate()
        assert show(path)["pid"] == process.pid
        assert moments(path)[:len(seen)] == seen


@test
def record_for_a_while():
    with tempfile.TemporaryDirectory() as folder, zoo("anon") as (pid, _):
        output = run("record", str(pid), "--for", "0.2", "--interval", "20ms", cwd=folder)
        name, = os.listdir(folder)
        assert re.fullmatch(rf"psc-zoo-{pid}-\d{{8}}-\d{{6}}\.pagescape", name), name
        assert output.startswith(f"{name}: ")
        assert 2 <= len(moments(os.path.join(folder, name))) <= 12


@test
def nothing_is_overwritten_unasked():
    with tempfile.TemporaryDirectory() as folder, zoo("anon") as (pid, _):
        path = os.path.join(folder, "a.pagescape")
        words = ["record", str(pid), "-o", path, "--for", "20ms"]
        run(*words)
        before = moments(path)
        assert "--force" in run(*words, status=1)
        assert moments(path) == before
        run(*words, "--force")
        assert moments(path)[0] > before[-1]
        other = os.path.join(folder, "letter")
        with open(other, "w", encoding="utf-8") as file:
            file.write("Dear friends\n" * 100)
        assert "no recording" in run("record", str(pid), "-o", other, "--for", "20ms", "--force",
                                     status=1)
        with open(other, encoding="utf-8") as file:
            assert file.readline() == "Dear friends\n"
        # What can't be looked at leaves no file behind.
        gone = os.path.join(folder, "gone.pagescape")
        run("record", "2", "-o", gone, status=1)
        assert not os.path.exists(gone)


@test
def bad_moments():
    with tempfile.TemporaryDirectory() as folder, zoo("anon") as (pid, _):
        path = os.path.join(folder, "a.pagescape")
        run("record", str(pid), "-o", path, "--for", "20ms")
        assert "no time" in run("show", f"{path}@yesterday", status=2)
        assert "goes from" in run("show", f"{path}@9h", status=1)
        assert "No such file" in run("show", os.path.join(folder, "no.pagescape"), status=1)
        assert "runs" in run("record", path, status=2)
        assert "runs" in run("export", path, "-o", os.path.join(folder, "a.png"), "--lens", "order",
                             status=2)


@test
def names_with_a_slash():
    """A file if there is one, else a process: those of the kernel's threads have slashes."""
    rename = 'open("/proc/self/comm", "w").write("work/0:1"); print(flush=True); input()'
    process = subprocess.Popen(["/usr/bin/python3", "-c", rename], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "\n"
        with tempfile.TemporaryDirectory() as folder:
            said = json.loads(run("show", "work/0:1", "--json", cwd=folder))
            assert said["pid"] == process.pid and said["name"] == "work/0:1", said["name"]
            error = run("show", "work/0:2", status=1, cwd=folder)
            assert "neither a file" in error and "nor a process" in error, error
            # With a file of that name it is the file that is meant.
            os.mkdir(os.path.join(folder, "work"))
            path = os.path.join(folder, "work", "0:1")
            run("record", str(process.pid), "-o", path, "--for", "20ms")
            assert json.loads(run("watch", "work/0:1", "--json", cwd=folder))["pid"] == process.pid
            assert "recording" in run("record", "work/0:1", status=2, cwd=folder)
            run("export", "work/0:1@start", "-o", "a.png", cwd=folder)
    finally:
        process.communicate("\n")


@test
def pictures_of_moments():
    with tempfile.TemporaryDirectory() as folder, growing() as (process, grow):
        path = os.path.join(folder, "a.pagescape")
        recorder = start_recording(str(process.pid), "-o", path, "--interval", "10ms")
        wait_for_moments(recorder, path, 1)
        grow(2000)
        wait_for_moments(recorder, path, len(moments(path)) + 2)
        recorder.send_signal(signal.SIGTERM)
        recorder.communicate(timeout=60)
        for lens in ["residency", "sharing"]:
            out = os.path.join(folder, f"{lens}.png")
            run("export", path, "-o", out, "--lens", lens)
            with open(out, "rb") as file:
                assert file.read(8) == b"\x89PNG\r\n\x1a\n"
        change = os.path.join(folder, "change.svg")
        run("export", path, "-o", change, "--lens", "change", "--since", f"{path}@start")
        with open(change, encoding="utf-8") as file:
            assert "Appeared" in file.read()
        chart = os.path.join(folder, "chart.svg")
        run("export", path, "-o", chart, "--timeline")
        with open(chart, encoding="utf-8") as file:
            assert "faults/s" in file.read()
        assert "past" in run("export", str(process.pid), "-o", chart, "--timeline", status=2)
        # What has grown is young; what was there when the recording began is older.
        young, old = os.path.join(folder, "young.svg"), os.path.join(folder, "old.svg")
        run("export", path, "-o", young, "--lens", "age", "--timeline")
        run("export", f"{path}@start", "-o", old, "--lens", "age")
        for picture, is_young in [(young, True), (old, False)]:
            with open(picture, encoding="utf-8") as file:
                text = file.read()
            ages = [age for age in ["Just now", "Seconds", "Up to a minute"] if age in text]
            assert "Older" in text and bool(ages) == is_young, (picture, ages)
        error = run("export", str(process.pid), "-o", old, "--lens", "age", status=2)
        assert "needs a recording" in error and str(process.pid) in error, error
        assert "--timeline" in run("export", path, "-o", os.path.join(folder, "a.csv"),
                                   "--timeline", status=2)


if __name__ == "__main__":
    sys.exit(main())
