#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each room may include what lies before it and nothing else: proved with the compiler.

For every room one of its own compile commands is taken, and a file of one include is compiled
with it. What is allowed must compile; what is not must end with the header not being found.
"""
import json
import os
import re
import shlex
import subprocess

from house import BUILD, SOURCE, Tap, need_window, read, source_files

# Room: its folder, and the rooms whose headers it may include besides its own.
ROOMS = {
    'wire': ('src/wire', []),
    'probe': ('src/probe', ['wire']),
    'model': ('src/core/model', []),
    'analysis': ('src/core/analysis', ['model']),
    'capture': ('src/core/capture', ['wire', 'model', 'analysis']),
    'store': ('src/store', ['wire', 'model', 'analysis', 'capture']),
    'render': ('src/render', ['wire', 'model', 'analysis', 'capture']),
    'cli': ('src/cli', ['wire', 'model', 'analysis', 'capture', 'store', 'render']),
    'ui': ('src/ui', ['wire', 'model', 'analysis', 'capture', 'store', 'render']),
}

# Libraries that only some rooms may use: a header of each, and the rooms.
LIBRARIES = {
    'glib.h': ['model', 'analysis', 'capture', 'store', 'render', 'cli', 'ui'],
    'cairo.h': ['render', 'cli', 'ui'],
    'gtk/gtk.h': ['ui'],
    'adwaita.h': ['ui'],
}

# Libraries whose headers lie where every compiler looks: only these rooms may name them.
BY_TEXT = {'sqlite3.h': ['store'], 'zstd.h': ['store']}

# What makes a compile command read one include from standard input and say plainly what it thinks.
PROVE = ['-w', '-fdiagnostics-color=never', '-fsyntax-only', '-x', 'c', '-']

NOT_FOUND = re.compile(r"fatal error: (\S+: No such file or directory|'\S+' file not found)")


def compile_commands():
    with open(os.path.join(BUILD, 'compile_commands.json'), encoding='utf-8') as file:
        return json.load(file)


def command_of(entries, folder):
    """Compiler and flags of a source of this folder, without what names the source."""
    for entry in entries:
        path = os.path.realpath(os.path.join(entry['directory'], entry['file']))
        if os.path.dirname(path) != os.path.join(os.path.realpath(SOURCE), folder):
            continue
        flags = iter(shlex.split(entry['command']))
        kept = []
        for flag in flags:
            if flag in ('-o', '-MF', '-MQ', '-MT'):
                next(flags)
            elif flag not in ('-c', '-MD', '-MMD', entry['file']):
                kept.append(flag)
        return kept + PROVE, entry['directory']
    return None


def compile_includes(command, *includes):
    argv, directory = command
    text = ''.join(f'#include {include}\n' for include in includes)
    done = subprocess.run(argv, cwd=directory, input=text, text=True,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
                          env={**os.environ, 'LC_ALL': 'C'})
    return done.returncode == 0, done.stderr


def must_compile(command, own, before):
    """The own headers one by one, so that each includes what it needs; the others together."""
    for includes in [[header] for header in own] + [before]:
        compiled, said = compile_includes(command, *includes)
        if not compiled:
            yield f'{" ".join(includes)}: {said}'


def must_not_be_found(command, includes):
    for include in includes:
        compiled, said = compile_includes(command, include)
        if compiled:
            yield f'{include} compiles'
        elif not NOT_FOUND.search(said):
            yield f'{include} is found, and fails for another reason: {said}'


def headers_of(room):
    folder = ROOMS[room][0]
    return [f'"{os.path.basename(h)}"' for h in source_files('.h', under=folder)]


def check_room(tap, entries, room):
    folder, before = ROOMS[room]
    command = command_of(entries, folder)
    if command is None:
        tap.check(f'{room}: is compiled', absent, room)
        return
    after = [r for r in ROOMS if r != room and r not in before]
    good = [h for r in before for h in headers_of(r)]
    good += [f'<{h}>' for h, rooms in LIBRARIES.items() if room in rooms]
    bad = [h for r in after for h in headers_of(r)]
    bad += [f'<{h}>' for h, rooms in LIBRARIES.items() if room not in rooms]
    tap.check(f'{room}: includes its own headers and those before it', must_compile, command,
              headers_of(room), good)
    if bad:
        tap.check(f'{room}: does not find what comes after it', must_not_be_found, command, bad)


def absent(room):
    if room == 'ui':
        need_window('the room of the window')
    return [f'no source of {room} is in compile_commands.json']


def no_library_of_others():
    for room, (folder, _) in ROOMS.items():
        for path in source_files('.c', '.h', under=folder):
            for header in re.findall(r'^\s*#\s*include\s+<([^>]*)>', read(path), re.M):
                if room not in BY_TEXT.get(header, [room]):
                    yield f'{path} includes {header}'


def no_paths_in_includes():
    """A path would reach around the include directories."""
    for path in source_files('.c', '.h', under='src'):
        for line in re.findall(r'^\s*#\s*include\s+"[^"]*/[^"]*".*$', read(path), re.M):
            yield f'{path}: {line}'


def no_name_twice():
    """Two headers of one name would make it a matter of luck which one is found."""
    seen = {}
    for path in source_files('.h', under='src'):
        other = seen.setdefault(os.path.basename(path), path)
        if other != path:
            yield f'{path} and {other}'


def main():
    tap = Tap()
    entries = compile_commands()
    for room in ROOMS:
        check_room(tap, entries, room)
    tap.check('no room names a library that is for others', no_library_of_others)
    tap.check('includes of our own headers name no folder', no_paths_in_includes)
    tap.check('no two headers have one name', no_name_twice)
    tap.done()


if __name__ == '__main__':
    main()
