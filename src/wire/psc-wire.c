/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-wire.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* Integers are put together from bytes, so that host order and alignment never matter; compilers
 * make single loads and stores of these. */
static void
store_le (uint8_t *bytes, uint64_t value, size_t n_bytes)
{
  for (size_t i = 0; i < n_bytes; i++)
    bytes[i] = (uint8_t) (value >> (8 * i));
}

static uint64_t
load_le (const uint8_t *bytes, size_t n_bytes)
{
  uint64_t value = 0;

  for (size_t i = 0; i < n_bytes; i++)
    value |= (uint64_t) bytes[i] << (8 * i);
  return value;
}

void
psc_wire_writer_init (struct psc_wire_writer *writer, void *data, size_t size)
{
  *writer = (struct psc_wire_writer){ .data = data, .size = size };
}

/* Room for `length` more bytes, already counted as written; NULL when there is none. */
static uint8_t *
writer_take (struct psc_wire_writer *writer, size_t length)
{
  uint8_t *at;

  if (writer->overflow || length > writer->size - writer->length)
    {
      writer->overflow = true;
      return NULL;
    }
  at = writer->data + writer->length;
  writer->length += length;
  return at;
}

static void
put_le (struct psc_wire_writer *writer, uint64_t value, size_t n_bytes)
{
  uint8_t *at = writer_take (writer, n_bytes);

  if (at)
    store_le (at, value, n_bytes);
}

void
psc_wire_put_u16 (struct psc_wire_writer *writer, uint16_t value)
{
  put_le (writer, value, 2);
}

void
psc_wire_put_u32 (struct psc_wire_writer *writer, uint32_t value)
{
  put_le (writer, value, 4);
}

void
psc_wire_put_u64 (struct psc_wire_writer *writer, uint64_t value)
{
  put_le (writer, value, 8);
}

void
psc_wire_put_raw (struct psc_wire_writer *writer, const void *bytes, size_t length)
{
  uint8_t *at = writer_take (writer, length);

  if (at && length > 0)
    memcpy (at, bytes, length);
}

void
psc_wire_put_bytes (struct psc_wire_writer *writer, const void *bytes, size_t length)
{
  uint8_t *at;

  if (length > UINT32_MAX || length > SIZE_MAX - 4)
    {
      writer->overflow = true;
      return;
    }
  /* Both or neither: a length whose bytes didn't fit must not be left behind. */
  at = writer_take (writer, 4 + length);
  if (!at)
    return;
  store_le (at, length, 4);
  if (length > 0)
    memcpy (at + 4, bytes, length);
}

void
psc_wire_put_region (struct psc_wire_writer *writer, const struct psc_wire_region *region)
{
  psc_wire_put_u64 (writer, region->start);
  psc_wire_put_u64 (writer, region->end);
  psc_wire_put_u64 (writer, region->bits);
}

void
psc_wire_put_scan_range (struct psc_wire_writer *writer, const struct psc_wire_scan_range *range)
{
  psc_wire_put_u64 (writer, range->start);
  psc_wire_put_u64 (writer, range->end);
  psc_wire_put_u64 (writer, range->category_inverted);
  psc_wire_put_u64 (writer, range->category_mask);
  psc_wire_put_u64 (writer, range->category_anyof_mask);
  psc_wire_put_u64 (writer, range->return_mask);
}

void
psc_wire_put_query_answer (struct psc_wire_writer *writer,
                           const struct psc_wire_query_answer *answer)
{
  psc_wire_put_u64 (writer, answer->address);
  psc_wire_put_u64 (writer, answer->start);
  psc_wire_put_u64 (writer, answer->end);
  psc_wire_put_u64 (writer, answer->flags);
  psc_wire_put_u64 (writer, answer->page_size);
  psc_wire_put_u64 (writer, answer->error);
}

void
psc_wire_reader_init (struct psc_wire_reader *reader, const void *data, size_t size)
{
  *reader = (struct psc_wire_reader){ .data = data, .size = size };
}

const uint8_t *
psc_wire_get_raw (struct psc_wire_reader *reader, size_t length)
{
  const uint8_t *at;

  if (reader->underflow || length > reader->size - reader->at)
    {
      reader->underflow = true;
      return NULL;
    }
  at = reader->data + reader->at;
  reader->at += length;
  return at;
}

static uint64_t
get_le (struct psc_wire_reader *reader, size_t n_bytes)
{
  const uint8_t *at = psc_wire_get_raw (reader, n_bytes);

  return at ? load_le (at, n_bytes) : 0;
}

uint16_t
psc_wire_get_u16 (struct psc_wire_reader *reader)
{
  return (uint16_t) get_le (reader, 2);
}

uint32_t
psc_wire_get_u32 (struct psc_wire_reader *reader)
{
  return (uint32_t) get_le (reader, 4);
}

uint64_t
psc_wire_get_u64 (struct psc_wire_reader *reader)
{
  return get_le (reader, 8);
}

const uint8_t *
psc_wire_get_bytes (struct psc_wire_reader *reader, size_t *length)
{
  size_t n_bytes = psc_wire_get_u32 (reader);
  const uint8_t *at = psc_wire_get_raw (reader, n_bytes);

  *length = at ? n_bytes : 0;
  return at;
}

