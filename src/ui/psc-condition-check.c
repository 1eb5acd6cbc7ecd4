/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-condition-check.h"

typedef struct
{
  PscTimeline *timeline; /* or NULL */
  char **texts;
} Check;

static void
check_free (Check *check)
{
  psc_timeline_free (check->timeline);
  g_strfreev (check->texts);
  g_free (check);
}

static void
answer_free (gpointer data)
{
  PscConditionAnswer *answer = data;

  g_free (answer->text);
  g_free (answer->error);
  g_free (answer->sentence);
  g_free (answer->unseen);
  g_free (answer);
}

static PscConditionAnswer *
answer_new (const PscTimeline *timeline, const char *text)
{
  PscConditionAnswer *answer = g_new0 (PscConditionAnswer, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (PscCondition) condition = psc_condition_parse (text, &error);

  answer->text = g_strdup (text);
  if (condition == NULL)
    {
      answer->error = g_strdup (error->message);
      return answer;
    }
  if (timeline == NULL)
    return answer;
  answer->holds = psc_condition_holds (condition, timeline, FALSE, &answer->sentence);
  answer->unseen = g_strdup (psc_condition_find_unseen (condition, timeline));
  return answer;
}

static void
check_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Check *check = task_data;
  GPtrArray *answers = g_ptr_array_new_with_free_func (answer_free);

  for (guint i = 0; check->texts[i] != NULL; i++)
    g_ptr_array_add (answers, answer_new (check->timeline, check->texts[i]));
  g_task_return_pointer (task, answers, (GDestroyNotify) g_ptr_array_unref);
}

void
psc_condition_check_async (const PscTimeline *timeline, const char *const *texts,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Check *check = g_new0 (Check, 1);

  check->timeline = timeline != NULL ? psc_timeline_copy (timeline) : NULL;
  check->texts = g_strdupv ((char **) texts);
  g_task_set_task_data (task, check, (GDestroyNotify) check_free);
  g_task_run_in_thread (task, check_worker);
}

GPtrArray *
psc_condition_check_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
