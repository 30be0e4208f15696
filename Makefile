# One command each; everything they need is fetched on the way. See README.md.
# PORT, HOST and VAR_DIR choose where an instance lives:  make run PORT=8001 VAR_DIR=var/second
# ARGS is handed on:                                      make test ARGS="-k grading -x"

LAUNCH = @exec python3 county_portal/launcher/bootstrap.py
ARGS =

.DEFAULT_GOAL = run
.PHONY: run test e2e check demo bench backup restore screenshots manage

run:    # the whole portal with a demonstration province (PROVINCE=qinghai), until Ctrl-C
	$(LAUNCH) run

test:   # every test that needs no browser
	$(LAUNCH) test $(ARGS)

e2e:    # the tests in Chromium
	$(LAUNCH) e2e $(ARGS)

check:  # formatting, lint, types, layers, templates, migrations, deployment settings
	$(LAUNCH) check

demo:   # one year of a province (PROVINCE=qinghai), documents to OUT=directory
	$(LAUNCH) demo $(ARGS)

bench:  # measurements
	$(LAUNCH) bench $(ARGS)

backup: # the instance in VAR_DIR, running or not, into the empty folder OUT=directory
	$(LAUNCH) backup

restore: # a new instance in VAR_DIR from the backup FROM=directory
	$(LAUNCH) restore

screenshots: # the pictures of the guides, taken anew
	$(LAUNCH) screenshots $(ARGS)

manage: # a management command on the instance in VAR_DIR:  make manage ARGS="verify_audit"
	$(LAUNCH) manage $(ARGS)
