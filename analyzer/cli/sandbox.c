/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process confines itself after opening its inputs; see sandbox.h.
 *
 * The seccomp filter is classic BPF written out here (no libseccomp): a list of system calls that
 * fail with EPERM, and of some only with certain arguments. It is a list of what is forbidden, not
 * of what is allowed, since allocators, PCRE2's JIT and decompressors choose their calls by library
 * version; what makes a log reader dangerous is a short list. Layout: include/uapi/linux/seccomp.h.
 */
#include "analyzer/cli/sandbox.h"

#include "analyzer/core/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined __x86_64__
#define SANDBOX_ARCH AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define SANDBOX_ARCH AUDIT_ARCH_AARCH64
#endif

/* Numbers that every architecture shares and that older headers lack. */
enum {
    CALL_IO_URING_SETUP = 425,
    CALL_CLONE3 = 435,
    CALL_OPENAT2 = 437,
    CALL_LANDLOCK_CREATE = 444,
    CALL_LANDLOCK_RESTRICT = 446,
    CALL_FCHMODAT2 = 452,
};

#ifdef SANDBOX_ARCH

/* x32's calls carry this bit; nothing here uses them. */
enum { X32_BIT = 0x40000000 };

static const unsigned short forbidden[] = {
#ifndef SANDBOX_LEAK_CHECK
    __NR_ptrace,
    __NR_clone,
#endif
    /* other programs and processes */
    __NR_execve,
    __NR_execveat,
    __NR_process_vm_readv,
    __NR_process_vm_writev,
    __NR_kill,
    __NR_rt_sigqueueinfo,
    __NR_unshare,
    __NR_setns,
    __NR_setuid,
    __NR_setgid,
    __NR_setresuid,
    __NR_setresgid,
    __NR_capset,
    /* the network */
    __NR_socket,
    __NR_socketpair,
    __NR_connect,
    __NR_bind,
    __NR_listen,
    __NR_accept,
    __NR_accept4,
    __NR_sendto,
    __NR_sendmsg,
    __NR_sendmmsg,
    __NR_recvfrom,
    __NR_recvmsg,
    __NR_recvmmsg,
    /* the file system */
    __NR_symlinkat,
    __NR_mknodat,
    __NR_mkdirat,
    __NR_truncate,
    __NR_fchmodat,
    __NR_fchownat,
    __NR_fchown,
    __NR_utimensat,
    __NR_setxattr,
    __NR_lsetxattr,
    __NR_fsetxattr,
    __NR_removexattr,
    __NR_lremovexattr,
    __NR_fremovexattr,
    __NR_open_by_handle_at,
    CALL_FCHMODAT2,
    CALL_OPENAT2,
    /* the system */
    __NR_mount,
    __NR_umount2,
    __NR_pivot_root,
    __NR_chroot,
    __NR_init_module,
    __NR_finit_module,
    __NR_delete_module,
    __NR_kexec_load,
    __NR_reboot,
    __NR_swapon,
    __NR_swapoff,
    __NR_sethostname,
    __NR_setdomainname,
    __NR_settimeofday,
    __NR_clock_settime,
    __NR_adjtimex,
    __NR_bpf,
    __NR_perf_event_open,
    __NR_userfaultfd,
    __NR_add_key,
    __NR_request_key,
    __NR_keyctl,
    __NR_quotactl,
    __NR_acct,
    CALL_IO_URING_SETUP,
#ifdef __x86_64__
    __NR_fork,
    __NR_vfork,
    __NR_creat,
    __NR_link,
    __NR_symlink,
    __NR_mknod,
    __NR_mkdir,
    __NR_rmdir,
    __NR_chmod,
    __NR_chown,
    __NR_lchown,
    __NR_utime,
    __NR_utimes,
    __NR_futimesat,
    __NR_iopl,
    __NR_ioperm,
    __NR_modify_ldt,
#endif
};

/* Needed once more when an output file is put in its place. */
static const unsigned short renaming[] = {
    __NR_linkat,   __NR_renameat2, __NR_unlinkat,
#ifdef __NR_renameat
    __NR_renameat,
#endif
#ifdef __x86_64__
    __NR_rename,   __NR_unlink,
#endif
};

/* Calls that are forbidden when any bit of `mask` is set in, or all of, an argument. */
static const struct {
    unsigned short call;
    unsigned char arg;
    bool equals; /* the argument is `value`; else: any bit of `value` is set */
    unsigned value;
} conditional[] = {
    { __NR_openat, 2, false, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC },
#ifdef __x86_64__
    { __NR_open, 1, false, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC },
#endif
    { __NR_ioctl, 1, true, TIOCSTI }, /* types into the terminal */
    { __NR_ioctl, 1, true, 0x541c },  /* TIOCLINUX pastes into a virtual console */
};

enum { FILTER_SIZE = 512 };

