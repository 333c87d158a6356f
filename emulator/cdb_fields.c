/* SPDX-License-Identifier: MIT */
#include "emulator/cdb_fields.h"

#include <stdbool.h>

#include "emulator/mmc_cdb.h"
#include "emulator/mmc_key.h"

#define SIZE(type, member) sizeof(((struct type *)0)->member)
#define WHOLE(name, type, member)                                                                  \
    {                                                                                              \
        name, offsetof(struct type, member), SIZE(type, member), 0, 0, NULL                        \
    }
#define NAMED(name, type, member, values)                                                          \
    {                                                                                              \
        name, offsetof(struct type, member), SIZE(type, member), 0, 0, values                      \
    }
#define BITS(name, type, member, shift, bits)                                                      \
    {                                                                                              \
        name, offsetof(struct type, member), 1, shift, bits, NULL                                  \
    }
#define NAMED_BITS(name, type, member, shift, bits, values)                                        \
    {                                                                                              \
        name, offsetof(struct type, member), 1, shift, bits, values                                \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, 0, 0, 0, 0, NULL                                                                     \
    }

static const struct cdb_value report_key_formats[] = {
    {MMC_KEY_AGID,       "AGID"           },
    {MMC_KEY_CHALLENGE,  "challenge key"  },
    {MMC_KEY_KEY1,       "KEY1"           },
    {MMC_KEY_TITLE_KEY,  "title key"      },
    {MMC_KEY_ASF,        "ASF"            },
    {MMC_KEY_RPC_STATE,  "RPC state"      },
    {MMC_KEY_INVALIDATE, "invalidate AGID"},
    {0,                  NULL             },
};
static const struct cdb_value send_key_formats[] = {
    {MMC_KEY_CHALLENGE,  "challenge key"  },
    {MMC_KEY_KEY2,       "KEY2"           },
    {MMC_KEY_SET_RPC,    "RPC structure"  },
    {MMC_KEY_INVALIDATE, "invalidate AGID"},
    {0,                  NULL             },
};
static const struct cdb_value key_classes[] = {
    {0x00, "CSS/CPPM/CPRM"},
    {0x02, "AACS"         },
    {0,    NULL           },
};
static const struct cdb_value structure_formats[] = {
    {0x00, "physical format" },
    {0x01, "copyright"       },
    {0x02, "disc key"        },
    {0x03, "BCA"             },
    {0x04, "manufacturing"   },
    {0x0F, "media identifier"},
    {0xFF, "structure list"  },
    {0,    NULL              },
};
static const struct cdb_value toc_formats[] = {
    {0, "TOC"     },
    {1, "session" },
    {2, "full TOC"},
    {3, "PMA"     },
    {4, "ATIP"    },
    {5, "CD-TEXT" },
    {0, NULL      },
};

