namespace Quartier.Board
{
    /// <summary>Civil time. There is only UTC on the device.</summary>
    public interface IClock
    {
        /// <param name="unixSeconds">Seconds since 1970-01-01 UTC.</param>
        /// <returns>False while the time is unknown: show no time rather than a wrong one.</returns>
        bool TryGetUtc(out long unixSeconds);
    }

    public enum FlashStatus
    {
        Ok = 0,
        NotFound = 1,
        /// <summary>The file is longer than the buffer; nothing was read.</summary>
        TooLong = 2,
        Full = 3,
        Failed = 4,
    }

    /// <summary>Named files on internal flash. A power cut during <see cref="Write"/> may leave any prefix of the new content
    /// under that name; whoever needs more keeps a checksum and two generations.</summary>
    public interface IFlash
    {
        FlashStatus Read(string name, byte[] buffer, out int length);

        FlashStatus Write(string name, byte[] buffer, int length);

        FlashStatus Delete(string name);

        /// <summary>Names in no particular order; false when index is past the last.</summary>
        bool TryGetName(int index, out string name);
    }

    /// <summary>The display as a thing on the wall; drawing is ICanvas in Quartier.Screen.</summary>
    public interface IPanel
    {
        int WidthPixels { get; }

        int HeightPixels { get; }

        /// <summary>Distance between pixel centres, for example 153 for a 2.4 inch 320×240.</summary>
        int PitchMicrometres { get; }

        /// <param name="percent">0 (dark) to 100.</param>
        void SetBacklight(int percent);
    }

    public enum Key
    {
        None = 0,
        Previous = 1,
        Select = 2,
        Next = 3,
        /// <summary>A touch; its place is given in pixels.</summary>
        Touch = 4,
    }

    /// <summary>Three keys, or touch; presses wait in a short queue.</summary>
    public interface IKeys
    {
        bool TryRead(out Key key, out int x, out int y);
    }

    /// <summary>Resets the board when it is not fed in time.</summary>
    public interface IWatchdog
    {
        void Feed();
    }

    public enum ResetReason
    {
        PowerOn = 0,
        DeepSleep = 1,
        Watchdog = 2,
        BrownOut = 3,
        Software = 4,
        Unknown = 5,
    }

    public interface IPower
    {
        ResetReason LastReset { get; }

        /// <returns>False when the board cannot tell how much memory is free.</returns>
        bool TryGetFreeHeap(out long bytes);

        void Restart();
    }
}
