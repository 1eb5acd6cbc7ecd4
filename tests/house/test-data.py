#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Desktop file, metainfo, icons, settings, interface files, translations, Flatpak manifest."""
import os
import re
import tempfile

from house import BUILD, SOURCE, Skip, Tap, need, need_window, read, run, source_files

APP_ID = 'io.github.pagescape.Pagescape'
C_MESSAGE = re.compile(r'\b(?:_|N_|Q_|C_|NC_|ngettext|g_dngettext|g_dgettext)\s*\(')
UI_MESSAGE = re.compile(r'translatable="(?:yes|true)"')


def built(name):
    need_window(name)
    return os.path.join(BUILD, 'data', name)


def complain(*argv):
    status, said = run(*argv, cwd=SOURCE)
    if status != 0:
        yield said or f'{argv[0]} ended with {status}'


def desktop_file():
    path = built(APP_ID + '.desktop')
    yield from complain(need('desktop-file-validate', 'desktop-file-utils'), path)


def metainfo():
    path = built(APP_ID + '.metainfo.xml')
    yield from complain(need('appstreamcli', 'appstream'), 'validate', '--no-net', path)


def same_version():
    version = re.search(r"version: '([^']+)'", read('meson.build')).group(1)
    newest = re.search(r'<release version="([^"]+)"', read(f'data/{APP_ID}.metainfo.xml.in'))
    if newest.group(1) != version:
        yield f'meson.build says {version}, the newest release of metainfo is {newest.group(1)}'


def settings():
    compiler = need('glib-compile-schemas', 'libglib2.0-bin')
    if not source_files('.gschema.xml', under='data'):
        yield 'there is no settings schema'
    yield from complain(compiler, '--strict', '--dry-run', 'data')


def well_formed():
    tool = need('xmllint', 'libxml2-utils')
    files = source_files('.ui', '.xml', '.xml.in', '.svg')
    files = [f for f in files if not f.startswith('tests/')]
    yield from complain(tool, '--noout', '--nonet', *files)


def icons_draw():
    """Each icon, small, has something to see and something to see through."""
    tool = need('rsvg-convert', 'librsvg2-bin')
    identify = need('convert', 'imagemagick')
    for path in source_files('.svg', under='data/icons'):
        with tempfile.NamedTemporaryFile(suffix='.png') as png:
            status, said = run(tool, '-w', '32', '-o', png.name, os.path.join(SOURCE, path))
            if status != 0:
                yield f'{path}: {said}'
                continue
            said = run(identify, png.name, '-alpha', 'extract', '-format',
                       '%[fx:minima] %[fx:maxima]', 'info:')[1]
            if said.split() != ['0', '1']:
                yield f'{path}: alpha from and to {said}, expected 0 1'


def icon_of_desktop_file():
    text = read(f'data/{APP_ID}.desktop.in')
    name = re.search(r'^Icon=(.*)$', text, re.M).group(1)
    for folder, suffix in (('scalable', ''), ('symbolic', '-symbolic')):
        path = f'data/icons/hicolor/{folder}/apps/{name}{suffix}.svg'
        if not os.path.exists(os.path.join(SOURCE, path)):
            yield f'{path} does not exist'


def potfiles():
    lines = read('po/POTFILES').splitlines()
    return [line for line in lines if line and not line.startswith('#')]


def has_messages(path):
    text = read(path)
    if path.endswith(('.c', '.h')):
        return C_MESSAGE.search(text)
    if path.endswith('.ui'):
        return UI_MESSAGE.search(text)
    return path.endswith(('.desktop.in', '.metainfo.xml.in', '.gschema.xml'))


def potfiles_complete():
    listed = potfiles()
    there = [p for under in ('src', 'data') for p in source_files(under=under)
             if p.endswith(('.c', '.h', '.ui', '.in', '.gschema.xml')) and has_messages(p)]
    yield from (f'{p} has messages and is not in po/POTFILES' for p in there if p not in listed)
    yield from (f'{p} is in po/POTFILES and has no messages' for p in listed if p not in there)
    yield from (f'{p} is in po/POTFILES twice' for p in set(listed) if listed.count(p) > 1)
    if listed != sorted(listed):
        yield 'po/POTFILES is not sorted'


def extractable():
    with tempfile.TemporaryDirectory() as folder:
        pot = os.path.join(folder, 'pagescape.pot')
        status, said = run(need('xgettext', 'gettext'), '--from-code=UTF-8', '--add-comments',
                           '--keyword=_', '--keyword=N_', '--keyword=C_:1c,2',
                           '--keyword=NC_:1c,2', '--keyword=g_dngettext:2,3', '-f', 'po/POTFILES',
                           '-o', pot, cwd=SOURCE)
        if status != 0 or said.strip():
            yield said or f'xgettext ended with {status}'
            return
        status, said = run(need('msgfmt', 'gettext'), '--check-format', '-o', os.devnull, pot)
        if status != 0:
            yield said
        languages = read('po/LINGUAS').split()
        for language in languages:
            yield from translated(language, pot)


def translated(language, pot):
    po = os.path.join(SOURCE, 'po', language + '.po')
    status, said = run(need('msgfmt', 'gettext'), '--check', '--statistics', '-o', os.devnull, po,
                       env={**os.environ, 'LC_ALL': 'C'})
    if status != 0:
        yield said
    elif 'fuzzy' in said or 'untranslated' in said:
        yield f'{language}: {said.strip()}'
    status, said = run(need('msgcmp', 'gettext'), po, pot)
    if status != 0:
        yield f'{language}: {said}'


def flatpak_manifest():
    try:
        import yaml
    except ImportError:
        raise Skip('PyYAML is not installed (package python3-yaml)') from None
    manifest = yaml.safe_load(read(f'flatpak/{APP_ID}.yml'))
    for key, value in (('id', APP_ID), ('command', 'pagescape'), ('sdk', 'org.gnome.Sdk'),
                       ('runtime', 'org.gnome.Platform')):
        if manifest.get(key) != value:
            yield f'{key} is {manifest.get(key)}, expected {value}'
    if not isinstance(manifest['runtime-version'], str):
        yield 'runtime-version is not a string'
    options = re.findall(r"option\('(\w+)'", read('meson_options.txt'))
    for module in manifest['modules']:
        for option in module.get('config-opts', []):
            name = re.match(r'-D(\w+)=', option)
            if not name or name.group(1) not in options:
                yield f'{option} is no option of ours'


def main():
    tap = Tap()
    tap.check('the desktop file is valid', desktop_file)
    tap.check('the metainfo is valid', metainfo)
    tap.check('metainfo and build name one version', same_version)
    tap.check('the settings schema is valid', settings)
    tap.check('interface files, icons and other XML are well-formed', well_formed)
    tap.check('the icons draw', icons_draw)
    tap.check('the icons of the desktop file exist', icon_of_desktop_file)
    tap.check('every file with messages is in po/POTFILES', potfiles_complete)
    tap.check('messages can be extracted, translations are whole', extractable)
    tap.check('the Flatpak manifest is sound', flatpak_manifest)
    tap.done()


if __name__ == '__main__':
    main()
