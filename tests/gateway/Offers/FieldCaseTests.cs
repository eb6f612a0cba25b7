using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Offers.Import;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>Every file of the field cases ends as their README states. The same kinds stand inline in the tests beside this one.</summary>
public sealed class FieldCaseTests : IDisposable
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 28, 8, 0);
    private readonly string folder = StoreFolder.Create("cases").FullName;
    private readonly Database database;

    public FieldCaseTests() => database = Database.Open(folder, Tables.All, Durability.None);

    public void Dispose()
    {
        database.Dispose();
        Directory.Delete(folder, true);
    }

    [SharedDataTheory]
    [InlineData("01-geloescht-tag1.ics 01-geloescht-tag2.ics", "unchanged Sprechstunde Wohngeld, withdrawn Kleiderkammer offen vanished", "Sprechstunde Wohngeld 2026-12-15T10:00")]
    [InlineData("01-geloescht-tag1.ics 20-methode-cancel.ics", "skipped Sprechstunde Wohngeld cancelled, withdrawn Sprechstunde Wohngeld cancelled", "Kleiderkammer offen 2026-12-16T14:00")]
    [InlineData("02-gleiche-uid.ics", "added Deutsch am Abend", "Deutsch am Abend 2026-12-01T18:00 2026-12-08T18:00 2026-12-15T18:00")]
    [InlineData("04-html-beschreibung.ics", "added Elterncafé & Spielkreis", "Elterncafé & Spielkreis 2026-12-11T09:30")]
    [InlineData("05-einzeltermin-anders.ics", "added Offener Mittagstisch, added Offener Mittagstisch (Weihnachtsessen)", "Offener Mittagstisch (Weihnachtsessen) 2026-12-17T12:00|Offener Mittagstisch 2026-12-03T12:00 2026-12-24T12:00")]
    [InlineData("06-privat.ics", "added Spieletreff, skipped  private, skipped  private", "Spieletreff 2026-12-09T15:00")]
    [InlineData("17-ein-kaputter-eintrag.ics", "added Filmabend, added Schwimmkurs", "Filmabend 2026-12-06T19:00|Schwimmkurs 2026-12-05T10:00")]
    [InlineData("34-tzid-mit-komma.ics", "added Gespräch mit der Partnergemeinde", "Gespräch mit der Partnergemeinde 2026-12-10T17:00")]
    public void A_case_ends_as_its_readme_states(string files, string lines, string shown)
    {
        ImportReport? report = null;
        foreach (var file in files.Split(' '))
        {
            report = Run(file);
        }

        Assert.Equal(lines, string.Join(", ", report!.Lines.Select(line => $"{line.Status} {line.Title}{(line.Reason is null ? "" : " " + line.Reason)}").Order(StringComparer.Ordinal)));
        Assert.Equal(shown.Split('|'), Shown());
    }

    [SharedDataFact]
    public void Html_becomes_plain_text()
    {
        Run("04-html-beschreibung.ics");
        Assert.Equal("Bitte anmelden bei Frau Öz.\n\nKaffee\n\nTee\n\n\u00A0Kinder unter 3 € 0", database.Read(OffersTable.All)[0].Items[0].Text);
    }

    [SharedDataFact]
    public void The_other_place_of_a_single_date_is_kept()
    {
        Run("05-einzeltermin-anders.ics");
        Assert.Equal(["Gemeindehaus Nord", "Stadthalle Süd"], database.Read(OffersTable.All).Select(offer => offer.Items[0].Place).Order());
    }

    [SharedDataFact]
    public void Exchange_zones_are_read()
    {
        Run("08-outlook-eigene-zone.ics");
        Assert.Equal(["Stadtteilrunde 2026-12-09T18:00", "Türkischer Elternabend 2026-12-10T18:00", "Videogespräch London 2026-12-11T19:00", "Videogespräch mit Partnerstadt 2026-12-11T16:00"], Shown().Select(line => string.Join(' ', line.Split(' ').TakeWhile((_, index) => index == 0 || !line.Split(' ')[index - 1].StartsWith("2026", StringComparison.Ordinal)))));
    }

    [SharedDataFact]
    public void A_broken_line_is_a_warning_with_its_number() => Assert.Equal(["line-malformed: k1 (line 10)"], Run("17-ein-kaputter-eintrag.ics").Warnings);

    [SharedDataFact]
    public void A_letter_across_byte_4096_is_read()
    {
        Assert.Null(Run("42-bom-umlaut-an-grenze.xml").Refusal);
        Assert.Equal(["Sprachcafé am 05.12.2026 um 18 Uhr 2026-12-05T18:00"], Shown());
    }

    [SharedDataFact]
    public void A_damaged_file_is_refused_with_file_place_and_reason()
    {
        var report = Run("43-bom-und-falsches-byte.xml");
        Assert.Equal((RefusalClass.Encoding, "line 15, byte 1141"), (report.Refusal!.Class, report.Refusal.Place));
        Assert.EndsWith("43-bom-und-falsches-byte.xml", report.Origin, StringComparison.Ordinal);
        Assert.Empty(Shown());
    }

    [SharedDataFact]
    public void Nothing_undrawable_reaches_a_screen_and_the_editor_is_told()
    {
        var report = Run("31-emoji-mit-variante.ics");
        Assert.All(report.Lines, line => Assert.NotEmpty(line.Problems));
        Assert.Equal(["1 Erstberatung", "Regenbogen Treff", "Weihnachten Basar", "☎ Sprechstunde", "♥ Ehrenamt gesucht", "⚠ Achtung: Halle gesperrt"], report.Lines.Select(line => TitleOf(CatalogueRules.Build(line.View!, Now, null)!)).Order(StringComparer.Ordinal).ToList());
    }

    [SharedDataFact]
    public void Two_clock_times_in_a_title_are_two_dates()
    {
        Run("36-zwei-uhrzeiten-im-titel.xml");
        Assert.Equal(["2026-12-12T10:00 2026-12-12T14:00", "2026-12-13T09:30 2026-12-13T11:00", "2026-12-24T15:00 2026-12-24T17:00"],
            database.Read(OffersTable.All).Select(offer => string.Join(' ', offer.Items[0].Schedule.Once.Select(date => BerlinTime.Local(date.Start)[..16]))).Order());
    }

    [SharedDataFact]
    public void Whom_a_service_is_for_and_that_one_has_to_ask_stand_on_the_screen_without_tags()
    {
        var view = Run("37-hsds-zielgruppe.json").Lines[0].View!;
        Assert.Equal("Nur für Frauen in Wohnungsnot\nAb 18 Jahren\nTermine nach Vereinbarung\nAnkommen & ausruhen.\n\nDusche\n\nWäsche", TextOf(CatalogueRules.Build(view, Now, null)!));
    }

    [SharedDataFact]
    public void A_part_of_a_word_makes_no_heading() =>
        Assert.All(Run("41-ueberschriften.xml").Lines, line => Assert.Equal(OfferCategory.Other, line.View!.Category));

    [SharedDataFact]
    public void Series_of_a_million_dates_are_read_or_refused_in_seconds()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Run("40-lange-zaehlserien.ics");
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
    }

    private static string TitleOf(BuiltEntry built) => Decoded(built).Titles[0];

    private static string TextOf(BuiltEntry built) => Decoded(built).Texts[0];

    private static Quartier.Wire.CatalogueEntry Decoded(BuiltEntry built)
    {
        Assert.True(Quartier.Wire.CatalogueEntry.TryDecode(built.Payload, built.Payload.Length, out var entry));
        return entry!;
    }

    private ImportReport Run(string file) =>
        database.Write(db => ImportRun.Run(db, File.ReadAllBytes(SharedData.PathTo("cases", "offers", file)), new ImportRequest(file) { Source = "Stadt" }, Now));

    private List<string> Shown() => database.Read(OffersTable.All).Select(offer => OfferView.Of(offer, Now)).Where(view => view.IsShownAt(Now))
        .Select(view => $"{view.Lead.Title} {string.Join(' ', ScheduleRules.Next(view.Schedule, Now, 9).Select(date => BerlinTime.Local(date.Start)[..16]))}").Order(StringComparer.Ordinal).ToList();
}
