# SPDX-License-Identifier: MIT
# `make help` lists the targets and settings.  CC, CPPFLAGS, CFLAGS, LDFLAGS and LDLIBS are the user's; what the project needs
# stands in variables of its own.
# CONFIG names the build folder below build/: release (default), asan (address and undefined sanitizers).
# TCMU_HANDLERS, the folder of tcmu-runner's handlers, makes install put handler_vodd.so there.

PREFIX  ?= /usr/local
CONFIG  ?= release
BUILD   := build/$(CONFIG)
LIBRARY_NAMES := libusbredirparser-0.5 libevent_core jansson popt

# A compiler that is newer than the project's knows more warnings: they end the build only with WERROR=1, and for tests/lint.
WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes $(if $(WERROR)$(filter lint-%,$(CONFIG)),-Werror)
VERSION  := $(shell cat .version)
CPPFLAGS_ALL = -I. -D_GNU_SOURCE -DVODD_VERSION='"$(VERSION)"' $(LIBRARY_CFLAGS) $(CPPFLAGS)
CFLAGS   ?= -O2 -g
CFLAGS_ALL = -std=gnu17 $(WARNINGS) -fvisibility=hidden -fPIC $(CFLAGS) $(CFLAGS_$(CONFIG))
CFLAGS_asan = -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
# For tests/bench/tracing alone.
CFLAGS_unobserved = -DDRIVE_WITHOUT_OBSERVERS
LDFLAGS_asan = -fsanitize=address,undefined
LIBS      = -Wl,--as-needed $(LIBRARY_LIBS) -levent_pthreads $(LDLIBS)

# Asked once, by the first command that compiles: other targets need neither compiler nor libraries.
once = $(eval $(1) := $(2))$($(1))
LIBRARY_CFLAGS = $(call need,build,$(LIBRARY_NAMES))$(call once,LIBRARY_CFLAGS,$(shell pkg-config --cflags $(LIBRARY_NAMES)))
LIBRARY_LIBS = $(call once,LIBRARY_LIBS,$(shell pkg-config --libs $(LIBRARY_NAMES)))
# need GROUP,LIBRARIES: ends make with one sentence when compiler or libraries are missing; GROUP is of tests/packages.
need = $(call once,need_$(1),$(call if_missing,$(1),$(strip $(shell $(call list_missing,$(2))))))
list_missing = { for program in $(firstword $(CC)) $(AR) pkg-config; do command -v $$program >/dev/null || echo $$program; done; \
	for library in $(1); do pkg-config --exists $$library 2>/dev/null || echo $$library; done; } | paste -sd , | sed 's/,/, /g'
if_missing = $(if $(2),$(error not found here: $(2) (libraries by pkg-config); missing packages: \
	$(or $(strip $(shell tests/packages --missing $(1))),none); \
	"$(if $(filter build,$(1)),make deps,tests/packages $(1))" installs them))

