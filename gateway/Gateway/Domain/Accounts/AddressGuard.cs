using NodaTime;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>Failures by address, for proofs that nobody mistypes: forged links, wrong secrets at the broker. What is right always
/// passes, so that nobody behind the same address is kept out; what is wrong costs less and less.</summary>
public sealed class AddressGuard
{
    private readonly Lock sync = new();
    private readonly AttemptBook addresses = new(AttemptRules.FreeOfMany);

    /// <returns>Zero: counted; else the address failed too often, and for so long it need not be looked at again.</returns>
    public Duration Fail(string address, Instant now)
    {
        lock (sync)
        {
            var wait = addresses.WaitLeft(address, now);
            if (wait == Duration.Zero)
            {
                addresses.Fail(address, now);
            }

            return wait;
        }
    }
}
