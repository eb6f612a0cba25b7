using NodaTime;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>An offer's page as the smaller panel draws it.</summary>
/// <param name="entry">As it goes to the screens.</param>
/// <returns>PNG; null: no screen would show it, or not in this language.</returns>
public delegate byte[]? DrawOffer(byte[] entry, string id, string language, Instant now);
