/** Policies: one documented input, one outcome, whatever engine decides. See {@code docs/spec/policy.md}. */
@NullMarked
package dev.jurat.governance.policy;

import org.jspecify.annotations.NullMarked;
