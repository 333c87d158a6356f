/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_NT_H
#define TESTS_WINDOWS_NT_H

/*
 * What crosses the boundary between a Windows program and the class driver of optical drives:
 * control codes, buffers and status values, as the SDK's ntddcdvd.h, ntddcdrm.h, ntddstor.h and
 * ntstatus.h define them.  All buffers are packed and little-endian, for 32-bit and 64-bit callers
 * alike.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* X(name without STATUS_, NTSTATUS, Win32 error) -- error 0: it differs between Windows versions */
#define NT_STATUS_TABLE(X)                                                                         \
    X(SUCCESS, 0x00000000, 0)                                                                      \
    X(DEVICE_BUSY, 0x80000011, 170)                                                                \
    X(VERIFY_REQUIRED, 0x80000016, 1110)                                                           \
    X(NO_DATA_DETECTED, 0x80000022, 1104)                                                          \
    X(CLEANER_CARTRIDGE_INSTALLED, 0x80000027, 4340)                                               \
    X(UNSUCCESSFUL, 0xC0000001, 31)                                                                \
    X(INVALID_HANDLE, 0xC0000008, 6)                                                               \
    X(INVALID_PARAMETER, 0xC000000D, 87)                                                           \
    X(NO_SUCH_DEVICE, 0xC000000E, 0)                                                               \
    X(INVALID_DEVICE_REQUEST, 0xC0000010, 1)                                                       \
    X(END_OF_FILE, 0xC0000011, 38)                                                                 \
    X(NO_MEDIA_IN_DEVICE, 0xC0000013, 21)                                                          \
    X(UNRECOGNIZED_MEDIA, 0xC0000014, 1785)                                                        \
    X(NONEXISTENT_SECTOR, 0xC0000015, 27)                                                          \
    X(ACCESS_DENIED, 0xC0000022, 5)                                                                \
    X(BUFFER_TOO_SMALL, 0xC0000023, 122)                                                           \
    X(OBJECT_NAME_NOT_FOUND, 0xC0000034, 2)                                                        \
    X(DATA_OVERRUN, 0xC000003C, 1117)                                                              \
    X(DEVICE_DATA_ERROR, 0xC000009C, 23)                                                           \
    X(DEVICE_NOT_CONNECTED, 0xC000009D, 0)                                                         \
    X(MEDIA_WRITE_PROTECTED, 0xC00000A2, 19)                                                       \
    X(DEVICE_NOT_READY, 0xC00000A3, 21)                                                            \
    X(IO_TIMEOUT, 0xC00000B5, 121)                                                                 \
    X(NOT_SUPPORTED, 0xC00000BB, 50)                                                               \
    X(DEVICE_DOES_NOT_EXIST, 0xC00000C0, 0)                                                        \
    X(INTERNAL_ERROR, 0xC00000E5, 1359)                                                            \
    X(INVALID_BLOCK_LENGTH, 0xC0000173, 1106)                                                      \
    X(IO_DEVICE_ERROR, 0xC0000185, 1117)                                                           \
    X(DEVICE_PROTOCOL_ERROR, 0xC0000186, 1117)                                                     \
    X(COPY_PROTECTION_FAILURE, 0xC0000305, 0x80030305)                                             \
    X(CSS_AUTHENTICATION_FAILURE, 0xC0000306, 0x80030306)                                          \
    X(CSS_KEY_NOT_PRESENT, 0xC0000307, 0x80030307)                                                 \
    X(CSS_KEY_NOT_ESTABLISHED, 0xC0000308, 0x80030308)                                             \
    X(CSS_SCRAMBLED_SECTOR, 0xC0000309, 0x80030309)                                                \
    X(CSS_REGION_MISMATCH, 0xC000030A, 0x8003030A)                                                 \
    X(CSS_RESETS_EXHAUSTED, 0xC000030B, 0x8003030B)

enum nt_status {
#define X(name, value, win32) NT_##name = (int)(value),
    NT_STATUS_TABLE(X)
#undef X
};

struct nt_status_name {
    const char *name; /* without STATUS_ */
    enum nt_status status;
    uint32_t win32;
};
/* Ended by a name of NULL. */
extern const struct nt_status_name nt_status_names[];
/* "STATUS n" for a value that has no name. */
const char *nt_status_name(enum nt_status status);

/* The severity of success, whatever the facility. */
static inline bool nt_success(enum nt_status status)
{
    return (int32_t)status >= 0;
}

/* Control codes -------------------------------------------------------------------------------- */

