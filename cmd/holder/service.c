/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A holder that a command starts becomes a service of systemd, so that it survives the session, the cron job or the
 * service that the command runs in: a process in their control group would be killed with them.
 *
 * The process that the command started only sends the request, and ends. The service runs the same program with the
 * same options; its standard output is the pipe for the result of the start. libsystemd is loaded here and nowhere
 * else, and not by the holder that stays.
 */
#include "daemon.h"
#include "holder/files.h"
#include "holder/start.h"
#include "scope.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#define LIBRARY "libsystemd.so.0"
#define SERVICE_READY_FD 1
#define CALL_US (30ull * 1000000)
#define UNIT_EXISTS "org.freedesktop.systemd1.UnitExists"
#define WORDS_MAX (32 + CXLF_CONTEXT_LUNS)

/* sd-bus(3); its header is not needed to build. */
struct bus_error {
	const char *name, *message;
	int need_free;
};

struct library {
	void *handle;
	int (*open_system)(void **bus);
	int (*new_call)(void *bus, void **message, const char *to, const char *path, const char *interface,
			const char *member);
	int (*append)(void *message, const char *types, ...);
	int (*append_strv)(void *message, char **words);
	int (*open_container)(void *message, char type, const char *contents);
	int (*close_container)(void *message);
	int (*call)(void *bus, void *message, uint64_t us, struct bus_error *err, void **reply);
	void (*error_free)(struct bus_error *err);
	void *(*message_unref)(void *message);
	void *(*flush_close_unref)(void *bus);
};

static bool load(struct library *library)
{
	const struct {
		const char *name;
		void *to;
	} symbol[] = {
		{"sd_bus_open_system", &library->open_system},
		{"sd_bus_message_new_method_call", &library->new_call},
		{"sd_bus_message_append", &library->append},
		{"sd_bus_message_append_strv", &library->append_strv},
		{"sd_bus_message_open_container", &library->open_container},
		{"sd_bus_message_close_container", &library->close_container},
		{"sd_bus_call", &library->call},
		{"sd_bus_error_free", &library->error_free},
		{"sd_bus_message_unref", &library->message_unref},
		{"sd_bus_flush_close_unref", &library->flush_close_unref},
	};

	library->handle = dlopen(LIBRARY, RTLD_NOW);
	for (size_t i = 0; library->handle && i < sizeof(symbol) / sizeof(*symbol); i++) {
		void *found = dlsym(library->handle, symbol[i].name);

		if (!found)
			return false;
		memcpy(symbol[i].to, &found, sizeof(found));
	}
	return library->handle;
}

/* ---- the request ---- */

static int append_command(const struct library *bus, void *message, const char *program, char **words)
{
	static const struct {
		char type;
		const char *contents;
	} level[] = {{'r', "sv"}, {'v', "a(sasb)"}, {'a', "(sasb)"}, {'r', "sasb"}};
	int rc = 0;

	for (size_t i = 0; rc >= 0 && i < 4; i++) {
		rc = bus->open_container(message, level[i].type, level[i].contents);
		if (rc >= 0 && !i)
			rc = bus->append(message, "s", "ExecStart");
	}
	if (rc >= 0)
		rc = bus->append(message, "s", program);
	if (rc >= 0)
		rc = bus->append_strv(message, words);
	if (rc >= 0)
		rc = bus->append(message, "b", 0);
	for (size_t i = 0; rc >= 0 && i < 4; i++)
		rc = bus->close_container(message);
	return rc;
}

/*
 * Clones are children of the holder and keep running without it: hence KillMode. An attach may wait for a reset as long
 * as it lasts: hence no limit of the start.
 */
static int append_unit(const struct library *bus, void *message, const char *name, int ready, const char *program,
		       char **words)
{
	char unit[CXLF_HELD_NAME + 32], about[CXLF_HELD_NAME + 32];
	int rc;

	snprintf(unit, sizeof(unit), "cxlflash-context-%s.service", name);
	snprintf(about, sizeof(about), "CXL Flash adapter context %s", name);
	rc = bus->append(message, "ss", unit, "fail");
	if (rc >= 0)
		rc = bus->open_container(message, 'a', "(sv)");
	if (rc >= 0)
		rc = bus->append(message, "(sv)(sv)(sv)(sv)(sv)(sv)(sv)", "Description", "s", about, "Type", "s",
				 "notify", "TimeoutStartUSec", "t", UINT64_MAX, "KillMode", "s", "process",
				 "CollectMode", "s", "inactive-or-failed", "OOMScoreAdjust", "i", -900,
				 "StandardOutputFileDescriptor", "h", ready);
	if (rc >= 0)
		rc = append_command(bus, message, program, words);
	if (rc >= 0)
		rc = bus->close_container(message);
	return rc < 0 ? rc : bus->append(message, "a(sa(sv))", 0);
}

