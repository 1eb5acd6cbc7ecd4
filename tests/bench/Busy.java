// SPDX-License-Identifier: GPL-3.0-or-later

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A Java program in use, for the benches: each line on standard input is a second of its life. Says
    "ready" after each. */
public final class Busy
{
  public static void main (String[] args) throws Exception
  {
    Map<Integer, List<String>> kept = new HashMap<> ();

    System.out.println ("ready");
    for (int second = 0; System.in.read () >= 0; second++)
      {
        List<String> rows = new ArrayList<> ();

        for (int i = 0; i < 20000 + second * 7919 % 60000; i++)
          rows.add ("row " + i + " of " + second);
        rows.sort (String::compareTo);
        kept.put (second, new ArrayList<> (rows.subList (0, 500)));
        if (second % 300 == 299)
          kept.clear ();
        System.out.println ("ready");
      }
  }
}
