#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`watch` on what grows and what does not, and --fail-if. Prints TAP."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile

from cli import CLI, main, run, show, test, zoo

GROWER = os.environ["PSC_TEST_GROWER"]


@contextlib.contextmanager
def grower(animal, speed="1"):
    """Leaks or does not; its seconds are tenths."""
    process = subprocess.Popen([GROWER, animal, "1", speed, "real"], stdout=subprocess.PIPE,
                               text=True)
    try:
        assert process.stdout.readline() == "ready\n"
        yield process.pid
    finally:
        process.kill()
        process.communicate()


def start_watch(*args):
    return subprocess.Popen([CLI, "watch", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True)


def watch(*args):
    watcher = start_watch(*args)
    output, errors = watcher.communicate(timeout=110)
    return watcher.returncode, output, errors


def looks(pid, *args):
    return [json.loads(line) for line in run("watch", str(pid), "--json", *args).splitlines()]


@test
def watch_as_text():
    with zoo("anon") as (pid, _):
        lines = run("watch", str(pid), "--interval", "50ms", "--for=0.2").splitlines()
        assert lines[0].split() == ["TIME", "RESIDENT", "SWAPPED", "HUGE", "CHANGE", "MAPPINGS",
                                    "COST", "GROWS"]
        looks, verdict = lines[1:-2], lines[-2:]
        assert 2 <= len(looks) <= 4, lines
        for line in looks:
            assert re.fullmatch(r" *\d+\.\d\d s +[\d.]+ [KM]iB +0 B +0 B +0 B +\d+ +<?[\d.]+ ms",
                                line), line
            assert len(line) + len("  GROWS") == len(lines[0]), line
        assert verdict[0] == "Verdict: too short to tell what grows: needs 30 s more", verdict
        assert re.fullmatch(r"  All memory: 0 B in 0 s, too short to tell: needs 30 s more",
                            verdict[1]), verdict


@test
def watch_as_json():
    with zoo("anon", "thp") as (pid, _):
        *lines, end = looks(pid, "--interval=0.05s", "--for", "300ms")
        totals = show(pid)["totals"]
    assert 2 <= len(lines) <= 6
    assert end["ended"] is False and end["pid"] == pid and "held" not in end
    assert end["verdict"]["total"]["shape"] == "too_short"
    kinds = {finding.get("kind") for finding in end["verdict"]["findings"]}
    assert kinds >= {"anon", "stack", "text"}, kinds
    for line in lines:
        assert line["pid"] == pid and line["schema"] == 1 and line["change"] == 0
        for key in ["mappings", "size", "resident", "swapped", "zero", "huge", "hugetlb"]:
            assert line[key] == totals[key], (key, line, totals)
        assert line["cost"]["wall_usec"] > 0
    times = [line["elapsed_usec"] for line in lines]
    assert times == sorted(times) and times[-1] < 1000000
    # A process that keeps still isn't scanned again and again.
    assert [line["reused"] for line in lines] == [False] + [True] * (len(lines) - 1)


@test
def every_look_counts():
    """Also one at which the snapshot is that of the look before: an idle process has a past."""
    with zoo("anon") as (pid, _):
        *lines, end = looks(pid, "--interval", "50ms", "--for", "0.5")
    assert [line["reused"] for line in lines[-2:]] == [True, True], lines
    between = lines[-1]["elapsed_usec"] - lines[0]["elapsed_usec"]
    watched = end["verdict"]["watched_usec"]
    assert between * 0.7 < watched < between * 1.3, (between, watched)


@test
def watch_until_the_end():
    for args, said in [([], "process ended"), (["--json"], "ended")]:
        with zoo("anon") as (pid, _):
            watcher = start_watch(str(pid), "--interval", "10ms", *args)
            for _ in range(3):
                assert watcher.stdout.readline()
        output, errors = watcher.communicate(timeout=60)
        lines = output.splitlines()
        assert (watcher.returncode, errors) == (0, ""), errors
        if args:
            assert json.loads(lines[-1])[said] is True
        else:
            assert said in lines and lines.index(said) < len(lines) - 1, lines
            assert lines[lines.index(said) + 1].startswith("Verdict: "), lines
        assert output.endswith("\n")


@test
def watch_stops_at_a_signal():
    for number in [signal.SIGINT, signal.SIGTERM]:
        with zoo("anon") as (pid, _):
            watcher = start_watch(str(pid), "--json", "--interval", "10ms")
            first = watcher.stdout.readline()
            watcher.send_signal(number)
            output, errors = watcher.communicate(timeout=60)
        assert (watcher.returncode, errors) == (0, ""), errors
        for line in [first, *output.splitlines()]:
            assert json.loads(line)["pid"] == pid
        assert output.endswith("\n")
        assert "verdict" in json.loads(output.splitlines()[-1])


@test
def fails_when_a_size_is_exceeded():
    with zoo("anon") as (pid, _):
        for condition, said in [("resident>64KiB", "it is at"), ("any>4K", "is at"),
                                ("heap>1GiB,mappings>3", "there are")]:
            status, output, error = watch(str(pid), "--fail-if", condition, "--json")
            assert status == 3, (condition, status, output, error)
            assert error.startswith("pagescape-cli: --fail-if held: ") and said in error, error
            assert error.count("\n") == 1, error
            # At the first look.
            lines = [json.loads(line) for line in output.splitlines()]
            assert len(lines) == 2 and said in lines[1]["held"], output


@test
def goes_on_when_none_is():
    with zoo("anon") as (pid, _):
        status, output, error = watch(str(pid), "--fail-if", "resident>1TiB,major_faults>9/s",
                                      "--for", "0.2", "--interval", "20ms", "--json")
    assert (status, error) == (0, ""), error
    assert "held" not in json.loads(output.splitlines()[-1])


@test
def says_when_there_is_no_such_name():
    with zoo("anon") as (pid, _):
        status, _, error = watch(str(pid), "--fail-if", 'segment:"Jaba heap">1K', "--for", "50ms")
    assert status == 0 and "Jaba heap" in error and error.count("\n") == 1, error


@test
def refuses_what_is_no_condition():
    own = str(os.getpid())
    for text, needle in [("", "empty"), ("heep>1", "“heep>1”"), ("heap", "“>”"),
                         ("heap>x", "after “heap>” there must be a size"),
                         ("faults>5", "/s, /min or /h"), ("heap>1MB", "MiB")]:
        error = run("watch", own, "--fail-if", text, status=2)
        assert "--fail-if: " in error and needle in error, error


@test
def has_its_verdict_after_a_signal():
    with grower("idle") as pid:
        watcher = start_watch(str(pid), "--interval", "10ms")
        watcher.stdout.readline()
        watcher.stdout.readline()
        watcher.send_signal(signal.SIGINT)
        output, errors = watcher.communicate(timeout=60)
    assert (watcher.returncode, errors) == (0, ""), errors
    assert "\nVerdict: too short to tell what grows: needs 3" in "\n" + output, output


@test
def fails_on_a_leak_and_not_on_none():
    """In real time, both at once: a fast leak, which ends the watch early, and an idle program."""
    with grower("heap-leak", "5") as leak, grower("idle") as idle:
        at_leak = start_watch(str(leak), "--fail-if", "any>1MiB/min", "--for", "100")
        at_idle = start_watch(str(idle), "--fail-if", "any>1KiB/h", "--for", "40")
        lines, error = at_leak.communicate(timeout=110)
        said, nothing = at_idle.communicate(timeout=110)
    assert at_leak.returncode == 3, (lines, error)
    assert re.fullmatch(r"pagescape-cli: --fail-if held: any>1MiB/min: Heap is growing steadily, "
                        r"[\d.]+ [KMG]iB/min for [\d.]+ s, [\d.]+ [KMG]iB/min at least\n",
                        error), error
    assert re.search(r"^Verdict: Heap: growing steadily, ", lines, re.M), lines
    assert re.search(r" ms  Heap [\d.]+ [KMG]iB/min$", lines, re.M), lines
    # Sure after half a minute, and half a minute more.
    assert 58 <= len(re.findall(r" m?s(?:  Heap.*)?$", lines, re.M)) <= 80, lines
    assert (at_idle.returncode, nothing) == (0, ""), nothing
    assert "\nVerdict: nothing grows\n" in said, said


@test
def judges_a_recording():
    with tempfile.TemporaryDirectory() as folder, grower("mmap-leak", "5") as pid:
        path = os.path.join(folder, "leak.pagescape")
        subprocess.run([CLI, "record", str(pid), "-o", path, "--interval", "0.5", "--for", "34"],
                       check=True, capture_output=True, timeout=60)
        text = run("watch", path)
        assert text.startswith("Verdict: Anonymous memory: growing steadily, "), text
        end = json.loads(run("watch", path, "--json"))
        assert end["pid"] == pid and end["verdict"]["findings"][0]["shape"] == "growing", end
        status, _, error = watch(path, "--fail-if", "anon>1MiB/min")
        assert status == 3 and "growing steadily" in error, error
        early = json.loads(run("watch", path + "@10s", "--json"))
        assert early["verdict"]["total"]["shape"] == "too_short", early


if __name__ == "__main__":
    sys.exit(main())
