#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the built programs are linked against."""
import os
import re

from house import BUILD, Tap, need, run

TOOLKIT = re.compile(r'lib(?:gtk|gdk-\d|gsk|adwaita)[^ ]*')


def built(name):
    for folder, _, names in os.walk(os.path.join(BUILD, 'src')):
        if name in names:
            return os.path.join(folder, name)
    return None


def probe_is_static():
    path = built('pagescape-probe')
    if path is None:
        yield 'pagescape-probe was not built'
        return
    readelf = need('readelf', 'binutils')
    status, said = run(readelf, '-lWd', path)
    if status != 0:
        yield said
    if 'INTERP' in said:
        yield 'it asks for a dynamic loader'
    yield from re.findall(r'.*\(NEEDED\).*', said)


def cli_needs_no_display():
    path = built('pagescape-cli')
    if path is None:
        yield 'pagescape-cli was not built'
        return
    # ldd follows libraries of libraries.
    status, said = run(need('ldd', 'libc-bin'), path)
    if status != 0:
        yield said
    if 'libcairo' not in said:
        yield f'ldd shows no cairo, so it can not be trusted about the rest:\n{said}'
    for name in sorted(set(TOOLKIT.findall(said))):
        yield f'it is linked against {name}'


def main():
    tap = Tap()
    tap.check('pagescape-probe is static and needs nothing but itself', probe_is_static)
    tap.check('pagescape-cli is linked without GTK', cli_needs_no_display)
    tap.done()


if __name__ == '__main__':
    main()
