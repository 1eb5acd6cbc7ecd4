#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the results in meson's testlog.json, every TAP subtest by itself.

Prints what failed and what was skipped with its reason, then "passed failed skipped".
A test that ended badly counts as a failure even when all of its subtests passed.
"""
import json
import re
import sys

SUBTEST = re.compile(r'^(not )?ok\b[ \t]*(\d*)[ \t]*-?[ \t]*([^#\n]*)'
                     r'(?:#[ \t]*(SKIP|TO[D]O)\b(.*))?', re.I)
PLAN = re.compile(r'^1\.\.(\d+)(?:[ \t]*#[ \t]*SKIP\b(.*))?', re.I)


def subtests(stdout):
    """(outcome, name, reason) of each TAP line; empty when the test does not speak TAP."""
    found, planned = [], False
    for line in stdout.splitlines():
        plan, subtest = PLAN.match(line), SUBTEST.match(line)
        if plan:
            planned = True
            if plan.group(1) == '0':
                found.append(('skipped', '', (plan.group(2) or '').strip()))
        elif subtest:
            bad, number, name, directive, reason = subtest.groups()
            name = name.strip() or number
            # A known failure is still nothing that passed.
            outcome = ('skipped' if directive and (directive.upper() == 'SKIP' or bad)
                       else 'failed' if bad else 'passed')
            found.append((outcome, name, (reason or '').strip()))
    return found if planned else []


def outcomes(test):
    """(outcome, name, reason) of everything that one test of meson's did."""
    result, name = test['result'], test['name']
    found = subtests(test.get('stdout', ''))
    if result == 'SKIP' and not found:
        found = [('skipped', '', reason_in(test))]
    elif result not in ('OK', 'SKIP', 'EXPECTEDFAIL') and not any(f[0] == 'failed' for f in found):
        found.append(('failed', f'({result}, exit status {test.get("returncode")})', ''))
    elif not found:
        found = [('passed', '', '')]
    return [(outcome, f'{name} {sub}'.strip(), reason) for outcome, sub, reason in found]


def reason_in(test):
    said = (test.get('stdout', '') + test.get('stderr', '')).strip().splitlines()
    return said[-1] if said else 'it gave no reason'


def show(test):
    """The end of what a failed test said."""
    for stream in ('stdout', 'stderr'):
        lines = test.get(stream, '').splitlines()[-80:]
        if lines:
            print(f'--- {test["name"]}, end of {stream}', *lines, sep='\n')


def main():
    counts = {'passed': 0, 'failed': 0, 'skipped': 0}
    with open(sys.argv[1], encoding='utf-8', errors='replace') as log:
        for line in log:
            test = json.loads(line)
            found = outcomes(test)
            if any(outcome == 'failed' for outcome, _, _ in found):
                show(test)
            for outcome, name, reason in found:
                counts[outcome] += 1
                if outcome != 'passed':
                    print(f'{outcome}: {name}' + (f': {reason}' if reason else ''))
    print(*counts.values())


if __name__ == '__main__':
    main()
