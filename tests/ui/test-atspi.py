#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a screen reader finds in the window, over the real accessibility bus: names and roles of all
that can have the focus, the map's sentences while keys are pressed, and where Tab leads.

Runs itself again on a display and a session bus of its own. Skips with the reason where something
that it needs is missing.
"""
import os
import re
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TIMEOUT_SECONDS = 30
# Names that nobody gave: GTK falls back on the name of the class.
CLASS_NAME = re.compile(r'^(Gtk|Adw|Psc)[A-Z]')
BUTTONS = {'push button', 'toggle button', 'button', 'menu button', 'combo box'}
NO_ROLES = {'unknown', 'invalid', 'filler', 'redundant object'}


def skip(reason):
    print(f'1..0 # SKIP {reason}')
    sys.exit(0)


def run_on_own_display():
    for tool in ('Xvfb', 'dbus-run-session', 'xdotool'):
        if shutil.which(tool) is None:
            skip(f'{tool} is not installed')
    if not os.path.exists('/usr/share/dbus-1/services/org.a11y.Bus.service'):
        skip('at-spi2-core is not installed')
    try:
        import gi
        gi.require_version('Atspi', '2.0')
    except (ImportError, ValueError) as error:
        skip(f'no AT-SPI for Python: {error}')
    command = [os.path.join(HERE, 'run-xvfb'), '--size', '1280x720', 'dbus-run-session', '--',
               'env', '-u', 'G_DEBUG', sys.executable, os.path.abspath(__file__), '--here']
    # Services of the bus write into it too.
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    for line in run.stdout.splitlines():
        if re.match(r'(not )?ok |1\.\.|# ', line):
            print(line)
    sys.exit(run.returncode)


class Window:
    """The program on a recorded process, and what the bus tells of it."""

    def __init__(self, process, *arguments):
        from gi.repository import Atspi, GLib
        self.atspi, self.glib = Atspi, GLib
        environment = dict(os.environ)
        environment.pop('GTK_A11Y', None)
        environment['G_DEBUG'] = 'fatal-warnings'
        root = os.path.join(os.environ['PSC_TEST_DATA'], 'proc', process)
        self.program = subprocess.Popen([os.environ['PSC_TEST_WINDOW'], '--root', root, *arguments],
                                        env=environment, stdin=subprocess.DEVNULL)
        self.frame = self.wait_for('the window on the bus', self.find_frame)
        xid = subprocess.check_output(['xdotool', 'search', '--sync', '--onlyvisible', '--pid',
                                       str(self.program.pid)], text=True).split()[-1]
        subprocess.check_call(['xdotool', 'windowsize', xid, '1280', '720', 'windowmove', xid, '0',
                               '0', 'windowfocus', '--sync', xid, 'mousemove', '640', '4'])

    def close(self):
        self.program.terminate()
        self.program.wait()

    def wait_for(self, what, condition):
        """Events are handled meanwhile: they refresh what the library remembers."""
        context = self.glib.MainContext.default()
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            try:
                result = condition()
            except self.glib.Error:
                result = None
            if result:
                return result
            wake = self.glib.timeout_add(50, lambda: True)
            context.iteration(True)
            self.glib.source_remove(wake)
            if self.program.poll() is not None:
                break
        raise TimeoutError(f'waited in vain for {what}')

    def find_frame(self):
        desktop = self.atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(i)
            if application is None or application.get_process_id() != self.program.pid:
                continue
            # Asked anew each time: what is remembered may be from before.
            application.set_cache_mask(self.atspi.Cache.NONE)
            for j in range(application.get_child_count()):
                child = application.get_child_at_index(j)
                if child is not None and child.get_child_count() > 0:
                    return child
        return None

    def is_in(self, node, *states):
        present = node.get_state_set()
        return all(present.contains(getattr(self.atspi.StateType, state)) for state in states)

    def walk(self, node=None, path=()):
        """All that is on screen, with the names of what it is in."""
        node = node or self.frame
        for i in range(node.get_child_count()):
            child = node.get_child_at_index(i)
            if child is None:
                continue
            if not self.is_in(child, 'VISIBLE'):
                continue
            here = path + (describe(child),)
            yield child, here
            yield from self.walk(child, here)

    def is_on_screen(self, node):
        """GTK 4.8 does not tell what is showing, but what never was has no size."""
        extents = node.get_extents(self.atspi.CoordType.WINDOW)
        return extents.width > 0 and extents.height > 0

    def find_map(self):
        for node, _path in self.walk():
            if (node.get_name() or '').startswith('Memory map of '):
                return node
        return None

    def focused(self):
        for node, path in self.walk():
            if self.is_in(node, 'FOCUSED'):
                return node, path
        return None

    def press(self, *keys):
        subprocess.check_call(['xdotool', 'key', '--clearmodifiers', *keys])


def describe(node):
    return f'{node.get_role_name()} “{node.get_name()}”'


def text_inside(window, node):
    return [name for child, _path in window.walk(node)
            if (name := child.get_name()) and not CLASS_NAME.match(name)]


def is_named(window, node):
    name = node.get_name() or ''
    if name and not CLASS_NAME.match(name):
        return True
    # Rows are named when they have the focus; until then by what is in their cells.
    return node.get_role_name() in ('table row', 'list item', 'filler') and bool(
        text_inside(window, node)) and not window.is_in(node, 'FOCUSED')


def test_names(window):
    """Whatever can have the focus, and every button, has a name and a role of its own."""
    bad = []
    n = 0
    for node, path in window.walk():
        role = node.get_role_name()
        if not window.is_in(node, 'FOCUSABLE') and role not in BUTTONS:
            continue
        if not window.is_on_screen(node):
            continue
        n += 1
        # A container that only passes the focus on has no role in GTK 4.8, but has a name.
        if not is_named(window, node) or (role in NO_ROLES and not node.get_name()):
            bad.append(' > '.join(path[-3:]))
    assert n > 12, f'only {n} widgets found'
    assert not bad, 'without a name: ' + '; '.join(bad)


def test_map_speaks(window):
    """Name and description of the map follow the keys."""
    chart = window.find_map()
    assert chart.get_name().startswith('Memory map of java, '), chart.get_name()
    window.wait_for('what the map shows',
                    lambda: chart.get_description().startswith('Shows all of java, '))
    said = [chart.get_description()]

    def follows(key, pattern):
        window.press(key)
        window.wait_for(f'{pattern} after {key}', lambda: chart.get_description() != said[-1]
                        and re.fullmatch(pattern, chart.get_description()))
        said.append(chart.get_description())

    # The pointer may lie on the map, but whoever presses keys is told where the keys lead.
    subprocess.check_call(['xdotool', 'mousemove', '450', '300'])
    window.wait_for('what is under the pointer',
                    lambda: not chart.get_description().startswith('Shows '))
    said.append(chart.get_description())
    size = r'[\d.]+ [KMGT]?i?B'
    mapping = rf'.+, {size}, {size} resident(, {size} swapped)?, \d+ of \d+'
    def index():
        return int(re.search(r', (\d+) of \d+$', said[-1]).group(1))

    follows('Up', mapping)
    first = index()
    follows('Up', mapping)
    assert index() == first + 1, said
    follows('Down', mapping)
    assert index() == first, said
    follows('Right', rf'\d+ pages? .+, {size}, from 0x[0-9a-f]+, 1 of \d+ runs? in .+')
    follows('shift+Right', r'Page 0x[0-9a-f]+, .+, \d+ of \d+ in .+')
    follows('Escape', r'Shows all of java, .+')
    window.press('p')
    window.wait_for('the part that is shown',
                    lambda: chart.get_description().startswith('Shows 0x'))
    window.press('f')
    window.wait_for('all of it again',
                    lambda: chart.get_description().startswith('Shows all of java, '))


def test_tab(window):
    """Tab leads to every part of the window and comes back; each stop has a name."""
    wanted = {'the list': lambda node, path: node.get_role_name() == 'table row',
              'the search': lambda node, path: node.get_name() == 'Search processes',
              'the map': lambda node, path: (node.get_name() or '').startswith('Memory map of '),
              'the inspector': lambda node, path: any('PscInspector' in part for part in path)}
    for name in ('Process list', 'What colour means', 'Show everything', 'Pause', 'Export',
                 'Inspector', 'Main menu'):
        wanted[f'button {name}'] = lambda node, path, name=name: (
            node.get_name() == name and node.get_role_name() in BUTTONS)
    # Beside a map in a window that is not wide, the list is not there by itself.
    window.press('F9')
    first = window.wait_for('the focus', window.focused)
    last, seen = first[1], []
    for _step in range(80):
        window.press('Tab')

        def moved():
            now = window.focused()
            return now if now is not None and now[1] != last else None

        node, path = window.wait_for(f'the focus to leave {last[-1]}', moved)
        assert is_named(window, node), 'without a name: ' + ' > '.join(path[-3:])
        for part in [part for part, is_it in wanted.items() if is_it(node, path)]:
            del wanted[part]
        seen.append(path[-1])
        last = path
        if path == first[1]:
            break
    else:
        raise AssertionError('Tab never comes back: ' + ', '.join(seen))
    assert not wanted, f'Tab does not lead to {", ".join(wanted)}, only to ' + ', '.join(seen)


TESTS = [('java', ['java'], [test_names, test_map_speaks, test_tab]),
         # Without a target: all processes.
         ('java', [], [test_names])]


def main():
    if '--here' not in sys.argv:
        run_on_own_display()
    import gi
    gi.require_version('Atspi', '2.0')
    number = failed = 0
    for process, arguments, tests in TESTS:
        window = Window(process, *arguments)
        try:
            if arguments:
                window.wait_for('the map', window.find_map)
            for test in tests:
                number += 1
                name = test.__name__.removeprefix('test_').replace('_', '-')
                name = '/'.join(['', 'atspi', *(arguments or ['start']), name])
                try:
                    test(window)
                    print(f'ok {number} {name}', flush=True)
                except (AssertionError, TimeoutError) as error:
                    failed += 1
                    print(f'not ok {number} {name}\n# {error}', flush=True)
        finally:
            window.close()
    print(f'1..{number}')
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
