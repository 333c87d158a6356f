/* SPDX-License-Identifier: MIT */
#include "tests/windows/iscsi_excuses.h"

#include <string.h>

#include "tests/conformance/iscsi_excuses.h"

const char *windows_iscsi_excuse(const struct row *row)
{
    return iscsi_excuse(row);
}
