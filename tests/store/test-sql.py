#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings as anyone can query them: what pagescape-recording(5) says about them is so.

    test-sql.py MAKE-RECORDING MANUAL
"""
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

MAKE_RECORDING, MANUAL = sys.argv[1:3]
STEPS = 120
# A line of the manual page in which these are has an example, or the name of a column.
ESCAPES = {r'\-': '-', r'\(dq': '"', r'\(aq': "'", r'\e': '\\'}


def manual():
    with open(MANUAL, encoding='utf-8') as file:
        text = file.read()
    for escape, char in ESCAPES.items():
        text = text.replace(escape, char)
    return text


class Recording:
    def __init__(self, folder, name, steps):
        self.path = os.path.join(folder, name)
        subprocess.run([MAKE_RECORDING, self.path, str(steps)], check=True)
        self.database = sqlite3.connect(self.path)

    def ask(self, sql):
        return self.database.execute(sql).fetchall()

    def one(self, sql):
        (row,) = self.ask(sql)
        return row if len(row) > 1 else row[0]


def check_identity(recording):
    assert recording.one('PRAGMA application_id') == int.from_bytes(b'PgSc', 'big')
    assert recording.one('PRAGMA user_version') == 1
    assert recording.one('PRAGMA journal_mode') == 'delete'
    assert recording.one('PRAGMA integrity_check') == 'ok'
    with open(recording.path, 'rb') as file:
        assert file.read(72)[68:] == b'PgSc'


def check_meta(recording):
    meta = dict(recording.ask('SELECT key, value FROM meta'))
    assert meta['name'] == 'life' and meta['pid'] == 1001 and meta['ended'] == 'stopped', meta
    assert meta['program'].startswith('pagescape '), meta


def check_moments(recording):
    assert recording.one('SELECT count(*), min(id), max(id) FROM moments') == (STEPS, 1, STEPS)
    times = [t for (t,) in recording.ask('SELECT time_usec FROM moments ORDER BY id')]
    assert all(b - a == 1000000 for a, b in zip(times, times[1:]))


def check_totals(recording):
    """Kinds add up to the whole at every moment, and the heap grows as it was made to."""
    wrong = recording.ask('''
        SELECT m.id, m.size, m.resident, m.mappings, sum(t.size), sum(t.resident), sum(t.mappings)
        FROM moments AS m JOIN totals AS t ON t.moment = m.id GROUP BY m.id
        HAVING m.size != sum(t.size) OR m.resident != sum(t.resident)
          OR m.mappings != sum(t.mappings)''')
    assert not wrong, wrong
    heap = recording.ask("SELECT moment, size FROM totals WHERE kind = 'heap' ORDER BY moment")
    assert heap == [(i + 1, (64 + i // 2) * 4096) for i in range(STEPS)], heap


def check_segments(recording):
    wrong = recording.ask('''
        SELECT s.moment, s.kind FROM segments AS s JOIN totals AS t
          ON t.moment = s.moment AND t.kind = s.kind
        GROUP BY s.moment, s.kind HAVING sum(s.size) != t.size OR sum(s.resident) != t.resident''')
    assert not wrong, wrong
    labels = {label for (label,) in recording.ask('SELECT DISTINCT label FROM segments')}
    assert '/memfd:b\\xff\\ne' in labels, labels
    seen = recording.one("SELECT count(*) FROM segments WHERE kind = 'shm_memfd'")
    assert seen == sum(1 for i in range(STEPS) if i % 20 < 7), seen


def check_mappings(recording):
    """At every moment they are as many as there were, and add up to what there was."""
    wrong = recording.ask('''
        SELECT m.id, m.mappings, count(*), m.size, sum(v.size), m.resident, sum(v.resident)
        FROM moments AS m JOIN mappings AS v ON v.first <= m.id AND v.last >= m.id GROUP BY m.id
        HAVING m.mappings != count(*) OR m.size != sum(v.size)
          OR m.resident != sum(v.resident)''')
    assert not wrong, wrong
    text = recording.one("SELECT DISTINCT range, perms, kind FROM mappings "
                         "WHERE name = '/usr/bin/life'")
    assert re.fullmatch(r'[0-9a-f]{12}-[0-9a-f]{12}', text[0]) and text[1:] == ('r-xp', 'text')
    assert recording.one('SELECT count(*) FROM mappings WHERE last < first') == 0


def check_faults(recording):
    rates = recording.ask('SELECT minor_per_second, major_per_second FROM faults')
    assert rates[0] == (None, None) and set(rates[1:]) == {(7.0, 0.0)}, rates


def check_events(recording):
    memfds = recording.ask("SELECT moment, type, label FROM events WHERE kind = 'shm_memfd' "
                           "ORDER BY moment")
    expected = [(i + 1, 'mapped' if i % 20 == 0 else 'unmapped', '/memfd:b\\xff\\ne')
                for i in range(1, STEPS) if i % 20 in (0, 7)]
    assert memfds == expected, memfds
    grew = recording.one("SELECT count(*) FROM events WHERE type = 'grew' AND kind = 'heap'")
    assert grew == (STEPS - 1) // 2, grew


def check_cut_off(folder):
    """Killed before its end: all is there, as long as the log is."""
    cut = Recording(folder, 'cut.pagescape', -30)
    assert os.path.exists(cut.path + '-wal')
    assert cut.one('SELECT count(*) FROM moments') == 30
    assert cut.ask("SELECT value FROM meta WHERE key = 'ended'") == []
    cut.database.close()


def check_examples(recording):
    """Each example of the manual page, word for word."""
    sqlite = shutil.which('sqlite3')
    if sqlite is None:
        return 'SKIP no sqlite3'
    examples = re.findall(r'^\.RS\n(sqlite3 .*?)^\.RE', manual(), re.M | re.S)
    assert len(examples) == 5, examples
    for example in examples:
        done = subprocess.run(['sh', '-c', example], cwd=os.path.dirname(recording.path),
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0 and not done.stderr, (example, done.stderr)
        assert len(done.stdout.splitlines()) >= 5, (example, done.stdout)
    return None


def check_manual(recording):
    """Every table and every column for everyone is named."""
    text = manual()
    sections = dict(re.findall(r'^\.SS (\w+).*?\n(.*?)(?=^\.S[SH])', text, re.M | re.S))
    for name in ('moments', 'totals', 'segments', 'mappings', 'faults', 'events'):
        words = set(re.findall(r'\w+', sections[name]))
        columns = {row[1] for row in recording.ask(f'PRAGMA table_info({name})')}
        assert columns <= words, (name, columns - words)
    for (name,) in recording.ask('SELECT name FROM sqlite_schema'):
        assert re.search(rf'\b{name}\b', text), name


def main():
    checks = [check_identity, check_meta, check_moments, check_totals, check_segments,
              check_mappings, check_faults, check_events, check_examples, check_manual]
    n_failed = 0
    print(f'1..{len(checks) + 1}', flush=True)
    with tempfile.TemporaryDirectory(prefix='pagescape-') as folder:
        recording = Recording(folder, 'a.pagescape', STEPS)
        for i, (check, of) in enumerate([(c, recording) for c in checks] +
                                        [(check_cut_off, folder)], 1):
            said = None
            try:
                said = check(of)
            except AssertionError as error:
                n_failed += 1
                print('not ', end='')
                print(f'# {error}', file=sys.stderr)
            print(f'ok {i} - {check.__doc__ or check.__name__[6:]}'.replace('\n', ' ') +
                  (f' # {said}' if said else ''), flush=True)
    sys.exit(n_failed > 0)


if __name__ == '__main__':
    main()
