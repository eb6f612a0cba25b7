namespace Quartier.Gateway.Domain.Registry;

/// <summary>What somebody asks to be registered. A blank text is not said.</summary>
public sealed record AskedDevice(string Id, DeviceKind Kind, string? Name, string? Place, string? Area);

/// <summary>Why a device was not registered; nothing was changed.</summary>
public enum RegistryRefusal
{
    /// <summary>A device of this id is in service.</summary>
    Registered,

    /// <summary>The id belongs to a device of another kind: a pod that became a screen would raise no alarm any more.</summary>
    OtherKind,

    /// <summary>The id is a network server's name at the broker.</summary>
    NameTaken,

    /// <summary>The device would move to another area, which is an act of its own: released figures stand on it.</summary>
    AreaChange,

    /// <summary>A new device needs a name or a place.</summary>
    NameMissing,
}

/// <param name="Device">As it will stand in the registry; null when refused.</param>
public sealed record Registering(Device? Device, RegistryRefusal? Refusal);

public static class RegistryRefusals
{
    /// <summary>The form in answers to programs.</summary>
    public static string Slug(this RegistryRefusal refusal) => refusal switch
    {
        RegistryRefusal.Registered => "registered",
        RegistryRefusal.OtherKind => "other-kind",
        RegistryRefusal.NameTaken => "name-taken",
        RegistryRefusal.AreaChange => "area-change",
        _ => "name-missing",
    };

    public static string Sentence(this RegistryRefusal refusal) => refusal switch
    {
        RegistryRefusal.Registered => "registered already",
        RegistryRefusal.OtherKind => "registered as a device of another kind",
        RegistryRefusal.NameTaken => "the name of a network server at the broker",
        RegistryRefusal.AreaChange => "in another area; a change of area is made on the page of devices, because released figures stand on it",
        _ => "a new device needs a name or a place",
    };
}