struct psc_wire_region
psc_wire_get_region (struct psc_wire_reader *reader)
{
  struct psc_wire_region region;

  region.start = psc_wire_get_u64 (reader);
  region.end = psc_wire_get_u64 (reader);
  region.bits = psc_wire_get_u64 (reader);
  return region;
}

struct psc_wire_scan_range
psc_wire_get_scan_range (struct psc_wire_reader *reader)
{
  struct psc_wire_scan_range range;

  range.start = psc_wire_get_u64 (reader);
  range.end = psc_wire_get_u64 (reader);
  range.category_inverted = psc_wire_get_u64 (reader);
  range.category_mask = psc_wire_get_u64 (reader);
  range.category_anyof_mask = psc_wire_get_u64 (reader);
  range.return_mask = psc_wire_get_u64 (reader);
  return range;
}

struct psc_wire_query_answer
psc_wire_get_query_answer (struct psc_wire_reader *reader)
{
  struct psc_wire_query_answer answer;

  answer.address = psc_wire_get_u64 (reader);
  answer.start = psc_wire_get_u64 (reader);
  answer.end = psc_wire_get_u64 (reader);
  answer.flags = psc_wire_get_u64 (reader);
  answer.page_size = psc_wire_get_u64 (reader);
  answer.error = psc_wire_get_u64 (reader);
  return answer;
}

bool
psc_wire_reader_done (const struct psc_wire_reader *reader)
{
  return !reader->underflow && reader->at == reader->size;
}

void
psc_wire_head_encode (const struct psc_wire_head *head, uint8_t bytes[PSC_WIRE_HEAD_SIZE])
{
  store_le (bytes, head->length, 4);
  store_le (bytes + 4, head->type, 2);
  store_le (bytes + 6, head->zero, 2);
  store_le (bytes + 8, head->tag, 4);
  store_le (bytes + 12, head->error, 4);
}

bool
psc_wire_head_decode (const uint8_t bytes[PSC_WIRE_HEAD_SIZE], uint32_t max_length,
                      struct psc_wire_head *head)
{
  head->length = (uint32_t) load_le (bytes, 4);
  head->type = (uint16_t) load_le (bytes + 4, 2);
  head->zero = (uint16_t) load_le (bytes + 6, 2);
  head->tag = (uint32_t) load_le (bytes + 8, 4);
  head->error = (uint32_t) load_le (bytes + 12, 4);
  return head->zero == 0 && head->length <= max_length;
}

static void
iov_advance (struct iovec *iov, size_t n_iov, size_t n_bytes)
{
  for (size_t i = 0; i < n_iov; i++)
    {
      size_t n_here = n_bytes < iov[i].iov_len ? n_bytes : iov[i].iov_len;

      iov[i].iov_base = (uint8_t *) iov[i].iov_base + n_here;
      iov[i].iov_len -= n_here;
      n_bytes -= n_here;
    }
}

int
psc_wire_send (int fd, const struct psc_wire_head *head, const void *payload)
{
  uint8_t bytes[PSC_WIRE_HEAD_SIZE];
  struct iovec iov[2] = {
    { .iov_base = bytes, .iov_len = sizeof bytes },
    { .iov_base = (void *) payload, .iov_len = head->length },
  };

  psc_wire_head_encode (head, bytes);
  while (iov[0].iov_len + iov[1].iov_len > 0)
    {
      ssize_t n_bytes = writev (fd, iov, 2);

      if (n_bytes < 0 && errno == EINTR)
        continue;
      if (n_bytes < 0)
        return errno;
      if (n_bytes == 0)
        return EIO;
      iov_advance (iov, 2, (size_t) n_bytes);
    }
  return 0;
}

/* Reads until `size` bytes are there or the stream ends; *n_read says how many came. */
static int
read_full (int fd, void *data, size_t size, size_t *n_read)
{
  *n_read = 0;
  while (*n_read < size)
    {
      ssize_t n_bytes = read (fd, (uint8_t *) data + *n_read, size - *n_read);

      if (n_bytes < 0 && errno == EINTR)
        continue;
      if (n_bytes < 0)
        return errno;
      if (n_bytes == 0)
        break;
      *n_read += (size_t) n_bytes;
    }
  return 0;
}

int
psc_wire_recv (int fd, uint32_t max_length, struct psc_wire_head *head, void *payload,
               size_t payload_size)
{
  uint8_t bytes[PSC_WIRE_HEAD_SIZE];
  size_t n_read;
  int error;

  error = read_full (fd, bytes, sizeof bytes, &n_read);
  if (error)
    return error;
  if (n_read == 0)
    return ENODATA;
  if (n_read < sizeof bytes || !psc_wire_head_decode (bytes, max_length, head))
    return EPROTO;
  if (head->length > payload_size)
    return EMSGSIZE;
  error = read_full (fd, payload, head->length, &n_read);
  if (error)
    return error;
  return n_read == head->length ? 0 : EPROTO;
}
