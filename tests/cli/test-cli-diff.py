#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Differences of two processes on the command line. Prints TAP."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from cli import diff, export, main, run, show, test, zoo


def check_sums(data, a, b):
    """Of `diff --all`: what mappings and kinds sum up to is what `show` says of each."""
    for key in ["size", "resident", "swapped", "huge", "hugetlb"]:
        for side in ["then", "now", "delta"]:
            total = data["totals"][key][side]
            assert total == sum(kind[key][side] for kind in data["kinds"].values())
            assert total == sum(mapping[key][side] for mapping in data["mappings"])
        assert data["totals"][key]["then"] == a["totals"][key]
        assert data["totals"][key]["now"] == b["totals"][key]
        assert data["totals"][key]["delta"] == b["totals"][key] - a["totals"][key]
    for key, total in data["totals"]["pages"].items():
        assert total == sum(mapping["pages"][key] for mapping in data["mappings"])
    for sums in [data["totals"], *data["kinds"].values(), *data["mappings"]]:
        pages = dict(sums["pages"])
        pages.pop("unmapped")
        pages.pop("unmapped_populated")
        assert sum(pages.values()) == sums["size"]["now"]


@test
def diff_as_json():
    # Recorded, so that they are surely still.
    root = os.path.join(os.environ["PSC_TEST_DATA"], "proc")
    pids = {name: [entry for entry in os.listdir(os.path.join(root, name)) if entry.isdigit()][0]
            for name in ["node", "java", "python", "perl"]}
    for one, other in [("node", "node"), ("node", "java"), ("python", "perl")]:
        with tempfile.TemporaryDirectory() as folder:
            for name in [one, other]:
                shutil.copytree(os.path.join(root, name), folder, dirs_exist_ok=True)
            a, b = pids[one], pids[other]
            show_one, show_other = (json.loads(run("--root", folder, "show", pid, "--json"))
                                    for pid in [a, b])
            data = json.loads(run("--root", folder, "diff", a, b, "--json", "--all"))
            changed = json.loads(run("--root", folder, "diff", a, b, "--json"))
        check_sums(data, show_one, show_other)
        assert data["schema"] == 1 and data["pages_compared"]
        assert data["one_process"] == data["identical"] == (one == other)
        assert (changed["mappings"] == []) == (one == other)
        assert data["mappings"][:len(changed["mappings"])] == changed["mappings"]
        assert data["then"]["pid"] == show_one["pid"] and data["now"]["pid"] == show_other["pid"]


@test
def diff_of_two_runs():
    with zoo("anon", "checker") as (a, places_a), zoo("anon", "checker") as (b, places_b):
        data = diff(a, b, "--all")
        text = run("diff", str(a), str(b))
    assert not data["one_process"] and not data["identical"]
    now = {mapping["now"]["start"]: mapping for mapping in data["mappings"] if mapping["now"]}
    for name in ["anon", "checker"]:
        mapping = now[places_b[name]["start"]]
        assert mapping["then"]["start"] == places_a[name]["start"]
        assert mapping["match"] == "size" and mapping["resident"]["delta"] == 0
        assert mapping["pages"]["appeared"] == mapping["pages"]["gone"] == 0
    images = [mapping for mapping in data["mappings"]
              if mapping["now"] and mapping["now"]["kind"] in ["text", "rodata", "data"]]
    assert len(images) > 5 and {mapping["match"] for mapping in images} == {"file"}
    assert {mapping["match"] for mapping in data["mappings"]} & {"came", "went"} == set()
    lines = text.splitlines()
    assert lines[0].startswith(f"Then: psc-zoo (process {a}), ")
    assert lines[1].startswith(f"Now:  psc-zoo (process {b}), ")
    assert "Two processes" in lines[2] and "mappings" in lines[3]
    head = ["RAM", "THEN", "RAM", "NOW", "CHANGE", "MAPPED", "APPEARED", "COPIED", "GONE",
            "SWAPPED", "BACK", "HUGE", "SPLIT"]
    assert ["KIND", *head] in [line.split() for line in lines]
    assert ["ADDRESS", "PERM", *head, "MATCH", "KIND", "NAME"] in [line.split() for line in lines]


@test
def diff_of_parent_and_child():
    with zoo("anon") as (parent, _):
        child = subprocess.Popen([sys.executable, "-c", """
import mmap, os, sys
area = mmap.mmap(-1, 4096 * 1000, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
read, write = os.pipe()
pid = os.fork()
if pid == 0:
    for i in range(100, 150):
        area[i * 4096] = 1
    os.write(write, b"x")
    sys.stdin.read()
    os._exit(0)
os.read(read, 1)
print(pid, flush=True)
sys.stdin.read()
"""], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        other = int(child.stdout.readline())
        data = diff(child.pid, other)
        text = run("diff", str(child.pid), str(other))
        many = diff(parent, child.pid)
        child.communicate("")
    assert data["one_layout"] and not data["one_process"] and "parent and child" in text
    grown = data["kinds"]["anon"]
    assert 50 * 4096 <= grown["pages"]["appeared"] < 80 * 4096
    assert {mapping["match"] for mapping in data["mappings"]} <= {"address", "came", "went"}
    assert len(text.splitlines()) < 90 and not many["one_layout"]


@test
def diff_lists_what_is_different_most():
    with zoo("anon") as (pid, _):
        text = run("diff", str(pid), str(os.getpid()))
        everything = run("diff", str(pid), str(os.getpid()), "--all")
        data = diff(pid, os.getpid())
    for title in ["CAME", "WENT"]:
        count = int(re.search(rf"^{title}: (\d+)$", text, re.M).group(1))
        assert count == len([mapping for mapping in data["mappings"]
                             if mapping["match"] == title.lower()])
    assert re.search(r"^\d+ more; --all lists them$", text, re.M)
    assert "more; --all" not in everything and len(everything) > len(text)
    for match in [["came"], ["went"]]:
        sizes = [abs(mapping["resident"]["delta"] + mapping["swapped"]["delta"] +
                     mapping["hugetlb"]["delta"])
                 for mapping in data["mappings"] if mapping["match"] in match]
        assert sizes == sorted(sizes, reverse=True)


@test
def export_since():
    with zoo("anon", "checker") as (a, _), zoo("anon", "checker", "memfd") as (b, _), \
            tempfile.TemporaryDirectory() as folder:
        png = export(b, folder, "a.png", "--lens", "change", "--since", str(a))
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        assert png != export(b, folder, "b.png")
        assert f"against psc-zoo (process {a})".encode() in png
        svg = export(b, folder, "a.svg", "--since", str(a)).decode()
        assert f"against psc-zoo (process {a})" in svg and "Unchanged" in svg
        assert "Appeared" in svg
        same = export(b, folder, "c.svg", "--since", str(b)).decode()
        assert "since 20" in same and "against" not in same


if __name__ == "__main__":
    sys.exit(main())
