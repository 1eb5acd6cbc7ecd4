/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-store-error.h"

G_DEFINE_QUARK (psc - store - error - quark, psc_store_error)
