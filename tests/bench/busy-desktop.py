#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop program in use, for the benches: a GTK 4 window with a text and a list. Each line on
standard input is a second of its life: typing, scrolling, a picture, objects of all sizes that come
and go, now and then another document, and all of it drawn. Says "ready" after each."""
import random
import sys

import gi

gi.require_version('Gtk', '4.0')
gi.require_version('Gdk', '4.0')
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

random.seed(7)
WORDS = [''.join(random.choices('abcdefghijklmnopqrstuvwxyz', k=random.randint(2, 10)))
         for _ in range(2000)]


def prose(n_words):
    return ' '.join(random.choices(WORDS, k=n_words))


def picture():
    size = random.choice((64, 128, 256, 512))
    pixels = GLib.Bytes.new(random.randbytes(size * size * 4))
    return Gdk.MemoryTexture.new(size, size, Gdk.MemoryFormat.R8G8B8A8, pixels, size * 4)


class Churn:
    """What a program has in its heap: little of it lives long."""

    def __init__(self):
        self.living = [b''] * 20000

    def second(self):
        for _ in range(600):
            size = random.choice((40, 200, 700, 3000, 12000))
            self.living[random.randrange(len(self.living))] = random.randbytes(size)
        for _ in range(200):
            self.living[random.randrange(len(self.living))] = b''
        if random.random() < 0.02:
            self.living.extend([random.randbytes(100)] * random.randrange(5000))
        if random.random() < 0.02:
            del self.living[20000:]


def settle(n_most=200):
    context = GLib.MainContext.default()
    while n_most > 0 and context.iteration(False):
        n_most -= 1


def draw(window):
    """Until the next frame is painted."""
    painted = []
    clock = window.get_frame_clock()
    handler = clock.connect('after-paint', lambda _: painted.append(1))
    window.queue_draw()
    while not painted:
        GLib.MainContext.default().iteration(True)
    clock.disconnect(handler)


def main():
    Gtk.init()
    window = Gtk.Window(default_width=900, default_height=700)
    box = Gtk.Box()
    text = Gtk.TextView(wrap_mode=Gtk.WrapMode.WORD)
    rows = Gtk.StringList()
    factory = Gtk.SignalListItemFactory()
    factory.connect('setup', lambda _, item: item.set_child(Gtk.Label(xalign=0)))
    factory.connect('bind',
                    lambda _, item: item.get_child().set_text(item.get_item().get_string()))
    items = Gtk.ListView(model=Gtk.SingleSelection(model=rows), factory=factory)
    image = Gtk.Picture()
    for child in (Gtk.ScrolledWindow(child=text, hexpand=True),
                  Gtk.ScrolledWindow(child=items, width_request=250), image):
        box.append(child)
    window.set_child(box)
    window.present()
    settle(2000)
    buffer, pictures, undo, churn = text.get_buffer(), [], [], Churn()
    print('ready', flush=True)
    for second, _ in enumerate(sys.stdin):
        buffer.insert(buffer.get_end_iter(), prose(20) + '\n')
        undo.append(prose(5))
        if second % 3 == 0:
            rows.append(prose(4))
        churn.second()
        if second % 3 == 1:
            pictures = pictures[-12:] + [picture()]
            image.set_paintable(pictures[-1])
        if second % 120 == 60:
            buffer.set_text('\n'.join(prose(40) for _ in range(600)))
            undo.clear()
        if second % 200 == 150:
            rows.splice(0, rows.get_n_items() // 2, None)
        text.scroll_to_iter(buffer.get_end_iter(), 0, False, 0, 0)
        settle()
        draw(window)
        print('ready', flush=True)


if __name__ == '__main__':
    main()
