using Quartier.Gateway.Ingest;

namespace Quartier.Gateway.Broker;

/// <summary>Where publications go once they are committed. Until a broker is attached there is nobody to hear them.</summary>
public sealed class Outgoing
{
    private Action<Publication>? sink;

    public void Attach(Action<Publication> broker) => sink = broker;

    public void Publish(IReadOnlyList<Publication> effects)
    {
        foreach (var effect in effects)
        {
            sink?.Invoke(effect);
        }
    }
}
