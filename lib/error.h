/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one error struct: what could not be done to which object, why, and what to do about it.
 *
 * Domain functions return 0, or -1 and fill a struct cxlf_err; they never print. `main` prints the
 * error once, as text or as part of the JSON document, and alone turns it into an exit status.
 * The table of codes (name, exit status, explanation) is in error.c and nowhere else: man pages,
 * `explain` and completion are made from it.
 */
#ifndef CXLF_ERROR_H
#define CXLF_ERROR_H

#include <stddef.h>

/* Exit statuses of every tool of the suite (sysexits(3) gave 70 and 74 their numbers). */
enum cxlf_exit {
	CXLF_EXIT_OK = 0,	   /* done, or already so */
	CXLF_EXIT_FAILED = 1,	   /* failed, no better class */
	CXLF_EXIT_USAGE = 2,	   /* the command line is wrong */
	CXLF_EXIT_NOT_FOUND = 3,   /* the object named does not exist */
	CXLF_EXIT_PERMISSION = 4,  /* a right is missing; the message says which */
	CXLF_EXIT_BUSY = 5,	   /* in use; the message says by whom */
	CXLF_EXIT_UNSUPPORTED = 6, /* driver absent, kernel too old or new, AFU lacks it */
	CXLF_EXIT_DEVICE = 7,	   /* the device failed or is gone */
	CXLF_EXIT_RETRY = 8,	   /* time-out, lock, EAGAIN: the same command may work later */
	CXLF_EXIT_CHECK = 9,	   /* the command worked, its verdict is negative */
	CXLF_EXIT_PARTIAL = 10,	   /* some objects done, some not */
	CXLF_EXIT_ABORTED = 11,	   /* not confirmed */
	CXLF_EXIT_NO_SPACE = 12,   /* chunks, handles, contexts */
	CXLF_EXIT_CONFIG = 13,	   /* bad configuration file */
	CXLF_EXIT_BUG = 70,	   /* internal error */
	CXLF_EXIT_OUTPUT = 74,	   /* the output could not be written */
	CXLF_EXIT_NOT_RUN = 126,   /* context run: the program cannot be run, as env(1) says it */
	CXLF_EXIT_NO_PROGRAM = 127 /* context run: there is no such program */
};

