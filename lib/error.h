/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The error struct: what could not be done to which object, the cause, and the fix.
 *
 * Domain functions return 0, or -1 and fill a struct cxlf_err; they never print. `main` prints the error once, as text
 * or as part of the JSON document, and converts it into an exit status. The table of codes in error.c has the
 * explanations; man pages, `explain` and completion are generated from it.
 */
#ifndef CXLF_ERROR_H
#define CXLF_ERROR_H

#include <stddef.h>

/* X(symbol, exit status of every tool of the suite, meaning). sysexits(3) has 70 and 74, env(1) has 126 and 127. */
#define CXLF_EXITS(X)                                                                                                  \
	X(OK, 0, "done or already so")                                                                                 \
	X(FAILED, 1, "failed")                                                                                         \
	X(USAGE, 2, "wrong usage")                                                                                     \
	X(NOT_FOUND, 3, "not found")                                                                                   \
	X(PERMISSION, 4, "permission denied")                                                                          \
	X(BUSY, 5, "busy or in use")                                                                                   \
	X(UNSUPPORTED, 6, "not supported")                                                                             \
	X(DEVICE, 7, "device failed or gone")                                                                          \
	X(RETRY, 8, "try again later")                                                                                 \
	X(CHECK, 9, "check failed: the command worked, its verdict is negative")                                       \
	X(PARTIAL, 10, "partly done")                                                                                  \
	X(ABORTED, 11, "aborted (not confirmed)")                                                                      \
	X(NO_SPACE, 12, "no space: chunks, handles or contexts")                                                       \
	X(CONFIG, 13, "bad configuration")                                                                             \
	X(BUG, 70, "internal error")                                                                                   \
	X(OUTPUT, 74, "output could not be written")                                                                   \
	X(NOT_RUN, 126, "the program cannot be run")                                                                   \
	X(NO_PROGRAM, 127, "the program was not found")

enum cxlf_exit {
#define X(symbol, status, meaning) CXLF_EXIT_##symbol = status,
	CXLF_EXITS(X)
#undef X
};

/* The printed name of CXLF_E_X is X. The exit statuses and explanations are in error.c. */
/* clang-format off */
enum cxlf_code {
	CXLF_OK, CXLF_E_FAILED,
	CXLF_E_USAGE, CXLF_E_UNKNOWN_COMMAND, CXLF_E_UNKNOWN_OPTION, CXLF_E_BAD_VALUE, CXLF_E_BAD_WWID,
	CXLF_E_LUN_NOT_FOUND, CXLF_E_LUN_AMBIGUOUS, CXLF_E_ADAPTER_NOT_FOUND, CXLF_E_NOT_CXLFLASH,
	CXLF_E_NO_IDENTITY, CXLF_E_IDENTITY_MISMATCH, CXLF_E_PERMISSION,
	CXLF_E_LUN_IN_USE, CXLF_E_USE_UNKNOWN, CXLF_E_LUN_HAS_HANDLES, CXLF_E_MODE_NOT_REACHED,
	CXLF_E_DRIVER_NOT_LOADED, CXLF_E_DRIVER_REMOVED, CXLF_E_NO_ADAPTER, CXLF_E_NOT_SUPPORTED,
	CXLF_E_ADAPTER_FAILED, CXLF_E_ADAPTER_FROZEN, CXLF_E_PORT_OFFLINE, CXLF_E_PATH_OFFLINE, CXLF_E_DEVICE_GONE,
	CXLF_E_DEVICE_ERROR, CXLF_E_LOCKED, CXLF_E_TIMEOUT,
	CXLF_E_PARTIAL, CXLF_E_ABORTED, CXLF_E_NOT_SUPERPIPE, CXLF_E_LUN_OTHER_USE,
	CXLF_E_CONTEXT_NOT_FOUND, CXLF_E_HANDLE_NOT_FOUND, CXLF_E_NAME_TAKEN, CXLF_E_CONTEXT_LOST,
	CXLF_E_CONTEXT_GONE, CXLF_E_HOLDER_PROTOCOL, CXLF_E_NO_SPACE, CXLF_E_LUN_TABLE_FULL, CXLF_E_NO_CONTEXTS,
	CXLF_E_NO_HANDLES,
	CXLF_E_UNSAFE, CXLF_E_LUN_CHANGED, CXLF_E_NOT_VERIFIED, CXLF_E_BAD_SENSE, CXLF_E_BAD_CONFIG, CXLF_E_NO_MEMORY,
	CXLF_E_RUN_DIR, CXLF_E_UNHEALTHY, CXLF_E_STATE_UNKNOWN, CXLF_E_MIXED_MODES, CXLF_E_PCI_ERRORS,
	CXLF_E_PROGRAM_NOT_RUN, CXLF_E_PROGRAM_NOT_FOUND, CXLF_E_OUTPUT, CXLF_E_BUG,
	CXLF_E_COUNT
};
/* clang-format on */

struct cxlf_err {
	enum cxlf_code code;
	int sys;	   /* the errno, positive, or 0 */
	char object[96];   /* "cxlflash0 (0001:00:00.0)", "LUN 6005…", or "" */
	char message[320]; /* what could not be done: one sentence without a full stop */
	char cause[2048];  /* or "" */
	char fix[1024];	   /* a command that can be pasted, or an instruction, or "" */
};

/* Static facts about a code. */
struct cxlf_code_info {
	enum cxlf_code code;
	const char *name; /* "LUN_IN_USE" */
	enum cxlf_exit exit;
	const char *summary; /* one line */
	const char *explain; /* the paragraphs that `explain` prints, wrapped, without a line feed at the end */
};

const struct cxlf_code_info *cxlf_code_info(enum cxlf_code code);
/* Case-insensitive; NULL if there is no such code. */
const struct cxlf_code_info *cxlf_code_by_name(const char *name);
/* The meaning of an exit status, or NULL for an unknown one. */
const char *cxlf_exit_summary(int status);
int cxlf_err_exit(const struct cxlf_err *err);
/* "EBUSY" for a positive errno; "" for 0 and for numbers without a name (the driver returns 524). */
const char *cxlf_errno_name(int sys);

/*
 * Begin an error: set code and message and clear the rest. Always returns -1, so that a domain function can end with
 * `return cxlf_fail(...)`. `rc` is a -errno or 0. It is kept in `sys`; its name is printed with the error and does not
 * belong in the message.
 */
int cxlf_fail_sys(struct cxlf_err *err, enum cxlf_code code, int rc, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
#define cxlf_fail(err, code, ...) cxlf_fail_sys(err, code, 0, __VA_ARGS__)
/* Add to an error begun before; each returns -1. */
int cxlf_object(struct cxlf_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int cxlf_cause(struct cxlf_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int cxlf_fix(struct cxlf_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The fix of PERMISSION: to become root, or for root what else may refuse. */
int cxlf_fix_root(struct cxlf_err *err);
/*
 * A file below /run cannot be written: set code, cause and fix of an error that the caller has begun with the -errno:
 * PERMISSION, RUN_DIR (read-only, or full) or FAILED.
 */
int cxlf_fail_run(struct cxlf_err *err, const char *dir);

#endif
