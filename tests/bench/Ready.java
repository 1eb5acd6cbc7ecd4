// SPDX-License-Identifier: GPL-3.0-or-later

/** A Java program at rest, for the benches: it has filled some of its heap and waits. */
public final class Ready
{
  public static void main (String[] args) throws Exception
  {
    byte[][] chunks = new byte[256][];

    for (int i = 0; i < chunks.length; i++)
      chunks[i] = new byte[1 << 20];
    System.out.println ("ready");
    System.in.read ();
    System.out.println (chunks.length);
  }
}
