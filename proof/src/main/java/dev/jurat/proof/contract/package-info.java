@NullMarked
package dev.jurat.proof.contract;

import org.jspecify.annotations.NullMarked;