enum nt_device_type {
    NT_DEVICE_CD_ROM = 0x02,
    NT_DEVICE_CONTROLLER = 0x04, /* the base of SCSI codes */
    NT_DEVICE_DISK = 0x07,
    NT_DEVICE_TAPE = 0x1F,
    NT_DEVICE_MASS_STORAGE = 0x2D,
    NT_DEVICE_DVD = 0x33,
};
enum nt_access {
    NT_READ_ACCESS = 1,
    NT_READ_WRITE_ACCESS = 3,
};
enum nt_method {
    NT_METHOD_BUFFERED = 0,
    NT_METHOD_OUT_DIRECT = 2,
};
#define NT_CONTROL_CODE(device, access, function, method)                                          \
    ((uint32_t)(device) << 16 | (uint32_t)(access) << 14 | (uint32_t)(function) << 2 | (method))
#define NT_CODE_DEVICE(code)   ((code) >> 16)
#define NT_CODE_FUNCTION(code) ((code) >> 2 & 0xFFF)

/* X(name without IOCTL_, code) */
#define NT_IOCTL_TABLE(X)                                                                          \
    X(DVD_START_SESSION, 0x00335000)                                                               \
    X(DVD_READ_KEY, 0x00335004)                                                                    \
    X(DVD_SEND_KEY, 0x00335008)                                                                    \
    X(DVD_END_SESSION, 0x0033500C)                                                                 \
    X(DVD_SET_READ_AHEAD, 0x00335010)                                                              \
    X(DVD_GET_REGION, 0x00335014)                                                                  \
    X(DVD_SEND_KEY2, 0x0033D018)                                                                   \
    X(AACS_READ_MEDIA_KEY_BLOCK_SIZE, 0x003350C0)                                                  \
    X(AACS_READ_MEDIA_KEY_BLOCK, 0x003350C4)                                                       \
    X(AACS_START_SESSION, 0x003350C8)                                                              \
    X(AACS_END_SESSION, 0x003350CC)                                                                \
    X(AACS_SEND_CERTIFICATE, 0x003350D0)                                                           \
    X(AACS_GET_CERTIFICATE, 0x003350D4)                                                            \
    X(AACS_GET_CHALLENGE_KEY, 0x003350D8)                                                          \
    X(AACS_SEND_CHALLENGE_KEY, 0x003350DC)                                                         \
    X(AACS_READ_VOLUME_ID, 0x003350E0)                                                             \
    X(AACS_READ_SERIAL_NUMBER, 0x003350E4)                                                         \
    X(AACS_READ_MEDIA_ID, 0x003350E8)                                                              \
    X(AACS_READ_BINDING_NONCE, 0x003350EC)                                                         \
    X(AACS_GENERATE_BINDING_NONCE, 0x0033D0F0)                                                     \
    X(DVD_READ_STRUCTURE, 0x00335140)                                                              \
    X(STORAGE_SET_READ_AHEAD, 0x002D4400)                                                          \
    X(STORAGE_CHECK_VERIFY, 0x002D4800)                                                            \
    X(STORAGE_MEDIA_REMOVAL, 0x002D4804)                                                           \
    X(STORAGE_EJECT_MEDIA, 0x002D4808)                                                             \
    X(STORAGE_LOAD_MEDIA, 0x002D480C)                                                              \
    X(CDROM_CHECK_VERIFY, 0x00024800)                                                              \
    X(CDROM_READ_TOC, 0x00024000)                                                                  \
    X(CDROM_GET_LAST_SESSION, 0x00024038)                                                          \
    X(CDROM_RAW_READ, 0x0002403E)                                                                  \
    X(CDROM_GET_DRIVE_GEOMETRY, 0x0002404C)                                                        \
    X(CDROM_READ_TOC_EX, 0x00024054)                                                               \
    X(CDROM_GET_CONFIGURATION, 0x00024058)                                                         \
    X(CDROM_EXCLUSIVE_ACCESS, 0x0002C05C)

enum nt_ioctl {
#define X(name, code) NT_IOCTL_##name = (code),
    NT_IOCTL_TABLE(X)
#undef X
};

struct nt_ioctl_name {
    const char *name; /* without IOCTL_ */
    uint32_t code;
};
/* Ended by a name of NULL. */
extern const struct nt_ioctl_name nt_ioctl_names[];

/* Buffers -------------------------------------------------------------------------------------- */

typedef struct {
    uint8_t byte[2];
} le16;
typedef struct {
    uint8_t byte[4];
} le32;
typedef struct {
    uint8_t byte[8];
} le64;

