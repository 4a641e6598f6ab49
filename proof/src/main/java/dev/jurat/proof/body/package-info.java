/** What the bodies of each kind hold ({@code docs/spec/record.md} §5): one closed object per kind, read strictly. */
@NullMarked
package dev.jurat.proof.body;

import org.jspecify.annotations.NullMarked;
