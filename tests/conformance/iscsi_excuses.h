/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFORMANCE_ISCSI_EXCUSES_H
#define TESTS_CONFORMANCE_ISCSI_EXCUSES_H

#include "tests/conformance/row.h"

/*
 * The one place for what LIO and tcmu-runner do not let through: why the row cannot run over iSCSI,
 * or NULL.
 */
const char *iscsi_excuse(const struct row *row);

#endif
