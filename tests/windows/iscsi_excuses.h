/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_ISCSI_EXCUSES_H
#define TESTS_WINDOWS_ISCSI_EXCUSES_H

#include "tests/conformance/row.h"

/* Why a row of the Windows checklist cannot run over iSCSI, or NULL. */
const char *windows_iscsi_excuse(const struct row *row);

#endif
