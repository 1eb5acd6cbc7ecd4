#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""pagescape-cli as a person runs it: what it prints and writes, and how it fails. Prints TAP."""

import contextlib
import csv
import json
import os
import pty
import re
import resource
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

from cli import CLI, ZOO, Skip, diff, export, main, run, show, test, zoo

PROBE = os.environ["PAGESCAPE_PROBE"]
MAN = os.environ["PSC_TEST_MAN"]
NOBODY = 65534

KINDS = set("""text rodata relro data bss heap stack thread_stack anon jit reserved guard file
    shm_anon shm_posix shm_sysv shm_memfd hugetlb device vdso""".split())
CLASSES = set("""absent resident resident_file huge hugetlb zero swapped guard special
              unknown""".split())
OTHER_WORDS = {"scan", "pagemap", "none", "denied", "unsupported", "gone", "torn", "not_read",
               "failed", "null", "true", "export", "thread", "named", "runtime", "arena",
               "address", "file", "path", "owner", "place", "came", "went", "segment", "fixed",
               "nothing", "note", "growing", "leak", "too_short", "flat", "warming_up", "sawtooth",
               "shrinking", "cgroup", "cgroup_high", "out_of_memory", "commit", "address_space"}

# What it prints


@test
def version_and_help():
    assert re.fullmatch(r"pagescape-cli \d+\.\d+\.\d+\n", run("--version"))
    for words in [["--help"], ["list", "--help"], ["show", "--help"], ["find", "--help"],
                  ["diff", "--help"], ["export", "--help"], ["record", "--help"],
                  ["watch", "--help"], ["orphans", "--help"], ["cold", "--help"]]:
        text = run(*words)
        assert "Usage:" in text and "--via" in text
        if len(words) > 1:
            assert f"pagescape-cli {words[0]}" in text
    for command in ["list", "show", "find", "diff", "export", "record", "watch", "orphans", "cold"]:
        assert command in run("--help")


@test
def list_as_text():
    lines = run("list").splitlines()
    assert lines[0].split() == ["PID", "USER", "RESIDENT", "SIZE", "THREADS", "NAME", "COMMAND"]
    own = [line for line in lines if line.split()[0] == str(os.getpid())]
    assert len(own) == 1 and "test-cli.py" in own[0]


@test
def list_as_json():
    data = json.loads(run("list", "--json"))
    assert data["schema"] == 1 and set(data) == {"schema", "processes"}
    keys = {"pid": int, "ppid": int, "uid": int, "user": str, "name": str, "command": str,
            "size": int, "resident": int, "shared": int, "threads": int, "state": str,
            "kernel_thread": bool}
    for process in data["processes"]:
        assert {key: type(value) for key, value in process.items()} == keys
    resident = [process["resident"] for process in data["processes"]]
    assert resident == sorted(resident, reverse=True)
    own = [process for process in data["processes"] if process["pid"] == os.getpid()]
    assert own[0]["ppid"] == os.getppid() and own[0]["uid"] == os.getuid()
    assert not own[0]["kernel_thread"] and own[0]["resident"] > 0
    # The command line sees itself and its probe.
    assert any(process["name"] == "pagescape-cli" for process in data["processes"])


@test
def show_as_text():
    with zoo("anon", "memfd") as (pid, places):
        text = run("show", str(pid))
        assert f"{pid}" in text and "psc-zoo" in text and "Anonymous memory" in text
        assert places["anon"]["start"][2:] in text


@test
def show_as_json():
    with zoo("anon", "memfd", "checker") as (pid, places):
        data = show(pid)
    assert data["schema"] == 1 and data["pid"] == pid and data["name"] == "psc-zoo"
    assert data["command"].endswith("checker") and data["threads"] == 1
    assert data["kernel"].startswith("Linux ")
    mappings = {mapping["start"]: mapping for mapping in data["mappings"]}
    anon = mappings[places["anon"]["start"]]
    assert anon["end"] == places["anon"]["end"] and anon["kind"] == "anon"
    assert anon["resident"] == 40 * data["page_size"] and anon["size"] == 64 * data["page_size"]
    assert mappings[places["checker"]["start"]]["resident"] == 512 << 10
    assert mappings[places["memfd"]["start"]]["kind"] == "shm_memfd"
    for sums in [data["totals"], *data["kinds"].values()]:
        assert set(sums["classes"]) == CLASSES
        assert sum(sums["classes"].values()) == sums["size"]
    for key in ["size", "resident", "swapped", "huge", "hugetlb", "zero"]:
        assert data["totals"][key] == sum(mapping[key] for mapping in data["mappings"])
        assert data["totals"][key] == sum(kind[key] for kind in data["kinds"].values())
    # The kernel's own pages are special, which is no lack of knowledge.
    special = [mapping for mapping in data["mappings"]
               if mapping["name"].startswith("[vvar") or mapping["name"] == "[vsyscall]"]
    assert special and not any(mapping["resident"] for mapping in special)
    assert data["totals"]["classes"]["special"] == sum(mapping["size"] for mapping in special)
    assert data["totals"]["classes"]["unknown"] == 0
    assert set(data["kinds"]) == {mapping["kind"] for mapping in data["mappings"]} <= KINDS
    assert data["totals"]["page_tables"] > 0
    assert all(data["cost"][key] > 0 for key in ["probe_usec", "wall_usec", "bytes"])