MEDIA    := $(wildcard media/*.c)
EMULATOR := $(wildcard emulator/*.c)
HANDLERS := $(filter-out handlers/vodd/main.c,$(wildcard handlers/*/*.c))
# Plays the host; the guest's programs need nothing else.
HOST     := $(wildcard tests/host/*.c)
SUPPORT  := $(wildcard tests/support/*.c)
WINDOWS  := $(filter-out tests/windows/test_%.c,$(wildcard tests/windows/*.c))
UNIT_TESTS := $(wildcard tests/media/test_*.c tests/emulator/test_*.c tests/handlers/test_*.c tests/windows/test_*.c)
SUITE    := $(wildcard tests/conformance/*.c)

# V=1 shows the commands, -s nothing.
Q := $(if $(V),,@)
say = $(if $(findstring s,$(firstword -$(MAKEFLAGS))),,@echo '  $(1)	$@')

COMMA := ,
object = $(patsubst %.c,$(BUILD)/%.o,$(1))
LIBRARIES := $(BUILD)/libhandlers.a $(BUILD)/libemulator.a $(BUILD)/libmedia.a
TEST_PROGRAMS := $(patsubst %.c,$(BUILD)/%,$(UNIT_TESTS)) $(if $(SUITE),$(BUILD)/tests/conformance/conformance)

# Programs for the guest: static, so that they need nothing there.  Always built without sanitizers.
GUEST_PROGRAMS := $(patsubst tests/guest/programs/%.c,$(BUILD)/guest/%,$(wildcard tests/guest/programs/*.c)) \
	$(BUILD)/guest/dvd_host

.PHONY: all help deps demo check check-quick bench fuzz lint format install clean test-programs guest-programs fuzz-programs list-test-programs
.PHONY: dvdioctl tools-disc list-library-flags list-windows-sources list-windows-flags
.DELETE_ON_ERROR:
.SECONDARY:

all: $(BUILD)/vodd $(BUILD)/handler_vodd.so

define HELP
make               vodd and the handler for tcmu-runner
make deps          installs the packages that make needs
make install       PREFIX (/usr/local), DESTDIR, TCMU_HANDLERS (the folder of tcmu-runner's handlers)
make demo          a real guest finds the drive, authenticates and plays
make check         all tests; TESTS=PATTERN some of them, JOBS=N how many at once (the processors of this machine)
make check-quick   the tests that need no guest
make lint          format, shell scripts, man pages, warnings, clang-tidy, with the tools the project is written for
make fuzz          each fuzz target for a minute
make bench         figures, against peers in the same run
make tools-disc    a disc with dvdioctl for Windows guests
make clean
Settings: CC, CFLAGS and the like; CONFIG=asan builds with sanitizers, WERROR=1 ends the build at a warning, V=1 shows commands.
endef
help:
	$(info $(HELP))@:

$(BUILD)/vodd: $(call object,handlers/vodd/main.c) $(LIBRARIES)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS) $(LDFLAGS_$(CONFIG)) -o $@ $^ $(LIBS)

# The symbols that tcmu-runner and libtcmu export stay open.
$(BUILD)/handler_vodd.so: $(call object,handlers/tcmu/handler.c) $(LIBRARIES)
	$(call say,LINK)
	$(Q)$(CC) -shared $(LDFLAGS) $(LDFLAGS_$(CONFIG)) -Wl,--exclude-libs,ALL -o $@ $^ $(LIBS)

$(BUILD)/libmedia.a: $(call object,$(MEDIA))
$(BUILD)/libemulator.a: $(call object,$(EMULATOR))
$(BUILD)/libhandlers.a: $(call object,$(HANDLERS))
$(BUILD)/libhost.a: $(call object,$(HOST))
$(BUILD)/libsupport.a: $(call object,$(SUPPORT))
# The Windows model with what it takes of the conformance suite.
$(BUILD)/libwindows.a: $(call object,$(WINDOWS) $(filter-out tests/conformance/main.c,$(SUITE)))
$(BUILD)/%.a:
	$(call say,AR)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/%.o: %.c Makefile .version
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(TEST_CFLAGS) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<
$(BUILD)/tests/%.o: TEST_CFLAGS = $(call need,unit,check libmd libiscsi)
$(BUILD)/tests/host/%.o $(BUILD)/tests/guest/%.o: TEST_CFLAGS = $(call need,guest,libmd)

# dvdioctl, which is for Windows, on the model of cdrom.sys in its place.
WINDOWS_MODEL := $(BUILD)/tests/windows/dvdioctl_model/dvdioctl
$(WINDOWS_MODEL): $(call object,$(filter-out %/device.c %/system.c %/wine.c,$(wildcard tests/windows/dvdioctl/*.c))) \
	$(call object,$(wildcard tests/windows/dvdioctl_model/*.c)) \
	$(BUILD)/libwindows.a $(BUILD)/libsupport.a $(BUILD)/libhost.a $(LIBRARIES)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS) $(LDFLAGS_$(CONFIG)) -o $@ $^ $(LIBS) $$(pkg-config --libs check libmd libiscsi) -lm

test-programs: $(TEST_PROGRAMS) $(WINDOWS_MODEL)
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(BUILD)/libsupport.a $(BUILD)/libhost.a $(LIBRARIES)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS) $(LDFLAGS_$(CONFIG)) -o $@ $^ $(LIBS) $$(pkg-config --libs check libmd) -lm
$(BUILD)/tests/windows/%: $(BUILD)/tests/windows/%.o $(BUILD)/libwindows.a $(BUILD)/libsupport.a $(BUILD)/libhost.a $(LIBRARIES)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS) $(LDFLAGS_$(CONFIG)) -o $@ $^ $(LIBS) $$(pkg-config --libs check libmd libiscsi) -lm
$(BUILD)/tests/conformance/conformance: $(call object,$(SUITE)) $(BUILD)/libsupport.a $(BUILD)/libhost.a $(LIBRARIES)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS) $(LDFLAGS_$(CONFIG)) -o $@ $^ $(LIBS) $$(pkg-config --libs check libmd libiscsi) -lm

$(BUILD)/tests/bench/iscsi: LIBS += -liscsi

# Tests of what happens when memory is short: see tests/support/failing_allocation.h.
WRAPPED := malloc calloc realloc reallocarray strdup asprintf vasprintf
$(BUILD)/tests/%/test_allocation: LDFLAGS += $(patsubst %,-Wl$(COMMA)--wrap=%,$(WRAPPED))

# Tests that make a call of the system fail, or count it.
$(BUILD)/tests/handlers/test_state_file: LDFLAGS += -Wl,--wrap=fsync
$(BUILD)/tests/handlers/test_listener: LDFLAGS += -Wl,--wrap=accept4
$(BUILD)/tests/handlers/test_unix_socket: LDFLAGS += -Wl,--wrap=umask

guest-programs: $(GUEST_PROGRAMS)
$(BUILD)/guest/dvd_host: $(call object,$(wildcard tests/guest/programs/dvd_host/*.c))
$(filter-out $(BUILD)/guest/dvd_host,$(GUEST_PROGRAMS)): $(BUILD)/guest/%: $(BUILD)/tests/guest/programs/%.o
# Of the host library only what plays the host: the rest belongs to tests with Check.
$(GUEST_PROGRAMS): $(call object,$(patsubst %,tests/host/%.c,css_host cdb_transport transport iso9660 transcript) emulator/sense.c) $(BUILD)/libmedia.a
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) -static -o $@ $(filter %.o,$^) $(filter %.a,$^) -lmd

# dvdioctl for Windows guests: 32 bit from XP on, 64 bit from XP x64 on; nothing but kernel32 and msvcrt.
WINDOWS_FOLDER := tests/windows/dvdioctl
WINDOWS_SOURCES := $(wildcard $(WINDOWS_FOLDER)/*.c) tests/windows/nt.c \
	$(patsubst %,tests/host/%.c,css_host iso9660 transcript transport) \
	$(patsubst %,media/css_%.c,authentication disc_key key keystream sector substitution)
WINDOWS_CPPFLAGS := -I. -I$(WINDOWS_FOLDER)/include -D_WIN32_WINNT=0x0501 -DWIN32_LEAN_AND_MEAN -D__USE_MINGW_ANSI_STDIO=1 \
	-DVODD_VERSION='"$(VERSION)"'
WINDOWS_BUILD := build/windows
WINDOWS_PROGRAMS := $(WINDOWS_BUILD)/dvdioctl.exe $(WINDOWS_BUILD)/dvdioctl64.exe
WINDOWS_LDFLAGS := -s -static-libgcc -Wl,--no-insert-timestamp,--major-subsystem-version=5,--minor-subsystem-version
dvdioctl: $(WINDOWS_PROGRAMS)
$(WINDOWS_BUILD)/dvdioctl.exe: $(WINDOWS_SOURCES:%.c=$(WINDOWS_BUILD)/i686/%.o)
	$(call say,LINK)
	$(Q)i686-w64-mingw32-gcc $(WINDOWS_LDFLAGS)=1 -o $@ $^
$(WINDOWS_BUILD)/dvdioctl64.exe: $(WINDOWS_SOURCES:%.c=$(WINDOWS_BUILD)/x86_64/%.o)
	$(call say,LINK)
	$(Q)x86_64-w64-mingw32-gcc $(WINDOWS_LDFLAGS)=2 -o $@ $^
define windows_object
$(WINDOWS_BUILD)/$(1)/%.o: %.c Makefile .version
	$$(call say,CC)
	@mkdir -p $$(@D)
	$$(Q)$(1)-w64-mingw32-gcc $(WINDOWS_CPPFLAGS) -std=gnu17 $(WARNINGS) -O2 -MMD -MP -c -o $$@ $$<
endef
$(eval $(call windows_object,i686))
$(eval $(call windows_object,x86_64))
# For tests/lint.
list-library-flags:
	@printf "%s\n" "$(LIBRARY_CFLAGS)"
list-windows-sources:
	@printf "%s\n" $(WINDOWS_SOURCES)
list-windows-flags:
	@printf "%s\n" $(WINDOWS_CPPFLAGS)

# Fuzz targets: make CC=clang CONFIG=fuzz fuzz-programs
CFLAGS_fuzz = -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FUZZ_PROGRAMS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
fuzz-programs: $(FUZZ_PROGRAMS)
$(FUZZ_PROGRAMS): %: %.o $(BUILD)/libsupport.a $(BUILD)/libhost.a $(LIBRARIES)
	$(call say,LINK)
	$(Q)$(CC) -fsanitize=fuzzer,address,undefined -o $@ $^ $(LIBS) $$(pkg-config --libs libmd)

list-test-programs:
	@printf "%s\n" $(TEST_PROGRAMS)

deps:
	@tests/packages build && echo "everything that make needs is here"
demo check lint tools-disc:
	@tests/$@
check-quick:
	@tests/check --quick
fuzz bench:
	@tests/$@/run
format:
	@tests/lint reformat

install: all
	install -D -m 755 $(BUILD)/vodd $(DESTDIR)$(PREFIX)/bin/vodd
	$(if $(TCMU_HANDLERS),install -D -m 644 $(BUILD)/handler_vodd.so "$(DESTDIR)$(TCMU_HANDLERS)/handler_vodd.so")
	for page in docs/*.[1578]; do install -D -m 644 "$$page" "$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}"; done
	install -D -m 755 docs/driver-ci/job "$(DESTDIR)$(PREFIX)/share/doc/vodd/driver-ci/job"
	install -m 644 docs/driver-ci/*.* "$(DESTDIR)$(PREFIX)/share/doc/vodd/driver-ci/"

clean:
	find build -mindepth 1 -maxdepth 1 ! -name cache -exec rm -rf {} + 2>/dev/null || true

# Not those of other configurations: another make may be writing them.
-include $(shell find $(BUILD) $(WINDOWS_BUILD) -name '*.d' 2>/dev/null)
