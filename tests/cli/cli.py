# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of pagescape-cli share: running it, a process to look at, and the TAP."""

import contextlib
import json
import os
import subprocess
import traceback

CLI = os.environ["PSC_TEST_CLI"]
ZOO = os.environ["PSC_TEST_ZOO"]

TESTS = []


class Skip(Exception):
    pass


def test(func):
    TESTS.append(func)
    return func


def run(*args, status=0, env=None, prefix=(), **kwargs):
    """Runs the command line; checks the exit status and that errors are one line."""
    environment = dict(os.environ, **(env or {}))
    result = subprocess.run([*prefix, CLI, *args], capture_output=True, text=True,
                            env=environment, timeout=60, **kwargs)
    assert result.returncode == status, \
        f"{args}: status {result.returncode}, not {status}: {result.stderr}"
    if status == 0:
        assert result.stderr == "", f"{args}: {result.stderr}"
    else:
        assert result.stdout == "", f"{args}: printed something before it failed"
        assert result.stderr.startswith("pagescape-cli: "), f"{args}: {result.stderr}"
        assert result.stderr.count("\n") == 1, f"{args}: more than one line: {result.stderr}"
    return result.stdout if status == 0 else result.stderr


@contextlib.contextmanager
def zoo(*exhibits, **kwargs):
    """A process that keeps still, and where its exhibits are."""
    process = subprocess.Popen([ZOO, *exhibits], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               text=True, **kwargs)
    try:
        places = {}
        for line in process.stdout:
            place = json.loads(line)
            if place["name"] == "ready":
                break
            places[place["name"]] = place
        yield process.pid, places
    finally:
        process.kill()
        process.communicate()


def show(pid, *args):
    return json.loads(run("show", str(pid), "--json", *args))


def diff(a, b, *args):
    return json.loads(run("diff", str(a), str(b), "--json", *args))


def export(pid, folder, name, *args, **kwargs):
    path = os.path.join(folder, name)
    run("export", str(pid), "-o", path, *args, **kwargs)
    with open(path, "rb") as file:
        return file.read()


def main():
    failed = False
    print(f"1..{len(TESTS)}")
    for number, func in enumerate(TESTS, 1):
        try:
            func()
            print(f"ok {number} {func.__name__}", flush=True)
        except Skip as skip:
            print(f"ok {number} {func.__name__} # SKIP {skip}", flush=True)
        except Exception:  # a test that fails for any reason has failed
            failed = True
            print("".join("# " + line + "\n" for line in traceback.format_exc().splitlines()),
                  end="")
            print(f"not ok {number} {func.__name__}", flush=True)
    return 1 if failed else 0
