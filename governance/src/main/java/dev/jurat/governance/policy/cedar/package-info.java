/** Policies in Cedar, evaluated inside this process. */
@NullMarked
package dev.jurat.governance.policy.cedar;

import org.jspecify.annotations.NullMarked;