static const struct cdb_field no_fields[] = {END};
static const struct cdb_field request_sense[] = {
    BITS("DESC", mmc_cdb_6, flags, 0, 1),
    WHOLE("Allocation Length", mmc_cdb_6, length),
    END,
};
static const struct cdb_field inquiry[] = {
    BITS("EVPD", mmc_cdb_inquiry, flags, 0, 1),
    WHOLE("Page Code", mmc_cdb_inquiry, page_code),
    WHOLE("Allocation Length", mmc_cdb_inquiry, allocation_length),
    END,
};
static const struct cdb_field mode_select_6[] = {
    BITS("PF", mmc_cdb_6, flags, 4, 1),
    BITS("SP", mmc_cdb_6, flags, 0, 1),
    WHOLE("Parameter List Length", mmc_cdb_6, length),
    END,
};
static const struct cdb_field mode_select_10[] = {
    BITS("PF", mmc_cdb_10, flags, 4, 1),
    BITS("SP", mmc_cdb_10, flags, 0, 1),
    WHOLE("Parameter List Length", mmc_cdb_10, length),
    END,
};
static const struct cdb_field mode_sense_6[] = {
    BITS("DBD", mmc_cdb_mode_sense_6, flags, 3, 1),
    BITS("PC", mmc_cdb_mode_sense_6, page, 6, 2),
    BITS("Page Code", mmc_cdb_mode_sense_6, page, 0, 6),
    WHOLE("Subpage Code", mmc_cdb_mode_sense_6, subpage),
    WHOLE("Allocation Length", mmc_cdb_mode_sense_6, allocation_length),
    END,
};
static const struct cdb_field mode_sense_10[] = {
    BITS("DBD", mmc_cdb_mode_sense_10, flags, 3, 1),
    BITS("PC", mmc_cdb_mode_sense_10, page, 6, 2),
    BITS("Page Code", mmc_cdb_mode_sense_10, page, 0, 6),
    WHOLE("Subpage Code", mmc_cdb_mode_sense_10, subpage),
    WHOLE("Allocation Length", mmc_cdb_mode_sense_10, allocation_length),
    END,
};
static const struct cdb_field start_stop_unit[] = {
    BITS("Immed", mmc_cdb_start_stop_unit, flags, 0, 1),
    BITS("Format-Layer Number", mmc_cdb_start_stop_unit, format_layer, 0, 2),
    BITS("Power Condition", mmc_cdb_start_stop_unit, action, 4, 4),
    BITS("FL", mmc_cdb_start_stop_unit, action, 2, 1),
    BITS("LoEj", mmc_cdb_start_stop_unit, action, 1, 1),
    BITS("Start", mmc_cdb_start_stop_unit, action, 0, 1),
    END,
};
static const struct cdb_field send_diagnostic[] = {
    BITS("Self-Test Code", mmc_cdb_send_diagnostic, flags, 5, 3),
    BITS("PF", mmc_cdb_send_diagnostic, flags, 4, 1),
    BITS("SelfTest", mmc_cdb_send_diagnostic, flags, 2, 1),
    BITS("DevOffL", mmc_cdb_send_diagnostic, flags, 1, 1),
    BITS("UnitOffL", mmc_cdb_send_diagnostic, flags, 0, 1),
    WHOLE("Parameter List Length", mmc_cdb_send_diagnostic, parameter_list_length),
    END,
};
static const struct cdb_field prevent_allow[] = {
    BITS("Persistent", mmc_cdb_6, length, 1, 1),
    BITS("Prevent", mmc_cdb_6, length, 0, 1),
    END,
};
static const struct cdb_field allocation_10[] = {
    WHOLE("Allocation Length", mmc_cdb_10, length),
    END,
};
static const struct cdb_field read_10[] = {
    BITS("FUA", mmc_cdb_10, flags, 3, 1),
    WHOLE("Logical Block Address", mmc_cdb_10, address),
    WHOLE("Transfer Length", mmc_cdb_10, length),
    END,
};
static const struct cdb_field seek_10[] = {
    WHOLE("Logical Block Address", mmc_cdb_10, address),
    END,
};
static const struct cdb_field verify_10[] = {
    BITS("BytChk", mmc_cdb_10, flags, 1, 1),
    WHOLE("Logical Block Address", mmc_cdb_10, address),
    WHOLE("Number of Blocks", mmc_cdb_10, length),
    END,
};
static const struct cdb_field synchronize_cache[] = {
    BITS("Immed", mmc_cdb_10, flags, 1, 1),
    WHOLE("Logical Block Address", mmc_cdb_10, address),
    WHOLE("Number of Blocks", mmc_cdb_10, length),
    END,
};
static const struct cdb_field read_toc[] = {
    BITS("MSF", mmc_cdb_read_toc, flags, 1, 1),
    NAMED_BITS("Format", mmc_cdb_read_toc, format, 0, 4, toc_formats),
    WHOLE("Track/Session Number", mmc_cdb_read_toc, track),
    WHOLE("Allocation Length", mmc_cdb_read_toc, allocation_length),
    END,
};
static const struct cdb_field get_configuration[] = {
    BITS("RT", mmc_cdb_get_configuration, request_type, 0, 2),
    WHOLE("Starting Feature Number", mmc_cdb_get_configuration, starting_feature),
    WHOLE("Allocation Length", mmc_cdb_get_configuration, allocation_length),
    END,
};
static const struct cdb_field get_event[] = {
    BITS("Polled", mmc_cdb_get_event, flags, 0, 1),
    WHOLE("Notification Class Request", mmc_cdb_get_event, classes),
    WHOLE("Allocation Length", mmc_cdb_get_event, allocation_length),
    END,
};
static const struct cdb_field read_disc_information[] = {
    BITS("Data Type", mmc_cdb_10, flags, 0, 3),
    WHOLE("Allocation Length", mmc_cdb_10, length),
    END,
};
static const struct cdb_field read_track_information[] = {
    BITS("Open", mmc_cdb_10, flags, 2, 1),
    BITS("Address/Number Type", mmc_cdb_10, flags, 0, 2),
    WHOLE("Logical Block Address/Track/Session Number", mmc_cdb_10, address),
    WHOLE("Allocation Length", mmc_cdb_10, length),
    END,
};
static const struct cdb_field read_buffer_capacity[] = {
    BITS("Block", mmc_cdb_10, flags, 0, 1),
    WHOLE("Allocation Length", mmc_cdb_10, length),
    END,
};
static const struct cdb_field report_luns[] = {
    WHOLE("Select Report", mmc_cdb_report_luns, select_report),
    WHOLE("Allocation Length", mmc_cdb_report_luns, allocation_length),
    END,
};
static const struct cdb_field send_key[] = {
    NAMED("Key Class", mmc_cdb_key, key_class, key_classes),
    BITS("AGID", mmc_cdb_key, key, 6, 2),
    NAMED_BITS("Key Format", mmc_cdb_key, key, 0, 6, send_key_formats),
    WHOLE("Parameter List Length", mmc_cdb_key, length),
    END,
};
static const struct cdb_field report_key[] = {
    NAMED("Key Class", mmc_cdb_key, key_class, key_classes),
    BITS("AGID", mmc_cdb_key, key, 6, 2),
    NAMED_BITS("Key Format", mmc_cdb_key, key, 0, 6, report_key_formats),
    WHOLE("Logical Block Address", mmc_cdb_key, lba),
    WHOLE("Allocation Length", mmc_cdb_key, length),
    END,
};
static const struct cdb_field set_read_ahead[] = {
    WHOLE("Trigger Logical Block Address", mmc_cdb_set_read_ahead, trigger_lba),
    WHOLE("Read Ahead Logical Block Address", mmc_cdb_set_read_ahead, read_ahead_lba),
    END,
};
static const struct cdb_field read_12[] = {
    BITS("FUA", mmc_cdb_read_12, flags, 3, 1),
    WHOLE("Logical Block Address", mmc_cdb_read_12, lba),
    WHOLE("Transfer Length", mmc_cdb_read_12, length),
    BITS("Streaming", mmc_cdb_read_12, streaming, 7, 1),
    END,
};
static const struct cdb_field get_performance[] = {
    BITS("Tolerance", mmc_cdb_get_performance, data_type, 3, 2),
    BITS("Write", mmc_cdb_get_performance, data_type, 2, 1),
    BITS("Except", mmc_cdb_get_performance, data_type, 0, 2),
    WHOLE("Starting LBA", mmc_cdb_get_performance, starting_lba),
    WHOLE("Maximum Number of Descriptors", mmc_cdb_get_performance, maximum_descriptors),
    WHOLE("Type", mmc_cdb_get_performance, type),
    END,
};
static const struct cdb_field read_disc_structure[] = {
    BITS("Media Type", mmc_cdb_read_disc_structure, media_type, 0, 4),
    WHOLE("Address", mmc_cdb_read_disc_structure, address),
    WHOLE("Layer Number", mmc_cdb_read_disc_structure, layer),
    NAMED("Format Code", mmc_cdb_read_disc_structure, format, structure_formats),
    WHOLE("Allocation Length", mmc_cdb_read_disc_structure, allocation_length),
    BITS("AGID", mmc_cdb_read_disc_structure, agid, 6, 2),
    END,
};
static const struct cdb_field set_streaming[] = {
    WHOLE("Type", mmc_cdb_set_streaming, type),
    WHOLE("Parameter List Length", mmc_cdb_set_streaming, parameter_list_length),
    END,
};
static const struct cdb_field set_cd_speed[] = {
    BITS("Rotational Control", mmc_cdb_set_cd_speed, rotation_control, 0, 2),
    WHOLE("Logical Unit Read Speed", mmc_cdb_set_cd_speed, read_speed),
    WHOLE("Logical Unit Write Speed", mmc_cdb_set_cd_speed, write_speed),
    END,
};
static const struct cdb_field read_cd[] = {
    BITS("Expected Sector Type", mmc_cdb_read_cd, flags, 2, 3),
    WHOLE("Starting Logical Block Address", mmc_cdb_read_cd, lba),
    WHOLE("Transfer Length", mmc_cdb_read_cd, length),
    BITS("Main Channel Selection", mmc_cdb_read_cd, main_channel, 3, 5),
    BITS("C2 Error Information", mmc_cdb_read_cd, main_channel, 1, 2),
    BITS("Sub-channel Selection", mmc_cdb_read_cd, sub_channel, 0, 3),
    END,
};
static const struct cdb_field read_cd_msf[] = {
    BITS("Expected Sector Type", mmc_cdb_read_cd_msf, flags, 2, 3),
    WHOLE("Starting MSF", mmc_cdb_read_cd_msf, start),
    WHOLE("Ending MSF", mmc_cdb_read_cd_msf, end),
    BITS("Main Channel Selection", mmc_cdb_read_cd_msf, main_channel, 3, 5),
    BITS("C2 Error Information", mmc_cdb_read_cd_msf, main_channel, 1, 2),
    BITS("Sub-channel Selection", mmc_cdb_read_cd_msf, sub_channel, 0, 3),
    END,
};
static const struct cdb_field mechanism_status[] = {
    WHOLE("Allocation Length", mmc_cdb_mechanism_status, allocation_length),
    END,
};