@test
def show_with_smaps():
    with zoo("many") as (pid, places):
        if "skip" in places["many"]:
            raise Skip(places["many"]["skip"])
        # Too many mappings for reading smaps unasked.
        without = json.loads(run("show", str(pid), "--json"))
        with_smaps = json.loads(run("show", str(pid), "--json", "--smaps"))
    assert "pss" not in without["totals"] and "smaps" not in without["mappings"][0]
    assert with_smaps["totals"]["pss"] > 0
    assert with_smaps["totals"]["resident"] == \
        sum(mapping["smaps"]["rss"] for mapping in with_smaps["mappings"])


@test
def show_by_name():
    with tempfile.TemporaryDirectory() as folder:
        # A name that nothing else on the machine has, longer than the kernel keeps.
        path = os.path.join(folder, f"zoo-named-{os.getpid()}-long")
        shutil.copy(ZOO, path)
        with subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            data = json.loads(run("show", os.path.basename(path), "--json"))
            assert data["pid"] == process.pid
            with subprocess.Popen([path], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE) as second:
                second.stdout.readline()
                error = run("show", os.path.basename(path), status=1)
                assert "2 processes" in error and str(process.pid) in error
                second.stdin.close()
            process.stdin.close()


@test
def find_as_text():
    with zoo("anon", "memfd") as (pid, places):
        start, end = (int(places["memfd"][key], 16) for key in ["start", "end"])
        lines = run("find", str(pid), "kind:shm_memfd").splitlines()
        assert lines[0].endswith("segments of the kind Shared memory (memfd)")
        assert lines[0].startswith(f"1 place in psc-zoo ({pid}): ")
        assert lines[2].split() == ["ADDRESSES", "SIZE", "PERMS", "KIND", "WHAT"]
        assert lines[3].startswith(f"{start:016x}-{end:016x}  ")
        assert "shm_memfd" in lines[3] and "rw-s" in lines[3]
        assert len(lines) == 4
        # Dashes that are no option.
        for words in [[str(pid), "--", "---"], ["--", str(pid), "---"], [str(pid), "perms:---"]]:
            error = run("find", *words, status=1)
            assert "mappings without any access" in error, error


@test
def find_as_json():
    with zoo("anon", "memfd") as (pid, places):
        start = int(places["anon"]["start"], 16)
        page = json.loads(run("find", str(pid), f"{start + 0x1234:x}", "--json"))
        libc = json.loads(run("find", str(pid), "r-x", "--json"))
        known = {mapping["start"]: mapping for mapping in show(pid)["mappings"]}
    assert set(page) == {"schema", "pid", "query", "meaning", "more", "hits"}
    assert page["schema"] == 1 and page["pid"] == pid and page["more"] is False
    assert page["query"] == f"{start + 0x1234:x}"
    assert page["meaning"] == f"address {start + 0x1234:#x}"
    assert page["hits"] == [{"start": f"{start + 0x1000:#x}", "end": f"{start + 0x2000:#x}",
                             "address": f"{start + 0x1234:#x}", "size": 4096, "perms": "rw-p",
                             "kind": "anon", "label": "Anonymous memory+0x1234"}]
    assert len(libc["hits"]) == sum(m["perms"] == "r-xp" for m in known.values()) > 0
    for hit in libc["hits"]:
        mapping = known[hit["start"]]
        assert set(hit) == {"start", "end", "size", "perms", "kind", "label"}
        assert all(hit[key] == mapping[key] for key in ["end", "size", "perms", "kind"])


