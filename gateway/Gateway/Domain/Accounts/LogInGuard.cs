using System.Net;
using System.Net.Sockets;
using NodaTime;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>Somebody tries to log in.</summary>
/// <param name="Name">As typed; whether there is such an account makes no difference.</param>
/// <param name="Address">Where from; see <see cref="LogInGuard.KeyOf"/>.</param>
/// <param name="Device">The device, when it has logged in under this name before.</param>
public sealed record LogInTry(string Name, string Address, string? Device);

/// <summary>Slows guessing down, per account and per address, without holding a thread or locking anybody out: a try that comes too
/// early is refused unread. A device that has logged in under the name before has a limit of its own, so that nobody who
/// guesses at the duty phone's name, or from its address, keeps the duty phone out.</summary>
public sealed class LogInGuard
{
    private readonly Lock sync = new();
    private readonly AttemptBook accounts = new(AttemptRules.FreeOfOne);
    private readonly AttemptBook devices = new(AttemptRules.FreeOfOne);
    private readonly AttemptBook addresses = new(AttemptRules.FreeOfMany);

    /// <summary>An address as it is counted: of IPv6 the network, because one machine has as many addresses as it likes.</summary>
    public static string KeyOf(IPAddress? address)
    {
        if (address is null or { AddressFamily: AddressFamily.InterNetwork })
        {
            return address?.ToString() ?? "";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    /// <summary>Counts as failed until <see cref="Passed"/>, so that a thousand tries at once are a thousand.</summary>
    /// <returns>Zero: the try may be made; else how long to wait, and nothing was counted.</returns>
    public Duration Begin(LogInTry tried, Instant now)
    {
        lock (sync)
        {
            var wait = tried.Device is { } device
                ? devices.WaitLeft(device, now)
                : Duration.Max(accounts.WaitLeft(KeyOf(tried.Name), now), addresses.WaitLeft(tried.Address, now));
            if (wait > Duration.Zero)
            {
                return wait;
            }

            if (tried.Device is { } known)
            {
                devices.Fail(known, now);
            }
            else
            {
                accounts.Fail(KeyOf(tried.Name), now);
                addresses.Fail(tried.Address, now);
            }

            return Duration.Zero;
        }
    }

    public void Passed(LogInTry tried)
    {
        lock (sync)
        {
            if (tried.Device is { } device)
            {
                devices.Forget(device);
                return;
            }

            accounts.Forget(KeyOf(tried.Name));
            // Not forgotten: who owns one account could guess at others between two log-ins of their own.
            addresses.TakeBack(tried.Address);
        }
    }

    private static string KeyOf(string name) => name.Length <= AccountRules.NameMax ? name : name[..AccountRules.NameMax];
}
