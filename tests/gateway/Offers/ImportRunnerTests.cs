using System.Globalization;
using System.Text;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Store;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>Imports beside running work: in steps for the writer, all or nothing for a screen.</summary>
public sealed class ImportRunnerTests : IDisposable
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 28, 8, 0);
    private readonly TestStore store = new();

    private Database Database => store.Database;

    public void Dispose() => store.Dispose();

    [Fact]
    public async Task An_import_leaves_the_writer_free_between_its_steps()
    {
        using var desk = new ImportRunner(Database);
        var before = Database.CommitCount;
        var turns = new List<int>();
        Database.Changed += tables => turns.Add(tables.Contains("offers") ? Database.Read(OffersTable.All).Count : 0);

        await TakeOver(desk, Calendar(1_000));

        Assert.Equal(1_000, Database.Read(OffersTable.All).Count);
        Assert.InRange(Database.CommitCount - before, 20, 100);
        Assert.InRange(turns.Zip(turns.Skip(1), (left, right) => right - left).Max(), 1, 200);
    }

    [Fact]
    public async Task An_import_takes_over_what_one_transaction_would()
    {
        using var other = new TestStore();
        using var desk = new ImportRunner(Database);
        foreach (var (calendar, at) in new[] { (Calendar(300), Now), (Calendar(250, changed: 7), Now + Duration.FromHours(1)) })
        {
            other.Database.Write(db => ImportRun.Run(db, calendar, Request, at));
            await desk.TakeOverAsync(calendar, Request, at, (_, _) => true, CancellationToken.None);
        }

        Assert.Equal(other.Database.Read(OffersTable.All).Select(OfferJson.Write), Database.Read(OffersTable.All).Select(OfferJson.Write));
        Assert.Equal(other.Database.Read(OffersTable.Sources), Database.Read(OffersTable.Sources));
    }

    [Fact]
    public async Task Screens_see_nothing_of_an_import_before_its_last_step_and_a_crash_only_delays_it()
    {
        using var desk = new ImportRunner(Database);
        await TakeOver(desk, Calendar(3));
        var edition = Database.Write(db => Catalogue.EnsureBuilt(db, Now));
        var offers = Database.Read(OffersTable.All).Select((offer, i) => new StagedOffer(offer with { Id = "neu" + i, Source = "andere" }, OfferJson.Write(offer.Items), Gone: false)).ToList();
        Database.Write(db =>
        {
            ImportStepsTable.Begin(db, "i", Now);
            ImportStepsTable.Stage(db, "i", 0, offers[..1]);
            ImportStepsTable.Stage(db, "i", 1, offers[1..]);
            ImportStepsTable.Decide(db, "i");
            Assert.True(ImportStepsTable.Step(db));
        });

        // Here the process died: the first of three has arrived, and another change has come.
        Assert.Equal(4, Database.Read(OffersTable.All).Count);
        Database.Write(CatalogueTable.MarkStale);
        Assert.Null(Database.Read(db => Catalogue.Prepare(db, Now)));
        Assert.Equal(edition, Database.Write(db => Catalogue.EnsureBuilt(db, Now)));

        for (var second = 0; second < 3; second++)
        {
            Database.Write(db => ImportStepsTable.Resume(db, Now));
        }

        Assert.Equal(6, Database.Read(OffersTable.All).Count);
        Assert.NotEqual(edition, Database.Write(db => Catalogue.EnsureBuilt(db, Now)));
    }

    [Fact]
    public void A_plan_that_was_never_decided_changes_nothing_and_is_forgotten()
    {
        Database.Write(db =>
        {
            ImportStepsTable.Begin(db, "i", Now);
            ImportStepsTable.Stage(db, "i", 0, [new StagedOffer(new Offer("x", "s", [], OfferEdit.None, Now, Now, Now), "[]", Gone: false)]);
        });
        for (var hour = 0; hour < 4; hour++)
        {
            Database.Write(db => ImportStepsTable.Resume(db, Now + Duration.FromHours(hour)));
        }

        Assert.Empty(Database.Read(OffersTable.All));
        Assert.False(Database.Write(db => ImportStepsTable.Discard(db, "i")));
    }

    [Fact]
    public async Task An_edit_that_was_made_while_an_import_was_under_way_is_kept()
    {
        using var desk = new ImportRunner(Database);
        await TakeOver(desk, Calendar(2));
        var isEdited = false;
        Database.Changed += _ => isEdited = true;
        await desk.TakeOverAsync(Calendar(2, changed: 1), Request, Now + Duration.FromHours(1), (db, _) =>
        {
            var offer = OffersTable.All(db)[0];
            OffersTable.Put(db, offer with { Edit = offer.Edit with { Hidden = true }, LastChanged = Now + Duration.FromHours(2) });
            return true;
        }, CancellationToken.None);

        Assert.True(isEdited);
        Assert.True(Database.Read(OffersTable.All)[0].Edit.Hidden);
        Assert.Equal(Now + Duration.FromHours(2), Database.Read(OffersTable.All)[0].LastChanged);
    }

    [Fact]
    public async Task Two_processes_that_import_one_source_do_not_undo_each_other()
    {
        using var first = new ImportRunner(Database);
        using var second = new ImportRunner(Database);
        await Task.WhenAll(TakeOver(first, Calendar(400)), second.TakeOverAsync(Calendar(400, changed: 5), Request, Now + Duration.FromSeconds(1), (_, _) => true, CancellationToken.None));

        Assert.Equal(400, Database.Read(OffersTable.All).Count);
        Assert.False(Database.Read(ImportStepsTable.IsUnderWay));
    }

    [Fact]
    public async Task What_is_not_wanted_any_more_when_it_is_decided_changes_nothing()
    {
        using var desk = new ImportRunner(Database);
        Assert.Null(await desk.TakeOverAsync(Calendar(250), Request, Now, (_, _) => false, CancellationToken.None));
        Assert.Empty(Database.Read(OffersTable.All));
        Assert.Empty(Database.Read(OffersTable.Sources));
    }

    private static ImportRequest Request => new("k.ics") { Source = "Stadt" };

    private static Task TakeOver(ImportRunner desk, byte[] calendar) => desk.TakeOverAsync(calendar, Request, Now, (_, _) => true, CancellationToken.None);

    private static byte[] Calendar(int events, int changed = -1)
    {
        var text = new StringBuilder("BEGIN:VCALENDAR\r\n");
        for (var i = 0; i < events; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"BEGIN:VEVENT\r\nUID:u{i}\r\nSUMMARY:Treffen {i}{(i == changed ? " neu" : "")}\r\nDTSTART:20261201T100000Z\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("END:VCALENDAR\r\n").ToString());
    }
}