@test
def find_in_recorded_java():
    root = os.path.join(os.environ["PSC_TEST_DATA"], "proc", "java")
    pid = [name for name in os.listdir(root) if name.isdigit()][0]
    data = json.loads(run("--root", root, "find", pid, "java heap", "--json"))
    # It has many mappings, which are not alike.
    assert [hit["label"] for hit in data["hits"]] == ["Java heap"]
    assert data["hits"][0]["kind"] is None
    text = run("--root", root, "find", pid, "java heap")
    assert re.search(r"^\S+ +64 MiB  rw-p +- +Java heap$", text, re.M), text


@test
def find_fails():
    with zoo("anon") as (pid, _):
        error = run("find", str(pid), "no such thing", status=1)
        assert error.startswith(f"pagescape-cli: Found nothing in psc-zoo ({pid}): ")
        assert "is not mapped" in run("find", str(pid), "0x10", status=1)
        for query in ["", "0x", "0x20-0x10", "kind:nonsense", "x" * 600]:
            run("find", str(pid), query, status=2)
        run("find", str(pid), status=2)
        run("find", str(pid), "a", "b", status=2)


def smaps_sums(path):
    sums = {}
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            match = re.match(r"([A-Z]\w+): +(\d+) kB$", line)
            if match:
                sums[match[1]] = sums.get(match[1], 0) + (int(match[2]) << 10)
    return sums


def missing(data):
    return [unknown["what"] for unknown in data["unknown"]]


@test
def recorded_trees():
    """Whatever can be shown live can be shown from a recording, and adds up the same."""
    folder = os.path.join(os.environ["PSC_TEST_DATA"], "proc")
    for name in sorted(os.listdir(folder)):
        root = os.path.join(folder, name)
        processes = json.loads(run("--root", root, "list", "--json"))["processes"]
        assert len(processes) >= 1, name
        for process in processes:
            pid = str(process["pid"])
            sums = smaps_sums(os.path.join(root, pid, "smaps"))
            data = json.loads(run("--root", root, "show", pid, "--json", "--smaps"))
            totals = data["totals"]
            assert data["source"] == "scan" and missing(data) == [], name
            assert totals["resident"] == sums["Rss"], name
            assert totals["swapped"] == sums["Swap"], name
            assert totals["pss"] == sums["Pss"], name
            assert totals["huge"] == sums["AnonHugePages"] + sums["ShmemPmdMapped"] + \
                sums["FilePmdMapped"], name
            assert totals["hugetlb"] == sums["Shared_Hugetlb"] + sums["Private_Hugetlb"], name
            assert data["command"] == process["command"] and data["name"] == process["name"]


def keys_of(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner)


@test
def keys_are_documented():
    with open(MAN, encoding="utf-8") as file:
        section = re.search(r"^\.SH DESCRIPTION\n(.*)^\.SH SEE", file.read(), re.M | re.S).group(1)
    bold = " ".join(re.findall(r"^\.BR? (.*)", section, re.M))
    documented = set(re.findall(r"(?<![\w(\\-])[a-z][a-z_]+(?![\w(])", re.sub(r"\\\S*", " ", bold)))
    with zoo("anon", "file_private", "thread_stacks") as (pid, _):
        seen = set(keys_of(show(pid, "--smaps")))
        seen |= set(keys_of(json.loads(run("list", "--json"))))
        seen |= set(keys_of(json.loads(run("find", str(pid), "heap+0", "--json"))))
        seen |= set(keys_of(watch(pid, "--for", "10ms")))
        with held_memory():
            seen |= set(keys_of(json.loads(run("orphans", "--json"))))
        seen |= set(keys_of(json.loads(run("cold", str(pid), "--for", "10ms", "--yes", "--json"))))
        seen |= set(keys_of(diff(pid, os.getpid(), "--all")))
        via_nobody = None
        if os.getuid() == 0 and shutil.which("setpriv"):
            via_nobody = page_states_denied(pid)
    assert seen - documented == set(), f"not in the manual: {seen - documented}"
    not_seen = documented - seen - KINDS - CLASSES - OTHER_WORDS
    if via_nobody is not None:
        not_seen -= set(keys_of(via_nobody))
    else:
        not_seen -= {"reason", "what", "remedy"}
    # Only of a process that moves, or grows, or was looked at in another way.
    not_seen -= {"moving", "fastest", "title", "held", "trough", "peak", "period_usec", "room",
                 "looked_at", "limit_of", "limit", "minutes_low", "minutes_high"}
    # Words in prose, not keys.
    not_seen -= {"list", "show", "find", "diff", "watch", "orphans", "cold", "to", "all", "json",
                 "proc"}
    assert not_seen == set(), f"in the manual only: {not_seen}"
    assert KINDS | CLASSES <= documented


