@NullMarked
package dev.jurat.app.http;

import org.jspecify.annotations.NullMarked;