struct filter {
    struct sock_filter code[FILTER_SIZE];
    unsigned short n;
};

static void add(struct filter *f, unsigned short code, unsigned k, unsigned char yes,
                unsigned char no)
{
    f->code[f->n++] = (struct sock_filter){ .code = code, .jt = yes, .jf = no, .k = k };
}

static void add_return(struct filter *f, unsigned action)
{
    add(f, BPF_RET | BPF_K, action, 0, 0);
}

static void load_word(struct filter *f, size_t offset)
{
    add(f, BPF_LD | BPF_W | BPF_ABS, (unsigned)offset, 0, 0);
}

static void forbid(struct filter *f, const unsigned short *calls, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        add(f, BPF_JMP | BPF_JEQ | BPF_K, calls[i], 0, 1);
        add_return(f, SECCOMP_RET_ERRNO | EPERM);
    }
}

/* The low half of the argument is what the calls in question look at; both are little-endian. */
static void forbid_conditional(struct filter *f)
{
    for (size_t i = 0; i < sizeof conditional / sizeof conditional[0]; i++) {
        unsigned test = conditional[i].equals ? BPF_JEQ : BPF_JSET;

        add(f, BPF_JMP | BPF_JEQ | BPF_K, conditional[i].call, 0, 4);
        load_word(f, offsetof(struct seccomp_data, args) + 8u * conditional[i].arg);
        add(f, (unsigned short)(BPF_JMP | test | BPF_K), conditional[i].value, 0, 1);
        add_return(f, SECCOMP_RET_ERRNO | EPERM);
        load_word(f, offsetof(struct seccomp_data, nr));
    }
}

static bool enter_seccomp(bool renames, struct err *err)
{
    struct filter f = { .n = 0 };
    struct sock_fprog program;

    load_word(&f, offsetof(struct seccomp_data, arch));
    add(&f, BPF_JMP | BPF_JEQ | BPF_K, SANDBOX_ARCH, 1, 0);
    add_return(&f, SECCOMP_RET_KILL_PROCESS);
    load_word(&f, offsetof(struct seccomp_data, nr));
    add(&f, BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1);
    add_return(&f, SECCOMP_RET_ERRNO | EPERM);
#ifndef SANDBOX_LEAK_CHECK
    /* ENOSYS: the C library then tries clone(), which is refused above. */
    add(&f, BPF_JMP | BPF_JEQ | BPF_K, CALL_CLONE3, 0, 1);
    add_return(&f, SECCOMP_RET_ERRNO | ENOSYS);
#endif
    forbid(&f, forbidden, sizeof forbidden / sizeof forbidden[0]);
    if (!renames)
        forbid(&f, renaming, sizeof renaming / sizeof renaming[0]);
    forbid_conditional(&f);
    add_return(&f, SECCOMP_RET_ALLOW);
    program = (struct sock_fprog){ .len = f.n, .filter = f.code };
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0)
        return fail_sys(err, errno, NULL, "no seccomp filter");
    return true;
}

#else

static bool enter_seccomp(bool renames, struct err *err)
{
    (void)renames;
    return fail(err, FAIL_SUPPORT, "no seccomp filter is written for this architecture");
}

#endif

/*
 * Landlock, where the kernel has it: no new file, no execution, whatever the filter let through.
 * Reading stays: members of a directory are opened as they come. Bits:
 * include/uapi/linux/landlock.h.
 */
static void enter_landlock(bool renames)
{
    enum {
        EXECUTE = 1 << 0,
        WRITE_FILE = 1 << 1,
        REMOVE_FILE = 1 << 5,
        MAKE_REG = 1 << 8,
        OTHER_MAKE_AND_REMOVE = 0x1ed0, /* bits 4, 6, 7 and 9 to 12 */
    };
    uint64_t handled = EXECUTE | WRITE_FILE | OTHER_MAKE_AND_REMOVE;
    long fd;

    if (!renames)
        handled |= REMOVE_FILE | MAKE_REG;
    fd = syscall(CALL_LANDLOCK_CREATE, &handled, sizeof handled, 0);
    if (fd < 0)
        return;
    syscall(CALL_LANDLOCK_RESTRICT, (int)fd, 0);
    close((int)fd);
}

static void limit(int resource, rlim_t bytes)
{
    setrlimit((__rlimit_resource_t)resource, &(struct rlimit){ bytes, bytes });
}

bool sandbox_enter(const struct sandbox_options *options, struct err *err)
{
    limit(RLIMIT_CORE, 0);
    if (!options->writes_files && !options->renames)
        limit(RLIMIT_FSIZE, LIMIT_JOURNAL_SPOOL_BYTES);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return fail_sys(err, errno, NULL, "no_new_privs");
    enter_landlock(options->renames);
    return enter_seccomp(options->renames, err);
}
