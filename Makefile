# Builds, checks and installs Mainstay. `make help` lists the targets.
#
# VARIANT=release (the default) | asan | tsan | clang | fuzz chooses compiler and sanitizers. Each variant has its own
# folder (build/ for release, else build/VARIANT/), so that they never disturb each other. Objects depend on the
# command that compiles them: changed flags, or a library that appears, rebuild what they touch.

VARIANT ?= release
PREFIX  ?= /usr/local
JOBS    ?= $(shell nproc 2>/dev/null || echo 2)
V       ?=

ifeq ($(filter $(VARIANT),release asan tsan clang fuzz),)
$(error VARIANT=$(VARIANT): must be one of release, asan, tsan, clang, fuzz)
endif

# ---- what to compile, and how ----

BUILD   := build$(if $(filter-out release,$(VARIANT)),/$(VARIANT))
VERSION := $(shell sed -n 's/^.define MS_VERSION "\(.*\)"/\1/p' include/mainstay.h)

ifneq ($(filter clang fuzz,$(VARIANT)),)
CC := clang
else ifeq ($(origin CC),default)
CC := gcc
endif

MODE_release  := -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong
MODE_clang    := -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong
MODE_asan     := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
MODE_tsan     := -O1 -fsanitize=thread -fno-omit-frame-pointer
MODE_fuzz     := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LINK_fuzz     := -fsanitize=fuzzer
# No fuzzer's bytes reach the unrolled passes of the engine, and clang needs many minutes to instrument them.
build/fuzz/obj/src/plan/steps.o build/fuzz/obj/src/plan/sweep.o: MODE_fuzz := -O1

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes -Wmissing-prototypes -Wvla \
            -Wformat=2
WERROR   := -Werror

# -ffp-contract=off: no fused multiply-add, so that the same case gives the same bytes whatever compiled it.
# -ffile-prefix-map: no path of the build machine in what is built.
PACKAGES := clp jansson libcurl libmicrohttpd libsodium libzstd sqlite3 xlsxwriter
PKG_CFLAGS := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PACKAGES) 2>/dev/null))
# What clp.pc names beyond Clp is what libClp.so itself links.
PKG_LIBS := $(filter-out -lz -lbz2 -llapack -lblas,$(shell pkg-config --libs $(PACKAGES) 2>/dev/null))
COMPILE  = $(CC) -std=c17 -D_GNU_SOURCE -Iinclude -Isrc $(PKG_CFLAGS) $(WARNINGS) $(WERROR) -g $(MODE_$(VARIANT)) \
           -fno-math-errno -ffp-contract=off -ffile-prefix-map=$(CURDIR)=. $(CPPFLAGS) $(CFLAGS)
LINK     = $(CC) $(MODE_$(VARIANT)) -Wl,--as-needed -Wl,-z,relro,-z,now $(CFLAGS) $(LDFLAGS)
LIBS     = $(PKG_LIBS) -lamd -lz -lm -lpthread

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
CMD_SOURCES  := $(sort $(wildcard src/cmd/*.c))
MPI_SOURCES  := src/stress/ranks_mpi.c
LIB_SOURCES  := $(filter-out $(CMD_SOURCES) $(MPI_SOURCES),$(sort $(wildcard src/*/*.c)))
UNIT_SOURCES := $(sort $(wildcard tests/unit/test_*.c))
FUZZ_SOURCES := $(sort $(wildcard tests/fuzz/fuzz_*.c))
PROPERTY     := $(sort $(wildcard tests/property/*.c))
SIMULATION   := $(sort $(wildcard tests/simulation/*.c))
TEST_SHARED  := $(filter-out $(UNIT_SOURCES) $(FUZZ_SOURCES),$(sort $(wildcard tests/*.c tests/unit/*.c)))
ALL_SOURCES  := $(LIB_SOURCES) $(MPI_SOURCES) $(CMD_SOURCES) $(UNIT_SOURCES) $(FUZZ_SOURCES) $(PROPERTY) $(SIMULATION) \
                $(TEST_SHARED)
EXAMPLES     := $(sort $(wildcard examples/*/*))

LIBRARY    := $(BUILD)/libmainstay.a
VERBS      := $(BUILD)/libverbs.a
SHARED     := $(BUILD)/libtests.a
PROGRAM    := $(if $(CMD_SOURCES),$(BUILD)/mainstay)
# mainstay-mpi is built where Open MPI's compiler wrapper is found; everything else does without.
MPICC       := $(shell command -v mpicc 2>/dev/null)
MPI_PROGRAM := $(if $(MPICC),$(if $(filter release,$(VARIANT)),$(BUILD)/mainstay-mpi))
MPI_CFLAGS   = $(patsubst -I%,-isystem %,$(shell $(MPICC) --showme:compile 2>/dev/null))
MPI_LIBS     = $(shell $(MPICC) --showme:link 2>/dev/null)
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(UNIT_SOURCES))
FUZZERS    := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(FUZZ_SOURCES))

step = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$(2)';)
SUBMAKE = $(MAKE) --no-print-directory

.DEFAULT_GOAL := all
.PHONY: all demo check test bench fuzz docs install uninstall clean deps help lib unit-tests property-test simulation \
        fuzzers format format-check FORCE
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:

all: $(LIBRARY) $(PROGRAM) $(MPI_PROGRAM)
lib: $(LIBRARY)
unit-tests: $(UNIT_TESTS)
property-test: $(BUILD)/tests/property
simulation: $(BUILD)/tests/simulation
fuzzers: $(FUZZERS)

$(BUILD)/obj/%.o: %.c $(BUILD)/compile.txt
	@mkdir -p $(@D)
	$(call step,CC,$<)$(COMPILE) $(TEST_INCLUDES) -MMD -MP -c -o $@ $<
$(BUILD)/obj/tests/%.o: private TEST_INCLUDES := -I.

# All of cmd but main.c is an archive too, so that unit tests reach it.
$(LIBRARY): $(call objects,$(LIB_SOURCES)) $(BUILD)/obj/pages.o
$(VERBS):   $(call objects,$(filter-out src/cmd/main.c,$(CMD_SOURCES))) $(BUILD)/obj/examples.o
$(SHARED):  $(call objects,$(TEST_SHARED))
$(LIBRARY) $(VERBS) $(SHARED): $(BUILD)/sources.txt
	@rm -f $@
	$(call step,AR,$@)ar rcsD $@ $(filter %.o,$^)

$(BUILD)/mainstay: $(call objects,src/cmd/main.c) $(VERBS) $(LIBRARY)
	$(call step,LINK,$@)$(LINK) -o $@ $(filter %.o %.a,$^) $(LIBS)

