/* SPDX-License-Identifier: Apache-2.0 */
/* What the bytes of "Code:" and a page fault's error code say, in words. */
#include "analyzer/evidence/crash_read.h"

static const struct {
    struct str bytes; /* from the marked one on, as printed */
    struct str words;
} idioms[] = {
    { { STR_INIT("<0f> 0b") }, { STR_INIT("ud2: the kernel's own BUG() or WARN()") } },
    { { STR_INIT("<0f> ff") }, { STR_INIT("ud0: a check of the kernel") } },
    { { STR_INIT("<0f> b9") }, { STR_INIT("ud1: a check compiled into the kernel") } },
    { { STR_INIT("<cc>") }, { STR_INIT("int3: a breakpoint, or code that must not be reached") } },
    { { STR_INIT("<f4>") }, { STR_INIT("hlt: the processor was put to sleep here") } },
    { { STR_INIT("<f3> aa") }, { STR_INIT("rep stosb: filling memory") } },
    { { STR_INIT("<f3> 48 ab") }, { STR_INIT("rep stosq: filling memory") } },
    { { STR_INIT("<f3> a4") }, { STR_INIT("rep movsb: copying memory") } },
    { { STR_INIT("<f3> 48 a5") }, { STR_INIT("rep movsq: copying memory") } },
    { { STR_INIT("<0f> 01 d9") }, { STR_INIT("vmmcall: a call to the hypervisor") } },
    { { STR_INIT("<0f> 01 c1") }, { STR_INIT("vmcall: a call to the hypervisor") } },
    { { STR_INIT("<ed>") }, { STR_INIT("in: reading an I/O port, VMware's backdoor among them") } },
    { { STR_INIT("<0f> 30") }, { STR_INIT("wrmsr: writing a processor register") } },
    { { STR_INIT("<0f> 32") }, { STR_INIT("rdmsr: reading a processor register") } },
    { { STR_INIT("Bad RIP value") },
      { STR_INIT("a call through a pointer to no code: NULL or overwritten") } },
    { { STR_INIT("Unable to access opcode bytes") },
      { STR_INIT("a call through a pointer to no code: NULL or overwritten") } },
    { { STR_INIT("(d4210000)") }, { STR_INIT("brk: the kernel's own BUG() or WARN()") } },
    { { STR_INIT("(d4207d00)") }, { STR_INIT("brk: the kernel's own BUG() or WARN()") } },
    { { STR_INIT("(e7f001f2)") }, { STR_INIT("udf: the kernel's own BUG()") } },
    { { STR_INIT("(9002)") }, { STR_INIT("ebreak: the kernel's own BUG() or WARN()") } },
    { { STR_INIT("<0fe00000>") }, { STR_INIT("trap: the kernel's own BUG() or WARN()") } },
};

struct str crash_trap_of(struct str code)
{
    for (size_t i = 0; i < sizeof idioms / sizeof idioms[0]; i++)
        if (str_find(code, idioms[i].bytes) != STR_NOT_FOUND)
            return idioms[i].words;
    return (struct str){ 0 };
}

/* arch/x86/include/asm/trap_pf.h */
struct str crash_error_words(struct arena *a, uint64_t code)
{
    const char *access = code & 16 ? "an instruction fetch" : code & 2 ? "a write" : "a read";
    const char *mode = code & 4 ? "user" : "kernel";
    const char *why = code & 8   ? "a reserved bit was set"
                      : code & 1 ? "the page does not allow it"
                                 : "no page is there";

    return arena_printf(a, "%s in %s mode: %s", access, mode, why);
}