static const struct {
    uint8_t operation_code;
    const struct cdb_field *fields;
} commands[] = {
    {MMC_REQUEST_SENSE,                 request_sense         },
    {MMC_INQUIRY,                       inquiry               },
    {MMC_MODE_SELECT_6,                 mode_select_6         },
    {MMC_MODE_SENSE_6,                  mode_sense_6          },
    {MMC_START_STOP_UNIT,               start_stop_unit       },
    {MMC_SEND_DIAGNOSTIC,               send_diagnostic       },
    {MMC_PREVENT_ALLOW_MEDIUM_REMOVAL,  prevent_allow         },
    {MMC_READ_FORMAT_CAPACITIES,        allocation_10         },
    {MMC_READ_10,                       read_10               },
    {MMC_SEEK_10,                       seek_10               },
    {MMC_VERIFY_10,                     verify_10             },
    {MMC_SYNCHRONIZE_CACHE,             synchronize_cache     },
    {MMC_READ_TOC,                      read_toc              },
    {MMC_GET_CONFIGURATION,             get_configuration     },
    {MMC_GET_EVENT_STATUS_NOTIFICATION, get_event             },
    {MMC_READ_DISC_INFORMATION,         read_disc_information },
    {MMC_READ_TRACK_INFORMATION,        read_track_information},
    {MMC_MODE_SELECT_10,                mode_select_10        },
    {MMC_MODE_SENSE_10,                 mode_sense_10         },
    {MMC_READ_BUFFER_CAPACITY,          read_buffer_capacity  },
    {MMC_REPORT_LUNS,                   report_luns           },
    {MMC_SEND_KEY,                      send_key              },
    {MMC_REPORT_KEY,                    report_key            },
    {MMC_SET_READ_AHEAD,                set_read_ahead        },
    {MMC_READ_12,                       read_12               },
    {MMC_GET_PERFORMANCE,               get_performance       },
    {MMC_READ_DISC_STRUCTURE,           read_disc_structure   },
    {MMC_SET_STREAMING,                 set_streaming         },
    {MMC_READ_CD_MSF,                   read_cd_msf           },
    {MMC_SET_CD_SPEED,                  set_cd_speed          },
    {MMC_MECHANISM_STATUS,              mechanism_status      },
    {MMC_READ_CD,                       read_cd               },
};

const struct cdb_field *cdb_fields(uint8_t operation_code)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
        if (commands[i].operation_code == operation_code)
            return commands[i].fields;
    return no_fields;
}

uint32_t cdb_field_value(const struct cdb_field *field, const uint8_t *cdb)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < field->size; i++)
        value = value << 8 | cdb[field->offset + i];
    if (field->bits > 0)
        value = value >> field->shift & ((1u << field->bits) - 1);
    return value;
}

const char *cdb_value_name(const struct cdb_field *field, uint32_t value)
{
    for (const struct cdb_value *row = field->values; row && row->name; row++)
        if (row->value == value)
            return row->name;
    return NULL;
}
