namespace Quartier.Gateway.Domain.Offers;

/// <summary>The editors' pages: list, import, one offer.</summary>
public static class OffersApi
{
    public static void MapOffers(WebApplication app)
    {
    }
}
