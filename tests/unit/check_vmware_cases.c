/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole runs of virtual machines under the shipped rules: which finding is named as the root, what
 * it explains, and that runs with nothing but noise stay without a finding above a warning.
 */
#include "analyzer/diagnose/analysis.h"
#include "analyzer/diagnose/summary.h"
#include "analyzer/engine/embedded.h"

#include <check.h>

static const char *const *const extra[] = { crash_literals, boot_literals, NULL };

static struct ruleset *shipped;

static void load_shipped(void)
{
    struct arena arena = { 0 };
    struct problems problems = { .arena = &arena };

    shipped = ruleset_new();
    for (const struct embedded_file *f = embedded_rules; f->name.n; f++)
        ck_assert(ruleset_load_packed(shipped, f->name, f->packed, &problems));
    ck_assert(ruleset_compile(shipped, extra, &problems));
    arena_done(&arena);
}

static void free_shipped(void)
{
    ruleset_free(shipped);
}

#define ESX(clock, thread, text) "2031-05-02T" clock "Z In(05) " thread " - " text "\n"
#define GUEST(clock, stamp, text) ESX(clock, "vcpu-0", "Guest: " stamp " " text)

#define HEAD                                                                                       \
    ESX("01:00:00.100", "vmx",                                                                     \
        "Log for VMware ESX pid=3301 version=8.0.3 build=build-20202020 option=Release")           \
    ESX("01:00:00.200", "vmx", "DICT --- CONFIGURATION /vmfs/volumes/ds1/lab/lab.vmx")             \
    ESX("01:00:00.200", "vmx", "DICT            scsi0.virtualDev = \"pvscsi\"")                    \
    ESX("01:00:00.200", "vmx", "DICT              scsi0.present = \"TRUE\"")

#define DISK                                                                                       \
    ESX("01:00:00.200", "vmx", "DICT            scsi0:0.fileName = \"lab.vmdk\"")                  \
    ESX("01:00:00.200", "vmx", "DICT             scsi0:0.present = \"TRUE\"")

#define STARTED                                                                                    \
    ESX("01:00:01.000", "vmx", "PowerOn")                                                          \
    ESX("01:00:01.500", "vcpu-0", "CPU reset: hard (mode HV)")                                     \
    ESX("01:00:20.000", "vmx", "Tools: Running status rpc handler: 0 => 1.")

#define OFF                                                                                        \
    ESX("20:00:00.000", "vcpu-0",                                                                  \
        "Chipset: The guest has requested that the virtual machine be powered off.")               \
    ESX("20:00:01.000", "vmx", "VMX has left the building: 0.")

/* The kernel came up at 01:00:02; `at` seconds later its log is written to the host. */
#define BANNER(clock, version)                                                                     \
    GUEST(clock, "<5>[    0.000000]", "Linux version " version " (lab) #1")
#define PHOTON(clock) BANNER(clock, "6.1.90-1.ph5-esx")

#define LOCKUP(clock, stamp)                                                                       \
    BANNER(clock, "6.1.90-1.ph5")                                                                  \
    GUEST(clock, "<0>[" stamp ".000000]",                                                          \
          "watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [labd:812]")                          \
    GUEST(clock, "<4>[" stamp ".000100]", "RIP: 0010:lab_poll+0x20/0x40 [lab]")                    \
    GUEST(clock, "<4>[" stamp ".000200]", "Call Trace:")                                           \
    GUEST(clock, "<4>[" stamp ".000300]", " lab_loop+0x5b/0xc0 [lab]")                             \
    GUEST(clock, "<0>[" stamp ".000400]", "Kernel panic - not syncing: softlockup: hung tasks")

#define HUNG(clock, stamp)                                                                         \
    BANNER(clock, "6.1.90-1.ph5")                                                                  \
    GUEST(clock, "<3>[" stamp ".000000]",                                                          \
          "INFO: task labd:812 blocked for more than 120 seconds.")                                \
    GUEST(clock, "<0>[" stamp ".000400]", "Kernel panic - not syncing: hung_task: blocked tasks")

