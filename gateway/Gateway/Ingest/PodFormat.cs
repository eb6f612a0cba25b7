using Quartier.Gateway.Domain.Shelters;

namespace Quartier.Gateway.Ingest;

/// <summary>One format of a pod's frames: a port, and how its bytes become the gateway's own words and back. Nothing behind this
/// step knows which format a message came in.</summary>
/// <param name="Name">For people who decode by hand.</param>
/// <param name="Message">The type of what is said: <see cref="PodStatus"/>, <see cref="PodAlarm"/>.</param>
/// <param name="Decode">Never throws; null when the bytes are not of this format.</param>
/// <param name="Encode">Bytes written, or -1 when a value is out of the format's range.</param>
public sealed record PodFormat(int Port, string Name, Type Message, Func<byte[], object?> Decode, Func<object, byte[], int> Encode)
{
    public static PodFormat Of<T>(int port, string name, Func<byte[], T?> decode, Func<T, byte[], int> encode)
        where T : class =>
        new(port, name, typeof(T), decode, (message, frame) => encode((T)message, frame));
}

/// <summary>The live formats; a port is one layout for ever.</summary>
public static class PodFormats
{
    public static readonly IReadOnlyList<PodFormat> Uplinks = [StatusV1.Format, AlarmV1.Format];

    public static readonly IReadOnlyList<PodFormat> All = [.. Uplinks, ConfirmationV1.Format];

    /// <summary>"1 status, 2 alarm, …"</summary>
    public static string Named => string.Join(", ", All.Select(format => $"{format.Port} {format.Name}"));

    public static PodFormat? At(this IReadOnlyList<PodFormat> formats, int port)
    {
        foreach (var format in formats)
        {
            if (format.Port == port)
            {
                return format;
            }
        }

        return null;
    }
}
