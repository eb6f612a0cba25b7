using System.Net;
using NodaTime;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Pages;
using Xunit;

namespace Quartier.Tests.Gateway.Accounts;

/// <summary>The waits, and what is remembered of whom.</summary>
public sealed class AttemptTests
{
    private static readonly Instant Now = TestStore.Evening;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 0)]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    [InlineData(10, 32)]
    [InlineData(11, 60)]
    [InlineData(1_000_000, 60)]
    public void The_wait_doubles_up_to_a_minute(int failures, int seconds) =>
        Assert.Equal(Duration.FromSeconds(seconds), AttemptRules.WaitAfter(failures, AttemptRules.FreeOfOne));

    [Fact]
    public void A_clock_that_is_set_back_a_year_makes_nobody_wait_for_a_year()
    {
        var book = new AttemptBook(0);
        book.Fail("a", Now);
        Assert.True(book.WaitLeft("a", Now) > Duration.Zero);
        Assert.Equal(Duration.Zero, book.WaitLeft("a", Now - Duration.FromDays(365)));
    }

    [Fact]
    public void A_flood_of_names_fills_no_memory_and_does_not_wash_away_the_one_that_is_meant()
    {
        var book = new AttemptBook(AttemptRules.FreeOfOne, 100);
        for (var guess = 0; guess < 20; guess++)
        {
            book.Fail("street", Now);
        }

        for (var name = 0; name < 5_000; name++)
        {
            book.Fail($"name-{name}", Now + Duration.FromMilliseconds(name));
        }

        Assert.InRange(book.Count, 1, 100);
        Assert.True(book.WaitLeft("street", Now + Duration.FromSeconds(5)) > Duration.Zero);
    }

    [Fact]
    public void A_thousand_tries_at_once_are_a_thousand()
    {
        var guard = new LogInGuard();
        var tried = new LogInTry("street", "198.51.100.1", null);
        Assert.Equal(AttemptRules.FreeOfOne, Enumerable.Range(0, 1_000).AsParallel().Count(_ => guard.Begin(tried, Now) == Duration.Zero));
    }

    [Theory]
    [InlineData("198.51.100.7", "198.51.100.7")]
    [InlineData("::ffff:198.51.100.7", "198.51.100.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void An_address_is_counted_by_what_one_customer_gets(string address, string key) => Assert.Equal(key, LogInGuard.KeyOf(IPAddress.Parse(address)));

    [Fact]
    public void The_store_holds_no_session_id_and_of_one_account_at_most_fifty()
    {
        using var store = new TestStore();
        var account = store.Database.Write(db =>
        {
            AccountsTable.PutHash(db, "mia", "hash", [Roles.Street], "stamp");
            return AccountsTable.Find(db, "mia")!;
        });
        var ids = Enumerable.Range(0, SessionsTable.PerAccountMax + 1)
            .Select(at => store.Database.Write(db => SessionsTable.Open(db, account, Now + Duration.FromSeconds(at), Duration.FromHours(12)))).ToList();
        Assert.Null(store.Database.Read(db => SessionsTable.Find(db, ids[0], Now)));
        Assert.Equal("mia", store.Database.Read(db => SessionsTable.Find(db, ids[^1], Now))!.Account);
        Assert.Null(store.Database.Read(db => SessionsTable.Find(db, ids[^1], Now + Duration.FromHours(13))));
        store.Database.Write(db => AccountsTable.PutHash(db, "mia", "hash", [Roles.Street], "another stamp"));
        Assert.Null(store.Database.Read(db => SessionsTable.Find(db, ids[^1], Now)));
    }
}
