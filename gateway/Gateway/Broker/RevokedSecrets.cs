using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Store;
using Quartier.Mqtt;

namespace Quartier.Gateway.Broker;

/// <summary>What hangs at the broker on a secret that no longer counts.</summary>
public sealed class RevokedSecrets(Database database, MqttBroker broker)
{
    private Dictionary<string, string> known = [];

    /// <summary>Ends the connections of every name whose secret changed or went since the last look. The first look, before the first client,
    /// ends nothing. What is known stays where it throws, so that no change is missed.</summary>
    public void Look()
    {
        var seals = database.Read(Credentials.Seals);
        foreach (var (name, seal) in known)
        {
            if (seals.GetValueOrDefault(name) is var now && now != seal)
            {
                broker.Revoke(name, keep: now);
            }
        }

        known = seals;
    }
}