#define NO_DISK                                                                                    \
    PHOTON("01:00:05.000")                                                                         \
    GUEST("01:00:05.000", "<4>[    1.100000]",                                                     \
          "VFS: Cannot open root device \"sda2\" or "                                              \
          "unknown-block(0,0): error -6")                                                          \
    GUEST("01:00:05.000", "<4>[    1.100010]",                                                     \
          "Please append a correct \"root=\" boot option; "                                        \
          "here are the available partitions:")                                                    \
    GUEST("01:00:05.000", "<0>[    1.100020]",                                                     \
          "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)")

#define WRONG_ROOT                                                                                 \
    PHOTON("01:00:05.000")                                                                         \
    GUEST("01:00:05.000", "<5>[    1.000000]", "Kernel command line: root=/dev/sdb1 rw")           \
    GUEST("01:00:05.000", "<6>[    1.010000]", " sda: sda1 sda2")                                  \
    GUEST("01:00:05.000", "<4>[    1.100000]",                                                     \
          "VFS: Cannot open root device \"sdb1\" or "                                              \
          "unknown-block(0,0): error -6")                                                          \
    GUEST("01:00:05.000", "<4>[    1.100010]",                                                     \
          "Please append a correct \"root=\" boot option; "                                        \
          "here are the available partitions:")                                                    \
    GUEST("01:00:05.000", "<4>[    1.100011]", "0800        16777216 sda ")                        \
    GUEST("01:00:05.000", "<4>[    1.100012]", " driver: sd")                                      \
    GUEST("01:00:05.000", "<4>[    1.100013]", "  0801        16770048 sda1 11112222-01")          \
    GUEST("01:00:05.000", "<0>[    1.100020]",                                                     \
          "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)")

#define OOPS(clock, stamp)                                                                         \
    BANNER(clock, "6.1.90-1.ph5")                                                                  \
    GUEST(clock, "<1>[ " stamp ".000000]",                                                         \
          "BUG: kernel NULL pointer dereference, address: 0000000000000018")                       \
    GUEST(clock, "<4>[ " stamp ".000100]", "Oops: 0000 [#1] SMP PTI")                              \
    GUEST(clock, "<4>[ " stamp ".000200]", "RIP: 0010:tcp_v4_rcv+0x2c/0x90")                       \
    GUEST(clock, "<4>[ " stamp ".000300]", "Call Trace:")                                          \
    GUEST(clock, "<4>[ " stamp ".000400]", " ip_rcv+0x5b/0xc0")                                    \
    GUEST(clock, "<0>[ " stamp ".000500]",                                                         \
          "Kernel panic - not syncing: Fatal exception in interrupt")

#define QUESTION(id, text)                                                                         \
    ESX("03:00:00.000", "vmx", "Msg_Question:")                                                    \
    ESX("03:00:00.000", "vmx", "[" id "] " text)                                                   \
    ESX("03:00:00.000", "vmx", "----------------------------------------")

#define UNSTUN(clock) ESX(clock, "vcpu-0", "Checkpoint_Unstun: vm stopped for 24188405 us")
#define STALL(clock) ESX(clock, "vmx", "scsi0:0: Command WRITE(10) took 45.204 seconds (ok)")
#define SILENT(clock) ESX(clock, "vmx", "Tools: Tools heartbeat timeout.")
#define RESET(clock)                                                                               \
    ESX(clock, "vmx", "Vix: [vmxCommands.c:687]: VMAutomation_Reset. Trying hard reset")           \
    ESX(clock, "vcpu-0", "CPU reset: hard (mode HV)")

