/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli-clock.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "psc-cli.h"

/* Shorter makes no difference to anyone, longer is no watching. */
#define LEAST_INTERVAL_USEC (10 * G_TIME_SPAN_MILLISECOND)
#define MOST_INTERVAL_USEC  G_TIME_SPAN_DAY
#define MOST_FOR_USEC       (3650 * G_TIME_SPAN_DAY)

static int stop_fd = -1;

static void
stop_cb (int number)
{
  const guint64 one = 1;
  int saved = errno;

  if (write (stop_fd, &one, sizeof one) < 0)
    _exit (128 + number);
  errno = saved;
}

void
psc_cli_catch_signals (void)
{
  struct sigaction action = { .sa_handler = stop_cb, .sa_flags = SA_RESTART | SA_RESETHAND };

  stop_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (stop_fd < 0)
    return;
  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
}

gboolean
psc_cli_wait_until (gint64 until_usec)
{
  struct pollfd poll_fd = { .fd = stop_fd, .events = POLLIN };
  gint64 rest_usec;
  int n;

  do
    {
      rest_usec = MAX (until_usec - g_get_monotonic_time (), 0);
      n = poll (&poll_fd, 1, (int) MIN ((rest_usec + 999) / 1000, G_MAXINT));
    }
  while ((n < 0 && errno == EINTR) || (n == 0 && rest_usec > 1000));
  return n > 0;
}

gboolean
psc_cli_parse_duration (const char *text, gint64 least_usec, gint64 most_usec, gint64 *usec)
{
  static const struct
  {
    const char *unit;
    double usec;
  } units[] = { { "", 1e6 }, { "s", 1e6 }, { "ms", 1e3 }, { "m", 60e6 }, { "h", 3600e6 } };
  char *end;
  double number = g_ascii_strtod (text, &end);

  if (!g_ascii_isdigit (text[0]) || !isfinite (number) || strchr (text, 'x') != NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (strcmp (end, units[i].unit) == 0)
      {
        number *= units[i].usec;
        *usec = number <= (double) most_usec ? (gint64) (number + 0.5) : 0;
        return number <= (double) most_usec && *usec >= least_usec;
      }
  return FALSE;
}

gboolean
psc_cli_parse_pace (const char *interval, const char *duration, gint64 *interval_usec,
                    gint64 *for_usec)
{
  *interval_usec = G_TIME_SPAN_SECOND;
  *for_usec = 0;
  if (interval != NULL &&
      !psc_cli_parse_duration (interval, LEAST_INTERVAL_USEC, MOST_INTERVAL_USEC, interval_usec))
    {
      psc_cli_error (
          _ ("--interval “%s” is no time between 10ms and 24h, such as 0.1, 100ms or 1s"),
          interval);
      return FALSE;
    }
  if (duration != NULL && !psc_cli_parse_duration (duration, 1, MOST_FOR_USEC, for_usec))
    {
      psc_cli_error (_ ("--for “%s” is no time above 0, such as 5, 500ms, 10m or 1h"), duration);
      return FALSE;
    }
  return TRUE;
}
