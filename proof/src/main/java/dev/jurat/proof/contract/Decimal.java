package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * A decimal number written as text, compared by its value: at most 18 digits before the point and 18 after it, no exponent. Immutable.
 *
 * <p>The mistake that looks right but is not: a binary fraction, in which 0.1 + 0.2 goes beyond a limit of 0.3.
 */
public final class Decimal implements Comparable<Decimal> {
    private static final Pattern CANONICAL = Pattern.compile("-?(0|[1-9][0-9]{0,17})(\\.[0-9]{0,17}[1-9])?");
    private static final Pattern FOREIGN = Pattern.compile("-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,18})?");
    public static final Decimal ZERO = new Decimal(BigDecimal.ZERO);

    private final BigDecimal value;

    private Decimal(BigDecimal value) {
        this.value = value;
    }

    public static Decimal of(long value) {
        return new Decimal(BigDecimal.valueOf(value));
    }

    /** Reads the one form that we write: no trailing zeros, no minus zero; {@code contract-decimal} for any other. */
    public static Decimal read(String text) throws FormatException {
        if (!CANONICAL.matcher(text).matches() || text.equals("-0")) {
            throw new FormatException("contract-decimal", "not a decimal number in its one form");
        }
        return new Decimal(new BigDecimal(text));
    }

    /** Reads a form that others write, where zeros may trail; {@code contract-decimal} for any other. */
    public static Decimal readForeign(String text) throws FormatException {
        if (!FOREIGN.matcher(text).matches()) {
            throw new FormatException("contract-decimal", "not a plain decimal number");
        }
        return new Decimal(new BigDecimal(text));
    }

    public Decimal plus(Decimal other) {
        return new Decimal(value.add(other.value));
    }

    public boolean isNegative() {
        return value.signum() < 0;
    }

    /** The form that {@link #read} reads. */
    public String text() {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    @Override
    public int compareTo(Decimal other) {
        return value.compareTo(other.value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Decimal decimal && value.compareTo(decimal.value) == 0;
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    @Override
    public String toString() {
        return text();
    }
}
