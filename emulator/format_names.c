/* SPDX-License-Identifier: MIT */
#include "emulator/format_names.h"

#include <stddef.h>

#include "emulator/mmc_key.h"
#include "emulator/mmc_structure.h"

const struct named_code key_format_names[] = {
    {"agid",       MMC_KEY_AGID      },
    {"challenge",  MMC_KEY_CHALLENGE },
    {"key1",       MMC_KEY_KEY1      },
    {"key2",       MMC_KEY_KEY2      },
    {"title-key",  MMC_KEY_TITLE_KEY },
    {"asf",        MMC_KEY_ASF       },
    {"set-rpc",    MMC_KEY_SET_RPC   },
    {"rpc-state",  MMC_KEY_RPC_STATE },
    {"invalidate", MMC_KEY_INVALIDATE},
    {NULL,         0                 },
};

const struct named_code structure_format_names[] = {
    {"physical",      MMC_STRUCTURE_PHYSICAL     },
    {"copyright",     MMC_STRUCTURE_COPYRIGHT    },
    {"disc-key",      MMC_STRUCTURE_DISC_KEY     },
    {"bca",           MMC_STRUCTURE_BCA          },
    {"manufacturing", MMC_STRUCTURE_MANUFACTURING},
    {NULL,            0                          },
};
