# SPDX-License-Identifier: Apache-2.0
# lastwords. `make help` lists the targets; everything built lands in $(BUILD).

BUILD ?= build
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
ifeq ($(origin CC),default)
CC := gcc
endif
CLANG ?= clang
PKG_CONFIG ?= pkg-config
VERSION := $(shell sed -n 's/^\#define LASTWORDS_VERSION "\(.*\)"/\1/p' analyzer/cli/version.h)

# --- libraries ------------------------------------------------------------------------------------

REQUIRED := yaml-0.1 libpcre2-8 jansson zlib
OPTIONAL := libarchive libdw sqlite3

missing := $(foreach lib,$(REQUIRED),$(shell $(PKG_CONFIG) --exists $(lib) || echo $(lib)))
ifneq ($(strip $(missing)),)
ifeq ($(filter clean help,$(MAKECMDGOALS)),)
$(error missing libraries: $(missing). Run `sh quickstart.sh`, which installs them)
endif
endif
minimum_sqlite3 := 3.38
found := $(foreach lib,$(OPTIONAL),$(shell $(PKG_CONFIG) --atleast-version=$(or $(minimum_$(lib)),0) $(lib) && echo $(lib)))
has = $(filter $(1),$(found))

DEFINES := -D_GNU_SOURCE $(if $(call has,libarchive),-DHAVE_LIBARCHIVE) \
	$(if $(call has,libdw),-DHAVE_LIBDW) $(if $(call has,sqlite3),-DHAVE_SQLITE3)
USED := $(REQUIRED) $(call has,libarchive) $(call has,libdw) $(call has,sqlite3)
LIB_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(USED))
LIBS := $(shell $(PKG_CONFIG) --libs $(USED))

# --- flags ----------------------------------------------------------------------------------------

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual \
	-Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla -Wformat=2 \
	-Wswitch-enum -Wnull-dereference $(if $(filter 1,$(WERROR)),-Werror)
OPTIMISE ?= -O2 -g
HARDEN ?= -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
HARDEN_LD ?= -pie -Wl,-z,relro,-z,now
BASE_CFLAGS := -std=c17 -I. -I$(BUILD) $(DEFINES) $(LIB_CFLAGS) $(WARNINGS)
ALL_CFLAGS = $(BASE_CFLAGS) $(OPTIMISE) $(HARDEN) $(SANITIZE) $(CFLAGS)
ALL_LDFLAGS = $(HARDEN_LD) $(SANITIZE) $(LDFLAGS)

# --- sources --------------------------------------------------------------------------------------