/* X(symbol, exit status): each symbol is also its printed name. Explanations stand in error.c. */
#define CXLF_ERROR_CODES(X)                                                                                            \
	X(FAILED, CXLF_EXIT_FAILED)                                                                                    \
	X(USAGE, CXLF_EXIT_USAGE)                                                                                      \
	X(UNKNOWN_COMMAND, CXLF_EXIT_USAGE)                                                                            \
	X(UNKNOWN_OPTION, CXLF_EXIT_USAGE)                                                                             \
	X(BAD_VALUE, CXLF_EXIT_USAGE)                                                                                  \
	X(BAD_WWID, CXLF_EXIT_USAGE)                                                                                   \
	X(LUN_NOT_FOUND, CXLF_EXIT_NOT_FOUND)                                                                          \
	X(LUN_AMBIGUOUS, CXLF_EXIT_NOT_FOUND)                                                                          \
	X(ADAPTER_NOT_FOUND, CXLF_EXIT_NOT_FOUND)                                                                      \
	X(NOT_CXLFLASH, CXLF_EXIT_NOT_FOUND)                                                                           \
	X(NO_IDENTITY, CXLF_EXIT_FAILED)                                                                               \
	X(IDENTITY_MISMATCH, CXLF_EXIT_FAILED)                                                                         \
	X(PERMISSION, CXLF_EXIT_PERMISSION)                                                                            \
	X(LUN_IN_USE, CXLF_EXIT_BUSY)                                                                                  \
	X(USE_UNKNOWN, CXLF_EXIT_BUSY)                                                                                 \
	X(LUN_HAS_HANDLES, CXLF_EXIT_BUSY)                                                                             \
	X(MODE_NOT_REACHED, CXLF_EXIT_FAILED)                                                                          \
	X(DRIVER_NOT_LOADED, CXLF_EXIT_UNSUPPORTED)                                                                    \
	X(DRIVER_REMOVED, CXLF_EXIT_UNSUPPORTED)                                                                       \
	X(NO_ADAPTER, CXLF_EXIT_NOT_FOUND)                                                                             \
	X(NOT_SUPPORTED, CXLF_EXIT_UNSUPPORTED)                                                                        \
	X(ADAPTER_FAILED, CXLF_EXIT_DEVICE)                                                                            \
	X(DEVICE_GONE, CXLF_EXIT_DEVICE)                                                                               \
	X(DEVICE_ERROR, CXLF_EXIT_DEVICE)                                                                              \
	X(LOCKED, CXLF_EXIT_RETRY)                                                                                     \
	X(TIMEOUT, CXLF_EXIT_RETRY)                                                                                    \
	X(PARTIAL, CXLF_EXIT_PARTIAL)                                                                                  \
	X(ABORTED, CXLF_EXIT_ABORTED)                                                                                  \
	X(NOT_SUPERPIPE, CXLF_EXIT_FAILED)                                                                             \
	X(LUN_OTHER_USE, CXLF_EXIT_BUSY)                                                                               \
	X(CONTEXT_NOT_FOUND, CXLF_EXIT_NOT_FOUND)                                                                      \
	X(HANDLE_NOT_FOUND, CXLF_EXIT_NOT_FOUND)                                                                       \
	X(NAME_TAKEN, CXLF_EXIT_BUSY)                                                                                  \
	X(CONTEXT_LOST, CXLF_EXIT_DEVICE)                                                                              \
	X(CONTEXT_GONE, CXLF_EXIT_DEVICE)                                                                              \
	X(HOLDER_PROTOCOL, CXLF_EXIT_FAILED)                                                                           \
	X(NO_SPACE, CXLF_EXIT_NO_SPACE)                                                                                \
	X(NO_CONTEXTS, CXLF_EXIT_NO_SPACE)                                                                             \
	X(NO_HANDLES, CXLF_EXIT_NO_SPACE)                                                                              \
	X(UNSAFE, CXLF_EXIT_ABORTED)                                                                                   \
	X(LUN_CHANGED, CXLF_EXIT_CHECK)                                                                                \
	X(BAD_SENSE, CXLF_EXIT_USAGE)                                                                                  \
	X(BAD_CONFIG, CXLF_EXIT_CONFIG)                                                                                \
	X(NO_MEMORY, CXLF_EXIT_FAILED)                                                                                 \
	X(PROGRAM_NOT_RUN, CXLF_EXIT_NOT_RUN)                                                                          \
	X(PROGRAM_NOT_FOUND, CXLF_EXIT_NO_PROGRAM)                                                                     \
	X(OUTPUT, CXLF_EXIT_OUTPUT)                                                                                    \
	X(BUG, CXLF_EXIT_BUG)

enum cxlf_code {
	CXLF_OK,
#define X(name, exit) CXLF_E_##name,
	CXLF_ERROR_CODES(X)
#undef X
		CXLF_E_COUNT
};

struct cxlf_err {
	enum cxlf_code code;
	int sys;	   /* errno behind it, positive, or 0 */
	char object[96];   /* what it is about: "cxlflash0 (0001:00:00.0)", "LUN 6005…", or "" */
	char message[320]; /* what could not be done, one sentence, no full stop */
	char cause[2048];  /* what was found out after the refusal, or "" */
	char fix[1024];	   /* what to type or do, can be pasted, or "" */
};

/* Static facts about a code. */
struct cxlf_code_info {
	enum cxlf_code code;
	const char *name;    /* "LUN_IN_USE" */
	enum cxlf_exit exit; /* exit status */
	const char *summary; /* one line */
	const char *explain; /* the paragraph(s) `explain` prints; lines of at most 76 columns */
};

const struct cxlf_code_info *cxlf_code_info(enum cxlf_code code);
/* Case-insensitive; NULL if there is no such code. */
const struct cxlf_code_info *cxlf_code_by_name(const char *name);
/* The words for an exit status ("in use"), NULL if the status is not one of ours. */
const char *cxlf_exit_summary(int status);
int cxlf_err_exit(const struct cxlf_err *err);
/* "EBUSY" for a positive errno; "" for 0 and for numbers without a name (the driver knows a 524). */
const char *cxlf_errno_name(int sys);

/*
 * Begin an error: sets code and message and clears the rest. Always returns -1, so that a domain
 * function can end with `return cxlf_fail(...)`. `rc` is a -errno (or 0); it is
 * kept in `sys` and not put into the message: who prints the error adds its name (cxlf_errno_name).
 */
int cxlf_fail(struct cxlf_err *err, enum cxlf_code code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int cxlf_fail_sys(struct cxlf_err *err, enum cxlf_code code, int rc, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Add to an error begun before; each returns -1. */
int cxlf_object(struct cxlf_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int cxlf_cause(struct cxlf_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int cxlf_fix(struct cxlf_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
