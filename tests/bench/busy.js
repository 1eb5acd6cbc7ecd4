// SPDX-License-Identifier: GPL-3.0-or-later

// A Node program in use, for the benches: each line on standard input is a second of its life, in
// which it parses, sorts and forgets, and keeps a little. Says "ready" after each.
'use strict';

const kept = [];
let second = 0;

function document (n)
{
  const rows = [];

  for (let i = 0; i < n; i++)
    rows.push ({ id: i, name: `row ${i} of ${second}`, values: [i, i * 2, i * 3] });
  return rows;
}

function live ()
{
  const rows = JSON.parse (JSON.stringify (document (1500 + (second * 7919) % 6000)));

  rows.sort ((a, b) => (a.name < b.name ? -1 : 1));
  kept.push (rows.slice (0, 40));
  if (second % 60 === 30)
    kept.push (Buffer.alloc (1 << 20, second));
  if (second % 300 === 299)
    kept.splice (0, kept.length / 2);
  second++;
}

process.stdin.on ('data', (bytes) => {
  for (const byte of bytes)
    if (byte === 10)
      {
        live ();
        console.log ('ready');
      }
});
console.log ('ready');
