/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An empty program, linked with the libraries of cxlflashctl: a lower limit for the time to start.
 */
int main(void)
{
	return 0;
}
