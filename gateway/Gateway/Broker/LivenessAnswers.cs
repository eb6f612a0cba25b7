using System.Text;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Store;
using Quartier.Wire;

namespace Quartier.Gateway.Broker;

/// <summary>Answers to devices that ask whether their gateway is there: one short datagram for one, none for a stranger.</summary>
public sealed class LivenessAnswers(Database database)
{
    private readonly HmacSha256 hmac = new();
    private readonly byte[] answer = new byte[Liveness.AnswerBytes];

    /// <summary>The answer to a datagram, in a buffer that the next one uses again; empty for what gets none.</summary>
    public ReadOnlyMemory<byte> To(byte[] datagram, int length)
    {
        if (!Liveness.TryReadQuestion(datagram, length, out var nameAt, out var nameLength))
        {
            return default;
        }

        var name = Encoding.UTF8.GetString(datagram, nameAt, nameLength);
        return database.Read(db => Credentials.LivenessKey(db, name)) is { } key
            ? answer.AsMemory(0, Liveness.WriteAnswer(hmac, key, datagram, length, answer))
            : default;
    }
}
