# SPDX-License-Identifier: MIT
# Targets: all, demo, check, bench, fuzz, lint, tools-disc, install, clean.  Settings: PREFIX, DESTDIR, CC, CONFIG, TCMU_HANDLERS.
# CONFIG names the build folder below build/: release (default), asan (address and undefined sanitizers).
# TCMU_HANDLERS, the folder of tcmu-runner's handlers, makes install put handler_vodd.so there.

PREFIX  ?= /usr/local
CONFIG  ?= release
BUILD   := build/$(CONFIG)
PACKAGES := libusbredirparser-0.5 inih libevent_core jansson popt

WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror
CPPFLAGS += -I. -D_GNU_SOURCE -DVODD_VERSION='"$(shell cat .version)"' $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
CFLAGS   ?= -O2 -g
CFLAGS_ALL = -std=gnu17 $(WARNINGS) -fvisibility=hidden -fPIC $(CFLAGS) $(CFLAGS_$(CONFIG))
CFLAGS_asan = -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
# For tests/bench/tracing alone.
CFLAGS_unobserved = -DDRIVE_WITHOUT_OBSERVERS
LDFLAGS_asan = -fsanitize=address,undefined
LDLIBS   += -Wl,--as-needed $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -levent_pthreads

MEDIA    := $(wildcard media/*.c)
EMULATOR := $(wildcard emulator/*.c)
HANDLERS := $(filter-out handlers/vodd/main.c,$(wildcard handlers/*/*.c))
# Plays the host; the guest's programs need nothing else.
HOST     := $(wildcard tests/host/*.c)
SUPPORT  := $(wildcard tests/support/*.c)
WINDOWS  := $(filter-out tests/windows/test_%.c,$(wildcard tests/windows/*.c))
TESTS    := $(wildcard tests/media/test_*.c tests/emulator/test_*.c tests/handlers/test_*.c tests/windows/test_*.c)
SUITE    := $(wildcard tests/conformance/*.c)

# V=1 shows the commands, -s nothing.
Q := $(if $(V),,@)
say = $(if $(findstring s,$(firstword -$(MAKEFLAGS))),,@echo '  $(1)	$@')

COMMA := ,
object = $(patsubst %.c,$(BUILD)/%.o,$(1))
LIBRARIES := $(BUILD)/libhandlers.a $(BUILD)/libemulator.a $(BUILD)/libmedia.a
TEST_PROGRAMS := $(patsubst %.c,$(BUILD)/%,$(TESTS)) $(if $(SUITE),$(BUILD)/tests/conformance/conformance)

# Programs for the guest: static, so that they need nothing there.  Always built without sanitizers.
GUEST_PROGRAMS := $(patsubst tests/guest/programs/%.c,$(BUILD)/guest/%,$(wildcard tests/guest/programs/*.c)) \
	$(BUILD)/guest/dvd_host

.PHONY: all demo check bench fuzz lint format install clean test-programs guest-programs fuzz-programs list-test-programs
.PHONY: dvdioctl tools-disc list-windows-sources list-windows-flags
.DELETE_ON_ERROR:
.SECONDARY:

all: $(BUILD)/vodd $(BUILD)/handler_vodd.so

$(BUILD)/vodd: $(call object,handlers/vodd/main.c) $(LIBRARIES)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS) $(LDFLAGS_$(CONFIG)) -o $@ $^ $(LDLIBS)

# The symbols that tcmu-runner and libtcmu export stay open.
$(BUILD)/handler_vodd.so: $(call object,handlers/tcmu/handler.c) $(LIBRARIES)
	$(call say,LINK)
	$(Q)$(CC) -shared $(LDFLAGS) $(LDFLAGS_$(CONFIG)) -Wl,--exclude-libs,ALL -o $@ $^ $(LDLIBS)

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
	$(Q)ar rcs $@ $^

$(BUILD)/%.o: %.c Makefile .version
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# dvdioctl, which is for Windows, on the model of cdrom.sys in its place.
WINDOWS_MODEL := $(BUILD)/tests/windows/dvdioctl_model/dvdioctl
$(WINDOWS_MODEL): $(call object,$(filter-out %/device.c %/system.c %/wine.c,$(wildcard tests/windows/dvdioctl/*.c))) \
	$(call object,$(wildcard tests/windows/dvdioctl_model/*.c)) \
	$(BUILD)/libwindows.a $(BUILD)/libsupport.a $(BUILD)/libhost.a $(LIBRARIES)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS) $(LDFLAGS_$(CONFIG)) -o $@ $^ $(LDLIBS) $$(pkg-config --libs check libmd libiscsi) -lm

test-programs: $(TEST_PROGRAMS) $(WINDOWS_MODEL)
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(BUILD)/libsupport.a $(BUILD)/libhost.a $(LIBRARIES)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS) $(LDFLAGS_$(CONFIG)) -o $@ $^ $(LDLIBS) $$(pkg-config --libs check libmd) -lm
$(BUILD)/tests/windows/%: $(BUILD)/tests/windows/%.o $(BUILD)/libwindows.a $(BUILD)/libsupport.a $(BUILD)/libhost.a $(LIBRARIES)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS) $(LDFLAGS_$(CONFIG)) -o $@ $^ $(LDLIBS) $$(pkg-config --libs check libmd libiscsi) -lm
$(BUILD)/tests/conformance/conformance: $(call object,$(SUITE)) $(BUILD)/libsupport.a $(BUILD)/libhost.a $(LIBRARIES)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS) $(LDFLAGS_$(CONFIG)) -o $@ $^ $(LDLIBS) $$(pkg-config --libs check libmd libiscsi) -lm

$(BUILD)/tests/bench/iscsi: LDLIBS += -liscsi

# Tests of what happens when memory is short: see tests/support/failing_allocation.h.
WRAPPED := malloc calloc realloc reallocarray strdup asprintf vasprintf
$(BUILD)/tests/%/test_allocation: LDFLAGS += $(patsubst %,-Wl$(COMMA)--wrap=%,$(WRAPPED))

guest-programs: $(GUEST_PROGRAMS)
$(BUILD)/guest/dvd_host: $(call object,$(wildcard tests/guest/programs/dvd_host/*.c))
$(filter-out $(BUILD)/guest/dvd_host,$(GUEST_PROGRAMS)): $(BUILD)/guest/%: $(BUILD)/tests/guest/programs/%.o
# Of the host library only what plays the host: the rest belongs to tests with Check.
$(GUEST_PROGRAMS): $(call object,$(patsubst %,tests/host/%.c,css_host cdb_transport transport iso9660 transcript)) $(BUILD)/libmedia.a
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) -static -o $@ $(filter %.o,$^) $(filter %.a,$^) -lmd

# dvdioctl for Windows guests: 32 bit from XP on, 64 bit from XP x64 on; nothing but kernel32 and msvcrt.
WINDOWS_FOLDER := tests/windows/dvdioctl
WINDOWS_SOURCES := $(wildcard $(WINDOWS_FOLDER)/*.c) tests/windows/nt.c \
	$(patsubst %,tests/host/%.c,css_host iso9660 transcript transport) \
	$(patsubst %,media/css_%.c,authentication disc_key key keystream sector substitution)
WINDOWS_CPPFLAGS := -I. -I$(WINDOWS_FOLDER)/include -D_WIN32_WINNT=0x0501 -DWIN32_LEAN_AND_MEAN -D__USE_MINGW_ANSI_STDIO=1 \
	-DVODD_VERSION='"$(shell cat .version)"'
WINDOWS_PROGRAMS := build/windows/dvdioctl.exe build/windows/dvdioctl64.exe
WINDOWS_LDFLAGS := -s -static-libgcc -Wl,--no-insert-timestamp,--major-subsystem-version=5,--minor-subsystem-version
dvdioctl: $(WINDOWS_PROGRAMS)
build/windows/dvdioctl.exe: $(WINDOWS_SOURCES:%.c=build/windows/i686/%.o)
	$(call say,LINK)
	$(Q)i686-w64-mingw32-gcc $(WINDOWS_LDFLAGS)=1 -o $@ $^
build/windows/dvdioctl64.exe: $(WINDOWS_SOURCES:%.c=build/windows/x86_64/%.o)
	$(call say,LINK)
	$(Q)x86_64-w64-mingw32-gcc $(WINDOWS_LDFLAGS)=2 -o $@ $^
define windows_object
build/windows/$(1)/%.o: %.c Makefile .version
	$$(call say,CC)
	@mkdir -p $$(@D)
	$$(Q)$(1)-w64-mingw32-gcc $(WINDOWS_CPPFLAGS) -std=gnu17 $(WARNINGS) -O2 -MMD -MP -c -o $$@ $$<
endef
$(eval $(call windows_object,i686))
$(eval $(call windows_object,x86_64))
# For tests/lint.
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
	$(Q)$(CC) -fsanitize=fuzzer,address,undefined -o $@ $^ $(LDLIBS) $$(pkg-config --libs libmd)

list-test-programs:
	@printf "%s\n" $(TEST_PROGRAMS)

demo check lint tools-disc:
	@tests/$@
fuzz bench:
	@tests/$@/run

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

install: all
	install -D -m 755 $(BUILD)/vodd $(DESTDIR)$(PREFIX)/bin/vodd
	$(if $(TCMU_HANDLERS),install -D -m 644 $(BUILD)/handler_vodd.so "$(DESTDIR)$(TCMU_HANDLERS)/handler_vodd.so")
	for page in docs/*.[1578]; do install -D -m 644 "$$page" "$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}"; done

clean:
	find build -mindepth 1 -maxdepth 1 ! -name cache -exec rm -rf {} + 2>/dev/null || true

-include $(shell find build -name '*.d' 2>/dev/null)
