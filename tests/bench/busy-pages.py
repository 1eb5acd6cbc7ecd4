#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hard case, for the benches: 512 MiB of which in each second 200 stretches of up to 64 pages
are touched at random and 100 given back. No program that people use does that all the time. Each
line on standard input is a second. Says "ready" after each."""
import mmap
import random
import sys

random.seed(7)
SIZE = 512 << 20
area = mmap.mmap(-1, SIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)


def stretch():
    n = random.randrange(1, 65) * mmap.PAGESIZE
    return random.randrange(0, (SIZE - n) // mmap.PAGESIZE) * mmap.PAGESIZE, n


print('ready', flush=True)
for _ in sys.stdin:
    for _ in range(200):
        start, n = stretch()
        for at in range(start, start + n, mmap.PAGESIZE):
            area[at] = 1
    for _ in range(100):
        area.madvise(mmap.MADV_DONTNEED, *stretch())
    print('ready', flush=True)
