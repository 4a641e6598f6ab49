/** What the launcher does once, when it puts the jars of a build together. */
@NullMarked
package dev.jurat.app.install;

import org.jspecify.annotations.NullMarked;
