#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every file of the tree keeps to: licence, length, form, and no trace of one machine."""
import collections
import os
import re

from house import BUILD, SOURCE, Skip, Tap, need, read, run, source_files

MAX_LINES = 1000
MAX_COLUMNS = 100
SPDX = '/* SPDX-License-Identifier: GPL-3.0-or-later */\n'
PRAGMA = '#pragma once\n'

# Folders that exist on somebody's machine and nowhere else; a tree at the top ("/src") could be
# anything.
MACHINE_PATHS = re.compile('|'.join(
    [r'(?<![\w.~$}\-])/(?:work|workspace|Users)/[\w.]']
    + [re.escape(root) + r'\b' for root in (SOURCE, BUILD) if root.count('/') > 1]))

C_COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*|("(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\')', re.S)
KERNEL_PATH = re.compile(r'"/(?:proc|sys)(?:/|")')


def texts(*suffixes, under=''):
    for path in source_files(*suffixes, under=under):
        text = read(path)
        if text is not None:
            yield path, text


def licensed():
    for path, text in texts('.c', '.h'):
        if not text.startswith(SPDX):
            yield f'{path}: the first line is not {SPDX.strip()}'
        if path.endswith('.h') and PRAGMA not in text:
            yield f'{path}: no {PRAGMA.strip()}'
    for path, text in texts('.py'):
        if not re.match(r'(#!.*\n)?# SPDX-License-Identifier: GPL-3\.0-or-later\n', text):
            yield f'{path}: no SPDX line at its top'


def short():
    for path, text in texts():
        n_lines = text.count('\n')
        if n_lines > MAX_LINES and not path.endswith('.po'):
            yield f'{path}: {n_lines} lines, more than {MAX_LINES}'


def narrow():
    for path, text in texts('.c', '.h', '.py', 'meson.build'):
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > MAX_COLUMNS:
                yield f'{path}:{number}: {len(line)} columns, more than {MAX_COLUMNS}'


def clean():
    for path, text in texts():
        if text and not text.endswith('\n'):
            yield f'{path}: no newline at the end'
        for number, line in enumerate(text.split('\n'), 1):
            if line != line.rstrip(' \t\r'):
                yield f'{path}:{number}: blanks at the end of the line'
            if '\t' in line and path.endswith(('.c', '.h', '.py', '.build', '.ui')):
                yield f'{path}:{number}: a tab'


def movable():
    for path, text in texts():
        for number, line in enumerate(text.split('\n'), 1):
            if MACHINE_PATHS.search(line):
                yield f'{path}:{number}: {line.strip()}'


def finished():
    unfinished = re.compile(r'\b(?:TO' r'DO|FIX' r'ME|X' r'XX)\b')
    for path, text in texts():
        for number, line in enumerate(text.split('\n'), 1):
            if unfinished.search(line):
                yield f'{path}:{number}: {line.strip()}'


# Looks for mount points in what the probe has read, and opens nothing.
NAMES_MOUNTS = {'src/core/capture/psc-limits-parser.c'}


def kernel_paths_only_in_probe():
    for path, text in texts('.c', '.h', under='src'):
        if path.startswith('src/probe/') or path in NAMES_MOUNTS:
            continue
        code = C_COMMENT.sub(lambda match: match.group(1) or ' ', text)
        for literal in re.findall(r'"(?:\\.|[^"\\\n])*"', code):
            if KERNEL_PATH.match(literal):
                yield f'{path}: {literal}: only the probe opens what the kernel shows there'


def formatted():
    tool = need('clang-format', 'clang-format')
    version = run(tool, '--version')[1].strip()
    if not re.search(r'version 14\.', version):
        raise Skip(f'the style is written for clang-format 14, here is {version}')
    files = source_files('.c', '.h')
    status, said = run(tool, '--dry-run', '--Werror', *files, cwd=SOURCE)
    if status != 0:
        places = collections.Counter(line.split(':')[0] for line in said.splitlines()
                                     if ': error:' in line)
        yield from [f'{path}: {n} places' for path, n in places.items()] or [said]


def linked():
    """Links of a page to files of the tree lead somewhere."""
    for path, text in texts('.md'):
        text = re.sub(r'^```.*?^```', '', text, flags=re.S | re.M)
        for target in re.findall(r'\]\(([^)\s]+)\)', text):
            if re.match(r'[a-z]+:|#', target):
                continue
            there = os.path.join(SOURCE, os.path.dirname(path), target.split('#')[0])
            if not os.path.exists(there):
                yield f'{path}: {target} does not exist'


def main():
    tap = Tap()
    tap.check('every source names its licence', licensed)
    tap.check(f'no file is longer than {MAX_LINES} lines', short)
    tap.check(f'no line is longer than {MAX_COLUMNS} columns', narrow)
    tap.check('files end with a newline, lines without blanks, no tabs', clean)
    tap.check('no path of one machine', movable)
    tap.check('nothing is marked as unfinished', finished)
    tap.check('only the probe names files of the kernel', kernel_paths_only_in_probe)
    tap.check('C files are as clang-format leaves them', formatted)
    tap.check('links between our pages lead somewhere', linked)
    tap.done()


if __name__ == '__main__':
    main()
