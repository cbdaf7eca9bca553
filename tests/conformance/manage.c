// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness.h"
const struct test manage_tests[] = { { 0 } };
