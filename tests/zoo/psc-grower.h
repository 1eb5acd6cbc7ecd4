/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Inside psc-grower: programs that leak or do not, in ways of which the truth is known. libc only.
 * An animal does a second's work when its tick() is called and nothing otherwise.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KIB(n) ((size_t) (n) << 10)
#define MIB(n) ((size_t) (n) << 20)

typedef struct
{
  const char *name;
  void (*tick) (unsigned second);
} GrowerAnimal;

/* Each ends with a NULL name. */
extern const GrowerAnimal grower_leaks[];
extern const GrowerAnimal grower_shared[];
extern const GrowerAnimal grower_others[];

/* Base page, bytes. */
extern size_t grower_page;
/* How fast all goes; 1 is ordinary. */
extern double grower_speed;
/* Bytes that are lost for good until now: the truth. */
extern uint64_t grower_leaked;

/* From the seed: the same each time. */
uint32_t grower_random (void);
/* [0, 1) */
double grower_share (void);
/* What there is for a second, with the speed and by chance between half and one and a half. */
size_t grower_ration (size_t bytes);
/* Ends the program when there is none. */
void grower_need (const void *memory);
void grower_touch (volatile char *start, size_t length);
/* New private memory, not merged with any other, touched. */
char *grower_map (size_t length);