# Shared memory that nobody maps


@contextlib.contextmanager
def held_memory(name="psc-test", size=300 << 10):
    """A memfd of this very process that nobody maps."""
    fd = os.memfd_create(name)
    try:
        os.write(fd, b"x" * size)
        yield fd
    finally:
        os.close(fd)


def orphans_named(name):
    data = json.loads(run("orphans", "--json"))
    assert data["schema"] == 1
    assert data["bytes"] == sum(orphan["bytes"] for orphan in data["orphans"])
    return [orphan for orphan in data["orphans"] if orphan["name"].endswith(name)]


@test
def orphans():
    name = f"psc-{os.getpid()}"
    path = f"/dev/shm/{name} file"
    with held_memory(name) as fd:
        with open(path, "wb") as file:
            file.write(b"x" * 100000)
        try:
            held, = orphans_named(name)
            assert held["kind"] == "memfd" and held["bytes"] == 300 << 10, held
            assert [(h["pid"], h["fd"]) for h in held["holders"]] == [(os.getpid(), fd)]
            left, = orphans_named("file")
            assert left["kind"] == "shm_file" and left["bytes"] == 102400, left
            assert left["size"] == 100000 and left["remedy"] == f"rm '{path}'", left
            lines = run("orphans").splitlines()
            assert lines[0].split() == ["HOLDS", "KIND", "USER", "NAME", "TO", "REMOVE", "IT"]
            assert [line for line in lines if f"{path}" in line and "100 KiB" in line], lines
        finally:
            os.unlink(path)
    assert orphans_named(name) == [] and orphans_named("file") == []


@test
def orphans_of_a_recorded_tree():
    """Nothing was recorded, and nothing is claimed."""
    root = os.path.join(os.environ["PSC_TEST_DATA"], "proc", "bash")
    text = run("--root", root, "orphans")
    assert text.startswith("No shared memory was found that nobody maps\n"), text
    assert "System V segments: " in text and "could not be looked at" in text, text
    run("orphans", "extra", status=2)


# What is cold


@test
def cold():
    """The zoo keeps still: what it has is cold but for what a sleeping process uses."""
    with zoo("anon") as (pid, places):
        data = json.loads(run("cold", str(pid), "--for", "50ms", "--yes", "--json"))
        assert data["schema"] == 1 and data["pid"] == pid and data["source"] == "referenced"
        assert data["for_usec"] == 50000 and data["clear_usec"] >= 0
        assert f"psc-zoo ({pid})" in data["warning"]
        totals = data["totals"]
        assert totals["touched"] + totals["cold"] == totals["resident"] and totals["unknown"] == 0
        for key in totals:
            assert totals[key] == sum(kind[key] for kind in data["kinds"].values())
            assert totals[key] == sum(mapping[key] for mapping in data["mappings"])
        there, = [m for m in data["mappings"] if m["start"] == places["anon"]["start"]]
        assert there["touched"] == 0 and there["cold"] == there["resident"] > 0, there
        lines = run("cold", str(pid), "--for", "10ms", "--yes").splitlines()
        assert lines[0].startswith(f"This makes the kernel forget which pages psc-zoo ({pid})")
        assert lines[2].split() == ["RESIDENT", "TOUCHED", "COLD", "%", "KIND"], lines[2]
        assert re.fullmatch(r".* of .* was not touched in 10 ms\.", lines[-1]), lines[-1]


@test
def cold_asks():
    with zoo("anon") as (pid, _):
        error = run("cold", str(pid), status=2, stdin=subprocess.DEVNULL)
        assert "--yes" in error and "--frames" in error, error
        run("cold", str(pid), "--yes", "--for", "0", status=2)
        run("--root", "/proc", "cold", str(pid), "--yes", status=2)
        run("cold", status=2)
    answers = [(b"n\n", 1, "Nothing was done"), (b"y\n", 0, "was not touched in 10 ms")]
    for answer, status, text in answers:
        with zoo("anon") as (pid, _):
            output = on_terminal([CLI, "cold", str(pid), "--for", "10ms"], answer, status)
            assert "This makes the kernel forget" in output and "Go on? [y/N]" in output, output
            assert text in output, output


