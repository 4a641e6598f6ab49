package dev.jurat.custody.signer;

import java.util.Optional;

/**
 * What a signer answered to whom, for its operator.
 *
 * @param user who asked, as the kernel says
 * @param record the record's id, where it was one
 * @param code empty where it was signed
 */
public record SignerAnswer(String user, String key, Optional<String> record, Optional<String> code) {}
