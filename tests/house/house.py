# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the house share: the list of files, and results as TAP.

Every test is called with the source root and the build root.
"""
import json
import os
import subprocess
import sys

SOURCE = os.path.abspath(sys.argv[1])
BUILD = os.path.abspath(sys.argv[2])

# Captured from real processes, or a given text: none of our style applies.
FOREIGN = ('tests/data/', 'tests/fuzz/corpus/', 'LICENSE')


class Skip(Exception):
    """Can't be checked here; the message says why."""


def run(*argv, **kwargs):
    """A command's exit status and all that it said."""
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors='replace', check=False,
                          **kwargs)
    return done.returncode, done.stdout


def need(tool, package):
    """The path of a tool, or Skip."""
    for folder in os.environ.get('PATH', '').split(os.pathsep):
        path = os.path.join(folder, tool)
        if os.access(path, os.X_OK):
            return path
    raise Skip(f'{tool} is not installed (package {package})')


def source_files(*suffixes, under=''):
    """Our files, relative to the source root; all of them when no suffix is given."""
    found = []
    for folder, folders, names in os.walk(os.path.join(SOURCE, under)):
        inside = os.path.relpath(folder, SOURCE)
        if inside == '.':
            folders[:] = [f for f in folders if not is_build_folder(f)]
        folders[:] = sorted(f for f in folders if f not in ('.git', '__pycache__'))
        found += [os.path.normpath(os.path.join(inside, n)) for n in sorted(names)
                  if n.endswith(suffixes or '')]
    return [f for f in found if not f.startswith(FOREIGN)]


def is_build_folder(name):
    return name == '.flatpak-builder' or os.path.exists(
        os.path.join(SOURCE, name, 'meson-private')) or name.startswith('build')


def read(path):
    """A file of the source tree as text; None when it is no text."""
    with open(os.path.join(SOURCE, path), 'rb') as file:
        data = file.read()
    try:
        return data.decode('utf-8')
    except UnicodeDecodeError:
        return None


def need_window(what):
    """Skip when this build has no window."""
    with open(os.path.join(BUILD, 'meson-info', 'intro-targets.json'), encoding='utf-8') as file:
        if any(target['name'] == 'pagescape' for target in json.load(file)):
            return
    raise Skip(f'{what} needs the window, which this build is without')


class Tap:
    """Runs checks and prints TAP. A check returns a list of complaints, empty when all is well."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def check(self, name, function, *args):
        self.count += 1
        try:
            complaints = list(function(*args))
        except Skip as skip:
            print(f'ok {self.count} {name} # SKIP {skip}', flush=True)
            return
        self.failed += bool(complaints)
        print(f'{"not ok" if complaints else "ok"} {self.count} {name}')
        for complaint in complaints:
            for line in str(complaint).splitlines():
                print(f'# {line}')
        sys.stdout.flush()

    def done(self):
        print(f'1..{self.count}')
        sys.exit(1 if self.failed else 0)
