using System.Buffers.Binary;

namespace Quartier.Mqtt;

/// <summary>Reads the properties of one packet as they lie in the buffer, one after the other; keeps nothing and allocates nothing.
/// Total: any bytes end in <see cref="Fault"/> or at the end.</summary>
internal ref struct PropertyReader
{
    private readonly ulong allowed;
    private ReadOnlySpan<byte> rest;
    private ulong seen;

    private PropertyReader(ReadOnlySpan<byte> properties, ulong allowed)
    {
        rest = properties;
        this.allowed = allowed;
    }

    public PropertyId Id { get; private set; }

    /// <summary>Value of a property that is a number.</summary>
    public uint Number { get; private set; }

    /// <summary>Value of a text (well-formed UTF-8) or of binary data.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The whole property, identifier included.</summary>
    public ReadOnlySpan<byte> Raw { get; private set; }

    /// <summary>Success until something is wrong.</summary>
    public ReasonCode Fault { get; private set; }

    /// <summary>Takes the properties off the front of <paramref name="body"/>, their length first.</summary>
    /// <param name="allowed">What this packet may carry, of <see cref="PropertySets"/>.</param>
    public static PropertyReader Take(scoped ref ReadOnlySpan<byte> body, ulong allowed)
    {
        if (!TryTakeVariable(ref body, out var length) || length > body.Length)
        {
            return new PropertyReader(default, allowed) { Fault = ReasonCode.MalformedPacket };
        }

        var reader = new PropertyReader(body[..(int)length], allowed);
        body = body[(int)length..];
        return reader;
    }

    /// <returns>False at the end and on a fault.</returns>
    public bool Next()
    {
        if (rest.IsEmpty || Fault != ReasonCode.Success)
        {
            return false;
        }

        var start = rest;
        Id = (PropertyId)rest[0];
        rest = rest[1..];
        var shape = PropertySets.ShapeOf(Id);
        if (shape == PropertyShape.Unknown || !TryTakeValue(shape))
        {
            Fault = Fault == ReasonCode.Success ? ReasonCode.MalformedPacket : Fault;
            return false;
        }

        Raw = start[..(start.Length - rest.Length)];
        if (!allowed.Holds(Id) || (shape != PropertyShape.TextPair && seen.Holds(Id)))
        {
            Fault = ReasonCode.ProtocolError;
            return false;
        }

        seen |= 1UL << (int)Id;
        return true;
    }

    /// <summary>Reads to the end for the sake of the faults.</summary>
    public ReasonCode Skip()
    {
        while (Next())
        {
        }

        return Fault;
    }

    /// <summary>A number of up to four bytes, seven bits each, the lowest first; the shortest form only is well-formed.</summary>
    public static bool TryTakeVariable(scoped ref ReadOnlySpan<byte> rest, out uint number)
    {
        number = 0;
        for (var at = 0; at < 4 && at < rest.Length; at++)
        {
            number |= (uint)(rest[at] & 0x7F) << (7 * at);
            if ((rest[at] & 0x80) == 0)
            {
                var shortest = at == 0 || rest[at] != 0;
                rest = rest[(at + 1)..];
                return shortest;
            }
        }

        return false;
    }

    private bool TryTakeValue(PropertyShape shape)
    {
        switch (shape)
        {
            case PropertyShape.Flag:
                var taken = TryTakeNumber(1);
                Fault = taken && Number > 1 ? ReasonCode.ProtocolError : Fault;
                return taken && Number <= 1;
            case PropertyShape.TwoBytes:
                return TryTakeNumber(2);
            case PropertyShape.FourBytes:
                return TryTakeNumber(4);
            case PropertyShape.Variable:
                var read = TryTakeVariable(ref rest, out var number);
                Number = number;
                return read;
            case PropertyShape.Binary:
                return TryTakeBytes(text: false);
            case PropertyShape.TextPair:
                return TryTakeBytes(text: true) && TryTakeBytes(text: true);
            default:
                return TryTakeBytes(text: true);
        }
    }

    private bool TryTakeNumber(int length)
    {
        if (rest.Length < length)
        {
            return false;
        }

        Number = length switch
        {
            1 => rest[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(rest),
            _ => BinaryPrimitives.ReadUInt32BigEndian(rest),
        };
        rest = rest[length..];
        return true;
    }

    private bool TryTakeBytes(bool text)
    {
        var taken = MqttText.TryTakeBytes(ref rest, out var bytes);
        Bytes = bytes;
        return taken && (!text || MqttText.IsWellFormed(bytes));
    }
}