# The pages, for `mainstay serve`: built once for all variants, and left out where there is no Node.js.
PAGES_SOURCES := $(wildcard web/*.json web/build.mjs web/src/* web/src/text/*)
PAGES_BUILT   := build/pages-$(if $(shell command -v npm),built,absent)

$(PAGES_BUILT): tools/build-pages $(PAGES_SOURCES)
	@mkdir -p $(@D)
	$(call step,NPM,build/pages)tools/build-pages build/pages
	@touch $@

$(BUILD)/pages.c: tools/embed-pages $(PAGES_BUILT)
	@mkdir -p $(@D)
	$(call step,GEN,$@)tools/embed-pages build/pages > $@

$(BUILD)/obj/pages.o: $(BUILD)/pages.c src/serve/pages.h $(BUILD)/compile.txt
	@mkdir -p $(@D)
	$(call step,CC,$<)$(COMPILE) -c -o $@ $<

# What joins the ranks of a job stands in front of the library, whose own version is for one process.
$(BUILD)/mainstay-mpi: $(call objects,src/cmd/main.c $(MPI_SOURCES)) $(VERBS) $(LIBRARY)
	$(call step,LINK,$@)$(LINK) -o $@ $(filter %.o %.a,$^) $(LIBS) $(MPI_LIBS)
$(call objects,$(MPI_SOURCES)): private TEST_INCLUDES := $(MPI_CFLAGS)

# The files of the examples, for `mainstay init`.
$(BUILD)/examples.c: tools/embed-examples $(EXAMPLES)
	@mkdir -p $(@D)
	$(call step,GEN,$@)tools/embed-examples $(patsubst %/,%,$(sort $(dir $(EXAMPLES)))) > $@

$(BUILD)/obj/examples.o: $(BUILD)/examples.c src/cmd/examples.h $(BUILD)/compile.txt
	@mkdir -p $(@D)
	$(call step,CC,$<)$(COMPILE) -c -o $@ $<

$(UNIT_TESTS): $(BUILD)/tests/%: $(BUILD)/obj/tests/unit/%.o $(SHARED) $(VERBS) $(LIBRARY)
	@mkdir -p $(@D)
	$(call step,LINK,$@)$(LINK) -o $@ $(filter %.o %.a,$^) -lcmocka $(LIBS)

$(BUILD)/tests/property: $(call objects,$(PROPERTY)) $(SHARED) $(LIBRARY)
	@mkdir -p $(@D)
	$(call step,LINK,$@)$(LINK) -o $@ $(filter %.o %.a,$^) $(LIBS)

$(BUILD)/tests/simulation: $(call objects,$(SIMULATION)) $(LIBRARY)
	@mkdir -p $(@D)
	$(call step,LINK,$@)$(LINK) -o $@ $(filter %.o %.a,$^) $(LIBS)

$(FUZZERS): $(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(SHARED) $(LIBRARY)
	@mkdir -p $(@D)
	$(call step,LINK,$@)$(LINK) $(LINK_$(VARIANT)) -o $@ $(filter %.o %.a,$^) $(LIBS)

# Rewritten only when their text changes.
$(BUILD)/compile.txt: FORCE
	$(if $(PKG_LIBS),,$(error pkg-config does not find $(PACKAGES); `make deps` installs what is missing))
	@mkdir -p $(@D); echo '$(COMPILE)' | cmp -s - $@ || echo '$(COMPILE)' > $@
$(BUILD)/sources.txt: FORCE
	@mkdir -p $(@D); echo '$(ALL_SOURCES)' | cmp -s - $@ || echo '$(ALL_SOURCES)' > $@

-include $(patsubst %.o,%.d,$(call objects,$(ALL_SOURCES)))

# ---- what to do with it ----

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22
	@echo '  VARIANT=release|asan|tsan|clang|fuzz   CFLAGS=...   JOBS=n   V=1 (show commands)'

deps: ## install what the build and the tests need (Debian packages)
	@tools/deps build check

demo: ## install what is missing, build, and plan examples/pacific
	@tools/deps build
	@$(SUBMAKE) -j$(JOBS) VARIANT=release all
	@build/mainstay plan examples/pacific -o build/pacific.plan

check: ## install what is missing, build every variant, pass every test (VARIANT=x: that one's)
	@tools/deps build check
	@JOBS=$(JOBS) tests/run $(if $(filter file,$(origin VARIANT)),all,$(VARIANT))

test: ## the quick half of check: unit tests and transcripts of the release build
	@tools/deps build check
	@JOBS=$(JOBS) tests/run quick

fuzz: ## run every fuzzer for MS_FUZZ_SECONDS (default 60)
	@tools/deps build check
	@$(SUBMAKE) -j$(JOBS) VARIANT=fuzz fuzzers
	@tests/fuzz.sh explore

bench: ## measure, compare with the other solvers, refresh docs/bench.md
	@tools/deps build bench
	@$(SUBMAKE) -j$(JOBS) VARIANT=release all
	@bench/run

docs: ## write again what the program writes: three pages in docs/, the runs in README and tutorial
	@$(SUBMAKE) -j$(JOBS) VARIANT=release all
	@build/mainstay help --docs docs
	@tools/embed-readme
	@tools/embed-tutorial

format: ## lay the C sources out with clang-format
	clang-format -i $(wildcard include/*.h src/*/*.[ch] tests/*/*.[ch])

format-check: ## say which C sources clang-format would lay out otherwise
	@command -v clang-format >/dev/null || { echo 'format-check: clang-format is not installed'; exit 0; }; \
	clang-format --dry-run --Werror $(wildcard include/*.h src/*/*.[ch] tests/*/*.[ch])

BINDIR  = $(DESTDIR)$(PREFIX)/bin
LIBDIR  = $(DESTDIR)$(PREFIX)/lib
INCDIR  = $(DESTDIR)$(PREFIX)/include
MANDIR  = $(DESTDIR)$(PREFIX)/share/man/man1
BASHDIR = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSHDIR  = $(DESTDIR)$(PREFIX)/share/zsh/site-functions
FISHDIR = $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d

# mainstay.h shows no other library's types, so the pkg-config file needs no Requires; the archive is the only form
# of the library, so what it stands on is in Libs and no --static is asked for.
install: all ## install executable, library, header, pkg-config file, man pages, completions (PREFIX, DESTDIR)
	install -d $(BINDIR) $(LIBDIR)/pkgconfig $(INCDIR) $(MANDIR) $(BASHDIR) $(ZSHDIR) $(FISHDIR)
	install -m 755 $(BUILD)/mainstay $(BINDIR)/mainstay
	$(if $(MPI_PROGRAM),install -m 755 $(MPI_PROGRAM) $(BINDIR)/mainstay-mpi)
	install -m 644 $(LIBRARY) $(LIBDIR)/libmainstay.a
	install -m 644 include/mainstay.h $(INCDIR)/mainstay.h
	printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/lib' 'includedir=$${prefix}/include' '' 'Name: mainstay' \
	    'Description: combined sustainment planning' 'Version: $(VERSION)' 'Cflags: -I$${includedir}' \
	    'Libs: -L$${libdir} -lmainstay $(LIBS)' > $(LIBDIR)/pkgconfig/mainstay.pc
	$(BUILD)/mainstay help --man $(MANDIR)
	$(BUILD)/mainstay help --completion bash > $(BASHDIR)/mainstay
	$(BUILD)/mainstay help --completion zsh > $(ZSHDIR)/_mainstay
	$(BUILD)/mainstay help --completion fish > $(FISHDIR)/mainstay.fish

uninstall: ## remove what install put there
	rm -f $(BINDIR)/mainstay $(BINDIR)/mainstay-mpi
	rm -f $(LIBDIR)/libmainstay.a $(LIBDIR)/pkgconfig/mainstay.pc $(INCDIR)/mainstay.h \
	    $(MANDIR)/mainstay.1 $(MANDIR)/mainstay-*.1 $(BASHDIR)/mainstay $(ZSHDIR)/_mainstay $(FISHDIR)/mainstay.fish

clean: ## remove everything that was built
	rm -rf build
