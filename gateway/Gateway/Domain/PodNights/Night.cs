using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Pages;

namespace Quartier.Gateway.Domain.PodNights;

/// <summary>One night of the shelters: from noon to noon in Berlin, named by the day on which it begins.
/// Noon cuts where nobody sleeps, so that a stay across midnight is one night.</summary>
public readonly record struct Night(LocalDate Date) : IComparable<Night>
{
    private static readonly LocalDate Epoch = new(1970, 1, 1);

    public static Night Containing(Instant at) => new(ShelterRules.NightOf(at));

    /// <summary>Noon of the following day, when nothing more can be added to the night.</summary>
    public Instant End => TimeWords.Berlin.AtLeniently(Date.PlusDays(1).At(new LocalTime(12, 0))).ToInstant();

    /// <summary>Days since 1970-01-01; what the store keeps.</summary>
    public int Number => Period.DaysBetween(Epoch, Date);

    public static Night FromNumber(int number) => new(Epoch.PlusDays(number));

    public int CompareTo(Night other) => Date.CompareTo(other.Date);

    public override string ToString() => LocalDatePattern.Iso.Format(Date);
}