enum started { STARTED, EXISTS, REFUSED };

static enum started start_unit(const struct library *library, void *bus, const char *name, int ready,
			       const char *program, char **words)
{
	struct bus_error err = {0};
	void *message = NULL;
	enum started result = REFUSED;
	int rc = library->new_call(bus, &message, "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
				   "org.freedesktop.systemd1.Manager", "StartTransientUnit");

	if (rc >= 0)
		rc = append_unit(library, message, name, ready, program, words);
	if (rc >= 0)
		rc = library->call(bus, message, CALL_US, &err, NULL);
	/* After a timeout systemd may still start it: a second holder must not. */
	if (rc >= 0 || rc == -ETIMEDOUT)
		result = STARTED;
	else if (err.name && !strcmp(err.name, UNIT_EXISTS))
		result = EXISTS;
	else
		syslog(LOG_WARNING, "context %s: systemd does not start a service for it: %s", name,
		       err.message ? err.message : strerror(-rc));
	library->error_free(&err);
	library->message_unref(message);
	return result;
}

/* ---- name and command line ---- */

static bool is_free(const char *name)
{
	scoped_fd int lock = cxlf_holder_lock(CXLF_RUN_DIR, name);

	if (lock >= 0)
		cxlf_holder_remove(CXLF_RUN_DIR, name);
	return lock >= 0;
}

/* The service needs the name, because its unit has it, and its own fd for the result. */
static void command_line(char **argv, const char *name, char *name_word, size_t size, char **words)
{
	unsigned n = 0;

	snprintf(name_word, size, "--name=%s", name);
	words[n++] = argv[0];
	words[n++] = (char *)"--ready-fd=1";
	words[n++] = name_word;
	for (argv++; *argv && n < WORDS_MAX - 1; argv++)
		if (strncmp(*argv, "--ready-fd", 10) && strncmp(*argv, "--name", 6))
			words[n++] = *argv;
	words[n] = NULL;
}

static enum started start_named(const struct library *library, void *bus, const char *name, char **argv)
{
	char program[512], name_word[CXLF_HELD_NAME + 8], *words[WORDS_MAX];
	ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);

	if (len < 0 || !is_free(name))
		return len < 0 ? REFUSED : EXISTS;
	program[len] = '\0';
	command_line(argv, name, name_word, sizeof(name_word), words);
	return start_unit(library, bus, name, CXLF_HOLDER_READY_FD, program, words);
}

static bool try_names(const struct library *library, void *bus, const char *wanted, char **argv)
{
	enum started result = EXISTS;
	char name[CXLF_HELD_NAME];

	if (wanted)
		return start_named(library, bus, wanted, argv) == STARTED;
	for (unsigned i = 0; i < CXLF_HOLDERS && result == EXISTS; i++) {
		snprintf(name, sizeof(name), "ctx%u", i);
		result = start_named(library, bus, name, argv);
	}
	return result == STARTED;
}

/* The tests set the address of a bus of their own. */
static bool has_systemd(void)
{
	return !access("/run/systemd/system", F_OK) || getenv("DBUS_SYSTEM_BUS_ADDRESS");
}

bool holder_start_service(const struct holder_options *options, char **argv)
{
	struct library library = {.handle = NULL};
	void *bus = NULL;
	bool started = false;

	/* A clone must stay a child of its source. The service itself has another fd. */
	if (options->ready != CXLF_HOLDER_READY_FD || options->how.parent || !has_systemd())
		return false;
	if (load(&library) && library.open_system(&bus) >= 0) {
		started = try_names(&library, bus, options->how.name, argv);
		library.flush_close_unref(bus);
	}
	if (library.handle)
		dlclose(library.handle);
	return started;
}
