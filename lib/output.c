/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The output of a run: the format, warnings and errors, and whether all output was written.
 */
#include "output.h"
#include "scope.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* A tree needs the column in which the branches are drawn. */
static bool is_tree(const struct cxlf_view *view, const struct cxlf_column *column, int n)
{
	for (int i = 0; view->depth && i < n; i++)
		if (!strcmp(column[i].field->key, view->tree_key))
			return true;
	return false;
}

static int show_columns(struct cxlf_out *out, const struct cxlf_view *view, struct cxlf_err *err)
{
	struct cxlf_column column[CXLF_MAX_COLUMNS];
	const char *shown = view->shown || view->rows.fields != out->shown_of ? view->shown : out->shown;
	int n = cxlf_columns_choose(view->rows.fields, shown, out->columns, column, err);

	if (n < 0)
		return -1;
	if (out->format == CXLF_FORMAT_PAIRS)
		return cxlf_pairs_show(out, &view->rows, column, (size_t)n);
	if (view->layout == CXLF_CARDS && !out->columns)
		return cxlf_cards_show(out, &view->rows);
	return cxlf_table_show(out, &view->rows, column, (size_t)n, is_tree(view, column, n) ? view : NULL, NULL);
}

int cxlf_out_show(struct cxlf_out *out, const struct cxlf_view *view, struct cxlf_err *err)
{
	err->code = CXLF_OK;
	if (out->format == CXLF_FORMAT_JSON)
		return cxlf_json_show(out, view);
	if (out->format == CXLF_FORMAT_JSONL)
		return cxlf_jsonl_show(out, view);
	if (show_columns(out, view, err))
		return err->code ? -1 : cxlf_fail(err, CXLF_E_NO_MEMORY, "cannot build the table");
	return 0;
}

void cxlf_out_line(struct cxlf_out *out, const char *fmt, ...)
{
	va_list ap;

	if (out->format != CXLF_FORMAT_TABLE)
		return;
	scoped_free char *text = NULL;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	/* keeps tabs and line feeds, and replaces other control characters */
	for (char *part = text, *end; part; part = end) {
		char c = part[strcspn(part, "\n\t")];

		end = strpbrk(part, "\n\t");
		if (end)
			*end++ = '\0';
		cxlf_text_put(out->stream, part);
		fputc(c ? c : '\n', out->stream);
	}
}

static struct cxlf_note *add_note(struct cxlf_out *out, bool is_error)
{
	struct cxlf_note *more = realloc(out->note, (out->n_notes + 1) * sizeof(*more));

	if (!more)
		return NULL;
	out->note = more;
	more += out->n_notes++;
	*more = (struct cxlf_note){.is_error = is_error};
	return more;
}

void cxlf_out_warn(struct cxlf_out *out, const char *object, const char *fmt, ...)
{
	struct cxlf_note *note = add_note(out, false);
	va_list ap;

	if (!note)
		return;
	snprintf(note->err.object, sizeof(note->err.object), "%s", object ? object : "");
	va_start(ap, fmt);
	vsnprintf(note->err.message, sizeof(note->err.message), fmt, ap);
	va_end(ap);
	if (out->quiet)
		return;
	fprintf(out->notes, "%s: warning: ", out->tool);
	if (*note->err.object) {
		cxlf_text_put(out->notes, note->err.object);
		fputs(": ", out->notes);
	}
	cxlf_text_put(out->notes, note->err.message);
	fputc('\n', out->notes);
}

void cxlf_out_fail(struct cxlf_out *out, const struct cxlf_err *err)
{
	struct cxlf_note *note = add_note(out, true);

	if (note)
		note->err = *err;
}

static void print_errors(const struct cxlf_out *out)
{
	for (size_t i = 0; i < out->n_notes; i++)
		if (out->note[i].is_error)
			cxlf_error_print(out->notes, out->tool, &out->note[i].err, out->format == CXLF_FORMAT_JSON);
}

/* Flushing reports a full disk or a closed pipe; NFS reports some errors only when the file is closed. */
static int written(struct cxlf_out *out)
{
	bool bad = ferror(out->stream);

	errno = 0;
	if (fflush(out->stream) || bad || fclose(out->stream))
		return errno ? -errno : -EIO;
	return 0;
}

int cxlf_out_finish(struct cxlf_out *out, const struct cxlf_err *err)
{
	int status = cxlf_err_exit(err), rc;

	if (err->code)
		cxlf_out_fail(out, err);
	if (out->format == CXLF_FORMAT_JSON)
		cxlf_json_finish(out, status);
	rc = written(out);
	print_errors(out);
	if (rc && rc != -EPIPE) {
		struct cxlf_err lost;

		cxlf_fail_sys(&lost, CXLF_E_OUTPUT, rc, "cannot write the output");
		cxlf_error_print(out->notes, out->tool, &lost, false);
	}
	free(out->note);
	return rc ? CXLF_EXIT_OUTPUT : status;
}
