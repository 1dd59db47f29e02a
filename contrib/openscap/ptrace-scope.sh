#!/bin/sh
# A check for OpenSCAP's Script Check Engine: does this host behave as the policy wants?
# The policy is the value that the benchmark exports; the output ends up in the results.
exec ptrace-probe assert --policy "${XCCDF_VALUE_POLICY:-stig}" --exit-style xccdf
