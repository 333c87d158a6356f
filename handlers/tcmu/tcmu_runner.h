/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_TCMU_TCMU_RUNNER_H
#define HANDLERS_TCMU_TCMU_RUNNER_H

/*
 * The interface between tcmu-runner (1.5.4 and 1.6.x, which are alike here) and a handler: what
 * this handler uses of it.  Distributions ship the programs without headers, so the layouts are
 * stated here; the offsets below are those of the programs on 64-bit machines.  A program without
 * the functions below does not load the handler, and each command is checked (tcmu_command.c).
 *
 * tcmu-runner loads handler_*.so from its folder and calls handler_init(), which registers a struct
 * tcmur_handler.  For every LUN it makes a thread that takes the commands off the ring which the
 * kernel shares with it.  A handler that has `handle_cmd` but no `read`, `write` or `flush` gets
 * every command (REPORT LUNS and persistent reservations are the kernel's).  With `nr_threads` = 0
 * handle_cmd() runs on the LUN's thread, and what it returns completes the command, unless that is
 * TCMU_STS_ASYNC_HANDLED: then the handler completes it later with tcmulib_command_complete() and
 * tcmulib_processing_complete().
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>

struct tcmu_device; /* a LUN, opaque */

/* What changes of a LUN in use. */
enum {
    TCMULIB_CFG_DEV_CFGSTR = 0,
    TCMULIB_CFG_DEV_SIZE = 1,
    TCMULIB_CFG_WRITE_CACHE = 2,
};
struct tcmulib_cfg_info {
    int type;
    union {
        uint64_t dev_size;
        char *dev_cfgstring; /* subtype included */
        bool write_cache;
    } data;
};

/* What handle_cmd() returns and what completes a command; there are more, for block devices. */
enum {
    TCMU_STS_ASYNC_HANDLED = -2,
    TCMU_STS_NOT_HANDLED = -1, /* 05/20/00 */
    TCMU_STS_OK = 0,           /* GOOD */
    TCMU_STS_NO_RESOURCE = 1,  /* TASK SET FULL */
    /* CHECK CONDITION with the sense data that the handler left in `sense_buf`. */
    TCMU_STS_PASSTHROUGH_ERR = 2,
    TCMU_STS_BUSY = 3, /* BUSY */
};

#define TCMULIB_SENSE_SIZE 96

/* A command as libtcmu hands it out.  It frees it when the command is completed. */
struct tcmulib_cmd {
    uint16_t cmd_id;
    uint8_t *cdb;        /* as long as the operation code's group says: 6, 10, 12 or 16 bytes */
    struct iovec *iovec; /* the data area, in the memory shared with the kernel */
    size_t iov_cnt;
    uint8_t sense_buf[TCMULIB_SENSE_SIZE];
    void *hm_private; /* tcmu-runner's: the struct tcmur_cmd */
};

/*
 * What tcmu-runner puts around it, right behind the CDB: with a CDB of 6 or 10 bytes it is not
 * aligned for its members.
 */
struct __attribute__((packed)) tcmur_cmd {
    struct tcmulib_cmd *lib_cmd;
    /* For handlers of block devices. */
    struct iovec *iovec;
    size_t iov_cnt;
    void *iov_base_copy;
    void *cmd_state;
    size_t requested;
    /* For tcmu-runner's own time limit (tcmur_cmd_time_out). */
    struct {
        void *next, *previous;
    } cmds_list_entry;
    struct timespec start_time;
    bool timed_out;
    uint8_t padding[7];
    void (*done)(struct tcmu_device *device, struct tcmur_cmd *command, int status);
};

struct tcmur_handler {
    const char *name;
    const char *subtype;  /* configuration strings of this handler begin with it and a slash */
    const char *cfg_desc; /* the form of the configuration string, shown by configuration tools */
    void *opaque;

    /*
     * Judges a configuration string, subtype included; if it is wrong *reason becomes a text that
     * the caller frees.  Called for LUNs that are made and by way of D-Bus for anybody.
     */
    bool (*check_config)(const char *cfgstring, char **reason);
    /* 0 or a negative errno. */
    int (*reconfig)(struct tcmu_device *device, struct tcmulib_cfg_info *info);
    /* `reopen`: tcmu-runner tries again after it lost the device's backing.  0 or a negative errno.
     */
    int (*open)(struct tcmu_device *device, bool reopen);
    void (*close)(struct tcmu_device *device);

    int nr_threads;
    int (*handle_cmd)(struct tcmu_device *device, struct tcmur_cmd *command);

    /* For block devices only: this handler leaves them all NULL. */
    void (*block_device_operations[4])(void); /* write, read, flush, unmap */
    int (*report_event)(struct tcmu_device *device);
    void (*lock_operations[4])(void);
    bool is_dbus_handler;
    bool (*update_logdir)(void);
    /* Initialisation and end of the handler (1.5.4 looks for them), and room for later versions. */
    void (*reserved[8])(void);
};

_Static_assert(sizeof(void *) != 8 || (offsetof(struct tcmulib_cmd, sense_buf) == 0x20 &&
                                       offsetof(struct tcmulib_cmd, hm_private) == 0x80),
               "struct tcmulib_cmd");
_Static_assert(sizeof(void *) != 8 || (offsetof(struct tcmur_cmd, cmds_list_entry) == 0x30 &&
                                       offsetof(struct tcmur_cmd, done) == 0x58),
               "struct tcmur_cmd");
_Static_assert(sizeof(void *) != 8 || (offsetof(struct tcmur_handler, open) == 0x30 &&
                                       offsetof(struct tcmur_handler, nr_threads) == 0x40 &&
                                       offsetof(struct tcmur_handler, handle_cmd) == 0x48 &&
                                       offsetof(struct tcmur_handler, report_event) == 0x70),
               "struct tcmur_handler");

/* Exported by tcmu-runner. */
int tcmur_register_handler(struct tcmur_handler *handler);
void tcmur_dev_set_private(struct tcmu_device *device, void *value);
void *tcmur_dev_get_private(struct tcmu_device *device);

/* Exported by libtcmu. */
char *tcmu_dev_get_cfgstring(struct tcmu_device *device); /* the device's, subtype included */
/* The ring: base and length of the shared memory.  Returns the name of its file, to be freed. */
char *tcmu_dev_get_memory_info(struct tcmu_device *device, void **base, size_t *length,
                               off_t *offset);
void tcmulib_command_complete(struct tcmu_device *device, struct tcmulib_cmd *command, int status);
/* Tells the kernel to look for completed commands. */
void tcmulib_processing_complete(struct tcmu_device *device);
/* A line, with its newline, for tcmu-runner's log. */
__attribute__((format(printf, 4, 5))) void tcmu_err_message(struct tcmu_device *device,
                                                            const char *function, int line,
                                                            const char *format, ...);

#endif
