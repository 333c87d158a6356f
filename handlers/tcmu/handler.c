/* SPDX-License-Identifier: MIT */
#include "handlers/tcmu/handler.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "handlers/tcmu/tcmu_command.h"
#include "handlers/tcmu/tcmu_ring.h"
#include "media/shown_text.h"

static void report(void *context, const char *text)
{
    char shown[SHOWN_TEXT_MAX];

    tcmu_err_message(context, "vodd", 0, "%s\n", shown_text(text, shown, sizeof(shown)));
}

static bool check_config(const char *text, char **reason)
{
    struct cfgstring cfgstring;
    bool right = cfgstring_parse(text, &cfgstring, reason);

    cfgstring_release(&cfgstring);
    return right;
}

static bool find_ring(struct tcmu_lun *lun)
{
    off_t offset;
    char *name = tcmu_dev_get_memory_info(lun->device, &lun->ring, &lun->ring_size, &offset);

    if (!name)
        return false;
    free(name);
    lun->takes_lengths = tcmu_ring_takes_lengths(lun->ring, lun->ring_size);
    return true;
}

/* Opens the drive that `text` describes. */
static struct lun *open_lun(struct tcmu_lun *lun, const char *text)
{
    struct cfgstring cfgstring;
    struct lun *opened;
    char *reason;

    if (!cfgstring_parse(text, &cfgstring, &reason)) {
        diagnostics_error(&lun->diagnostics, "%s", reason ? reason : strerror(ENOMEM));
        free(reason);
        return NULL;
    }
    opened = lun_open(&cfgstring, text, &lun->diagnostics);
    cfgstring_release(&cfgstring);
    return opened;
}

static bool start(struct tcmu_lun *lun)
{
    if (!find_ring(lun)) {
        diagnostics_error(&lun->diagnostics, "the ring shared with the kernel is not there");
        return false;
    }
    lun->text = strdup(tcmu_dev_get_cfgstring(lun->device));
    if (lun->text && pthread_mutex_init(&lun->lock, NULL) == 0) {
        lun->lun = open_lun(lun, lun->text);
        if (lun->lun)
            return true;
        pthread_mutex_destroy(&lun->lock);
    }
    free(lun->text);
    return false;
}

static int open_device(struct tcmu_device *device, bool reopen)
{
    struct tcmu_lun *lun = calloc(1, sizeof(*lun));

    (void)reopen;
    if (!lun)
        return -ENOMEM;
    lun->device = device;
    lun->diagnostics = (struct diagnostics){.report = report, .context = device};
    if (!start(lun)) {
        free(lun);
        return -EINVAL;
    }
    tcmur_dev_set_private(device, lun);
    return 0;
}

static void close_device(struct tcmu_device *device)
{
    struct tcmu_lun *lun = tcmur_dev_get_private(device);

    tcmur_dev_set_private(device, NULL);
    lun_close(lun->lun);
    pthread_mutex_destroy(&lun->lock);
    free(lun->text);
    free(lun);
}

/*
 * The drive is switched off and another one, or the same with other files, is switched on in its
 * place; the old one comes back if that fails.  They may share files, so they are not there
 * together.
 */
static int exchange(struct tcmu_lun *lun, char *text)
{
    bool opened;

    lun_close(lun->lun);
    lun->lun = open_lun(lun, text);
    opened = lun->lun;
    if (opened) {
        free(lun->text);
        lun->text = text;
        return 0;
    }
    free(text);
    lun->lun = open_lun(lun, lun->text);
    return -EINVAL;
}

static int reconfigure(struct tcmu_device *device, struct tcmulib_cfg_info *info)
{
    struct tcmu_lun *lun = tcmur_dev_get_private(device);
    char *text;
    int result;

    if (info->type != TCMULIB_CFG_DEV_CFGSTR)
        return -EOPNOTSUPP;
    text = strdup(info->data.dev_cfgstring);
    if (!text)
        return -ENOMEM;
    pthread_mutex_lock(&lun->lock);
    result = exchange(lun, text);
    pthread_mutex_unlock(&lun->lock);
    return result;
}

static int handle_command(struct tcmu_device *device, struct tcmur_cmd *command)
{
    int before, status;

    /* tcmu-runner ends this thread with pthread_cancel(), which must not happen in the drive. */
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    status = tcmu_command_execute(tcmur_dev_get_private(device), command);
    pthread_setcancelstate(before, &before);
    return status;
}

static struct tcmur_handler handler = {
    .name = "Virtual optical disc drive with CSS and region control",
    .subtype = "vodd",
    .cfg_desc = CFGSTRING_FORM "; absolute paths; at most 255 bytes; see handler_vodd(8)",
    .check_config = check_config,
    .reconfig = reconfigure,
    .open = open_device,
    .close = close_device,
    .handle_cmd = handle_command,
};

/* A trace that meets a limit on the size of files must not end the process with all its LUNs. */
static void survive_file_limits(void)
{
    struct sigaction action;

    if (sigaction(SIGXFSZ, NULL, &action) == 0 && !(action.sa_flags & SA_SIGINFO) &&
        action.sa_handler == SIG_DFL)
        signal(SIGXFSZ, SIG_IGN);
}

__attribute__((visibility("default"))) int handler_init(void)
{
    survive_file_limits();
    return tcmur_register_handler(&handler);
}