SOURCES := $(sort $(wildcard analyzer/core/*.c parsers/*.c parsers/memory/*.c analyzer/evidence/*.c \
	analyzer/engine/*.c analyzer/diagnose/*.c reports/*.c analyzer/fleet/*.c analyzer/cli/*.c))
RULES := $(sort $(shell find rules -name "*.yaml" 2>/dev/null))
CHECKS := $(sort $(wildcard tests/unit/check_*.c))
FUZZERS := $(sort $(wildcard tests/fuzz/fuzz_*.c))

OBJECTS := $(SOURCES:%.c=$(BUILD)/obj/%.o) $(BUILD)/obj/embedded_rules.o
LIB_OBJECTS := $(filter-out $(BUILD)/obj/analyzer/cli/main.o,$(OBJECTS))
CHECK_OBJECTS := $(CHECKS:%.c=$(BUILD)/obj/%.o) $(BUILD)/obj/tests/unit/main.o

# make V=1 shows the commands.
Q := $(if $(V),,@)

.PHONY: all check check-unit check-cli check-rules check-fuzz check-images mutators check-golden check-readme asan check-long fuzz \
	fuzzers bench bench-scan check-cluster eval eval-wrapped eval-live eval-kernels eval-programs lint layers format golden docs install uninstall \
	check-packages clean help
all: $(BUILD)/lastwords

$(BUILD)/lastwords: $(OBJECTS)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/embedded_rules.o: $(BUILD)/embedded_rules.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The shipped rules, the same bytes as in rules/, and packed. The program that packs them runs while building: when CC
# builds for another machine, HOSTCC and HOST_PKG_CONFIG name this one's.
HOSTCC ?= $(CC)
HOST_PKG_CONFIG ?= $(PKG_CONFIG)
PACKERS := tests/tools/pack_rules.c $(addprefix analyzer/engine/,packed.c digest.c sha256.c keys.c yaml.c) \
	$(addprefix analyzer/core/,arena.c err.c str.c vec.c)

$(BUILD)/pack-rules: $(PACKERS) $(wildcard analyzer/core/*.h analyzer/engine/*.h) analyzer/engine/keys.def
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) -std=c17 -O2 -D_GNU_SOURCE -I. $(WARNINGS) $(shell $(HOST_PKG_CONFIG) --cflags yaml-0.1) -o $@ \
		$(PACKERS) $(shell $(HOST_PKG_CONFIG) --libs yaml-0.1)

$(BUILD)/embedded_rules.c: $(BUILD)/pack-rules $(RULES) $(wildcard rules)
	@$(BUILD)/pack-rules $(RULES) > $@.tmp && mv $@.tmp $@

# --- tests ----------------------------------------------------------------------------------------

CHECK_CFLAGS = $(shell $(PKG_CONFIG) --cflags check)
CHECK_LIBS = $(shell $(PKG_CONFIG) --libs check)

# One suite per check_*.c: `Suite *check_<module>(void)`.
$(BUILD)/suites.def: $(CHECKS)
	@mkdir -p $(@D)
	@for f in $(basename $(notdir $(CHECKS))); do echo "SUITE($$f)"; done > $@

$(BUILD)/obj/tests/unit/main.o: $(BUILD)/suites.def

$(BUILD)/obj/tests/unit/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(CHECK_CFLAGS) -Wno-pedantic -Wno-missing-prototypes -MMD -MP -c -o $@ $<

$(BUILD)/check-unit: $(CHECK_OBJECTS) $(LIB_OBJECTS)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) $(CHECK_LIBS)

# Check kills a test after 4 s; a busy machine needs longer.
check-unit: $(BUILD)/check-unit
	CK_TIMEOUT_MULTIPLIER=$${CK_TIMEOUT_MULTIPLIER:-5} $(BUILD)/check-unit

# The command line as a script sees it; the JSON schema where python3-jsonschema is there.
check-cli: $(BUILD)/lastwords
	@sh tests/cli/run.sh $(BUILD)/lastwords

# What the samples give against samples/*/expected; `make golden` rewrites that, git diff is the review.
check-golden: $(BUILD)/lastwords
	@python3 tests/golden/golden.py --program $(BUILD)/lastwords --build $(BUILD)

# The screens in README.md are what the program prints.
check-readme: $(BUILD)/lastwords
	@python3 tests/golden/readme.py $(BUILD)/lastwords README.md

golden: $(BUILD)/lastwords
	@python3 tests/golden/golden.py --program $(BUILD)/lastwords --build $(BUILD) --update
	@python3 tests/golden/readme.py --update $(BUILD)/lastwords README.md
	@git status --short samples

# --- fuzzing --------------------------------------------------------------------------------------

# Every harness also builds with a plain main() that replays files: tests/fuzz/replay.c.
REPLAYS := $(FUZZERS:tests/fuzz/%.c=$(BUILD)/replay/%)

$(BUILD)/replay/%: $(BUILD)/obj/tests/fuzz/%.o $(BUILD)/obj/tests/fuzz/replay.o $(LIB_OBJECTS)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

check-fuzz: $(REPLAYS)
	@sh tests/fuzz/replay.sh $(BUILD)

# Memory images of our own making, cut and damaged: tests/fuzz/mutate.c.
MUTATORS := $(patsubst tests/fuzz/%.c,$(BUILD)/mutate/%,$(wildcard tests/fuzz/fuzz_memory_*.c))

$(BUILD)/mutate/%: $(BUILD)/obj/tests/fuzz/%.o $(BUILD)/obj/tests/fuzz/mutate.o $(LIB_OBJECTS)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

mutators: $(MUTATORS)

check-images: $(MUTATORS)
	@sh tests/long/images.sh $(BUILD) 50 500 $(if $(SANITIZE),0,32)

# make fuzz [NAME=vmware_log] [TIME=60]: libFuzzer with ASan and UBSan, in a build of its own.
NAME ?= *
TIME ?= 60
FUZZ_FLAGS := -fsanitize=address,undefined -fno-omit-frame-pointer

$(BUILD)/fuzzers/%: $(BUILD)/obj/tests/fuzz/%.o $(LIB_OBJECTS)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

fuzzers: $(patsubst tests/fuzz/%.c,$(BUILD)/fuzzers/%,$(wildcard tests/fuzz/fuzz_$(NAME).c))

fuzz:
	$(Q)$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz CC=$(CLANG) OPTIMISE="-O1 -g" HARDEN= HARDEN_LD= WARNINGS= \
		SANITIZE="$(FUZZ_FLAGS) -fsanitize=fuzzer-no-link" NAME='$(NAME)' fuzzers
	sh tests/fuzz/run.sh $(BUILD)/fuzz '$(NAME)' $(TIME)

# --- all checks -----------------------------------------------------------------------------------

# The shipped rules: loaded strictly, without a hint, and every rule's own examples.
check-rules: $(BUILD)/lastwords
	@$(BUILD)/lastwords rules check > $(BUILD)/rules-check.txt; cat $(BUILD)/rules-check.txt; \
		grep -q ' 0 faults, 0 hints$$' $(BUILD)/rules-check.txt
	@$(BUILD)/lastwords rules test

check: check-unit check-cli check-rules check-golden check-fuzz check-images check-readme layers

# The same checks with AddressSanitizer and UndefinedBehaviorSanitizer. Leaks count; warnings of the optimiser do not.
ASAN_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
# Check's runner frees what every assertion sends it: a large quarantine makes each fork and leak scan slow.
asan:
	$(Q)ASAN_OPTIONS=quarantine_size_mb=8 CK_TIMEOUT_MULTIPLIER=20 $(MAKE) --no-print-directory BUILD=$(BUILD)/asan OPTIMISE="-O1 -g" HARDEN= \
		HARDEN_LD= WERROR=0 SANITIZE="$(ASAN_FLAGS)" check

# Mutated, cut and doubled samples with fixed seeds, against the sanitizer build: some 20 minutes, not in CI.
check-long:
	$(Q)$(MAKE) --no-print-directory BUILD=$(BUILD)/asan OPTIMISE="-O1 -g" HARDEN= HARDEN_LD= WERROR=0 SANITIZE="$(ASAN_FLAGS)" \
		$(BUILD)/asan/lastwords mutators
	$(Q)$(MAKE) --no-print-directory $(BUILD)/lastwords $(BUILD)/check-unit mutators
	@sh tests/long/images.sh $(BUILD) 500 100000 32
	@sh tests/long/images.sh $(BUILD)/asan 500 10000
	@sh tests/long/follow.sh $(BUILD)
	@python3 tests/long/history.py $(BUILD)/lastwords
	@python3 tests/long/mutate.py $(BUILD)/asan/lastwords
	@python3 tests/long/journal.py $(BUILD)/asan/lastwords
	@python3 tests/long/mutate.py --crashes $(BUILD)/asan/lastwords $(if $(filter command line,$(origin CORPUS)),$(CORPUS),samples)

# Accuracy over real logs, when they are there.
CORPUS ?= ../shared/corpus
eval: $(BUILD)/lastwords
	@sh tests/eval/eval.sh $(BUILD)/lastwords $(CORPUS)

# Crash titles of the same logs as six writers would have written them, side by side: some minutes.
eval-wrapped: $(BUILD)/lastwords
	@python3 tests/tools/wrapped_titles.py $(BUILD)/lastwords $(CORPUS)/syzkaller --verbose

# Guests under QEMU that run while they are read; skipped without QEMU, busybox, cpio or a kernel to boot.
KERNEL ?= $(lastword $(sort $(wildcard /boot/vmlinuz-*)))
eval-live: $(BUILD)/lastwords
	@sh tests/eval/live.sh $(BUILD)/lastwords "$(KERNEL)"

# Rule texts against the strings of kernels: KERNELS="ROOT …", each an unpacked kernel package.
eval-kernels: $(BUILD)/lastwords
	@sh tests/eval/kernels.sh $(BUILD)/lastwords $(BUILD)/kernels $(KERNELS)

# The same for texts of programs: PROGRAMS="ROOT …", unpacked packages of systemd, dracut, GRUB and the like.
eval-programs: $(BUILD)/lastwords
	@sh tests/eval/programs.sh $(BUILD)/lastwords $(BUILD)/programs $(BUILD)/kernels $(PROGRAMS)

# --- speed ----------------------------------------------------------------------------------------

$(BUILD)/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $<

bench: $(BUILD)/lastwords $(BUILD)/bench/generate $(BUILD)/bench/run
	@sh tests/bench/bench.sh $(BUILD) $(CORPUS)

# A lab's nights: BENCH_VMS logs of 200 KB, one night and the next.
BENCH_VMS ?= 10000
bench-scan: $(BUILD)/lastwords
	@mkdir -p $(BUILD)/bench/nights
	@python3 tests/bench/scan.py $(BUILD)/lastwords $(BUILD)/bench/nights $(BENCH_VMS); code=$$?; rm -rf $(BUILD)/bench/nights; exit $$code

# Shards by GNU parallel and by a Slurm of its own, of which a node is killed; needs root and those tools.
check-cluster: $(BUILD)/lastwords
	@sh tests/cluster/cluster.sh $(BUILD)/lastwords

# --- quality --------------------------------------------------------------------------------------

layers:
	@sh tests/tools/layers.sh

# clang-tidy, and words that may not stand in sources.
lint:
	@sh tests/tools/lint.sh $(BASE_CFLAGS)

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

# --- what is installed ----------------------------------------------------------------------------

BASHCOMPDIR ?= $(DATADIR)/bash-completion/completions
ZSHCOMPDIR ?= $(DATADIR)/zsh/site-functions
FISHCOMPDIR ?= $(DATADIR)/fish/vendor_completions.d
UNITDIR ?= $(PREFIX)/lib/systemd/system
INSTALL ?= install
GENERATED := man complete-bash complete-zsh complete-fish
UNITS := $(wildcard packaging/systemd/*.service packaging/systemd/*.timer)
CONFINE := lastwords-.service.d/confine.conf

docs: $(GENERATED:%=$(BUILD)/docs/%) $(BUILD)/docs/lastwords-rules.5

$(BUILD)/docs/%: $(BUILD)/lastwords
	@mkdir -p $(@D)
	$(Q)$(BUILD)/lastwords --generate=$* > $@.tmp && mv $@.tmp $@

$(BUILD)/docs/lastwords-rules.5: docs/lastwords-rules.5 analyzer/engine/keys.def tests/tools/key-table.awk
	@mkdir -p $(@D)
	awk -f tests/tools/key-table.awk analyzer/engine/keys.def docs/lastwords-rules.5 > $@.tmp && mv $@.tmp $@

install: $(BUILD)/lastwords docs
	$(INSTALL) -D -m 755 $(BUILD)/lastwords $(DESTDIR)$(BINDIR)/lastwords
	$(INSTALL) -D -m 644 $(BUILD)/docs/man $(DESTDIR)$(MANDIR)/man1/lastwords.1
	$(INSTALL) -D -m 644 $(BUILD)/docs/lastwords-rules.5 $(DESTDIR)$(MANDIR)/man5/lastwords-rules.5
	$(INSTALL) -d $(DESTDIR)$(DATADIR)/lastwords/rules
	$(INSTALL) -m 644 $(RULES) $(DESTDIR)$(DATADIR)/lastwords/rules/
	$(INSTALL) -D -m 644 $(BUILD)/docs/complete-bash $(DESTDIR)$(BASHCOMPDIR)/lastwords
	$(INSTALL) -D -m 644 $(BUILD)/docs/complete-zsh $(DESTDIR)$(ZSHCOMPDIR)/_lastwords
	$(INSTALL) -D -m 644 $(BUILD)/docs/complete-fish $(DESTDIR)$(FISHCOMPDIR)/lastwords.fish
	$(INSTALL) -D -m 644 packaging/systemd/$(CONFINE) $(DESTDIR)$(UNITDIR)/$(CONFINE)
	for unit in $(UNITS); do \
		sed 's|/usr/bin/|$(BINDIR)/|' $$unit > $(BUILD)/docs/unit && \
		$(INSTALL) -m 644 $(BUILD)/docs/unit $(DESTDIR)$(UNITDIR)/$${unit##*/} || exit 1; done

# With the same DESTDIR, PREFIX and directories; rules of /etc/lastwords and what was scanned stay.
uninstall:
	rm -f $(DESTDIR)$(BINDIR)/lastwords $(DESTDIR)$(MANDIR)/man1/lastwords.1 \
		$(DESTDIR)$(MANDIR)/man5/lastwords-rules.5 $(DESTDIR)$(BASHCOMPDIR)/lastwords \
		$(DESTDIR)$(ZSHCOMPDIR)/_lastwords $(DESTDIR)$(FISHCOMPDIR)/lastwords.fish \
		$(DESTDIR)$(UNITDIR)/$(CONFINE) $(UNITS:packaging/systemd/%=$(DESTDIR)$(UNITDIR)/%)
	rm -rf $(DESTDIR)$(DATADIR)/lastwords/rules
	-rmdir $(DESTDIR)$(DATADIR)/lastwords $(DESTDIR)$(UNITDIR)/$(dir $(CONFINE)) 2>/dev/null

# The Debian package and the rpm: built from a copy, unpacked into scratch roots and tried there.
check-packages:
	@sh tests/packages/check.sh

.SECONDARY:

# Every target with its meaning: the comments below that begin with "##".
help:
	@sed -n 's/^## //p' Makefile

## make                 build/lastwords
## make check           all tests that need no root and no network
## make check-unit      the unit tests
## make check-cli       the command line: exit codes, files, sandbox, completions, schema
## make check-rules     the shipped rules and their examples
## make check-golden    the samples give the expected reports
## make check-readme    the screens in README.md are what the program prints
## make golden          rewrite the expected reports; git diff is the review
## make check-fuzz      replay what fuzzing found
## make check-images    memory images cut short and damaged (make check-long: 100,000 times each)
## make asan            all tests again with ASan and UBSan
## make check-long      [CORPUS=DIR] thousands of mutated samples against the sanitizer build
## make eval            [CORPUS=DIR] accuracy over a corpus of real logs, when there is one
## make eval-wrapped    [CORPUS=DIR] crash titles of plain logs and of the same logs wrapped by other writers
## make eval-live       [KERNEL=VMLINUZ] read guests that run under QEMU through its debug stub
## make eval-kernels    KERNELS="ROOT ..." which rules the kernels of unpacked packages can feed
## make eval-programs   PROGRAMS="ROOT ..." which rules the programs of unpacked packages can feed
## make bench           [BENCH_BYTES=1073741824] [CORPUS=DIR] time and memory, as ratios to ripgrep, grep, journalctl, vmcore-dmesg, makedumpfile
## make check-cluster   a scan in shards by GNU parallel and by Slurm, with a node killed, is the single run's
## make bench-scan      [BENCH_VMS=10000] a scan of many machines per number of workers, and what is new in the next night
## make lint            clang-tidy and banned words
## make fuzz            [NAME=vmware_log] [TIME=60] build and run the fuzzers with clang
## make layers          include arrows, homes of libraries, mutable globals
## make format          clang-format over all sources
## make docs            man pages and completions, from the program's own tables
## make install         [DESTDIR=] [PREFIX=/usr/local] program, rules, man pages, completions, systemd units
## make uninstall       [DESTDIR=] [PREFIX=/usr/local] removes them
## make check-packages  build the Debian package and the rpm, unpack them into scratch roots, try them there
## make clean           remove what was built

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
