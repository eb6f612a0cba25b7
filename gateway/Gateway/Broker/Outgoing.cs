using Quartier.Gateway.Store;

namespace Quartier.Gateway.Broker;

/// <summary>Where publications go once they are committed. Until a broker is attached there is nobody to hear them.</summary>
public sealed class Outgoing
{
    private Action<Publication>? sink;

    /// <summary>One more that hears of each, after those before it.</summary>
    public void Attach(Action<Publication> listener) => sink += listener;

    public void Publish(IReadOnlyList<Publication> effects)
    {
        foreach (var effect in effects)
        {
            sink?.Invoke(effect);
        }
    }
}
