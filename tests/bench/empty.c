/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An empty program, to be linked with the libraries of cxlflashctl: what starting costs at least.
 */
int main(void)
{
	return 0;
}
