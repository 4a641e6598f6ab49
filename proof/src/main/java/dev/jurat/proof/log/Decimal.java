package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;

/** ASCII decimals as log formats write them: no sign, no leading zero, below 2^63. */
final class Decimal {
    private Decimal() {}

    static long parse(String text, String code) throws FormatException {
        boolean digits = !text.isEmpty() && text.length() <= 19 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || (text.length() > 1 && text.charAt(0) == '0')) {
            throw new FormatException(code, "not a decimal without leading zeros");
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new FormatException(code, "a decimal of 2^63 or more");
        }
    }
}
