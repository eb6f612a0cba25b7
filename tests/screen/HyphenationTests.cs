using Quartier.Screen;
using Xunit;

namespace Quartier.Tests.Screen;

public sealed class HyphenationTests
{
    /// <summary>Every point at which the word may be parted, as Duden would or, between seams, at least as no reader stumbles over.</summary>
    [Theory]
    [InlineData("Donauschwabenstraße", "Donau-schwa-ben-straße")]
    [InlineData("Veranstaltungsreihe", "Veran-stal-tungs-reihe")]
    [InlineData("Elternabend", "Eltern-abend")]
    [InlineData("Sprechstunde", "Sprech-stunde")]
    [InlineData("Frühstück", "Früh-stück")]
    [InlineData("Kindertreff", "Kin-der-treff")]
    [InlineData("Nachbarschaftstreff", "Nach-bar-schafts-treff")]
    [InlineData("Förderverein", "För-der-verein")]
    [InlineData("Rathausplatz", "Rathaus-platz")]
    [InlineData("Kunsthalle", "Kunst-halle")]
    [InlineData("Stadtbibliothek", "Stadt-bib-lio-thek")]
    [InlineData("Anmeldung", "Anmel-dung")]
    [InlineData("möglich", "mög-lich")]
    [InlineData("Café", "Café")]
    public void A_word_is_parted_where_a_reader_expects_it(string word, string parted)
    {
        var letters = word.ToCharArray();
        var found = string.Concat(word.Select((c, at) => at > 0 && Hyphenation.MayPart(letters, 0, letters.Length, at) ? "-" + c : c.ToString()));
        Assert.Equal(parted, found);
    }
}
