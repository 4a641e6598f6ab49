package dev.jurat.custody.kms;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.proof.contract.ForeignJson;
import java.util.regex.Pattern;

/** What the key service says no with, and what that is to us. */
final class KmsRefusal {
    private static final int SERVER_ERROR = 500;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]{1,64}");
    /** A signature counts for five minutes. */
    private static final String LOCKED_NEXT =
            CustodyCode.LOCKED.next() + ", and see that this machine's clock is right";

    private KmsRefusal() {}

    static CustodyException of(String action, int status, ForeignJson.Obj answer) {
        String type = text(answer, "__type");
        String last = type.substring(type.indexOf('#') + 1);
        // Shown to callers and operators: a name of an error, and no text that somebody wrote.
        String name = NAME.matcher(last).matches() ? last : "";
        CustodyCode code = code(name, status);
        return new CustodyException(
                code,
                "the key service refuses " + action + ": " + (name.isEmpty() ? "status " + status : name),
                code == CustodyCode.LOCKED ? LOCKED_NEXT : code.next());
    }

    private static CustodyCode code(String name, int status) {
        return switch (name) {
            case "NotFoundException" -> CustodyCode.KEY_UNKNOWN;
            case "AlreadyExistsException" -> CustodyCode.KEY_EXISTS;
            case "AccessDeniedException", "KMSInvalidStateException", "DisabledException", "InvalidKeyUsageException" ->
                CustodyCode.DENIED;
            case "UnrecognizedClientException",
                    "InvalidClientTokenId",
                    "InvalidSignatureException",
                    "SignatureDoesNotMatch",
                    "IncompleteSignatureException",
                    "MissingAuthenticationTokenException",
                    "ExpiredTokenException",
                    "RequestExpired" -> CustodyCode.LOCKED;
            case "ThrottlingException", "TooManyRequestsException" -> CustodyCode.BUSY;
            case "LimitExceededException" -> CustodyCode.FULL;
            case "UnsupportedOperationException" -> CustodyCode.SUITE;
            case "DependencyTimeoutException" -> CustodyCode.TIMEOUT;
            default -> status >= SERVER_ERROR ? CustodyCode.FAILED : CustodyCode.DENIED;
        };
    }

    /** A member's text; empty where there is none. */
    static String text(ForeignJson.Obj object, String name) {
        return object.members().get(name) instanceof ForeignJson.Str text ? text.value() : "";
    }
}
