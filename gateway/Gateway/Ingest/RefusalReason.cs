namespace Quartier.Gateway.Ingest;

/// <summary>Why a message was refused. The names are part of the commands' output and of the store: add, never rename.</summary>
public enum RefusalReason
{
    /// <summary>Larger than the limit for its topic.</summary>
    TooLarge,

    /// <summary>A topic that no source of ours uses.</summary>
    UnknownTopic,

    /// <summary>Not JSON: cut short, for instance.</summary>
    InvalidJson,

    /// <summary>JSON, but of no event of the network server.</summary>
    UnknownEvent,

    /// <summary>No device is named.</summary>
    MissingDevice,

    /// <summary>The device's name is none: 16 hex digits, or [a-z0-9-]{1,32} for a screen.</summary>
    InvalidDevice,

    /// <summary>Topic and message name different devices.</summary>
    DeviceMismatch,

    /// <summary>A field has the wrong type or is out of its range.</summary>
    InvalidField,

    /// <summary>A bytes field is not base64 with padding.</summary>
    InvalidBase64,

    /// <summary>Nobody registered this device.</summary>
    UnknownDevice,

    /// <summary>The device was revoked.</summary>
    RevokedDevice,

    /// <summary>The device is of another kind than its message.</summary>
    WrongKind,

    /// <summary>A shelter sent on a port that has no format.</summary>
    UnknownPort,

    /// <summary>The payload is not what its port or topic says.</summary>
    InvalidPayload,

    /// <summary>The payload is ciphertext: the network server has no key to it.</summary>
    SealedPayload,

    /// <summary>The message was understood, but storing it failed by a mistake of ours; see the log.</summary>
    InternalFault,
}

public static class RefusalReasons
{
    /// <summary>unknown-device: the form in commands' output, the store and pages' addresses.</summary>
    public static string Slug(this RefusalReason reason) => reason switch
    {
        RefusalReason.TooLarge => "too-large",
        RefusalReason.UnknownTopic => "unknown-topic",
        RefusalReason.InvalidJson => "invalid-json",
        RefusalReason.UnknownEvent => "unknown-event",
        RefusalReason.MissingDevice => "missing-device",
        RefusalReason.InvalidDevice => "invalid-device",
        RefusalReason.DeviceMismatch => "device-mismatch",
        RefusalReason.InvalidField => "invalid-field",
        RefusalReason.InvalidBase64 => "invalid-base64",
        RefusalReason.UnknownDevice => "unknown-device",
        RefusalReason.RevokedDevice => "revoked-device",
        RefusalReason.WrongKind => "wrong-kind",
        RefusalReason.UnknownPort => "unknown-port",
        RefusalReason.InvalidPayload => "invalid-payload",
        RefusalReason.SealedPayload => "sealed-payload",
        _ => "internal-fault",
    };
}