def on_terminal(argv, typed, status):
    """Runs a command with a terminal for everything, and types."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(argv[0], argv)
    os.write(terminal, typed)
    output = b""
    with contextlib.suppress(OSError):  # a terminal that nobody has open any more
        while True:
            output += os.read(terminal, 4096)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == status, output
    return output.decode()


@test
def cold_from_frames():
    if os.getuid() != 0:
        raise Skip("page frames are for root")
    with zoo("anon") as (pid, _):
        data = json.loads(run("cold", str(pid), "--frames", "--json"))
        totals = data["totals"]
        assert data["source"] == "frames" and data["warning"] is None
        assert totals["touched"] + totals["cold"] + totals["unknown"] == totals["resident"] > 0


# What it watches: see test-cli-watch.py


def watch(pid, *args):
    return [json.loads(line) for line in run("watch", str(pid), "--json", *args).splitlines()]


# What it writes


@test
def export_pictures():
    with zoo("anon", "checker") as (pid, _), tempfile.TemporaryDirectory() as folder:
        png = export(pid, folder, "a.png")
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">I", png[16:20])[0] == 1600
        png = export(pid, folder, "a.PNG", "--width", "640", "--height=480", "--theme", "dark",
                     "--lens", "kind")
        assert struct.unpack(">II", png[16:24]) == (640, 480)
        for theme in ["light-contrast", "dark-contrast"]:
            assert export(pid, folder, "a.PNG", "--theme", theme, "--patterns") != png
        svg = export(pid, folder, "a.svg", "--width", "800")
        assert svg.lstrip().startswith(b"<?xml") and b"<svg" in svg and b"</svg>" in svg
        pdf = export(pid, folder, "a.pdf")
        assert pdf.startswith(b"%PDF-") and b"%%EOF" in pdf[-32:]
        assert sorted(os.listdir(folder)) == ["a.PNG", "a.pdf", "a.png", "a.svg"]


@test
def export_lenses():
    with zoo("anon", "checker") as (pid, _), tempfile.TemporaryDirectory() as folder:
        pictures = {export(pid, folder, "a.png", "--lens", lens, "--width", "400")
                    for lens in ["residency", "kind", "perms", "sharing"]}
        assert len(pictures) == 4
        for lens in ["order", "contiguity"]:
            path = os.path.join(folder, f"{lens}.png")
            if os.geteuid() == 0:
                run("export", str(pid), "-o", path, "--lens", lens)
                assert os.path.exists(path)
            else:
                done = run("export", str(pid), "-o", path, "--lens", lens, status=1)
                assert "administrators" in done.stderr and not os.path.exists(path)
            recorded = os.path.join(os.environ["PSC_TEST_DATA"], "proc", "node")
            run("--root", recorded, "export", "node", "-o", path, "--lens", lens, status=2)


@test
def export_range():
    with zoo("anon", "checker") as (pid, places), tempfile.TemporaryDirectory() as folder:
        place = places["checker"]
        whole = export(pid, folder, "whole.png")
        part = export(pid, folder, "part.png", "--range", f"{place['start']}-{place['end']}")
        assert part[:8] == b"\x89PNG\r\n\x1a\n" and part != whole


@test
def export_scale():
    with zoo("anon") as (pid, _), tempfile.TemporaryDirectory() as folder:
        for scale in [1, 2, 4]:
            png = export(pid, folder, "a.png", "--width", "640", "--height", "480", "--scale",
                         str(scale))
            assert struct.unpack(">II", png[16:24]) == (640 * scale, 480 * scale)
        path = os.path.join(folder, "b.png")
        error = run("export", str(pid), "-o", path, "--width", "20000", "--scale", "2", status=1)
        assert "20000" in error and not os.path.exists(path)


@test
def export_to_stdout():
    starts = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF-", "csv": b"start,", "json": b"{"}
    with zoo("anon") as (pid, _), tempfile.TemporaryDirectory() as folder:
        for name, start in starts.items():
            result = subprocess.run([CLI, "export", str(pid), "-o", "-", "--format", name],
                                    capture_output=True, timeout=60, cwd=folder)
            assert result.returncode == 0 and result.stderr == b""
            assert result.stdout.startswith(start), result.stdout[:16]
        with open("/dev/full", "w") as full:
            result = subprocess.run([CLI, "export", str(pid), "-o", "-", "--format=svg"],
                                    stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        assert result.returncode == 1 and "standard output" in result.stderr
        assert os.listdir(folder) == []
        # The format that is asked for wins over the name.
        assert export(pid, folder, "a.png", "--format", "SVG").startswith(b"<?xml")
        assert export(pid, folder, "picture", "--format", "pdf").startswith(b"%PDF-")


@test
def export_svg_of_any_name():
    """Well-formed whatever processes and files call themselves, and all of it can be searched."""
    root = os.path.join(os.environ["PSC_TEST_DATA"], "proc")
    for name in sorted(os.listdir(root)):
        pids = [entry for entry in os.listdir(os.path.join(root, name)) if entry.isdigit()]
        if not pids:
            continue
        svg = subprocess.run([CLI, "export", pids[0], "--root", os.path.join(root, name), "-o", "-",
                              "--format", "svg"], capture_output=True, check=True,
                             timeout=60).stdout
        tree = xml.etree.ElementTree.fromstring(svg)
        texts = ["".join(node.itertext()) for node in tree.iter("{http://www.w3.org/2000/svg}text")]
        titles = [node.text for node in tree.iter("{http://www.w3.org/2000/svg}title")]
        assert f"process {pids[0]}" in texts
        assert any("[stack]" in title for title in titles), titles
        assert len(svg) < 300000


def full_disk():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))


@test
def full_disk_leaves_the_old_file():
    with zoo("anon") as (pid, _), tempfile.TemporaryDirectory() as folder:
        for name in ["png", "svg", "pdf", "csv", "json"]:
            path = os.path.join(folder, f"a.{name}")
            with open(path, "w") as file:
                file.write("precious")
            assert path in run("export", str(pid), "-o", path, status=1, preexec_fn=full_disk)
            with open(path) as file:
                assert file.read() == "precious"
        assert len(os.listdir(folder)) == 5


@test
def export_is_never_a_device():
    with zoo("anon") as (pid, _):
        error = run("export", str(pid), "-o", "/dev/full", "--format", "png", status=1)
        assert "/dev/full" in error
        assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


@test
def export_data():
    with zoo("anon", "memfd") as (pid, places), tempfile.TemporaryDirectory() as folder:
        rows = list(csv.DictReader(export(pid, folder, "a.csv").decode().splitlines()))
        exported = json.loads(export(pid, folder, "a.json"))
        shown = show(pid)
    for mapping in exported["mappings"] + shown["mappings"]:
        # Who shares a library, and when it was last used, changes from one moment to the next.
        del mapping["smaps"]
    assert exported["mappings"] == shown["mappings"]
    assert len(rows) == len(shown["mappings"])
    for row, mapping in zip(rows, shown["mappings"]):
        for key in ["start", "end", "kind"]:
            assert row[key] == mapping[key]
        for key in ["offset", "size", "resident", "swapped", "huge", "hugetlb", "zero"]:
            assert int(row[key]) == mapping[key]


# How it fails


@test
def wrong_usage():
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "a.png")
        own = str(os.getpid())
        cases = [
            ([], "command"),
            (["frobnicate"], "frobnicate"),
            (["--frobnicate"], "frobnicate"),
            (["list", "x"], "x"),
            (["list", "--frobnicate"], "frobnicate"),
            (["show"], "TARGET"),
            (["show", "1", "2"], "2"),
            (["show", ""], "empty"),
            (["show", "0"], "process id"),
            (["show", "99999999999999999999"], "process id"),
            (["export", own], "-o"),
            (["export", "-o", out], "TARGET"),
            (["export", own, "-o", os.path.join(folder, "a.gif")], "a.gif"),
            (["export", own, "-o", os.path.join(folder, "png")], ".png"),
            (["export", own, "-o", out, "--lens", "rose"], "rose"),
            (["export", own, "-o", out, "--theme", "pink"], "pink"),
            (["export", own, "-o", out, "--lens", "change"], "--since"),
            (["export", own, "-o", out, "--lens", "kind", "--since", own], "change"),
            (["export", own, "-o", os.path.join(folder, "a.csv"), "--since", own], "--since"),
            (["diff", own], "A B"),
            (["diff", own, own, "3"], "3"),
            (["diff", own, "0"], "process id"),
            (["diff", "", own], "empty"),
            (["export", own, "-o", os.path.join(folder, "a.csv"), "--patterns"], "--patterns"),
            (["export", own, "-o", "-"], "--format"),
            (["export", own, "-o", out, "--format", "gif"], "gif"),
            (["export", own, "-o", os.path.join(folder, "a.svg"), "--scale", "2"], "--scale"),
            (["export", own, "-o", os.path.join(folder, "a.csv"), "--scale", "2"], "--scale"),
            (["export", own, "-o", out, "--scale", "5"], "--scale"),
            (["export", own, "-o", out, "--scale", "0"], "--scale"),
            (["export", own, "-o", os.path.join(folder, "a.csv"), "--theme", "dark"], "--theme"),
            (["export", own, "-o", os.path.join(folder, "a.json"), "--range", "0x1-0x2"],
             "--range"),
        ]
        for time in ["0", "-1", "", "x", "1x", "1e400", "0x1", "1ms ", "1 s", "inf", "nan"]:
            cases.append((["watch", own, f"--interval={time}"], "--interval"))
            cases.append((["watch", own, f"--for={time}"], "--for"))
        for time in ["9ms", "25h", "86401"]:
            cases.append((["watch", own, "--interval", time], "--interval"))
        cases += [(["watch"], "TARGET"), (["watch", "0"], "process id")]
        for side in ["0", "-5", "199", "20001", "999999", "abc", "", "1e3", "640px",
                     "99999999999999999999"]:
            cases.append((["export", own, "-o", out, "--width", side], "--width"))
            cases.append((["export", own, "-o", out, f"--height={side}"], "--height"))
        for word in ["", "-", "1-2", "0x2-0x1", "0x1-0x1", "0x-0x", "0x1", "0xg-0xh", "0x1-",
                     "0x1-0x2-0x3", "0x0-0x11111111111111111"]:
            cases.append((["export", own, "-o", out, f"--range={word}"], "--range"))
        for words, needle in cases:
            error = run(*words, status=2)
            assert needle in error, f"{words}: {error}"
        assert os.listdir(folder) == []


@test
def no_such_process():
    # A process that is surely gone: its PID isn't given out again so soon.
    ended = subprocess.Popen(["true"])
    ended.wait()
    own = str(os.getpid())
    with tempfile.TemporaryDirectory() as folder:
        for command in [["show"], ["watch"],
                        ["export", "-o", os.path.join(folder, "never.png")]]:
            assert str(ended.pid) in run(*command, str(ended.pid), status=1)
            assert "no-such-name" in run(*command, "no-such-name", status=1)
        for words in [["diff", own, str(ended.pid)], ["diff", str(ended.pid), own],
                      ["export", own, "-o", os.path.join(folder, "never.png"), "--since",
                       str(ended.pid)]]:
            assert str(ended.pid) in run(*words, status=1)
        assert os.listdir(folder) == []
    assert "\\n" in run("show", "two\nlines", status=1)


@test
def zombie():
    child = subprocess.Popen(["true"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    error = run("show", str(child.pid), status=1)
    child.wait()
    assert "zombie" in error and str(child.pid) in error


@test
def kernel_thread():
    threads = [process for process in json.loads(run("list", "--json"))["processes"]
               if process["kernel_thread"]]
    if not threads:
        raise Skip("no kernel threads are to be seen here")
    assert "kernel thread" in run("show", str(threads[0]["pid"]), status=1)


@test
def unwritable():
    with zoo("anon") as (pid, _), tempfile.TemporaryDirectory() as folder:
        for end in ["png", "svg", "pdf", "csv", "json"]:
            path = os.path.join(folder, "missing", f"a.{end}")
            assert path in run("export", str(pid), "-o", path, status=1)
            # A folder of that name in the way.
            path = os.path.join(folder, f"folder.{end}")
            os.mkdir(path)
            assert path in run("export", str(pid), "-o", path, status=1)
        assert sorted(os.listdir(folder)) == sorted(f"folder.{end}" for end in
                                                    ["png", "svg", "pdf", "csv", "json"])
        with open("/dev/full", "w") as full:
            result = subprocess.run([CLI, "show", str(pid)], stdout=full, stderr=subprocess.PIPE,
                                    text=True, timeout=60)
        assert result.returncode == 1 and "standard output" in result.stderr


@test
def failure_leaves_the_old_file():
    with zoo("anon") as (pid, _), tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.png")
        with open(path, "w") as file:
            file.write("precious")
        run("export", str(pid), "-o", path, "--range", "0x1000-0x2000", status=1)
        run("export", "no-such-name", "-o", path, status=1)
        with open(path) as file:
            assert file.read() == "precious"
        assert os.listdir(folder) == ["a.png"]


@test
def bad_probes():
    assert "nonexistent" in run("list", status=1, env={"PAGESCAPE_PROBE": "/nonexistent/probe"})
    assert "protocol" in run("list", status=1, env={"PAGESCAPE_PROBE": shutil.which("cat")})
    run("list", status=1, env={"PAGESCAPE_PROBE": shutil.which("false")})
    assert "no-such-command" in run("--via", "no-such-command", "list", status=1)
    assert "no such host" in run(
        "list", "--via", "sh -c 'echo no such host >&2; exit 255'", status=1)
    run("--via", "'unbalanced", "list", status=1)
    assert "/nonexistent" in run("--root", "/nonexistent", "list", status=1)


@test
def via():
    own = os.getpid()
    for words in [["--via", "env", "show"], ["show", "--via", "env -- env"],
                  ["show", "--via", f"sh -c 'exec {PROBE}'"],
                  ["show", "--via", f"env {PROBE}"]]:
        assert json.loads(run(*words, str(own), "--json"))["pid"] == own


# Privileges


@contextlib.contextmanager
def public_probe():
    """The probe where any user can run it."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        path = shutil.copy(PROBE, folder)
        os.chmod(path, 0o755)
        yield path