static inline uint16_t from_le16(le16 value)
{
    return (uint16_t)(value.byte[0] | value.byte[1] << 8);
}
static inline le16 to_le16(uint32_t value)
{
    return (le16){
        {(uint8_t)value, (uint8_t)(value >> 8)}
    };
}
static inline uint32_t from_le32(le32 value)
{
    return (uint32_t)value.byte[0] | (uint32_t)value.byte[1] << 8 | (uint32_t)value.byte[2] << 16 |
           (uint32_t)value.byte[3] << 24;
}
static inline le32 to_le32(uint32_t value)
{
    return (le32){
        {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16), (uint8_t)(value >> 24)}
    };
}
static inline uint64_t from_le64(le64 value)
{
    uint64_t number = 0;
    for (unsigned i = 8; i-- > 0;)
        number = number << 8 | value.byte[i];
    return number;
}
static inline le64 to_le64(uint64_t value)
{
    le64 result;
    for (unsigned i = 0; i < 8; i++)
        result.byte[i] = (uint8_t)(value >> 8 * i);
    return result;
}

#define NT_LAYOUT(name, size)                                                                      \
    _Static_assert(sizeof(struct name) == (size), #name " is not as long as the SDK's")

/* DVD_SESSION_ID; DVD_END_ALL_SESSIONS. */
#define NT_DVD_END_ALL_SESSIONS      0xFFFFFFFFu
#define NT_DVD_MAX_COPY_PROTECT_AGID 4

enum nt_dvd_key_type {
    NT_DVD_CHALLENGE_KEY = 0x01,
    NT_DVD_BUS_KEY1 = 0x02,
    NT_DVD_BUS_KEY2 = 0x03,
    NT_DVD_TITLE_KEY = 0x04,
    NT_DVD_ASF = 0x05,
    NT_DVD_SET_RPC_KEY = 0x06,
    NT_DVD_GET_RPC_KEY = 0x08,
    NT_DVD_INVALIDATE_AGID = 0x3F,
    NT_DVD_DISK_KEY = 0x80,
};

struct nt_dvd_copy_protect_key {
    le32 key_length; /* with this header */
    le32 session_id;
    le32 key_type;
    le32 key_flags;
    le64 title_offset; /* bytes from the beginning of the disc; or a file handle */
    uint8_t key_data[];
};
NT_LAYOUT(nt_dvd_copy_protect_key, 24);
/* The length constants of the SDK. */
#define NT_DVD_KEY_HEADER_LENGTH    24
#define NT_DVD_CHALLENGE_KEY_LENGTH 36
#define NT_DVD_BUS_KEY_LENGTH       32
#define NT_DVD_TITLE_KEY_LENGTH     32
#define NT_DVD_ASF_LENGTH           28
#define NT_DVD_RPC_KEY_LENGTH       28
#define NT_DVD_DISK_KEY_LENGTH      2072

struct nt_dvd_region {
    uint8_t copy_system;
    uint8_t region_data;   /* bit set: the disc does not play in that region */
    uint8_t system_region; /* bit set: the drive plays that region */
    uint8_t reset_count;
};
NT_LAYOUT(nt_dvd_region, 4);

struct nt_dvd_read_structure {
    le64 block_byte_offset;
    le32 format;
    le32 session_id;
    uint8_t layer_number;
};
NT_LAYOUT(nt_dvd_read_structure, 17);

struct nt_dvd_descriptor_header {
    le16 length;
    uint8_t reserved[2];
};
NT_LAYOUT(nt_dvd_descriptor_header, 4);

struct nt_storage_set_read_ahead {
    le64 trigger_address;
    le64 target_address;
};
NT_LAYOUT(nt_storage_set_read_ahead, 16);

struct nt_raw_read_info {
    le64 disk_offset; /* counted in 2048-byte units */
    le32 sector_count;
    le32 track_mode; /* 0 YellowMode2, 1 XAForm2, 2 CDDA, 3 C2 and subcode, 4 C2, 5 subcode */
};
NT_LAYOUT(nt_raw_read_info, 16);

struct nt_read_toc_ex {
    uint8_t format_and_msf; /* format in bits 3-0, MSF bit 7 */
    uint8_t session_track;
    uint8_t reserved[2];
};
NT_LAYOUT(nt_read_toc_ex, 4);

struct nt_disk_geometry {
    le64 cylinders;
    le32 media_type; /* 11: removable media */
    le32 tracks_per_cylinder;
    le32 sectors_per_track;
    le32 bytes_per_sector;
};
NT_LAYOUT(nt_disk_geometry, 24);
#define NT_REMOVABLE_MEDIA 11

/* Pointers follow, which are reserved. */
struct nt_get_configuration {
    le32 feature;
    le32 request_type;
};
NT_LAYOUT(nt_get_configuration, 8);

struct nt_exclusive_access {
    le32 request_type; /* 0 query, 1 lock, 2 unlock */
    le32 flags;
};
NT_LAYOUT(nt_exclusive_access, 8);
#define NT_EXCLUSIVE_ACCESS_LOCK   1
#define NT_EXCLUSIVE_ACCESS_UNLOCK 2
#define NT_EXCLUSIVE_CALLER_LENGTH 64

#endif
