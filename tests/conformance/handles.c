// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness.h"
const struct test handle_tests[] = { { 0 } };