def nobody_command(*capabilities):
    if os.getuid() != 0:
        raise Skip("needs root, to become somebody else")
    if shutil.which("setpriv") is None:
        raise Skip("needs setpriv")
    command = f"setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups"
    if capabilities:
        words = ",".join("+" + capability for capability in capabilities)
        command += f" --inh-caps={words} --ambient-caps={words}"
    return command


def page_states_denied(pid):
    with public_probe() as probe:
        return json.loads(run("--via", nobody_command("perfmon"), "show", str(pid), "--json",
                              env={"PAGESCAPE_PROBE": probe}))


@test
def other_users_process():
    command = nobody_command()
    with public_probe() as probe, zoo("anon") as (pid, _):
        error = run("--via", command, "show", str(pid), status=1,
                    env={"PAGESCAPE_PROBE": probe})
        assert "memory map" in error and str(pid) in error and "psc-zoo" in error
        assert "root" in error and "Run as" in error
        # Others still show in the list.
        data = json.loads(run("--via", command, "list", "--json",
                              env={"PAGESCAPE_PROBE": probe}))
        assert any(process["pid"] == pid for process in data["processes"])


@test
def own_process_without_root():
    command = nobody_command()
    with tempfile.TemporaryDirectory() as folder, public_probe() as probe:
        os.chmod(folder, 0o755)
        path = shutil.copy(ZOO, folder)
        os.chmod(path, 0o755)
        process = subprocess.Popen([*command.split(), path, "anon"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True)
        try:
            place = json.loads(process.stdout.readline())
            process.stdout.readline()
            data = json.loads(run("--via", command, "show", str(process.pid), "--json",
                                  env={"PAGESCAPE_PROBE": probe}))
        finally:
            process.kill()
            process.communicate()
    assert data["uid"] == NOBODY and missing(data) == []
    anon = [mapping for mapping in data["mappings"] if mapping["start"] == place["start"]][0]
    assert anon["resident"] == 40 * data["page_size"]


@test
def mappings_without_page_states():
    """CAP_PERFMON alone opens maps and not pagemap: unknown, not 0."""
    release = tuple(int(part) for part in re.findall(r"\d+", os.uname().release)[:2])
    if release < (6, 16):
        raise Skip("CAP_PERFMON opens maps since about Linux 6.15")
    nobody_command()
    with zoo("anon") as (pid, _):
        data = page_states_denied(pid)
    assert data["source"] == "none"
    for sums in [data["totals"], *data["kinds"].values(), *data["mappings"]]:
        assert sums["size"] > 0
        assert all(sums[key] is None for key in ["resident", "swapped", "huge", "hugetlb", "zero"])
    assert data["totals"]["classes"]["unknown"] == data["totals"]["size"]
    denied = [unknown for unknown in data["unknown"] if unknown["reason"] == "denied"]
    assert len(denied) == 1 and denied[0]["what"] == "page states"
    assert "CAP_DAC_READ_SEARCH" in denied[0]["remedy"] and "ermission" in denied[0]["why"]


if __name__ == "__main__":
    sys.exit(main())