static const struct {
    const char *name, *log;
    const char *root;      /* the first in rank order; NULL: nothing above a warning */
    const char *explained; /* a symptom of it, or NULL */
} cases[] = {
    { "pause, then lockup",
      HEAD DISK STARTED UNSTUN("05:00:00.000") LOCKUP("05:00:03.000", "14401"),
      "crash.stall-after-pause", "cpu.soft-lockup" },
    { "lockup half a day after a pause",
      HEAD DISK STARTED UNSTUN("05:00:00.000") LOCKUP("17:00:03.000", "57601"), "cpu.soft-lockup",
      "cpu.soft-lockup-panic" },
    { "datastore full, then an oops in the network",
      HEAD DISK STARTED ESX("03:00:00.000", "vmx", "Msg_Question:")
              ESX("03:00:00.000", "vmx",
                  "[msg.hbacommon.outofspace] There is no more space for virtual disk 'lab.vmdk'.")
                      ESX("03:00:30.000", "vmx", "MsgQuestion: msg.hbacommon.outofspace reply=0")
                              OOPS("03:10:00.000", "7800"),
      "oops.null-deref", "oops.fatal-exception" },
    { "storage stall at power-on, wrong root=", HEAD DISK STARTED STALL("01:00:04.000") WRONG_ROOT,
      "root.wrong-device-name", "root.unable-to-mount-root" },
    { "storage stall, then hung task",
      HEAD DISK STARTED STALL("05:00:00.000") HUNG("05:02:03.000", "14521"),
      "join.stall-to-guest-hang", "cpu.hung-task" },
    { "hung task half a day after a stall",
      HEAD DISK STARTED STALL("05:00:00.000") HUNG("17:02:03.000", "57721"), "cpu.hung-task",
      "cpu.hung-task-panic" },
    { "host slept in the morning, lockup in the evening",
      HEAD DISK STARTED ESX("05:00:00.000", "vmx", "PowerNotify: System suspend detected.")
              LOCKUP("17:00:03.000", "57601"),
      "cpu.soft-lockup", NULL },
    { "disk switched off",
      HEAD ESX("01:00:00.200", "vmx", "DICT scsi0:0.present = \"FALSE\"") STARTED NO_DISK,
      "join.disk-removed-from-vm", "root.unable-to-mount-root" },
    { "only a CD is left",
      HEAD ESX("01:00:00.200", "vmx", "DICT sata0:0.present = \"TRUE\"") ESX(
              "01:00:00.200", "vmx", "DICT sata0:0.deviceType = \"cdrom-image\"") STARTED NO_DISK,
      "join.disk-removed-from-vm", NULL },
    { "the controller is switched off",
      HEAD DISK ESX("01:00:00.300", "vmx", "DICT scsi0.present = \"FALSE\"") STARTED NO_DISK,
      "join.disk-removed-from-vm", NULL },
    { "disk file gone, VM started without it",
      HEAD DISK ESX("01:00:00.300", "vmx",
                    "DISKLIB-LIB   : Failed to open '/vmfs/volumes/ds1/lab/"
                    "lab.vmdk' with flags 0xa Could not find the file (25).") STARTED NO_DISK,
      "host.disk-missing", "root.no-disk-at-all" },
    { "dump cut off",
      HEAD DISK STARTED PHOTON("05:00:00.000") GUEST("05:00:00.100", "<6>[    0.310000]", "smp: up")
              ESX("05:00:09.000", "vcpu-0", "CPU reset: hard (mode HV)"),
      "join.dump-cut-off", NULL },
    { "silent, then reset", HEAD DISK STARTED SILENT("05:00:00.000") RESET("05:10:00.000"),
      "host.hung-then-reset", NULL },
    { "storage stall, silent, then reset",
      HEAD DISK STARTED STALL("04:59:00.000") SILENT("05:00:00.000") RESET("05:10:00.000"),
      "host.storage-stalled", "host.hung-then-reset" },
    { "lock lost", HEAD DISK STARTED QUESTION("msg.hbacommon.locklost", "The lock of 'lab.vmdk'."),
      "host.lock-lost", "host.question-unanswered" },
    { "storage gone",
      HEAD DISK STARTED QUESTION("msg.vmxaiomgr.retrycontabort", "The file \"lab.vmdk\" failed."),
      "host.disk-storage-lost", "host.question-unanswered" },
    { "datastore full, cancelled",
      HEAD DISK STARTED QUESTION("msg.hbacommon.outofspace",
                                 "There is no more space for virtual disk 'lab.vmdk'.")
              ESX("03:00:09.000", "vmx", "MsgQuestion: msg.hbacommon.outofspace reply=1") ESX(
                      "03:00:09.100", "vmx", "PANIC: Exiting because of failed disk operation."),
      "host.datastore-full", "host.failed-disk-operation" },
    { "triple fault with its question",
      HEAD DISK STARTED ESX("03:00:00.000", "vcpu-0", "Triple fault.")
              QUESTION("msg.monitorEvent.tripleFault", "A virtual CPU stopped."),
      "host.triple-fault", "host.question-unanswered" },
    { "monitor panic by an assertion",
      HEAD DISK STARTED ESX("03:00:00.000", "vcpu-0",
                            "MONITOR PANIC: vcpu-0:VERIFY vmcore/vmm/main/lab.c:11")
              ESX("03:00:00.100", "vcpu-0", "Msg_Post: Error")
                      ESX("03:00:00.100", "vcpu-0",
                          "[msg.log.error.unrecoverable] VMware ESX unrecoverable error: (vcpu-0)"),
      "host.monitor-panic", "join.vmx-died-guest-well" },
    { "quiet day", HEAD DISK STARTED OFF, NULL, NULL },
    { "one write retried",
      HEAD DISK STARTED ESX("03:00:00.000", "vmx",
                            "VMXAIOMGR: Retry on write \"lab.vmdk\" : Resource temporarily "
                            "unavailable.") OFF,
      NULL, NULL },
    { "reset by the user", HEAD DISK STARTED RESET("05:10:00.000") OFF, NULL, NULL },
    { "the Tools came back",
      HEAD DISK STARTED SILENT("05:00:00.000")
              ESX("05:02:00.000", "vmx", "Tools: Running status rpc handler: 0 => 1.")
                      RESET("09:10:00.000") OFF,
      NULL, NULL },
    { "migration gave up, the VM goes on",
      HEAD DISK STARTED ESX("03:00:00.000", "vmx",
                            "[msg.checkpoint.migration.maxSwitchoverTimeExceeded] Too long.")
              ESX("03:00:00.100", "vmx", "Migrate: Attempting to continue running on the source.")
                      OFF,
      NULL, NULL },
};

