package dev.jurat.custody.signer;

import java.util.Optional;

/**
 * What a signer answered to whom, for its operator.
 *
 * @param user who asked, as the kernel says
 * @param key the name that was asked for; {@code ?} where it can be no key's
 * @param record the record's id, where it was one
 * @param code empty where it was signed
 * @param untold how many refusals of this user, or of all together whom no rule names, were not told since the last one that was
 */
public record SignerAnswer(String user, String key, Optional<String> record, Optional<String> code, long untold) {}