static const struct diagnosis *find(const struct analysis *a, const char *id)
{
    for (size_t i = 0; i < a->diagnoses.n; i++)
        if (str_eq(a->diagnoses.p[i].rule->id, str_from(id)))
            return &a->diagnoses.p[i];
    return NULL;
}

START_TEST(the_root_is_named)
{
    struct analysis_options options = { 0 };
    struct analysis *a = analysis_new(shipped);
    struct input *in = input_from_memory(STR("vmware.log"), str_from(cases[_i].log));
    const struct diagnosis *first, *symptom;

    analysis_add(a, in, &options);
    input_close(in);
    analysis_correlate(a);
    summary_choose(a, &options);
    first = a->diagnoses.n ? &a->diagnoses.p[0] : NULL;
    if (!cases[_i].root) {
        ck_assert_msg(!first || first->severity <= SEVERITY_WARNING, "%s: %.*s", cases[_i].name,
                      STR_ARG(first->rule->id));
    } else {
        ck_assert_msg(first && str_eq(first->rule->id, str_from(cases[_i].root)), "%s: %.*s",
                      cases[_i].name, STR_ARG(first ? first->rule->id : STR("nothing")));
        ck_assert_int_eq(first->role, ROLE_ROOT);
    }
    if (cases[_i].explained) {
        symptom = find(a, cases[_i].explained);
        ck_assert_msg(symptom && symptom->role == ROLE_SYMPTOM, "%s: %s", cases[_i].name,
                      cases[_i].explained);
    }
    analysis_free(a);
}
END_TEST

Suite *check_vmware_cases(void)
{
    Suite *s = suite_create("vmware_cases");
    TCase *t = tcase_create("vmware_cases");

    tcase_add_unchecked_fixture(t, load_shipped, free_shipped);
    tcase_add_loop_test(t, the_root_is_named, 0, sizeof cases / sizeof cases[0]);
    suite_add_tcase(s, t);
    return s;
}
